"""Optimizers side by side on one problem."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from gradcli.language.errors import GradcliError, UsageProblem, ValueProblem
from gradcli.memory.compiled_cache import compiled_or_cached
from gradcli.output.results.comparison_document import Contest
from gradcli.shell.problems.value_checks import check_complete, check_names, check_wrt, connected_names
from gradcli.shell.problems.values import number, pieces, words
from gradcli.shell.sessions.descent_path import DescentPath, most_drawn

if TYPE_CHECKING:
    from gradcli.descent.rules.optimizer_choice import Choice
    from gradcli.descent.steps.step_problem import Stage
    from gradcli.memory.database import Store
    from gradcli.output.pictures.scene import Series
    from gradcli.shell.problems.problem import Problem


def convergence_curves(
    store: Store, problem: Problem, choices: Sequence[Choice], runs: Sequence[DescentPath]
) -> list[Series]:
    """f and the gradient's norm along every choice's way."""
    from gradcli.shell.plots.plot_beside_answer import path_request
    from gradcli.shell.plots.plot_request import series

    compiled = compiled_or_cached(store, problem.texts, problem.at.keys())
    named = [f"{choice.optimizer} {choice.dialect}, lr {choice.settings['lr']:g}" for choice in choices]
    return [
        series(path_request(compiled, run.drawn(run.points[-1][1]), None), name)
        for name, run in zip(named, runs, strict=True)
    ]


def choices_of(chosen: str, dialects: str | None, rates: str | None) -> list[Choice]:
    """Every optimizer in every dialect that has it, with every rate. Raises UsageProblem for what does not exist."""
    from gradcli.descent.rules.optimizer_choice import choose
    from gradcli.descent.rules.optimizer_table import OPTIMIZERS
    from gradcli.descent.rules.update_rule import DIALECTS

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
        return [float(number("it", part)) for part, _ in pieces(text)] if text else []
    except ValueProblem:
        raise UsageProblem(f"--lr {text}: numbers are expected", hint="for example --lr 0.1,0.01") from None


def run_comparison(
    store: Store,
    problem: Problem,
    choices: Sequence[Choice],
    steps: int,
    tol: float,
    runs: list[DescentPath] | None = None,
) -> Contest:
    """Every choice's descent from the same point. runs: gets the points of each, where they are wanted."""
    from gradcli.descent.minimization.minimizer import minimize
    from gradcli.descent.minimization.plan import Plan

    compiled = compiled_or_cached(store, problem.texts, problem.at.keys(), problem.wrt)
    variables = compiled.program.variables
    check_names(problem.at, [*variables, *(problem.wrt or ())])
    check_wrt(problem.wrt, variables, problem.at)
    check_complete(problem.at, variables)
    moving = connected_names(problem.wrt, variables)
    start = {name: float(x) for name, x in problem.at.items()}
    results: list[tuple[Choice, Any]] = []
    for choice in choices:
        plan = Plan(choice, tol, steps, float(choice.settings["lr"]))
        listener = None
        if runs is not None:
            runs.append(DescentPath(most_drawn(len(problem.at))))
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


def _note(run: DescentPath, step: int, stage: Stage) -> None:
    run.tell(step, stage.at)
