"""Expressions of the language → sums of products."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from gradcli.calculus.sums import product_identities as identities
from gradcli.calculus.sums import sum_algebra as algebra
from gradcli.calculus.sums import sum_terms as sums
from gradcli.calculus.sums.sum_algebra import TooLong
from gradcli.calculus.sums.sum_terms import Terms
from gradcli.language.tree import Expression, Node

#: Powers of ten up to which a literal is computed with.
_LARGEST_EXPONENT = 400


def sum_of_expression(
    expression: Expression, *, split: bool = True, names: Mapping[str, Terms] | None = None
) -> Terms:
    """The sum that an expression is, *names* replaced by sums; *split*: with x**(y - 1) as x**y/x.

    Raises ValueError, ZeroDivisionError and TooLong for what cannot be one.
    """
    built: list[Terms] = []
    for node in expression.nodes:
        args = [built[i] for i in node.args]
        if names is not None and node.op == "name":
            built.append(names[node.text])
            continue
        built.append(powered(*args, split=False) if node.op == "**" and not split else _of_node(node, args))
    return built[-1]


def _of_node(node: Node, args: Sequence[Terms]) -> Terms:
    if node.op == "number":
        return literal(node.text)
    if node.op in ("name", "constant"):
        return sums.single(sums.atom(node.op, text="pi" if node.text == "π" else node.text))
    arithmetic = _ARITHMETIC.get(node.op)
    return arithmetic(args) if arithmetic else called(node.op, args)


def typed_brackets(expression: Expression) -> frozenset[str]:
    """The keys of the sums in an expression with their signs as they are typed, without a numeric factor."""
    built: list[Terms] = []
    found: set[str] = set()
    for node in expression.nodes:
        built.append(_of_node(node, [built[i] for i in node.args]))
        if node.op == "+" and len(built[-1]) > 1:
            out = abs(Fraction(sums.content(built[-1])))
            found.add(sums.seal(sums.scaled(built[-1], 1 / out)).key)
    return frozenset(found)


def literal(text: str) -> Terms:
    """A number as it is typed, exactly. Raises TooLong beyond a size."""
    exponent = text.lower().partition("e")[2]
    if len(text) > _LARGEST_EXPONENT or (exponent and abs(int(exponent)) > _LARGEST_EXPONENT):
        raise TooLong
    return sums.number(Fraction(text))


_ARITHMETIC: dict[str, Callable[[Sequence[Terms]], Terms]] = {
    "neg": lambda args: sums.scaled(args[0], -1),
    "+": sums.added,
    "*": algebra.multiplied,
    "/": lambda args: algebra.multiplied([args[0], algebra.raised(args[1], -1)]),
    "**": lambda args: powered(*args),
    "sqrt": lambda args: algebra.raised(args[0], Fraction(1, 2)),
    "exp": lambda args: identities.exponential(args[0]),
}


def powered(base: Terms, exponent: Terms, *, split: bool = True) -> Terms:
    """A power; one of Euler's number is an exponential."""
    if base == sums.single(sums.atom("constant", text="e")):
        return identities.exponential(exponent)
    return algebra.powered(base, exponent, split=split)


def called(op: str, args: Sequence[Terms]) -> Terms:
    """A function of the language that is no arithmetic, a condition, or pieces."""
    if op == "relu" and len(args) == 1:
        op, args = "max", [args[0], {}]
    if op in ("min", "max") and len(args) == 1:
        return args[0]
    if op in ("min", "max") and len(args) > 2:
        args = [called(op, args[:-1]), args[-1]]
    if op == "sign" and sums.constant(args[0]) is not None:
        value = args[0].get((), 0)
        return sums.number((value > 0) - (value < 0))
    if op == "heaviside" and sums.constant(args[0]) is not None:
        value = args[0].get((), 0)
        return sums.number(Fraction(1, 2) if not value else int(value > 0))
    return sums.single(sums.atom(op, args))
