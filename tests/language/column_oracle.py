"""What a text with columns is, by sympy: columns are rows of symbols, and Python itself reads the text."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence

import sympy

from gradcli.language.column_names import element


class Rows:
    """One expression of sympy for each row; what is done with it is done in each."""

    def __init__(self, parts: Sequence[sympy.Expr]) -> None:
        self.parts = list(parts)

    def _with(self, other: object, work: Callable[[object, object], sympy.Expr]) -> Rows:
        others = other.parts if isinstance(other, Rows) else [other] * len(self.parts)
        return Rows([work(a, b) for a, b in zip(self.parts, others, strict=True)])

    def __getitem__(self, row: int) -> sympy.Expr:
        return self.parts[int(row)]

    def __neg__(self) -> Rows:
        return Rows([-part for part in self.parts])


for _name, _work in (("add", operator.add), ("sub", operator.sub), ("mul", operator.mul),
                     ("truediv", operator.truediv), ("pow", operator.pow)):  # fmt: skip
    setattr(Rows, f"__{_name}__", lambda a, b, work=_work: a._with(b, work))
    setattr(Rows, f"__r{_name}__", lambda a, b, work=_work: a._with(b, lambda p, q: work(q, p)))


def _total(rows: Rows) -> sympy.Expr:
    return sympy.Add(*rows.parts)


def _mean(rows: Rows, less: int = 0) -> sympy.Expr:
    return _total(rows) / (len(rows.parts) - less)


def _var(rows: Rows, less: int = 0) -> sympy.Expr:
    return _mean((rows - _mean(rows)) ** 2, less)


def _each(function: Callable[[object], sympy.Expr]) -> Callable[[object], object]:
    return lambda x: Rows([function(part) for part in x.parts]) if isinstance(x, Rows) else function(x)


def expression(text: str, columns: Mapping[str, int], numbers: Sequence[str]) -> sympy.Expr:
    """The text as an expression of sympy in the symbols x[0], x[1], …"""
    count = max(columns.values())
    known: dict[str, object] = {name: sympy.Symbol(name, real=True) for name in numbers}
    for name, rows in columns.items():
        known[name] = Rows([sympy.Symbol(element(name, row), real=True) for row in range(rows)])
    known |= {
        "sum": _total, "mean": _mean, "var": _var, "std": lambda e, less=0: sympy.sqrt(_var(e, less)),
        "norm": lambda e: sympy.sqrt(_total(e**2)), "dot": lambda e, g: _total(e * g), "count": lambda: sympy.Integer(count),
        "logsumexp": lambda e: sympy.log(_total(_each(sympy.exp)(e))),
        **{name: _each(getattr(sympy, name)) for name in ("exp", "sin", "cos", "log", "sqrt", "tanh")},
    }  # fmt: skip
    return sympy.sympify(eval(text, {"__builtins__": {}}, known))
