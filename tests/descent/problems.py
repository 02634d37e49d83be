"""Expressions ready to descend on, for the tests of this wing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from gradcli.calculus.graph.expression_graph import Graph
from gradcli.calculus.graph.reverse_sweep import program_of, reverse
from gradcli.calculus.program.program import Program
from gradcli.descent.rules.optimizer_choice import choose
from gradcli.descent.steps.optimizer_steps import Run, take
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
    """Steps with settings and options of `take` side by side, as a command line has them."""
    names = ("steps", "wrt", "ascend", "slots", "taken", "corner", "on_step", "clip_norm", "clip_value")
    kept = {name: options.pop(name) for name in names if name in options}
    return take(compiled(text), text, at, choose(optimizer, dialect, options), **kept)
