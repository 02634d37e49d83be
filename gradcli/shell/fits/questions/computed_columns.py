"""Expressions of columns alone → a number for each row: what is fitted, standard deviations, weights."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.fitting.models.row_function import row_function
from gradcli.language.errors import DomainProblem, GradcliError
from gradcli.shell.fits.questions.row_domain import row_without_value

if TYPE_CHECKING:
    from gradcli.fitting.models.fit_problem import FitData
    from gradcli.shell.files.file_rows import FileRows
    from gradcli.shell.fits.questions.fit_names import FitNames


#: Why a fit may have no sum of squares at a point at which each row has a value.
ANOTHER_REASON = "some row has no slope there, as at a jump, or a number on the way is too large"


def computed_column(names: FitNames, option: str, columns: Mapping[str, Any], files: FileRows) -> Any:
    """The value of an option's expression in each row: a list, or an array where columns are arrays.

    Raises DomainProblem for the first row that has none.
    """
    program = names.programs[option]
    if not isinstance(next(iter(columns.values()), []), list):
        return _in_arrays(names, option, columns, files)
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


def columns_of_zeros(files: FileRows) -> list[float]:
    """A target of nothing, for a cost of each row."""
    return [0.0] * files.places.rows


def _in_arrays(names: FitNames, option: str, columns: Mapping[str, Any], files: FileRows) -> Any:
    import numpy as np

    from gradcli.calculus.backends import numpy_backend

    program = names.programs[option]
    own = [columns[name] for name in program.variables]
    found = numpy_backend.run(program, own, [program.value])[program.value]
    found = np.array(np.broadcast_to(np.asarray(found, dtype=float), (files.places.rows,)))
    if np.isfinite(found).all():
        return found
    first = int(np.argmin(np.isfinite(found)))
    row = [float(column[first]) for column in own]
    raise row_problem(program, names.texts[option], option, [row], files, first)


def row_problem(
    program: Any,
    text: str,
    option: str,
    rows: Sequence[Sequence[float]],
    files: FileRows,
    first: int = 0,
    otherwise: str = ANOTHER_REASON,
) -> DomainProblem:
    """The problem of the first row in which an expression has no value; the variables are in the program's order.

    first: the number of the first of *rows*. otherwise: what is said where each of them has a value.
    """
    from gradcli.calculus.evaluation.gradient_at_point import evaluate

    for number, row in enumerate(rows, first):
        try:
            evaluate(program, text, dict(zip(program.variables, row, strict=True)))
        except GradcliError as error:
            said = f"{option}: {files.places(number)}: {error.message}"
            return DomainProblem(said, text=error.text, span=error.span, hint=error.hint)
    return DomainProblem(f"{option}: {otherwise}")


def start_problem(
    names: FitNames,
    data: FitData,
    files: FileRows,
    at: Mapping[str, float],
    otherwise: str = ANOTHER_REASON,
) -> DomainProblem:
    """Why the model has no value at a start, in the first row that has none."""
    program = names.model.program
    point = {**at, **data.held}
    columns = [
        data.columns[name] if name in data.columns else [point[name]] * data.rows
        for name in program.variables
    ]
    rows = [tuple(map(float, row)) for row in zip(*columns, strict=True)]
    never = row_without_value(program, names.model.text, data.columns, rows)
    if never is not None:
        found = row_problem(program, names.model.text, "the model", rows[never.row :][:1], files, never.row)
        found.hint = never.hint
        return found
    found = row_problem(program, names.model.text, "the model", rows, files, otherwise=otherwise)
    found.hint = found.hint or "--NAME VALUE is another start"
    return found


def no_weight_problem() -> DomainProblem:
    """What is said where nothing counts."""
    return DomainProblem("--weights: every row has the weight 0")


def weights_of(names: FitNames, columns: Mapping[str, Any], files: FileRows, *, are_all: bool = True) -> Any:
    """The rows' weights, 1/σ² where there are standard deviations; None for none. Raises DomainProblem for what is none.

    are_all: whether these are all rows, of which some has to count.
    """
    option = next((one for one in ("--sigma-y", "--weights") if one in names.programs), None)
    if option is None:
        return None
    found = computed_column(names, option, columns, files)
    strict = option == "--sigma-y"
    place = _first_low(found, strict=strict)
    if place is not None:
        what = "a standard deviation is above 0" if strict else "a weight is not below 0"
        hint = "rows that do not count have --weights 0"
        raise DomainProblem(f"{option}: {files.places(place)}: it is {found[place]:g}, and {what}", hint=hint)
    if are_all and max(found) == 0:
        raise no_weight_problem()
    return found if not strict else _inverse_squares(found, files)


def _inverse_squares(deviations: Any, files: FileRows) -> Any:
    """The weights of standard deviations. Raises DomainProblem for those whose square is too large or too small for floats."""
    if isinstance(deviations, list):
        weights: Any = [1 / (s * s) if s * s else math.inf for s in deviations]
    else:
        import numpy as np

        with np.errstate(all="ignore"):
            weights = deviations**-2.0
    if not math.isfinite(max(weights)):
        raise DomainProblem("--sigma-y: the weights are too large", hint="other units of the column help")
    if min(weights) == 0:
        place = next(k for k, weight in enumerate(weights) if not weight)
        raise DomainProblem(
            f"--sigma-y: {files.places(place)}: it is {deviations[place]:g}, and 1/σ² is too small for a float",
            hint="rows that do not count have --weights 0",
        )
    return weights


def _first_low(numbers: Any, *, strict: bool) -> int | None:
    """The place of the first number below 0, or at it where that is *strict*."""
    if isinstance(numbers, list):
        return next((k for k, one in enumerate(numbers) if one < 0 or (strict and one == 0)), None)
    low = numbers <= 0 if strict else numbers < 0
    return int(low.argmax()) if low.any() else None


def roots_of(weights: Any) -> Any:
    """The square roots of weights."""
    if weights is None or isinstance(weights, list):
        return None if weights is None else [math.sqrt(w) for w in weights]
    return weights**0.5
