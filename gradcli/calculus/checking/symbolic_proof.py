"""Is a claim the partial, by sympy? Proved for every piece by itself, or not at all.

What decides between pieces (comparisons, absolute values, ties, whole parts) is answered before sympy sees anything:
each quantity whose sign decides is an atom, positive or negative in one case and 0 in another, and every combination
is a case of its own, in which expression and claim are smooth. Where a case cannot come true nothing is lost but a
proof. A whole part is a constant of its piece.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import product
from typing import Any

import sympy

from gradcli.calculus.checking.smooth_pieces_in_sympy import Open, Signs, built, unsigned
from gradcli.calculus.effort.time_budget import GIVING_UP, OutOfTime, seconds
from gradcli.calculus.symbolic.to_sympy import symbol
from gradcli.language.parser import parse
from gradcli.language.tree import Expression

#: The largest expressions, most cases and largest differences that are tried, and those that are simplified in full.
MOST_NODES, MOST_CASES, MOST_OPERATIONS, SIMPLIFIED = 200, 100, 600, 120

#: Seconds after which a proof is not decided: more than ten times what the largest of these sizes took.
PATIENCE = 60.0

#: Sizes of the points at which an atom must not be 0, and what counts as 0 there.
_SCALES, _NOTHING = (0.5, 0.5, 1, 1, 2, 3, 5, 10, 30, 100, 1000), 1e-20


class TooMany(ValueError):
    """More cases than are tried."""


def proved(expression: Expression, variable: str, claim: str) -> bool | None:
    """Whether ∂*expression*/∂*variable* is shown to be *claim* wherever there is one; None: stopped by the clock."""
    claimed = parse(claim, expression.variables)
    if expression.size + claimed.size > MOST_NODES:
        return False
    try:
        with seconds(PATIENCE):
            return _Proof(expression, claimed, variable).holds()
    except OutOfTime:
        return None
    except GIVING_UP:
        return False


def holds(expression: Expression, claimed: Expression, variable: str) -> bool:
    """Whether ∂*expression*/∂*variable* is shown to be *claimed*. Raises TooMany, and what sympy gives up with."""
    return expression.size + claimed.size <= MOST_NODES and _Proof(expression, claimed, variable).holds()


class _Proof:
    """One question; the cases that were looked at are counted."""

    def __init__(self, expression: Expression, claimed: Expression, variable: str) -> None:
        self.expression, self.claimed, self.variable = expression, claimed, symbol(variable)
        self.cases = 0

    def holds(self, signs: Signs | None = None) -> bool:
        """Whether the claim holds in every case that *signs* leaves open."""
        signs = signs or {}
        if not possible(signs):
            return True
        try:
            return self._case(signs)
        except Open as opened:
            return all(self.holds({**signs, opened.atom: s}) for s in (1, -1, 0))

    def _case(self, signs: Signs) -> bool:
        self.cases += 1
        if self.cases > MOST_CASES:
            raise TooMany
        claim = self._claim(signs)
        zeros = [atom for atom, s in signs.items() if s == 0]
        seams = [atom for atom in zeros if not all(name.is_integer for name in atom.free_symbols)]
        if seams and not self._on_seam(signs, seams, claim):
            return False
        wide = not seams or any(may_rest(atom) for atom in zeros)
        return not wide or vanishes(self._slope(signs) - claim)

    def _claim(self, signs: Signs) -> Any:
        return unsigned(built(self.claimed, signs), signs)

    def _slope(self, signs: Signs) -> Any:
        return unsigned(built(self.expression, signs).diff(self.variable), signs)

    def _on_seam(self, signs: Signs, zeros: Sequence[Any], claim: Any) -> bool:
        """Where f has a derivative on a seam it is what its slopes beside the seam come to, and their mean as well."""
        beside = [
            {**signs, **dict(zip(zeros, way, strict=True))} for way in product((1, -1), repeat=len(zeros))
        ]
        claims = [self._claim(one) for one in beside]
        mean = sympy.Add(*claims) / len(claims)
        if any(vanishes(claim - one) for one in (*claims, mean)):
            return True
        slopes = [self._slope(one) for one in beside]
        step = sympy.expand(slopes[0] - slopes[-1])
        return len(zeros) == 1 and bool(step.is_number and step.is_nonzero)


def possible(signs: Signs) -> bool:
    """Whether there may be a point with these signs; seen for what is linear in one and the same variable."""
    lows: dict[Any, list[Any]] = {}
    highs: dict[Any, list[Any]] = {}
    for atom, s in signs.items():
        free = list(atom.free_symbols)
        if s == 0 or len(free) != 1 or not atom.is_polynomial(free[0]) or sympy.degree(atom, free[0]) != 1:
            continue
        slope = atom.diff(free[0])
        end = sympy.expand(free[0] - atom / slope)
        side = lows if (slope > 0) == (s > 0) else highs
        side.setdefault(free[0], []).append(end)
    return not any(low >= high for x, ends in lows.items() for low in ends for high in highs.get(x, ()))


def may_rest(atom: Any) -> bool:
    """Whether an atom may be 0 on more than a seam: one of whole parts, or one that is seen to be 0 somewhere."""
    names = sorted(atom.free_symbols, key=str)
    if any(name.is_integer for name in names):
        return True
    source = random.Random(len(names))  # noqa: S311  (nothing secret: the same points every time)
    for scale in _SCALES:
        at = {name: sympy.Rational(round(source.uniform(-scale, scale) * 4096), 4096) for name in names}
        number = atom.subs(at).evalf(30)
        if number.is_number and abs(number) < _NOTHING:
            return True
    return False


def vanishes(gap: Any) -> bool:
    """Whether sympy shows that an expression is 0."""
    if gap == 0:
        return True
    if gap.count_ops() > MOST_OPERATIONS:
        return False
    gap = sympy.expand(gap)
    return bool(gap == 0 or (gap.count_ops() <= SIMPLIFIED and sympy.simplify(gap) == 0))
