"""Elliptic integrals of the parameter m, complete and incomplete.

Formulas are those of the Digital Library of Mathematical Functions (DLMF), named at each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import acb, arb

from gradcli.calculus.balls.ball_numbers import (
    ONE,
    ZERO,
    Number,
    ball,
    exact,
    integer_below,
    is_huge,
    sign,
)
from gradcli.calculus.balls.special.special_results import real_part


def _elliptic(function: Callable[[Any], Any], *, closed: bool) -> Callable[[Number], Number]:
    """A complete elliptic integral of its parameter m, below 1 or up to 1."""

    def of_number(m: Number) -> Number:
        side = sign(m - 1, 0, ONE)
        if side > 0 or (side == 0 and not closed):
            raise ValueError
        return ONE if side == 0 else real_part(function(acb(ball(m))))

    return of_number


def _incomplete(function: Callable[[Any, Any], Any], *, closed: bool) -> Callable[[Number, Number], Number]:
    """An incomplete elliptic integral: real as long as m sin²θ stays below 1 (or at most 1) up to the amplitude."""

    def of_numbers(phi: Number, m: Number) -> Number:
        if exact(phi) and phi == 0:
            return ZERO
        a, b = ball(phi), ball(m)
        if closed and exact(m) and m == 1:
            return _elliptic_e_at_one(a)
        if not m < 1:
            quarter = abs(a) * 2 - arb.pi()
            gap = sign(1 - m, 1, ONE) if quarter > 0 else sign(1 - b * a.sin() ** 2, None)
            if gap < 0 or (gap == 0 and not closed):
                raise ValueError
        return real_part(function(acb(a), acb(b)))

    return of_numbers


def _elliptic_e_at_one(phi: Any) -> Any:
    """E(φ|1), the integral of |cos|: sin φ up to a quarter turn, and 2 more for each half turn. No slope is above 1."""
    if is_huge(phi):
        raise OverflowError
    middle = phi.mid()
    n = arb(integer_below(middle / arb.pi() + 0.5))
    return 2 * n + (middle - n * arb.pi()).sin() + arb(0, phi.rad())


def elliptic_e_at_turn(phi: Number, m: Number) -> Number:
    """E(φ|m) where m sin²φ is 1, by complete integrals of 1/m (DLMF 19.7.4)."""
    if abs(ball(phi)) * 2 > arb.pi():
        raise ValueError
    k = acb(1 / ball(m))
    size = ball(m).sqrt() * real_part(k.elliptic_e() - (1 - k) * k.elliptic_k())
    return size if sign(phi) > 0 else -size


def outside(*arguments: Number) -> Number:
    """The value at an end that the domain does not have. Raises ValueError."""
    raise ValueError


ELLIPTICS: dict[str, Callable[..., Number]] = {
    "elliptic_k": _elliptic(lambda m: m.elliptic_k(), closed=False),
    "elliptic_e": _elliptic(lambda m: m.elliptic_e(), closed=True),
    "elliptic_e2": _incomplete(acb.elliptic_e_inc, closed=True),
    "elliptic_f": _incomplete(acb.elliptic_f, closed=False),
}
