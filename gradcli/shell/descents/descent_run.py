"""What `minimize` and `maximize` share: their options, the descent, and the session after it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from time import time
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gradcli.descent.rules.learning_rate_schedules import listed_kinds
from gradcli.language.errors import UsageProblem, ValueProblem
from gradcli.language.names import normal
from gradcli.memory.compiled_cache import prepared
from gradcli.output.results.gradient_document import chosen
from gradcli.output.results.outcome_document import outcome_document, outcome_record, outcome_rows
from gradcli.shell.descents.step_listeners import Watcher
from gradcli.shell.options.common_options import (
    corner_option,
    float_digits,
    output_options,
    problem_options,
    session_options,
)
from gradcli.shell.options.number_types import Finite
from gradcli.shell.options.optimizer_options import method_options, settings_of
from gradcli.shell.options.picture_options import check_plot, plot_options
from gradcli.shell.problems.problem_source import posed
from gradcli.shell.problems.value_checks import check_complete, check_names, check_wrt, connected
from gradcli.shell.problems.values import assignments, number
from gradcli.shell.process.environment import open_memory
from gradcli.shell.writers.answer_writer import Manner, Report, check_path, remark, say

if TYPE_CHECKING:
    from gradcli.descent.minimization.plan import Plan
    from gradcli.descent.verdicts.outcome import Outcome
    from gradcli.memory.database import Store
    from gradcli.shell.plots.plot_request import Wanted
    from gradcli.shell.problems.problem import Problem
    from gradcli.shell.sessions.descent_path import Way

F = TypeVar("F", bound=Callable[..., Any])
Interval = tuple[float | None, float | None]


def descent_options(function: F) -> F:
    """Everything that `minimize` and `maximize` take."""
    own = [
        click.option("--tol", type=Finite(0, min_open=True), metavar="NORM",
                     help="Stop at a gradient norm of at most this, and say how near a minimum is. Without it a line "
                     "search goes to the last digits; a fixed rate stops at 1e-8."),
        click.option("--max-steps", type=click.IntRange(0), default=10_000, show_default=True, metavar="N",
                     help="Stop after so many steps."),
        method_options,
        click.option("--schedule", default="constant", show_default=True, metavar="KIND[:NAME=N,...]",
                     help="How a fixed rate changes: what it is multiplied with after k steps, the parameters with their "
                     f"defaults. {listed_kinds()}."),
        click.option("--bounds", metavar="X=0:10,Y=:5", help="Keep variables in intervals."),
        click.option("--restarts", type=click.IntRange(1), metavar="N", help="Start from N points of the box as well."),
        click.option("--box", metavar="X=-5:5,Y=-5:5", help="Where restarts begin."),
        click.option("--seed", type=int, default=0, show_default=True, help="Of the restarts' random points."),
        click.option("--trace", metavar="FILE", help="Write the path to FILE.csv, .tsv or .jsonl, or - for stdout."),
        click.option("--every", type=click.IntRange(1), metavar="K", help="Trace every K-th step (1)."),
        click.option("--live", is_flag=True, help="Draw the way while it grows, on a terminal."), plot_options,
        click.option("--dry-run", is_flag=True, help="Leave the session where it is."),
        problem_options, corner_option("least"), session_options,
        output_options(("text", "json", "jsonl", "csv", "tsv")),
    ]  # fmt: skip
    for option in reversed(own):
        function = option(function)
    return function


def descend(
    expressions: Sequence[str], values: Sequence[tuple[str, str]], at: Sequence[str], wrt: str | None, session: str,
    digits: int | None, format_: str, get: str | None, color: str, *, ascend: bool, dry_run: bool, **how: Any,
) -> None:  # fmt: skip
    """Minimize or maximize, say how it ended, keep the best point; exit with 1 where there is no minimum."""
    manner = Manner(format_, get, float_digits(digits), color)
    check_plot(how, format_, get)
    if how["every"] and not how["trace"]:
        raise UsageProblem("--every thins the file of --trace", hint="for example --trace way.csv --every 10")
    with open_memory() as store:
        problem = posed(store, expressions, values, at, wrt, session)
        outcome, watcher = ended(store, problem, how, ascend=ascend, color=color)
        way = watcher.way
        with watcher.keeping():
            check_path(lambda: outcome_record(problem.expression, outcome), manner)
            if not dry_run:
                kept, words = way.settings(outcome.nit), _words(outcome)
                keep(store, session, problem, outcome, kept, ascend=ascend, words=words)
        say(
            Report(
                record=lambda: {**outcome_record(problem.expression, outcome), **chosen(problem.wrt)},
                rows=lambda: outcome_rows(outcome),
                document=lambda: outcome_document(outcome, manner.digits),
            ),
            manner,
        )
        if how["plot"] or how["plot_out"]:
            from gradcli.shell.plots.plot_beside_answer import illustrate

            illustrate(how, lambda: pictured(store, problem, way, outcome.x), color)
        remark([*(note.message for note in outcome.notes), *store.notices], color)
    if outcome.status == "interrupted":
        raise KeyboardInterrupt
    if not outcome.success:
        raise click.exceptions.Exit(1)


def pictured(store: Store, problem: Problem, way: Way, end: Mapping[str, float]) -> Wanted:
    """The picture of the way so far, with all partials of the problem."""
    from gradcli.shell.plots.plot_beside_answer import wanted_way

    return wanted_way(prepared(store, problem.texts, problem.at.keys()), way.drawn(end), problem.wrt)


def ended(
    store: Store, problem: Problem, how: Mapping[str, Any], *, ascend: bool, color: str
) -> tuple[Outcome, Watcher]:
    """Descend from *problem*'s point with the options *how*; the outcome, and who watched the best descent."""
    from gradcli.calculus.evaluation.notes import noted
    from gradcli.descent.minimization.minimizer import minimize

    bounds = intervals(how["bounds"], "--bounds") if how["bounds"] else None
    box = _box(how)
    compiled = prepared(store, problem.texts, problem.at.keys(), problem.wrt)
    variables = compiled.program.variables
    check_names(problem.at, [*variables, *(problem.wrt or ())])
    check_wrt(problem.wrt, variables, problem.at)
    start = {name: float(x) for name, x in problem.at.items()}
    check_complete({**start, **(box or {})}, variables)
    plan = plan_of(how)
    watcher = Watcher(how, len(variables), color)

    def follow(begin: Mapping[str, float]) -> Any:
        here = {name: begin[name] for name in variables}
        way = watcher.way
        return watcher.follow(here, lambda: pictured(store, problem, way, way.points[-1][1]))

    common: dict[str, Any] = {"wrt": connected(problem.wrt, variables), "ascend": ascend, "bounds": bounds}
    try:
        if box is None:
            outcome = minimize(compiled.program, compiled.text, start, plan, on_step=follow(start), **common)
        else:
            from gradcli.descent.minimization.random_restarts import minimize_often

            outcome = minimize_often(
                compiled.program, compiled.text, start, plan, restarts=how["restarts"] or 20, box=box,
                seed=how["seed"], follow=follow, **common,
            )  # fmt: skip
        notes = noted(compiled.program, compiled.text, outcome.notes, problem.wrt or variables)
    except BaseException:
        if watcher.trace:
            watcher.trace.discard()
        raise
    finally:
        watcher.end()
    return outcome._replace(notes=notes), watcher


