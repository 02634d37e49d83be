"""Instructions on intervals: what each makes of all numbers of its arguments, left out what lies beyond its domain.

Across a seam or a jump both sides are held. (Moore, Kearfott & Cloud, Introduction to interval analysis, 2009, chapter 5.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce

from flint import arb

from gradcli.calculus.balls.ball_numbers import ball
from gradcli.calculus.balls.programs.ball_operations import OPERATIONS
from gradcli.calculus.intervals.interval_numbers import (
    Interval,
    Outside,
    Unknown,
    added,
    divided,
    multiplied,
    negated,
    point,
    size,
    squared,
)
from gradcli.calculus.intervals.interval_powers import by_balls, hypotenuse, power, root
from gradcli.calculus.program.instructions import SPECIAL, SUM


def operation(op: str) -> Callable[..., Interval]:
    """What carries out an instruction. Raises Unknown for a special function."""
    if op in SPECIAL:
        raise Unknown  # on wide balls they cost much and tell little
    return _OWN[op] if op in _OWN else by_balls(op)


def _increasing(op: str) -> Callable[[Interval], Interval]:
    function = OPERATIONS[op]

    def carried_out(x: Interval) -> Interval:
        """From one end to the other."""
        high = ball(function(point(Interval(x.high, x.high))))
        try:
            low = ball(function(point(Interval(x.low, x.low))))
        except ValueError:
            raise Unknown from None  # a logarithm up to the end of its domain
        return Interval(low.lower(), high.upper())

    return carried_out


def _on(low: int | None, high: int | None, op: str, *, falls: bool = False) -> Callable[[Interval], Interval]:
    """A monotone function on an interval between whole numbers: what lies beyond them is left out."""
    function = OPERATIONS[op]

    def carried_out(x: Interval) -> Interval:
        """From one end of the part that is left to the other."""
        a = x.low if low is None else x.low.max(arb(low))
        b = x.high if high is None else x.high.min(arb(high))
        if a > b:
            raise Outside
        ends = [ball(function(point(Interval(end, end)))) for end in (a, b)]
        first, last = reversed(ends) if falls else ends
        return Interval(first.lower(), last.upper())

    return carried_out


def _wave(op: str) -> Callable[[Interval], Interval]:
    """sine and cosine, which never leave [-1, 1]."""
    inner = by_balls(op)

    def carried_out(x: Interval) -> Interval:
        """The ball's ends, not beyond -1 and 1."""
        low, high = inner(x)
        return Interval(low.max(arb(-1)), high.min(arb(1)))

    return carried_out


def _at_least(bound: int, op: str) -> Callable[[Interval], Interval]:
    """A function that is even, grows with the size of its argument, and is nowhere below its value at 0."""
    function = OPERATIONS[op]

    def carried_out(x: Interval) -> Interval:
        """From the smallest size to the largest."""
        low, high = (ball(function(point(Interval(end, end)))) for end in size(x))
        return Interval(low.lower().max(arb(bound)), high.upper())

    return carried_out


def _steps(op: str) -> Callable[[Interval], Interval]:
    """Whole numbers between those of both ends."""
    return _increasing(op)


def _remainder(x: Interval, y: Interval) -> Interval:
    return added(x, negated(multiplied(y, _steps("floor")(divided(x, y)))))


def _leaky(x: Interval, slope: Interval) -> Interval:
    zero = arb(0)
    above, below = Interval(x.low.max(zero), x.high.max(zero)), Interval(x.low.min(zero), x.high.min(zero))
    return added(above, multiplied(slope, below))


def _elu(x: Interval, alpha: Interval) -> Interval:
    if not (alpha.low == alpha.high and alpha.low >= 0):
        return by_balls("elu")(x, alpha)
    ends = [ball(OPERATIONS["elu"](point(Interval(end, end)), point(alpha))) for end in x]
    return Interval(ends[0].lower(), ends[1].upper())


def _compared(
    sure: Callable[[Interval, Interval], bool], never: Callable[[Interval, Interval], bool]
) -> Callable[..., Interval]:
    def carried_out(x: Interval, y: Interval) -> Interval:
        """1, 0, or both."""
        return Interval(arb(1 if sure(x, y) else 0), arb(0 if never(x, y) else 1))

    return carried_out


def _both(x: Interval, y: Interval) -> Interval:
    return Interval(x.low.min(y.low), x.high.min(y.high))


def _either(x: Interval, y: Interval) -> Interval:
    return Interval(x.low.max(y.low), x.high.max(y.high))


def _apart(x: Interval, y: Interval) -> bool:
    return bool(x.high < y.low or y.high < x.low)


def _one(x: Interval, y: Interval) -> bool:
    return bool(x.low == x.high == y.low == y.high)


#: What is not carried out on balls as it is.
_OWN: Mapping[str, Callable[..., Interval]] = {
    SUM: lambda *terms: reduce(added, terms), "add": added,
    "sub": lambda x, y: added(x, negated(y)), "neg": negated, "mul": multiplied, "gate": multiplied,
    "div": divided, "square": squared, "pow": power, "abs": size, "hypot": hypotenuse, "root": root,
    "min": _both, "max": _either, "and": _both, "or": _either,
    "sqrt": _on(0, None, "sqrt"), "acos": _on(-1, 1, "acos", falls=True), "asin": _on(-1, 1, "asin"),
    "acosh": _on(1, None, "acosh"), "asech": _on(None, 1, "asech", falls=True),
    "sin": _wave("sin"), "cos": _wave("cos"), "cosh": _at_least(1, "cosh"),
    **{op: _increasing(op) for op in ("exp", "expm1", "log", "log2", "log10", "log1p", "atan", "tanh", "sinh", "asinh",
                                      "cbrt", "erf", "sigmoid", "softplus")},
    **{op: _steps(op) for op in ("floor", "ceil", "sign", "heaviside", "relu")}, "mod": _remainder,
    "leaky_relu": _leaky, "elu": _elu,
    "lt": _compared(lambda x, y: x.high < y.low, lambda x, y: x.low >= y.high),
    "le": _compared(lambda x, y: x.high <= y.low, lambda x, y: x.low > y.high),
    "eq": _compared(_one, _apart), "ne": _compared(_apart, _one),
}  # fmt: skip
