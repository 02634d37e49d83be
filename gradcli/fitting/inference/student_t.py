"""Student's t, the normal, Fisher's F and χ²: tails and quantiles, by the incomplete beta and gamma functions in balls."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flint import arb

from gradcli.calculus.balls.ball_numbers import working_bits

#: Bits in which tails are calculated: floats with as many again.
_BITS = 128


def _as_float(make: Callable[[], Any]) -> float:
    with working_bits(_BITS):
        return float(make())


@lru_cache(512)
def student_tail(t: float, dof: float) -> float:
    """P(|T| > |t|) for Student's t. Source: Abramowitz & Stegun 26.7.1."""
    if math.isinf(t):
        return 0.0
    n = arb(dof)

    def tail() -> Any:
        """I_{n/(n + t²)}(n/2, 1/2)."""
        return (n / (n + arb(t) ** 2)).beta_lower(n / 2, arb(1) / 2, 1)

    return _as_float(tail)


@lru_cache(64)
def normal_tail(z: float) -> float:
    """P(|Z| > |z|) for the standard normal."""

    def tail() -> Any:
        """erfc(|z|/√2)."""
        return (abs(arb(z)) / arb(2).sqrt()).erfc()

    return _as_float(tail)


@lru_cache(512)
def fisher_tail(f: float, above: float, below: float) -> float:
    """P(F > f) for *above* and *below* degrees of freedom. Source: Abramowitz & Stegun 26.6.2."""
    if f <= 0:
        return 1.0
    a, b = arb(above), arb(below)
    return _as_float(lambda: (b / (b + a * arb(f))).beta_lower(b / 2, a / 2, 1))


@lru_cache(64)
def chi_square_tail(x: float, dof: float) -> float:
    """P(χ² > x). Source: Abramowitz & Stegun 26.4.19."""
    if x <= 0:
        return 1.0
    return _as_float(lambda: (arb(x) / 2).gamma_upper(arb(dof) / 2, 1))


def student_quantile(level: float, dof: float) -> float:
    """The t with P(|T| ≤ t) = level."""
    return _quantile(lambda t: student_tail(t, dof), 1 - level)


def normal_quantile(level: float) -> float:
    """The z with P(|Z| ≤ z) = level."""
    return _quantile(normal_tail, 1 - level)


def fisher_quantile(level: float, above: float, below: float) -> float:
    """The f with P(F ≤ f) = level."""
    return _quantile(lambda f: fisher_tail(f, above, below), 1 - level)


def _quantile(tail: Callable[[float], float], share: float) -> float:
    """Where a falling tail is *share*: bracketed by doubling, then halved until two floats are next to each other."""
    low, high = 0.0, 1.0
    while tail(high) > share:
        low, high = high, 2 * high
        if math.isinf(high):
            return high
    while True:
        middle = 0.5 * (low + high)
        if middle in (low, high):
            return high
        low, high = (middle, high) if tail(middle) > share else (low, middle)
