"""Derivatives of an expression → the formulas that are shown: sympy's answers and the sweep's, each in its best form."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from gradcli.calculus.formulas.formula_algebra import Terms, TooLong
from gradcli.calculus.formulas.formula_domains import poles
from gradcli.calculus.formulas.formula_forms import form
from gradcli.calculus.formulas.formula_pieces import has_one_corner
from gradcli.calculus.formulas.formula_reading import sum_of_expression, sum_of_sympy, typed_brackets
from gradcli.calculus.formulas.formula_writing import Writer
from gradcli.calculus.formulas.term_latex import latex_of
from gradcli.calculus.formulas.terms import Term, term_of
from gradcli.calculus.formulas.terms import written as text_of_term
from gradcli.calculus.symbolic.from_sympy import Unwritable, write, write_latex
from gradcli.language.expression_text import text_of
from gradcli.language.tree import Expression

#: Nodes of a formula that was read off the sweep, beyond which it is shown as it is.
_MOST_NODES = 1_000

#: Nodes of an expression, written out, beyond which its formulas do not follow its own brackets.
_LARGEST = 20_000

#: What a formula that is not rewritten raises.
_NOT_READ = (TooLong, Unwritable, ValueError, ArithmeticError, RecursionError)


class Formulas:
    """Writes the derivatives of one expression: with decimals where it has some, avoiding its names."""

    def __init__(self, expression: Expression) -> None:
        self.expression = expression
        self.decimal = any(node.op == "number" and not node.text.isdigit() for node in expression.nodes)
        self.taken = frozenset(expression.variables)

    def text(self, derivative: Any, along: str = "") -> str:
        """sympy's derivative in gradcli's language. Raises Unwritable where the language has no words for it."""
        term = self._term(lambda: sum_of_sympy(derivative), along)
        return (
            write(derivative, decimal=self.decimal, taken=self.taken) if term is None else text_of_term(term)
        )

    def latex(self, derivative: Any, along: str = "") -> str:
        """The same form in LaTeX."""
        term = self._term(lambda: sum_of_sympy(derivative), along)
        return write_latex(derivative) if term is None else latex_of(term, "", "")

    def latex_of_itself(self) -> str:
        """The expression in LaTeX, as it is typed."""
        return latex_of(term_of(self.expression), "", "")

    def text_of(self, derivative: Expression, along: str = "") -> str:
        """A derivative that was read off the sweep."""
        if derivative.size > _MOST_NODES:
            return text_of(derivative)
        term = self._term(lambda: sum_of_expression(derivative), along)
        return text_of(derivative) if term is None else text_of_term(term)

    @cached_property
    def _own(self) -> tuple[Terms, Writer, bool]:
        if self.expression.size > _LARGEST:
            raise TooLong
        own = sum_of_expression(self.expression, split=False)
        typed = typed_brackets(self.expression)
        return own, Writer(self.decimal, self.taken, poles(own), typed), has_one_corner(self.expression)

    def _term(self, read: Callable[[], Terms], along: str) -> Term | None:
        """The form that is shown; None where it cannot be read, or is too long to be read."""
        try:
            own, writer, one_corner = self._own
            return form(read(), own, writer, one_corner=one_corner, along=along)
        except _NOT_READ:
            return None
