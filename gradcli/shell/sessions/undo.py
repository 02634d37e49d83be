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
    from gradcli.memory import history_rows, session_history

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
                    f"a history keeps its newest {history_rows.STATES:,} states; "
                    f"{gone:,} before them are forgotten"
                )
            raise
        head = states[-1].id
        try:
            base = states[-1 - dropped] if dropped < len(states) else None
            middle = replay(store, session, base, states[-dropped], rest).state if rest else None
            target = middle or states[-1 - dropped]
            check(target)
            newest = session_history.forget_last(store, session, dropped, after=head, then=middle)
            return newest or target
        except session_history.HeadChanged:
            continue


def undo_problem(store: Store, session: str, check: Callable[[State], None]) -> State:
    """Take back all steps of the session's problem; the state at which it began is the newest then.

    check: as `undo_steps` has it. Raises SessionProblem where no step was taken.
    """
    from gradcli.memory import session_history

    while True:
        states = session_history.history(store, session)
        first = _first_leg(states)
        if first == len(states):
            raise SessionProblem(f"session {session} has no step to take back")
        start = (
            None
            if first and _is_start(states[first - 1], states[first])
            else _begun(store, session, states[first])
        )
        check(start or states[first - 1])
        try:
            found = session_history.forget_last(
                store, session, len(states) - first, after=states[-1].id, then=start
            )
        except session_history.HeadChanged:
            continue
        return found or states[first - 1]


def _first_leg(states: list[State]) -> int:
    """The place of the first state that moved the point of the newest problem; behind the last one for none."""
    from gradcli.shell.sessions.command_lines import MOVING

    first = len(states)
    while (
        first and states[first - 1].kind in MOVING and states[first - 1].expressions == states[-1].expressions
    ):
        first -= 1
        if states[first].steps == states[first].taken:
            break
    return first


def _is_start(state: State, begun: State) -> bool:
    """Whether the problem of *begun* stood at *state* before its first step."""
    start = begun.settings.get("wish", {}).get("from")
    same = (state.expressions, state.settings.get("data")) == (begun.expressions, begun.settings.get("data"))
    return same and state.steps == 0 and start in (None, dict(state.at))


def _begun(store: Store, session: str, begun: State) -> State:
    """The state in which a problem was before its first step, where that posed it as well."""
    from gradcli.language.errors import GradcliError
    from gradcli.shell.problems.moving_problem import value_at_point
    from gradcli.shell.problems.problem import Problem
    from gradcli.shell.sessions.session_update import fresh_state

    problem = Problem(begun.expressions, begun.settings.get("wish", {}).get("from") or begun.at, begun.wrt)
    files = {name: x for name, x in begun.settings.items() if name == "data"}
    try:
        whole = problem
        if files:
            from gradcli.shell.files.session_files import remembered_request
            from gradcli.shell.problems.data_problem import loss_over_files

            whole = loss_over_files(store, problem, remembered_request(store, begun, session))
        value = value_at_point(store, whole)
    except GradcliError:
        value = None  # a descent may begin where f has no value
    return fresh_state("grad", problem, value, files)


def redo_steps(store: Store, session: str, count: int | None, check: Callable[[State], None]) -> State:
    """Take again what was taken back, *count* steps of it, or all; the state that is the newest then.

    check: as `undo_steps` has it. Raises SessionProblem where there is not so much to do again.
    """
    from gradcli.memory import session_history

    while True:
        made, states = session_history.undone_states(store, session)
        head = session_history.current(store, session)
        if head is None or not states:
            raise SessionProblem(f"session {session} has nothing to do again",
                                 hint="redo goes back before an undo, until the next step")  # fmt: skip
        there = sum(_worth(state) for state in states) - (made.taken if made else 0)
        if count is not None and count > there:
            steps = "1 step" if there == 1 else f"{there} steps"
            raise SessionProblem(f"session {session} has only {steps} to do again")
        check(states[-1])
        try:
            session_history.restore(store, session, after=head.id)
        except session_history.HeadChanged:
            continue
        if count is None or count == there:
            return states[-1]
        return undo_steps(store, session, there - count, lambda state: None)


def _without_its_newest(store: Store, session: str, check: Callable[[State], None]) -> State:
    """Drop the newest state of a history that cannot be read, unseen. Raises SessionProblem where that does not help."""
    from gradcli.memory import session_history

    newest = session_history.forget_last(store, session)
    if newest is None:
        raise SessionProblem(f"session {session} had no other state", hint="begin again with the expression")
    check(newest)
    return newest


def _too_few(count: int, there: int) -> str:
    """What is said where fewer steps than *count* can be taken back."""
    if not there:
        return f"has no {'step' if count == 1 else f'{count} steps'} to take back"
    return f"has {there} step{'s' * (there > 1)} to take back, and not {count}"


def _dropped(states: list[State], count: int, session: str) -> tuple[int, int]:
    """How many states to drop, and how many steps of the last one dropped to take again."""
    dropped, left = 0, count
    while left > 0:
        if dropped + 1 >= len(states) and (dropped == len(states) or _worth(states[0]) <= left):
            there = count - left + (_worth(states[0]) - 1 if dropped < len(states) else 0)
            raise SessionProblem(f"session {session} {_too_few(count, there)}")
        dropped += 1
        left -= _worth(states[-dropped])
    return dropped, -left


def _worth(state: State) -> int:
    """The steps that can be taken back one by one; a new problem, or a whole descent, counts as one."""
    return max(state.taken, 1) if state.kind in ("step", "apply") else 1


def replay(store: Store, session: str, base: State | None, state: State, steps: int) -> SteppedSession:
    """The first *steps* steps that led from *base* to *state*, taken again."""
    from gradcli.shell.problems.problem import Problem
    from gradcli.shell.sessions.session_step import BOOKKEEPING, step_session
    from gradcli.shell.sessions.step_request import StepRequest

    asked = state.settings.get("wish", {})
    wish = StepRequest(
        steps, bool(asked.get("ascend")), str(asked.get("corner", "least")), state.optimizer,
        state.settings.get("dialect"), {k: v for k, v in state.settings.items() if k not in BOOKKEEPING},
        asked.get("clip_norm"), asked.get("clip_value"), False, asked.get("schedule"), asked.get("bounds"),
        asked.get("box"), again=state,
    )  # fmt: skip
    start = asked.get("from") or dict(base.at if base else {})
    kept = tuple(state.settings.get("constraints", ()))
    if base is None or state.expressions != base.expressions or state.steps == state.taken:
        return step_session(
            store, session, None, Problem(state.expressions, start, state.wrt, None, kept), wish
        )
    return step_session(store, session, base, Problem((), start, state.wrt, None, kept), wish)
