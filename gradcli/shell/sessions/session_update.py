"""Problems and steps → sessions: how commands remember."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import time
from typing import TYPE_CHECKING, Any, TypeVar

from gradcli.language.errors import SessionProblem
from gradcli.shell.process.timeout import uninterruptible

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.memory.session_record import State
    from gradcli.shell.problems.problem import Problem

T = TypeVar("T")

#: Numbers of a point that a session keeps.
MOST_KEPT = 100_000

#: No files of data.
_NONE: Mapping[str, Any] = {}

_TOO_MANY = f"a session keeps points of at most {MOST_KEPT:,} numbers"


def with_files(settings: Mapping[str, Any], files: Mapping[str, Any]) -> dict[str, Any]:
    """A session's settings with other files: an order of batches is one of the rows of its own."""
    kept = {name: x for name, x in settings.items() if name != "data"}
    if not files:
        kept.pop("batch", None)
    return {**kept, **files}


def files_of(store: Store, problem: Problem) -> dict[str, Any]:
    """What a session's settings say of the files that *problem* is over. Raises SessionProblem where they cannot be kept."""
    if problem.data is None:
        return {}
    from gradcli.shell.files.session_files import kept_files

    return {"data": kept_files(store, problem.data)}


def fresh_state(kind: str, problem: Problem, value: Any, files: Mapping[str, Any] = _NONE) -> State:
    """The state of a problem at which no step was taken yet. files: `files_of` it."""
    from gradcli.memory.session_record import State

    return State(
        id=0, kind=kind, expressions=problem.texts, at=dict(problem.at), value=_remembered(value),
        wrt=problem.wrt, steps=0, taken=0, optimizer="sgd", settings={**files, **_settings(problem)}, slots={}, when=time(),
    )  # fmt: skip


def _settings(problem: Problem) -> dict[str, Any]:
    return {"constraints": list(problem.constraints)} if problem.constraints else {}


def _remembered(value: Any) -> float | None:
    """The value as a float; None for none, and for one that only more digits can hold."""
    number = None if value is None else float(value)
    return number if number is None or abs(number) < float("inf") else None


def keep_problem(
    store: Store, session: str, problem: Problem, value: Any, fit: Sequence[str] | None = None
) -> None:
    """Make *problem* the session's, unless it is that already. Raises SessionProblem where it cannot be kept.

    fit: of one that a fit led to, what was asked of it and its signature.
    """
    from gradcli.memory.session_history import current, remember

    if len(problem.at) > MOST_KEPT:
        raise SessionProblem(_TOO_MANY)
    files = files_of(store, problem)
    state = fresh_state("grad", problem, value, files if fit is None else {**files, "fit": list(fit)})
    head = current(store, session)
    if head is not None and _same(head, state) and fit in (None, head.settings.get("fit")):
        return
    with uninterruptible():
        remember(store, session, state, after=None)


def _same(head: State, state: State) -> bool:
    return _identity(head) == _identity(state)


def _identity(state: State) -> tuple[Any, ...]:
    return state.expressions, _as_typed(state.at), state.wrt, state.steps, _beside(state)


def _beside(state: State) -> tuple[Any, Any]:
    return state.settings.get("data"), state.settings.get("constraints")


def _as_typed(at: Mapping[str, Any]) -> dict[str, Any]:
    return {name: (x, getattr(x, "text", None)) for name, x in at.items()}


def append_state(store: Store, session: str, work: Callable[[State | None], tuple[State, T]]) -> T:
    """Compute from the session's head and append, again from the new head whenever another process was quicker."""
    from gradcli.memory.session_history import HeadChanged, current, remember

    while True:
        head = current(store, session)
        state, result = work(head)
        if len(state.at) > MOST_KEPT:
            store.notices.append(f"not remembered: {_TOO_MANY}")
            return result
        try:
            with uninterruptible():
                remember(store, session, state, after=head.id if head else 0)
            return result
        except HeadChanged:
            continue
