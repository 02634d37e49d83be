"""`gradcli compare`: optimizers side by side on one problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from gradcli.language.errors import GradcliError, UsageProblem
from gradcli.language.problem_text import heading
from gradcli.output.results.comparison_document import (
    contest_document,
    contest_record,
    contest_results,
    contest_rows,
)
from gradcli.shell.descents.data_descent import check_options, problem_to_move
from gradcli.shell.descents.optimizer_comparison import Race, choices_of, convergence_curves, run_comparison
from gradcli.shell.help.option_groups import OptionGroup, listing, option
from gradcli.shell.options.common_options import (
    constraint_option,
    float_digits,
    output_options,
    problem_options,
    session_options,
)
from gradcli.shell.options.data_options import batch_of, batch_options, columns_option
from gradcli.shell.options.descent_options import check_plot, plot_options, schedule_option
from gradcli.shell.options.engine_options import engine_options
from gradcli.shell.options.number_types import Finite, Whole
from gradcli.shell.options.optimizer_options import hyper_options, settings_of
from gradcli.shell.options.variable_options import VariableCommand
from gradcli.shell.problems.interval_lists import schedule_typed
from gradcli.shell.problems.problem import with_constraints
from gradcli.shell.process.environment import open_memory
from gradcli.shell.sessions.descent_path import DescentPath
from gradcli.shell.sessions.posed_steps import check_no_files
from gradcli.shell.writers.answer_writer import OutputOptions, Report, write_answer, write_notes

if TYPE_CHECKING:
    from gradcli.descent.rules.optimizer_choice import Choice
    from gradcli.memory.database import Store
    from gradcli.output.results.comparison_document import Contest
    from gradcli.shell.files.file_columns import DataRequest
    from gradcli.shell.problems.problem import Problem

EXAMPLES = (
    ('gradcli compare "(x-1)**2+y**4" --x 5 --y 3 --lr 0.1', "sgd, rmsprop, adam"),
    ("gradcli compare --optimizers adam --dialects torch,tf1", "two definitions"),
)


@click.command(cls=VariableCommand, examples=EXAMPLES)
@click.argument("expressions", metavar="[EXPR]", nargs=-1)
@listing("--optimizers", "chosen", group=OptionGroup.DESCENT, metavar="NAME,NAME", default=["sgd,rmsprop,adam"],
        show_default=True, help="Which to compare, or all.")  # fmt: skip
@listing("--dialects", group=OptionGroup.DESCENT, metavar="NAME,NAME",
        help="In whose definitions (each optimizer's own).")  # fmt: skip
@listing(
    "--lr", group=OptionGroup.DESCENT, metavar="RATE[,RATE...]", help="Learning rates (each optimizer's own)."
)
@option("--steps", group=OptionGroup.DESCENT, type=Whole(1), default=100, show_default=True, metavar="N",
        help="How many steps.")  # fmt: skip
@option("--tol", group=OptionGroup.DESCENT, type=Finite(0, min_open=True), default=1e-8, show_default=True,
        metavar="NORM", help="Stop at this norm of the gradient.")  # fmt: skip
@schedule_option("constant")
@hyper_options
@plot_options
@constraint_option()
@problem_options
@partial(batch_options, goes_on=False)
@columns_option
@engine_options
@session_options
@output_options(("text", "json", "jsonl", "csv", "tsv"))
def compare(
    digits: int | None, format_: str, get: str | None, color: str, data: DataRequest | None, **how: Any,
) -> None:  # fmt: skip
    """How far each optimizer gets from the same point in the same number of steps, and how it ends.

    Where two dialects of one optimizer are compared, the terms that make the difference are named. The session
    stays as it is.
    """
    manner = OutputOptions(format_, get, float_digits(digits), color)
    check_plot(how, format_, get)
    check_options(how, data)
    runs: list[DescentPath] | None = [] if how["plot"] or how["plot_out"] else None
    with open_memory() as store:
        problem = with_constraints(store, problem_to_move(store, data, how), how["subject_to"])
        kept = bool(problem.constraints)
        choices = choices_of(how["chosen"], how["dialects"], how["lr"], settings_of(how), constrained=kept)
        race = race_of(problem, how)
        contest = _contest(store, problem, choices, race, runs)
        if format_ == "jsonl" and get is None:
            for result in contest_results(contest):
                write_answer(Report(result.copy, list, list), manner)
        else:
            write_answer(_report(contest, problem, manner.digits), manner)
        text = heading(problem.texts)
        if runs is not None:
            from gradcli.shell.plots.plot_beside_answer import illustrate_series

            begun = choices[: len(runs)]
            illustrate_series(
                how, f"convergence of f = {text}", convergence_curves(store, problem, begun, runs), color
            )
        write_notes(store.notices, color)
    if getattr(contest.results[-1][1], "status", None) == "interrupted":
        raise KeyboardInterrupt
    failed = [one.status for _, one in contest.results if isinstance(one, GradcliError)]
    if len(failed) == len(contest.results):
        raise click.exceptions.Exit(max(failed))


def _contest(
    store: Store, problem: Problem, choices: Sequence[Choice], race: Race, runs: list[DescentPath] | None
) -> Contest:
    """The descents of all choices, under constraints where there are some."""
    if not problem.constraints:
        return run_comparison(store, problem, choices, race, runs)
    from gradcli.shell.descents.constrained_comparison import compare_under_constraints

    if race.batches is not None:
        raise UsageProblem("--batch and --subject-to do not go together: constraints are kept over all rows")
    if click.get_current_context().get_parameter_source("tol") is not ParameterSource.DEFAULT:
        raise UsageProblem(
            "--tol and --subject-to do not go together: each optimizer takes all of its --steps"
        )
    return compare_under_constraints(store, problem, choices, race.steps, race.schedule, runs)


def race_of(problem: Problem, how: Mapping[str, Any]) -> Race:
    """How far the optimizers go. Raises UsageProblem for batches of what is not over files, or of too many rows."""
    race = Race(how["steps"], how["tol"], schedule_typed(how["schedule"]))
    asked = batch_of(how)
    if asked is None:
        return race
    if problem.data is None:
        check_no_files(asked)
        return race._replace(steps=asked.epochs or race.steps)
    from gradcli.shell.sessions.session_batches import losses_of, session_order

    order = session_order({}, 0, problem.data.places.rows, asked)
    steps = (
        race.steps if asked.epochs is None else asked.epochs * (1 if order is None else order.order.batches)
    )
    return race._replace(steps=steps, batches=order and losses_of(problem.data, order))


def _report(contest: Contest, problem: Problem, digits: int) -> Report:
    files = {} if problem.data is None else problem.data.record
    return Report(
        record=lambda: {**contest_record(contest), **files},
        rows=lambda: contest_rows(contest),
        document=lambda: contest_document(contest, digits),
    )
