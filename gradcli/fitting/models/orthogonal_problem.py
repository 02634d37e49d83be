"""Errors in the columns too: orthogonal distance regression, its shifts eliminated row by row.

Each row's columns may move by δ at the cost of (δ/σx)²; for given parameters the best δ is found by Gauss and Newton, and
what is left is a residual with the variance σy² + Σ(∂f/∂x σx)², whose square is the row's cost and whose slopes are those of
the cost (Boggs, Byrd & Schnabel 1987, SIAM J. Sci. Stat. Comput. 8; the envelope theorem).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from gradcli.calculus.program.program import Program
from gradcli.fitting.models.fit_problem import FitData, Linearization
from gradcli.fitting.models.row_function import row_function
from gradcli.fitting.models.triangles import factored
from gradcli.language.records import NamedTuple

Vector = list[float]

#: Rounds of shifts at most, and the share of σx by which a shift no longer changes.
ROUNDS, SETTLED = 100, 1e-12

#: By what share a row's cost is lower at other shifts, and the share of σx within which shifts come to the same ones.
LOWER, SAME = 1e-12, 1e-3


class Moved(NamedTuple):
    """A row whose columns have moved.

    slopes: along the parameters. right: its residual, by its standard deviation *spread*. shift: the next one of each
    column, moved: the share of σx by which the last one was another.
    """

    slopes: Vector
    right: float
    spread: float
    shift: Vector
    moved: float

    @property
    def cost(self) -> float:
        """The squared distance, where the shifts have settled."""
        return self.right * self.right


class OrthogonalProblem:
    """The sum of squared distances; `fit_problem.FitProblem` says what it answers.

    program: the model with slopes along parameters and columns. spreads: σx by column. data.roots: 1/σy of the rows.
    """

    def __init__(
        self, program: Program, columns: Sequence[str], parameters: Sequence[str], data: FitData,
        spreads: Mapping[str, Sequence[float]],
    ) -> None:  # fmt: skip
        self.names = tuple(name for name in parameters if name not in data.held)
        self.rows, self.evaluations, self.data = data.rows, 0, data
        self._all, self._columns = tuple(parameters), tuple(columns)
        self._shifted = [k for k, name in enumerate(columns) if name in spreads]
        self._spreads = [list(spreads[columns[k]]) for k in self._shifted]
        gradient = dict(zip(program.variables, program.gradient, strict=True))
        self._slots = [gradient[columns[k]] for k in self._shifted], [gradient[name] for name in self.names]
        wanted = [program.value, *(slot for slot in (*self._slots[0], *self._slots[1]) if slot is not None)]
        self._outputs = list(dict.fromkeys(wanted))
        self._function = row_function(program, columns, parameters, self._outputs)
        self._value = program.value
        self._base = [tuple(row) for row in zip(*(data.columns[name] for name in columns), strict=True)]
        self._shifts = [[0.0] * len(self._shifted) for _ in range(data.rows)]

    def _evaluated(
        self, x: Sequence[float], shifts: Sequence[Vector], chosen: Sequence[int] | None = None
    ) -> list[tuple[float, Vector, Vector]]:
        """In each row f, its slopes along the shifted columns, and along the parameters that move; *chosen* rows, or all."""
        point = {**self.data.held, **dict(zip(self.names, x, strict=True))}
        rows = []
        for number in range(self.rows) if chosen is None else chosen:
            row = list(self._base[number])
            for k, move in zip(self._shifted, shifts[number], strict=True):
                row[k] += move
            rows.append(tuple(row))
        found = self._function(rows, [point[name] for name in self._all])
        place = {slot: k for k, slot in enumerate(self._outputs)}

        def picked(row: tuple[float, ...], slots: Sequence[int | None]) -> Vector:
            """The numbers of some slots, 0 where there is none."""
            return [0.0 if slot is None else row[place[slot]] for slot in slots]

        return [
            (row[place[self._value]], picked(row, self._slots[0]), picked(row, self._slots[1]))
            for row in found
        ]

    def _settled(self, x: Sequence[float]) -> list[Moved] | None:
        """The rows at their best shifts, of those to which any of the beginnings leads; None where a row has none.

        Where shifts would stay at the top of their own cost, the beginnings at either side of it lead down.
        """
        best = list[Moved | None]([None] * self.rows)
        for begin in self._beginnings():
            for row, one in enumerate(self._led(x, begin, best)):
                own = best[row]
                if one is not None and (own is None or one.cost < own.cost * (1 - LOWER)):
                    best[row] = one
        settled = [one for one in best if one is not None]
        if len(settled) < self.rows:
            return None
        self._shifts = [one.shift for one in settled]
        return settled

    def _beginnings(self) -> list[list[Vector]]:
        """Shifts from which the best ones are looked for: the last best ones, none, and σx to either side of each column."""
        size = len(self._shifted)
        found = [self._shifts, [[0.0] * size for _ in range(self.rows)]]
        for k in range(size):
            for sign in (1.0, -1.0):
                own = [[sign * one if k == j else 0.0 for j in range(size)] for one in self._spreads[k]]
                found.append(own)
        return found

    def _led(
        self, x: Sequence[float], begin: Sequence[Vector], known: Sequence[Moved | None]
    ) -> list[Moved | None]:
        """Each row where the rounds lead from *begin*; None where its shifts do not settle, or come to the *known* ones."""
        shifts, found = [list(one) for one in begin], list[Moved | None]([None] * self.rows)
        left = list(range(self.rows))
        for _ in range(ROUNDS):
            going = []
            for row, one in self._with_values(x, shifts, left):
                shifts[row] = one.shift
                if one.moved <= SETTLED:
                    found[row] = one
                elif math.isfinite(one.moved) and not self._is_near(row, one.shift, known[row], SAME):
                    going.append(row)
            left = going
            if not left:
                break
        return found

    def _with_values(
        self, x: Sequence[float], shifts: Sequence[Vector], chosen: Sequence[int]
    ) -> list[tuple[int, Moved]]:
        """`_better` of those rows that have a value where they are."""
        try:
            return self._better(x, shifts, chosen)
        except (ValueError, ArithmeticError):
            if len(chosen) == 1:
                return []
        half = len(chosen) // 2
        parts = chosen[:half], chosen[half:]
        return [one for part in parts for one in self._with_values(x, shifts, part)]

    def _better(
        self, x: Sequence[float], shifts: Sequence[Vector], chosen: Sequence[int]
    ) -> list[tuple[int, Moved]]:
        """The *chosen* rows with shifts that are nearer to the best ones. Raises what the operations raise."""
        made = list[tuple[int, Moved]]()
        for row, (f, across, slopes) in zip(chosen, self._evaluated(x, shifts, chosen), strict=True):
            shift, spreads = shifts[row], [one[row] for one in self._spreads]
            root = 1.0 if self.data.roots is None else self.data.roots[row]
            left = self.data.target[row] - f + math.fsum(a * d for a, d in zip(across, shift, strict=True))
            pulls = [a * s for a, s in zip(across, spreads, strict=True)]
            spread = math.hypot(1 / root, *pulls)
            right = left / spread
            best = [s * (pull / spread) * right for s, pull in zip(spreads, pulls, strict=True)]
            moves = (abs(b - d) / s for b, d, s in zip(best, shift, spreads, strict=True) if s)
            made.append((row, Moved(slopes, right, spread, best, max(moves, default=0.0))))
        return made

    def rounds(self, x: Sequence[float], near: float) -> int:
        """After how many rounds from none the shifts are *near* to the best ones, in σx; `ROUNDS` where they are not.

        Raises what the operations raise.
        """
        settled = self._settled(x)
        if settled is None:
            return ROUNDS
        every, shifts = range(self.rows), [[0.0] * len(self._shifted) for _ in range(self.rows)]
        for k in range(ROUNDS):
            if all(self._is_near(row, shifts[row], settled[row], near) for row in every):
                return k
            shifts = [one.shift for _, one in self._better(x, shifts, every)]
        return ROUNDS

    def _is_near(self, row: int, shift: Vector, known: Moved | None, near: float) -> bool:
        if known is None:
            return False
        spreads = [one[row] for one in self._spreads]
        return all(abs(b - d) <= near * s for b, d, s in zip(known.shift, shift, spreads, strict=True))

    def residuals(self, x: Sequence[float]) -> Vector:
        """y - f at the columns as they are. Raises what the operations raise."""
        plain = [[0.0] * len(self._shifted) for _ in range(self.rows)]
        return [y - f for y, (f, _, _) in zip(self.data.target, self._evaluated(x, plain), strict=True)]

    def slopes(self, x: Sequence[float]) -> list[Vector]:
        """∂f/∂b at the columns as they are. Raises what the operations raise."""
        plain = [[0.0] * len(self._shifted) for _ in range(self.rows)]
        return [list(column) for column in zip(*(one[2] for one in self._evaluated(x, plain)), strict=True)]

    def value(self, x: Sequence[float]) -> float | None:
        """The sum of the squared distances; None where the shifts do not settle."""
        found = self.linearize(x)
        return None if found is None else found.value

    def linearize(self, x: Sequence[float], order: Sequence[int] | None = None) -> Linearization | None:
        """The sum and its triangle."""
        self.evaluations += 1
        settled = self._settled(x)
        if settled is None:
            return None
        right = [one.right for one in settled]
        columns = [[one.slopes[j] / one.spread for one in settled] for j in range(len(self.names))]
        chosen = columns if order is None else [columns[place] for place in order]
        value = math.fsum(r * r for r in right)
        if not math.isfinite(value) or not all(math.isfinite(math.hypot(*column)) for column in chosen):
            return None
        return Linearization(value, factored(chosen, right))
