"""Named sessions: the states of a problem, one row each, the newest of them its head."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcli.language.errors import SessionProblem, ValueProblem
from gradcli.language.records import NamedTuple
from gradcli.memory.schema import BESIDE, forget_undone
from gradcli.memory.session_record import State, from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Connection

    from gradcli.memory.database import Store

#: A history keeps its newest states, as many as fit both bounds; the head is kept whatever its size.
STATES = 10_000
BYTES = 64 * 2**20

LONGEST_NAME = 200


NEWEST = "SELECT id, ordinal, total FROM states WHERE session = ? ORDER BY id DESC LIMIT 1"
OLDEST = "SELECT id, ordinal, total FROM states WHERE session = ? ORDER BY id LIMIT 1"


class HeadChanged(Exception):
    """The session's head is no longer the state that the new one was computed from; nothing was written."""


class _End(NamedTuple):
    """One end of a history: its row, its place in the count of states and of bytes."""

    id: int
    ordinal: int
    total: int


#: The end of a history that does not exist.
NOTHING = _End(0, 0, 0)


def current(store: Store, session: str) -> State | None:
    """The head of *session*; None for a session that does not exist."""
    newest = history(store, session, limit=1)
    return newest[0] if newest else None


def history(store: Store, session: str, limit: int | None = None) -> list[State]:
    """The newest *limit* states of *session* (all of them without), oldest first."""
    session = _name(session)
    with store.reading() as connection:
        if connection is None:
            return []
        session = _stored(connection, session)
        return list(_states(connection, session, -1 if limit is None else limit))[::-1]


def forgotten(store: Store, session: str) -> int:
    """How many states of *session* its history no longer holds, because of the bounds of a history."""
    session = _name(session)
    with store.reading() as connection:
        oldest = connection and _end(connection, _stored(connection, session), OLDEST)
    return oldest.ordinal - 1 if oldest else 0


def remember(store: Store, session: str, state: State, *, after: int | None) -> State:
    """Make *state* the head of *session* and answer with it as stored, `id` included.

    after: the id of the head it was computed from, 0 for a session that must not exist yet, None for whatever
    is there. Raises Moved, and writes nothing, where the head is another one.
    """
    session = _name(session)
    text = to_json(state)
    stored = from_json(text, 0, session)
    with store.writing() as connection:
        session = _stored(connection, session)
        head = _end(connection, session, NEWEST) or NOTHING
        _check_head(head, after)
        forget_undone(connection, session)
        return stored._replace(id=_appended(connection, session, head, text))


def _appended(connection: Connection, session: str, head: _End, text: str) -> int:
    cursor = connection.execute(
        "INSERT INTO states (session, ordinal, total, state) VALUES (?, ?, ?, ?)",
        (session, head.ordinal + 1, head.total + len(text), text),
    )
    new = _End(int(cursor.lastrowid or 0), head.ordinal + 1, head.total + len(text))
    _forget_oldest(connection, session, new)
    return new.id


def forget_last(
    store: Store, session: str, count: int = 1, *, after: int | None = None, then: State | None = None
) -> State | None:
    """Drop the newest *count* states of *session*, and answer with its head then; None where none is left.

    What is dropped is kept for `restore`.
    then: a state that takes their place, in the same transaction. Raises Moved, and drops nothing, where *after*
    is given and is not the head.
    """
    from gradcli.memory.undone_states import keep_undone

    session = _name(session)
    if not store.exists():
        _check_head(NOTHING, after)
        return None
    text = None if then is None else to_json(then)
    with store.writing() as connection:
        session = _stored(connection, session)
        _check_head(_end(connection, session, NEWEST) or NOTHING, after)
        newest = "SELECT id, CAST(state AS BLOB) FROM states WHERE session = ? ORDER BY id DESC LIMIT ?"
        dropped = connection.execute(newest, (session, max(count, 0))).fetchall()[::-1]
        connection.executemany("DELETE FROM states WHERE id = ?", [(row,) for row, _ in dropped])
        if text is not None:
            _appended(connection, session, _end(connection, session, NEWEST) or NOTHING, text)
        head = _end(connection, session, NEWEST) or NOTHING
        keep_undone(connection, session, dropped, head.id, made=text is not None)
        return next(_states(connection, session, 1), None)