def plan_of(how: Mapping[str, Any]) -> Plan:
    """The options as a plan. Raises UsageProblem for what does not fit together."""
    from gradcli.descent.minimization.plan import METHODS, Plan, choose_method
    from gradcli.descent.rules.gradient_clipping import clip_of
    from gradcli.descent.rules.learning_rate_schedules import schedule_of

    kind, _, rest = how["schedule"].partition(":")
    parameters = (
        {name: float(number(name, text)) for name, text in assignments(rest, "--schedule")} if rest else {}
    )
    schedule = schedule_of(kind, parameters)
    rate = _rate(how["rate"])
    if rate == "auto" and kind != "constant":
        raise UsageProblem("--schedule needs a fixed rate", hint="for example --lr 0.1")
    if rate != "auto" and how["optimizer"] in METHODS:
        hint = f"for example --optimizer sgd --lr {rate}"
        raise UsageProblem(
            f"{how['optimizer']} chooses its own step lengths: --lr does not belong to it", hint=hint
        )
    settings = settings_of(how) if rate == "auto" else {**settings_of(how), "lr": rate}
    choice = choose_method(how["optimizer"], how["dialect"], settings)
    clip = clip_of(how["clip_value"], how["clip_norm"], choice.dialect)
    tol = 1e-8 if how["tol"] is None else how["tol"]
    typed = how["tol"] is not None
    return Plan(choice, tol, how["max_steps"], rate, schedule, clip, how["corner"], typed)


