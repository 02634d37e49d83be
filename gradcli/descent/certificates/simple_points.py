"""Rational numbers with a small denominator next to a point that seems to be one."""

from __future__ import annotations

from typing import Any

from flint import fmpq

#: Denominators of rational numbers that are tried where a point seems to be one.
SIMPLE = 10_000


def nearest_simple(x: Any, most: int = SIMPLE) -> Any:
    """The rational with a denominator of at most *most* that is nearest to *x*."""
    from fractions import Fraction

    found = Fraction(int(x.p), int(x.q)).limit_denominator(most)
    return fmpq(found.numerator, found.denominator)
