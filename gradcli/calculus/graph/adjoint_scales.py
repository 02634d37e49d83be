"""Adjoints in fewer instructions: signs and powers of two stand where they cost nothing.

They are read as scale times rest (`scaled_rests`). Then, from the results back to the value, each rest takes the scale that
most of its users want of it, and hands it on to where a literal or a difference below takes it up: 1/(2*r) is 0.5/r, three
products with 2*r are products with one 2*r, and -(a - b) is b - a. What the value needs stays as it was typed, and what is
calculated stays the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.calculus.graph.expression_graph import Graph, in_primitives
from gradcli.calculus.graph.program_layout import reached
from gradcli.calculus.graph.reverse_sweep import Sweep
from gradcli.calculus.graph.scaled_rests import LARGEST, SMALLEST, Form, Reading, Rest


def shortened(sweep: Sweep) -> Sweep:
    """The same sweep with its adjoints laid out in fewer instructions, in a graph of its own."""
    needed = reached(sweep.graph, [sweep.value, *sweep.adjoints.values()])
    graph, places = in_primitives(sweep.graph, needed)
    value, found = places[sweep.value], {name: places[node] for name, node in sweep.adjoints.items()}
    kept = reached(graph, [value])
    reading = Reading(graph, kept)
    of_the_value, forms, read = set(kept), reading.forms, reading.read
    for node in needed if graph is sweep.graph else reached(graph, [value, *found.values()]):
        if node not in of_the_value:
            forms[node] = read(node)
    outputs = {name: reading.form(node) for name, node in found.items()}
    writing = _Writing(graph, kept, reading.rests, list(outputs.values()))
    adjoints = {name: writing.use(rest, scale) for name, (scale, rest) in outputs.items()}
    return Sweep(writing.made, value, adjoints, sweep.unknown)


class _Writing:
    """Rests with the scales that are wanted of them → nodes of a new graph."""

    def __init__(self, graph: Graph, kept: Sequence[int], rests: list[Rest], outputs: list[Form]) -> None:
        self.graph, self.rests, self._spans = graph, rests, graph.spans
        self.made = graph.beginning(kept)
        self.passed: dict[int, Sequence[Form]] = {}
        self.scales = self._chosen(outputs)
        self.nodes: list[int] = []
        push, written = self.nodes.append, self.scales
        for place, rest in enumerate(rests):
            if place not in written:
                push(-1)
            else:
                push(rest.node if rest.op == "kept" else self._written(place, rest))

    def _chosen(self, outputs: list[Form]) -> dict[int, float]:
        """The scale that each rest is written with: of those that are wanted of it the most frequent that it can take up."""
        wanted: list[dict[float, int]] = [{} for _ in self.rests]
        for scale, place in outputs:
            wanted[place][scale] = wanted[place].get(scale, 0) + 1
        chosen: dict[int, float] = {}
        for place in range(len(self.rests) - 1, -1, -1):
            counts, rest = wanted[place], self.rests[place]
            if counts:
                alone = 1.0 in counts and len(counts) == 1
                chosen[place] = scale = 1.0 if alone else self._favourite(rest, counts)
                self.passed[place] = passed = rest.forms if alone else self._passed(rest, scale)
                for part, below in passed:
                    size = abs(part) if rest.op == "add" else part  # a sum has signs of its own
                    counts = wanted[below]
                    counts[size] = counts.get(size, 0) + 1
        return chosen

    def _favourite(self, rest: Rest, counts: dict[float, int]) -> float:
        able = [scale for scale in counts if self._takes(rest, scale)]
        return max(able, key=lambda scale: (counts[scale], scale == 1, scale > 0), default=1.0)

    def _passed(self, rest: Rest, scale: float) -> Sequence[Form]:
        """The operands of a rest of that scale, with what is wanted of each: one takes the scale up, of a sum both."""
        if scale == 1 or rest.op not in ("add", "mul", "div"):
            return rest.forms
        if rest.op == "add":
            return [(own * scale, below) for own, below in rest.forms]
        (one, first), (other, second) = rest.forms
        if self._ease(first) >= self._ease(second):
            return [(one * scale, first), (other, second)]
        return [(one, first), (other * scale if rest.op == "mul" else other / scale, second)]

    def _ease(self, place: int) -> int:
        """How easily a rest takes up a scale: a node of the value never does; others do once for all of their users."""
        rest = self.rests[place]
        return 2 if rest.loose else 0 if rest.op in ("kept", "number") else 1

    def _takes(self, rest: Rest, scale: float) -> bool:
        """Whether a rest of that scale is written with as many instructions as without it, or leaves it to one below."""
        if scale == 1 or rest.loose:
            return rest.op != "add" or self._is_signed(rest, scale)
        if rest.op == "add":
            return scale == -1 and self._is_signed(rest, scale)
        return rest.op in ("mul", "div") and any(self._ease(below) for _, below in rest.forms)

    def _is_signed(self, rest: Rest, scale: float) -> bool:
        """Whether a sum of that scale needs no sign in front: it is a difference, whose sides can be exchanged."""
        first, second = (own * scale > 0 for own, _ in rest.forms)
        return first or (second and not self._both_fail(rest))

    def _both_fail(self, rest: Rest) -> bool:
        """Whether both sides of a sum may have no number: of the first it is told why."""
        return all(self.rests[below].fails for _, below in rest.forms)

    def _written(self, place: int, rest: Rest) -> int:
        """The node of a rest of an operation or a literal, with its scale."""
        made, op, node = self.made, rest.op, rest.node
        made.place = span = self._spans[node]
        if op == "number":
            return self._literal(rest, self.scales[place])
        if op != "add":
            args = tuple([self.use(below, scale) for scale, below in self.passed[place]])
            return made.add(op, args, self.graph.texts[node], span)
        (one, first), (other, second) = self.passed[place]
        a = -1 if one / self.scales[first] < 0 else 1
        b = -1 if other / self.scales[second] < 0 else 1
        x, y = self.use(first, a * one), self.use(second, b * other)
        if a < 0 < b and not self._both_fail(rest):
            return made.add("sub", (y, x), "", span)
        if a < 0 < b:
            return made.node("neg", made.node("sub", x, y, span=span), span=span)
        if a > 0 > b:
            return made.add("sub", (x, y), "", span)
        total = made.add("add", (x, y), "", span)
        return total if a > 0 else made.node("neg", total, span=span)

    def use(self, place: int, scale: float) -> int:
        """The node of *scale* times a rest."""
        rest, own = self.rests[place], self.scales[place]
        self.made.place = self._spans[rest.node]
        if scale == own:
            return self.nodes[place]
        if rest.loose and rest.op == "number":
            return self._literal(rest, scale)
        return self._times(self.nodes[place], scale / own)

    def _times(self, node: int, scale: float) -> int:
        """A node times a scale, whose sign is part of a literal where there is one."""
        made, size = self.made, abs(scale)
        while not SMALLEST <= size <= LARGEST:
            part = SMALLEST if size < SMALLEST else LARGEST
            node, size = made.node("mul", made.number(_text(part)), node), size / part
        if size == 1:
            return node if scale > 0 else made.node("neg", node)
        number = made.number(_text(size))
        return made.node("mul", number if scale > 0 else made.node("neg", number), node)

    def _literal(self, rest: Rest, scale: float) -> int:
        """The node of a literal times a scale."""
        size = abs(scale)
        if not (rest.loose and SMALLEST <= size <= LARGEST):
            return self._times(self.made.number(rest.text), scale)
        node = self.made.number(_text(float(rest.text) * size))
        return self.made.node("neg", node) if scale < 0 else node


def _text(number: float) -> str:
    """The decimal that is the number."""
    return str(int(number)) if number == int(number) else f"{number:.15f}".rstrip("0")
