"""The rows of a history: its ends, what is appended to it, and the name under which it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcli.language.errors import SessionProblem, ValueProblem
from gradcli.language.records import NamedTuple
from gradcli.memory.session_record import State, from_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Connection

#: A history keeps its newest states, as many as fit both bounds; the head is kept whatever its size.
STATES = 10_000

BYTES = 64 * 2**20

LONGEST_NAME = 200

NEWEST = "SELECT id, ordinal, total FROM states WHERE session = ? ORDER BY id DESC LIMIT 1"

OLDEST = "SELECT id, ordinal, total FROM states WHERE session = ? ORDER BY id LIMIT 1"


class End(NamedTuple):
    """One end of a history: its row, its place in the count of states and of bytes."""

    id: int
    ordinal: int
    total: int


#: The end of a history that does not exist.
NOTHING = End(0, 0, 0)


def append(connection: Connection, session: str, head: End, text: str) -> int:
    """Append a state's text to a history whose newest end is *head*; its row."""
    cursor = connection.execute(
        "INSERT INTO states (session, ordinal, total, state) VALUES (?, ?, ?, ?)",
        (session, head.ordinal + 1, head.total + len(text), text),
    )
    new = End(int(cursor.lastrowid or 0), head.ordinal + 1, head.total + len(text))
    _forget_oldest(connection, session, new)
    return new.id


def states_in(connection: Connection, session: str, limit: int) -> Iterator[State]:
    """The newest states, newest first. As bytes: an edited row may hold what is not even text."""
    rows = connection.execute(
        "SELECT id, CAST(state AS BLOB) FROM states WHERE session = ? ORDER BY id DESC LIMIT ?",
        (session, limit),
    )
    for identity, body in rows:
        yield from_json(body or b"", identity, session)


def end_of(connection: Connection, session: str, query: str) -> End | None:
    """The newest or the oldest end of a history."""
    row = connection.execute(query, (session,)).fetchone()
    if row is None:
        return None
    if not all(isinstance(number, int) and 0 <= number < 2**62 for number in row):
        raise SessionProblem(
            f"what is remembered in session {session!r} makes no sense",
            hint="`gradcli session rm NAME` forgets it",
        )
    return End(*row)


def _forget_oldest(connection: Connection, session: str, new: End) -> None:
    """Keep the history within its bounds, the head in any case."""
    while (oldest := end_of(connection, session, OLDEST)) and oldest.id != new.id:
        if new.ordinal - oldest.ordinal < STATES and new.total - oldest.total < BYTES:
            return
        connection.execute("DELETE FROM states WHERE id = ?", (oldest.id,))


def comparable_name(session: str) -> str:
    """A session's name, any text a person can type, of 1 to 200 characters: in the form in which names are compared."""
    if not 1 <= len(session) <= LONGEST_NAME:
        raise ValueProblem(f"a session's name has 1 to {LONGEST_NAME} characters, not {len(session)}")
    try:
        session.encode()
    except UnicodeEncodeError as error:
        raise ValueProblem("a session's name must be text, and this one is not UTF-8") from error
    return composed(session)


def composed(name: str) -> str:
    """A name in the form in which names are compared."""
    if name.isascii():
        return name
    from unicodedata import normalize

    return normalize("NFC", name)


def stored_name(connection: Connection, session: str) -> str:
    """The name under which *session* is stored: an older gradcli took names as they were typed."""
    known = "SELECT 1 FROM states WHERE session = ? LIMIT 1"
    if session.isascii() or connection.execute(known, (session,)).fetchone():
        return session
    others = connection.execute("SELECT DISTINCT session FROM states").fetchall()
    return next((name for (name,) in others if isinstance(name, str) and composed(name) == session), session)
