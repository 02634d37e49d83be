"""Constraints at a point, with multipliers in the one convention: what one more on the right side changes the best value by."""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem
from gradcli.descent.verdicts.outcome import ConstraintState


def states_of(
    problem: ConstrainedProblem,
    h: Sequence[float],
    active: Sequence[int],
    multipliers: Sequence[float] | None,
) -> tuple[ConstraintState, ...]:
    """What each constraint is where h has these values. multipliers: of h in f made small; None where there are none."""
    found = []
    for i, (one, value) in enumerate(zip(problem.constraints, h, strict=True)):
        own = multipliers[i] if multipliers is not None else None
        turned = None if own is None else -own * problem.signs[i] * problem.sign + 0.0
        equal = problem.equal[i]
        side = {"right": 1.0, "left": -1.0}.get(one.constant)
        found.append(
            ConstraintState(
                one.text, one.of, "equation" if equal else "bound" if one.bound else "inequality",
                problem.signs[i] * value + 0.0, (-abs(value) if equal else -value) + 0.0, i in active, turned,
                None if own is None or equal else own + 0.0, None if turned is None or side is None else side * turned + 0.0,
            )
        )  # fmt: skip
    return tuple(found)
