"""Quotients of slopes that are 0/0 at a point where the slope has a value: which they are, and what they are there.

Near the point their digits cancel; series take their place (elliptic integrals: DLMF 19.5.1, 19.5.2, differentiated).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from gradcli.calculus.exporting.meanings.instruction_meanings import SERIES
from gradcli.calculus.program.program import Program


class Quotient(NamedTuple):
    """A text in x, the slot that x stands for, and the slot of a factor before it or None."""

    text: str
    slot: int
    factor: int | None = None


#: Functions whose quotient by their argument has a value at 0.
_BY_ARGUMENT = {
    "sin": "where(x==0,1,sin(x)/x)", "sinh": "where(x==0,1,sinh(x)/x)",
    "sincprime": f"where(abs(x)>1,sincprime(x)/x,-{SERIES}/3)",
}  # fmt: skip

_K_SERIES = "pi/2*(1/4+x*(9/32+x*(75/256+x*(1225/4096+x*(19845/65536+x*160083/524288)))))"
_E_SERIES = "-pi/2*(1/4+x*(3/32+x*(15/256+x*(175/4096+x*(2205/65536+x*14553/524288)))))"
_K_SLOPE = f"where(abs(x)<0.004,{_K_SERIES},(elliptic_e(x)-(1-x)*elliptic_k(x))/(2*x*(1-x)))"
_E_SLOPE = f"where(abs(x)<0.004,{_E_SERIES},(elliptic_e(x)-elliptic_k(x))/(2*x))"


def removable(program: Program, dividend: int, divisor: int) -> Quotient | None:
    """What the quotient of two slots is in other words, where it is one of those; else None."""
    factor, (op, *inner) = None, written(program, dividend)
    if op == "mul" and len(program.variables) <= inner[0] < program.first:
        factor, (op, *inner) = inner[0], written(program, inner[1])
    if op in _BY_ARGUMENT and inner == [divisor]:
        return Quotient(_BY_ARGUMENT[op], divisor, factor)
    if factor is None and op == "add" and written(program, inner[1])[0] == "elliptic_e":
        argument = written(program, inner[1])[1]
        if _is_double(program, divisor, argument, ending=True):
            return Quotient(_K_SLOPE, argument)
    if factor is None and op == "sub" and written(program, inner[0])[0] == "elliptic_e":
        argument = written(program, inner[0])[1]
        if written(program, inner[1]) == ("elliptic_k", argument) and _is_double(program, divisor, argument):
            return Quotient(_E_SLOPE, argument)
    return None


def is_side(program: Program, dividend: int, divisor: int) -> bool:
    """Whether a quotient is a slope of `hypot`."""
    op, *sides = written(program, divisor)
    return op == "hypot" and dividend in sides


def written(program: Program, slot: int) -> tuple[Any, ...]:
    """The instruction that a slot is the result of; of a variable or a constant one without a name."""
    return program.code[slot - program.first] if slot >= program.first else ("",)


def _is_double(program: Program, slot: int, argument: int, ending: bool = False) -> bool:
    """Whether a slot is 2*m, or with an *ending* 2*m*(1-m)."""
    op, *places = written(program, slot)
    if op != "mul":
        return False
    if ending:
        less = written(program, places[1])
        return (less[0] == "sub" and less[2] == argument and _is(program, less[1], "1")
                and _is_double(program, places[0], argument))  # fmt: skip
    return places[1] == argument and _is(program, places[0], "2")


def _is(program: Program, slot: int, text: str) -> bool:
    number = slot - len(program.variables)
    return 0 <= number < len(program.constants) and program.constants[number] == text
