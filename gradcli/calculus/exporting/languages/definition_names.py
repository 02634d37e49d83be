"""Definitions of a text → the statements of the exported code that compute them, so that these have their names."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from gradcli.calculus.backends import float_backend
from gradcli.calculus.program.program import Program


class Defined:
    """Where a program computes each definition: names and slots."""

    def __init__(self, program: Program, slots: Mapping[str, int]) -> None:
        self.program, self.slots = program, slots

    def found_in(self, other: Program) -> dict[int, str]:
        """The slots of *other* that compute the same by the same operations, each under the first name that it has."""
        known: dict[Hashable, int] = {}
        own, others = _shapes(self.program, known), _shapes(other, known)
        first: dict[int, int] = {}
        for slot, shape in enumerate(others):
            first.setdefault(shape, slot)
        found: dict[int, str] = {}
        for name, slot in self.slots.items():
            there = first.get(own[slot], -1)
            if there >= other.first:
                found.setdefault(there, name)
        return found


def _shapes(program: Program, known: dict[Hashable, int]) -> list[int]:
    """A number for what each slot computes: the same for the same operations on the same."""
    keys: list[Hashable] = [("name", name) for name in program.variables]
    keys += [("number", float_backend.constant(text)) for text in program.constants]
    shapes = [known.setdefault(key, len(known)) for key in keys]
    for op, *places in program.code:
        key = (op, *(shapes[place] for place in places))
        shapes.append(known.setdefault(key, len(known)))
    return shapes
