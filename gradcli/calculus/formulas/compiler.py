"""Text → program and formulas: the whole way in one place."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gradcli.calculus.formulas.partial_formulas import formulas, latex_formulas
from gradcli.calculus.graph.reverse_sweep import program_of, swept
from gradcli.calculus.program.compiled_expression import Compiled
from gradcli.language.errors import LimitProblem
from gradcli.language.parser.outputs import total


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