def undone_states(store: Store, session: str) -> tuple[State | None, list[State]]:
    """What `restore` would bring back, oldest first, and the head that would go where an undo has made it."""
    from gradcli.memory.undone_states import undone

    session = _name(session)
    with store.reading() as connection:
        if connection is None:
            return None, []
        session = _stored(connection, session)
        head = _end(connection, session, NEWEST) or NOTHING
        if (known := undone(connection, session, head.id)) is None:
            return None, []
        made = next(_states(connection, session, 1)) if known.middle else None
        return made, [from_json(text, head.id, session) for text in known.states]


def restore(store: Store, session: str, *, after: int) -> None:
    """Bring back all that was dropped from *session*. Raises HeadChanged where *after* is not its head."""
    from gradcli.memory.undone_states import undone

    session = _name(session)
    with store.writing() as connection:
        session = _stored(connection, session)
        _check_head(_end(connection, session, NEWEST) or NOTHING, after)
        if (known := undone(connection, session, after)) is None:
            raise HeadChanged(f"nothing was undone after the state {after}")
        if known.middle:
            connection.execute("DELETE FROM states WHERE id = ?", (known.middle,))
        for text in known.states:
            _appended(connection, session, _end(connection, session, NEWEST) or NOTHING, text)
        forget_undone(connection, session)


def remove(store: Store, session: str) -> bool:
    """Forget *session* with its history; False where there was none."""
    session = _name(session)
    if not store.exists():
        return False
    with store.writing() as connection:
        session = _stored(connection, session)
        forget_undone(connection, session)
        return connection.execute("DELETE FROM states WHERE session = ?", (session,)).rowcount > 0


def listing(store: Store) -> list[tuple[str, State]]:
    """Every session's name and head, by name. One that makes no sense becomes a notice, and is left out."""
    heads = []
    with store.reading() as connection:
        if connection is None:
            return []
        newest = "SELECT CAST(session AS BLOB), max(id) FROM states GROUP BY session"
        for name, _ in connection.execute(newest).fetchall():
            session = name.decode("utf-8", "replace")
            if session.startswith(BESIDE):
                continue
            try:
                heads += [(_composed(session), state) for state in _states(connection, session, 1)]
            except SessionProblem as problem:
                store.notices.append(problem.message)
    return sorted(heads, key=lambda named: named[0])


def _states(connection: Connection, session: str, limit: int) -> Iterator[State]:
    """The newest states, newest first. As bytes: an edited row may hold what is not even text."""
    rows = connection.execute(
        "SELECT id, CAST(state AS BLOB) FROM states WHERE session = ? ORDER BY id DESC LIMIT ?",
        (session, limit),
    )
    for identity, body in rows:
        yield from_json(body or b"", identity, session)


def _end(connection: Connection, session: str, query: str) -> _End | None:
    """The newest or the oldest end of a history."""
    row = connection.execute(query, (session,)).fetchone()
    if row is None:
        return None
    if not all(isinstance(number, int) and 0 <= number < 2**62 for number in row):
        raise SessionProblem(
            f"what is remembered in session {session!r} makes no sense",
            hint="`gradcli session rm NAME` forgets it",
        )
    return _End(*row)


def _forget_oldest(connection: Connection, session: str, new: _End) -> None:
    """Keep the history within its bounds, the head in any case."""
    while (oldest := _end(connection, session, OLDEST)) and oldest.id != new.id:
        if new.ordinal - oldest.ordinal < STATES and new.total - oldest.total < BYTES:
            return
        connection.execute("DELETE FROM states WHERE id = ?", (oldest.id,))


def _check_head(head: _End, after: int | None) -> None:
    if after is not None and after != head.id:
        raise HeadChanged(f"the session's newest state is {head.id}, not {after}")


def _name(session: str) -> str:
    """A session's name, any text a person can type, of 1 to 200 characters: in the form in which names are compared."""
    if not 1 <= len(session) <= LONGEST_NAME:
        raise ValueProblem(f"a session's name has 1 to {LONGEST_NAME} characters, not {len(session)}")
    try:
        session.encode()
    except UnicodeEncodeError as error:
        raise ValueProblem("a session's name must be text, and this one is not UTF-8") from error
    return _composed(session)


def _composed(name: str) -> str:
    if name.isascii():
        return name
    from unicodedata import normalize

    return normalize("NFC", name)


def _stored(connection: Connection, session: str) -> str:
    """The name under which *session* is stored: an older gradcli took names as they were typed."""
    known = "SELECT 1 FROM states WHERE session = ? LIMIT 1"
    if session.isascii() or connection.execute(known, (session,)).fetchone():
        return session
    others = connection.execute("SELECT DISTINCT session FROM states").fetchall()
    return next((name for (name,) in others if isinstance(name, str) and _composed(name) == session), session)
