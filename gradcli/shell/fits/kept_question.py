"""What was asked of a fit, as a session keeps it and as it is typed again.

A question may name a file (`--predict`): it is asked again only where it is signed with the secret of the folder.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradcli.language.errors import SessionProblem
from gradcli.memory.keyed_hash import signature
from gradcli.shell.fits.questions.fit_question import FitQuestion, fit_question
from gradcli.shell.sessions.command_lines import files_words

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.files.file_columns import DataRequest

#: The options that say what a fit is, in the order in which they are typed, and what each is where it is not given.
OPTIONS: dict[str, Any] = {
    "to": None, "nll": None, "start": "auto", "fix": (), "bounds": None, "sigma_y": None, "weights": None,
    "sigma_x": (), "absolute_sigma": False, "loss": "linear", "by": None, "share": None, "confidence": 95.0, "profile": False,
    "derive": (), "predict": None, "residuals": False, "compare": None,
}  # fmt: skip

#: What is about rows in a file, and not about the fit.
_ASIDE = ("residuals",)

_PURPOSE = "fit"


def asked_record(expressions: Sequence[str], asked: FitQuestion, how: Mapping[str, Any]) -> dict[str, Any]:
    """The question of a command line, for JSON; a problem that came by standard input is spelled out."""
    texts = list(expressions) if tuple(expressions) != ("-",) else [asked.model]
    given = {
        name: how[name]
        for name, usual in OPTIONS.items()
        if name not in _ASIDE and how[name] not in (usual, None)
    }
    if "predict" in given and "=" not in given["predict"]:
        given["predict"] = str(Path(given["predict"]).absolute())
    starts = {name: repr(float(x)) for name, x in asked.starts.items()}
    return {"model": texts, "starts": starts, "options": given}


def signed(store: Store, record: Mapping[str, Any]) -> tuple[str, str] | None:
    """A question as text, and its signature; None where there is no secret to sign with."""
    text = json.dumps(record, ensure_ascii=False)
    found = signature(store, _PURPOSE, text, create=True)
    return None if found is None else (text, found)


def kept_record(store: Store, kept: Sequence[str], session: str) -> dict[str, Any]:
    """The question that a session keeps. Raises SessionProblem where it was not this user who asked it."""
    text, sign = kept
    if signature(store, _PURPOSE, text) != sign:
        raise SessionProblem(
            f"the fit of session {session} was not asked by this user", hint="gradcli fit … anew"
        )
    record: dict[str, Any] = json.loads(text)
    return record


def asked_again(record: Mapping[str, Any], data: DataRequest) -> FitQuestion:
    """The question of a record, over the files of *data*."""
    how = {**OPTIONS, "plot": False, "plot_out": (), **record["options"]}
    at = [",".join(f"{name}={x}" for name, x in record["starts"].items())] if record["starts"] else []
    how = {name: tuple(x) if isinstance(x, list) else x for name, x in how.items()}
    return fit_question(tuple(record["model"]), (), at, data, how)


def command_line(record: Mapping[str, Any], files: Mapping[str, Any]) -> str:
    """The command line that asks it again. files: what a session keeps of the files."""
    words = list[str]()
    for name, value in record["options"].items():
        words += _worded("--" + name.replace("_", "-"), value, is_file=name == "predict" and "=" not in value)
    starts = [f"{name}={x}" for name, x in record["starts"].items()]
    words += ["--at", ",".join(starts)] if starts else []
    words += files_words(files)
    texts: list[str] = record["model"]
    plain = all(text[:1] not in ("-", "@", "") for text in texts)
    whole = [*texts, *words] if plain else [*words, "--", *texts]
    return shlex.join(["gradcli", "fit", *whole])


def _worded(option: str, value: Any, *, is_file: bool) -> list[str]:
    if isinstance(value, bool):
        return [option]
    words = list[str]()
    for one in value if isinstance(value, tuple | list) else (value,):
        text = Path(one).name if is_file else one if isinstance(one, str) else repr(one)
        words += [f"{option}={text}"] if text.startswith("-") else [option, text]
    return words
