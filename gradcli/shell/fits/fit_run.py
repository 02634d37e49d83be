"""A question about a fit → its solution and what is known of its parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from operator import mul
from typing import TYPE_CHECKING, Any

from gradcli.fitting.inference.estimates import Rows, estimate
from gradcli.fitting.models.fit_problem import FitData, FitProblem, PlainProblem
from gradcli.fitting.solver.fit_search import Task
from gradcli.fitting.solver.solved_fit import Ask, solve
from gradcli.fitting.solver.start_values import between_rows, suggested_values, wave_numbers
from gradcli.language.errors import GradcliError
from gradcli.shell.fits.fitted_model import Fit, box_of, problem_of, summed, thinned
from gradcli.shell.fits.questions.row_counts import too_many_for_balls

if TYPE_CHECKING:
    from gradcli.fitting.models.row_model import RowModel
    from gradcli.shell.fits.questions.fit_names import FitNames
    from gradcli.shell.fits.questions.fit_question import FitQuestion
    from gradcli.shell.fits.questions.fit_rows import FitRows


def fitted(names: FitNames, asked: FitQuestion, rows: FitRows, orthogonal: FitProblem | None = None) -> Fit:
    """Carry out a fit. orthogonal: the problem of one with errors in its columns."""
    if asked.likelihood:
        from gradcli.shell.fits.likelihood_run import likeliest

        return likeliest(names, asked, rows)
    if orthogonal is not None:
        return _orthogonal(names, asked, rows, orthogonal)
    plain = _least_squares(names, asked, rows)
    if asked.loss == "linear" or not math.isfinite(plain.solution.value):
        return plain
    from gradcli.shell.fits.robust_run import robust_fit

    box = box_of(asked, plain.solution.names)
    found = robust_fit(names, rows, box, plain.solution, asked)
    return plain._replace(solution=found.solution, estimates=found.estimates, robust=found.robust)


def _orthogonal(names: FitNames, asked: FitQuestion, rows: FitRows, problem: FitProblem) -> Fit:
    """The fit of least distance, from where least squares ends, or from the given start."""
    plain = _least_squares(names, asked, rows).solution
    task = _task(problem, names.model, asked, rows.data)._replace(linear=())
    if len(task.start) < len(problem.names) or (asked.look and plain.success):
        task = task._replace(start=dict(enumerate(plain.x)))
    solution = solve(task, None, look=False)
    measured = Rows(_counted(rows), 0.0, _log_weights(rows.weights), asked.absolute)
    found = estimate(solution, measured, asked.level)
    return Fit(asked, names, rows, solution, found._replace(aic=None, bic=None))


def _least_squares(names: FitNames, asked: FitQuestion, rows: FitRows) -> Fit:
    model = names.model
    problem, ask = problem_of(model)(rows.data), _ask(names, asked, rows)
    task = _task(problem, model, asked, rows.data)
    if task.seams:
        from gradcli.fitting.solver.threshold_intervals import intervals_of

        task = task._replace(intervals=intervals_of(model, rows.data, problem.names))
    if ask is not None:
        solution = solve(task, ask, look=asked.look)
        total = _total(rows.data.target, rows.weights)
        measured = Rows(_counted(rows), total, _log_weights(rows.weights), asked.absolute)
    else:
        from gradcli.fitting.models.row_totals import row_totals

        exact = summed(problem, names, rows)
        solution = solve(task._replace(exact=exact), None, look=asked.look)
        try:
            measured = Rows(*row_totals(exact.measured, exact.sums), asked.absolute)
        except ArithmeticError:  # squares that are too large for a float: there is no R² then
            measured = Rows(exact.rows, 0.0, 0.0, asked.absolute)
    return Fit(asked, names, rows, solution, estimate(solution, measured, asked.level))


def _task(problem: FitProblem, model: RowModel, asked: FitQuestion, data: FitData) -> Task:
    names = problem.names
    start = {names.index(name): float(x) for name, x in asked.starts.items() if name in names}
    linear = model.linear()
    box = box_of(asked, names)
    few = thinned(data)
    sketch = problem if few is data else PlainProblem(model, few)
    weighted = (
        few.target if few.roots is None else [y * w for y, w in zip(few.target, few.roots, strict=True)]
    )
    return Task(
        problem, sketch, start, box, [j for j, name in enumerate(names) if name in linear],
        suggested_values(few.columns, few.target), (min(weighted), max(weighted)), model.idle(),
        (wave_numbers(few.columns) if model.oscillates else []) + (between_rows(few.columns) if model.has_seams else []),
        seams=model.has_seams,
    )  # fmt: skip


def _ask(names: FitNames, asked: FitQuestion, rows: FitRows) -> Ask | None:
    """What balls say of a point; None where there are too many rows for them, or no second derivatives."""
    if rows.data.parted is not None or too_many_for_balls(names.model, rows.data.rows):
        return None
    from gradcli.fitting.solver.newton_in_balls import BITS
    from gradcli.shell.fits.questions.fit_rows import ball_data

    try:
        data = ball_data(names, asked, rows, BITS)
    except (ArithmeticError, ValueError, GradcliError):
        return None

    def ask(free: Sequence[str], held: Mapping[str, float], x: Sequence[float]) -> Any:
        """The minimum next to *x* along the free parameters."""
        from gradcli.calculus.balls.decimals import rational
        from gradcli.fitting.models.ball_problem import BallProblem
        from gradcli.fitting.solver.newton_in_balls import polish

        fixed = {name: rational(repr(one)) for name, one in held.items()}
        whole = data._replace(held={**data.held, **fixed})
        return polish(BallProblem(names.model, whole, free, BITS), x)

    return ask


def _counted(rows: FitRows) -> int:
    """How many rows have a weight above 0."""
    return rows.data.rows if rows.weights is None else sum(1 for w in rows.weights if w > 0)


def _total(target: Sequence[float], weights: Sequence[float] | None) -> float:
    """The weighted sum of squares around the weighted mean; 0, which is for no R², where it is too large for a float."""
    target = list(map(float, target))
    own = [1.0] * len(target) if weights is None else list(map(float, weights))
    try:
        mean = math.fsum(map(mul, own, target)) / math.fsum(own)
        found = math.fsum(w * ((y - mean) * (y - mean)) for w, y in zip(own, target, strict=True))
    except (OverflowError, ValueError):
        return 0.0
    return found if math.isfinite(found) else 0.0


def _log_weights(weights: Sequence[float] | None) -> float:
    return 0.0 if weights is None else math.fsum(math.log(w) for w in weights if w > 0)
