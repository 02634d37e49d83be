"""`gradcli step`: one step of an optimizer, or many, from where the session stands."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import click

from gradcli.language.errors import UsageProblem
from gradcli.output.results.step_document import Steps, stage_row, steps_document, steps_record, steps_rows
from gradcli.shell.help.option_groups import OptionGroup, option
from gradcli.shell.options.common_options import (
    constraint_option,
    corner_option,
    float_digits,
    output_options,
    problem_options,
    session_options,
    sum_option,
)
from gradcli.shell.options.data_options import batch_of, batch_options, columns_option
from gradcli.shell.options.descent_options import (
    backend_option,
    bounds_option,
    check_every,
    check_plot,
    live_option,
    plot_options,
    schedule_option,
    trace_options,
)
from gradcli.shell.options.engine_options import engine_options
from gradcli.shell.options.number_types import Whole
from gradcli.shell.options.optimizer_options import optimizer_options, settings_of
from gradcli.shell.options.variable_options import VariableCommand
from gradcli.shell.problems.problem import Problem, from_command_line
from gradcli.shell.process.environment import open_memory
from gradcli.shell.sessions.session_step import SteppedSession, step_session
from gradcli.shell.sessions.session_update import append_state
from gradcli.shell.sessions.step_request import StepRequest
from gradcli.shell.writers.answer_writer import (
    OutputOptions,
    Report,
    cells_of_tables,
    check_path,
    destinations,
    most_rows,
    write_notes,
    write_to,
)

if TYPE_CHECKING:
    from gradcli.calculus.program.compiled_expression import Compiled
    from gradcli.descent.steps.step_problem import Stage
    from gradcli.memory.database import Store
    from gradcli.memory.session_record import State
    from gradcli.shell.descents.trace_file import RetakenTrace
    from gradcli.shell.files.file_columns import DataRequest
    from gradcli.shell.plots.plot_request import PlotRequest
    from gradcli.shell.sessions.session_step import Watch


EXAMPLES = (
    ('gradcli step "x**2+x*y+3" --x 5 --y 3 --lr 0.1', "a new problem, one step"),
    ("gradcli step --steps 100", "on from there, 100 steps"),
)


@click.command(cls=VariableCommand, examples=EXAMPLES)
@click.argument("expressions", metavar="[EXPR]...", nargs=-1)
@option("--steps", group=OptionGroup.DESCENT, type=Whole(0), default=1, show_default=True, metavar="N",
        help="How many steps.")  # fmt: skip
@option("--box", group=OptionGroup.DESCENT, beside="--steps", metavar="BOX", help="Stay in it.")
@option("--ascend", group=OptionGroup.DESCENT, beside="--optimizer", is_flag=True, help="Go uphill.")
@option(
    "--dry-run", group=OptionGroup.MEMORY, is_flag=True, help="Print the step, leave the session as it is."
)
@optimizer_options
@schedule_option(None)
@bounds_option
@backend_option("many steps")
@constraint_option()
@option("--show-slots", group=OptionGroup.ANSWER, is_flag=True, help="Print the optimizer's state as well.")
@trace_options
@plot_options
@live_option
@sum_option(OptionGroup.POINT, "--wrt")
@problem_options
@batch_options
@columns_option
@engine_options
@corner_option("least")
@session_options
@output_options(("text", "json", "jsonl", "csv", "tsv"))
def step(
    expressions: tuple[str, ...], values: Sequence[tuple[str, str]], at: tuple[str, ...], wrt: str | None,
    session: str, dry_run: bool, show_slots: bool, digits: int | None, format_: str, get: str | None, color: str,
    data: DataRequest | None, **how: Any,
) -> None:  # fmt: skip
    """Move the point one step along the negative gradient, or as the optimizer says.
    Without EXPR the session's goes on, from the values given; -: a JSON problem.
    """
    manner = OutputOptions(format_, get, float_digits(digits), color)
    check_plot(how, format_, get)
    check_every(how)
    problem = _from_stdin_or(from_command_line(expressions, values, at, wrt))
    wish = _wish(how)._replace(data=data, batch=batch_of(how))
    with open_memory() as store, _traced(how) as trace:

        def work(head: State | None) -> tuple[State, SteppedSession]:
            with _live(store, how, color) as watch:
                result = step_session(store, session, head, problem, wish, watch)
            check_path(lambda: steps_record(result.steps), manner)
            if how["plot"] or how["plot_out"]:
                _drawn(store, session, result.state, how["plot_out"])  # before anything is remembered
            if trace is not None:
                trace.take(result.steps, result.replay)
            return result.state, result

        if dry_run:
            from gradcli.memory.session_history import current

            _, result = work(None if problem.texts else current(store, session))
        else:
            result = append_state(store, session, work)
        if trace is not None:
            trace.publish()
        _report(result, manner, show_slots)
        if how["plot"] or how["plot_out"]:
            from gradcli.shell.plots.plot_beside_answer import illustrate

            illustrate(how, lambda: _way(store, session, result, dry_run, how["plot_out"]), color)
        write_notes([*(note.message for note in result.steps.notes), *store.notices], color)


def _from_stdin_or(problem: Problem) -> Problem:
    """The problem; the one on standard input where its expression is -."""
    if problem.texts != ("-",):
        return problem
    from gradcli.shell.problems.problem_source import only_problem

    return only_problem(problem)


def _wish(how: Mapping[str, Any]) -> StepRequest:
    """The steps that the options ask for. Raises UsageProblem where --lr safe has no box, or more than that."""
    safe, box, bounds = how["set_lr"] == "safe", how["box"], how["bounds"]
    if box is not None and bounds is not None:
        raise UsageProblem("--box and --bounds both keep steps in intervals", hint="one of them is enough")
    if safe:
        box, bounds, how = box or bounds, None, {**how, "set_lr": None}
        if box is None:
            raise UsageProblem("--lr safe needs a box", hint="for example --box x=-5:5,y=-5:5")
        if how["schedule"]:
            raise UsageProblem("--lr safe is a rate that stays: --schedule does not belong to it")
    sides = None
    if box is not None:
        from gradcli.shell.options.proof_options import ends_of

        sides = ends_of(box)
    return StepRequest(
        how["steps"], how["ascend"], how["corner"], how["optimizer"], how["dialect"], settings_of(how),
        how["clip_norm"], how["clip_value"], how["reset"], how["schedule"], bounds,
        sides, safe, judge=box is not None, backend=how["backend"], constraints=how["subject_to"],
    )  # fmt: skip


def _traced(how: Mapping[str, Any]) -> AbstractContextManager[RetakenTrace | None]:
    """The file of --trace; None without one."""
    if how["trace"] is None:
        return nullcontext()
    from gradcli.shell.descents.trace_file import RetakenTrace

    return RetakenTrace(how["trace"], how["every"])


def _live(store: Store, how: Mapping[str, Any], color: str) -> AbstractContextManager[Watch | None]:
    """Who draws the steps of --live; None without it."""
    if not how["live"]:
        return nullcontext()
    from gradcli.shell.descents.live_steps import live_steps

    return live_steps(store, how, color)


def _way(
    store: Store, session: str, result: SteppedSession, dry_run: bool, files: Sequence[str]
) -> PlotRequest:
    """The way to draw, for *files*: the session's; of a dry run, its own steps."""
    from gradcli.shell.plots.plot_beside_answer import path_request
    from gradcli.shell.sessions.descent_path import Point, points_beside
    from gradcli.shell.sessions.replayed_path import path_of_session

    state, steps = result.state, result.steps
    compiled, at = _drawn(store, session, state, files)
    if not dry_run:
        return path_request(compiled, points_beside(path_of_session(store, session), at), state.wrt)
    points = [Point(steps.step - steps.taken, dict(steps.before.at))]
    result.replay(lambda number, stage: points.append(Point(number, dict(stage.at))))
    return path_request(compiled, points_beside(points, at), state.wrt)


