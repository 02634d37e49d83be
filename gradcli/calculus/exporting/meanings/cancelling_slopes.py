"""Slopes of the table whose digits cancel, that overflow or are 0/0 where they have a value: which, and what they are."""

from __future__ import annotations

from typing import NamedTuple

from gradcli.calculus.exporting.meanings.composed_special import (
    dawson_slope,
    scaled_erfc_slope,
    small_spherical_slope,
)
from gradcli.calculus.exporting.meanings.removable_singularities import written
from gradcli.calculus.program.program import Program

#: Differences of a constant and 2*x*f(x), by f: what they are.
_DIFFERENCES = {"erfcx": scaled_erfc_slope(20), "dawson": dawson_slope(20)}

#: A quotient by erfcx(y), z, which is too large to the left of 0 where the quotient is not.
_BY_SCALED = "where(y<-5,x*exp(-min(-y,1e150)**2)/erfc(y),x/z)"

_SPHERICAL = ("spherical_jn", "spherical_in")


class Slope(NamedTuple):
    """A text in x, y and z, and the slots that these stand for."""

    text: str
    slots: tuple[int, ...]


def cancelling(program: Program, op: str, *places: int) -> Slope | None:
    """What an instruction of a gradient is in other words, where it is one of those; else None."""
    if op == "sub":
        return _difference(program, *places)
    if op == "mul":
        return _spherical(program, *places)
    function, *argument = written(program, places[1]) if op == "div" else ("",)
    return Slope(_BY_SCALED, (places[0], *argument, places[1])) if function == "erfcx" else None


def _difference(program: Program, left: int, right: int) -> Slope | None:
    """2*x*erfcx(x) - 2/sqrt(pi), or 1 - 2*x*dawson(x)."""
    for product in (left, right):
        op, *factors = written(program, product)
        if op != "mul":
            continue
        function, *argument = written(program, factors[1])
        double, *inner = written(program, factors[0])
        whole = _DIFFERENCES.get(function) if (product == left) == (function == "erfcx") else None
        if whole is not None and double == "mul" and inner[1:] == argument:
            return Slope(whole, tuple(argument))
    return None


def _spherical(program: Program, quotient: int, factor: int) -> Slope | None:
    """n/x*f(n, x) for a spherical Bessel function."""
    op, *sides = written(program, quotient)
    function, *arguments = written(program, factor)
    if op != "div" or function not in _SPHERICAL or sides != arguments:
        return None
    small = small_spherical_slope("-" if function == "spherical_jn" else "+")
    return Slope(f"where(abs(y)<1e-5,{small},x/y*z)", (*arguments, factor))
