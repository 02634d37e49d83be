"""`fit --nll EXPR`: the parameters for which the negative log-likelihood of the rows is least, and what follows from it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.fitting.inference.estimates import Estimates, inverse_in_balls, with_covariance
from gradcli.fitting.models.summed_rows import SummedBalls, SummedRows
from gradcli.fitting.solver.float_accuracy import right_digits
from gradcli.fitting.solver.likelihood_fit import Lowest, best_of, flat_directions
from gradcli.fitting.solver.solution import Certain, Solution
from gradcli.fitting.solver.start_values import spread_points, suggested_values, varied
from gradcli.language.errors import UsageProblem
from gradcli.shell.fits.fitted_model import Fit, thinned
from gradcli.shell.fits.questions.row_counts import too_many_for_balls

if TYPE_CHECKING:
    from gradcli.shell.fits.questions.fit_names import FitNames
    from gradcli.shell.fits.questions.fit_question import FitQuestion
    from gradcli.shell.fits.questions.fit_rows import FitRows

#: Steps along a way down, those that lead to where the descent ended, and the bits of the sums there.
FOLLOWED, BEFORE, WIDE = 12, 4, 1024

#: How far aside a direction is looked along, relative to the point's size, and the share by which a level cost may differ.
ASIDE, LEVEL = 1e-4, 1e-12

#: From a point to the sum of the cost there.
Values = Callable[[Sequence[float]], Any]

#: Starts from which it is descended: beside a given one, and without one; points that are ranked.
BESIDE, WITHOUT, RANKED = 4, 10, 600


def likeliest(names: FitNames, asked: FitQuestion, rows: FitRows) -> Fit:
    """The fit of greatest likelihood. Raises UsageProblem where second derivatives are not known."""
    model = names.model
    if model.second is None:
        raise UsageProblem("--nll needs second derivatives, and nobody knows one of them")
    problem = SummedRows(model, rows.data)
    starts, tried = _starts(problem, asked, rows)
    found = best_of(problem, starts, _polisher(names, asked, rows, problem))
    if found is None:
        x = [float(asked.starts.get(name, math.nan)) for name in problem.names]
        lost = Solution(problem.names, x, math.nan, "no-value", "", None, problem.names, None, 1.0)
        return Fit(asked, names, rows, lost, with_covariance(lost, None, asked.level, 0))
    flat = flat_directions(found, problem.names)
    level = [one for one in flat if _is_level(problem, found, one)]
    solution = _solution(found, problem.names, flat, level)
    if not solution.success:
        followed = _followed(solution._replace(loose=tuple(flat)), _values(names, asked, rows))
        solution = followed or solution
    if not asked.starts:
        solution = solution._replace(tried=tried)
    return Fit(asked, names, rows, solution, _estimates(solution, found, asked, rows.data.rows))


def _starts(problem: SummedRows, asked: FitQuestion, rows: FitRows) -> tuple[list[list[float]], int]:
    """Where it is descended from: the given start first, then the lowest of points around it, or of those suggested."""
    count = len(problem.names)
    given = [float(asked.starts.get(name, 1.0)) for name in problem.names]
    complete = all(name in asked.starts for name in problem.names)
    if complete and not asked.look:
        return [given], 0
    few = thinned(rows.data)
    sketch = SummedRows(problem.model, few)
    if complete:
        pool: list[list[float]] = list(varied(given, range(count)))
    else:
        values = suggested_values(few.columns, few.target)
        unknown = [j for j, name in enumerate(problem.names) if name not in asked.starts]
        pool = []
        for point in spread_points(values, len(unknown), RANKED):
            pool.append([point[unknown.index(j)] if j in unknown else given[j] for j in range(count)])
    ranked = sorted(
        ((value, x) for x in pool if (value := sketch.value(x)) is not None), key=lambda one: one[0]
    )
    chosen = [x for _, x in ranked[: BESIDE if complete else WITHOUT]]
    return [given, *chosen] if complete else chosen, len(chosen)


def _polisher(names: FitNames, asked: FitQuestion, rows: FitRows, problem: SummedRows) -> Any:
    if rows.data.parted is not None or too_many_for_balls(names.model, rows.data.rows):
        return None
    from gradcli.fitting.solver.newton_in_balls import BITS, polish
    from gradcli.shell.fits.questions.fit_rows import ball_data

    def ask(x: Sequence[float]) -> Any:
        """The minimum next to *x*, enclosed."""
        try:
            data = ball_data(names, asked, rows, BITS)
        except (ArithmeticError, ValueError):
            return None
        balls: Any = SummedBalls(names.model, data.columns, data.held, rows.data.rows, BITS)
        return polish(balls, x)

    return ask


def _values(names: FitNames, asked: FitQuestion, rows: FitRows) -> Values | None:
    """The sum at a point in balls; None where there are too many rows for them."""
    if rows.data.parted is not None or too_many_for_balls(names.model, FOLLOWED * rows.data.rows):
        return None
    from gradcli.shell.fits.questions.fit_rows import ball_data

    try:
        data = ball_data(names, asked, rows, WIDE)
    except (ArithmeticError, ValueError):
        return None
    balls = SummedBalls(names.model, data.columns, data.held, rows.data.rows, WIDE)

    def value(x: Sequence[float]) -> Any:
        """The sum; None where a row has no value."""
        from gradcli.calculus.balls.decimals import double

        try:
            return balls.value([double(one) for one in x])
        except (ArithmeticError, ValueError):
            return None

    return value


def _followed(end: Solution, values: Values | None) -> Solution | None:
    """The same end where the cost falls beyond it for as far as it was followed; None where that is not seen."""
    if values is None or not all(map(math.isfinite, end.x)):
        return None
    size = math.hypot(*end.x)
    ways = [dict(one) for one in end.loose] + [{name: -x for name, x in one.items()} for one in end.loose]
    ways += [{name: x / size for name, x in zip(end.names, end.x, strict=True)}] if size else []
    for way in ways:
        if _falls(values, end, way, size or 1.0):
            message = (
                f"the negative log-likelihood falls along ({_signed(way)}) for as far as it was followed (in balls): "
                "it has no minimum there"
            )
            return end._replace(status="falling", message=message)
    return None


def _signed(way: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {x:+.3g}" for name, x in way.items() if x)


def _falls(values: Values, end: Solution, way: Mapping[str, float], size: float) -> bool:
    """Whether the cost falls at each of the steps along a way, twice as long each time, that balls can tell."""
    unit = [way.get(name, 0.0) for name in end.names]
    lengths = [0.0, *(size * 2.0 ** (k - BEFORE) for k in range(FOLLOWED))]
    seen, last = 0, None
    for length in lengths:
        here = values([x + (length - size) * u for x, u in zip(end.x, unit, strict=True)])
        if here is None or (last is not None and not here < last):
            return here is not None and seen >= BEFORE and not here > last and not (here - last).is_exact()
        seen, last = seen + (last is not None), here
    return seen == FOLLOWED


def _is_level(problem: SummedRows, found: Lowest, way: Mapping[str, float]) -> bool:
    """Whether the sum is the same at either side along a *way*: at a corner it is not, whatever second derivatives say."""
    length = ASIDE * max(1.0, math.hypot(*found.x))
    unit = [way.get(name, 0.0) for name in problem.names]
    sides = [[x + sign * length * u for x, u in zip(found.x, unit, strict=True)] for sign in (1.0, -1.0)]
    values = [problem.value(side) for side in sides]
    return all(one is not None and abs(one - found.value) <= LEVEL * abs(found.value) for one in values)


def _solution(
    found: Lowest,
    names: Sequence[str],
    flat: Sequence[Mapping[str, float]],
    level: Sequence[Mapping[str, float]],
) -> Solution:
    """The verdict on the end of a descent. flat: directions without curvature; level: those of them without a slope too."""
    plain = Solution(tuple(names), found.x, found.value, "", "", None, tuple(names), None, 0.0)
    polished = found.polished
    if polished is not None and polished.unique and polished.definite:
        value = polished.squares.value
        x = [0.0 if one.contains(0) else float(one) for one in polished.x]
        why = "one stationary point lies here, and the Hessian is positive definite around it (in balls)"
        return plain._replace(
            x=x, value=0.0 if value.contains(0) else float(value), status="minimum",
            message=f"a minimum of the negative log-likelihood: {why}", certain=Certain(tuple(names), polished),
        )  # fmt: skip
    if level:
        message = f"the likelihood does not change along ({_signed(level[0])})"
        return plain._replace(status="not-determined", message=message, loose=tuple(level))
    if flat:
        message = f"along ({_signed(flat[0])}) the likelihood changes, and without second derivatives, as at a corner"
        return plain._replace(status="not-reached", message=f"the descent ended where {message}")
    settled = found.decrement <= 1e-10 * max(abs(found.value), 1e-300)
    if found.definite and settled and polished is None:
        why = (
            f"Newton's step foretells {found.decrement:.1g}, and the Hessian is positive definite (in floats)"
        )
        digits = _digits(found, names)
        return plain._replace(
            status="minimum", message=f"a minimum of the negative log-likelihood: {why}", digits=digits
        )
    why = (
        "the Hessian is not positive definite"
        if not found.definite
        else f"Newton's step foretells {found.decrement:.2g}"
    )
    return plain._replace(status="not-reached", message=f"the descent ended where {why}")


def _digits(found: Lowest, names: Sequence[str]) -> dict[str, int]:
    """How many digits are right: the minimum is as many standard errors away as the root of twice what is foretold says."""
    away = 2 * math.sqrt(2 * found.decrement + 1e-15 * abs(found.value))
    inverse = _inverted(found.hessian)
    reach = [away * math.sqrt(max(row[j], 0.0)) for j, row in enumerate(inverse)]
    digits = {name: right_digits(abs(x), one) for name, x, one in zip(names, found.x, reach, strict=True)}
    return {**digits, "": right_digits(abs(found.value), found.decrement + 1e-14 * abs(found.value))}


def _estimates(solution: Solution, found: Lowest, asked: FitQuestion, rows: int) -> Estimates:
    """Errors from the observed information, the inverse of the Hessian; intervals by the normal."""
    covariance = None
    if solution.success and solution.certain is not None:
        inverse = inverse_in_balls(solution.certain.polished.squares.normal)
        covariance = (
            None
            if inverse is None
            else [[0.0 if x.contains(0) else float(x) for x in row] for row in inverse]
        )
    elif solution.success:
        covariance = _inverted(found.hessian)
    known = with_covariance(solution, covariance, asked.level, math.inf)
    count = len(solution.free)
    aic, bic = 2 * solution.value + 2 * count, 2 * solution.value + count * math.log(rows)
    return known._replace(dof=rows - count, scaled=False, aic=aic, bic=bic)


def _inverted(hessian: list[list[float]]) -> list[list[float]]:
    """The inverse of a positive definite matrix."""
    from gradcli.descent.objective.vectors import scaled, solve_spectral, spectrum

    d, matrix = scaled(hessian)
    parts, size = spectrum(matrix), range(len(d))
    columns = [solve_spectral(parts, [float(i == j) for i in size]) for j in size]
    return [[d[i] * columns[j][i] * d[j] for j in size] for i in size]
