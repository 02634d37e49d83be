"""Formulas of texts with columns: along a number sums over rows, along a column what holds in each row.

The number of a level is a symbol to the algebra, and its slope along a name another one, which stands for a sum over rows:
so the chain rule goes through all levels, whatever the number of rows. Symbols are written out last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

from gradcli.calculus.effort.time_budget import within_budget
from gradcli.calculus.formulas.formula_shown import Formulas
from gradcli.calculus.sums import sum_algebra as algebra
from gradcli.calculus.sums import sum_terms as sums
from gradcli.calculus.sums.sum_algebra import TooLong
from gradcli.calculus.sums.sum_derivatives import Derivatives, NotKnown
from gradcli.calculus.sums.sum_terms import Terms
from gradcli.language.column_names import column_of, columns_among, is_element
from gradcli.language.expression_text import text_of
from gradcli.language.rows.level_reading import levels_of
from gradcli.language.rows.row_levels import ROWS, Level, Levels, NotByLevels
from gradcli.language.tree import Expression

#: Characters of one formula with all of its sums written out, beyond which nobody reads it.
_LONGEST = 2_000

#: Operations, numbers and names of a row, written out, beyond which its formulas are longer than that.
_LARGEST = 2_000

#: A symbol: the number of a level, #2; its slope along a name, #2:a, or along a lower level, #2:#1; the number of rows.
_SYMBOL = re.compile(r"(#(?:rows|[0-9]+)(?::(?:#[0-9]+|\w+))?)")

#: A sum divided by the number of rows.
_MEAN = re.compile(r"(?<![/\w])(?<!\*\*)(#[0-9]+(?::(?:#[0-9]+|\w+))?)/#rows(?!\w|\*\*)")

_NOT_WRITTEN = (NotKnown, TooLong, ValueError, ArithmeticError, RecursionError)


def row_formulas(
    texts: Sequence[str], given: Collection[str], wrt: Sequence[str]
) -> dict[str, str | None] | None:
    """The formula of each of *wrt*, the same for all elements of a column; None where the text must be written out."""
    columns = columns_among(given)
    try:
        levels = levels_of(texts, columns, [name for name in given if not is_element(name)])
    except NotByLevels:
        return None
    if levels.elements or any(level.over or level.kind != "sum" for level in levels.levels):
        return None
    if (
        max(expression.size for expression in (levels.last, *(level.expression for level in levels.levels)))
        > _LARGEST
    ):
        return dict.fromkeys(wrt)
    found: dict[str, str | None] = {}
    write = _Writing(levels)
    for name in wrt:
        column = column_of(name)
        if column not in found:
            found[column] = within_budget(partial(write.formula, column))
    return {name: found[column_of(name)] for name in wrt}


class _Writing:
    """The formulas of one text. texts: what the symbols stand for."""

    def __init__(self, levels: Levels) -> None:
        self.levels = levels
        self.parts = [*((level.name, level.expression) for level in levels.levels), ("", levels.last)]
        self.writers = {name: Formulas(expression) for name, expression in self.parts}
        self.texts: dict[str, str] = {ROWS: "count()"}
        for level in levels.levels:
            self.texts[level.name] = f"sum({text_of(level.expression)})"

    def formula(self, name: str) -> str | None:
        """The formula along a number or a column; None where nobody knows it, or it is too long."""
        try:
            text = self._along_column(name) if name in self.levels.columns else self._along_number(name)
        except _NOT_WRITTEN:
            return None
        return None if text is None else self._written(text)

    def _written(self, text: str) -> str | None:
        """*text* with its symbols written out; None where that is too long."""
        while "#" in text:
            if len(text) > _LONGEST:
                return None
            text = _SYMBOL.sub(lambda match: self.texts[match[1]], _MEAN.sub(self._mean, text))
        return text

    def _mean(self, match: re.Match[str]) -> str:
        """A sum over the rows divided by their number as a mean; what is no such sum stays."""
        meant = self.texts[match[1]]
        return f"mean{meant.removeprefix('sum')}" if meant.startswith("sum(") else match[0]

    def _along_number(self, name: str) -> str | None:
        """Level by level: the slopes of sums are sums of slopes."""
        implicit: dict[str, Terms] = {}
        for level in self.levels.levels:
            slope = self._slope(level.name, level.expression, name, implicit)
            if slope:
                self._keep(f"{level.name}:{name}", level, slope)
                implicit[level.name] = _symbol(f"{level.name}:{name}")
        return self._text("", lambda: self._slope("", self.levels.last, name, implicit), name)

    def _slope(self, part: str, expression: Expression, name: str, implicit: Mapping[str, Terms]) -> Terms:
        return Derivatives(name, implicit).of(self.writers[part].derivative())

    def _keep(self, symbol: str, level: Level, slope: Terms) -> None:
        """What a symbol stands for: the sum of a row's slope."""
        text = self._text(level.name, lambda: slope, symbol)
        if text is None:
            raise TooLong
        varies = any(re.search(rf"(?<!\w){re.escape(column)}(?!\w)", text) for column in self.levels.columns)
        one = "count()" if text == "1" else f"count()*({text})"
        self.texts[symbol] = f"sum({text})" if varies else one

    def _along_column(self, column: str) -> str | None:
        """The slope of a row: each level's adjoint times the slope of its row."""
        adjoints: dict[str, Terms] = {}
        for place in range(len(self.levels.levels) - 1, -1, -1):
            level = self.levels.levels[place]
            parts = [self._slope("", self.levels.last, level.name, {})]
            for outer in self.levels.levels[place + 1 :]:
                slope = self._slope(outer.name, outer.expression, level.name, {})
                if slope and adjoints[outer.name]:
                    symbol = f"{outer.name}:{level.name}"
                    self._keep(symbol, outer, slope)
                    parts.append(algebra.multiplied([adjoints[outer.name], _symbol(symbol)]))
            adjoints[level.name] = sums.added(parts)
        with_it = [level for level in self.levels.levels if column in level.expression.variables]

        def whole() -> Terms:
            slopes = [
                algebra.multiplied([adjoints[one.name], self._slope(one.name, one.expression, column, {})])
                for one in with_it
            ]
            return sums.added(slopes)

        return self._text(with_it[-1].name, whole, column) if with_it else None

    def _text(self, part: str, read: Callable[[], Terms], along: str) -> str | None:
        return self.writers[part].text_of_sum(read, along)


def _symbol(name: str) -> Terms:
    return sums.single(sums.atom("name", text=name))
