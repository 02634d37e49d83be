"""Rows one by one: residuals, leverage, studentized residuals, and which of them are outliers.

A row's leverage is its entry on the diagonal of the projection onto the tangent plane; its studentized residual is over
the standard deviation that the other rows give (Cook & Weisberg 1982, Residuals and Influence in Regression, section 2.2).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from gradcli.fitting.inference.student_t import student_tail
from gradcli.fitting.models.fit_problem import FitData, RowProblem
from gradcli.fitting.models.triangles import inverse_of
from gradcli.fitting.solver.solution import Solution
from gradcli.language.records import NamedTuple

#: The share of good data sets in which some row is called an outlier.
RARE = 0.05


class RowMeasure(NamedTuple):
    """One row: the fitted value, the residual y - f, its leverage, and its studentized residual; None where there is none."""

    fitted: float
    residual: float
    leverage: float | None
    studentized: float | None


def row_measures(problem: RowProblem, data: FitData, solution: Solution, dof: int) -> list[RowMeasure]:
    """The measures of each row. Raises what the model raises."""
    residuals = problem.residuals(solution.x)
    leverages = _leverages(problem, data, solution)
    roots = [1.0] * data.rows if data.roots is None else data.roots
    measures = []
    for y, residual, root, leverage in zip(data.target, residuals, roots, leverages, strict=True):
        studentized = None
        if leverage is not None and dof > 1 and leverage < 1 - 1e-9:
            studentized = _studentized(residual * root, leverage, solution.value, dof)
        measures.append(RowMeasure(float(y - residual), float(residual), leverage, studentized))
    return measures


def _studentized(residual: float, leverage: float, value: float, dof: int) -> float | None:
    left = 1 - leverage
    without = (value - residual * residual / left) / (dof - 1)
    return residual / math.sqrt(without * left) if without > 1e-14 * value / dof else None


def _leverages(problem: RowProblem, data: FitData, solution: Solution) -> Sequence[float | None]:
    inverse = None if solution.triangle is None else inverse_of(solution.triangle.rows)
    if inverse is None or solution.triangle is None or not solution.success:
        return [None] * data.rows
    slopes = dict(zip(problem.names, problem.slopes(solution.x), strict=True))
    columns = [slopes[name] for name in solution.free]
    turn = [
        [x / length for x, length in zip(column, solution.triangle.lengths, strict=True)]
        for column in inverse
    ]
    roots = [1.0] * data.rows if data.roots is None else data.roots
    return [
        min(sum((root * sum(a * b for a, b in zip(row, column, strict=True))) ** 2 for column in turn), 1.0)
        for root, row in zip(roots, zip(*columns, strict=True), strict=True)
    ]


def outliers(measures: Sequence[RowMeasure], dof: int) -> list[int]:
    """The rows, counted from 0, whose studentized residuals are too large for one among so many (Bonferroni)."""
    level = RARE / max(len(measures), 1)
    return [
        place
        for place, one in enumerate(measures)
        if one.studentized is not None and student_tail(one.studentized, dof - 1) < level
    ]
