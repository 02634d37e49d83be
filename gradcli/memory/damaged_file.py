"""A damaged file is set aside as a copy under a new name and begun anew in its place, and nothing of it is lost.

It is not renamed: who has it open would go on with a file of another name, and SQLite, which looks for a journal by
the name that it knows, would play that of the next file into it.
"""

from __future__ import annotations

import os
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, BinaryIO

from gradcli.memory.private_files import COMPANIONS, OWN
from gradcli.memory.schema import APPLICATION, FILE, VERSION
from gradcli.memory.sqlite_errors import fault, is_damage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from sqlite3 import Connection

#: Seconds to wait for those who still work with the damaged file.
WAIT = 10

MAGIC = b"SQLite format 3\0"


def set_aside(home: Path) -> Path:
    """Copy the file in *home*, and what SQLite keeps beside it, to the first free gradcli.db.damaged-N, and empty it.

    Raises SessionProblem where that cannot be done.
    """
    file = home / FILE
    try:
        with file.open("r+b") as damaged:
            number = 1
            while any(home.glob(f"{FILE}.damaged-{number}*")):
                number += 1
            aside = home / f"{FILE}.damaged-{number}"
            for companion in COMPANIONS:  # a journal left behind would be played into the next file
                beside = home / f"{FILE}{companion}"
                if beside.exists():
                    beside.rename(f"{aside}{companion}")
            _copy(damaged, aside)
            damaged.truncate(0)
    except OSError as error:
        raise fault(error, file) from error
    return aside


def _copy(stream: BinaryIO, file: Path) -> None:
    """Write what is in *stream* to a new *file*, and wait until it is on the disk."""
    from shutil import copyfileobj

    new = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(file, new, OWN), "wb") as copy:
        stream.seek(0)
        copyfileobj(stream, copy)
        copy.flush()
        os.fsync(copy.fileno())


def set_aside_if_damaged(home: Path) -> Path | None:
    """The damaged file's new name; None where it turns out to be sound, or not ours to move.

    Looks again under a lock: the sound file that another process has begun meanwhile is left alone.
    """
    import sqlite3

    file = home / FILE
    try:
        with _alone(home):
            if not file.exists() or not _has_our_marks(file):
                return None
            with closing(sqlite3.connect(file, timeout=WAIT, isolation_level=None)) as connection:
                if not _is_damaged(connection):
                    return None
                if os.name == "nt":  # where nobody else reads a file that is locked
                    connection.close()
                return set_aside(home)
    except OSError as error:
        raise fault(error, file) from error


def _has_our_marks(file: Path) -> bool:
    """False where the marks of a database are another program's or a newer gradcli's."""
    with file.open("rb") as stream:
        head = stream.read(100)
    if not head.startswith(MAGIC) or len(head) < 100:
        return True
    application, version = int.from_bytes(head[68:72], "big"), int.from_bytes(head[60:64], "big")
    return application == APPLICATION and version <= VERSION


def _is_damaged(connection: Connection) -> bool:
    """True for no sound database. Keeps others from writing to it, where it can be locked at all."""
    import sqlite3

    try:
        connection.execute("BEGIN EXCLUSIVE")
        return bool(connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",))
    except sqlite3.Error as error:
        return is_damage(error)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Only one process at a time moves files in *home*; the folder itself is the lock."""
    if os.name != "posix":
        yield
        return
    import fcntl

    folder = os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
