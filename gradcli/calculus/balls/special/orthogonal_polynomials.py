"""Orthogonal polynomials of exact rationals, by their recurrences, and of balls, by Arb (DLMF 18.9)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flint import arb

from gradcli.calculus.balls.ball_numbers import ONE, ZERO, Number, ball, exact, finite, kept, whole

#: Orders up to which a rational's polynomial is carried out exactly.
_MOST_STEPS = 64

#: Order, parameters, argument, and the polynomials of the order k and of that below it → that of the order k + 1.
_Step = Callable[..., Number]


def _polynomial(
    step: _Step, by_arb: Callable[..., Any], *, below_0: Number | None = None
) -> Callable[..., Number]:
    """A polynomial of whole order from 0; *below_0* is that of the order -1, which slopes ask for. Raises ValueError."""

    def of_numbers(n: Number, *rest: Number) -> Number:
        order = whole(n, 0)
        if order == -1 and below_0 is not None:
            return below_0
        if order is None or order < 0:
            raise ValueError
        if order == 0:
            return ONE
        if order <= _MOST_STEPS and all(exact(x) for x in rest):
            found = _stepped(step, order, rest)
            if found is not None:
                return found
        return finite(by_arb(arb(order), *map(ball, rest)))

    return of_numbers


def _stepped(step: _Step, order: int, rest: Sequence[Number]) -> Number | None:
    """The polynomial of rationals by its recurrence; None where numbers grow too long, or a step has no value."""
    before, here = ZERO, ONE
    try:
        for k in range(order):
            before, here = here, kept(step(k, *rest, here, before))
            if not exact(here):
                return None
    except ZeroDivisionError:
        return None
    return here


def _jacobi_step(k: int, a: Any, b: Any, x: Any, here: Any, before: Any) -> Any:
    """DLMF 18.9.2; the first by itself, for its quotients may be 0/0 there. Raises ZeroDivisionError where others are."""
    if k == 0:
        return (a + 1) + (a + b + 2) * (x - 1) / 2
    c = 2 * k + a + b
    first = (c + 1) * ((c + 2) * c * x + a * a - b * b) * here
    return (first - 2 * (k + a) * (k + b) * (c + 2) * before) / (2 * (k + 1) * (k + a + b + 1) * c)


ORTHOGONAL: dict[str, Callable[..., Number]] = {
    "legendre": _polynomial(
        lambda k, x, here, before: ((2 * k + 1) * x * here - k * before) / (k + 1), lambda n, x: x.legendre_p(n)
    ),
    "chebyshev_t": _polynomial(
        lambda k, x, here, before: 2 * x * here - before if k else x, lambda n, x: x.chebyshev_t(n)
    ),
    "chebyshev_u": _polynomial(
        lambda k, x, here, before: 2 * x * here - before, lambda n, x: x.chebyshev_u(n), below_0=ZERO
    ),
    "hermite": _polynomial(
        lambda k, x, here, before: 2 * x * here - 2 * k * before, lambda n, x: x.hermite_h(n), below_0=ZERO
    ),
    "genlaguerre": _polynomial(
        lambda k, a, x, here, before: ((2 * k + 1 + a - x) * here - (k + a) * before) / (k + 1),
        lambda n, a, x: x.laguerre_l(n, a), below_0=ZERO,
    ),
    "gegenbauer": _polynomial(
        lambda k, a, x, here, before: (2 * (k + a) * x * here - (k + 2 * a - 1) * before) / (k + 1),
        lambda n, a, x: x.gegenbauer_c(n, a), below_0=ZERO,
    ),
    "jacobi": _polynomial(
        _jacobi_step, lambda n, a, b, x: x.jacobi_p(n, a, b), below_0=ZERO,
    ),
}  # fmt: skip
