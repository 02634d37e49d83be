"""Going back: `undo` takes steps back one by one, also those of one command that took many.

A state in the middle of a long command was not stored; it is computed again from the state before the
command, which gives the same numbers to the last bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcli.language.errors import SessionProblem

if TYPE_CHECKING:
    from gradcli.memory.records import State
    from gradcli.memory.store import Store


def undone(store: Store, session: str, count: int) -> State:
    """Take back the last *count* steps of *session*; the state that is the newest then.

    A state without steps of its own (a new problem) counts as one. Raises SessionProblem where there is not so
    much to take back; nothing is changed then.
    """
    from gradcli.memory.sessions import Moved, forget_last, history

    while True:
        states = history(store, session)
        dropped, rest = _dropped(states, count, session)
        head = states[-1].id
        try:
            middle = None
            if rest:
                middle = _recomputed(store, session, states[-1 - dropped], states[-dropped], rest)
            newest = forget_last(store, session, dropped, after=head, then=middle)
            return newest or states[-1 - dropped]
        except Moved:
            continue


def _dropped(states: list[State], count: int, session: str) -> tuple[int, int]:
    """How many states to drop, and how many steps of the last one dropped to take again."""
    dropped, left = 0, count
    while left > 0:
        if dropped + 1 >= len(states):
            steps = "step" if count == 1 else f"{count} steps"
            raise SessionProblem(f"session {session} has no {steps} to take back")
        dropped += 1
        left -= max(states[-dropped].taken, 1)
    return dropped, -left


def _recomputed(store: Store, session: str, base: State, state: State, steps: int) -> State:
    from gradcli.commands.problems import Problem
    from gradcli.commands.stepping import BOOKKEEPING, Wish, moved

    again = state.settings.get("wish", {})
    wish = Wish(
        steps, bool(again.get("ascend")), str(again.get("corner", "least")), state.optimizer,
        state.settings.get("dialect"), {k: v for k, v in state.settings.items() if k not in BOOKKEEPING},
        again.get("clip_norm"), again.get("clip_value"),
    )  # fmt: skip
    start = again.get("from") or dict(base.at)
    if state.expressions != base.expressions or state.steps == state.taken:
        return moved(store, session, None, Problem(state.expressions, start, state.wrt), wish).state
    return moved(store, session, base, Problem((), start, state.wrt), wish).state
