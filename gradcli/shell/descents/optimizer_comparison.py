"""Optimizers side by side on one problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from gradcli.calculus.program.typed_numbers import typed_float
from gradcli.descent.rules.learning_rate_schedules import Schedule
from gradcli.language.errors import GradcliError, UsageProblem, ValueProblem
from gradcli.memory.compiled_cache import compiled_or_cached
from gradcli.output.results.comparison_document import Contest
from gradcli.shell.problems.moving_problem import compiled_to_move, with_constraint_names
from gradcli.shell.problems.value_checks import check_complete, connected_names
from gradcli.shell.problems.values import number, pieces, words
from gradcli.shell.sessions.descent_path import DescentPath, most_drawn

if TYPE_CHECKING:
    from gradcli.calculus.program.compiled_expression import Compiled
    from gradcli.descent.minimization.plan import Plan
    from gradcli.descent.rules.optimizer_choice import Choice
    from gradcli.descent.rules.update_rule import Setting
    from gradcli.descent.steps.batch_steps import Batches
    from gradcli.descent.steps.step_problem import Listener, Stage
    from gradcli.descent.verdicts.outcome import Outcome
    from gradcli.memory.database import Store
    from gradcli.output.pictures.scene import Series
    from gradcli.shell.problems.problem import Problem


class Race(NamedTuple):
    """How far each choice goes: so many steps, to this norm of the gradient, with a rate that changes so.

    batches: those that all of them step along.
    """

    steps: int
    tol: float
    schedule: Schedule
    batches: Batches | None = None


def convergence_curves(
    store: Store, problem: Problem, choices: Sequence[Choice], runs: Sequence[DescentPath]
) -> list[Series]:
    """f and the gradient's norm along every choice's way."""
    from gradcli.shell.plots.loss_plot import compiled_over_rows, is_over_rows
    from gradcli.shell.plots.plot_beside_answer import path_request
    from gradcli.shell.plots.plot_request import series

    if is_over_rows(problem) and not problem.constraints:
        compiled = compiled_over_rows(store, problem, formulas=False)
    else:
        compiled = compiled_or_cached(store, problem.texts, problem.at.keys(), formulas=False)
    if problem.constraints:
        compiled = with_constraint_names(store, problem, compiled)
    named = [_named(choice) for choice in choices]
    return [
        series(path_request(compiled, run.drawn(run.points[-1][1]), None), name)
        for name, run in zip(named, runs, strict=True)
    ]


def _named(choice: Choice) -> str:
    rate = f", lr {choice.settings['lr']:g}" if "lr" in choice.settings else ""
    return f"{choice.optimizer} {choice.dialect}".rstrip() + rate


#: What `all` compares beside the table of optimizers; l-bfgs-b needs an extra.
CURVED = ("bfgs", "newton")


def choices_of(
    chosen: str, dialects: str | None, rates: str | None, given: Mapping[str, Setting] | None = None, *,
    constrained: bool = False,
) -> list[Choice]:  # fmt: skip
    """Every optimizer in every dialect that has it, with every rate, and those settings *given* that it has.

    constrained: whether there are constraints, which methods of their own keep. Raises UsageProblem for what does not
    exist, and for a setting that none of them has.
    """
    from gradcli.descent.minimization.plan import choose_method
    from gradcli.descent.rules.optimizer_choice import choose
    from gradcli.descent.rules.optimizer_table import OPTIMIZERS

    wanted = _dialects(dialects)
    settings: list[dict[str, Setting]] = [{"lr": rate} for rate in _rates(rates)] or [{}]
    found, known = [], dict.fromkeys(given or {}, False)
    names = words(chosen, "--optimizers", "sgd,adam")
    beyond = ("sqp",) if constrained else CURVED
    for name in dict.fromkeys(
        n for one in names for n in ((*OPTIMIZERS, *beyond) if one == "all" else (one,))
    ):
        if (method := _method(name, constrained=constrained)) is not None:
            found.append(method)
            continue
        if name not in OPTIMIZERS:
            choose_method(name)  # which says what there is
        for dialect in wanted:
            if dialect is None or dialect in OPTIMIZERS[name].rules:
                has = choose(name, dialect).settings
                own = {setting: value for setting, value in (given or {}).items() if setting in has}
                known |= dict.fromkeys(own, True)
                found += [choose(name, dialect, {**own, **setting}) for setting in settings]
    if (unknown := next((name for name, one in known.items() if not one), None)) is not None:
        raise UsageProblem(f"none of {chosen} has the setting {unknown}", hint="see gradcli optimizers NAME")
    if not found:
        raise UsageProblem(f"none of {chosen} exists in {dialects}", hint="see gradcli optimizers")
    return found


def _dialects(typed: str | None) -> tuple[str | None, ...]:
    """The dialects that were typed, or that of each optimizer. Raises UsageProblem for one that does not exist."""
    from gradcli.descent.rules.update_rule import DIALECTS

    if typed is None:
        return (None,)
    wanted = tuple(words(typed, "--dialects", "torch,tf1"))
    for dialect in wanted:
        if dialect not in DIALECTS:
            raise UsageProblem(f"{dialect} is not a dialect", hint=f"there are {', '.join(DIALECTS)}")
    return wanted


def _method(name: str, *, constrained: bool) -> Choice | None:
    """The method of that name, which is no optimizer of the table; None for one that is, or is unknown."""
    from gradcli.descent.minimization.plan import ALSO_CALLED, CONSTRAINED, METHODS, choose_method
    from gradcli.descent.rules.optimizer_choice import Choice

    if constrained and name in CONSTRAINED:
        return Choice(name, "", {})
    return choose_method(name) if ALSO_CALLED.get(name, name) in METHODS else None


def _rates(text: str | None) -> list[float]:
    try:
        return [float(number("it", part)) for part, _ in pieces(text)] if text else []
    except ValueProblem:
        raise UsageProblem(f"--lr {text}: numbers are expected", hint="for example --lr 0.1,0.01") from None


def run_comparison(
    store: Store,
    problem: Problem,
    choices: Sequence[Choice],
    race: Race,
    runs: list[DescentPath] | None = None,
) -> Contest:
    """Every choice's descent from the same point. runs: gets the points of each, where they are wanted."""
    from gradcli.descent.minimization.minimizer import minimize
    from gradcli.descent.minimization.plan import Plan

    compiled = compiled_to_move(store, problem)
    variables = compiled.program.variables
    check_complete(problem.at, variables)
    moving = connected_names(problem.wrt, variables)
    start = {name: typed_float(x) for name, x in problem.at.items()}
    results: list[tuple[Choice, Any]] = []
    for choice in choices:
        lr: float | Literal["auto"] = float(choice.settings["lr"]) if "lr" in choice.settings else "auto"
        plan = Plan(choice, race.tol, race.steps, lr, race.schedule if lr != "auto" else Schedule())
        listener = None
        if runs is not None:
            runs.append(DescentPath(most_drawn(len(problem.at))))
            runs[-1].tell(0, start)
            listener = partial(_note, runs[-1])
        try:
            if race.batches is None:
                outcome = minimize(compiled.program, compiled.text, start, plan, wrt=moving, on_step=listener)
            else:
                outcome = _in_batches(compiled, start, plan, race.batches, moving, listener)
        except GradcliError as error:
            results.append((choice, error))
        else:
            results.append((choice, outcome))
            if outcome.status == "interrupted":
                break
    return Contest(problem.expression, start, race.steps, tuple(results))


def _in_batches(
    compiled: Compiled,
    start: Mapping[str, float],
    plan: Plan,
    batches: Batches,
    moving: Sequence[str] | None,
    listener: Listener | None,
) -> Outcome:
    """The steps of a plan along batches, and what is said of the point where they end. Raises as they do."""
    from gradcli.descent.minimization.minimizer import minimize
    from gradcli.descent.steps.optimizer_steps import StepOptions, take_steps

    if plan.lr == "auto":
        raise UsageProblem(f"{plan.choice.optimizer} chooses its own step lengths, and takes no batches")
    options = StepOptions(plan.max_steps, moving, schedule=plan.schedule)
    run = take_steps(
        compiled.program, compiled.text, start, plan.choice, options, on_step=listener, batches=batches
    )
    end = {**start, **run.after.at}
    judged = minimize(compiled.program, compiled.text, end, plan._replace(max_steps=0), wrt=moving)
    message = judged.message.replace("after 0 steps", f"after {run.taken} steps")
    return judged._replace(
        message=message, nit=run.taken, nfev=judged.nfev + run.taken, njev=judged.njev + run.taken
    )


def _note(run: DescentPath, step: int, stage: Stage) -> None:
    run.tell(step, stage.at)
