"""The rows of a fit: columns read, what is fitted and how much each row counts computed, in floats and in balls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gradcli.fitting.models.fit_problem import FitData
from gradcli.language.errors import ValueProblem
from gradcli.language.records import NamedTuple
from gradcli.language.rows.loadable_libraries import has_arrays
from gradcli.shell.files.file_rows import FileRows, held_rows, left_out_notes
from gradcli.shell.fits.questions.computed_columns import (
    columns_of_zeros,
    computed_column,
    roots_of,
    weights_of,
)

if TYPE_CHECKING:
    from gradcli.fitting.models.ball_problem import BallData
    from gradcli.memory.database import Store
    from gradcli.shell.fits.questions.fit_names import FitNames
    from gradcli.shell.fits.questions.fit_question import FitQuestion

#: Rows from which columns are arrays of NumPy, where it is installed.
ARRAYS = 4_000


class FitRows(NamedTuple):
    """The rows: as they were read, and what the solver gets of them. weights: None where every row counts alike.
    every: all columns that were read. labels: the words that stand in the column of --by for the numbers 1, 2, 3, if any.
    """

    files: FileRows
    data: FitData
    weights: Any
    every: Mapping[str, Any] = {}
    labels: tuple[str, ...] = ()


def fit_rows(store: Store, names: FitNames, asked: FitQuestion) -> FitRows:
    """Read the columns and compute what is made of them alone.

    Raises what the readers raise, DomainProblem for a row without a value or with a weight that is none.
    """
    files, labels = _read(names, asked)
    store.notices += left_out_notes(files.left_out)
    arrays = are_arrays(files.places.rows)
    columns = {name: _floats(values, arrays) for name, values in files.columns.items()}
    target = columns_of_zeros(files) if asked.likelihood else computed_column(names, "--to", columns, files)
    weights = weights_of(names, columns, files)
    fixed = {name: float(x) for name, x in asked.fixed.items()}
    model = {name: columns[name] for name in names.model.columns}
    return FitRows(files, FitData(model, target, roots_of(weights), fixed), weights, columns, labels)


def are_arrays(rows: int) -> bool:
    """Whether columns of so many rows are arrays of NumPy."""
    return rows >= ARRAYS and has_arrays()


def _read(names: FitNames, asked: FitQuestion) -> tuple[FileRows, tuple[str, ...]]:
    """The columns, and the words of the groups where these are no numbers. Raises what the readers raise.

    Where another cell is no number, reading the groups as words comes to the same cell.
    """
    try:
        return held_rows(None, names.columns, asked.request), ()
    except ValueProblem:
        if asked.by is None:
            raise
        from gradcli.shell.fits.questions.group_labels import labelled_rows

        return labelled_rows(names.columns, asked.by, asked.request)


def _floats(values: Any, arrays: bool) -> Any:
    """A column as a list, or as an array of NumPy."""
    if not arrays:
        return values.tolist()
    import numpy as np

    return np.asarray(values, dtype=float)


def ball_data(names: FitNames, asked: FitQuestion, rows: FitRows, bits: int) -> BallData:
    """The same in balls of so many bits: cells as the decimals that they are. Raises ArithmeticError and ValueError."""
    from gradcli.calculus.balls.ball_numbers import ball, working_bits
    from gradcli.calculus.balls.decimals import double
    from gradcli.calculus.balls.programs.given_numbers import number_of
    from gradcli.fitting.models.ball_problem import BallData
    from gradcli.fitting.models.ball_rows import Column, run_rows

    columns = _typed_columns(names, asked, rows.files)

    def computed(option: str) -> list[Any]:
        """An option's expression in each row."""
        program = names.programs[option]
        point: dict[str, Any] = {name: Column(columns[name]) for name in program.variables}
        return run_rows(program, point, [program.value], rows.data.rows, bits)[0]

    weights = None
    with working_bits(bits):
        if "--weights" in names.programs:
            weights = computed("--weights")
        elif "--sigma-y" in names.programs:
            weights = [1 / (ball(s) * ball(s)) for s in computed("--sigma-y")]
        held = {name: number_of(x, bits) for name, x in asked.fixed.items()}
        model = {name: columns[name] for name in names.model.columns}
        target = [double(0.0)] * rows.data.rows if asked.likelihood else computed("--to")
        return BallData(model, target, weights, held)


def _typed_columns(names: FitNames, asked: FitQuestion, files: FileRows) -> dict[str, list[Any]]:
    """The columns as rationals: a cell's decimal where it still spells the float that was read, else the shortest that does."""
    from gradcli.calculus.balls.decimals import rational
    from gradcli.data.readers.typed_cells import typed_cells

    read: Any = getattr(files.places, "typed_cells", typed_cells)
    held: dict[str, list[Any]] = {name: [] for name in files.columns}
    place = 0
    for file, numbers in files.places.by_file().items():
        headers = tuple(names.columns.headers.values())
        cells = read(file, headers, asked.request.options, numbers)
        end = place + len(numbers)
        floats = [files.columns[name][place:end].tolist() for name in held]
        texts = zip(*cells, strict=True) if cells is not None else ((None,) * len(numbers) for _ in held)
        for column, own, spelled in zip(held.values(), floats, texts, strict=True):
            column += [_exact(text, x, rational) for text, x in zip(spelled, own, strict=True)]
        place = end
    return held


def _exact(text: str | None, x: float, rational: Any) -> Any:
    try:
        same = text is not None and float(text) == x
    except ValueError:
        same = False
    found = rational(text) if same else None
    return rational(repr(x)) if found is None else found
