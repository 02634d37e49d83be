"""Expression → the smooth sympy expression that it is where the signs of what decides between its pieces are known.

A whole part is a constant of its piece. Raises Open for a sign that was not settled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sympy

from gradcli.calculus.symbolic.to_sympy import symbol, to_sympy
from gradcli.language.parser.composite_functions import defaults, is_composite, meaning
from gradcli.language.tree import COMPARISONS, Expression, Node

Signs = Mapping[Any, int]


class Open(Exception):
    """The sign of *atom* is needed to go on."""

    def __init__(self, atom: Any) -> None:
        super().__init__()
        self.atom = atom


def sign_of(u: Any, signs: Signs) -> int:
    """The sign of a real expression in this case. Raises Open where it was not settled."""
    u = sympy.expand(unsigned(u, signs))
    if u.is_number:
        return int(u.is_positive or 0) - int(u.is_negative or 0) if u.is_zero is not None else _unknown()
    turned = u.could_extract_minus_sign()
    atom = (-u if turned else u).primitive()[1]
    if atom not in signs:
        raise Open(atom)
    return -signs[atom] if turned else signs[atom]


def _unknown() -> int:
    raise ValueError


def unsigned(whole: Any, signs: Signs) -> Any:
    """An expression without sympy's own absolute values and signs of real arguments."""
    for one in sorted(whole.atoms(sympy.Abs, sympy.sign), key=sympy.default_sort_key):
        if one.args[0].is_extended_real:
            s = sign_of(one.args[0], signs)
            whole = whole.subs(one, s * one.args[0] if isinstance(one, sympy.Abs) else s)
    return whole


def built(expression: Expression, signs: Signs, names: Mapping[str, Any] | None = None) -> Any:
    """The smooth sympy expression that *expression* is in this case. names: what its names stand for, if not for symbols."""
    found: list[Any] = []
    for node in expression.nodes:
        arguments = [found[i] for i in node.args]
        rule, same = _PIECES.get(node.op), _SAME.get(node.op)
        if rule is not None:
            found.append(rule(arguments, signs))
        elif node.op == "name" and names is not None:
            found.append(names[node.text])
        elif is_composite(node.op):
            found.append(_meant(node.op, arguments, signs))
        elif same is not None:
            found.append(same(*arguments))
        elif node.op in COMPARISONS:
            order = sign_of(arguments[0] - arguments[1], signs)
            found.append(sympy.true if _HOLDS[node.op](order) else sympy.false)
        else:
            found.append(_plain(node, arguments))
    return found[-1]


def _meant(function: str, arguments: Sequence[Any], signs: Signs) -> Any:
    """What a function means by others."""
    filled = [*arguments, *(built(one, signs) for one in defaults(function, len(arguments)))]
    names, _, whole = meaning(function, len(filled))
    return built(whole, signs, dict(zip(names, filled, strict=True)))


def _plain(node: Node, arguments: Sequence[Any]) -> Any:
    names = [f"a{i}" for i in range(len(arguments))]
    leaves = [Node("name", (), name, node.span) for name in names]
    whole = node._replace(args=tuple(range(len(arguments))))
    if node.op == "name":
        return symbol(node.text)
    return to_sympy(Expression("", (*leaves, whole), tuple(names)), dict(zip(names, arguments, strict=True)))


def _whole_part(u: Any) -> Any:
    """The largest integer not above u: a constant of the piece, one and the same wherever it occurs."""
    u = sympy.expand(u)
    return sympy.floor(u) if u.is_number else sympy.Symbol(f"floor({sympy.srepr(u)})", integer=True)


def _chosen(arguments: Sequence[Any], signs: Signs) -> Any:
    for condition, value in zip(arguments[:-1:2], arguments[1::2], strict=True):
        if condition == sympy.true:
            return value
    return arguments[-1]


def _extreme(arguments: Sequence[Any], signs: Signs, way: int) -> Any:
    best = arguments[0]
    for other in arguments[1:]:
        best = best if sign_of(best - other, signs) * way >= 0 else other
    return best


def _above(arguments: Sequence[Any], signs: Signs, below: Callable[[Any], Any]) -> Any:
    return arguments[0] if sign_of(arguments[0], signs) > 0 else below(arguments[0])


_HOLDS: dict[str, Callable[[int], bool]] = {
    "<": lambda s: s < 0, "<=": lambda s: s <= 0, ">": lambda s: s > 0, ">=": lambda s: s >= 0,
    "==": lambda s: s == 0, "!=": lambda s: s != 0,
}  # fmt: skip

_PIECES: dict[str, Callable[[Sequence[Any], Signs], Any]] = {
    "where": _chosen, "piecewise": _chosen,
    "and": lambda args, _: sympy.And(*args), "or": lambda args, _: sympy.Or(*args),
    "abs": lambda args, signs: sign_of(args[0], signs) * args[0],
    "sign": lambda args, signs: sympy.Integer(sign_of(args[0], signs)),
    "heaviside": lambda args, signs: sympy.Rational(sign_of(args[0], signs) + 1, 2),
    "max": lambda args, signs: _extreme(args, signs, 1), "min": lambda args, signs: _extreme(args, signs, -1),
    "clip": lambda args, signs: _extreme([_extreme(args[:2], signs, 1), args[2]], signs, -1),
    "relu": lambda args, signs: _above(args, signs, lambda _: sympy.Integer(0)),
    "leaky_relu": lambda args, signs: _above(args, signs, lambda x: x * (args[1] if len(args) > 1 else sympy.Rational(1, 100))),
    "elu": lambda args, signs: _above(args, signs, lambda x: (sympy.exp(x) - 1) * (args[1] if len(args) > 1 else 1)),
    "floor": lambda args, _: _whole_part(args[0]), "ceil": lambda args, _: -_whole_part(-args[0]),
    "mod": lambda args, _: args[0] - args[1] * _whole_part(args[0] / args[1]),
}  # fmt: skip

#: Functions that sympy has under no name of its own.
_SAME: dict[str, Callable[..., Any]] = {
    "sigmoid": lambda x: 1 / (1 + sympy.exp(-x)), "softplus": lambda x: sympy.log(1 + sympy.exp(x)),
    "expm1": lambda x: sympy.exp(x) - 1, "log1p": lambda x: sympy.log(1 + x), "hypot": lambda x, y: sympy.sqrt(x**2 + y**2),
    "log10": lambda x: sympy.log(x) / sympy.log(10), "log2": lambda x: sympy.log(x) / sympy.log(2),
}  # fmt: skip
