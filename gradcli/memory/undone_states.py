"""What `undo` took back, kept in a row beside the session until its next state: so that it can be done again.

The row's session has a name that nobody can type, for it begins with a character that no argument may have. A gradcli that
does not know of it leaves it out of its lists. What a later state has made void is told by the head that it belongs to.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradcli.language.records import NamedTuple
from gradcli.memory.schema import BESIDE, forget_undone

if TYPE_CHECKING:
    from sqlite3 import Connection

#: Bytes of states that are kept for a redo.
BYTES = 16 * 2**20


class Undone(NamedTuple):
    """States as texts, oldest first; head: the id of the state that they come after.

    middle: the id of the head where an undo has made it, in the middle of the first of them; 0 where it stood there.
    """

    head: int
    middle: int
    states: Sequence[str]


def undone(connection: Connection, session: str, head: int) -> Undone | None:
    """What can be done again after the state *head*; None for nothing."""
    row = connection.execute(
        "SELECT CAST(state AS BLOB) FROM states WHERE session = ? ORDER BY id DESC LIMIT 1",
        (BESIDE + session,),
    ).fetchone()
    try:
        known = Undone(**json.loads(row[0])) if row else None
    except (TypeError, ValueError, RecursionError):
        return None  # an edited row
    if known is None or known.head != head or not isinstance(known.states, list):
        return None
    return known if all(isinstance(text, str) for text in known.states) and known.states else None


def keep_undone(
    connection: Connection, session: str, dropped: Sequence[tuple[int, bytes]], head: int, *, made: bool
) -> None:
    """Keep the *dropped* rows, oldest first, beside what was undone before them.

    head: the id of the session's newest state now; made: whether the undo made it.
    """
    before = undone(connection, session, dropped[-1][0]) if dropped else None
    rest = [row for row in dropped if before is None or row[0] != before.middle]
    forget_undone(connection, session)
    try:
        states = [text.decode() for _, text in rest] + list(before.states if before else ())
    except UnicodeDecodeError:
        return  # not as gradcli wrote it: it is gone
    text = json.dumps(Undone(head, head if made else 0, states)._asdict())
    if states and len(text) <= BYTES:
        connection.execute(
            "INSERT INTO states (session, ordinal, total, state) VALUES (?, 1, ?, ?)",
            (BESIDE + session, len(text), text),
        )
