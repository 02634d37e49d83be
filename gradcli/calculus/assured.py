"""Quick ways to what `doubt` finds out: a bound that often says at once that no digit was lost, and exact quotients.

The bound follows `doubt`'s analysis inside of the compiled program, knows fewer operations, and takes no
number for exact. Quotients of integers answer whatever is made of + - * / and powers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import hypot

from gradcli.calculus import floats
from gradcli.calculus.doubt import LARGEST, TOLERANCE
from gradcli.calculus.program import Program

#: How an instruction passes errors on: r is its result, a and b are its arguments, ea and eb their errors. The
#: rounding of the result itself is added to each.
_BOUNDS = {
    "neg": "{ea}", "abs": "{ea}", "add": "hypot({ea}, {eb})", "sub": "hypot({ea}, {eb})",
    "mul": "hypot({b} * {ea}, {a} * {eb})", "div": "hypot({ea}, {r} * {eb}) / size({b})",
    "square": "2 * size({a}) * {ea}", "sqrt": "{ea} / (2 * {r})", "hypot": "hypot({ea}, {eb})",
    "exp": "{r} * {ea}", "log": "{ea} / {a}", "sin": "{ea}", "cos": "{ea}", "atan": "{ea}", "tanh": "{ea}",
    "sinh": "(1 + size({r})) * {ea}", "cosh": "{r} * {ea}", "asinh": "{ea}", "erf": "2 * {ea}",
    "sigmoid": "{ea}", "softplus": "{ea}",
}  # fmt: skip
_NO_BOUND = "1e999"

#: Where the bound is taken for sure: a little below TOLERANCE, for the bound is rounded too.
_SURE = TOLERANCE * (1 - 1e-9)

#: Powers up to this, decimals with so many places and quotients of up to so many bits are carried out exactly.
_LARGEST_POWER, _MOST_PLACES, _MOST_BITS = 64, 4_000, 20_000

#: An integer by another, which is not 0; not in lowest terms.
Quotient = tuple[int, int]

Assured = Callable[..., tuple[Sequence[float], bool]]


def assured(program: Program, outputs: Sequence[int]) -> Assured:
    """A function from the variables' values to all slots, and whether *outputs* are sure to be right.

    Its text is made of slot numbers and of the bounds above. Raises what the operations raise.
    """
    header = ", ".join(f"v{i}" for i in range(len(program.variables)))
    body = [f"v{program.first + i} = {text}" for i, text in floats.statements(program)]
    sure = "True"
    if len(program.code) <= LARGEST:
        body += _errors(program)
        sure = " and ".join(f"e{slot} <= {_SURE} * size(v{slot})" for slot in outputs)
    slots = ", ".join(f"v{slot}" for slot in range(program.first + len(program.code)))
    lines = [f"def program({header}):", *body, f"return ({slots},), {sure}"]
    names = {**floats.environment(program), "size": abs, "hypot": hypot}
    function: Assured = floats.assemble("\n    ".join(lines), names)
    return function


def _errors(program: Program) -> list[str]:
    """A statement for the error of every slot; infinite where no bound is known."""
    statements = [f"e{slot} = size(v{slot}) / 2" for slot in range(program.first)]
    for slot, (op, *places) in enumerate(program.code, program.first):
        a, b = places[0], places[-1]
        bound = _BOUNDS.get(op, _NO_BOUND).format(a=f"v{a}", b=f"v{b}", ea=f"e{a}", eb=f"e{b}", r=f"v{slot}")
        statements.append(f"e{slot} = hypot({bound}, v{slot})")
    return statements


def exactly(program: Program, point: Sequence[str], outputs: Sequence[int]) -> list[float] | None:
    """The floats nearest to the slots *outputs*, where quotients can tell; None for any other program or point."""
    if len(program.code) > LARGEST or not all(op[0] in _QUOTIENTS for op in program.code):
        return None
    try:
        slots = [_quotient(text) for text in (*point, *program.constants)]
        for op, *places in program.code:
            above, below = result = _QUOTIENTS[op](*[part for place in places for part in slots[place]])
            if above.bit_length() + below.bit_length() > _MOST_BITS:
                return None
            slots.append(result)
        return [slots[slot][0] / slots[slot][1] + 0.0 for slot in outputs]  # no -0.0
    except (ArithmeticError, ValueError):
        return None


def _quotient(text: str) -> Quotient:
    """The number that a decimal spells."""
    mantissa, _, power = text.lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    places = len(fraction) - int(power or 0)
    if abs(places) > _MOST_PLACES:
        raise ValueError
    digits = int(whole + fraction)
    return (digits, 10**places) if places > 0 else (digits * 10**-places, 1)


def _sum(a: int, b: int, c: int, d: int) -> Quotient:
    return (a + c, b) if b == d else (a * d + c * b, b * d)


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
    "neg": lambda a, b: (-a, b), "add": _sum, "sub": lambda a, b, c, d: _sum(a, b, -c, d),
    "mul": lambda a, b, c, d: (a * c, b * d), "div": _divided, "square": lambda a, b: (a * a, b * b), "pow": _power,
}  # fmt: skip
