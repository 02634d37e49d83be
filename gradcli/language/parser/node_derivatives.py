"""The derivative of a tree along one of its leaves, as a tree of the same language: `diff(e, x)`.

It is the derivative where there is one: at a corner or a jump it divides by zero, and so has no value there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from gradcli.language.errors import DomainProblem
from gradcli.language.function_table import FUNCTIONS, SHORT_CALLS
from gradcli.language.meaning_texts import default_texts, is_composite, meaning_text
from gradcli.language.parser.generator_stack import Steps
from gradcli.language.parser.node_store import NodeStore, below
from gradcli.language.tree import COMPARISONS, Node, Span

#: Functions with corners or jumps -> their slopes, which have no value there.
_CORNERED: dict[str, tuple[str, ...]] = {
    "abs": ("x/abs(x)",),
    "sign": ("0/x",),
    "heaviside": ("0/x",),
    "floor": ("0/(x-floor(x))",),
    "ceil": ("0/(x-ceil(x))",),
    "mod": ("1+0/(x/y-floor(x/y))", "-floor(x/y)+0/(x/y-floor(x/y))"),
    "relu": ("where(x>0,1,0/x)",),
    "leaky_relu": ("where(x>0,1,slope+0/x)", "min(x,0)"),
    "elu": ("where(x>0,1,alpha*exp(x)+0/x)", "expm1(min(x,0))"),
    "stop_gradient": ("0",),
    "trunc": ("0/(x-trunc(x))",),
    "round": ("0/(x+0.5-floor(x+0.5))",),
    "fmod": ("1+0/(x/y-floor(x/y))", "-trunc(x/y)+0/(x/y-floor(x/y))"),
    "max": ("where(x>y,1,0/(x-y))", "where(y>x,1,0/(y-x))"),
    "min": ("where(x<y,1,0/(x-y))", "where(y<x,1,0/(y-x))"),
}

#: Products of more factors than this are differentiated by running products.
_FEW = 4


class Nodes(Protocol):
    """The nodes of a text, to which those of the table's own texts can be added."""

    text: str
    store: NodeStore

    def own(self, text: str, names: Sequence[str], args: Sequence[int], span: Span) -> Steps:
        """A text of the table of functions, its *names* standing for the nodes *args*."""
        ...


