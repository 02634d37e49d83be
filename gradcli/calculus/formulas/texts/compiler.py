"""Text → program and formulas: the whole way in one place."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gradcli.calculus.effort.garbage_collection import expect_objects
from gradcli.calculus.graph.adjoint_scales import shortened
from gradcli.calculus.graph.reverse_sweep import program_of, swept
from gradcli.calculus.program.compiled_expression import Compiled
from gradcli.language.column_names import is_element
from gradcli.language.errors import LimitProblem
from gradcli.language.parser.outputs import total


def compile_text(
    texts: Sequence[str], given: Collection[str], wrt: Sequence[str] | None = None, *, formulas: bool = True
) -> Compiled:
    """Parse, sweep and differentiate the sum of the expressions *texts*, along *wrt* or every variable.

    formulas: whether they are made too, which takes longer than all else. Raises what `gradcli.language.parser.parse` raises.
    """
    expect_objects(sum(map(len, texts)))
    expression = total(texts, given)
    sweep = swept(expression, wrt)
    program = program_of(shortened(sweep), expression.variables)
    names = wrt or expression.variables
    if not formulas:
        return Compiled(expression.text, program, dict.fromkeys(names), has_formulas=False)
    from gradcli.calculus.formulas.texts.partial_formulas import partial_formulas

    try:
        found = _of_rows(texts, given, names) if any(map(is_element, given)) else None
        return Compiled(expression.text, program, found or partial_formulas(expression, sweep, names))
    except LimitProblem as problem:
        return Compiled(expression.text, program, dict.fromkeys(names), unfinished=problem.message)


def _of_rows(
    texts: Sequence[str], given: Collection[str], names: Sequence[str]
) -> dict[str, str | None] | None:
    """Formulas that hold for any number of rows; None where the text is written out."""
    from gradcli.calculus.formulas.texts.row_formulas import row_formulas

    found = row_formulas(texts, given, names)
    return None if found is None or not any(found.values()) else found


def latex_text(
    texts: Sequence[str], given: Collection[str], wrt: Sequence[str] | None = None
) -> dict[str, str | None]:
    """LaTeX of the expression (under the empty name) and of its partials."""
    from gradcli.calculus.formulas.texts.partial_formulas import latex_formulas

    expression = total(texts, given)
    return latex_formulas(expression, swept(expression, wrt), wrt or expression.variables)
