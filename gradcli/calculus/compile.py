"""Text → program and formulas: the whole way in one place."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gradcli.calculus.formulas import formulas, latex_formulas
from gradcli.calculus.graph import Graph
from gradcli.calculus.known import Compiled
from gradcli.calculus.program import Program
from gradcli.calculus.sweep import Sweep, program_of, reverse
from gradcli.language.errors import LimitProblem
from gradcli.language.parser import parse
from gradcli.language.tree import Expression


def compile_text(texts: Sequence[str], given: Collection[str], wrt: Sequence[str] | None = None) -> Compiled:
    """Parse, sweep and differentiate the sum of the expressions *texts*, along *wrt* or every variable.

    Raises what `gradcli.language.parser.parse` raises.
    """
    expression = total(texts, given)
    sweep = swept(expression, wrt)
    program = program_of(sweep, expression.variables)
    names = wrt or expression.variables
    try:
        return Compiled(expression.text, program, formulas(expression, sweep, names))
    except LimitProblem as problem:
        return Compiled(expression.text, program, dict.fromkeys(names), problem.message)


def latex_text(
    texts: Sequence[str], given: Collection[str], wrt: Sequence[str] | None = None
) -> dict[str, str | None]:
    """LaTeX of the expression (under the empty name) and of its partials."""
    expression = total(texts, given)
    return latex_formulas(expression, swept(expression, wrt), wrt or expression.variables)


def total(texts: Sequence[str], given: Collection[str]) -> Expression:
    """One expression for the sum of *texts*, each of which must be an expression of its own."""
    if len(texts) == 1:
        return parse(texts[0], given)
    for text in texts:
        parse(text, given)
    return parse(" + ".join(f"({text})" for text in texts), given)


def swept(expression: Expression, wrt: Sequence[str] | None = None) -> Sweep:
    """The reverse sweep of *expression* along *wrt*, or along all of its variables."""
    graph = Graph()
    root = graph.include(expression)
    return reverse(graph, root, frozenset(expression.variables if wrt is None else wrt))


def compile_value(text: str, given: Collection[str] = ()) -> Program:
    """The program of an expression's value alone."""
    expression = parse(text, given)
    return program_of(swept(expression, ()), expression.variables)
