"""The graph of a function in one language's own instructions: what it lacks is built from what it has."""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping
from functools import cache

from gradcli.calculus.backends import float_backend
from gradcli.calculus.backends.float_backend import float_operation
from gradcli.calculus.exporting.held_steps import HELD
from gradcli.calculus.exporting.meanings.composed_special import COMPOSED_ORDERS
from gradcli.calculus.exporting.meanings.instruction_meanings import CAREFUL, MEANINGS
from gradcli.calculus.exporting.meanings.polynomial_orders import MOST_STEPS, STEPS
from gradcli.calculus.exporting.target_language import Language
from gradcli.calculus.graph.expression_graph import Graph
from gradcli.language.parser import parse
from gradcli.language.tree import Expression

_COMPARE = {"lt": operator.lt, "le": operator.le, "eq": operator.eq, "ne": operator.ne}


class Lacking(ValueError):
    """The language has no word for an instruction: the first argument is its name."""


class Building:
    """A graph that grows: operations with known results are folded, others are what the language calls them.

    known: the numbers of nodes that depend on constants alone. careless: conditions that may be decided by numbers
    that are not finite.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self.graph = Graph()
        self.known: dict[int, float] = {}
        self.careless: set[int] = set()
        self.applied: dict[tuple[str, tuple[int, ...]], int] = {}
        self.nan = self.number(math.nan)

    def number(self, number: float) -> int:
        """The node of a number."""
        node = self.graph.node("constant", text=repr(number))
        self.known[node] = number
        return node

    def apply(self, op: str, *args: int) -> int:
        """The node of an operation. Raises Lacking where the language can neither say nor compose it."""
        found = self.applied.get((op, args))
        if found is None:
            found = self.applied[op, args] = self._applied(op, *args)
        return found

    def _applied(self, op: str, *args: int) -> int:
        if op in HELD:
            return self.stated(HELD[op], *args)
        if op in ("select", "and", "or"):
            if (chosen := self._chosen(op, args)) is not None:
                return chosen
        elif op != "polygamma" and all(arg in self.known for arg in args):
            # A difference of two of those must be 0 where they are the same, so all are worked out in one way.
            return self._folded(op, args)
        if op in self.language.refused:
            raise Lacking(op)
        if op in STEPS and (order := self.known.get(args[0])) in range(-1, MOST_STEPS + 1):
            return self._polynomial(op, int(order or 0), args[1:])
        if op == "polygamma" and not (op in self.language.operations and not self.language.orders):
            return self._polygamma(*args)
        if op in self.language.operations:
            careful = self.language.meanings.get(op) or CAREFUL.get(op)
            return self.stated(careful, *args, own=op) if careful else self.graph.node(op, *args)
        lacking = Lacking(op)
        for form in MEANINGS.get(op, ()):
            try:
                return self.stated(form, *args)
            except Lacking as error:
                lacking = error
        raise lacking

    def stated(self, text: str, *args: int, own: str = "") -> int:
        """The node of a text in x, y, z and w. own: the operation that is the language's own word in it."""
        return self.included(_parsed(text), dict(zip("xyzw", args, strict=False)), own)

    def included(self, expression: Expression, names: Mapping[str, int], own: str = "") -> int:
        """The node of an expression in *names*. own: as for `stated`."""
        inner, root = _graph(expression)
        nodes: dict[int, int] = {}
        for node in range(root + 1):
            kind, word = inner.ops[node], inner.texts[node]
            places = tuple(nodes[a] for a in inner.args[node])
            if kind == "name":
                nodes[node] = self.nan if word == "nan" else names[word]
            elif kind in ("number", "constant"):
                nodes[node] = self.number(float_backend.constant(word))
            else:
                nodes[node] = self.graph.node(kind, *places) if kind == own else self.apply(kind, *places)
        return nodes[root]

    def _polynomial(self, op: str, order: int, args: tuple[int, ...]) -> int:
        """A polynomial by the steps up to its order; that of the order -1 is 0.

        What does not depend on its argument has no value all the same where that has none.
        """
        if order < 1:
            return self.stated("1+0*x" if order == 0 else "0*x", args[-1])
        before, here = self.number(0.0), self.number(1.0 if order >= 0 else 0.0)
        for k in range(order):
            grown, kept, divisor = STEPS[op](k)
            found = self.stated("x*y", self.stated(grown, *args), here)
            if k:
                found = self.stated("x-y*z", found, self.stated(kept, *args), before)
            before, here = here, found if divisor == "1" else self.stated(f"x/{divisor}", found)
        return here

    def _polygamma(self, order: int, x: int) -> int:
        """polygamma of one order, where the language has it for positive arguments alone, or not at all."""
        number = self.known.get(order)
        own = self.language.orders.get(int(number)) if number is not None and number.is_integer() else None
        if own is not None:
            return self.stated(own, order, x, own="polygamma")
        if number not in COMPOSED_ORDERS:
            raise Lacking(f"polygamma of order {'n' if number is None else f'{number:g}'}")
        return self.stated(COMPOSED_ORDERS[int(number or 0)], order, x)

    def _folded(self, op: str, args: tuple[int, ...]) -> int:
        numbers = [self.known[arg] for arg in args]
        if op in _COMPARE:
            return self.number(float(_COMPARE[op](*numbers)))
        found = float_backend.quiet(float_operation(op))(*numbers)
        return self.number(found if math.isfinite(found) else math.nan)

    def _chosen(self, op: str, args: tuple[int, ...]) -> int | None:
        """What a condition that is settled by constants chooses; None where it is not."""
        for place, arg in enumerate(args[: 1 if op == "select" else 2]):
            if arg in self.known:
                holds = self.known[arg] != 0
                if op == "select":
                    return args[1] if holds else args[2]
                return args[1 - place] if holds == (op == "and") else arg
        return None


@cache
def _graph(expression: Expression) -> tuple[Graph, int]:
    """The graph of what a table says, and the node of the whole."""
    graph = Graph()
    return graph, graph.include(expression)


@cache
def _parsed(text: str) -> Expression:
    return parse(text, ("x", "y", "z", "w", "nan"))
