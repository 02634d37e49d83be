"""Expression tree → sympy objects. Objects are built, never text: sympy's own parser would run it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import sympy

from gradcli.language.function_table import FUNCTIONS
from gradcli.language.parser import parse
from gradcli.language.parser.composite_functions import defaults, is_composite, keeps_its_name, meaning
from gradcli.language.tree import Expression, Node

_COMPARE: dict[str, Any] = {
    "<": sympy.StrictLessThan, "<=": sympy.LessThan, ">": sympy.StrictGreaterThan, ">=": sympy.GreaterThan,
    "==": sympy.Eq, "!=": sympy.Ne, "and": sympy.And, "or": sympy.Or,
}  # fmt: skip

#: sympy computes exact powers and special values at once; beyond these sizes it would not come back.
_LARGEST_POWER, _LARGEST_ARGUMENT, _LARGEST_BITS = 1_000, 1_000, 128


class TooLarge(ValueError):
    """sympy would take too long to build this, or fails at it."""


def symbol(name: str) -> Any:
    """The real variable *name*."""
    return sympy.Symbol(name, real=True)


def to_sympy(expression: Expression, names: Mapping[str, Any] | None = None) -> Any:
    """The sympy expression of *expression*; raises TooLarge where sympy could hang on building it."""
    built: list[Any] = []
    for node in expression.nodes:
        built.append(_build(node, [built[i] for i in node.args], names))
    return built[-1]


def _build(node: Node, args: Sequence[Any], names: Mapping[str, Any] | None) -> Any:
    if node.op == "number":
        return sympy.Rational(node.text)
    if node.op == "constant":
        return sympy.E if node.text == "e" else sympy.pi
    if node.op == "name":
        return names[node.text] if names is not None else symbol(node.text)
    if node.op in _ARITHMETIC:
        return _ARITHMETIC[node.op](args)
    if node.op in _COMPARE:
        return _COMPARE[node.op](*args)
    if node.op in ("where", "piecewise"):
        pieces = list(zip(args[1::2], args[:-1:2], strict=False))
        try:
            return sympy.Piecewise(*pieces, (args[-1], True))
        except KeyError:  # sympy's, of conditions without variables in each other
            raise TooLarge from None
    return call(node.op, args)


def power(base: Any, exponent: Any) -> Any:
    """base**exponent; raises TooLarge where sympy would write out too large a number."""
    if exponent.is_number and not exponent.is_symbol:
        size = abs(float(exponent)) if exponent.is_Rational else 0.0
        if size > _LARGEST_POWER and not base.is_Symbol:
            raise TooLarge
        if base.is_number and size * _bits(base) > _LARGEST_BITS * 100:
            raise TooLarge
    return sympy.Pow(base, exponent)


def _bits(number: Any) -> int:
    return int(max(number.p.bit_length(), number.q.bit_length())) if number.is_Rational else 64


_ARITHMETIC: dict[str, Callable[[Sequence[Any]], Any]] = {
    "neg": lambda args: -args[0],
    "+": lambda args: sympy.Add(*args),
    "*": lambda args: sympy.Mul(*args),
    "/": lambda args: args[0] / args[1],
    "**": lambda args: power(*args),
}


def call(name: str, args: Sequence[Any]) -> Any:
    """A function of the table; raises TooLarge where sympy could hang on building it."""
    row = FUNCTIONS[name]
    for argument in args:
        if argument.is_Rational and (abs(argument) > _LARGEST_ARGUMENT or _bits(argument) > _LARGEST_BITS):
            raise TooLarge
    if len(args) > 12:  # sympy compares every pair of the arguments of Max and Min
        raise TooLarge
    args = (*args, *map(to_sympy, defaults(name, len(args))))
    if is_composite(name) and not keeps_its_name(name):
        names, _, whole = meaning(name, len(args))
        return to_sympy(whole, dict(zip(names, args, strict=True)))
    if name in ("min", "max"):
        return _chained(name, args)
    if row.sympy:
        return getattr(sympy, row.sympy)(*args)
    return own(name)(*args)


def _chained(name: str, args: Sequence[Any]) -> Any:
    total = args[0]
    for argument in args[1:]:
        numeric = total.is_Rational and argument.is_Rational
        total = (max if name == "max" else min)(total, argument) if numeric else own(name)(total, argument)
    return total


@cache
def own(name: str) -> Any:
    """A sympy function class for a row that sympy does not know, differentiated by the row's slopes."""
    row = FUNCTIONS[name]
    parameters = ("x", "y") if name in ("min", "max") else row.names

    def fdiff(self: Any, argindex: int = 1) -> Any:
        """The slope along an argument, by the table of functions."""
        if not (row.slopes and row.slopes[argindex - 1]):
            raise sympy.core.function.ArgumentIndexError(self, argindex)
        rule = parse(row.slopes[argindex - 1], parameters)
        return to_sympy(rule, dict(zip(parameters, self.args, strict=True)))

    return type(name, (sympy.Function,), {"fdiff": fdiff, "is_real": True, "is_extended_real": True})
