"""Files of data and sessions: what a session keeps of them, and the request that it stands for in the next command.

A path is opened again only where the row that has it is signed with the secret of the folder: then it was this user who
named it on a command line.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradcli.data.readers.file_identity import FileIdentity, file_identity, is_changed
from gradcli.data.readers.read_options import ReadOptions
from gradcli.data.remote.addresses import is_address
from gradcli.language.errors import InputProblem, LimitProblem, SessionProblem
from gradcli.language.limits import for_strangers
from gradcli.memory.keyed_hash import signature
from gradcli.shell.files.file_columns import DataRequest

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.memory.session_record import State
    from gradcli.shell.files.file_rows import FileRows

#: Files that a session keeps.
MOST_FILES = 1_000

_PURPOSE = "files of data"


def kept_files(store: Store, rows: FileRows) -> dict[str, Any]:
    """What a session keeps of the files of a problem, for JSON.

    Raises SessionProblem where they are too many, or there is no secret to sign with.
    """
    if len(rows.identities) > MOST_FILES:
        raise SessionProblem(f"a session keeps at most {MOST_FILES:,} files of data")
    request = rows.request
    options = request.options._asdict()
    del options["rows"], options["carries"], options["part"]  # which say how they are read now
    kept: dict[str, Any] = {
        "files": [
            [*identity, count] for identity, (_, count) in zip(rows.identities, rows.files, strict=True)
        ],
        "bound": dict(request.bound),
        "options": {name: list(x) if isinstance(x, tuple) else x for name, x in options.items()},
        "left_out": rows.left_out,
        "where": list(request.where),
    }
    signed = signature(store, _PURPOSE, _text(kept), create=True)
    if signed is None:
        raise SessionProblem(
            "files of data cannot be remembered: there is no secret to sign their names with"
        )
    return {**kept, "signed": signed}


def _text(kept: Mapping[str, Any]) -> str:
    return json.dumps({name: x for name, x in kept.items() if name != "signed"}, sort_keys=True)


def remembered_request(
    store: Store, state: State, session: str, *, must_be_same: bool = False
) -> DataRequest:
    """The files of a session's problem, to be read as they were; a notice of the store says which have changed.

    Raises LimitProblem where files are turned off, SessionProblem where it was not this user who named them, where one is
    at an address, or with *must_be_same* where one has changed, and InputProblem where one cannot be read any more.
    """
    if for_strangers():
        raise LimitProblem("the session's problem is over files of data, and --limit service turns these off")
    kept = state.settings["data"]
    if signature(store, _PURPOSE, _text(kept)) != kept["signed"]:
        message = f"the files of data of session {session} were not named by this user"
        raise SessionProblem(message, hint="name them again: --data FILE")
    address = next((one.path for one in identities_of(kept) if is_address(one.path)), None)
    if address is not None:
        message = (
            f"the session's problem is over {address}, and addresses are opened only where they are typed"
        )
        raise SessionProblem(message, hint=f"--data {address}")
    changed = [before.path for before in identities_of(kept) if is_changed(before, _identity(before.path))]
    if changed:
        message = changes(changed)
        if must_be_same:
            raise SessionProblem(message, hint="--changed-data goes on with it as it is now")
        store.notices += [message] if message not in store.notices else []
    options: dict[str, Any] = {
        name: tuple(x) if isinstance(x, list) else x for name, x in kept["options"].items()
    }
    paths = tuple(one.path for one in identities_of(kept))
    return DataRequest(paths, dict(kept["bound"]), ReadOptions(**options), where=tuple(kept["where"]))


def changes(paths: list[str]) -> str:
    """The sentence about files that are others than they were."""
    if len(paths) == 1:
        return f"{Path(paths[0]).name} has changed since the session read it"
    return f"{Path(paths[0]).name} and {len(paths) - 1} more have changed since the session read them"


def identities_of(kept: Mapping[str, Any]) -> list[FileIdentity]:
    """What told the files from others when the session read them."""
    return [FileIdentity(path, size, time, digest) for path, size, time, digest, _ in kept["files"]]


def _identity(path: str) -> FileIdentity:
    try:
        return file_identity(path)
    except InputProblem as error:
        error.hint = "the session's problem is over this file; --data FILE takes another"
        raise
