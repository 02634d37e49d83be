"""Is a claim the partial of a loss, whatever the rows and however many? Shown by sympy, or not at all.

Sums over the rows are linear: what does not vary by row goes out of them, and what is left of each product is a symbol that
stands for its sum over all rows. Both sides are made of the same symbols then, level by level by the chain rule; where their
difference is linear in these, it is the sum over the rows of one expression, which has to vanish in every row.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy

from gradcli.calculus.checking.smooth_pieces_in_sympy import Open, built
from gradcli.calculus.checking.symbolic_proof import PATIENCE, TooMany, holds, vanishes
from gradcli.calculus.effort.time_budget import GIVING_UP, OutOfTime, seconds
from gradcli.calculus.symbolic.to_sympy import TooLarge, symbol
from gradcli.language.rows.row_levels import ROWS, Levels

#: Operations, numbers and names of both sides beyond which no proof is tried.
LARGEST = 400


def proved_over_rows(loss: Levels, claim: Levels, variable: str) -> bool | None:
    """Whether ∂*loss*/∂*variable* is shown to be *claim* wherever there is one; None: stopped by the clock."""
    parts = [*loss.levels, *claim.levels]
    if loss.elements or claim.elements or any(one.over is not None or one.kind != "sum" for one in parts):
        return False
    sizes = [one.expression.size for one in parts]
    if sum(sizes) + loss.last.size + claim.last.size > LARGEST:
        return False
    try:
        with seconds(PATIENCE):
            columns = loss.columns | claim.columns
            ways = (_Sums(columns, expanded=one) for one in (False, True))
            return _row_by_row(loss, claim, variable) or any(one.same(loss, claim, variable) for one in ways)
    except OutOfTime:
        return None
    except (*GIVING_UP, Open, TooLarge, TooMany):  # Open: pieces beside other sums
        return False


def _row_by_row(loss: Levels, claim: Levels, variable: str) -> bool:
    """Whether both are the same multiple of one sum, and in each row the claim's term is the partial of the other's."""
    if len(loss.levels) != 1 or len(claim.levels) != 1:
        return False
    factors = []
    for one in (loss, claim):
        last, level = built(one.last, {}), symbol(one.levels[0].name)
        factor = last.diff(level)
        if factor.has(level, symbol(variable)) or last.subs(level, 0) != 0:
            return False
        factors.append(factor)
    if not vanishes(factors[0] - factors[1]):
        return False
    return holds(loss.levels[0].expression, claim.levels[0].expression, variable)


class _Sums:
    """Sums over rows as symbols, the same ones on both sides.

    columns: the names that vary by row. expanded: whether each product of a row is a symbol, or a row's whole expression.
    """

    def __init__(self, columns: frozenset[str], *, expanded: bool) -> None:
        self.expanded = expanded
        self.rows = [symbol(name) for name in sorted(columns)]
        self.symbols: dict[Any, Any] = {sympy.Integer(1): symbol(ROWS)}

    def same(self, loss: Levels, claim: Levels, variable: str) -> bool:
        """Whether the partial of the loss and the claim are shown to be one."""
        slope = self._last(loss, symbol(variable))[1]
        return self._vanishes(sympy.expand(slope - self._last(claim, None)[0]))

    def _last(self, levels: Levels, along: Any) -> tuple[Any, Any]:
        """The value of a text in terms of sums, and its slope along a name, if any."""
        known: dict[Any, tuple[Any, Any]] = {}
        for level in levels.levels:
            value, slope = self._chained(built(level.expression, {}), known, along)
            known[symbol(level.name)] = (self._sum(value), self._sum(slope))
        return self._chained(built(levels.last, {}), known, along)

    def _chained(self, whole: Any, known: Mapping[Any, tuple[Any, Any]], along: Any) -> tuple[Any, Any]:
        """An expression and its slope, with the sums put in for the levels before it."""
        slope = sympy.Integer(0)
        if along is not None:
            slope = whole.diff(along) + sum(whole.diff(name) * one for name, (_, one) in known.items())
        values = {name: value for name, (value, _) in known.items()}
        return whole.xreplace(values), slope.xreplace(values)

    def _sum(self, row: Any) -> Any:
        """The sum over all rows of an expression of one row."""
        total = sympy.Integer(0)
        for term in sympy.Add.make_args(sympy.expand(row)) if self.expanded else [row]:
            factor, rest = term.as_independent(*self.rows, as_Add=False)
            if rest not in self.symbols:
                self.symbols[rest] = sympy.Dummy(real=True)
            total += factor * self.symbols[rest]
        return total

    def _vanishes(self, gap: Any) -> bool:
        if vanishes(gap):
            return True
        sums = {one: rest for rest, one in self.symbols.items() if rest != 1}
        if not sums or not all(gap.diff(a, b) == 0 for a in sums for b in sums):
            return False
        count = self.symbols[sympy.Integer(1)]
        row = sum(gap.diff(one) * rest for one, rest in sums.items())
        rest = gap.xreplace(dict.fromkeys(sums, sympy.Integer(0)))
        return vanishes(row + rest / count)
