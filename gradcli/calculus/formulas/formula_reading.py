"""Expressions of the language and sympy's answers → sums of products."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import sympy

from gradcli.calculus.formulas import formula_algebra as algebra
from gradcli.calculus.formulas.formula_algebra import ONE, Terms, TooLong
from gradcli.calculus.symbolic.from_sympy import NAMES, Unwritable
from gradcli.language.function_table import FUNCTIONS
from gradcli.language.tree import Expression, Node

#: Powers of ten up to which a literal is computed with.
_LARGEST_EXPONENT = 400

_CONDITIONS = {"StrictLessThan": "<", "LessThan": "<=", "StrictGreaterThan": ">", "GreaterThan": ">=",
               "Equality": "==", "Unequality": "!=", "And": "and", "Or": "or"}  # fmt: skip


def sum_of_expression(expression: Expression, *, split: bool = True) -> Terms:
    """The sum that an expression is; *split*: with x**(y - 1) as x**y/x.

    Raises ValueError, ZeroDivisionError and TooLong for what cannot be one.
    """
    built: list[Terms] = []
    for node in expression.nodes:
        args = [built[i] for i in node.args]
        built.append(powered(*args, split=False) if node.op == "**" and not split else _of_node(node, args))
    return built[-1]


def _of_node(node: Node, args: Sequence[Terms]) -> Terms:
    if node.op == "number":
        return literal(node.text)
    if node.op in ("name", "constant"):
        return algebra.single(algebra.atom(node.op, text="pi" if node.text == "π" else node.text))
    arithmetic = _ARITHMETIC.get(node.op)
    return arithmetic(args) if arithmetic else called(node.op, args)


def typed_brackets(expression: Expression) -> frozenset[str]:
    """The keys of the sums in an expression with their signs as they are typed, without a numeric factor."""
    built: list[Terms] = []
    found: set[str] = set()
    for node in expression.nodes:
        built.append(_of_node(node, [built[i] for i in node.args]))
        if node.op == "+" and len(built[-1]) > 1:
            out = abs(Fraction(algebra.content(built[-1])))
            found.add(algebra.seal(algebra.scaled(built[-1], 1 / out)).key)
    return frozenset(found)


def literal(text: str) -> Terms:
    """A number as it is typed, exactly. Raises TooLong beyond a size."""
    exponent = text.lower().partition("e")[2]
    if len(text) > _LARGEST_EXPONENT or (exponent and abs(int(exponent)) > _LARGEST_EXPONENT):
        raise TooLong
    return algebra.number(Fraction(text))


_ARITHMETIC: dict[str, Callable[[Sequence[Terms]], Terms]] = {
    "neg": lambda args: algebra.scaled(args[0], -1),
    "+": algebra.added,
    "*": algebra.multiplied,
    "/": lambda args: algebra.multiplied([args[0], algebra.raised(args[1], -1)]),
    "**": lambda args: powered(*args),
    "sqrt": lambda args: algebra.raised(args[0], Fraction(1, 2)),
    "exp": lambda args: algebra.exponential(args[0]),
}


def powered(base: Terms, exponent: Terms, *, split: bool = True) -> Terms:
    """A power; one of Euler's number is an exponential."""
    if base == algebra.single(algebra.atom("constant", text="e")):
        return algebra.exponential(exponent)
    return algebra.powered(base, exponent, split=split)


def called(op: str, args: Sequence[Terms]) -> Terms:
    """A function of the language that is no arithmetic, a condition, or pieces."""
    if op == "relu" and len(args) == 1:
        op, args = "max", [args[0], {}]
    if op in ("min", "max") and len(args) > 2:
        args = [called(op, args[:-1]), args[-1]]
    if op == "sign" and algebra.constant(args[0]) is not None:
        value = args[0].get((), 0)
        return algebra.number((value > 0) - (value < 0))
    if op == "heaviside" and algebra.constant(args[0]) is not None:
        value = args[0].get((), 0)
        return algebra.number(Fraction(1, 2) if not value else int(value > 0))
    return algebra.single(algebra.atom(op, args))


def sum_of_sympy(expression: Any) -> Terms:
    """The sum that a sympy expression is. Raises Unwritable for what the language has no words for, and TooLong."""
    if expression.is_Rational:
        return algebra.number(Fraction(int(expression.p), int(expression.q)))
    if expression.is_Symbol:
        return algebra.single(algebra.atom("name", text=expression.name))
    if expression.is_Add:
        return algebra.added(map(sum_of_sympy, expression.args))
    if expression.is_Mul:
        return algebra.multiplied(list(map(sum_of_sympy, expression.args)))
    if expression.is_Pow:
        return powered(*map(sum_of_sympy, expression.args))
    if expression is sympy.E:
        return algebra.exponential(ONE)
    if expression is sympy.pi:
        return algebra.single(algebra.atom("constant", text="pi"))
    return _of_call(expression)


def _of_call(expression: Any) -> Terms:
    kind = type(expression).__name__
    if kind == "exp":
        return algebra.exponential(sum_of_sympy(expression.args[0]))
    if kind == "Piecewise":
        return _of_pieces(expression)
    name = _CONDITIONS.get(kind) or NAMES.get(kind, kind)
    args = expression.args[:1] if kind == "Heaviside" else expression.args
    if kind not in _CONDITIONS and name not in FUNCTIONS:
        raise Unwritable(kind)
    if name in ("and", "or"):
        args = sorted(args, key=sympy.default_sort_key)
    return called(name, list(map(sum_of_sympy, args)))


def _of_pieces(expression: Any) -> Terms:
    *pieces, (value, last) = expression.args
    if last != True:  # noqa: E712  (sympy's true is not Python's)
        raise Unwritable("piecewise without a last piece")
    flat = [sum_of_sympy(part) for value_, condition in pieces for part in (condition, value_)]
    return algebra.single(
        algebra.atom("where" if len(pieces) == 1 else "piecewise", [*flat, sum_of_sympy(value)])
    )
