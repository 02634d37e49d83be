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

Vector = list[float]

#: Rounds of shifts at most, and the share of σx by which a shift no longer changes.
ROUNDS, SETTLED = 100, 1e-12


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

    def _evaluated(self, x: Sequence[float], shifts: Sequence[Vector]) -> list[tuple[float, Vector, Vector]]:
        """In each row f, its slopes along the shifted columns, and along the parameters that move."""
        point = {**self.data.held, **dict(zip(self.names, x, strict=True))}
        rows = []
        for base, shift in zip(self._base, shifts, strict=True):
            row = list(base)
            for k, move in zip(self._shifted, shift, strict=True):
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

    def _settled(self, x: Sequence[float]) -> tuple[list[Vector], Vector, Vector] | None:
        """Slopes along the parameters by row, and residuals and variances, at the best shifts; None where there are none."""
        shifts = [list(shift) for shift in self._shifts]
        for _ in range(ROUNDS):
            slopes, residuals, variances, moved = self._better(x, shifts)
            if moved <= SETTLED:
                self._shifts = shifts
                return slopes, residuals, variances
            if not math.isfinite(moved):
                return None
        return None

    def _better(
        self, x: Sequence[float], shifts: Sequence[Vector]
    ) -> tuple[list[Vector], Vector, Vector, float]:
        """Bring *shifts* nearer to the best ones: what `_settled` gives, and by how much of σx one has moved."""
        roots = [1.0] * self.rows if self.data.roots is None else self.data.roots
        found = self._evaluated(x, shifts)
        moved, residuals, variances = 0.0, [], []
        for row, (f, across, _) in enumerate(found):
            shift, spreads = shifts[row], [one[row] for one in self._spreads]
            left = self.data.target[row] - f + math.fsum(a * d for a, d in zip(across, shift, strict=True))
            variance = 1 / (roots[row] * roots[row]) + math.fsum(
                (a * s) ** 2 for a, s in zip(across, spreads, strict=True)
            )
            for k, (a, s) in enumerate(zip(across, spreads, strict=True)):
                best = s * s * a * left / variance
                if s:
                    moved = max(moved, abs(best - shift[k]) / s)
                shift[k] = best
            residuals.append(left)
            variances.append(variance)
        return [slopes for _, _, slopes in found], residuals, variances, moved

    def rounds(self, x: Sequence[float], near: float) -> int:
        """After how many rounds from none the shifts are *near* to the best ones, in σx; `ROUNDS` where they are not.

        Raises what the operations raise.
        """
        shifts = [[0.0] * len(self._shifted) for _ in range(self.rows)]
        return next((k for k in range(ROUNDS) if self._better(x, shifts)[3] <= near), ROUNDS)

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
        try:
            settled = self._settled(x)
        except (ValueError, ArithmeticError):
            return None
        if settled is None:
            return None
        slopes, residuals, variances = settled
        scales = [1 / math.sqrt(v) for v in variances]
        right = [r * s for r, s in zip(residuals, scales, strict=True)]
        columns = [
            [row[j] * s for row, s in zip(slopes, scales, strict=True)] for j in range(len(self.names))
        ]
        chosen = columns if order is None else [columns[place] for place in order]
        value = math.fsum(r * r for r in right)
        if not math.isfinite(value) or not all(math.isfinite(math.hypot(*column)) for column in chosen):
            return None
        return Linearization(value, factored(chosen, right))
