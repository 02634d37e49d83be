"""Symmetric matrix of numbers with bounds of their errors → its eigenvalues with theirs, and what their signs say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from gradcli.calculus.backends.error_propagation import TINY, UNDERFLOW, UNIT
from gradcli.calculus.rows.bounds.bounded_hessian import Bounded, is_told

#: Bits of the balls in which eigenvalues are enclosed.
_BITS = 256


class BoundedSpectrum(NamedTuple):
    """The eigenvalues in ascending order, what they say, None where that is not decided, and the ratio of their sizes."""

    eigenvalues: list[Bounded]
    word: str | None
    condition: Bounded | None


def bounded_spectrum(entries: Sequence[Sequence[Bounded]]) -> BoundedSpectrum:
    """The spectrum of every matrix that *entries* may be."""
    from flint import arb

    from gradcli.calculus.balls.ball_numbers import ball
    from gradcli.calculus.balls.decimals import double
    from gradcli.calculus.linear_algebra.eigenvalue_enclosures import eigenvalues_of
    from gradcli.calculus.linear_algebra.inertia import inertia_of

    rows = [
        [arb(double(one.number), double(one.error * UNIT + TINY if one.error else 0.0)) for one in row]
        for row in entries
    ]
    values = sorted(map(ball, eigenvalues_of(rows, _BITS)), key=lambda x: float(x.mid()))
    found = [_bounded(x) for x in values]
    condition = None
    if values and all(map(is_told, found)):
        sizes = sorted(map(abs, values), key=lambda x: float(x.mid()))
        condition = _bounded(sizes[-1] / sizes[0])
    return BoundedSpectrum(found, inertia_of(rows).word, condition)


def _bounded(x: Any) -> Bounded:
    """A ball as a float and a bound of its error."""
    number = float(x.mid())
    lost = 0.0 if x == 0 else UNDERFLOW
    return Bounded(number, (float(x.rad()) / UNIT + abs(number) + lost) * (1 + 2.0**-20))
