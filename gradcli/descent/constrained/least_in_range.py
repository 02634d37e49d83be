"""A point that keeps the constraints and where f takes the least value that it can have anywhere: x*sqrt(x) is 0 at 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isinf
from typing import Any

from flint import fmpq

from gradcli.calculus.balls.ball_numbers import exact
from gradcli.calculus.balls.decimals import double, nearest_double
from gradcli.calculus.balls.programs import ball_backend
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.descent.certificates.simple_points import nearest_simple
from gradcli.descent.constrained.constrained_outcome import Wish
from gradcli.descent.constrained.equivalents.certain_ranges import bounds_of, span_of
from gradcli.descent.objective.objective_in_balls import BITS
from gradcli.descent.verdicts.outcome import UPHILL, Constrained, ConstraintState, Outcome, listed
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.parser.outputs import outputs_of
from gradcli.language.problem_text import divided


def least_in_range(
    text: str, constraints: Sequence[Constraint], ends: Sequence[Mapping[str, float]], base: Outcome, wish: Wish
) -> Outcome | None:  # fmt: skip
    """The outcome at a simple point next to one of *ends*, with all numbers exact; None where none is shown to be the least."""
    definitions = divided(text).definitions
    texts = [text, *("; ".join([*definitions, one.difference]) for one in constraints)]
    try:
        _, outputs = outputs_of([text, *(one.difference for one in constraints)], tuple(base.x))
        span = span_of(outputs[0], bounds_of(constraints, outputs))
        best = span.ends[1 if wish.ascend else 0]
        if isinf(best) or (span.under if wish.ascend else span.over):
            return None
        tried: list[dict[str, Any]] = []
        for end in ends:
            for most in (1, 10):
                at = {name: nearest_simple(double(x), most) for name, x in end.items()}
                if wish.wrt is not None:
                    at |= {name: double(x) for name, x in end.items() if name not in wish.wrt}
                values = None if at in tried else _values(texts, at)
                tried.append(at)
                if values is not None and values[0] == double(best) and _hold(constraints, values[1:]):
                    return _told(constraints, values, at, base, wish)
    except (ValueError, ArithmeticError):
        return None
    return None


def _values(texts: Sequence[str], at: Mapping[str, Any]) -> list[Any] | None:
    """The values of several texts at a point; None where one of them is no rational number."""
    found = []
    for text in texts:
        program = compile_text([text], tuple(at), None, formulas=False).program
        value = ball_backend.run(program, [at[name] for name in program.variables], BITS)[program.value]
        if not exact(value):
            return None
        found.append(fmpq(value))
    return found


def _hold(constraints: Sequence[Constraint], values: Sequence[Any]) -> bool:
    return not any(one.strict for one in constraints) and all(
        value == 0 if one.relation == "=" else value <= 0 if one.relation == "<=" else value >= 0
        for one, value in zip(constraints, values, strict=True)
    )


def _told(
    constraints: Sequence[Constraint], values: Sequence[Any], at: Mapping[str, Any], base: Outcome, wish: Wish
) -> Outcome:
    states = []
    for one, value in zip(constraints, map(nearest_double, values[1:]), strict=True):
        kind = "equation" if one.relation == "=" else "bound" if one.bound else "inequality"
        slack = -abs(value) if one.relation == "=" else -value if one.relation == "<=" else value
        states.append(ConstraintState(one.text, one.of, kind, value, slack + 0.0, not value))
    active = [one for one in states if one.active]
    on = "constraint" if any(one.kind != "bound" for one in active) else "bound"
    status = f"minimum-on-{on}" if active else "minimum"
    extreme, less = ("maximum", "higher") if wish.ascend else ("minimum", "lower")
    x = {name: nearest_double(a) for name, a in at.items()}
    message = f"the absolute {extreme}, at {listed(x)}: f is nowhere {less}, whatever the variables are"
    return base._replace(
        status=UPHILL.get(status, status) if wish.ascend else status, message=message, success=True, x=x,
        fun=nearest_double(values[0]), jac=dict.fromkeys(x), multipliers=None, eigenvalues=None, direction=None,
        order=None, norm=0.0, constrained=Constrained(tuple(states), 0.0, convex=True),
    )  # fmt: skip
