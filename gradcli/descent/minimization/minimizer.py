"""Descend until it can be said how it ended."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from gradcli.calculus.program.program import Program
from gradcli.descent.minimization.descent_loop import DescentLoop
from gradcli.descent.minimization.plan import Plan
from gradcli.descent.objective.bounds import bounds_of
from gradcli.descent.objective.objective import Objective
from gradcli.descent.rules.optimizer_choice import choose
from gradcli.descent.steps.program_runs import carried_out_by
from gradcli.descent.steps.step_problem import Listener, step_problem
from gradcli.descent.verdicts.outcome import Outcome


def minimize(
    program: Program,
    text: str,
    at: Mapping[str, float],
    plan: Plan,
    *,
    wrt: Collection[str] | None = None,
    ascend: bool = False,
    bounds: Mapping[str, tuple[float | None, float | None]] | None = None,
    on_step: Listener | None = None,
) -> Outcome:
    """Descend from *at* (uphill if *ascend*) and say how it ended.

    bounds: for each variable its lowest and highest value, None for none. on_step is told the start, as step 0, and
    every step. Raises DomainProblem where the start has no value or no gradient, UsageProblem and ValueProblem for
    impossible wishes.
    """
    rule = plan.choice if plan.choice.dialect else choose("sgd")
    program = carried_out_by(program, plan.backend)
    course = step_problem(program, text, rule, wrt=wrt, ascend=ascend, corner=plan.corner)
    objective = Objective(course, at, plan.backend)
    limits = bounds_of(objective.names, bounds)
    start = objective.look(limits.kept([float(at[name]) for name in objective.names]), careful=True)
    if start is None:
        assert objective.problem is not None  # noqa: S101  (look says why)
        raise objective.problem
    walk = DescentLoop(objective, plan, limits, start, on_step)
    if plan.lr == "auto":
        from gradcli.descent.minimization.along_edges import search_along_edges

        ending = search_along_edges(walk)
    else:
        from gradcli.descent.minimization.fixed_rate import descend_at_fixed_rate

        ending = descend_at_fixed_rate(walk)
    return walk.outcome(ending)