def _drawn(
    store: Store, session: str, state: State, files: Sequence[str]
) -> tuple[Compiled, Mapping[str, Any]]:
    """The program of a state that is drawn, and its point. Raises what the readers raise of its files."""
    from gradcli.memory.compiled_cache import compiled_or_cached
    from gradcli.shell.options.picture_options import has_formulas

    problem, along = Problem(state.expressions, state.at, state.wrt), None
    if "data" in state.settings:
        from gradcli.shell.files.session_files import remembered_request
        from gradcli.shell.plots.loss_plot import MOST_DRAWN, compiled_over_rows, is_over_rows
        from gradcli.shell.problems.data_problem import few_or_many

        problem = few_or_many(store, problem, remembered_request(store, state, session), MOST_DRAWN)
        along = problem.wrt
        if is_over_rows(problem):
            return compiled_over_rows(store, problem, formulas=has_formulas(files)), problem.at
    formulas = has_formulas(files)
    return compiled_or_cached(store, problem.texts, problem.at.keys(), along, formulas=formulas), problem.at


def _report(result: SteppedSession, manner: OutputOptions, show_slots: bool) -> None:
    steps = result.steps
    report = Report(
        record=lambda: steps_record(steps),
        rows=lambda: steps_rows(steps),
        document=lambda: steps_document(steps, manner.digits, slots=show_slots, most=most_rows()),
    )
    for here, write in destinations(manner):
        if here.get is None and here.format in ("jsonl", "csv", "tsv") and steps.taken > 1:
            _every_step(result, here, write or sys.stdout.write)
        else:
            write_to(report, here, write)


def _every_step(result: SteppedSession, manner: OutputOptions, write: Callable[[str], object]) -> None:
    """Stream every step: they are taken again, now that they are remembered, and are the same to the last bit."""
    steps = result.steps
    start = steps.step - steps.taken
    if manner.format == "jsonl":
        tell: Any = _Records(steps, write)
    else:
        tell = _Rows("," if manner.format == "csv" else "\t", write)
        tell(start, steps.before)
    result.replay(tell)


class _Records:
    """Writes one JSON record per step, each with the stage before it."""

    def __init__(self, steps: Steps, write: Callable[[str], object]) -> None:
        self.steps, self.before, self.write = steps, steps.before, write

    def __call__(self, number: int, stage: Stage) -> None:
        from gradcli.output.painters.json_text import json_text

        one = self.steps._replace(before=self.before, after=stage, step=number, taken=1, slots={}, notes=())
        record = steps_record(one)
        del record["slots"], record["notes"], record["settings"]
        self.write(json_text(record) + "\n")
        self.before = stage


class _Rows:
    """Writes one row per point, with a header before the first."""

    def __init__(self, delimiter: str, write: Callable[[str], object]) -> None:
        self.delimiter, self.write, self.begun = delimiter, write, False

    def __call__(self, number: int, stage: Stage) -> None:
        from gradcli.output.painters.csv_text import separated

        lines: Iterator[str] = iter(separated([stage_row(number, stage)], self.delimiter, cells_of_tables()))
        header = next(lines)
        self.write(next(lines) if self.begun else header + next(lines))
        self.begun = True
