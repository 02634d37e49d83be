"""The library of compiled programs: a cache in the same file, which nobody has to trust.

Every row carries a tag, a keyed hash over the row's key and text; the secret lies in a file of its own beside
the database. A row that somebody else wrote, or that decayed, has no valid tag and is as if it were not
there. Any trouble means that nothing was found, or nothing kept: it costs time, never an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gradcli.language.errors import SessionProblem
from gradcli.memory.keyed_hash import keyed_hash
from gradcli.memory.private_files import secret

if TYPE_CHECKING:
    from sqlite3 import Connection

    from gradcli.memory.database import Store

#: Bounds: of one text, and of all texts together.
ROW = 4 * 2**20
ALL = 64 * 2**20

#: A lookup rewrites the time of use only when it is older than this, so that most lookups are pure reads.
STALE = 3600

#: Seconds to wait for other processes' locks: little, for a program can be compiled again.
READ_PATIENCE = 0.2
WRITE_PATIENCE = 0.025

#: Rows that a stream writes together, fewer where they are long: each transaction waits for the disk.
TOGETHER = 100


def lookup(store: Store, key: str) -> str | None:
    """The text kept under *key*, None for none. Never raises."""
    if store.waiting is not None and key in store.waiting:
        return store.waiting[key]
    try:
        return _found(store, key)
    except Exception:  # a cache in any state of disrepair is an empty one
        return None


def keep(store: Store, key: str, text: str) -> None:
    """Keep *text* under *key*, if that can be done at once. Never raises."""
    if store.waiting is None:
        _written(store, {key: text})
        return
    store.waiting[key] = text
    if len(store.waiting) >= TOGETHER or sum(map(len, store.waiting.values())) > ROW:
        _written(store, store.waiting)
        store.waiting = {}


@contextmanager
def kept_together(store: Store) -> Iterator[None]:
    """What is kept within the block is written many rows at a time, and at its end."""
    store.waiting = {}
    try:
        yield
    finally:
        rows, store.waiting = store.waiting or {}, None
        _written(store, rows)


def _written(store: Store, rows: Mapping[str, str]) -> None:
    if not rows:
        return
    try:
        _kept(store, rows)
    except Exception:  # not kept: compiled again next time
        return


def _found(store: Store, key: str) -> str | None:
    from time import time

    with store.reading(READ_PATIENCE, mend=False) as connection:
        if connection is None or (known := _secret(store)) is None:
            return None
        digest = keyed_hash(known, key)
        row = connection.execute(
            "SELECT tag, used, text FROM programs WHERE digest = ?", (digest,)
        ).fetchone()
    if row is None or not isinstance(row[2], str) or row[0] != keyed_hash(known, key, row[2]):
        return None
    now = int(time())
    if not isinstance(row[1], int) or abs(now - row[1]) > STALE:
        _touch(store, digest, now)
    return row[2]


def _secret(store: Store, *, create: bool = False) -> bytes | None:
    """The secret; None for none. What is no file in its place is told once."""
    try:
        return secret(store.place, create=create)
    except SessionProblem as problem:
        notice = f"{problem.message}: expressions are differentiated anew each time"
        if notice not in store.notices:
            store.notices.append(notice)
        return None


def _touch(store: Store, digest: bytes, now: int) -> None:
    try:
        with store.writing(WRITE_PATIENCE, mend=False) as connection:
            connection.execute("UPDATE programs SET used = ? WHERE digest = ?", (now, digest))
    except Exception:  # found all the same
        return


def _kept(store: Store, rows: Mapping[str, str]) -> None:
    from time import time

    sizes = {key: size for key, text in rows.items() if (size := len(text.encode())) <= ROW}
    if not sizes:
        return
    with store.writing(WRITE_PATIENCE, mend=False) as connection:
        known = _secret(store, create=True)
        if known is None:
            return
        now = int(time())
        connection.executemany(
            "INSERT OR REPLACE INTO programs (digest, tag, used, size, text) VALUES (?, ?, ?, ?, ?)",
            [
                (keyed_hash(known, key), keyed_hash(known, key, rows[key]), now, size, rows[key])
                for key, size in sizes.items()
            ],
        )
        _make_room(connection)


def _make_room(connection: Connection) -> None:
    """Drop the least recently used rows beyond the bound. What claims no sensible size goes first."""
    rows = connection.execute("SELECT rowid, size FROM programs ORDER BY used DESC, rowid DESC").fetchall()
    room = ALL
    for row, size in rows:
        sensible = isinstance(size, int) and 0 <= size <= ROW
        room -= size if sensible else ALL
        if room < 0:
            connection.execute("DELETE FROM programs WHERE rowid = ?", (row,))
