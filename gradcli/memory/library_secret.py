"""The secret of this folder, with which the library's rows are tagged."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from gradcli.memory.file_permissions import check_file

if TYPE_CHECKING:
    from pathlib import Path

FILE = "key"
LENGTH = 32

#: A pipe in its place is opened too, without waiting for somebody to write into it.
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def secret(home: str, *, create: bool = False) -> bytes | None:
    """The secret of *home*; None where there is none, or where others could have read it.

    Raises SessionProblem where a pipe or a device is in its place.
    """
    file = os.path.join(home, FILE)
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
    fresh = file.with_name(f"{FILE}.{os.urandom(8).hex()}")
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
