"""Expression of one variable → the places where it may have no derivative, as zeros of other expressions, and its pieces.

A seam is an expression at whose zeros an operation changes its piece (|u| at u = 0) or ends (sqrt(u)). Between the zeros
of the innermost seams each such operation is one of its pieces, and the expression one that has fewer seams.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from gradcli.calculus.critical.one_variable.written_nodes import substituted, text_of_node
from gradcli.language.tree import COMPARISONS, Expression, Node

#: Whole numbers within which `floor` and its kind are cut into pieces.
MOST_STEPS = 32


Sign = Callable[[str], int]


class Seams(NamedTuple):
    """The innermost seams of an expression: those where a piece changes, and those where an operation ends or is steep."""

    pieces: list[str]
    ends: list[str]


def innermost(expression: Expression) -> Seams:
    """The seams of operations none of whose arguments has a piece of its own."""
    texts = substituted(expression, {})
    plain: list[bool] = []
    pieces: list[str] = []
    ends: list[str] = []
    for node in expression.nodes:
        inside = all(plain[i] for i in node.args)
        changing = node.op in _PIECES or node.op in COMPARISONS
        if inside:
            (pieces if changing else ends).extend(_seams_at(expression, node, texts))
        plain.append(inside and not changing)
    return Seams(list(dict.fromkeys(pieces)), list(dict.fromkeys(ends)))


def steep_seams(expression: Expression, fixed: Mapping[str, str] | None = None) -> list[str]:
    """All texts at whose zeros an operation has a value and may have no slope, whatever is inside of them.

    fixed: values of names that are held, as texts.
    """
    texts = substituted(expression, fixed or {})
    steep = (node for node in expression.nodes if node.op not in OPEN and not _is_power(expression, node))
    return list(dict.fromkeys(seam for node in steep for seam in _seams_at(expression, node, texts)))


def open_seams(expression: Expression) -> list[str]:
    """All texts at whose zeros a logarithm, or a power that is not seen to be positive, has no value."""
    texts = substituted(expression, {})
    unended = (
        node
        for node in expression.nodes
        if node.op in OPEN or (node.op == "**" and not _positive(expression, node.args[1]))
    )
    return list(dict.fromkeys(seam for node in unended for seam in _seams_at(expression, node, texts)))


def _seams_at(expression: Expression, node: Node, texts: Sequence[str]) -> list[str]:
    """The seams of one operation, whose arguments are written in *texts*."""
    arguments = [texts[i] for i in node.args]
    if node.op in _PIECES or node.op in COMPARISONS:
        return list(_changes(node.op, arguments))
    if node.op in _ENDS:
        return _ENDS[node.op](*arguments)
    if node.op == "**" and not _whole(expression, node.args[1]):
        return [arguments[0]]
    return []


def _positive(expression: Expression, place: int) -> bool:
    """Whether an exponent is a positive number as it is written."""
    node = expression.nodes[place]
    if node.op in ("*", "/"):
        return all(_positive(expression, i) for i in node.args)
    return node.op == "constant" or (node.op == "number" and float(node.text) > 0)


def _is_power(expression: Expression, node: Node) -> bool:
    """Whether a node is a power of a negative whole number."""
    if node.op != "**" or expression.nodes[node.args[1]].op != "neg":
        return False
    return _whole(expression, expression.nodes[node.args[1]].args[0])


def _whole(expression: Expression, place: int) -> bool:
    """Whether an exponent is a whole number from 0."""
    node = expression.nodes[place]
    return node.op == "number" and node.text.isdigit()


def _changes(op: str, arguments: Sequence[str]) -> Iterator[str]:
    if op in COMPARISONS:
        yield f"{arguments[0]} - {arguments[1]}"
    elif op in ("max", "min"):
        yield from (f"{a} - {b}" for a, b in combinations(arguments, 2))
    elif op == "clip":
        yield from (f"{arguments[0]} - {end}" for end in arguments[1:])
    elif op in ("floor", "ceil", "mod"):
        inner = f"{arguments[0]}/{arguments[1]}" if op == "mod" else arguments[0]
        yield from (f"{inner} - ({k})" for k in range(-MOST_STEPS, MOST_STEPS + 1))
    else:
        yield arguments[0]


def rewritten(expression: Expression, sign: Sign) -> str:
    """The expression where each innermost operation with pieces is the one that *sign* says; sign: of a seam's text."""
    texts: list[str] = []
    plain: list[bool] = []
    for node in expression.nodes:
        arguments = [texts[i] for i in node.args]
        inside = all(plain[i] for i in node.args)
        if inside and node.op in COMPARISONS:
            texts.append(_truth(node.op, sign(f"{arguments[0]} - {arguments[1]}")))
        elif inside and node.op in _PIECES:
            texts.append(_PIECES[node.op](sign, *arguments))
        elif node.op in ("and", "or") and {*arguments} <= {_TRUE, _FALSE}:
            holds = all if node.op == "and" else any
            texts.append(_TRUE if holds(a == _TRUE for a in arguments) else _FALSE)
        elif node.op in ("where", "piecewise"):
            texts.append(_taken(node.op, arguments))
        else:
            texts.append(text_of_node(node.op, node.text, arguments))
        plain.append(inside and not (node.op in _PIECES or node.op in COMPARISONS))
    return texts[-1]


