"""Programs of one row put together from those of its parts: what is fitted, its weight, the model, and products of these."""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.calculus.program.program import Program

#: A slot of the whole before its place is known: 0, 1 or 2 for a variable, a constant, an instruction, and its number.
Slot = tuple[int, int]

#: What splits a float into halves of 26 bits (Dekker 1971, A floating-point technique for extending precision).
_SPLITTER = "134217729"


class ProgramParts:
    """Instructions that grow; `program` is the whole."""

    def __init__(self) -> None:
        self._variables: dict[str, int] = {}
        self._constants: dict[str, int] = {}
        self._code: list[tuple[str, tuple[Slot, ...]]] = []
        self._guarded: set[int] = set()
        self._halves: dict[Slot, tuple[Slot, Slot]] = {}

    def taken(self, program: Program) -> list[Slot]:
        """All of a program; where its slots are now."""
        slots = [self.variable(name) for name in program.variables]
        slots += [self.constant(text) for text in program.constants]
        for index, (op, *places) in enumerate(program.code):
            if index in program.guarded:
                self._guarded.add(len(self._code))
            slots.append(self.made(op, *(slots[place] for place in places)))
        return slots

    def variable(self, name: str) -> Slot:
        """A name."""
        return 0, self._variables.setdefault(name, len(self._variables))

    def constant(self, text: str) -> Slot:
        """A number."""
        return 1, self._constants.setdefault(text, len(self._constants))

    def made(self, op: str, *slots: Slot) -> Slot:
        """One more instruction."""
        self._code.append((op, slots))
        return 2, len(self._code) - 1

    def product(self, a: Slot, b: Slot) -> tuple[Slot, Slot]:
        """a*b rounded, and what that rounding took: together they are the product (Dekker 1971, section 5)."""
        whole = self.made("mul", a, b)
        (high, low), (top, rest) = self._split(a), self._split(b)
        left = self.made("sub", whole, self.made("mul", high, top))
        left = self.made("sub", left, self.made("mul", low, top))
        left = self.made("sub", left, self.made("mul", high, rest))
        return whole, self.made("sub", self.made("mul", low, rest), left)

    def _split(self, a: Slot) -> tuple[Slot, Slot]:
        """The upper and the lower half of a float's bits."""
        if a not in self._halves:
            far = self.made("mul", a, self.constant(_SPLITTER))
            high = self.made("sub", far, self.made("sub", far, a))
            self._halves[a] = high, self.made("sub", a, high)
        return self._halves[a]

    def program(self, outputs: Sequence[Slot]) -> Program:
        """The whole, with the *outputs* as its value and in the place of slopes."""
        first = (0, len(self._variables), len(self._variables) + len(self._constants))
        code = tuple((op, *(first[kind] + k for kind, k in slots)) for op, slots in self._code)
        places = [first[kind] + k for kind, k in outputs]
        return Program(
            tuple(self._variables), tuple(self._constants), code, 0, places[0], tuple(places[1:]), (),
            (None,) * len(code), frozenset(self._guarded),
        )  # fmt: skip
