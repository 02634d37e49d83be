"""A damaged file is set aside under a new name, and never deleted."""

from __future__ import annotations

import os
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from gradcli.memory.faults import fault, is_damage
from gradcli.memory.schema import APPLICATION, FILE, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: What SQLite keeps beside a file. They go first: a journal left behind would be played into the next file.
COMPANIONS = ("-journal", "-wal", "-shm")

MAGIC = b"SQLite format 3\0"


def set_aside(home: Path) -> Path:
    """Rename the file in *home*, and what SQLite keeps beside it, to the first free gradcli.db.damaged-N.

    Raises SessionProblem where it cannot be renamed.
    """
    file = home / FILE
    try:
        number = 1
        while any(home.glob(f"{FILE}.damaged-{number}*")):
            number += 1
        aside = home / f"{FILE}.damaged-{number}"
        for companion in COMPANIONS:
            beside = home / f"{FILE}{companion}"
            if beside.exists():
                beside.rename(f"{aside}{companion}")
        file.rename(aside)
    except OSError as error:
        raise fault(error, file) from error
    return aside


def set_aside_if_damaged(home: Path) -> Path | None:
    """Look again under a lock, so that the sound file another process has begun meanwhile is left alone."""
    try:
        with _alone(home):
            file = home / FILE
            return set_aside(home) if file.exists() and is_damaged(file) else None
    except OSError as error:
        raise fault(error, home / FILE) from error


def is_damaged(file: Path) -> bool:
    """True for no sound database, unless its marks are another program's or a newer gradcli's."""
    import sqlite3

    with file.open("rb") as stream:
        head = stream.read(100)
    if head.startswith(MAGIC) and len(head) == 100:
        application, version = int.from_bytes(head[68:72], "big"), int.from_bytes(head[60:64], "big")
        if application != APPLICATION or version > VERSION:
            return False
    try:
        with closing(sqlite3.connect(file, timeout=1)) as connection:
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