#: Conditions that hold and do not.
_TRUE, _FALSE = "(0 < 1)", "(1 < 0)"


def _truth(op: str, s: int) -> str:
    holds = {"<": s < 0, "<=": s <= 0, ">": s > 0, ">=": s >= 0, "==": s == 0, "!=": s != 0}[op]
    return _TRUE if holds else _FALSE


def _taken(op: str, arguments: Sequence[str]) -> str:
    """The piece whose condition is known to hold, without those whose condition does not."""
    kept: list[str] = []
    for condition, value in zip(arguments[:-1:2], arguments[1::2], strict=True):
        if condition == _FALSE:
            continue
        if condition == _TRUE:
            return value if not kept else f"{op}({', '.join([*kept, value])})"
        kept += [condition, value]
    return f"{op}({', '.join([*kept, arguments[-1]])})" if kept else arguments[-1]


def _extreme(largest: bool) -> Callable[..., str]:
    def chosen(sign: Sign, *arguments: str) -> str:
        best = 0
        for i in range(1, len(arguments)):
            s = sign(f"{arguments[best]} - {arguments[i]}")
            if (s < 0) == largest and s != 0:
                best = i
        return arguments[best]

    return chosen


def _clipped(sign: Sign, x: str, low: str, high: str) -> str:
    return low if sign(f"{x} - {low}") < 0 else high if sign(f"{x} - {high}") > 0 else x


def _steps(sign: Sign, inner: str) -> int | None:
    """The largest whole number below; None outside of the range that is looked at."""
    low, high = -MOST_STEPS, MOST_STEPS
    if sign(f"{inner} - ({low})") < 0 or sign(f"{inner} - ({high})") >= 0:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if sign(f"{inner} - ({middle})") >= 0 else (low, middle)
    return low


def _floored(sign: Sign, x: str) -> str:
    k = _steps(sign, x)
    return f"floor({x})" if k is None else f"({k})"


def _ceiled(sign: Sign, x: str) -> str:
    k = _steps(sign, x)
    return f"ceil({x})" if k is None else f"({k + 1})"


def _remainder(sign: Sign, x: str, y: str) -> str:
    k = _steps(sign, f"{x}/{y}")
    return f"mod({x}, {y})" if k is None else f"({x} - ({k})*{y})"


_PIECES: dict[str, Callable[..., str]] = {
    "abs": lambda sign, u: u if sign(u) > 0 else f"(-{u})", "sign": lambda sign, u: f"({sign(u)})",
    "relu": lambda sign, u: u if sign(u) > 0 else "(0)", "heaviside": lambda sign, u: "(1)" if sign(u) > 0 else "(0)",
    "leaky_relu": lambda sign, u, a="(0.01)": u if sign(u) > 0 else f"({a}*{u})",
    "elu": lambda sign, u, a="(1)": u if sign(u) > 0 else f"({a}*(exp({u}) - 1))",
    "max": _extreme(largest=True), "min": _extreme(largest=False), "clip": _clipped,
    "floor": _floored, "ceil": _ceiled, "mod": _remainder,
    "cbrt": lambda sign, u: f"({u}**(1/3))" if sign(u) > 0 else f"(-((-{u})**(1/3)))",
}  # fmt: skip

_ENDS: dict[str, Callable[..., list[str]]] = {
    **dict.fromkeys(("sqrt", "log", "log2", "log10"), lambda u: [u]), "root": lambda u, n: [u],
    **dict.fromkeys(("asin", "acos", "atanh"), lambda u: [f"{u} - 1", f"{u} + 1"]), "acosh": lambda u: [f"{u} - 1"],
    "log1p": lambda u: [f"{u} + 1"], "hypot": lambda a, b: [a, b], "xlogx": lambda u: [u],
}  # fmt: skip

#: Operations that have no value at their ends.
OPEN = frozenset(("log", "log2", "log10", "log1p", "atanh"))

#: Operations with a piece for each whole number: their pieces are looked at in an interval alone.
STEPS = frozenset(("floor", "ceil", "mod"))

#: Operations that may have no derivative somewhere in their domain.
KINKED = frozenset((*_PIECES, *_ENDS, "**", *COMPARISONS))

#: Those that are continuous for all that, wherever they have values.
CONTINUOUS_PIECES = frozenset(("abs", "relu", "leaky_relu", "elu", "max", "min", "clip", "cbrt"))
