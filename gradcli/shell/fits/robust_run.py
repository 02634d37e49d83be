"""A fit by a loss that is not the square: begun where least squares ends, with errors that fit the loss."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any

from gradcli.fitting.inference.estimates import Estimates, with_covariance
from gradcli.fitting.models.loss_functions import LOSSES, row_cost
from gradcli.fitting.solver.float_accuracy import right_digits
from gradcli.fitting.solver.levenberg_marquardt import free_part
from gradcli.fitting.solver.robust_fit import CLOSE, STATIONARY, Robust, evaluated, robust, sandwich
from gradcli.fitting.solver.solution import Solution
from gradcli.language.errors import GradcliError
from gradcli.language.problem_text import divided
from gradcli.language.records import NamedTuple
from gradcli.shell.fits.fitted_model import row_problem
from gradcli.shell.fits.questions.row_counts import too_many_for_balls

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gradcli.fitting.models.fit_problem import FitData, RowProblem
    from gradcli.fitting.solver.levenberg_marquardt import Box
    from gradcli.shell.fits.questions.fit_names import FitNames
    from gradcli.shell.fits.questions.fit_question import FitQuestion
    from gradcli.shell.fits.questions.fit_rows import FitRows


#: How much of its size the tangent plane may reach of a residual that is rounded, with the rounding of its weight.
ROUNDED = 1e-14


class RobustFit(NamedTuple):
    """The solution and the estimates of a robust fit, and where it ended; robust: None where it did not begin."""

    solution: Solution
    estimates: Estimates
    robust: Robust | None


def robust_fit(names: FitNames, rows: FitRows, box: Box, plain: Solution, asked: FitQuestion) -> RobustFit:
    """The fit by the loss that was asked for, from the ends of least squares; *plain* is the best of these."""
    make, data = partial(row_problem, names.model), rows.data
    starts = [plain.x]
    if plain.given is not None and math.isfinite(plain.given.value) and not plain.loose:
        starts.append(plain.given.x)
    ends = [robust(make, data, start, box, asked.loss, asked.scale) for start in starts]
    found = [one for one in ends if one is not None]
    if not found or not all(len(one) == 1 for one in plain.loose):
        estimates = with_covariance(plain, None, asked.level, 0)
        word, message = plain.status, plain.message
        if not plain.loose:
            word, message = (
                "not-reached",
                "all residuals are 0, or a row has no value: there is nothing to weigh",
            )
        return RobustFit(plain._replace(status=word, message=message, certain=None), estimates, None)
    best = min(found, key=lambda one: (one.spread or 0.0, one.loss))
    here = make(data).linearize(best.x)
    assert here is not None  # noqa: S101  (the fit has been there)
    places, _ = free_part(here.triangle, best.x, box)
    x = None
    if len(places) == len(best.x) and best.offset <= CLOSE:
        x = certified(names, asked, rows, plain.names, best)
    judged = _judged(
        make, data, box, plain, asked, best if x is None else _moved(make, data, box, asked, best, x)
    )
    if x is None or not judged.solution.success:
        return judged
    message = (
        f"a minimum of the {asked.loss} loss at this scale: one stationary point lies here, "
        "and the Hessian is positive definite around it (in balls)"
    )
    # A scale that follows from the residuals has the digits of floats.
    digits = {"": 8} if best.spread is None else judged.solution.digits
    return judged._replace(solution=judged.solution._replace(message=message, digits=digits))


def _moved(
    make: Callable[[FitData], RowProblem], data: FitData, box: Box, asked: FitQuestion, best: Robust, x: list[float]
) -> Robust:  # fmt: skip
    """The end of a fit at its certified point, with the scale and the spread that it has."""
    here = evaluated(make(data), data, x, box, LOSSES[asked.loss], best.scale)
    return best._replace(x=x) if here is None else here[0]._replace(spread=best.spread)


def certified(
    names: FitNames, asked: FitQuestion, rows: FitRows, moving: Sequence[str], best: Robust
) -> list[float] | None:
    """The minimum of the loss at its scale next to where the fit ended, shown to be one in balls; None where it is not."""
    from gradcli.fitting.models.row_model import compile_model
    from gradcli.fitting.models.summed_rows import SummedBalls
    from gradcli.fitting.solver.newton_in_balls import BITS, polish
    from gradcli.shell.fits.questions.fit_rows import ball_data

    model, parts = names.model, divided(names.model.text)
    taken = {*model.columns, *model.parameters}
    taken |= {one.partition("=")[0].partition("(")[0].strip() for one in parts.definitions}
    y, w = (next(one for one in (name, f"{name}_", f"{name}__") if one not in taken) for name in ("y", "w"))
    squared = f"{w}*({y} - ({parts.expression}))**2"
    whole, cost = row_cost(asked.loss, best.scale, parts.definitions, squared, {*taken, y, w})
    try:
        made = compile_model("; ".join((*whole, cost)), model.parameters, [*model.columns, y, w])
        if too_many_for_balls(made, rows.data.rows):
            return None
        data = ball_data(names, asked, rows, BITS)
        weights = data.weights if data.weights is not None else [1] * rows.data.rows
        every = {**data.columns, y: data.target, w: weights}
        columns = {name: every[name] for name in made.columns}
        balls: Any = SummedBalls(made, columns, data.held, rows.data.rows, BITS)
        place = {name: k for k, name in enumerate(moving)}
        found = polish(balls, [best.x[place[name]] for name in balls.names])
    except (GradcliError, ArithmeticError, ValueError):
        return None
    if found is None or not (found.unique and found.definite) or set(balls.names) != set(moving):
        return None
    at = dict(zip(balls.names, found.x, strict=True))
    return [0.0 if at[name].contains(0) else float(at[name]) for name in moving]


def _judged(
    make: Callable[[FitData], RowProblem], data: FitData, box: Box, plain: Solution, asked: FitQuestion, best: Robust
) -> RobustFit:  # fmt: skip
    """The verdict on where a robust fit ended, and its errors."""
    problem = make(data)
    roots = [1.0] * data.rows if data.roots is None else data.roots
    here = problem.linearize(best.x)
    assert here is not None  # noqa: S101  (the fit has been there)
    places, triangle = free_part(here.triangle, best.x, box)
    slopes = problem.slopes(best.x)
    lost = {name for one in plain.loose for name in one}
    known = [j for j in places if plain.names[j] not in lost]
    columns = [[w * float(x) for w, x in zip(roots, slopes[j], strict=True)] for j in known]
    residuals = [w * float(r) for w, r in zip(roots, problem.residuals(best.x), strict=True)]
    covariance = sandwich(columns, residuals, LOSSES[asked.loss], best.scale)
    free = tuple(plain.names[j] for j in places)
    status, message = _verdict(best, covariance is not None, asked.loss)
    if lost and status == "minimum":
        status, message = plain.status, plain.message
    if covariance is not None:
        covariance = _beside(covariance, [known.index(j) if j in known else None for j in places])
    solution = plain._replace(
        x=best.x, value=here.value, status=status, message=message, triangle=triangle, free=free, certain=None,
        offset=best.offset, lower=None, given=None, tried=0, evaluations=0,
    )  # fmt: skip
    dof = data.rows - len(known)
    estimates = with_covariance(solution, covariance, asked.level, dof)
    largest = max(abs(root * float(y)) for root, y in zip(roots, data.target, strict=True))
    solution = solution._replace(digits=_digits(solution, estimates, data.rows, largest / best.scale))
    return RobustFit(solution, estimates._replace(sigma=best.spread), best)


def _beside(covariance: list[list[float]], places: Sequence[int | None]) -> list[list[float]]:
    """The covariance with the parameters beside it that the rows do not determine, None in *places*: infinite."""
    return [[math.inf if i is None or j is None else covariance[i][j] for j in places] for i in places]


def _digits(solution: Solution, estimates: Estimates, rows: int, size: float) -> dict[str, int]:
    """How many digits are right: what the tangent plane still reaches moves a parameter by a share of its error.

    size: the largest number that is fitted, over the scale: residuals are rounded as it is.
    """
    share = 4 * max(solution.offset, ROUNDED * max(size, 1.0)) * math.sqrt(rows)
    at = dict(zip(solution.names, solution.x, strict=True))
    found = {
        name: right_digits(abs(at[name]), share * (estimates.errors[name] or abs(at[name])))
        for name in solution.free
    }
    return {**found, "": 8}


def _verdict(best: Robust, curved: bool, loss: str) -> tuple[str, str]:
    reached = f"the tangent plane reaches {best.offset:.1g} of the weighted residuals"
    if best.offset > STATIONARY:
        return "not-reached", f"the weights have not settled: {reached}"
    if not curved:
        return "not-reached", f"the {loss} loss does not curve upward in all directions here: {reached}"
    return (
        "minimum",
        f"a minimum of the {loss} loss: {reached}, and the loss curves upward along it (in floats)",
    )
