"""Constraints → a box that holds every point that keeps them: from bounds, term by term, and from quadratic forms."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import inf, nextafter
from typing import Any

from flint import arb, fmpq, fmpq_mat

from gradcli.calculus.balls.ball_numbers import ball
from gradcli.calculus.balls.programs.given_numbers import number_of
from gradcli.descent.certificates.quadratic_forms import eliminated
from gradcli.descent.constrained.extrema.bounded_sets import Terms, polynomials_below
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.errors import GradcliError

#: Times that all constraints are gone through.
ROUNDS = 6

#: Ends so far from 0 are none.
FAR = 1e9


def enclosing_box(
    constraints: Sequence[Constraint], given: Collection[str], names: Sequence[str]
) -> dict[str, tuple[float, float]]:
    """Ends along each of *names*, infinite where none is found; no point that keeps the constraints is outside."""
    ends = _Ends(names)
    for one in constraints:
        if one.limit is not None and one.limit.name in names:
            ends.bound(names.index(one.limit.name), one.limit.relation, one.limit.end)
    below = polynomials_below(constraints, given, names)
    for terms in below:
        _by_form(terms, ends)
    for _ in range(ROUNDS):
        for terms in below:
            _by_terms(terms, ends)
    return {
        name: (low if low > -FAR else -inf, high if high < FAR else inf)
        for name, low, high in zip(names, ends.low, ends.high, strict=True)
    }


class _Ends:
    """The lowest and highest numbers of each variable, as floats outside of the true ones."""

    def __init__(self, names: Sequence[str]) -> None:
        self.low, self.high = [-inf] * len(names), [inf] * len(names)

    def bound(self, i: int, relation: str, end: str) -> None:
        """Take in a bound as it was typed."""
        try:
            value = ball(number_of(end, 64))
        except (GradcliError, ArithmeticError, ValueError):
            return
        if relation in (">=", "="):
            self.at_least(i, value)
        if relation in ("<=", "="):
            self.at_most(i, value)

    def at_least(self, i: int, value: Any) -> None:
        """No number of a variable is below a ball."""
        if value.is_finite():
            self.low[i] = max(self.low[i], nextafter(float(value.lower()), -inf))

    def at_most(self, i: int, value: Any) -> None:
        """No number of a variable is above a ball."""
        if value.is_finite():
            self.high[i] = min(self.high[i], nextafter(float(value.upper()), inf))

    def side(self, i: int) -> Any:
        """The numbers of a variable as a ball; None where they have no ends."""
        if self.low[i] == -inf or self.high[i] == inf:
            return None
        return arb(self.low[i]).union(arb(self.high[i]))


def _by_terms(terms: Terms, ends: _Ends) -> None:
    """A term of one variable is at most what the least values of all others leave."""
    for exponents, coefficient in terms.items():
        alone = [i for i, e in enumerate(exponents) if e]
        others = [_least(e, c, ends) for e, c in terms.items() if e != exponents]
        if len(alone) != 1 or None in others:
            continue
        i, power = alone[0], exponents[alone[0]]
        most = -sum(others, arb(0)) / arb(coefficient)
        if power % 2:
            size = _root(most, power)
            (ends.at_most if coefficient > 0 else ends.at_least)(i, size)
        elif coefficient > 0 and most >= 0:
            size = most.root(power)
            ends.at_most(i, size)
            ends.at_least(i, -size)


def _root(x: Any, power: int) -> Any:
    """A root of odd order."""
    if x >= 0:
        return x.root(power)
    if x <= 0:
        return -(-x).root(power)
    size = abs(x).upper().root(power)
    return (-size).union(size)


def _power(side: Any, e: int) -> Any:
    """All powers of the numbers of a side, which may hold 0."""
    low, high = arb(side.lower()), arb(side.upper())
    if e % 2:
        return _product(low, e).union(_product(high, e))
    return _product(arb(abs(side).upper()), e).union(arb(0))


def _product(x: Any, e: int) -> Any:
    found = arb(1)
    for _ in range(e):
        found *= x
    return found


def _least(exponents: Sequence[int], coefficient: Any, ends: _Ends) -> Any:
    """A number below which a term never is; None where none is known."""
    inside = [(i, e) for i, e in enumerate(exponents) if e]
    sides = [ends.side(i) for i, _ in inside]
    if None not in sides:
        found = arb(coefficient)
        for side, (_, e) in zip(sides, inside, strict=True):
            found *= _power(side, e)
        return found.lower()
    if coefficient > 0 and all(e % 2 == 0 for _, e in inside):
        return arb(0)
    if len(inside) == 1 and inside[0][1] % 2:
        end = (ends.low if coefficient > 0 else ends.high)[inside[0][0]]
        return None if abs(end) == inf else arb(coefficient) * _product(arb(end), inside[0][1])
    return None


def _by_form(terms: Terms, ends: _Ends) -> None:
    """An ellipsoid: a positive quadratic form of all variables that occur, linear terms and a number."""
    used = [i for i in range(len(ends.low)) if any(e[i] for e in terms)]
    if not used or max(map(sum, terms)) != 2:
        return
    matrix = [[fmpq(0)] * len(used) for _ in used]
    slope, number = [fmpq(0)] * len(used), fmpq(0)
    for e, c in terms.items():
        places = [k for k, i in enumerate(used) for _ in range(e[i])]
        if not places:
            number = c
        elif len(places) == 1:
            slope[places[0]] = c / 2
        else:
            matrix[places[0]][places[1]] += c / 2
            matrix[places[1]][places[0]] += c / 2
    parts = eliminated(matrix)
    if parts.rest or not all(sign > 0 for sign in parts.signs):
        return
    inverse = fmpq_mat(matrix).inv()
    center = [-sum((inverse[k, j] * slope[j] for j in range(len(used))), fmpq(0)) for k in range(len(used))]
    level = -sum((a * b for a, b in zip(center, slope, strict=True)), fmpq(0)) - number
    for k, i in enumerate(used):
        if level >= 0:
            reach = (arb(level) * arb(inverse[k, k])).sqrt()
            ends.at_most(i, arb(center[k]) + reach)
            ends.at_least(i, arb(center[k]) - reach)
