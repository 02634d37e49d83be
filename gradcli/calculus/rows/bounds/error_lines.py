"""Instructions that compute bounds of errors, written once each: sums, products and quotients of what is not negative."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence

from gradcli.calculus.program.program import Program

#: A number that is known (a float), or the place of a line (an int).
Operand = float

_KNOWN: dict[str, Callable[..., float]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "neg": operator.neg, "abs": abs, "max": max,
}  # fmt: skip


class ErrorLines:
    """Lines (operation, operand, …) of programs; ("slot", s) and ("error", s) are numbers that are given.

    unit: what errors are counted in.
    """

    def __init__(self, unit: float) -> None:
        self.unit = unit
        self._lines: list[tuple[str, Operand, Operand | None]] = []
        self._places: dict[tuple[object, ...], int] = {}

    def given(self, kind: str, slot: int) -> Operand:
        """The number of a slot, or the error of an input."""
        return self._line(kind, slot)

    def add(self, a: Operand, b: Operand) -> Operand:
        """a + b."""
        if _is(a, 0.0) or _is(b, 0.0):
            return b if _is(a, 0.0) else a
        return self._line("add", a, b)

    def subtract(self, a: Operand, b: Operand) -> Operand:
        """a - b."""
        return a if _is(b, 0.0) else self._line("sub", a, b)

    def multiply(self, a: Operand, b: Operand) -> Operand:
        """a*b: 0 where either is known to be."""
        for one, other in ((a, b), (b, a)):
            if _is(one, 0.0):
                return 0.0
            if _is(one, 1.0):
                return other
            if _is(one, -1.0):
                return self._line("neg", other)
        return self._line("mul", a, b)

    def size(self, a: Operand) -> Operand:
        """|a|."""
        if type(a) is int and self._lines[a][0] in ("abs", "neg"):
            return a if self._lines[a][0] == "abs" else self.size(self._lines[a][1])
        return self._line("abs", a)

    def divide(self, above: Operand, below: Operand) -> Operand:
        """A quotient; no number where the divisor is not above 0."""
        if _is(above, 0.0) or _is(below, 1.0):
            return above
        return self._line("div", above, self._line("max", below, 0.0))

    def reciprocal(self, a: Operand) -> Operand:
        """1/a."""
        return self._line("div", 1.0, a)

    def function(self, op: str, a: Operand) -> Operand:
        """A function of one number."""
        return self._line(op, a)

    def sum(self, *numbers: Operand) -> Operand:
        """The sum; known numbers first."""
        total: Operand = 0.0
        for one in sorted(numbers, key=lambda x: type(x) is int):
            total = self.add(total, one)
        return total

    def product(self, *numbers: Operand) -> Operand:
        """The product; known numbers first."""
        total: Operand = 1.0
        for one in sorted(numbers, key=lambda x: type(x) is int):
            total = self.multiply(total, one)
        return total

    def program(self, outputs: Sequence[Operand]) -> tuple[Program, list[int], list[int]]:
        """The program of the lines that *outputs* need, and the slots and inputs that its variables are, in their order."""
        needed = self._needed(outputs)
        slots = [place for place in needed if self._lines[place][0] == "slot"]
        inputs = [place for place in needed if self._lines[place][0] == "error"]
        rest = [place for place in needed if self._lines[place][0] not in ("slot", "error")]
        numbers = dict.fromkeys(repr(x) for x in outputs if type(x) is float)
        for place in rest:
            numbers |= dict.fromkeys(repr(x) for x in self._lines[place][1:] if type(x) is float)
        order: list[object] = [*slots, *inputs, *numbers, *rest]
        where = {one: slot for slot, one in enumerate(order)}

        def slot_of(x: Operand | None) -> int:
            return where[x if type(x) is int else repr(x)]

        code = tuple(
            (op, *(slot_of(x) for x in arguments if x is not None))
            for op, *arguments in (self._lines[place] for place in rest)
        )
        names = tuple(f"v{place}" for place in (*slots, *inputs))
        value, *others = map(slot_of, outputs)
        program = Program(
            names, tuple(numbers), code, 0, value, tuple(others), (), (None,) * len(code), frozenset()
        )
        given = [[int(self._lines[place][1]) for place in part] for part in (slots, inputs)]
        return program, given[0], given[1]

    def _line(self, op: str, a: Operand, b: Operand | None = None) -> Operand:
        if op in _KNOWN and type(a) is float and (b is None or type(b) is float):
            return float(_KNOWN[op](*(x for x in (a, b) if x is not None)))
        if op in ("add", "mul") and b is not None and _order(b) < _order(a):
            a, b = b, a
        key = (op, type(a), a, type(b), b)  # the place 10 is not the number 10.0, which is equal to it
        if key not in self._places:
            self._places[key] = len(self._lines)
            self._lines.append((op, a, b))
        return self._places[key]

    def _needed(self, outputs: Sequence[Operand]) -> list[int]:
        reached, waiting = set[int](), [*outputs]
        while waiting:
            place = waiting.pop()
            if type(place) is int and place not in reached:
                reached.add(place)
                op, a, b = self._lines[place]
                waiting += [] if op in ("slot", "error") else [x for x in (a, b) if x is not None]
        return sorted(reached)


def _is(x: Operand, number: float) -> bool:
    return type(x) is float and x == number


def _order(x: Operand) -> tuple[bool, float]:
    return type(x) is int, x
