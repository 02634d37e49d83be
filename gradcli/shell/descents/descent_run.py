"""What `minimize` and `maximize` share: their options, the descent, and the session after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from gradcli.calculus.program.typed_numbers import typed_float
from gradcli.language.errors import UsageProblem
from gradcli.language.records import NamedTuple
from gradcli.memory.compiled_cache import compiled_or_cached
from gradcli.output.gradients.gradient_document import chosen
from gradcli.output.results.outcome_document import outcome_document, outcome_record, outcome_rows
from gradcli.output.text.document import Line, line
from gradcli.output.text.number_text import shown
from gradcli.shell.descents.data_descent import check_options, problem_to_move
from gradcli.shell.descents.descent_outcomes import LOST, remember_outcome
from gradcli.shell.descents.step_listeners import StepListeners
from gradcli.shell.options.common_options import (
    float_digits,
)
from gradcli.shell.options.descent_options import box_of, check_every, check_plot, outside_notes, plan_of
from gradcli.shell.options.proof_options import check_together
from gradcli.shell.problems.interval_lists import Interval, intervals
from gradcli.shell.problems.moving_problem import compiled_to_move, resting_columns
from gradcli.shell.problems.problem import with_constraints
from gradcli.shell.problems.value_checks import check_bounded, check_complete, connected_names
from gradcli.shell.process.environment import open_memory
from gradcli.shell.sessions.session_step import sum_notes
from gradcli.shell.writers.answer_writer import OutputOptions, Report, check_path, write_answer, write_notes

if TYPE_CHECKING:
    from gradcli.calculus.program.compiled_expression import Compiled
    from gradcli.descent.minimization.plan import Plan
    from gradcli.descent.verdicts.outcome import Outcome
    from gradcli.memory.database import Store
    from gradcli.shell.files.file_columns import DataRequest
    from gradcli.shell.plots.plot_request import PlotRequest
    from gradcli.shell.problems.problem import Problem
    from gradcli.shell.sessions.descent_path import DescentPath


#: Digits to which points under constraints are known.
MOST_DIGITS = 100


def descend(*, ascend: bool, data: DataRequest | None = None, **how: Any) -> None:
    """Minimize or maximize, say how it ended, keep the best point; exit with 1 where there is no minimum.

    data: files of which the problem names columns. how: the options, by their names in `descent_options`.
    """
    check_together(how)
    check_options(how, data)
    if how["prove"]:
        from gradcli.shell.descents.proved_descent import prove

        return prove(ascend=ascend, **how)
    color, session = how["color"], how["session"]
    manner = OutputOptions(how["format_"], how["get"], _digits(how), color)
    check_plot(how, manner.format, manner.get)
    check_every(how)
    with open_memory() as store:
        problem = with_constraints(store, problem_to_move(store, data, how), how["subject_to"])
        outcome, watcher, rate = _descended(store, problem, {**how, "data": data}, ascend=ascend)
        way = watcher.way
        kept_point = None if how["dry_run"] else _kept_point(problem, outcome)
        record = partial(_record, problem, outcome, kept_point)
        with watcher.keeping():
            check_path(record, manner)
            if kept_point is not None:
                kept, words = way.settings(outcome.nit), _words(outcome)
                remember_outcome(store, session, problem, outcome, kept, ascend=ascend, words=words)
        said = _kept_line(outcome, kept_point, manner.digits) if not how["dry_run"] else []
        write_answer(_report(outcome, record, manner.digits, said), manner)
        if how["plot"] or how["plot_out"]:
            from gradcli.shell.plots.plot_beside_answer import illustrate

            illustrate(how, lambda: descent_picture(store, problem, way, outcome.x, how["plot_out"]), color)
        write_notes([*rate, *(note.message for note in outcome.notes), *store.notices], color)
    _leave(outcome)


def _digits(how: Mapping[str, Any]) -> int:
    """The digits to show: those of floats, and more where constraints are typed, under which more are known."""
    if not how["subject_to"] or not how["digits"]:
        return float_digits(how["digits"])
    if how["digits"] > MOST_DIGITS:
        raise UsageProblem(
            f"--digits {how['digits']}: points under constraints are known to {MOST_DIGITS} digits"
        )
    return int(how["digits"])


def _descended(
    store: Store, problem: Problem, how: dict[str, Any], *, ascend: bool
) -> tuple[Outcome, StepListeners, list[str]]:
    """The descent, under constraints where there are some, and what there is to say of its rate."""
    color = how["color"]
    if not problem.constraints:
        how, rate = _with_rate(store, problem, how, ascend)
        return (*run_descent(store, problem, how, ascend=ascend, color=color), rate)
    from gradcli.shell.descents.constrained_run import run_constrained

    def picture(watcher: StepListeners) -> PlotRequest:
        """The picture of the way so far."""
        return descent_picture(store, problem, watcher.way, watcher.way.points[-1][1])

    return (*run_constrained(store, problem, how, ascend=ascend, color=color, picture=picture), [])


def _leave(outcome: Outcome) -> None:
    """The exit status of how it ended."""
    if outcome.status == "interrupted":
        raise KeyboardInterrupt
    if not outcome.success:
        raise click.exceptions.Exit(1)


def _report(
    outcome: Outcome, record: Callable[[], Mapping[str, Any]], digits: int, said: Sequence[Line]
) -> Report:
    return Report(
        record=record,
        rows=lambda: outcome_rows(outcome),
        document=lambda: [*outcome_document(outcome, digits), *said],
    )


def _kept_point(problem: Problem, outcome: Outcome) -> Mapping[str, Any] | None:
    """The point that the session has then: where the descent ended, its start where it got lost; None for no start."""
    if outcome.status not in LOST:
        return {**problem.at, **outcome.x}
    return problem.at if all(name in problem.at for name in outcome.x) else None


def _kept_line(outcome: Outcome, kept: Mapping[str, Any] | None, digits: int) -> list[Line]:
    """What is said where the session does not have the point that is printed."""
    if outcome.status not in LOST or (kept and {name: float(x) for name, x in kept.items()} == outcome.x):
        return []
    if kept is None:
        return [line(("name", "kept"), ": the session stays as it is: there was no start to go back to")]
    numbers = " ".join(f"{name}={shown(x, digits)}" for name, x in list(kept.items())[:8])
    more = " …" if len(kept) > 8 else ""
    return [line(("name", "kept"), ": ", ("value", numbers + more), ", the start, is the session's point")]


def _record(problem: Problem, outcome: Outcome, kept: Mapping[str, Any] | None) -> dict[str, Any]:
    """The outcome's record, with the point that the session has then."""
    found = outcome_record(problem.expression, outcome)
    files = problem.data.record if problem.data is not None else {}
    return {**found, "kept": kept and dict(kept), **chosen(problem.wrt), **files}


