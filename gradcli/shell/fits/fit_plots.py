"""A fit → its picture: the rows, the curve in its band, the residuals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradcli.fitting.inference.propagation import propagated
from gradcli.fitting.models.fit_problem import PlainProblem
from gradcli.output.fits.fit_picture import FitPicture
from gradcli.shell.fits.fit_predictions import known_parameters
from gradcli.shell.fits.fitted_model import Fit, thinned

if TYPE_CHECKING:
    from gradcli.fitting.models.fit_problem import FitData

#: Places of the curve, and how many are left out at most so that the others have a band: at a corner there is no error.
PLACES, CORNERS = 240, 3


def fit_picture(fit: Fit) -> FitPicture:
    """The picture: along the model's column where it has one, else along the fitted values; few rows of many."""
    data = thinned(fit.rows.data)
    problem = PlainProblem(fit.names.model, data)
    residuals = problem.residuals(fit.solution.x)
    fitted = [y - r for y, r in zip(data.target, residuals, strict=True)]
    title = " ".join(f"{fit.asked.target} = {fit.asked.model}".split())
    sigmas = (
        [1 / root for root in data.roots]
        if data.roots is not None and "--sigma-y" in fit.names.programs
        else []
    )
    columns = fit.names.model.columns
    if len(columns) != 1:
        ends = sorted((min(fitted), max(fitted)))
        return FitPicture(
            title, "fitted", fit.asked.target, fitted, data.target, sigmas, residuals, ends, ends, [], []
        )
    (axis,) = columns
    line, curve, lower, upper = _curve(fit, axis, data)
    return FitPicture(
        title,
        axis,
        fit.asked.target,
        data.columns[axis],
        data.target,
        sigmas,
        residuals,
        line,
        curve,
        lower,
        upper,
    )


def _curve(fit: Fit, axis: str, data: FitData) -> tuple[Sequence[float], ...]:
    """Places along the axis, the model there, and its band; places without a value are left out."""
    low, high = min(data.columns[axis]), max(data.columns[axis])
    places = [low + (high - low) * k / (PLACES - 1) for k in range(PLACES)]
    known = known_parameters(fit)
    known = known._replace(solution=known.solution._replace(certain=None))  # floats will do for a picture
    found = []
    for x in places:
        try:
            found.append((x, propagated(known, fit.names.model.program, {axis: [x]}, 1)[0]))
        except (ArithmeticError, ValueError):
            continue
    sure = [(x, one) for x, one in found if one.error is not None]
    found = sure if len(found) - len(sure) <= CORNERS else found
    line, curve = [x for x, _ in found], [one.value for _, one in found]
    quantile = fit.estimates.quantile
    if quantile is None or any(one.error is None for _, one in found):
        return line, curve, [], []
    reach = [quantile * (one.error or 0.0) for _, one in found]
    lower = [y - r for y, r in zip(curve, reach, strict=True)]
    return line, curve, lower, [y + r for y, r in zip(curve, reach, strict=True)]
