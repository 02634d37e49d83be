"""Nodes of which equal ones are one, and the part of them that a root needs, in the order of its written text."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from gradcli.language.limits import limit, limit_problem
from gradcli.language.tree import Node, Span

#: Sizes of written texts are counted up to here.
MOST_WRITTEN = 10**12


class NodeStore:
    """Nodes in an order in which arguments come first."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._known: dict[tuple[str, tuple[int, ...], str], int] = {}
        self._most = int(limit("nodes"))
        self._steps = 0

    def add(self, op: str, args: tuple[int, ...], text: str, span: Span) -> int:
        """The position of this node, new or known. Raises LimitProblem for too many."""
        key = (op, args, text)
        place = self._known.get(key)
        if place is None:
            self.count(1)
            place = self._known[key] = len(self.nodes)
            self.nodes.append(Node(op, args, text, span))
        return place

    def number(self, value: int, span: Span) -> int:
        """The node of a whole number."""
        place = self.add("number", (), str(abs(value)), span)
        return place if value >= 0 else self.add("neg", (place,), "", span)

    def count(self, steps: int) -> None:
        """Count what is carried out. Raises LimitProblem beyond what an expression may have."""
        self._steps += steps
        if self._steps > self._most:
            sentence = f"an expression may have {self._most:,} operations, numbers and names"
            raise limit_problem("nodes", f"{sentence}, its functions and sums written out")

    def replaced(self, root: int, leaf: int, by: int) -> int:
        """The tree of *root* with the node *leaf* replaced by the node *by*."""
        moved = {leaf: by}
        for place in sorted(below(self.nodes, [root])):
            op, args, text, span = self.nodes[place]
            if place not in moved:
                changed = any(moved[a] != a for a in args)
                moved[place] = self.add(op, tuple(moved[a] for a in args), text, span) if changed else place
        return moved[root]


def below(nodes: Sequence[Node], roots: Collection[int]) -> set[int]:
    """The positions of all nodes that *roots* are made of."""
    found, waiting = set(roots), list(roots)
    while waiting:
        for argument in nodes[waiting.pop()].args:
            if argument not in found:
                found.add(argument)
                waiting.append(argument)
    return found


def in_written_order(nodes: Sequence[Node], root: int) -> dict[int, int]:
    """Old position → new position of what *root* needs: each node where the written text has it first."""
    places: dict[int, int] = {}
    waiting = [(root, False)]
    while waiting:
        place, ready = waiting.pop()
        if place in places:
            continue
        if ready:
            places[place] = len(places)
        else:
            waiting.append((place, True))
            waiting.extend((argument, False) for argument in reversed(nodes[place].args))
    return places


def moved(nodes: Sequence[Node], places: Mapping[int, int]) -> tuple[Node, ...]:
    """The nodes at their new positions."""
    return tuple(
        node._replace(args=tuple(places[a] for a in node.args)) for node in (nodes[place] for place in places)
    )


def written_size(nodes: Sequence[Node]) -> int:
    """The number of nodes of the last one's tree, every shared one counted wherever it is used."""
    sizes: list[int] = []
    for node in nodes:
        sizes.append(min(1 + sum(sizes[a] for a in node.args), MOST_WRITTEN))
    return sizes[-1]