def _with_rate(
    store: Store, problem: Problem, how: dict[str, Any], ascend: bool
) -> tuple[dict[str, Any], list[str]]:
    """The options, with a rate and bounds where --lr is safe, and what there is to say of it."""
    if how["rate"] != "safe":
        return how, []
    from gradcli.shell.descents.safe_descent import with_safe_rate

    found, said = with_safe_rate(store, problem, how, ascend=ascend)
    return found, [said]


def descent_picture(
    store: Store, problem: Problem, way: DescentPath, end: Mapping[str, float], files: Sequence[str] = ()
) -> PlotRequest:
    """The picture of the way so far, with all partials of the problem; *files* are what it is for."""
    from gradcli.shell.options.picture_options import has_formulas
    from gradcli.shell.plots.loss_plot import compiled_over_rows, is_over_rows
    from gradcli.shell.plots.plot_beside_answer import path_request

    if is_over_rows(problem) and not problem.constraints:
        compiled = compiled_over_rows(store, problem, formulas=has_formulas(files))
        return path_request(compiled, way.drawn(end), problem.wrt)
    compiled = compiled_or_cached(store, problem.texts, problem.at.keys(), formulas=has_formulas(files))
    if problem.constraints:
        from gradcli.shell.plots.plot_request import request_under

        want = partial(path_request, way=way.drawn(end), wrt=problem.wrt)
        return request_under(store, problem, compiled, want, formulas=has_formulas(files))
    return path_request(compiled, way.drawn(end), problem.wrt)


