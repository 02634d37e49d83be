"""Is a comparison a bound of one variable? `x >= 1` is, and so are `2*x >= 2`, `1 <= x` and `3 - x <= 2`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcli.language.records import NamedTuple
from gradcli.language.tree import Node

#: Nodes and powers of a side that is looked at, at the most.
MOST, HIGHEST = 200, 16

#: What a relation is with its sides exchanged.
TURNED = {"<=": ">=", ">=": "<=", "=": "="}


class Bound(NamedTuple):
    """One end of a variable's range.

    relation: of the variable and its end. end: a constant's text. ratio: left less right is so many times the variable
    less its end, as numerator and denominator; 1 or -1 where the variable stands alone.
    """

    name: str
    relation: str
    end: str
    ratio: tuple[int, int]

    @property
    def factor(self) -> float:
        """The ratio as a number."""
        return self.ratio[0] / self.ratio[1]


def bound_of(relation: str, sides: Sequence[tuple[str, Sequence[Node]]]) -> Bound | None:
    """The bound that a comparison of two sides, each its text and its nodes, is; None where it is none."""
    (left, first), (right, second) = sides
    names = {node.text for node in (*first, *second) if node.op == "name"}
    if relation == "=" or len(names) != 1:
        return None
    (name,) = names
    if len(first) == 1 and first[0].op == "name" and not _holds(second, name):
        return Bound(name, relation, right, (1, 1))
    if len(second) == 1 and second[0].op == "name" and not _holds(first, name):
        return Bound(name, TURNED[relation], left, (-1, 1))
    return _scaled(name, relation, sides)


def _holds(nodes: Sequence[Node], name: str) -> bool:
    return any(node.op == "name" and node.text == name for node in nodes)


def _scaled(name: str, relation: str, sides: Sequence[tuple[str, Sequence[Node]]]) -> Bound | None:
    """The bound where a side is a multiple of the variable and a number, in rationals."""
    (left, first), (right, second) = sides
    own, other = first_degree(first), first_degree(second)
    if own is not None and other is not None:
        slope = own[0] - other[0]
        end = str(_decimal((other[1] - own[1]) / slope)) if slope else ""
    elif own is not None and not _holds(second, name):
        slope = own[0]
        end = f"(({right}) - ({own[1]}))/({slope})"
    elif other is not None and not _holds(first, name):
        slope = -other[0]
        end = f"(({left}) - ({other[1]}))/({other[0]})"
    else:
        return None
    if not slope:
        return None
    return Bound(name, relation if slope > 0 else TURNED[relation], end, slope.as_integer_ratio())


def first_degree(nodes: Sequence[Node]) -> tuple[Any, Any] | None:
    """A side as so many times the variable and a number, both rationals; None where it is not of first degree."""
    if len(nodes) > MOST:
        return None
    found: list[tuple[Any, Any] | None] = []
    for node in nodes:
        arguments = [found[i] for i in node.args]
        if any(one is None for one in arguments):
            found.append(None)
        else:
            found.append(_joined(node, [one for one in arguments if one is not None]))
    return found[-1]


def _joined(node: Node, arguments: Sequence[tuple[Any, Any]]) -> tuple[Any, Any] | None:
    from fractions import Fraction

    if node.op == "name":
        return Fraction(1), Fraction(0)
    if node.op == "number":
        size = float(node.text)
        return (Fraction(0), Fraction(node.text)) if size == 0 or 1e-300 < size < 1e300 else None
    if node.op == "neg":
        ((a, b),) = arguments
        return -a, -b
    if node.op not in ("+", "-", "*", "/", "**"):
        return None
    whole: tuple[Any, Any] | None = arguments[0]
    for one in arguments[1:]:
        whole = whole and _both(node.op, whole, one)
    return whole


def _both(op: str, first: tuple[Any, Any], second: tuple[Any, Any]) -> tuple[Any, Any] | None:
    """Two sides of first degree joined; None where that is none."""
    (a, b), (c, d) = first, second
    if op in ("+", "-"):
        sign = 1 if op == "+" else -1
        return a + sign * c, b + sign * d
    if op == "*" and not (a and c):
        return a * d + b * c, b * d
    if op == "/" and not c and d:
        return a / d, b / d
    if op == "**" and not a and not c and d.denominator == 1 and abs(d) <= HIGHEST and (b or d > 0):
        return a, b ** int(d)
    return None


def _decimal(number: Any) -> Any:
    """A rational as the double it is, where it is one."""
    near = float(number)
    return f"{near!r}".removesuffix(".0") if type(number)(repr(near)) == number else number
