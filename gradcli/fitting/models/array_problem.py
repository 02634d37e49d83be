"""A fit on NumPy's arrays, block by block: memory for the model's numbers does not grow with the rows.

The triangle is that of the normal matrix where its columns are well apart, and of a QR of the blocks where they are not:
what decides is the least pivot. Normal equations would square the condition, which a step that is taken again does not mind.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from gradcli.calculus.backends import numpy_backend
from gradcli.fitting.models.fit_problem import FitData, Linearization
from gradcli.fitting.models.row_model import RowModel, on_seams
from gradcli.fitting.models.triangles import Triangle, merged

#: Rows of a block.
BLOCK = 2**15

#: The least pivot of the scaled normal matrix's root with which it will do.
APART = 1e-4

Array = Any


class ArrayProblem:
    """The sum of squares over columns that are arrays; `fit_problem.FitProblem` says what it answers."""

    def __init__(self, model: RowModel, data: FitData) -> None:
        self.names = tuple(name for name in model.parameters if name not in data.held)
        self.rows, self.evaluations, self.data = data.rows, 0, data
        self._program = on_seams(model.program)
        slots = dict(zip(model.program.variables, model.program.gradient, strict=True))
        self._moving = [slots[name] for name in self.names]
        self._last: tuple[Any, Linearization | None] | None = None

    def _block(self, start: int, point: dict[str, float], wanted: Sequence[int]) -> dict[int, Array]:
        program, end = self._program, start + BLOCK
        columns = [
            self.data.columns[name][start:end] if name in self.data.columns else point[name]
            for name in program.variables
        ]
        return numpy_backend.run(program, columns, wanted)

    def _point(self, x: Sequence[float]) -> dict[str, float]:
        return {**self.data.held, **dict(zip(self.names, map(float, x), strict=True))}

    def _whole(self, x: Sequence[float], slot: int | None) -> Array:
        import numpy as np

        if slot is None:
            return np.zeros(self.rows)
        point, found = self._point(x), np.empty(self.rows)
        for start in range(0, self.rows, BLOCK):
            found[start : start + BLOCK] = self._block(start, point, [slot])[slot]
        if not np.isfinite(found).all():
            raise ArithmeticError("a row has no value")
        return found

    def residuals(self, x: Sequence[float]) -> Array:
        """y - f. Raises ArithmeticError where a row has no value."""
        return self.data.target - self._whole(x, self._program.value)

    def slopes(self, x: Sequence[float]) -> list[Array]:
        """∂f/∂b. Raises ArithmeticError where a row has none."""
        return [self._whole(x, slot) for slot in self._moving]

    def value(self, x: Sequence[float]) -> float | None:
        """The sum of squares: what there is to know of the point is kept, for a step to it comes next."""
        found = self.linearize(x)
        return None if found is None else found.value

    def linearize(self, x: Sequence[float], order: Sequence[int] | None = None) -> Linearization | None:
        """The sum of squares and its triangle."""
        here = (list(x), dict(self.data.held))
        if order is None and self._last is not None and self._last[0] == here:
            return self._last[1]
        self.evaluations += 1
        found = self._by_normal(x, order) or self._by_blocks(x, order)
        if order is None:
            self._last = (here, found)
        return found

    def _columns(self, start: int, point: dict[str, float], slots: Sequence[int | None]) -> Array:
        """The weighted columns of J and the residuals of a block, by rows of one array."""
        import numpy as np

        wanted = [self._program.value, *(slot for slot in slots if slot is not None)]
        found = self._block(start, point, wanted)
        target = self.data.target[start : start + BLOCK]
        whole = np.empty((len(slots) + 1, len(target)))
        for place, slot in enumerate(slots):
            whole[place] = 0.0 if slot is None else found[slot]
        np.subtract(target, found[self._program.value], out=whole[-1])
        if self.data.roots is not None:
            whole *= self.data.roots[start : start + BLOCK]
        return whole

    def _by_normal(self, x: Sequence[float], order: Sequence[int] | None) -> Linearization | None:
        import numpy as np

        slots = self._moving if order is None else [self._moving[place] for place in order]
        point = self._point(x)
        grams = []
        with np.errstate(all="ignore"):
            for start in range(0, self.rows, BLOCK):
                whole = self._columns(start, point, slots)
                grams.append(whole @ whole.T)
        gram = np.sum(grams, axis=0)
        value = math.fsum(float(one[-1, -1]) for one in grams) if np.isfinite(gram).all() else math.nan
        if not math.isfinite(value):
            return None
        lengths = np.sqrt(np.diag(gram)[:-1])
        if not (lengths > 0).all():
            return None
        scaled = gram[:-1, :-1] / lengths / lengths[:, None]
        try:
            factor = np.linalg.cholesky(scaled)
        except np.linalg.LinAlgError:
            return None
        if np.diag(factor).min(initial=1.0) < APART:
            return None
        right = np.linalg.solve(factor, gram[:-1, -1] / lengths)
        rest = math.sqrt(max(value - float(right @ right), 0.0))
        triangle = Triangle(factor.T.tolist(), lengths.tolist(), right.tolist(), rest)
        return Linearization(value, triangle)

    def _by_blocks(self, x: Sequence[float], order: Sequence[int] | None) -> Linearization | None:
        import numpy as np

        slots = self._moving if order is None else [self._moving[place] for place in order]
        point, triangles, values = self._point(x), list[Triangle](), list[float]()
        count = len(slots)
        with np.errstate(all="ignore"):
            for start in range(0, self.rows, BLOCK):
                whole = self._columns(start, point, slots)
                if not np.isfinite(whole).all():
                    return None
                r = np.zeros((count + 1, count + 1))
                part = np.linalg.qr(whole.T, mode="r")
                r[: len(part)] = part
                rows, right = r[:count, :count].tolist(), r[:count, -1].tolist()
                triangles.append(Triangle(rows, [1.0] * count, right, abs(float(r[-1, -1]))))
                values.append(float(whole[-1] @ whole[-1]))
        value = math.fsum(values)
        return Linearization(value, merged(triangles)) if math.isfinite(value) else None