class _Descent(NamedTuple):
    """What is to be minimized, checked: the problem's program, its start, and how to descend."""

    compiled: Compiled
    start: Mapping[str, float]
    plan: Plan
    moving: Sequence[str] | None
    bounds: Mapping[str, Interval] | None
    box: Mapping[str, tuple[float, float]] | None
    ascend: bool

    def run(self, begin: Mapping[str, float], listener: Any) -> Outcome:
        """The descent from *begin*."""
        from gradcli.descent.minimization.minimizer import minimize

        return minimize(
            self.compiled.program, self.compiled.text, begin, self.plan,
            wrt=self.moving, ascend=self.ascend, bounds=self.bounds, on_step=listener,
        )  # fmt: skip


def _checked(store: Store, problem: Problem, how: Mapping[str, Any], ascend: bool) -> _Descent:
    """The descent that the options ask for. Raises UsageProblem and ValueProblem for what does not fit together."""
    bounds, box = intervals(how["bounds"], "--bounds") if how["bounds"] else None, box_of(how)
    compiled = compiled_to_move(store, problem)
    variables = compiled.program.variables
    start = {name: typed_float(x) for name, x in problem.at.items()}
    check_bounded(bounds or (), variables)
    check_complete({**start, **(box or {})}, variables)
    return _Descent(
        compiled, start, plan_of(how), connected_names(problem.wrt, variables), bounds, box, ascend
    )


def run_descent(
    store: Store, problem: Problem, how: Mapping[str, Any], *, ascend: bool, color: str
) -> tuple[Outcome, StepListeners]:
    """Descend from *problem*'s point with the options *how*; the outcome, and who watched the best descent."""
    from gradcli.calculus.evaluation.notes import completed_notes

    descent = _checked(store, problem, how, ascend)
    program = descent.compiled.program
    watcher = StepListeners(how, len(program.variables), color)
    way = watcher.way

    def follow(begin: Mapping[str, float]) -> Any:
        here = {name: begin[name] for name in program.variables}
        loss = "" if problem.data is None else descent.compiled.text
        return watcher.follow(here, lambda: descent_picture(store, problem, way, way.points[-1][1]), loss)

    try:
        if descent.box is None:
            outcome = descent.run(descent.start, follow(descent.start))
        else:
            from gradcli.descent.minimization.random_restarts import Restarts, minimize_often

            restarts = Restarts(how["restarts"] or 20, descent.box, how["seed"])
            outcome = minimize_often(
                descent.run, program.variables, descent.start, restarts, ascend=ascend, follow=follow
            )
            store.notices += outside_notes(outcome, descent.box, how)
        notes = completed_notes(
            program, descent.compiled.text, outcome.notes, problem.wrt or program.variables
        )
    except BaseException:
        if watcher.trace:
            watcher.trace.discard()
        raise
    finally:
        watcher.end()
    rest = resting_columns(descent.compiled, problem.at)
    outcome = outcome._replace(x={**rest, **outcome.x}) if rest else outcome
    return outcome._replace(notes=(*sum_notes(problem.texts), *notes)), watcher


def _words(outcome: Outcome) -> list[str] | None:
    """The options that lead to *outcome* again; None where it was stopped on a way that no option can stop."""
    from gradcli.shell.sessions.command_lines import typed_words

    words = typed_words(click.get_current_context())
    if outcome.status != "interrupted":
        return words
    return None if outcome.starts > 1 else [*words, "--max-steps", str(outcome.nit)]
