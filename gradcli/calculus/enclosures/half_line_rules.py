"""What an instruction can be on the part of its arguments where it has a value: intervals that may reach to infinity."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from math import ceil, floor, inf, isinf

from flint import arb, fmpq

from gradcli.calculus.enclosures.half_line_powers import raised
from gradcli.calculus.enclosures.half_lines import (
    ALL,
    Ends,
    Part,
    added,
    ball_of,
    divided,
    ends_of,
    multiplied,
    negated,
    size,
    square,
)
from gradcli.calculus.enclosures.wide_operations import COMMON
from gradcli.calculus.enclosures.wide_slopes import Seen
from gradcli.calculus.enclosures.wide_values import value_operations
from gradcli.calculus.program.instructions import SUM

Rule = Callable[..., Part]

_VALUES = value_operations(Seen())


def _rising(op: str, low: float, high: float) -> Rule:
    """A rising function with its limits at both infinities."""
    function = COMMON[op]

    def carried_out(a: Ends) -> Part:
        """From one end to the other, the limits at infinities."""
        first = low if a[0] == -inf else ends_of(function(arb(a[0])))[0] if a[0] < inf else ALL[0]
        last = high if a[1] == inf else ends_of(function(arb(a[1])))[1] if a[1] > -inf else ALL[1]
        return max(first, low), min(last, high)

    return carried_out


def _logarithm(op: str, pole: float) -> Rule:
    function = COMMON[op]

    def carried_out(a: Ends) -> Part:
        """On the part above the pole."""
        if a[1] <= pole:
            return None
        last = inf if a[1] == inf else ends_of(function(arb(a[1])))[1]
        return (-inf if a[0] <= pole else ends_of(function(arb(a[0])))[0]), last

    return carried_out


def _root(a: Ends) -> Part:
    return raised(a, fmpq(1, 2))


def _hyperbolic_cosine(a: Ends) -> Part:
    low, high = size(a)
    return (1.0 if isinf(low) else max(1.0, ends_of(arb(low).cosh())[0])), (
        inf if isinf(high) else ends_of(arb(high).cosh())[1]
    )


def _wave(op: str) -> Rule:
    function = COMMON[op]

    def carried_out(a: Ends) -> Part:
        """Between -1 and 1, by the ball where there is one."""
        if isinf(a[0]) or isinf(a[1]):
            return -1.0, 1.0
        low, high = ends_of(function(ball_of(a)))
        return max(low, -1.0), min(high, 1.0)

    return carried_out


def _on_unit(op: str, *, falls: bool) -> Rule:
    def carried_out(a: Ends) -> Part:
        """On the part from -1 to 1."""
        low, high = max(a[0], -1.0), min(a[1], 1.0)
        if low > high:
            return None
        first, last = (ends_of(_VALUES[op](arb(x))) for x in ((high, low) if falls else (low, high)))
        return first[0], last[1]

    return carried_out


def _least(a: Ends, b: Ends) -> Part:
    return min(a[0], b[0]), min(a[1], b[1])


def _most(a: Ends, b: Ends) -> Part:
    return max(a[0], b[0]), max(a[1], b[1])


def _steps(function: Callable[[float], float]) -> Rule:
    return lambda a: (a[0] if isinf(a[0]) else function(a[0]), a[1] if isinf(a[1]) else function(a[1]))


def _sign(x: float) -> float:
    return float((x > 0) - (x < 0))


def _truth(holds: bool, fails: bool) -> Part:
    return (1.0, 1.0) if holds else (0.0, 0.0) if fails else (0.0, 1.0)


def _beside(low: float) -> Rule:
    """A slope that jumps at 0, from *low* to 1, where it is no number: all that it is around."""
    return lambda a: (1.0, 1.0) if a[0] > 0 else (low, low) if a[1] < 0 else (low, 1.0)


def times_logarithm(a: Ends) -> Part:
    """x*log(x): down to -1/e at 1/e, and next to 0 near 0."""
    if a[1] <= 0:
        return None
    ends = [(0.0, 0.0) if x <= 0 else ALL if isinf(x) else ends_of(arb(x) * arb(x).log()) for x in a]
    low = min(end[0] for end in ends) if a[0] > 0.3679 or a[1] < 0.3678 else -0.3678794411714424
    return low, max(end[1] for end in ends)


def by_balls(op: str) -> Rule:
    """What is not in the table: the operation on balls."""
    function = _VALUES.get(op)

    def carried_out(*arguments: Ends) -> Part:
        """By the balls around the arguments; all numbers where there is none."""
        if function is None or any(isinf(x) for a in arguments for x in a):
            return ALL
        return ends_of(function(*map(ball_of, arguments)))

    return carried_out


def _either_power(a: Ends, b: Ends) -> Part:
    """A power with an exponent that varies, of what is positive."""
    if a[0] < 0:
        return by_balls("pow")(a, b)
    log = RULES["log"](a)
    product = None if log is None else multiplied(b, log)
    return ALL if product is None or a[0] == 0 else RULES["exp"](product)


RULES: dict[str, Rule] = {
    SUM: lambda *terms: reduce(lambda a, b: added(a, b) or ALL, terms), "add": added,
    "sub": lambda a, b: added(a, (-b[1], -b[0])), "neg": negated, "mul": multiplied, "gate": multiplied,
    "div": divided, "square": square, "abs": size, "sqrt": _root, "pow": _either_power,
    "hypot": lambda a, b: _root(added(square(a) or ALL, square(b) or ALL) or ALL),
    "exp": _rising("exp", 0.0, inf), "expm1": _rising("expm1", -1.0, inf), "sinh": _rising("sinh", -inf, inf),
    "asinh": _rising("asinh", -inf, inf), "cbrt": _rising("cbrt", -inf, inf), "atan": _rising("atan", -1.5707963267948968,
    1.5707963267948968), "tanh": _rising("tanh", -1.0, 1.0), "erf": _rising("erf", -1.0, 1.0),
    "sigmoid": _rising("sigmoid", 0.0, 1.0), "softplus": _rising("softplus", 0.0, inf),
    "log": _logarithm("log", 0.0), "log2": _logarithm("log2", 0.0), "log10": _logarithm("log10", 0.0),
    "log1p": _logarithm("log1p", -1.0), "cosh": _hyperbolic_cosine, "sin": _wave("sin"), "cos": _wave("cos"),
    "asin": _on_unit("asin", falls=False), "acos": _on_unit("acos", falls=True), "min": _least, "max": _most,
    "and": _least, "or": _most, "relu": lambda a: (max(a[0], 0.0), max(a[1], 0.0)),
    "floor": _steps(lambda x: float(floor(x))), "ceil": _steps(lambda x: float(ceil(x))),
    "sign": _steps(_sign), "heaviside": _steps(lambda x: (_sign(x) + 1) / 2),
    "lt": lambda a, b: _truth(a[1] < b[0], a[0] >= b[1]), "le": lambda a, b: _truth(a[1] <= b[0], a[0] > b[1]),
    "eq": lambda a, b: _truth(a[0] == a[1] == b[0] == b[1], a[1] < b[0] or b[1] < a[0]),
    "ne": lambda a, b: _truth(a[1] < b[0] or b[1] < a[0], a[0] == a[1] == b[0] == b[1]),
    "sign_side": _beside(-1.0),
    **dict.fromkeys(("heaviside_side", "first_side", "second_side", "relu_side"), _beside(0.0)),
    **dict.fromkeys(("flat_zero", "flat_cut", "flat_integer"), lambda a: (0.0, 0.0)),
    "atan2": lambda a, b: (-3.1415926535897936, 3.1415926535897936),
}  # fmt: skip
