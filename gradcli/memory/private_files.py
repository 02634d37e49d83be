"""What belongs to one user: gradcli.db, the files beside it and the secret of their folder, for nobody else to read."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Any

from gradcli.language.errors import SessionProblem

if TYPE_CHECKING:
    from pathlib import Path

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


#: The secret with which the library's rows are tagged: its file, and its bytes.
SECRET, LENGTH = "key", 32

#: A pipe in its place is opened too, without waiting for somebody to write into it.
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def secret(home: str, *, create: bool = False) -> bytes | None:
    """The secret of *home*; None where there is none, or where others could have read it.

    Raises SessionProblem where a pipe or a device is in its place.
    """
    file = os.path.join(home, SECRET)
    known = _read(file)
    if known is None and create:
        from pathlib import Path

        _write(Path(file))
        known = _read(file)
    return known


def _read(file: str) -> bytes | None:
    try:
        handle = os.open(file, _READ)
    except FileNotFoundError:
        return None
    try:
        found = os.fstat(handle)
        check_file(file, found)
        known, mode = os.read(handle, LENGTH + 1), found.st_mode
    finally:
        os.close(handle)
    # Windows keeps access in lists of its own, not in these bits.
    private = os.name != "posix" or not mode & 0o077
    return known if len(known) == LENGTH and private else None


def _write(file: Path) -> None:
    """Put a new secret in place, whole and at once: it is never seen half written.

    Where two processes do so together the later one stays; rows tagged with the earlier are compiled again.
    """
    fresh = file.with_name(f"{SECRET}.{os.urandom(8).hex()}")
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(os.urandom(LENGTH))
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


def blake2b() -> Any:
    """BLAKE2b without hashlib, which loads all of OpenSSL (9 ms) for it."""
    try:
        from _blake2 import blake2b as found
    except ImportError:
        from hashlib import blake2b as found
    return found


def check_place(home: Path, file: Path) -> None:
    """Raises SessionProblem, about *file*, where the folder *home* is not there, and cannot be made."""
    import tempfile

    from gradcli.memory.sqlite_errors import fault

    ancestor = next(folder for folder in home.absolute().parents if folder.exists())
    try:
        os.rmdir(tempfile.mkdtemp(dir=ancestor))
    except OSError as error:
        raise fault(error, file) from error