class Differentiation:
    """Derivatives along one leaf of the nodes of *expansion*; span: the characters of the call of `diff`."""

    def __init__(self, expansion: Nodes, leaf: int, span: Span) -> None:
        self.expansion, self.store, self.leaf, self.span = expansion, expansion.store, leaf, span
        self.slopes: dict[int, int | None] = {}

    def along(self, root: int) -> Steps:
        """The derivative of *root*. Raises DomainProblem where none is known."""
        for place in sorted(below(self.store.nodes, [root])):
            yield self._one(place)
        found = self.slopes[root]
        return self._number(0) if found is None else found

    def _one(self, place: int) -> Steps:
        node = self.store.nodes[place]
        slopes = [self.slopes[a] for a in node.args]
        found: int | None
        if place == self.leaf:
            found = self._number(1)
        elif all(slope is None for slope in slopes) or node.op in (*COMPARISONS, "and", "or"):
            found = None if all(slope is None for slope in slopes) else place  # a condition that varies
        elif node.op in ("where", "piecewise"):
            found = self._pieces(node, slopes)
        elif node.op in _RULES:
            found = getattr(self, _RULES[node.op])(place, node, slopes)
        elif node.op in ("min", "max"):
            found = yield self._chain(node)
        else:
            found = yield self._function(place, node, slopes)
        self.slopes[place] = found
        return place

    def _number(self, value: int) -> int:
        return self.store.number(value, self.span)

    def _node(self, op: str, *args: int) -> int:
        return self.store.add(op, args, "", self.span)

    def _literal(self, place: int) -> str | None:
        node = self.store.nodes[place]
        return node.text if node.op == "number" else None

    def _times(self, a: int, b: int) -> int:
        if "0" in (self._literal(a), self._literal(b)):
            return self._number(0)
        if self._literal(a) == "1":
            return b
        return a if self._literal(b) == "1" else self._node("*", a, b)

    def _plus(self, terms: Sequence[int]) -> int | None:
        kept = [term for term in terms if self._literal(term) != "0"]
        if not kept:
            return self._number(0) if terms else None
        return kept[0] if len(kept) == 1 else self._node("+", *kept)

    def _negated(self, place: int, node: Node, slopes: Sequence[int | None]) -> int | None:
        return None if slopes[0] is None else self._node("neg", slopes[0])

    def _sum(self, place: int, node: Node, slopes: Sequence[int | None]) -> int | None:
        return self._plus([slope for slope in slopes if slope is not None])

    def _product(self, place: int, node: Node, slopes: Sequence[int | None]) -> int | None:
        args = node.args
        if len(args) <= _FEW:
            others = [[b for j, b in enumerate(args) if j != i] for i in range(len(args))]
            rest = [o[0] if len(o) == 1 else self._node("*", *o) for o in others]
        else:
            before, after = self._running(args), self._running(args[::-1])[::-1]
            rest = [self._times(b, a) for b, a in zip(before, after, strict=True)]
        return self._plus([self._times(s, r) for s, r in zip(slopes, rest, strict=True) if s is not None])

    def _running(self, args: Sequence[int]) -> list[int]:
        """The product of all factors before each."""
        found = [self._number(1)]
        for factor in args[:-1]:
            found.append(self._times(found[-1], factor))
        return found

    def _quotient(self, place: int, node: Node, slopes: Sequence[int | None]) -> int | None:
        _, below_ = node.args
        terms = [] if slopes[0] is None else [self._node("/", slopes[0], below_)]
        if slopes[1] is not None:
            terms.append(self._node("neg", self._node("/", self._times(place, slopes[1]), below_)))
        return self._plus(terms)

    def _power(self, place: int, node: Node, slopes: Sequence[int | None]) -> int | None:
        base, exponent = node.args
        terms = []
        if slopes[0] is not None:
            literal = self._literal(exponent)
            if literal is not None and literal.isdigit() and len(literal) < 10:
                less = int(literal) - 1
                lower = (
                    base
                    if less == 1
                    else self._number(1)
                    if less == 0
                    else self._node("**", base, self._number(less))
                )
                lower = self._number(0) if less < 0 else lower
            else:
                lower = self._node("**", base, self._node("+", exponent, self._number(-1)))
            terms.append(self._times(slopes[0], self._times(exponent, lower)))
        if slopes[1] is not None:
            terms.append(self._times(slopes[1], self._times(place, self._node("log", base))))
        return self._plus(terms)

    def _pieces(self, node: Node, slopes: Sequence[int | None]) -> int:
        """The slopes of the pieces; at a seam that moves along the leaf a quotient by zero."""
        zero, args = self._number(0), list(node.args)
        for index, slope in enumerate(slopes):
            if index % 2 or index == len(args) - 1:
                args[index] = zero if slope is None else slope
        seams = []
        for place in sorted(below(self.store.nodes, node.args[:-1:2])):
            inner = self.store.nodes[place]
            if inner.op in COMPARISONS and self.slopes.get(place) is not None:
                left, right = inner.args
                gap = self._node("+", left, self._node("neg", right))
                seams.append(self._node("/", zero, gap))
        return self._node("+", self._node(node.op, *args), *seams) if seams else self._node(node.op, *args)

    def _chain(self, node: Node) -> Steps:
        """min and max of many as one of two at a time."""
        total = node.args[0]
        slope = self.slopes[total]
        for argument in node.args[1:]:
            pair = self._node(node.op, total, argument)
            terms = []
            for index, inner in enumerate((slope, self.slopes[argument])):
                if inner is not None:
                    rule = yield self.expansion.own(
                        _CORNERED[node.op][index], ("x", "y"), (total, argument), self.span
                    )
                    terms.append(self._times(inner, rule))
            slope, total = self._plus(terms), pair
        return self._number(0) if slope is None else slope

    def _function(self, place: int, node: Node, slopes: Sequence[int | None]) -> Steps:
        row, args = FUNCTIONS[node.op], list(node.args)
        names, texts = row.names, _CORNERED.get(node.op, row.slopes)
        for text in default_texts(node.op, len(args)):
            args.append((yield self.expansion.own(text, (), (), self.span)))
            slopes = [*slopes, None]
        if is_composite(node.op) or (node.op == "log" and len(args) == 2):
            meaning = "log(x)/log(base)"
            if is_composite(node.op):
                names, meaning = meaning_text(node.op, len(args))
            root = yield self.expansion.own(meaning, names, args, self.span)
            for inner in sorted(below(self.store.nodes, [root])):
                if inner not in self.slopes:
                    yield self._one(inner)
            found = self.slopes[root]
            return self._number(0) if found is None else found
        if node.op in SHORT_CALLS and len(args) == 1:
            names, texts = SHORT_CALLS[node.op]
        names = names[: len(args)]
        terms = []
        for index, slope in enumerate(slopes):
            if slope is not None:
                if index >= len(texts) or not texts[index]:
                    raise self._unknown(node, names[index])
                rule = yield self.expansion.own(texts[index], names, args, self.span)
                terms.append(self._times(slope, rule))
        total = self._plus(terms)
        return self._number(0) if total is None else total

    def _unknown(self, node: Node, name: str) -> DomainProblem:
        message = f"diff: no derivative of {node.op} along {name} is known"
        return DomainProblem(message, text=self.expansion.text, span=self.span)


_RULES = {"neg": "_negated", "+": "_sum", "*": "_product", "/": "_quotient", "**": "_power"}