def _rate(text: str) -> Any:
    if text == "auto":
        return "auto"
    try:
        rate = float(text)
    except ValueError:
        rate = math.nan
    if not math.isfinite(rate):
        raise UsageProblem(f"--lr {text}: a number or auto is expected")
    return rate


def intervals(text: str, option: str) -> dict[str, Interval]:
    """`x=0:10,y=:5` → the lowest and the highest value of each variable, None where there is none."""
    found: dict[str, Interval] = {}
    for name, interval in assignments(text, option):
        low, colon, high = interval.partition(":")
        if not colon:
            raise ValueProblem(
                f"{option} takes NAME=LOW:HIGH", text=text, hint=f"for example {option} x=0:10,y=:5"
            )
        sides = [float(number(name, side)) if side.strip() else None for side in (low, high)]
        found[normal(name)] = (sides[0], sides[1])
    return found


def _box(how: Mapping[str, Any]) -> dict[str, tuple[float, float]] | None:
    if how["box"] is None:
        if how["restarts"] is not None:
            raise UsageProblem("--restarts needs --box", hint="for example --box x=-5:5,y=-5:5")
        return None
    box = {}
    for name, (low, high) in intervals(how["box"], "--box").items():
        if low is None or high is None or low > high:
            raise ValueProblem(f"--box {name}: both ends are needed, the lower first")
        box[name] = (low, high)
    return box


def _words(outcome: Outcome) -> list[str] | None:
    """The options that lead to *outcome* again; None where it was stopped on a way that no option can stop."""
    from gradcli.shell.sessions.command_lines import typed_words

    words = typed_words(click.get_current_context())
    if outcome.status != "interrupted":
        return words
    return None if outcome.starts > 1 else [*words, "--max-steps", str(outcome.nit)]


def keep(
    store: Store, session: str, problem: Problem, outcome: Outcome, way: Mapping[str, Any], *, ascend: bool,
    words: Sequence[str] | None = None,
) -> None:  # fmt: skip
    """Make the best point the session's, and remember the *way* there, how it was asked for, and how it ended.

    The session's optimizer and its slots rest meanwhile: the steps of the descent are none of theirs.
    """
    from gradcli.shell.sessions.session_update import applied, fresh_state

    wish: dict[str, Any] = {"from": dict(problem.at)}
    wish |= {"words": list(words)} if words is not None else {}
    verdict = {"status": outcome.status, "message": outcome.message}

    def work(head: Any) -> tuple[Any, None]:
        whole = all(name in problem.at for name in outcome.x)
        same = head is not None and head.expressions == problem.texts and whole
        base = head if same else fresh_state("grad", problem, None)
        kind = "maximize" if ascend else "minimize"
        since = int(base.settings.get("since", 0)) + outcome.nit
        settings = {**base.settings, "since": since, "wish": wish, "verdict": verdict, "way": {}, **way}
        state = base._replace(
            kind=kind, at={**problem.at, **outcome.x}, value=outcome.fun, wrt=problem.wrt,
            steps=base.steps + outcome.nit, taken=outcome.nit, settings=settings, when=time(),
        )  # fmt: skip
        return state, None

    applied(store, session, work)
