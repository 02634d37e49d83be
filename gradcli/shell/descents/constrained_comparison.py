"""`compare` under constraints: optimizers whose steps are brought back onto them, and methods that keep them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from gradcli.descent.constrained.constrained_minimizer import minimize_constrained
from gradcli.descent.constrained.constrained_outcome import Wish
from gradcli.descent.minimization.plan import CONSTRAINED, METHODS
from gradcli.descent.steps.optimizer_steps import StepOptions, take_steps
from gradcli.language.errors import GradcliError, UsageProblem
from gradcli.language.problem_text import joined
from gradcli.output.results.comparison_document import Contest
from gradcli.shell.constraints.constrained_point import NEAR, report_of
from gradcli.shell.constraints.constraint_source import links_of, notes_of
from gradcli.shell.constraints.rows_under_constraints import rows_written_out, without_rows
from gradcli.shell.problems.moving_problem import compiled_to_move
from gradcli.shell.problems.value_checks import check_complete, connected_names
from gradcli.shell.sessions.descent_path import DescentPath, most_drawn

if TYPE_CHECKING:
    from gradcli.calculus.program.compiled_expression import Compiled
    from gradcli.descent.rules.learning_rate_schedules import Schedule
    from gradcli.descent.rules.optimizer_choice import Choice
    from gradcli.descent.steps.step_problem import Listener
    from gradcli.descent.verdicts.outcome import Outcome
    from gradcli.memory.database import Store
    from gradcli.shell.problems.problem import Problem

#: One descent: who it is, and who is told of its steps → how it ended.
Descent = Callable[["Choice", "Listener | None"], "Outcome"]


def compare_under_constraints(
    store: Store, problem: Problem, choices: Sequence[Choice], steps: int, schedule: Schedule,
    runs: list[DescentPath] | None = None,
) -> Contest:  # fmt: skip
    """Every choice's descent from the same point. runs: gets the points of each, where they are wanted.

    Raises what is wrong with the problem; what is wrong with one choice is its result.
    """
    if problem.data is not None:
        problem = rows_written_out(store, problem)
    compiled = compiled_to_move(store, problem)
    check_complete(problem.at, compiled.program.variables)
    start = {name: float(problem.at[name]) for name in compiled.program.variables}
    going = partial(_gone, compiled, problem, start, steps, schedule)
    results: list[tuple[Choice, Any]] = []
    for choice in choices:
        listener = None
        if runs is not None:
            runs.append(DescentPath(most_drawn(len(start))))
            runs[-1].tell(0, without_rows(start))
            listener = partial(_note, runs[-1])
        try:
            found = going(choice, listener)
            results.append((choice, found._replace(x=without_rows(found.x))))
        except GradcliError as error:
            results.append((choice, error))
    store.notices += notes_of(links_of(problem))
    return Contest(problem.expression, without_rows(start), steps, tuple(results), problem.constraints)


def _note(run: DescentPath, step: int, stage: Any) -> None:
    if step:
        run.tell(step, without_rows(stage.at))


def _gone(
    compiled: Compiled, problem: Problem, start: Mapping[str, float], steps: int, schedule: Schedule, choice: Choice,
    listener: Listener | None,
) -> Outcome:  # fmt: skip
    """How one choice ends. Raises UsageProblem for a method that does not keep constraints."""
    if choice.optimizer in METHODS:
        raise UsageProblem(f"{choice.optimizer} does not keep constraints")
    moving = connected_names(problem.wrt, compiled.program.variables)
    if choice.optimizer in CONSTRAINED:
        wish = Wish(steps, moving, False, listener, choice.optimizer)
        return minimize_constrained(problem.texts, links_of(problem), start, wish)
    from gradcli.descent.constrained.methods.step_projection import StepProjection

    variables = compiled.program.variables
    project = StepProjection(joined(problem.texts), links_of(problem), start, variables, moving)
    options = StepOptions(steps, moving, schedule=schedule, project=project)
    run = take_steps(compiled.program, compiled.text, start, choice, options, on_step=listener)
    return _judged(problem, choice, {**start, **run.after.at}, run.taken)


def _judged(problem: Problem, choice: Choice, end: Mapping[str, float], taken: int) -> Outcome:
    """What the point is to which steps led: the minimum next to it is none of theirs."""
    from gradcli.descent.objective.vectors import norm
    from gradcli.descent.verdicts.outcome import STATUSES, Constrained, Outcome

    found, _ = report_of(problem._replace(at=dict(end)), NEAR)
    status = found.word if found.word in STATUSES else "step-limit"
    evidence = Constrained(found.constraints, found.violation, found.residual)
    slopes = dict(found.projected)
    return Outcome(
        status, f"after {taken} steps: {found.message}", found.optimal, dict(end), found.value, slopes, taken, taken + 1,
        taken + 1, 0, choice.optimizer, choice.dialect, norm(list(slopes.values())), found.eigenvalues,
        constrained=evidence,
    )  # fmt: skip
