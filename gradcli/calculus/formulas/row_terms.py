"""Texts with columns → terms: sums over rows stay `sum(e)`, and those divided by the number of rows are `mean(e)`."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from gradcli.calculus.formulas.terms import Term, rebuilt, term_of
from gradcli.language.column_names import element
from gradcli.language.latex_escapes import latex_name
from gradcli.language.parser.row_columns import VariesByRow
from gradcli.language.rows.level_reading import levels_of
from gradcli.language.rows.row_levels import ROWS, Levels, NotByLevels
from gradcli.language.tree import Expression

#: How many rows there are, and what brings rows to one number.
COUNT = Term("count")
OVER_ROWS = ("sum", "mean")

#: Operations, numbers and names of a text, each level once, beyond which nobody reads it as one term.
_LARGEST = 2_000

#: Letters of a row in LaTeX, and of their number.
_INDICES, _NUMBERS = "ijkr", "nNmM"


def row_levels(texts: Collection[str], columns: Mapping[str, int], given: Collection[str]) -> Levels | None:
    """The levels of a text all of whose levels are sums over the rows; None where it has others, or is too large."""
    try:
        levels = levels_of(list(texts), columns, given)
    except NotByLevels:
        return None
    parts = [levels.last, *(level.expression for level in levels.levels)]
    plain = not levels.elements and all(not level.over and level.kind == "sum" for level in levels.levels)
    return levels if plain and sum(part.size for part in parts) <= _LARGEST else None


def whole_term(levels: Levels) -> Term:
    """The text as one term."""
    known: dict[str, Term] = {ROWS: COUNT}
    for level in levels.levels:
        known[level.name] = Term("sum", (_put_in(level.expression, known),))
    return _put_in(levels.last, known)


def _put_in(expression: Expression, known: Mapping[str, Term]) -> Term:
    return _with_means(_named(term_of(expression), known))


def _named(term: Term, known: Mapping[str, Term]) -> Term:
    if term.op == "name":
        return known.get(term.text, term)
    return term._replace(args=tuple(_named(argument, known) for argument in term.args))


def _with_means(term: Term) -> Term:
    args = tuple(map(_with_means, term.args))
    if term.op == "/" and args[1] == COUNT and args[0].op == "sum":
        return args[0]._replace(op="mean")
    return term._replace(args=args)


def formula_term(text: str, columns: Mapping[str, int], given: Collection[str]) -> Term | None:
    """The term of a formula of ours, which may vary by row; None where it has none."""
    try:
        levels = row_levels([text], columns, given)
        return None if levels is None else whole_term(levels)
    except VariesByRow:
        levels = row_levels([f"sum({text})"], columns, given)
        return None if levels is None else whole_term(levels).args[0]


def in_rows(term: Term, columns: Collection[str], count: int, row: int | None = None) -> Term:
    """The term written out for so many rows; outside of sums its columns are those of one *row*."""
    if term == COUNT:
        return Term("number", (), str(count))
    if term.op == "name":
        return (
            term if row is None or term.text not in columns else term._replace(text=element(term.text, row))
        )
    if term.op in OVER_ROWS and len(term.args) == 1:
        total = Term("+", tuple(in_rows(term.args[0], columns, count, k) for k in range(count)))
        return total if term.op == "sum" else Term("/", (total, Term("number", (), str(count))))
    return term._replace(args=tuple(in_rows(argument, columns, count, row) for argument in term.args))


class RowLetters:
    """What a row and the number of rows are called in LaTeX, so that no name of the text is.

    by_row: whether a formula is that of one row, so that the rows of its sums need another letter.
    """

    def __init__(self, names: Collection[str], *, by_row: bool) -> None:
        first, second, *_ = [*(letter for letter in _INDICES if letter not in names), "i", "j"]
        self.row, self.summed = first, second if by_row else first
        self.count = next((letter for letter in _NUMBERS if letter not in names), latex_name("count"))

    def indexed(self, term: Term, columns: Collection[str], index: str) -> Term:
        """The term with columns under an index, and with sums over one of their own."""
        if term == COUNT:
            return Term("name", (), self.count)
        if term.op == "name":
            return term._replace(text=f"{term.text}_{index}") if term.text in columns else term
        if term.op in OVER_ROWS and len(term.args) == 1:
            inner = self.indexed(term.args[0], columns, self.summed)
            kind = "sum over rows" if term.op == "sum" else "mean over rows"
            return Term(kind, (inner,), f"{self.summed} {self.count}")
        return rebuilt(term, tuple(self.indexed(argument, columns, index) for argument in term.args))
