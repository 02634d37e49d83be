"""Value and gradient as LaTeX, shared parts named once: sympy finds them and prints them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gradcli.calculus.effort.time_budget import GIVING_UP, seconds
from gradcli.calculus.exporting.source_escapes import latex_name
from gradcli.language.errors import LimitProblem
from gradcli.language.latex_escapes import latex_name as name_latex
from gradcli.language.parser.defined_view import named_places
from gradcli.language.parser.outputs import total
from gradcli.language.tree import Expression

#: Seconds that sympy may take.
BUDGET = 5.0

#: Operations, numbers and names of an expression that sympy is given.
LARGEST = 20_000


def latex_code(texts: Sequence[str], given: Collection[str], wrt: Sequence[str] | None) -> str:
    """An align environment: shared parts, f, and its partials. Raises LimitProblem where sympy gives up."""
    try:
        with seconds(BUDGET):
            return _written(texts, given, wrt)
    except GIVING_UP:
        raise LimitProblem(
            "sympy finds no LaTeX for this expression", hint="--lang python writes any size"
        ) from None


def _defined(
    expression: Expression, texts: Sequence[str], given: Collection[str], wrt: Sequence[str] | None
) -> str:
    """The same where the text has definitions: the parts that it names, and the partials in terms of them."""
    from gradcli.calculus.formulas.texts.defined_latex import part_latex, text_latex
    from gradcli.calculus.tables.definition_table import defined_slopes

    parts = part_latex(expression)
    lines = [f"{name_latex(name)} &= {latex}" for name, latex in parts.items() if name]
    lines.append(f"f &= {parts['']}")
    names = (*expression.variables, *parts)
    for name, text in defined_slopes(texts, given, wrt).formulas.items():
        absent = r"\ldots" if name in expression.variables else "0"
        body = absent if text is None else text_latex(text, names)
        lines.append(rf"\frac{{\partial f}}{{\partial {name_latex(name)}}} &= {body}")
    return "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}\n"


def _written(texts: Sequence[str], given: Collection[str], wrt: Sequence[str] | None) -> str:
    import sympy

    from gradcli.calculus.symbolic.to_sympy import symbol, to_sympy

    expression = total(texts, given)
    if named_places(expression):
        return _defined(expression, texts, given, wrt)
    if expression.size > LARGEST:
        raise LimitProblem("the expression is too long for LaTeX", hint="--lang python writes any size")
    names = list(expression.variables if wrt is None else wrt)
    whole = to_sympy(expression)
    parts = sympy.numbered_symbols(
        "t_", start=1, real=True, exclude=[symbol(n) for n in expression.variables]
    )
    shared, results = sympy.cse([whole, *(whole.diff(symbol(name)) for name in names)], symbols=parts)
    lines = [f"{sympy.latex(left)} &= {sympy.latex(right)}" for left, right in shared]
    lines.append(f"f &= {sympy.latex(results[0])}")
    for name, result in zip(names, results[1:], strict=True):
        shown = sympy.latex(symbol(name)) if name in expression.variables else latex_name(name)
        lines.append(rf"\frac{{\partial f}}{{\partial {shown}}} &= {sympy.latex(result)}")
    return "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}\n"
