"""Derivatives of an expression → the formulas that are shown: those of calculus, and the sweep's, each in its best form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from gradcli.calculus.formulas.formula_domains import Restrictions, poles, restrictions
from gradcli.calculus.formulas.formula_forms import form
from gradcli.calculus.formulas.formula_seams import has_one_corner
from gradcli.calculus.formulas.formula_writing import Writer
from gradcli.calculus.formulas.term_latex import latex_of
from gradcli.calculus.formulas.terms import Term, term_of
from gradcli.calculus.formulas.terms import written as text_of_term
from gradcli.calculus.sums.sum_algebra import TooLong
from gradcli.calculus.sums.sum_derivatives import Derivatives
from gradcli.calculus.sums.sum_reading import sum_of_expression, typed_brackets
from gradcli.calculus.sums.sum_terms import Terms
from gradcli.language.expression_text import text_of
from gradcli.language.function_table import FUNCTIONS
from gradcli.language.parser.composite_functions import is_composite, keeps_its_name
from gradcli.language.tree import Expression, Node

#: Nodes of a formula that was read off the sweep, beyond which it is shown as it is.
_MOST_NODES = 1_000

#: Nodes of an expression, written out, beyond which its formulas do not follow its own brackets.
_LARGEST = 20_000

#: What a formula that is not rewritten raises.
_NOT_READ = (TooLong, ValueError, ArithmeticError, RecursionError)


def _is_decimal(node: Node) -> bool:
    """Whether a node is a decimal, or a function that means something with decimals."""
    if node.op == "number":
        return not node.text.isdigit()
    return (
        is_composite(node.op)
        and not keeps_its_name(node.op)
        and "." in FUNCTIONS[node.op].meaning.replace("...", "")
    )


class Formulas:
    """Writes the derivatives of one expression: with decimals where it has some, avoiding its names."""

    def __init__(self, expression: Expression) -> None:
        self.expression = expression
        self.decimal = any(_is_decimal(node) for node in expression.nodes)
        self.taken = frozenset(expression.variables)
        self._along: dict[str, Derivatives] = {}
        self._derived: dict[tuple[str, ...], Terms] = {}

    def text(self, *chain: str) -> str | None:
        """The derivative along each name in turn, in gradcli's language; None where it is not found so, or too long."""
        return self.text_of_sum(lambda: self.derivative(*chain), chain[-1])

    def text_of_sum(self, read: Callable[[], Terms], along: str = "") -> str | None:
        """The text of what *read* answers, as a derivative of the expression."""
        term = self._term(read, along)
        return None if term is None else text_of_term(term)

    def latex(self, *chain: str) -> str | None:
        """The same form in LaTeX."""
        term = self._term(lambda: self.derivative(*chain), chain[-1])
        return None if term is None else latex_of(term, "", "")

    def latex_of_itself(self) -> str:
        """The expression in LaTeX, as it is typed."""
        return latex_of(term_of(self.expression), "", "")

    def text_of(self, derivative: Expression, along: str = "") -> str:
        """A derivative that was read off the sweep."""
        if derivative.size > _MOST_NODES:
            return text_of(derivative)
        return self.text_of_sum(lambda: sum_of_expression(derivative), along) or text_of(derivative)

    def derivative(self, *chain: str) -> Terms:
        """The derivative along each name in turn. Raises ValueError where nobody knows it, and what reading raises."""
        if chain not in self._derived:
            self._derived[chain] = self._derivative(chain)
        return self._derived[chain]

    def _derivative(self, chain: Sequence[str]) -> Terms:
        if not chain:
            return sum_of_expression(self.expression, split=False)
        along = self._along.setdefault(chain[-1], Derivatives(chain[-1]))
        return along.of(self.derivative(*chain[:-1]))

    @cached_property
    def _own(self) -> tuple[Restrictions, Writer, bool]:
        if self.expression.size > _LARGEST:
            raise TooLong
        own = self.derivative()
        typed = typed_brackets(self.expression)
        return (
            restrictions(own),
            Writer(self.decimal, self.taken, poles(own), typed),
            has_one_corner(self.expression),
        )

    def _term(self, read: Callable[[], Terms], along: str) -> Term | None:
        """The form that is shown; None where it cannot be read, or is too long to be read."""
        try:
            own, writer, one_corner = self._own
            return form(read(), own, writer, one_corner=one_corner, along=along)
        except _NOT_READ:
            return None
