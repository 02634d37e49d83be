"""Nodes of adjoints → scale and rest: a sign and a power of two apart from what they are multiplied with.

Such a scale changes no digit of a float, wherever in a product it stands.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

from gradcli.calculus.graph.expression_graph import Graph
from gradcli.language.records import NamedTuple

#: A scale, plus or minus a power of two, and the place of a rest.
Form = tuple[float, int]

#: Scales between which a literal of SHORT digits times the scale is a decimal of at most 15, and so is what it says.
SMALLEST, LARGEST, SHORT = 2.0**-8, 2.0**20, 7

#: Literals that are scales.
_POWERS = {**{str(2**k): 2.0**k for k in range(17)}, "0.5": 0.5, "0.25": 0.25, "0.125": 0.125}


#: Operations that always have a number.
_TOTAL = frozenset(
    ("add", "mul", "square", "exp", "sin", "cos", "sinh", "cosh", "tanh", "sech", "atan", "asinh", "erf", "erfc", "sigmoid",
     "abs", "constant", "name", "number")
)  # fmt: skip


class Rest(NamedTuple):
    """A node without its scale: its operation, operands with the scales they have in it, and a node that it comes from.

    op: that of the graph; `kept` for a node of the value and `number` for a literal, whose text is in *text*. loose: whether
    a literal below it can take up a scale in front of it. fails: whether it may have no number where the value has one.
    """

    op: str
    forms: tuple[Form, ...]
    text: str
    node: int
    loose: bool
    fails: bool


_record = Rest._make

#: Operations whose scale is that of two operands.
_BINARY = frozenset(("add", "sub", "mul", "div"))


class Reading:
    """What was read: the rests, each once, and the form of each node. kept: the nodes that the value needs."""

    def __init__(self, graph: Graph, kept: Collection[int]) -> None:
        self.graph = graph
        self._ops, self._args = graph.ops, graph.args
        self._never_zero = {
            graph.args[node][-1] for node in kept if graph.ops[node] in ("div", "log")
        }  # where they are, the value has none
        self.rests: list[Rest] = []
        self.forms: dict[int, Form] = {}
        self._known: dict[object, int] = {}
        self._one = -1  # the place of 1, once it was read

    def form(self, node: int) -> Form:
        """The scale and the rest of a node that was read, or that the value needs."""
        known = self.forms.get(node)
        if known is None:
            known = self.forms[node] = self._form(node)
        return known

    def _form(self, node: int) -> Form:
        """Those of a literal, or of a node that the value needs."""
        literal = self.graph.literal(node)
        if literal is None:
            return 1.0, self._added(("kept", node), ("kept", (), "", node, False, False))
        scale = _POWERS.get(literal)
        return (1.0, self._number(literal, node)) if scale is None else (scale, self._number("1", node))

    def read(self, node: int) -> Form:
        """The scale and the rest of a node of which all arguments were read."""
        op, args, forms = self._ops[node], self._args[node], self.forms
        if op in _BINARY:
            a, b = args
            one, other = forms.get(a) or self.form(a), forms.get(b) or self.form(b)
            if op in ("mul", "div"):
                return self._product(op, one, other, node)
            return self._sum(one, other if op == "add" else (-other[0], other[1]), node)
        if op == "number":
            return self.form(node)
        parts = tuple([forms.get(argument) or self.form(argument) for argument in args])
        if op == "neg":
            return -parts[0][0], parts[0][1]
        if op == "square":
            return self._bounded(parts[0][0] ** 2, parts, node)
        return 1.0, self._rest(op, parts, node)

    def _product(self, op: str, first: Form, second: Form, node: int) -> Form:
        """A product or a quotient with the scales of both in front; 1 is no factor."""
        (one, a), (other, b) = first, second
        scale = one * other if op == "mul" else one / other
        if b == self._one:
            return scale, a
        if a == self._one and op == "mul":
            return scale, b
        parts = (first, second)
        return (1.0, self._rest(op, parts, node)) if one == other == 1 else self._bounded(scale, parts, node)

    def _bounded(self, scale: float, parts: tuple[Form, ...], node: int) -> Form:
        """The operation on rests with a scale in front; with those of its operands where that would be too large."""
        op = self.graph.ops[node]
        if not SMALLEST <= abs(scale) <= LARGEST:
            return 1.0, self._rest(op, parts, node)
        return scale, self._rest(op, tuple([(1.0, rest) for _, rest in parts]), node)

    def _sum(self, a: Form, b: Form, node: int) -> Form:
        """A sum with the scale of the part that has none, or that cannot take one up."""
        (one, first), (other, second) = a, b
        if one == other == 1:
            return 1.0, self._rest("add", (a, b), node)
        left, right = self.rests[first], self.rests[second]
        whole = one if (abs(one) != 1, left.loose) <= (abs(other) != 1, right.loose) else other
        if one * other < 0:
            whole = math.copysign(whole, one) if left.fails and right.fails else abs(whole)
        return whole, self._rest("add", ((one / whole, first), (other / whole, second)), node)

    def _number(self, text: str, node: int) -> int:
        loose = text == "1" or (text.isdigit() and len(text) <= SHORT)
        place = self._added(("number", text), ("number", (), text, node, loose, False))
        if text == "1":
            self._one = place
        return place

    def _rest(self, op: str, forms: tuple[Form, ...], node: int) -> int:
        """The rest, new or known; it is loose where a scale in front of it can be taken up below."""
        rests, key = self.rests, (op, forms, self.graph.texts[node])
        fresh = len(rests)
        place = self._known.setdefault(key, fresh)
        if place < fresh:
            return place
        if op in _BINARY:
            (one, a), (other, b) = forms
            _, _, _, _, first, fails = rests[a]
            _, _, _, _, second, fail = rests[b]
            loose = first and second if op == "add" else one == other == 1 and (first or second)
            fails = fails or fail
        else:
            loose, fails = False, any(rests[rest].fails for _, rest in forms)
        fails = fails or (op not in _TOTAL and self._may_fail(op, node))
        rests.append(_record((op, forms, "", node, loose, fails)))
        return place

    def _may_fail(self, op: str, node: int) -> bool:
        """Whether an operation may have no number; a divisor of the value's is not 0 where that has one."""
        return not (op == "div" and self.graph.args[node][1] in self._never_zero)

    def _added(self, key: object, fields: tuple[Any, ...]) -> int:
        """The place of the rest of that key, new or known."""
        fresh = len(self.rests)
        place = self._known.setdefault(key, fresh)
        if place == fresh:
            self.rests.append(_record(fields))
        return place
