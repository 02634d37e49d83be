"""Hessian's program → the same program with the sums of its principal minors: its characteristic polynomial."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from gradcli.calculus.program.derivative_table import Matrix
from gradcli.calculus.program.program import Instruction, Program

#: A slot of the program, or None for what is 0.
Place = int | None


def sums_of_minors(matrix: Matrix, part: Sequence[int]) -> tuple[Program, list[Place]]:
    """A longer program, and in it the slots of the sums of the principal minors of 1, 2, … rows among *part*.

    With alternating signs they are the coefficients of the characteristic polynomial.
    """
    building = _Building(matrix.program)
    rows = [[matrix.slots[min(i, j)][max(i, j)] for j in part] for i in part]
    sums: list[Place] = []
    for size in range(1, len(part) + 1):
        total: Place = None
        for chosen in combinations(range(len(part)), size):
            total = building.sum(total, building.minor(rows, chosen, chosen))
        sums.append(total)
    return building.program(), sums


class _Building:
    """Instructions that are added to a program, equal ones once."""

    def __init__(self, program: Program) -> None:
        self.start, self.code = program, list(program.code)
        self.known: dict[Instruction, int] = {}

    def program(self) -> Program:
        added = len(self.code) - len(self.start.code)
        return self.start._replace(code=tuple(self.code), spans=(*self.start.spans, *(None,) * added))

    def node(self, op: str, *places: int) -> int:
        if op in ("add", "mul"):
            places = tuple(sorted(places))
        instruction = (op, *places)
        if instruction not in self.known:
            self.known[instruction] = self.start.first + len(self.code)
            self.code.append(instruction)
        return self.known[instruction]

    def sum(self, a: Place, b: Place) -> Place:
        return a if b is None else b if a is None else self.node("add", a, b)

    def product(self, a: Place, b: Place) -> Place:
        return None if a is None or b is None else self.node("mul", a, b)

    def difference(self, a: Place, b: Place) -> Place:
        if b is None or a == b:
            return a if b is None else None
        return self.node("neg", b) if a is None else self.node("sub", a, b)

    def minor(self, rows: Sequence[Sequence[Place]], first: Sequence[int], second: Sequence[int]) -> Place:
        """The determinant of the rows *first* and columns *second*, by its first row."""
        if len(first) == 1:
            return rows[first[0]][second[0]]
        total: Place = None
        for k, column in enumerate(second):
            rest = [*second[:k], *second[k + 1 :]]
            term = self.product(rows[first[0]][column], self.minor(rows, first[1:], rest))
            total = self.difference(total, term) if k % 2 else self.sum(total, term)
        return total
