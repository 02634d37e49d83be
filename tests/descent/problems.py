"""Expressions ready to descend on, for the tests of this wing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from gradcli.calculus.graph.expression_graph import Graph
from gradcli.calculus.graph.reverse_sweep import program_of, reverse
from gradcli.calculus.program.program import Program
from gradcli.descent.minimization.minimizer import minimize
from gradcli.descent.minimization.plan import Plan
from gradcli.descent.minimization.random_restarts import Restarts, minimize_often
from gradcli.descent.rules.optimizer_choice import choose
from gradcli.descent.rules.optimizer_state import OptimizerState
from gradcli.descent.steps.optimizer_steps import Run, StepOptions, take_steps
from gradcli.descent.steps.step_problem import Listener
from gradcli.descent.verdicts.outcome import Outcome
from gradcli.language.parser import parse


@cache
def compiled(text: str, wrt: Collection[str] | None = None) -> Program:
    """The program of an expression."""
    expression, graph = parse(text), Graph()
    root = graph.include(expression)
    return program_of(reverse(graph, root, wrt or expression.variables), expression.variables)


def descend(
    text: str, at: Mapping[str, float], optimizer: str = "sgd", dialect: str | None = None, **options: Any
) -> Run:
    """Steps with settings and options of `take_steps` side by side, as a command line has them."""
    on_step = options.pop("on_step", None)
    state = OptimizerState(
        **{name: options.pop(name) for name in OptimizerState._fields if options.get(name) is not None}
    )
    options.pop("slots", None)
    kept = StepOptions(**{name: options.pop(name) for name in StepOptions._fields if name in options})
    return take_steps(compiled(text), text, at, choose(optimizer, dialect, options), kept, state, on_step)


def descend_often(text: str, at: Mapping[str, float], plan: Plan, restarts: Restarts) -> Outcome:
    """The best of several descents."""

    def descend(start: Mapping[str, float], listener: Listener | None) -> Outcome:
        return minimize(compiled(text), text, start, plan, on_step=listener)

    return minimize_often(descend, compiled(text).variables, at, restarts)
