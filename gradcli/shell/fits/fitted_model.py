"""A fit that was carried out, and what solvers see of its model and its rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from gradcli.fitting.models.fit_problem import FitData, FitProblem, PlainProblem, RowProblem
from gradcli.fitting.solver.levenberg_marquardt import Box
from gradcli.language.records import NamedTuple
from gradcli.shell.fits.questions.row_counts import stride

if TYPE_CHECKING:
    from gradcli.fitting.inference.estimates import Estimates
    from gradcli.fitting.models.row_model import RowModel
    from gradcli.fitting.models.summed_squares import SummedSquares
    from gradcli.fitting.solver.robust_fit import Robust
    from gradcli.fitting.solver.solution import Solution
    from gradcli.shell.fits.questions.fit_names import FitNames
    from gradcli.shell.fits.questions.fit_question import FitQuestion
    from gradcli.shell.fits.questions.fit_rows import FitRows


class Fit(NamedTuple):
    """A fit that was carried out."""

    asked: FitQuestion
    names: FitNames
    rows: FitRows
    solution: Solution
    estimates: Estimates
    robust: Robust | None = None


def box_of(asked: FitQuestion, names: Sequence[str]) -> Box:
    """The bounds of the parameters that move."""
    pairs = [asked.bounds.get(name, (None, None)) for name in names]
    return Box(
        [-math.inf if low is None else low for low, _ in pairs],
        [math.inf if high is None else high for _, high in pairs],
    )


def problem_of(model: RowModel) -> Callable[[FitData], FitProblem]:
    """What makes the problem that solvers see of data."""
    return partial(_problem, model)


def _problem(model: RowModel, data: FitData) -> FitProblem:
    if data.parted is None or data.parted.measured is None:
        return row_problem(model, data)
    from gradcli.fitting.models.summed_squares import SummedSquares

    return SummedSquares(model, data.parted.measured, data.parted.sums, data)


def summed(problem: FitProblem, names: FitNames, rows: FitRows) -> SummedSquares:
    """The same problem by exact sums."""
    from gradcli.fitting.models.row_sums import RowSums
    from gradcli.fitting.models.summed_squares import SummedSquares

    if isinstance(problem, SummedSquares):
        return problem
    arrays = not isinstance(next(iter(rows.every.values())), list)
    sums = RowSums(rows.every, rows.data.rows, arrays=arrays)
    return SummedSquares(names.model, names.measured, sums, rows.data)


def row_problem(model: RowModel, data: FitData) -> RowProblem:
    """The problem of rows that are held here."""
    if isinstance(data.target, list):
        return PlainProblem(model, data)
    from gradcli.fitting.models.array_problem import ArrayProblem

    return ArrayProblem(model, data)


def thinned(data: FitData) -> FitData:
    """Every k-th row, so that few are left, as lists."""
    if data.parted is not None:
        few = data.parted.few
        return few._replace(columns={name: few.columns[name] for name in data.columns}, held=data.held)
    step = stride(data.rows)
    if step == 1:
        return data
    roots = None if data.roots is None else _listed(data.roots[::step])
    columns = {name: _listed(column[::step]) for name, column in data.columns.items()}
    return data._replace(columns=columns, target=_listed(data.target[::step]), roots=roots)


def _listed(numbers: Any) -> list[float]:
    return list(map(float, numbers))
