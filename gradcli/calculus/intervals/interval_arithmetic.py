"""Programs over boxes: an interval that holds every value that f has in a box, ends that are as good as they can be.

An interval is a pair of ends, both exact. Where a part of the box lies outside of the domain, or across a seam or a
jump, the interval holds what f has on the rest, or on both sides. (Moore, Kearfott & Cloud, Introduction to interval
analysis, 2009, chapters 2 and 5.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import Undecided, ball, exact, hull, whole, working_bits
from gradcli.calculus.balls.ball_operations import OPERATIONS
from gradcli.calculus.balls.given_numbers import Given, number_of
from gradcli.calculus.program.instructions import SPECIAL
from gradcli.calculus.program.program import Program
from gradcli.language.records import NamedTuple

#: Bits of the ends.
BITS = 192


class Interval(NamedTuple):
    """All numbers from one end to the other."""

    low: Any
    high: Any


class Outside(Exception):
    """No point of the box is in the domain."""


class Unknown(Exception):
    """Nothing is known about the values in the box: some of them may be as large as they like."""


#: Slopes that jump where the argument is 0: all that is between both sides.
_KINKS = {
    "sign_side": Interval(arb(-1), arb(1)),
    **dict.fromkeys(("heaviside_side", "first_side", "second_side", "relu_side"), Interval(arb(0), arb(1))),
}


def needed(program: Program, slots: Sequence[int]) -> list[int]:
    """The instructions that the *slots* depend on, in order."""
    reached, waiting = set[int](), [slot for slot in slots if slot >= program.first]
    while waiting:
        slot = waiting.pop()
        if slot not in reached:
            reached.add(slot)
            waiting.extend(p for p in program.code[slot - program.first][1:] if p >= program.first)
    return sorted(slot - program.first for slot in reached)


def enclosure(
    program: Program, box: Sequence[Given | Interval], code: Sequence[int] | None = None
) -> Interval:
    """An interval around the values of f in *box*. Raises Outside, Unknown.

    code: what `needed` gives for the program's value.
    """
    slots = enclosures(program, box, needed(program, [program.value]) if code is None else code)
    found = slots[program.value]
    if isinstance(found, Exception):
        raise found
    answer: Interval = found
    return answer


def enclosures(
    program: Program, box: Sequence[Given | Interval], code: Sequence[int], *, kinks: bool = False
) -> dict[int, Any]:
    """By slot an interval around its values in *box*, or the exception that stands for none; the instructions *code* alone.

    kinks: whether slopes next to a kink take all numbers between both sides, as differences of f do.
    """
    with working_bits(BITS):
        slots: dict[int, Any] = {}
        for slot, given in enumerate((*box, *program.constants)):
            slots[slot] = given if isinstance(given, Interval) else around(ball(number_of(given, BITS)))
        for index in code:
            op, *places = program.code[index]
            arguments = [slots[place] for place in places]
            found = (
                _KINKS[op] if kinks and op in _KINKS and holds_zero(arguments[0]) else _result(op, arguments)
            )
            slots[program.first + index] = found
        return slots


def holds_zero(x: Any) -> bool:
    """Whether an interval holds 0."""
    return isinstance(x, Interval) and bool(x.low <= 0 <= x.high)


def around(x: Any) -> Interval:
    """The interval of a ball."""
    return Interval(x.lower(), x.upper())


def _result(op: str, arguments: Sequence[Any]) -> Any:
    """An interval, or the exception that stands for it."""
    if op == "select" and not isinstance(arguments[0], Exception):
        return _selected(*arguments)
    for argument in arguments:
        if isinstance(argument, Exception):
            return argument
    try:
        found = _operation(op)(*arguments)
    except (Outside, Unknown) as error:
        return error
    except Undecided:
        return Unknown()
    except (ValueError, ZeroDivisionError):
        return Outside()
    except ArithmeticError:
        return Unknown()
    return found if found.low.is_finite() and found.high.is_finite() else Unknown()


def _selected(condition: Interval, a: Any, b: Any) -> Any:
    if condition.low == condition.high:
        return a if condition.low != 0 else b
    for one, other in ((a, b), (b, a)):
        if isinstance(one, Unknown):
            return one
        if isinstance(one, Outside):
            return other
    return Interval(a.low.min(b.low), a.high.max(b.high))


def _operation(op: str) -> Callable[..., Interval]:
    if op in SPECIAL:
        raise Unknown  # on wide balls they cost much and tell little
    return _OWN[op] if op in _OWN else _by_balls(op)


def _by_balls(op: str) -> Callable[..., Interval]:
    function = OPERATIONS[op]

    def carried_out(*arguments: Interval) -> Interval:
        return around(ball(function(*(point(x) for x in arguments))))

    return carried_out


def point(x: Interval) -> Any:
    """The interval as a number for operations on balls: exact where it is one point."""
    if x.low == x.high:
        mantissa, exponent = x.low.man_exp()
        if abs(int(exponent)) < 20_000:
            return fmpq(mantissa) * fmpq(2) ** int(exponent)
    return hull(x.low, x.high)


def _increasing(op: str) -> Callable[[Interval], Interval]:
    function = OPERATIONS[op]

    def carried_out(x: Interval) -> Interval:
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
        a = x.low if low is None else x.low.max(arb(low))
        b = x.high if high is None else x.high.min(arb(high))
        if a > b:
            raise Outside
        ends = [ball(function(point(Interval(end, end)))) for end in (a, b)]
        first, last = reversed(ends) if falls else ends
        return Interval(first.lower(), last.upper())

    return carried_out


def _added(x: Interval, y: Interval) -> Interval:
    return Interval((x.low + y.low).lower(), (x.high + y.high).upper())


def _negated(x: Interval) -> Interval:
    return Interval(-x.high, -x.low)


def _multiplied(x: Interval, y: Interval) -> Interval:
    products = [a * b for a in x for b in y]
    return Interval(_least(p.lower() for p in products), _largest(p.upper() for p in products))


def _least(numbers: Any) -> Any:
    first, *others = numbers
    for number in others:
        first = first.min(number)
    return first


def _largest(numbers: Any) -> Any:
    first, *others = numbers
    for number in others:
        first = first.max(number)
    return first


def _divided(x: Interval, y: Interval) -> Interval:
    if y.low <= 0 <= y.high:
        if y.low == 0 == y.high:
            raise Outside
        raise Unknown
    quotients = [a / b for a in x for b in y]
    return Interval(_least(q.lower() for q in quotients), _largest(q.upper() for q in quotients))


def _size(x: Interval) -> Interval:
    if x.low >= 0:
        return x
    return Interval(-x.high, -x.low) if x.high <= 0 else Interval(arb(0), x.high.max(-x.low))


def _squared(x: Interval) -> Interval:
    size = _size(x)
    return Interval((size.low * size.low).lower().max(arb(0)), (size.high * size.high).upper())


def _power(x: Interval, y: Interval) -> Interval:
    if y.low != y.high:
        if not x.low > 0:
            raise Unknown
        return _by_balls("pow")(x, y)
    order = point(y)
    n = whole(order) if exact(order) else None
    if n is None:
        return _root_power(x, order)
    if n < 0:
        return _divided(Interval(arb(1), arb(1)), _power(x, Interval(arb(-n), arb(-n))))
    if n % 2 == 0:
        x = _size(x)
    low, high = (ball(OPERATIONS["pow"](point(Interval(end, end)), fmpq(n))) for end in x)
    return Interval(low.lower(), high.upper())


def _root_power(x: Interval, order: Any) -> Interval:
    """A power that is no whole one, of what is positive."""
    if x.high < 0:
        raise Outside
    if order < 0 and x.low <= 0:
        raise Unknown
    ends = [ball(OPERATIONS["pow"](point(Interval(end, end)), order)) for end in (x.low.max(arb(0)), x.high)]
    low, high = ends if order > 0 else reversed(ends)
    return Interval(low.lower(), high.upper())


def _root(x: Interval, n: Interval) -> Interval:
    order = point(n)
    if not exact(order) or order.q != 1 or order < 1:
        return _by_balls("root")(x, n)
    low, high = x
    if int(order.p) % 2 == 0:
        if high < 0:
            raise Outside
        low = low.max(arb(0))
    ends = [ball(OPERATIONS["root"](point(Interval(end, end)), order)) for end in (low, high)]
    return Interval(ends[0].lower(), ends[1].upper())


def _hypotenuse(x: Interval, y: Interval) -> Interval:
    a, b = _size(x), _size(y)
    return Interval(
        (a.low * a.low + b.low * b.low).sqrt().lower(), (a.high * a.high + b.high * b.high).sqrt().upper()
    )


def _wave(op: str) -> Callable[[Interval], Interval]:
    """sine and cosine, which never leave [-1, 1]."""
    inner = _by_balls(op)

    def carried_out(x: Interval) -> Interval:
        low, high = inner(x)
        return Interval(low.max(arb(-1)), high.min(arb(1)))

    return carried_out


def _at_least(bound: int, op: str) -> Callable[[Interval], Interval]:
    """A function that is even, grows with the size of its argument, and is nowhere below its value at 0."""
    function = OPERATIONS[op]

    def carried_out(x: Interval) -> Interval:
        size = _size(x)
        low, high = (ball(function(point(Interval(end, end)))) for end in size)
        return Interval(low.lower().max(arb(bound)), high.upper())

    return carried_out


def _steps(op: str) -> Callable[[Interval], Interval]:
    """Whole numbers between those of both ends."""
    return _increasing(op)


def _remainder(x: Interval, y: Interval) -> Interval:
    return _added(x, _negated(_multiplied(y, _steps("floor")(_divided(x, y)))))


def _leaky(x: Interval, slope: Interval) -> Interval:
    zero = arb(0)
    above, below = Interval(x.low.max(zero), x.high.max(zero)), Interval(x.low.min(zero), x.high.min(zero))
    return _added(above, _multiplied(slope, below))


def _elu(x: Interval, alpha: Interval) -> Interval:
    if not (alpha.low == alpha.high and alpha.low >= 0):
        return _by_balls("elu")(x, alpha)
    ends = [ball(OPERATIONS["elu"](point(Interval(end, end)), point(alpha))) for end in x]
    return Interval(ends[0].lower(), ends[1].upper())


def _compared(
    sure: Callable[[Interval, Interval], bool], never: Callable[[Interval, Interval], bool]
) -> Callable[..., Interval]:
    def carried_out(x: Interval, y: Interval) -> Interval:
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
    "add": _added, "sub": lambda x, y: _added(x, _negated(y)), "neg": _negated, "mul": _multiplied, "gate": _multiplied,
    "div": _divided, "square": _squared, "pow": _power, "abs": _size, "hypot": _hypotenuse, "root": _root,
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
