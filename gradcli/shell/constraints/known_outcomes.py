"""Outcomes under constraints that are known: a descent from the same start ends as it did, so it need not be gone again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from gradcli.language.records import NamedTuple
from gradcli.memory.compiled_cache import cached

if TYPE_CHECKING:
    from gradcli.descent.steps.step_problem import Listener
    from gradcli.descent.verdicts.outcome import Outcome
    from gradcli.memory.database import Store
    from gradcli.shell.problems.problem import Problem

#: Steps of a descent that is kept with them.
MOST = 300


class _Told(NamedTuple):
    """A point, f there and its slopes, as `step_problem.Stage` has them."""

    at: Mapping[str, float]
    value: float
    gradient: Mapping[str, float | None]


#: Goes from a start, and tells its steps.
Descend = Callable[[Any], "Outcome"]


def known_or_descended(
    store: Store, problem: Problem, details: Any, listener: Listener | None, descend: Descend
) -> Outcome:
    """The outcome of a descent, from the library or gone now; *listener* is told of its steps either way.

    details: all that it depends on beside the problem's expressions, constraints and point.
    """
    gone: list[Outcome] = []

    def make() -> Any:
        steps: list[Any] = []

        def told(number: int, stage: Any) -> None:
            steps.append([number, *map(_plain, stage)])
            if listener is not None:
                listener(number, stage)

        gone.append(descend(told))
        return {"outcome": _data(gone[0]), "steps": steps} if len(steps) <= MOST else None

    whole = [
        list(problem.constraints),
        list(problem.wrt or ()),
        {n: repr(float(x)) for n, x in problem.at.items()},
        details,
    ]
    found = cached(store, "constrained outcome", problem.texts, sorted(problem.at), whole, make)
    if gone:
        return gone[0]
    if found is None:  # too many steps to be kept
        return descend(listener)
    if listener is not None:
        for number, at, value, gradient in found["steps"]:
            listener(number, _Told(at, value, gradient))  # type: ignore[arg-type]  # a stage, without what makes one
    return _outcome(found["outcome"])


def _plain(part: Any) -> Any:
    return dict(part) if isinstance(part, Mapping) else part


def _data(outcome: Outcome) -> dict[str, Any]:
    """The outcome as JSON has it."""
    known = {name: _plain(part) for name, part in outcome._asdict().items()}
    evidence = outcome.constrained
    assert evidence is not None  # noqa: S101  (every outcome under constraints has one)
    states = [one._asdict() for one in evidence.constraints]
    arc = [[dict(at), value] for at, value in evidence.arc]
    return {
        **known,
        "notes": [note.message for note in outcome.notes],
        "found": [],
        "constrained": {**evidence._asdict(), "constraints": states, "arc": arc},
    }


def _outcome(data: Mapping[str, Any]) -> Outcome:
    """The outcome that `_data` wrote."""
    from gradcli.descent.verdicts.outcome import Constrained, ConstraintState, Outcome

    evidence: dict[str, Any] = dict(data["constrained"])
    evidence["constraints"] = tuple(ConstraintState(**one) for one in evidence["constraints"])
    evidence["arc"] = tuple((at, value) for at, value in evidence["arc"])
    known: dict[str, Any] = {
        name: tuple(part) if isinstance(part, list) else part for name, part in data.items()
    }
    evidence = {name: tuple(part) if isinstance(part, list) else part for name, part in evidence.items()}
    from gradcli.calculus.program.point_answer import Note

    notes = tuple(Note("method", text) for text in data["notes"])
    return Outcome(**{**known, "notes": notes, "constrained": Constrained(**evidence)})
