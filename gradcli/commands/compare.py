"""`gradcli compare`: optimizers side by side on one problem."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from gradcli.commands.options import (
    check_plot,
    output_options,
    plot_options,
    problem_options,
    session_options,
)
from gradcli.commands.posed import posed
from gradcli.commands.ranges import Finite
from gradcli.commands.speaking import Manner, Report, remark, say
from gradcli.commands.step import float_digits
from gradcli.commands.surroundings import open_memory, prepared
from gradcli.commands.values import check_complete, check_names, check_wrt, connected, words
from gradcli.commands.variables import VariableCommand
from gradcli.commands.watching import Way, shown
from gradcli.language.errors import GradcliError, UsageProblem
from gradcli.output.comparisons import (
    Contest,
    contest_document,
    contest_record,
    contest_results,
    contest_rows,
)

if TYPE_CHECKING:
    from gradcli.commands.problems import Problem
    from gradcli.descent.choice import Choice
    from gradcli.descent.course import Stage
    from gradcli.memory.store import Store
    from gradcli.output.pictures.scene import Series


@click.command(cls=VariableCommand, epilog='Example: gradcli compare "(x-1)**2+y**4" --x 5 --y 3 --lr 0.1')
@click.argument("expressions", metavar="[EXPR]...", nargs=-1)
@click.option("--optimizers", "chosen", metavar="NAME,NAME", default="sgd,rmsprop,adam", show_default=True,
              help="Which to compare.")  # fmt: skip
@click.option("--dialects", metavar="NAME,NAME", help="In whose definitions (each optimizer's default).")
@click.option("--lr", metavar="RATE[,RATE...]", help="Learning rates (each optimizer's own default).")
@click.option(
    "--steps", type=click.IntRange(1), default=100, show_default=True, metavar="N", help="How many steps."
)
@click.option("--tol", type=Finite(0, min_open=True), default=1e-8, show_default=True, metavar="NORM",
              help="Stop at a gradient norm of at most this.")  # fmt: skip
@plot_options
@problem_options
@session_options
@output_options(("text", "json", "jsonl", "csv", "tsv"))
def compare(
    expressions: tuple[str, ...], values: Sequence[tuple[str, str]], at: tuple[str, ...], wrt: str | None,
    session: str, digits: int | None, format_: str, get: str | None, color: str, **how: Any,
) -> None:  # fmt: skip
    """How far each optimizer gets from the same point in the same number of steps, and how it ends.

    Where two dialects of one optimizer are compared, the terms that make the difference are named. The session
    stays as it is.
    """
    manner = Manner(format_, get, float_digits(digits), color)
    check_plot(how, format_, get)
    runs: list[Way] | None = [] if how["plot"] or how["plot_out"] else None
    with open_memory() as store:
        problem = posed(store, expressions, values, at, wrt, session)
        choices = entrants(how["chosen"], how["dialects"], how["lr"])
        contest = held(store, problem, choices, how["steps"], how["tol"], runs)
        if format_ == "jsonl" and get is None:
            for result in contest_results(contest):
                say(Report(result.copy, list, list), manner)
        else:
            say(
                Report(
                    record=lambda: contest_record(contest),
                    rows=lambda: contest_rows(contest),
                    document=lambda: contest_document(contest, manner.digits),
                ),
                manner,
            )
        text = problem.texts[0] if len(problem.texts) == 1 else " + ".join(problem.texts)
        if runs is not None:
            from gradcli.commands.illustrating import illustrate_series

            begun = choices[: len(runs)]
            illustrate_series(how, f"convergence of f = {text}", curves(store, problem, begun, runs), color)
        remark(store.notices, color)
    if getattr(contest.results[-1][1], "status", None) == "interrupted":
        raise KeyboardInterrupt


def curves(store: Store, problem: Problem, choices: Sequence[Choice], runs: Sequence[Way]) -> list[Series]:
    """f and the gradient's norm along every choice's way."""
    from gradcli.commands.illustrating import wanted_way
    from gradcli.commands.picturing import series

    compiled = prepared(store, problem.texts, problem.at.keys())
    named = [f"{choice.optimizer} {choice.dialect}, lr {choice.settings['lr']:g}" for choice in choices]
    return [
        series(wanted_way(compiled, run.drawn(run.points[-1][1]), None), name)
        for name, run in zip(named, runs, strict=True)
    ]


def entrants(chosen: str, dialects: str | None, rates: str | None) -> list[Choice]:
    """Every optimizer in every dialect that has it, with every rate. Raises UsageProblem for what does not exist."""
    from gradcli.descent.choice import choose
    from gradcli.descent.optimizers import OPTIMIZERS
    from gradcli.descent.rows import DIALECTS

    wanted = words(dialects, "--dialects", "torch,tf1") if dialects is not None else (None,)
    for dialect in wanted:
        if dialect is not None and dialect not in DIALECTS:
            raise UsageProblem(f"{dialect} is not a dialect", hint=f"there are {', '.join(DIALECTS)}")
    settings: list[dict[str, float]] = [{"lr": rate} for rate in _rates(rates)] or [{}]
    found = []
    for name in words(chosen, "--optimizers", "sgd,adam"):
        if name not in OPTIMIZERS:
            choose(name)  # which says what there is
        for dialect in wanted:
            if dialect is None or dialect in OPTIMIZERS[name].rules:
                found += [choose(name, dialect, setting) for setting in settings]
    if not found:
        raise UsageProblem(f"none of {chosen} exists in {dialects}", hint="see gradcli optimizers")
    return found


def _rates(text: str | None) -> list[float]:
    try:
        return [float(part) for part in text.split(",")] if text else []
    except ValueError:
        raise UsageProblem(f"--lr {text}: numbers are expected", hint="for example --lr 0.1,0.01") from None


def held(
    store: Store,
    problem: Problem,
    choices: Sequence[Choice],
    steps: int,
    tol: float,
    runs: list[Way] | None = None,
) -> Contest:
    """Every choice's descent from the same point. runs: gets the points of each, where they are wanted."""
    from gradcli.descent.minimize import Plan, minimize

    compiled = prepared(store, problem.texts, problem.at.keys(), problem.wrt)
    variables = compiled.program.variables
    check_names(problem.at, [*variables, *(problem.wrt or ())])
    check_wrt(problem.wrt, variables, problem.at)
    check_complete(problem.at, variables)
    moving = connected(problem.wrt, variables)
    start = {name: float(x) for name, x in problem.at.items()}
    results: list[tuple[Choice, Any]] = []
    for choice in choices:
        plan = Plan(choice, tol, steps, float(choice.settings["lr"]))
        listener = None
        if runs is not None:
            runs.append(Way(shown(len(problem.at))))
            runs[-1].tell(0, start)
            listener = partial(_note, runs[-1])
        try:
            outcome = minimize(compiled.program, compiled.text, start, plan, wrt=moving, on_step=listener)
        except GradcliError as error:
            results.append((choice, error))
        else:
            results.append((choice, outcome))
            if outcome.status == "interrupted":
                break
    return Contest(problem.expression, start, steps, tuple(results))


def _note(run: Way, step: int, stage: Stage) -> None:
    run.tell(step, stage.at)
