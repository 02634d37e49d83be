"""Going back: `undo` takes steps back one by one, also those of one command that took many.

A state in the middle of a long command was not stored; it is computed again from the state before the
command, which gives the same numbers to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gradcli.language.errors import SessionProblem

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.memory.session_record import State
    from gradcli.shell.sessions.session_step import SteppedSession


def undo_steps(store: Store, session: str, count: int, check: Callable[[State], None]) -> State:
    """Take back the last *count* steps of *session*; the state that is the newest then.

    check: raises where that state is not what the user needs; nothing is changed then.

    A new problem counts as one, and so does a descent that chose its own steps. Raises SessionProblem where there is not so
    much to take back; nothing is changed then.
    """
    from gradcli.memory import session_history

    while True:
        try:
            states = session_history.history(store, session)
        except SessionProblem:
            return _without_its_newest(store, session, check)
        try:
            dropped, rest = _dropped(states, count, session)
        except SessionProblem as problem:
            if gone := session_history.forgotten(store, session):
                problem.hint = (
                    f"a history keeps its newest {session_history.STATES:,} states; "
                    f"{gone:,} before them are forgotten"
                )
            raise
        head = states[-1].id
        try:
            middle = None
            if rest:
                middle = replay(store, session, states[-1 - dropped], states[-dropped], rest).state
            check(middle or states[-1 - dropped])
            newest = session_history.forget_last(store, session, dropped, after=head, then=middle)
            return newest or states[-1 - dropped]
        except session_history.HeadChanged:
            continue


def _without_its_newest(store: Store, session: str, check: Callable[[State], None]) -> State:
    """Drop the newest state of a history that cannot be read, unseen. Raises SessionProblem where that does not help."""
    from gradcli.memory import session_history

    newest = session_history.forget_last(store, session)
    if newest is None:
        raise SessionProblem(f"session {session} had no other state", hint="begin again with the expression")
    check(newest)
    return newest


def _dropped(states: list[State], count: int, session: str) -> tuple[int, int]:
    """How many states to drop, and how many steps of the last one dropped to take again."""
    dropped, left = 0, count
    while left > 0:
        if dropped + 1 >= len(states):
            steps = "step" if count == 1 else f"{count} steps"
            raise SessionProblem(f"session {session} has no {steps} to take back")
        dropped += 1
        left -= _worth(states[-dropped])
    return dropped, -left


def _worth(state: State) -> int:
    """The steps that can be taken back one by one; a new problem, or a whole descent, counts as one."""
    return max(state.taken, 1) if state.kind in ("step", "apply") else 1


def replay(store: Store, session: str, base: State | None, state: State, steps: int) -> SteppedSession:
    """The first *steps* steps that led from *base* to *state*, taken again."""
    from gradcli.shell.problems.problem import Problem
    from gradcli.shell.sessions.session_step import BOOKKEEPING, StepRequest, step_session

    asked = state.settings.get("wish", {})
    wish = StepRequest(
        steps, bool(asked.get("ascend")), str(asked.get("corner", "least")), state.optimizer,
        state.settings.get("dialect"), {k: v for k, v in state.settings.items() if k not in BOOKKEEPING},
        asked.get("clip_norm"), asked.get("clip_value"), asked.get("box"),
    )  # fmt: skip
    start = asked.get("from") or dict(base.at if base else {})
    if base is None or state.expressions != base.expressions or state.steps == state.taken:
        return step_session(store, session, None, Problem(state.expressions, start, state.wrt), wish)
    return step_session(store, session, base, Problem((), start, state.wrt), wish)
