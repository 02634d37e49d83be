"""Bounds among constraints: one variable against a constant."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from gradcli.calculus.backends import float_backend
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.constraints.variable_bounds import Bound


def bounds_among(constraints: Sequence[Constraint]) -> tuple[dict[str, float], dict[str, float]]:
    """The highest lower bound and the lowest upper bound of each variable that has one; a constant without value is none."""
    low: dict[str, float] = {}
    high: dict[str, float] = {}
    for one in constraints:
        limit = one.limit
        number = None if limit is None or one.names != (limit.name,) else _constant(limit.end)
        if limit is None or number is None:
            continue
        if limit.relation == ">=":
            low[limit.name] = max(number, low.get(limit.name, -math.inf))
        else:
            high[limit.name] = min(number, high.get(limit.name, math.inf))
    return low, high


def _constant(text: str) -> float | None:
    try:
        program = compile_text([text], (), None, formulas=False).program
        value = float(float_backend.run(program, [])[program.value])
    except (ValueError, ArithmeticError):
        return None
    return value if math.isfinite(value) else None


def interval_constraints(intervals: Mapping[str, tuple[float | None, float | None]]) -> list[Constraint]:
    """The bounds of --bounds as constraints."""
    found = []
    for name, (low, high) in intervals.items():
        for relation, number in ((">=", low), ("<=", high)):
            if number is not None and math.isfinite(number):
                text = f"{name} {relation} {number!r}".removesuffix(".0")
                limit = Bound(name, relation, repr(number), (1, 1))
                found.append(
                    Constraint(text, text, name, relation, repr(number), False, (name,), "right", limit)
                )
    return found
