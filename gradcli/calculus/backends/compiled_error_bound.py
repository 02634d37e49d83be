"""Quick ways to right digits: a bound inside of the compiled program, and exact quotients.

The bound is that of `rounding_error`, written out for the frequent operations; it takes no result for exact. Quotients of
integers answer whatever is made of + - * / and powers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gradcli.calculus.backends import float_backend
from gradcli.calculus.backends.error_propagation import SLACK, UNDERFLOW, UNIT, over
from gradcli.calculus.backends.rounding_error import LARGEST, TOLERANCE, constant_error, error_of
from gradcli.calculus.program.instructions import SUM
from gradcli.calculus.program.point_answer import FEW_DIGITS
from gradcli.calculus.program.program import Program
from gradcli.calculus.program.typed_numbers import is_short, text_of

#: How frequent instructions pass errors on: r is the result, a and b are the arguments, ea and eb their errors. That these
#: bounds are rounded too is allowed for at the end.
_BOUNDS = {
    "neg": "{ea}", "abs": "{ea}", **dict.fromkeys(("add", "sub"), "{ea} + {eb} + size({r}) + T"),
    "mul": "size({b}) * {ea} + size({a}) * {eb} + {ea} * {eb} * U + size({r}) + T",
    "div": "over({ea} + (size({r}) + T) * {eb}, size({b}) - {eb} * U - T) + size({r}) + T",
    "square": "(2 * size({a}) + {ea} * U) * {ea} + {r} + T",
    "exp": "over(({r} + T) * {ea}, 1 - {ea} * U) + 4 * {r} + T", "log": "over({ea}, {a} - {ea} * U - T) + 4 * size({r}) + T",
    **dict.fromkeys(("sin", "cos"), "{ea} + 4 * size({r}) + T"),
}  # fmt: skip

#: Powers up to this, decimals with so many places and quotients of up to so many bits are carried out exactly.
_LARGEST_POWER, _MOST_PLACES, _MOST_BITS = 64, 4_000, 20_000

#: An integer by another, which is not 0; not in lowest terms.
Quotient = tuple[int, int]

Assured = Callable[..., tuple[Sequence[float], bool]]


def run_with_error_bound(program: Program, outputs: Sequence[int], tolerance: float = TOLERANCE) -> Assured:
    """A function from the variables' values to all slots, and whether *outputs* are sure to be right.

    tolerance: the error that they may have for each unit, in units of 2**-53.

    Its text is made of slot numbers and of the bounds above. Raises what the operations raise.
    """
    header = ", ".join(f"v{i}" for i in range(len(program.variables)))
    body = [f"v{program.first + i} = {text}" for i, text in float_backend.statements(program)]
    sure = "True"
    if len(program.code) <= LARGEST:
        body += [f"e{slot} = given(v{slot})" for slot in range(len(program.variables))]
        body += error_statements(program)
        sure = " and ".join(f"e{slot} <= {tolerance / SLACK} * size(v{slot})" for slot in outputs)
    slots = ", ".join(f"v{slot}" for slot in range(program.first + len(program.code)))
    lines = [f"def program({header}):", *body, f"return ({slots},), {sure}"]
    names = {**float_backend.environment(program), **BOUND_NAMES, "given": _given}
    function: Assured = float_backend.assemble("\n    ".join(lines), names)
    return function


#: What the statements of `error_statements` name; S: what is beyond the errors that they say.
BOUND_NAMES = {"size": abs, "over": over, "error_of": error_of, "U": UNIT, "T": UNDERFLOW, "S": SLACK}


def error_statements(program: Program) -> list[str]:
    """A statement for the error e… of every slot v… but the variables'."""
    count = len(program.variables)
    statements = [
        f"e{slot} = {constant_error(text, float_backend.constant(text))!r}"
        for slot, text in enumerate(program.constants, count)
    ]
    for slot, (op, *places) in enumerate(program.code, program.first):
        a, b = places[0], places[-1]
        if op in _BOUNDS:
            bound = _BOUNDS[op].format(a=f"v{a}", b=f"v{b}", ea=f"e{a}", eb=f"e{b}", r=f"v{slot}")
        else:
            values, errors = (", ".join(f"{letter}{place}" for place in places) for letter in "ve")
            bound = f"error_of({op!r}, v{slot}, ({values},), ({errors},))"
        statements.append(f"e{slot} = {bound}")
    return statements


def _given(x: float) -> float:
    """The error of a float for the shortest decimal that it is read from."""
    return 0.0 if is_short(x) else abs(x) + UNDERFLOW


def in_rationals(program: Program, point: Sequence[object], outputs: Sequence[int]) -> list[float] | None:
    """The floats nearest to the slots *outputs*, where quotients can tell; None for any other program or point.

    Nor are there any where one is too small for the digits of a float, of which more is said.
    """
    if len(program.code) > LARGEST or not all(op[0] in _QUOTIENTS for op in program.code):
        return None
    try:
        slots = [_quotient(given) for given in (*point, *program.constants)]
        for op, *places in program.code:
            above, below = result = _QUOTIENTS[op](*[part for place in places for part in slots[place]])
            if above.bit_length() + below.bit_length() > _MOST_BITS:
                return None
            slots.append(result)
        found = [slots[slot][0] / slots[slot][1] + 0.0 for slot in outputs]  # no -0.0
        small = any(abs(x) < FEW_DIGITS and slots[slot][0] for x, slot in zip(found, outputs, strict=True))
        return None if small else found
    except (ArithmeticError, ValueError):
        return None


def _quotient(given: object) -> Quotient:
    """The number that a decimal spells, or that a computed float is."""
    text = text_of(given)
    if text is None:
        return float(given).as_integer_ratio()  # type: ignore[arg-type]  # a float
    mantissa, _, power = text.lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    places = len(fraction) - int(power or 0)
    if abs(places) > _MOST_PLACES:
        raise ValueError
    digits = int(whole + fraction)
    return (digits, 10**places) if places > 0 else (digits * 10**-places, 1)


def _sum(a: int, b: int, c: int, d: int) -> Quotient:
    return (a + c, b) if b == d else (a * d + c * b, b * d)


def _total(*parts: int) -> Quotient:
    above, below = parts[:2]
    for c, d in zip(parts[2::2], parts[3::2], strict=True):
        above, below = _sum(above, below, c, d)
    return above, below


def _divided(a: int, b: int, c: int, d: int) -> Quotient:
    if c == 0:
        raise ZeroDivisionError
    return a * d, b * c


def _power(a: int, b: int, c: int, d: int) -> Quotient:
    n, rest = divmod(c, d)
    if rest or abs(n) > _LARGEST_POWER or (a == 0 and n < 0):
        raise ValueError
    return (a**n, b**n) if n >= 0 else (b**-n, a**-n)


_QUOTIENTS: dict[str, Callable[..., Quotient]] = {
    SUM: _total, "neg": lambda a, b: (-a, b), "add": _sum, "sub": lambda a, b, c, d: _sum(a, b, -c, d),
    "mul": lambda a, b, c, d: (a * c, b * d), "div": _divided, "square": lambda a, b: (a * a, b * b), "pow": _power,
}  # fmt: skip
