"""Is a claim the partial, by sympy? Proved for every piece by itself, or not at all.

What decides between pieces (comparisons, absolute values, ties, whole parts) is answered before sympy sees anything:
each quantity whose sign decides is an atom, positive or negative in one case and 0 in another, and every combination
is a case of its own, in which expression and claim are smooth. Where a case cannot come true nothing is lost but a
proof. A whole part is a constant of its piece.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

import sympy

from gradcli.calculus.effort.time_budget import GIVING_UP, OutOfTime, seconds
from gradcli.calculus.symbolic.to_sympy import symbol, to_sympy
from gradcli.language.parser import parse
from gradcli.language.parser.composite_functions import defaults, is_composite, meaning
from gradcli.language.tree import COMPARISONS, Expression, Node

#: The largest expressions, most cases and largest differences that are tried, and those that are simplified in full.
MOST_NODES, MOST_CASES, MOST_OPERATIONS, SIMPLIFIED = 200, 100, 600, 120

#: Seconds after which a proof is not decided: more than ten times what the largest of these sizes took.
PATIENCE = 60.0

#: Sizes of the points at which an atom must not be 0, and what counts as 0 there.
_SCALES, _NOTHING = (0.5, 0.5, 1, 1, 2, 3, 5, 10, 30, 100, 1000), 1e-20

Signs = Mapping[Any, int]


class Open(Exception):
    """The sign of *atom* is needed to go on."""

    def __init__(self, atom: Any) -> None:
        super().__init__()
        self.atom = atom


class TooMany(ValueError):
    """More cases than are tried."""


def proved(expression: Expression, variable: str, claim: str) -> bool | None:
    """Whether ∂*expression*/∂*variable* is shown to be *claim* wherever there is one; None: stopped by the clock."""
    claimed = parse(claim, expression.variables)
    if expression.size + claimed.size > MOST_NODES:
        return False
    try:
        with seconds(PATIENCE):
            return _Proof(expression, claimed, variable).holds()
    except OutOfTime:
        return None
    except GIVING_UP:
        return False


class _Proof:
    """One question; the cases that were looked at are counted."""

    def __init__(self, expression: Expression, claimed: Expression, variable: str) -> None:
        self.expression, self.claimed, self.variable = expression, claimed, symbol(variable)
        self.cases = 0

    def holds(self, signs: Signs | None = None) -> bool:
        """Whether the claim holds in every case that *signs* leaves open."""
        signs = signs or {}
        if not possible(signs):
            return True
        try:
            return self._case(signs)
        except Open as opened:
            return all(self.holds({**signs, opened.atom: s}) for s in (1, -1, 0))

    def _case(self, signs: Signs) -> bool:
        self.cases += 1
        if self.cases > MOST_CASES:
            raise TooMany
        claim = self._claim(signs)
        zeros = [atom for atom, s in signs.items() if s == 0]
        seams = [atom for atom in zeros if not all(name.is_integer for name in atom.free_symbols)]
        if seams and not self._on_seam(signs, seams, claim):
            return False
        wide = not seams or any(may_rest(atom) for atom in zeros)
        return not wide or vanishes(self._slope(signs) - claim)

    def _claim(self, signs: Signs) -> Any:
        return unsigned(built(self.claimed, signs), signs)

    def _slope(self, signs: Signs) -> Any:
        return unsigned(built(self.expression, signs).diff(self.variable), signs)

    def _on_seam(self, signs: Signs, zeros: Sequence[Any], claim: Any) -> bool:
        """Where f has a derivative on a seam it is what its slopes beside the seam come to, and their mean as well."""
        beside = [
            {**signs, **dict(zip(zeros, way, strict=True))} for way in product((1, -1), repeat=len(zeros))
        ]
        claims = [self._claim(one) for one in beside]
        mean = sympy.Add(*claims) / len(claims)
        if any(vanishes(claim - one) for one in (*claims, mean)):
            return True
        slopes = [self._slope(one) for one in beside]
        step = sympy.expand(slopes[0] - slopes[-1])
        return len(zeros) == 1 and bool(step.is_number and step.is_nonzero)


def possible(signs: Signs) -> bool:
    """Whether there may be a point with these signs; seen for what is linear in one and the same variable."""
    lows: dict[Any, list[Any]] = {}
    highs: dict[Any, list[Any]] = {}
    for atom, s in signs.items():
        free = list(atom.free_symbols)
        if s == 0 or len(free) != 1 or not atom.is_polynomial(free[0]) or sympy.degree(atom, free[0]) != 1:
            continue
        slope = atom.diff(free[0])
        end = sympy.expand(free[0] - atom / slope)
        side = lows if (slope > 0) == (s > 0) else highs
        side.setdefault(free[0], []).append(end)
    return not any(low >= high for x, ends in lows.items() for low in ends for high in highs.get(x, ()))


def may_rest(atom: Any) -> bool:
    """Whether an atom may be 0 on more than a seam: one of whole parts, or one that is seen to be 0 somewhere."""
    names = sorted(atom.free_symbols, key=str)
    if any(name.is_integer for name in names):
        return True
    source = random.Random(len(names))  # noqa: S311  (nothing secret: the same points every time)
    for scale in _SCALES:
        at = {name: sympy.Rational(round(source.uniform(-scale, scale) * 4096), 4096) for name in names}
        number = atom.subs(at).evalf(30)
        if number.is_number and abs(number) < _NOTHING:
            return True
    return False


def vanishes(gap: Any) -> bool:
    """Whether sympy shows that an expression is 0."""
    if gap == 0:
        return True
    if gap.count_ops() > MOST_OPERATIONS:
        return False
    gap = sympy.expand(gap)
    return bool(gap == 0 or (gap.count_ops() <= SIMPLIFIED and sympy.simplify(gap) == 0))


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
