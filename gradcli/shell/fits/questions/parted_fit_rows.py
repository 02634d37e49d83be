"""The rows of a fit with the workers of an engine: added up where they are, and a few of them here, to look for starts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from gradcli.fitting.inference.relative_curvature import MOST
from gradcli.fitting.models.fit_problem import FitData, Parted
from gradcli.fitting.models.row_sums import RowSums
from gradcli.fitting.models.row_totals import row_totals
from gradcli.language.errors import DomainProblem, UsageProblem
from gradcli.shell.files.file_rows import left_out_notes
from gradcli.shell.fits.questions.computed_columns import (
    columns_of_zeros,
    computed_column,
    no_weight_problem,
    roots_of,
    start_problem,
    weights_of,
)
from gradcli.shell.fits.questions.fit_rows import FitRows, are_arrays
from gradcli.shell.fits.questions.row_counts import LOOKED_AT, stride, too_many_for_balls

if TYPE_CHECKING:
    from gradcli.data.engines.engine_request import EngineRequest
    from gradcli.memory.database import Store
    from gradcli.shell.engines.parted_rows import PartedRows
    from gradcli.shell.files.file_rows import FileRows
    from gradcli.shell.fits.questions.fit_names import FitNames
    from gradcli.shell.fits.questions.fit_question import FitQuestion

#: Rows that are looked at together for one that has no number.
TOGETHER = 2**16


#: Options that look at rows one by one or in another order: what works in their place.
_BY_ROW = {
    "--by": 'one group at a time: --where "site == 2"',
    "--sigma-x": "--sigma-y, --weights; errors in the columns without --engine",
    "--loss": "least squares, and --nll with the loss written out at its scale",
    "--residuals": "--predict; gradcli grad MODEL --engine … --out NAME/ has the values of all rows",
}


def check_parted(asked: FitQuestion) -> None:
    """Raises UsageProblem for what needs more of the rows than sums."""
    typed = {
        "--by": asked.by, "--sigma-x": asked.sigma_x, "--loss": asked.loss != "linear", "--residuals": asked.by_row,
    }  # fmt: skip
    option = next((name for name, value in typed.items() if value), None)
    if option is not None:
        message = f"{option} looks at rows one by one, and --engine has sums over them"
        raise UsageProblem(message, hint=f"what works: {_BY_ROW[option]}")


def parted_fit_rows(
    store: Store, names: FitNames, asked: FitQuestion, engine: EngineRequest
) -> FitRows | None:
    """The rows in parts; None where they are so few that each of them is looked at here.

    Raises what reading raises, ExtraProblem and EngineProblem, DomainProblem for a row without a value or with a weight
    that is none.
    """
    from gradcli.shell.engines.parted_rows import parted_files

    parted, files, remarks = parted_files(None, names.columns, asked.request, engine)
    rows = files.places.rows
    if _are_few(names, asked, rows):
        return None
    store.notices += [*remarks, *left_out_notes(files.left_out)]
    fixed = {name: float(x) for name, x in asked.fixed.items()}
    sums = RowSums({}, rows, arrays=are_arrays(rows), passes=files.passes)
    model = {name: files.columns[name] for name in names.model.columns}
    away = FitData(model, columns_of_zeros(files), None, fixed)
    few = _few(names, asked, parted, files, away)
    if not asked.likelihood:
        try:
            counted = row_totals(names.measured, sums).rows
        except ArithmeticError:
            raise _first_problem(names, files) from None
        if not counted:
            raise no_weight_problem()
    measured = None if asked.likelihood else names.measured
    return FitRows(files, away._replace(parted=Parted(sums, measured, few)), None, files.columns)


def _are_few(names: FitNames, asked: FitQuestion, rows: int) -> bool:
    """Whether a fit of so many rows is one that balls, curvatures or outliers are asked about."""
    count = len(set(names.model.parameters) - set(asked.fixed))
    return rows <= LOOKED_AT or rows * count**3 <= MOST or not too_many_for_balls(names.model, rows)


def _few(names: FitNames, asked: FitQuestion, parted: PartedRows, files: FileRows, away: FitData) -> FitData:
    """Rows at even distances, as lists; with columns that another model alone has."""
    arrays = are_arrays(files.places.rows)
    read = zip(files.columns, parted.spread(stride(files.places.rows)), strict=True)
    columns = {name: _numbers(numbers, arrays) for name, numbers in read}
    here = files._replace(places=files.places.some(0, len(next(iter(columns.values())))))
    if asked.likelihood:
        target, roots = columns_of_zeros(here), None
    else:
        try:
            target = computed_column(names, "--to", columns, here)
            roots = roots_of(weights_of(names, columns, here, are_all=False))
        except DomainProblem:
            raise _first_problem(names, files) from None
    lists = {name: list(map(float, numbers)) for name, numbers in columns.items()}
    return away._replace(
        columns=lists,
        target=list(map(float, target)),
        roots=None if roots is None else list(map(float, roots)),
    )


def _numbers(numbers: Any, arrays: bool) -> Any:
    if not arrays:
        return list(numbers)
    import numpy as np

    return np.array(numbers)


def blocks_of(files: FileRows) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The rows of parts, as many at a time as are fetched together: the number of the first, and the columns."""
    rows = files.places.rows
    arrays = are_arrays(rows)
    for start in range(0, rows, TOGETHER):
        found = {name: numbers[start : start + TOGETHER] for name, numbers in files.columns.items()}
        yield start, {name: _numbers(numbers, arrays) for name, numbers in found.items()}


def _first_problem(names: FitNames, files: FileRows) -> DomainProblem:
    """Why some row has no number to be fitted, or no weight."""

    def looked(columns: Mapping[str, Any], here: FileRows) -> None:
        computed_column(names, "--to", columns, here)
        weights_of(names, columns, here, are_all=False)

    found = _first_of(files, looked)
    return found or DomainProblem("the sum of the squares of what is fitted is too large for a float")


def parted_start_problem(
    names: FitNames, data: FitData, files: FileRows, at: Mapping[str, float]
) -> DomainProblem:
    """Why the model has no value at a start, in the first row that has none."""
    program, point = names.model.program, {**at, **data.held}
    wanted = program._replace(
        gradient=tuple(
            slot if name in names.model.parameters else None
            for name, slot in zip(program.variables, program.gradient, strict=True)
        )
    )

    def looked(columns: Mapping[str, Any], here: FileRows) -> None:
        rows = here.places.rows
        if RowSums(columns, rows, arrays=are_arrays(files.places.rows)).numbers(wanted, point) is None:
            raise start_problem(
                names, data._replace(columns=columns, target=columns_of_zeros(here)), here, at
            )

    found = _first_of(files, looked)
    return found or DomainProblem("the model: a sum over the rows is too large for a float")


def _first_of(
    files: FileRows, looked: Callable[[Mapping[str, Any], FileRows], object]
) -> DomainProblem | None:
    """The first problem that looking at the rows raises, some thousand at a time; None where there is none."""
    for start, columns in blocks_of(files):
        size = len(next(iter(columns.values())))
        here = files._replace(places=files.places.some(start, size))
        try:
            looked(columns, here)
        except DomainProblem as problem:
            return problem
    return None
