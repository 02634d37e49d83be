"""Instructions on balls as wide as boxes: what each can be anywhere in its arguments' balls, as narrow as is cheap.

What is not known is not a number, and travels on. What values and slopes do otherwise is in `wide_values`, `wide_slopes`.
"""

from __future__ import annotations

import operator
from functools import reduce
from typing import Any

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import integer_below, is_huge
from gradcli.calculus.enclosures.wide_balls import (
    EITHER,
    ONE,
    TWO,
    UNKNOWN,
    ZERO,
    Wide,
    by_balls,
    even,
    from_ends,
)
from gradcli.calculus.enclosures.wide_powers import power, power_log, square
from gradcli.calculus.program.instructions import SUM


def size(x: Any) -> Any:
    """|x|."""
    return x if x > 0 else -x if x < 0 else x.abs_lower().union(x.abs_upper())


def hypotenuse(x: Any, y: Any) -> Any:
    """sqrt(x*x + y*y), which every x and y have."""
    a, b = x.abs_lower(), y.abs_lower()
    c, d = x.abs_upper(), y.abs_upper()
    return (a * a + b * b).sqrt().union((c * c + d * d).sqrt())


def _tangent(x: Any) -> Any:
    cosine = x.cos()
    return from_ends(lambda end: end.tan())(x) if cosine > 0 or cosine < 0 else UNKNOWN


def _beside_zero(function: Wide) -> Wide:
    """A function that falls on each side of its pole at 0."""
    inner = from_ends(function)
    return lambda x: inner(x) if x > 0 or x < 0 else UNKNOWN


def _sigmoid(x: Any) -> Any:
    return ONE / (ONE + (-x).exp()) if x > 0 else (small := x.exp()) / (ONE + small)


def _softplus(x: Any) -> Any:
    return x + (-x).exp().log1p() if x > 0 else x.exp().log1p()


def _root_of(order: int) -> Wide:
    """The odd root of an end."""

    root = by_balls("root")
    return from_ends(lambda x: root(x, fmpq(order)) if not x.is_zero() else ZERO)


def _truth(holds: Any, fails: Any) -> Any:
    return ONE if holds else ZERO if fails else EITHER


def _less(x: Any, y: Any) -> Any:
    return _truth(x < y, x >= y)


def _at_most(x: Any, y: Any) -> Any:
    return _truth(x <= y, x > y)


def _equal(x: Any, y: Any) -> Any:
    return _truth(x == y, not x.overlaps(y))


def _different(x: Any, y: Any) -> Any:
    return _truth(not x.overlaps(y), x == y)


def _logarithm(of: Wide) -> Wide:
    return lambda x: of(x) if x > 0 else UNKNOWN


def whole_below(x: Any) -> tuple[Any, Any] | None:
    """The largest whole numbers not above the ends of a ball."""
    if not x.is_finite() or is_huge(x):
        return None
    return integer_below(x.lower()), integer_below(x.upper())


def without_whole(x: Any) -> bool:
    """Whether no whole number is in a ball."""
    return bool(x.is_finite()) and not is_huge(x) and not x.contains_integer()


#: Instructions that are the same in values and in slopes.
COMMON: dict[str, Wide] = {
    SUM: lambda *terms: reduce(operator.add, terms), "neg": operator.neg, "add": operator.add,
    "sub": operator.sub, "mul": operator.mul, "div": operator.truediv,
    "square": square, "exp": arb.exp, "sin": arb.sin, "cos": arb.cos, "expm1": arb.expm1, "atan": arb.atan, "abs": size,
    "hypot": hypotenuse, "tan": _tangent,
    "sec": lambda x: ONE / x.cos(), "csc": lambda x: ONE / x.sin(),
    "sinh": from_ends(arb.sinh), "cosh": even(arb.cosh), "tanh": from_ends(arb.tanh),
    "asinh": from_ends(arb.asinh), "sech": even(arb.sech), "erf": from_ends(arb.erf),
    "erfc": from_ends(arb.erfc), "csch": _beside_zero(arb.csch), "coth": _beside_zero(arb.coth),
    "sigmoid": from_ends(_sigmoid), "softplus": from_ends(_softplus), "cbrt": _root_of(3),
    "min": arb.min, "max": arb.max, "relu": lambda x: x.max(ZERO),
    "log": _logarithm(arb.log), "log1p": lambda x: x.log1p() if x > -1 else UNKNOWN,
    "log2": _logarithm(lambda x: x.log() / TWO.log()), "log10": _logarithm(lambda x: x.log() / arb(10).log()),
    "pow": power, "power_log": power_log, "sqrt": lambda x: x.sqrt() if x > 0 else UNKNOWN,
    "lt": _less, "le": _at_most, "eq": _equal, "ne": _different, "and": lambda x, y: x.min(y), "or": lambda x, y: x.max(y),
    "gate": lambda x, y: ZERO if x.is_zero() else x * y,
}  # fmt: skip
