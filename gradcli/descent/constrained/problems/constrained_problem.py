"""f and its constraints as functions of the vector that moves, with first and second derivatives, in floats.

Inside, f is made small, and a constraint is h = 0 or h <= 0: h is the left side less the right one, or its negative for >=.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from gradcli.calculus.backends import float_backend
from gradcli.calculus.program.derivative_table import Matrix as Table
from gradcli.calculus.program.program import Program
from gradcli.calculus.tables.hessian_table import hessian_of
from gradcli.calculus.tables.jacobian_table import jacobian_of
from gradcli.descent.objective.vectors import Matrix, Vector
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.problem_text import joined, wrapped
from gradcli.language.records import NamedTuple


class Place(NamedTuple):
    """A vector, f there and its slopes, the constraints' values and theirs."""

    x: Vector
    f: float
    g: Vector
    h: Vector
    rows: Matrix


class ConstrainedProblem:
    """f and constraints, counting evaluations.

    names: the variables that move. sign: -1 where f is made large. signs: of each constraint, -1 for >=. equal: which are
    equations. base: the values of all variables at the start. count, curvatures: evaluations of all first derivatives, of
    the Lagrangian's second ones.
    """

    def __init__(
        self, texts: Sequence[str], constraints: Sequence[Constraint], at: Mapping[str, float],
        wrt: Collection[str] | None = None, *, ascend: bool = False,
    ) -> None:  # fmt: skip
        self.text, self.constraints, self.given = joined(texts), tuple(constraints), tuple(at)
        self.sign = -1.0 if ascend else 1.0
        self.signs = [-1.0 if one.relation == ">=" else 1.0 for one in constraints]
        self.equal = [one.relation == "=" for one in constraints]
        self.count = self.curvatures = 0
        self._wrt = wrt
        differences = [one.difference for one in constraints]
        self.table = jacobian_of(
            [self.text, *differences], self.given, self._moving(differences), formulas=False
        )
        self.names = self.table.columns
        self.base = {name: float(at[name]) for name in self.table.program.variables if name in at}
        self._place = _Compiled(self.table)

    def _moving(self, differences: Sequence[str]) -> list[str] | None:
        if self._wrt is None:
            return None
        from gradcli.language.parser.outputs import total

        return [name for name in total([self.text, *differences], self.given).variables if name in self._wrt]

    def at(self, x: Sequence[float]) -> dict[str, float]:
        """The point, by name."""
        return {**self.base, **dict(zip(self.names, x, strict=True))}

    def look(self, x: Vector) -> Place | None:
        """The place at x; None where something has no value or no slope there."""
        self.count += 1
        at = self.at(x)
        found = self._place([at[name] for name in self.table.program.variables])
        if found is None:
            return None
        values, rows = found
        h = [s * v for s, v in zip(self.signs, values[1:], strict=True)]
        slopes = [[s * b for b in row] for s, row in zip(self.signs, rows[1:], strict=True)]
        return Place(x, self.sign * values[0], [self.sign * b for b in rows[0]], h, slopes)

    def lagrangian(self, x: Sequence[float], multipliers: Sequence[float]) -> Matrix | None:
        """The second derivatives of f plus the multipliers times h; None where there are none."""
        if self.second is None:
            return None
        self.curvatures += 1
        weights = [m * s for m, s in zip(multipliers, self.signs, strict=True)]
        at = self.at(x) | dict(zip(self.weights, (self.sign, *weights), strict=True))
        try:
            slots = float_backend.run(self.second.program, [at[n] for n in self.second.program.variables])
        except (ValueError, ArithmeticError):
            return None
        found = [[0.0 if slot is None else float(slots[slot]) for slot in row] for row in self.second.slots]
        return found if all(math.isfinite(number) for row in found for number in row) else None

    @cached_property
    def weights(self) -> tuple[str, ...]:
        """Names for the multipliers of f and of each constraint, such as no variable has."""
        taken, stem = {*self.given, *self.table.program.variables}, "multiplier"
        while any(name.startswith(stem) for name in taken):
            stem += "_"
        return tuple(f"{stem}{i}" for i in range(len(self.constraints) + 1))

    @cached_property
    def second(self) -> Table | None:
        """The program of the Lagrangian's second derivatives; None where nobody knows one."""
        texts = [self.text, *(one.difference for one in self.constraints)]
        weighted = [wrapped(text, f"{w}*(", ")") for w, text in zip(self.weights, texts, strict=True)]
        table = hessian_of(weighted, (*self.given, *self.weights), list(self.names), formulas=False)
        return None if table.unknown else table

    @property
    def extreme(self) -> str:
        """What is looked for."""
        return "maximum" if self.sign < 0 else "minimum"

    @property
    def falls(self) -> str:
        """What f does along the way."""
        return "rises" if self.sign < 0 else "falls"


class _Compiled:
    """A table's values and slopes at a point."""

    def __init__(self, table: Table) -> None:
        slots = [*table.values, *(slot for row in table.slots for slot in row)]
        wanted = list(dict.fromkeys(slot for slot in slots if slot is not None))
        self._places = {slot: place for place, slot in enumerate(wanted)}
        self._table = table
        self._run = float_backend.compiled(_all(table.program, wanted))

    def __call__(self, numbers: Sequence[float]) -> tuple[Vector, Matrix] | None:
        try:
            found = self._run(*numbers)
        except (ValueError, ArithmeticError):
            return None
        if not all(map(math.isfinite, found)):
            return None
        found = found[1:]
        values = [float(found[self._places[slot]]) for slot in self._table.values]
        rows = [
            [0.0 if slot is None else float(found[self._places[slot]]) for slot in row]
            for row in self._table.slots
        ]
        return values, rows


def _all(program: Program, wanted: Sequence[int]) -> Program:
    """The program with *wanted* as its results."""
    return program._replace(value=wanted[0], gradient=tuple(wanted))
