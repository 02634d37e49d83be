"""Named sessions: the states of a problem, one row each, the newest of them its head."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcli.language.errors import SessionProblem
from gradcli.memory.history_rows import (
    NEWEST,
    NOTHING,
    OLDEST,
    End,
    append,
    comparable_name,
    composed,
    end_of,
    states_in,
    stored_name,
)
from gradcli.memory.schema import BESIDE, forget_undone
from gradcli.memory.session_record import State, from_json, to_json

if TYPE_CHECKING:
    from gradcli.memory.database import Store


class HeadChanged(Exception):
    """The session's head is no longer the state that the new one was computed from; nothing was written."""


def current(store: Store, session: str) -> State | None:
    """The head of *session*; None for a session that does not exist."""
    newest = history(store, session, limit=1)
    return newest[0] if newest else None


def history(store: Store, session: str, limit: int | None = None) -> list[State]:
    """The newest *limit* states of *session* (all of them without), oldest first."""
    session = comparable_name(session)
    with store.reading() as connection:
        if connection is None:
            return []
        session = stored_name(connection, session)
        return list(states_in(connection, session, -1 if limit is None else limit))[::-1]


def forgotten(store: Store, session: str) -> int:
    """How many states of *session* its history no longer holds, because of the bounds of a history."""
    session = comparable_name(session)
    with store.reading() as connection:
        oldest = connection and end_of(connection, stored_name(connection, session), OLDEST)
    return oldest.ordinal - 1 if oldest else 0


def remember(store: Store, session: str, state: State, *, after: int | None) -> State:
    """Make *state* the head of *session* and answer with it as stored, `id` included.

    after: the id of the head it was computed from, 0 for a session that must not exist yet, None for whatever
    is there. Raises Moved, and writes nothing, where the head is another one.
    """
    session = comparable_name(session)
    text = to_json(state)
    stored = from_json(text, 0, session)
    with store.writing() as connection:
        session = stored_name(connection, session)
        head = end_of(connection, session, NEWEST) or NOTHING
        _check_head(head, after)
        forget_undone(connection, session)
        return stored._replace(id=append(connection, session, head, text))


def forget_last(
    store: Store, session: str, count: int = 1, *, after: int | None = None, then: State | None = None
) -> State | None:
    """Drop the newest *count* states of *session*, and answer with its head then; None where none is left.

    What is dropped is kept for `restore`.
    then: a state that takes their place, in the same transaction. Raises Moved, and drops nothing, where *after*
    is given and is not the head.
    """
    from gradcli.memory.undone_states import keep_undone

    session = comparable_name(session)
    if not store.exists():
        _check_head(NOTHING, after)
        return None
    text = None if then is None else to_json(then)
    with store.writing() as connection:
        session = stored_name(connection, session)
        _check_head(end_of(connection, session, NEWEST) or NOTHING, after)
        newest = "SELECT id, CAST(state AS BLOB) FROM states WHERE session = ? ORDER BY id DESC LIMIT ?"
        dropped = connection.execute(newest, (session, max(count, 0))).fetchall()[::-1]
        connection.executemany("DELETE FROM states WHERE id = ?", [(row,) for row, _ in dropped])
        if text is not None:
            append(connection, session, end_of(connection, session, NEWEST) or NOTHING, text)
        head = end_of(connection, session, NEWEST) or NOTHING
        keep_undone(connection, session, dropped, head.id, made=text is not None)
        return next(states_in(connection, session, 1), None)


def undone_states(store: Store, session: str) -> tuple[State | None, list[State]]:
    """What `restore` would bring back, oldest first, and the head that would go where an undo has made it."""
    from gradcli.memory.undone_states import undone

    session = comparable_name(session)
    with store.reading() as connection:
        if connection is None:
            return None, []
        session = stored_name(connection, session)
        head = end_of(connection, session, NEWEST) or NOTHING
        if (known := undone(connection, session, head.id)) is None:
            return None, []
        made = next(states_in(connection, session, 1)) if known.middle else None
        return made, [from_json(text, head.id, session) for text in known.states]


def restore(store: Store, session: str, *, after: int) -> None:
    """Bring back all that was dropped from *session*. Raises HeadChanged where *after* is not its head."""
    from gradcli.memory.undone_states import undone

    session = comparable_name(session)
    with store.writing() as connection:
        session = stored_name(connection, session)
        _check_head(end_of(connection, session, NEWEST) or NOTHING, after)
        if (known := undone(connection, session, after)) is None:
            raise HeadChanged(f"nothing was undone after the state {after}")
        if known.middle:
            connection.execute("DELETE FROM states WHERE id = ?", (known.middle,))
        for text in known.states:
            append(connection, session, end_of(connection, session, NEWEST) or NOTHING, text)
        forget_undone(connection, session)


def remove(store: Store, session: str) -> bool:
    """Forget *session* with its history; False where there was none."""
    session = comparable_name(session)
    if not store.exists():
        return False
    with store.writing() as connection:
        session = stored_name(connection, session)
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
                heads += [(composed(session), state) for state in states_in(connection, session, 1)]
            except SessionProblem as problem:
                store.notices.append(problem.message)
    return sorted(heads, key=lambda named: named[0])


def _check_head(head: End, after: int | None) -> None:
    if after is not None and after != head.id:
        raise HeadChanged(f"the session's newest state is {head.id}, not {after}")
