"""The rows of a fit: columns read, what is fitted and how much each row counts computed, in floats and in balls."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.fitting.models.fit_problem import FitData
from gradcli.fitting.models.row_function import row_function
from gradcli.language.errors import DomainProblem, GradcliError
from gradcli.language.records import NamedTuple
from gradcli.shell.problems.file_rows import FileRows, held_rows, left_out_notes

if TYPE_CHECKING:
    from gradcli.fitting.models.ball_problem import BallData
    from gradcli.memory.database import Store
    from gradcli.shell.fits.fit_names import FitNames
    from gradcli.shell.fits.fit_question import FitQuestion


class FitRows(NamedTuple):
    """The rows: as they were read, and what the solver gets of them. weights: None where every row counts alike."""

    files: FileRows
    data: FitData
    weights: list[float] | None


def fit_rows(store: Store, names: FitNames, asked: FitQuestion) -> FitRows:
    """Read the columns and compute what is made of them alone. Raises what the readers raise, DomainProblem for a row
    without a value or with a weight that is none."""
    files = held_rows(None, names.columns)
    store.notices += left_out_notes(files.left_out)
    columns = {name: _floats(values) for name, values in files.columns.items()}
    target = _computed(names, "--to", columns, files)
    weights = _weights(names, columns, files)
    fixed = {name: float(x) for name, x in asked.fixed.items()}
    model = {name: columns[name] for name in names.model.columns}
    roots = None if weights is None else [math.sqrt(w) for w in weights]
    return FitRows(files, FitData(model, target, roots, fixed), weights)


def _floats(values: Any) -> list[float]:
    found: list[float] = values.tolist()
    return found


def _computed(names: FitNames, option: str, columns: dict[str, list[float]], files: FileRows) -> list[float]:
    """The value of an option's expression in each row. Raises DomainProblem for the first row that has none."""
    program = names.programs[option]
    function = row_function(program, program.variables, (), [program.value])
    rows = list(zip(*(columns[name] for name in program.variables), strict=True))
    rows = rows or [()] * files.places.rows
    try:
        found = [one for (one,) in function(rows, ())]
        if all(map(math.isfinite, found)):
            return found
    except (ValueError, ArithmeticError):
        pass
    raise row_problem(program, names.texts[option], option, rows, files)


def row_problem(
    program: Any, text: str, option: str, rows: Sequence[Sequence[float]], files: FileRows
) -> DomainProblem:
    """The problem of the first row in which an expression has no value; the variables are in the program's order."""
    from gradcli.calculus.evaluation.gradient_at_point import evaluate

    for number, row in enumerate(rows):
        try:
            evaluate(program, text, dict(zip(program.variables, row, strict=True)))
        except GradcliError as error:
            said = f"{option}: {files.places(number)}: {error.message}"
            return DomainProblem(said, text=error.text, span=error.span, hint=error.hint)
    return DomainProblem(f"{option}: no number in some row")


def start_problem(names: FitNames, rows: FitRows, at: Mapping[str, float]) -> DomainProblem:
    """Why the model has no value at a start, in the first row that has none."""
    program, data = names.model.program, rows.data
    point = {**at, **data.held}
    columns = [data.columns.get(name) or [point[name]] * data.rows for name in program.variables]
    found = row_problem(program, names.model.text, "the model", list(zip(*columns, strict=True)), rows.files)
    found.hint = found.hint or "--NAME VALUE is another start"
    return found


def _weights(names: FitNames, columns: dict[str, list[float]], files: FileRows) -> list[float] | None:
    """The rows' weights, 1/σ² where there are standard deviations. Raises DomainProblem for what is none."""
    option = next((one for one in ("--sigma-y", "--weights") if one in names.programs), None)
    if option is None:
        return None
    found = _computed(names, option, columns, files)
    for number, one in enumerate(found):
        if one <= 0 and (option == "--sigma-y" or one < 0):
            what = "a standard deviation is above 0" if option == "--sigma-y" else "a weight is not below 0"
            hint = "rows that do not count have --weights 0"
            raise DomainProblem(f"{option}: {files.places(number)}: it is {one:g}, and {what}", hint=hint)
    if not any(found):
        raise DomainProblem("--weights: every row has the weight 0")
    try:
        weights = [1 / (s * s) for s in found] if option == "--sigma-y" else found
    except (ZeroDivisionError, OverflowError):
        weights = [math.inf]
    if not all(map(math.isfinite, weights)):
        raise DomainProblem(f"{option}: the weights are too large", hint="other units of the column help")
    return weights


def ball_data(names: FitNames, asked: FitQuestion, rows: FitRows, bits: int) -> BallData:
    """The same in balls of so many bits: cells as the decimals that they are. Raises ArithmeticError and ValueError."""
    from gradcli.calculus.balls.ball_numbers import ball, working_bits
    from gradcli.calculus.balls.given_numbers import number_of
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
        return BallData(model, computed("--to"), weights, held)


def _typed_columns(names: FitNames, asked: FitQuestion, files: FileRows) -> dict[str, list[Any]]:
    """The columns as rationals: a cell's decimal where it still spells the float that was read, else that float."""
    from gradcli.calculus.balls.decimals import double, rational
    from gradcli.data.readers.typed_cells import typed_cells

    held: dict[str, list[Any]] = {name: [] for name in files.columns}
    place = 0
    for file, numbers in files.places.by_file().items():
        headers = tuple(names.columns.headers.values())
        cells = typed_cells(file, headers, asked.request.options, numbers)
        end = place + len(numbers)
        floats = [files.columns[name][place:end].tolist() for name in held]
        texts = zip(*cells, strict=True) if cells is not None else ((None,) * len(numbers) for _ in held)
        for column, own, spelled in zip(held.values(), floats, texts, strict=True):
            column += [_exact(text, x, rational, double) for text, x in zip(spelled, own, strict=True)]
        place = end
    return held


def _exact(text: str | None, x: float, rational: Any, double: Any) -> Any:
    try:
        same = text is not None and float(text) == x
    except ValueError:
        same = False
    found = rational(text) if same else None
    return double(x) if found is None else found
