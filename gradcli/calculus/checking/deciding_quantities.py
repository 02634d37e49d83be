"""Program → the quantities whose sign decides which piece is taken, or whose size says that something happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from flint import arb

from gradcli.calculus.balls.ball_numbers import ball
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.program.instructions import SPECIAL
from gradcli.calculus.program.program import Program

#: More than so many quantities of one program are not looked for.
MOST = 120

#: Whole numbers at which floor and its kind are looked at.
_WHOLE = (0, 1, -1, 2)


class Quantity(NamedTuple):
    """slots[left] - factor*slots[right] - level.

    kind: `seam` where two pieces meet at its zero, `end` where a domain may end there, `scale` for the rest.
    """

    left: int
    right: int | None
    factor: int
    level: int
    kind: str

    def at(self, slots: Sequence[Any]) -> Any:
        """Its ball; None where it has no value."""
        left = slots[self.left]
        if isinstance(left, Failure):
            return None
        found = ball(left) - self.level
        if self.right is not None:
            right = slots[self.right]
            if isinstance(right, Failure):
                return None
            found -= self.factor * ball(right)
        return found if found.is_finite() else None


def _one(kind: str, *levels: int) -> Callable[[Sequence[int]], Iterator[Quantity]]:
    return lambda places: (Quantity(places[0], None, 0, level, kind) for level in levels)


def _two(kind: str, *factors: int) -> Callable[[Sequence[int]], Iterator[Quantity]]:
    return lambda places: (Quantity(places[0], places[1], factor, 0, kind) for factor in factors)


def _each(kind: str) -> Callable[[Sequence[int]], Iterator[Quantity]]:
    return lambda places: (Quantity(place, None, 0, 0, kind) for place in places)


def _divisor(places: Sequence[int]) -> Iterator[Quantity]:
    yield Quantity(places[1], None, 0, 0, "end")


def _remainder(places: Sequence[int]) -> Iterator[Quantity]:
    yield from _divisor(places)
    yield from _two("seam", *_WHOLE)(places)


#: What decides or scales each operation, from the slots of its arguments; for those that are not here: their arguments
#: around 0 and ±1.
_TABLE: dict[str, Callable[[Sequence[int]], Iterator[Quantity]]] = {
    **dict.fromkeys(("lt", "le", "eq", "ne", "min", "max"), _two("seam", 1)),
    **dict.fromkeys(("abs", "sign", "relu", "heaviside", "leaky_relu", "elu"), _one("seam", 0)),
    **dict.fromkeys(("floor", "ceil"), _one("seam", *_WHOLE)), "mod": _remainder, "div": _divisor,
    **dict.fromkeys(("sqrt", "cbrt", "root", "log", "log2", "log10", "lgamma", "pow", "asech"), _one("end", 0, 1)),
    **dict.fromkeys(("asin", "acos", "atanh", "erfinv", "asec", "acsc", "acoth"), _one("end", 1, -1)),
    "log1p": _one("end", -1, 0), "acosh": _one("end", 1), "atan2": _each("end"), "gamma": _one("end", 0, -1, 1),
    **dict.fromkeys(("add", "sub"), _two("scale", 1, -1)),
    **dict.fromkeys(("mul", "hypot", "sum"), _each("scale")), "neg": lambda places: iter(()),
    **dict.fromkeys(("select", "and", "or", "gate"), lambda places: iter(())),
}  # fmt: skip

#: Their values at extreme arguments take too long: only ordinary sizes are looked at.
HARD = frozenset((*SPECIAL, "gamma", "lgamma"))


def quantities(program: Program) -> list[Quantity]:
    """The quantities of what *program*'s value is made of, those of seams first."""
    found: dict[Quantity, None] = {}
    varying = varying_slots(program)
    for op, *places in program.code:
        make = _TABLE.get(op) or _one("scale", 0, 1, -1)
        for one in make(places):
            if one.left in varying or one.right in varying:
                found[one] = None
    order = {"seam": 0, "end": 1, "scale": 2}
    return sorted(found, key=lambda one: order[one.kind])[:MOST]


def varying_slots(program: Program) -> set[int]:
    """The slots that depend on a variable."""
    varying = set(range(len(program.variables)))
    for slot, (_, *places) in enumerate(program.code, program.first):
        if not varying.isdisjoint(places):
            varying.add(slot)
    return varying


def text_of(one: Quantity, program: Program, text: str) -> tuple[str, str]:
    """Both sides of the equation that the quantity's zero is: `x - 1` and `0`."""
    left = _slot_text(one.left, program, text)
    if one.right is None:
        return left, str(one.level)
    right = _slot_text(one.right, program, text)
    factor = {1: "", -1: "-", 0: "0*"}.get(one.factor, f"{one.factor}*")
    return left, "0" if one.factor == 0 else f"{factor}{right}"


def _slot_text(slot: int, program: Program, text: str) -> str:
    names = (*program.variables, *program.constants)
    if slot < len(names):
        return names[slot]
    span = program.spans[slot - program.first]
    return text[slice(*span)] if span else "…"


def constants_of(program: Program) -> list[float]:
    """The sizes of the numbers in *program*, and of what is made of numbers alone."""
    from gradcli.calculus.balls.programs.ball_backend import run

    slots = run(program, [arb(1)] * len(program.variables), 64)
    varying = varying_slots(program)
    sizes: dict[float, None] = {}
    for slot, found in enumerate(slots):
        if slot not in varying and not isinstance(found, Failure) and ball(found).is_finite():
            size = abs(float(ball(found)))
            if 0 < size < float("inf"):
                sizes[size] = None
    return list(sizes)
