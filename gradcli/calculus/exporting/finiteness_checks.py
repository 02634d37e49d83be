"""Numbers that are not finite on the way → NaN for all that depends on them.

An infinite number goes on as it is through sums, products and most functions, and NaN through nearly all; where it
would come out finite again (1/inf, exp(-inf), atan, a comparison), it is looked at first. What is surely finite needs
no look.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from gradcli.calculus.exporting.graph_building import Building
from gradcli.calculus.exporting.reserved_words import words
from gradcli.calculus.graph.expression_graph import Graph

#: Operations of finite numbers that are finite.
_BOUNDED = words(
    "neg abs sign floor ceil sin cos atan tanh sech asinh erf erfc cbrt min max heaviside sigmoid"
)

#: Operations out of which nothing finite comes where something infinite or NaN went in.
_OPEN = words(
    """neg add sub mul square sqrt log log10 log2 log1p abs cbrt hypot sinh cosh tan sin cos asin acos acosh asinh atanh
    floor ceil sec csc cot gamma lgamma"""
)

#: Operations that make NaN of NaN in every language; what others make of it is not trusted.
_ELEMENTARY = _BOUNDED | _OPEN | {"div", "pow", "exp", "expm1", "mod", "atan2"}

_COMPARISONS = ("lt", "le", "eq", "ne")


def watched(build: Building, value: int, partials: Mapping[str, int]) -> tuple[Graph, int, dict[str, int]]:
    """The graph with looks at what may not be finite; the nodes of the value and of the partials in it.

    The value is NaN where it is not finite, and so are all partials then.
    """
    watch = _Watch(build, [value, *partials.values()])
    found = watch.nodes[value]
    return (
        watch.graph,
        watch.settled(found),
        {name: watch.beside(found, watch.nodes[p]) for name, p in partials.items()},
    )


class _Watch:
    """The new graph. sure: its finite nodes. unsure: the nodes by which a condition may be decided wrongly."""

    def __init__(self, build: Building, roots: list[int]) -> None:
        self.old, self.graph, self.careful = build.graph, Graph(), build.language.careful
        self.careless = build.careless
        self.sure: set[int] = set()
        self.unsure: dict[int, tuple[int, ...]] = {}
        self.nodes: dict[int, int] = {}
        self.nan = self.graph.node("constant", text="nan")
        for node in sorted(_below(build.graph, roots)):
            self.nodes[node] = self._node(node, build.known.get(node))

    def settled(self, node: int) -> int:
        """The number, or NaN where it is not finite."""
        return node if node in self.sure else self.graph.node("settle", node)

    def beside(self, value: int, partial: int) -> int:
        """The partial, or NaN where it or the value is not finite."""
        unsure = tuple(dict.fromkeys(node for node in (value, partial) if node not in self.sure))
        if unsure == (partial,):
            return self.settled(partial)
        return self._choice(unsure, partial)

    def _node(self, node: int, known: float | None) -> int:
        op = self.old.ops[node]
        if op in ("name", "constant"):
            new = self.graph.node(op, text=self.old.texts[node])
            if known is None or math.isfinite(known):
                self.sure.add(new)
            return new
        args = tuple(self.nodes[arg] for arg in self.old.args[node])
        if op in _COMPARISONS or op in ("and", "or"):
            return self._condition(op, args, () if node in self.careless else args)
        if op == "select":
            return self._select(*args)
        if op not in _ELEMENTARY:
            return self._choice(
                tuple(arg for arg in args if arg not in self.sure), self.graph.node(op, *args)
            )
        new = self.graph.node(op, *(self._looked(op, place, args) for place in range(len(args))))
        if op in _BOUNDED and all(arg in self.sure for arg in args):
            self.sure.add(new)
        return new

    def _looked(self, op: str, place: int, args: tuple[int, ...]) -> int:
        """An argument, looked at where the operation would make something finite of it."""
        passes = op in _OPEN or op in self.careful or (op == "div" and place == 0)
        if op == "pow" and place == 0:
            passes = passes or ((number := _positive(self.graph, args[1])) is not None and number > 0)
        return args[place] if passes else self.settled(args[place])

    def _condition(self, op: str, args: tuple[int, ...], looked: tuple[int, ...]) -> int:
        new = self.graph.node(op, *args)
        if op in _COMPARISONS:
            self.unsure[new] = tuple(arg for arg in looked if arg not in self.sure)
        else:
            self.unsure[new] = tuple(node for arg in args for node in self.unsure.get(arg, ()))
        return new

    def _select(self, condition: int, a: int, b: int) -> int:
        chosen = self.graph.node("select", condition, a, b)
        unsure = tuple(dict.fromkeys(self.unsure.get(condition, ())))
        if not unsure and a in self.sure and b in self.sure:
            self.sure.add(chosen)
        return self._choice(unsure, chosen)

    def _choice(self, unsure: tuple[int, ...], node: int) -> int:
        """The node, or NaN where one of *unsure* is not finite."""
        if not unsure:
            return node
        known = self.graph.node("finite", unsure[0])
        for other in unsure[1:]:
            known = self.graph.node("and", known, self.graph.node("finite", other))
        return self.graph.node("select", known, node, self.nan)


def _positive(graph: Graph, node: int) -> float | None:
    return float(graph.texts[node]) if graph.ops[node] == "constant" else None


def _below(graph: Graph, roots: list[int]) -> set[int]:
    found, waiting = set(roots), list(roots)
    while waiting:
        for argument in graph.args[waiting.pop()]:
            if argument not in found:
                found.add(argument)
                waiting.append(argument)
    return found
