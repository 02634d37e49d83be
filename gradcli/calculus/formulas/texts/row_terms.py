"""Texts with columns → terms: sums over rows stay `sum(e)`, and those divided by the number of rows are `mean(e)`."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from gradcli.calculus.formulas.term_latex import latex_of
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
_INDICES, _NUMBERS = "ijkrstpqluvw", "nNmM"


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
    """What rows and their number are called in LaTeX, so that no name of the text is: a sum within a sum has its own letter.

    by_row: whether a formula is that of one row, so that the rows of its sums need other letters. row: the first letter.
    """

    def __init__(self, names: Collection[str], *, by_row: bool) -> None:
        self.letters = [letter for letter in _INDICES if letter not in names] or ["i"]
        self.row, self.first = self.letters[0], int(by_row)
        self.count = next((letter for letter in _NUMBERS if letter not in names), latex_name("count"))

    def indexed(self, term: Term, columns: Collection[str]) -> Term:
        """The term with columns under an index, and with sums over one of their own."""
        return self._indexed(term, columns, self.row, 0)

    def _indexed(self, term: Term, columns: Collection[str], index: str, depth: int) -> Term:
        if term == COUNT:
            return Term("name", (), self.count)
        if term.op == "name":
            return term._replace(text=f"{term.text}_{index}") if term.text in columns else term
        if term.op in OVER_ROWS and len(term.args) == 1:
            letter = self.letters[min(self.first + depth, len(self.letters) - 1)]
            inner = self._indexed(term.args[0], columns, letter, depth + 1)
            kind = "sum over rows" if term.op == "sum" else "mean over rows"
            return Term(kind, (inner,), f"{letter} {self.count}")
        return rebuilt(term, tuple(self._indexed(argument, columns, index, depth) for argument in term.args))


def latex_by_rows(
    texts: Collection[str],
    columns: Mapping[str, int],
    given: Collection[str],
    formulas: Mapping[str, str | None],
) -> dict[str, tuple[str, str]] | None:
    """The LaTeX of a text (under the empty name) and of its *formulas*, each behind the symbol of its name.

    None where the text or a formula is not written by rows.
    """
    levels = row_levels(texts, columns, given)
    if levels is None:
        return None
    found: dict[str, tuple[str, str]] = {}
    for name, text in {"": None, **formulas}.items():
        term = whole_term(levels) if not name else text and formula_term(text, columns, given)
        if not term or (text and "[" in text):
            return None
        letters = RowLetters({*levels.variables, *formulas}, by_row=name in columns)
        shown = Term("name", (), f"{name}_{letters.row}" if name in columns else name)
        found[name] = (
            latex_of(shown, "", "") if name else "f",
            latex_of(letters.indexed(term, columns), "", ""),
        )
    return found
