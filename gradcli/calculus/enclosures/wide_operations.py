"""Instructions on balls as wide as boxes: what each can be anywhere in its arguments' balls, as narrow as is cheap.

What is not known is not a number, and travels on. What values and slopes do otherwise is in `wide_values`, `wide_slopes`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import ball, exact, integer_below, is_huge
from gradcli.calculus.balls.ball_operations import OPERATIONS

Wide = Callable[..., Any]

UNKNOWN = arb("nan")
ZERO, ONE, _TWO = arb(0), arb(1), arb(2)
EITHER = ZERO.union(ONE)
BOTH_SIDES = (-ONE).union(ONE)


def from_ends(function: Wide) -> Wide:
    """A monotone function: from one end to the other."""
    return lambda x: function(x.lower()).union(function(x.upper()))


def even(function: Wide) -> Wide:
    """An even function that is monotone on each side of 0."""
    return lambda x: function(x.abs_lower()).union(function(x.abs_upper()))


def square(x: Any) -> Any:
    """x*x, not below 0."""
    low, high = x.abs_lower(), x.abs_upper()
    return (low * low).union(high * high)


def whole_power(n: int) -> Wide:
    """x**n for a whole n."""
    if n < 0:
        inner = whole_power(-n)
        return lambda x: ONE / inner(x)
    if n == 0:
        return lambda x: ONE if x.is_finite() else UNKNOWN
    if n == 1:
        return lambda x: x
    if n == 2:
        return square
    return even(_product(n)) if n % 2 == 0 else from_ends(_product(n))


def _product(n: int) -> Wide:
    """x**n by squaring, for a thin ball that may be 0."""

    def carried_out(x: Any) -> Any:
        found, factor, left = None, x, n
        while left:
            if left & 1:
                found = factor if found is None else found * factor
            left >>= 1
            if left:
                factor = factor * factor
        return found

    return carried_out


def by_balls(op: str) -> Wide:
    """The table's own operation; what it does not decide is not known."""
    function = OPERATIONS.get(op)

    def carried_out(*arguments: Any) -> Any:
        if function is None or not all(exact(x) or x.is_finite() for x in arguments):
            return UNKNOWN
        try:
            found = ball(function(*arguments))
        except (ValueError, ArithmeticError):
            return UNKNOWN
        return found if found.is_finite() else UNKNOWN

    return carried_out


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


def polygamma(order: Any) -> Wide:
    """The derivative of a whole *order* of digamma, which rises, or for an odd order falls, above 0."""
    function = by_balls("polygamma")
    inner = from_ends(lambda end: function(order, end))
    return lambda x: inner(x) if x > 0 else UNKNOWN


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


def power(x: Any, y: Any) -> Any:
    """x**y of a positive x, and of what the table decides."""
    return (y * x.log()).exp() if x > 0 else by_balls("pow")(x, y)


def _power_log(x: Any, y: Any) -> Any:
    if not x > 0:
        return by_balls("power_log")(x, y)
    log = x.log()
    return (y * log).exp() * log


def rational_power(exponent: Any) -> Wide:
    """x**exponent, an exact number that is not whole, of what is positive."""

    raised = by_balls("pow")
    inner = from_ends(lambda x: raised(x, exponent))
    return lambda x: inner(x) if x > 0 else UNKNOWN


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
    "neg": operator.neg, "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv,
    "square": square, "exp": arb.exp, "sin": arb.sin, "cos": arb.cos, "expm1": arb.expm1, "atan": arb.atan, "abs": size,
    "hypot": hypotenuse, "tan": _tangent,
    "sec": lambda x: ONE / x.cos(), "csc": lambda x: ONE / x.sin(),
    "sinh": from_ends(arb.sinh), "cosh": even(arb.cosh), "tanh": from_ends(arb.tanh),
    "asinh": from_ends(arb.asinh), "sech": even(arb.sech), "erf": from_ends(arb.erf),
    "erfc": from_ends(arb.erfc), "csch": _beside_zero(arb.csch), "coth": _beside_zero(arb.coth),
    "sigmoid": from_ends(_sigmoid), "softplus": from_ends(_softplus), "cbrt": _root_of(3),
    "min": arb.min, "max": arb.max, "relu": lambda x: x.max(ZERO),
    "log": _logarithm(arb.log), "log1p": lambda x: x.log1p() if x > -1 else UNKNOWN,
    "log2": _logarithm(lambda x: x.log() / _TWO.log()), "log10": _logarithm(lambda x: x.log() / arb(10).log()),
    "pow": power, "power_log": _power_log, "sqrt": lambda x: x.sqrt() if x > 0 else UNKNOWN,
    "lt": _less, "le": _at_most, "eq": _equal, "ne": _different, "and": lambda x, y: x.min(y), "or": lambda x, y: x.max(y),
    "gate": lambda x, y: ZERO if x.is_zero() else x * y,
}  # fmt: skip
