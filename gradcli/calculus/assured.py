"""Quick ways to what `doubt` finds out: a bound that often says at once that no digit was lost, and exact fractions.

The bound follows `doubt`'s analysis with sums in place of square roots of sums of squares, which can only make
it larger, and runs inside of the compiled program. Fractions answer whatever is made of + - * / and powers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from gradcli.calculus import floats
from gradcli.calculus.doubt import LARGEST, TOLERANCE
from gradcli.calculus.program import Program

if TYPE_CHECKING:
    from fractions import Fraction

#: How an instruction passes errors on: r is its result, a and b are its arguments, ea and eb their errors. The
#: rounding of the result itself is added to each.
_BOUNDS = {
    "neg": "{ea}", "abs": "{ea}", "add": "{ea} + {eb}", "sub": "{ea} + {eb}",
    "mul": "size({b}) * {ea} + size({a}) * {eb}", "div": "({ea} + size({r}) * {eb}) / size({b})",
    "square": "2 * size({a}) * {ea}", "sqrt": "{ea} / (2 * {r})", "hypot": "{ea} + {eb}",
    "exp": "{r} * {ea}", "log": "{ea} / {a}", "sin": "{ea}", "cos": "{ea}", "atan": "{ea}", "tanh": "{ea}",
    "sinh": "(1 + size({r})) * {ea}", "cosh": "{r} * {ea}", "asinh": "{ea}", "erf": "2 * {ea}",
    "sigmoid": "{ea}", "softplus": "{ea}",
}  # fmt: skip
_NO_BOUND = "1e999"

#: Powers up to this and fractions of up to so many bits are carried out exactly.
_LARGEST_POWER, _MOST_BITS = 64, 20_000

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
        sure = " and ".join(f"e{slot} <= {TOLERANCE} * size(v{slot})" for slot in outputs)
    slots = ", ".join(f"v{slot}" for slot in range(program.first + len(program.code)))
    lines = [f"def program({header}):", *body, f"return ({slots},), {sure}"]
    names = {**floats.environment(program), "size": abs}
    function: Assured = floats.assemble("\n    ".join(lines), names)
    return function


def _errors(program: Program) -> list[str]:
    """A statement for the error of every slot; infinite where no bound is known."""
    statements = [f"e{slot} = size(v{slot}) / 2" for slot in range(program.first)]
    for slot, (op, *places) in enumerate(program.code, program.first):
        a, b = places[0], places[-1]
        bound = _BOUNDS.get(op, _NO_BOUND).format(a=f"v{a}", b=f"v{b}", ea=f"e{a}", eb=f"e{b}", r=f"v{slot}")
        statements.append(f"e{slot} = {bound} + size(v{slot})")
    return statements


def exactly(program: Program, point: Sequence[str], outputs: Sequence[int]) -> list[float] | None:
    """The floats nearest to the slots *outputs*, where fractions can tell; None for any other program or point."""
    if len(program.code) > LARGEST or not all(op[0] in _FRACTIONS for op in program.code):
        return None
    from fractions import Fraction

    try:
        slots = [Fraction(text) for text in (*point, *program.constants)]
        for op, *places in program.code:
            result = _FRACTIONS[op](*(slots[place] for place in places))
            if result.numerator.bit_length() + result.denominator.bit_length() > _MOST_BITS:
                return None
            slots.append(result)
        return [float(slots[slot]) for slot in outputs]
    except (ArithmeticError, ValueError):
        return None


def _power(a: Fraction, b: Fraction) -> Fraction:
    if b.denominator != 1 or abs(b) > _LARGEST_POWER:
        raise ValueError
    return a ** int(b)


_FRACTIONS: dict[str, Callable[..., Fraction]] = {
    "neg": lambda a: -a, "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b, "square": lambda a: a * a, "pow": _power,
}  # fmt: skip
