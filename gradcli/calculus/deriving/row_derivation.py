"""Texts with columns → derivations of one row: the rule for sums over rows, then the derivative of what is summed.

∂/∂a of a sum over rows is the sum of the rows' ∂/∂a; along a number of a column it is the slope of its own row. Lines are
compared for a few rows, written out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial

from gradcli.calculus.deriving.derivation import (
    Derivation,
    Step,
    bounded,
    derived_lines,
    rule_at_depth,
)
from gradcli.calculus.deriving.differentiation_rules import Applied
from gradcli.calculus.deriving.line_checks import Checker
from gradcli.calculus.formulas.term_latex import latex_of
from gradcli.calculus.formulas.terms import PENDING, Term, divided, varies
from gradcli.calculus.formulas.texts.row_formulas import row_formulas
from gradcli.calculus.formulas.texts.row_terms import (
    COUNT,
    OVER_ROWS,
    RowLetters,
    formula_term,
    in_rows,
    row_levels,
    whole_term,
)
from gradcli.language.column_names import as_rows, element
from gradcli.language.parser.outputs import total
from gradcli.language.row_texts import in_row

#: Rows for which every line is written out and compared.
_CHECKED = 3


def row_names(
    texts: Sequence[str], columns: Collection[str], numbers: Collection[str]
) -> tuple[str, ...] | None:
    """The names of a text that can be told by rows; None for one that must be written out. Raises what reading it raises."""
    levels = row_levels(texts, dict.fromkeys(columns, _CHECKED), numbers)
    return None if levels is None else levels.variables


def row_derivations(
    texts: Sequence[str],
    columns: Collection[str],
    numbers: Collection[str],
    along: Sequence[str],
    depth: int | None = None,
) -> dict[str, Derivation]:
    """The derivations along the names of *along* that can be told by rows: none of a text that must be written out.

    Raises what reading the text raises, DomainProblem, LimitProblem and Unconfirmed.
    """
    levels = row_levels(texts, dict.fromkeys(columns, _CHECKED), numbers)
    if levels is None:
        return {}
    whole, given = whole_term(levels), [*numbers]
    given += [one for name in columns for one in as_rows(name, range(_CHECKED))]
    chosen = [
        name for name in along if name in levels.variables and not (name in columns and _nested(whole, name))
    ]
    formulas = row_formulas(texts, [*given], chosen) or {}
    found = {}
    for name in chosen:
        one = _Derived(texts, whole, levels.variables, columns, given).along(name, formulas.get(name), depth)
        if one is not None:
            found[name] = one
    return found


def _nested(term: Term, column: str, inside: bool = False) -> bool:
    """Whether a sum over rows that depends on a column is within another one: then each row's slope depends on all."""
    over = term.op in OVER_ROWS and len(term.args) == 1 and varies(term, column)
    return (over and inside) or any(_nested(argument, column, inside or over) for argument in term.args)


class _Derived:
    """One text: its term, the names in it, and what has values."""

    def __init__(
        self,
        texts: Sequence[str],
        whole: Term,
        variables: Sequence[str],
        columns: Collection[str],
        given: Sequence[str],
    ) -> None:
        self.texts, self.whole, self.variables = texts, whole, variables
        self.columns, self.given = columns, given

    def along(self, name: str, formula: str | None, depth: int | None) -> Derivation | None:
        """The derivation along one name; None where its formula is not written by rows."""
        by_row = name in self.columns
        lengths = dict.fromkeys(self.columns, _CHECKED)
        last = None if formula is None else formula_term(formula, lengths, self.given)
        if formula is None or last is None:
            return None
        sign = "d/d" if len(self.variables) == 1 else "∂/∂"
        rule = partial(_rule, name, depth, by_row)
        lines = list(bounded(derived_lines(self.whole, last, rule), sign + name))
        here = element(name, 0) if by_row else name
        text = in_row(formula, self.columns, 0) if by_row else formula
        checker = Checker(total(self.texts, self.given), self._plain(text), here)
        steps = []
        for of, made, line, shown in lines:
            checked = checker.check(in_rows(line, self.columns, _CHECKED, 0 if by_row else None))
            steps.append(Step(made.rule, made.statement, of, shown, self._latex(line, name, sign), checked))
        return Derivation(name, formula, tuple(steps))

    def _plain(self, formula: str) -> str:
        """A formula written out for the rows that are checked."""
        from gradcli.language.expression_text import text_of

        return text_of(total([formula], self.given))

    def _latex(self, line: Term, name: str, sign: str) -> str:
        by_row = name in self.columns
        letters = RowLetters(self.variables, by_row=by_row)
        variable = f"{name}_{letters.row}" if by_row else name
        return latex_of(letters.indexed(line, self.columns), variable, sign)


def _rule(variable: str, depth: int | None, by_row: bool, pending: Term) -> Applied:
    """The rule for sums over rows, or that of any other operation."""
    inner = pending.args[0]
    if not _has_rows(inner):
        return rule_at_depth(variable, depth, pending)
    if inner.op not in OVER_ROWS or len(inner.args) > 1 or not varies(inner, variable):
        return rule_at_depth(variable, None, pending)
    of_row = Term(PENDING, inner.args, str(int(pending.text) + 1))
    if inner.args[0] == Term("name", (), variable):
        of_row = Term("number", (), "1")
    if not by_row:
        return Applied("sum over rows", f"{inner.op}(e)' = {inner.op}(e')", inner._replace(args=(of_row,)))
    if inner.op == "sum":
        return Applied("one of the rows", "sum(e)' = e' of its own row", of_row)
    return Applied("one of the rows", "mean(e)' = e'/count() of its own row", divided(of_row, COUNT))


def _has_rows(term: Term) -> bool:
    return term == COUNT or term.op in OVER_ROWS or any(map(_has_rows, term.args))
