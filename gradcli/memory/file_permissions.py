"""What belongs to one user: gradcli.db and the files beside it are for nobody else to read."""

from __future__ import annotations

import os
import stat

from gradcli.language.errors import SessionProblem

#: What SQLite keeps beside a file.
COMPANIONS = ("-journal", "-wal", "-shm")

#: The mode of our files, and the bits of it that are others'.
OWN, OTHERS = 0o600, 0o077


def admitted(file: str) -> bool:
    """Whether the database *file* is there; from now on it is its owner's alone, and so are the files beside it.

    Raises OSError where that cannot be seen, SessionProblem where a pipe or a device is in its place, or in that of a
    file beside it: reading from there might wait for ever.
    """
    try:
        found = os.stat(file)
    except FileNotFoundError:
        return False
    check_file(file, found)
    for companion in COMPANIONS:
        try:
            check_file(file + companion, os.stat(file + companion))
        except FileNotFoundError:
            continue
    if os.name == "posix" and found.st_mode & OTHERS:
        _keep_from_others(file)
    return True


def begin(file: str) -> None:
    """Make an empty database where there is none: SQLite would let others read it, and gives its mode to its companions."""
    try:
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, OWN))
    except OSError:
        return  # SQLite will find the same, and say more


def check_file(file: str, found: os.stat_result) -> None:
    """Raises SessionProblem where a pipe, a socket or a device is in the place of a file."""
    if not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
        hint = "move it away, or set GRADCLI_HOME to another folder"
        raise SessionProblem(f"{file} is a pipe or a device and not a file", hint=hint)


def _keep_from_others(file: str) -> None:
    """What an older gradcli wrote may be open to others. Where it is not ours to change it stays so."""
    folder, name = os.path.split(file)
    for beside in os.listdir(folder or "."):
        path = os.path.join(folder, beside)
        try:
            if beside.startswith(name) and (found := os.stat(path)).st_uid == os.geteuid():
                os.chmod(path, stat.S_IMODE(found.st_mode) & ~OTHERS)
        except OSError:
            continue
