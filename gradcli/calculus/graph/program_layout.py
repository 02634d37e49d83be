"""Graph → program: what the outputs need, constants first, in an order in which it can be carried out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from gradcli.calculus.graph.expression_graph import Graph, in_primitives
from gradcli.calculus.program.program import Program

_LEAVES = ("number", "constant", "name")

#: Operations whose result is their argument, and a constant to every derivative: no instruction is needed.
ENDS = frozenset(("stop_gradient",))


#: Operations that need their first argument alone wherever they are needed.
_CHOICES = frozenset(("select", "gate"))


def reached(graph: Graph, roots: Sequence[int], *, strictly: bool = False) -> list[int]:
    """The nodes that *roots* are made of, themselves included, in the order in which they can be carried out."""
    args, marked, found = graph.args, bytearray(len(graph.ops)), list[int]()
    if strictly:
        args = [one[:1] if op in _CHOICES else one for op, one in zip(graph.ops, args, strict=True)]
    for root in roots:
        marked[root] = 1
    for node in range(marked.rfind(1), -1, -1):
        if marked[node]:
            found.append(node)
            for argument in args[node]:
                marked[argument] = 1
    found.reverse()
    return found


def always_needed(graph: Graph, needed: Sequence[int], roots: Sequence[int]) -> set[int]:
    """Of the nodes *needed* for *roots* those that every evaluation needs: not only one piece of a piecewise expression."""
    return set(needed if _CHOICES.isdisjoint(graph.ops) else reached(graph, roots, strictly=True))


def lay_out(graph: Graph, outputs: Sequence[int], variables: Sequence[str]) -> tuple[Program, dict[int, int]]:
    """A program that computes the nodes *outputs*, and the slot of each node in it.

    Its value is the first of them; what it calls its gradient is for the caller to say.
    """
    needed = reached(graph, outputs)
    written, places = in_primitives(graph, needed)
    if written is graph:
        return _laid_out(graph, needed, outputs, variables)
    roots = [places[node] for node in outputs]
    program, slots = _laid_out(written, reached(written, roots), roots, variables)
    return program, {node: slots[place] for node, place in places.items() if place in slots}


def _laid_out(
    graph: Graph, needed: Sequence[int], outputs: Sequence[int], variables: Sequence[str]
) -> tuple[Program, dict[int, int]]:
    ops, args = graph.ops, graph.args
    strict = always_needed(graph, needed, outputs)
    slots = _name_slots(graph, needed, variables)
    leaves, folded, others, ends = _kinds(graph, needed)
    order = folded + others
    slots.update(zip(leaves, count(len(variables))))
    slots.update(zip(order, count(len(variables) + len(leaves))))
    slots |= {node: slots[_source(graph, node)] for node in ends}
    slot = slots.__getitem__
    program = Program(
        variables=tuple(variables),
        constants=tuple([graph.texts[node] for node in leaves]),
        code=tuple([(ops[n], *map(slot, args[n])) for n in order]),
        folded=len(folded),
        value=slots[outputs[0]],
        gradient=(None,) * len(variables),
        unknown=(),
        spans=tuple([graph.spans[n] for n in order]),
        guarded=frozenset(
            [i for i, n in enumerate(order) if n not in strict] if len(strict) < len(needed) else ()
        ),
    )
    return program, slots


def _kinds(graph: Graph, needed: Sequence[int]) -> tuple[list[int], list[int], list[int], list[int]]:
    """Constants, operations of constants alone, all others, and those that need no instruction."""
    ops, args, fixed = graph.ops, graph.args, set[int]()
    leaves, folded, others, ends = list[int](), list[int](), list[int](), list[int]()
    for node in needed:
        op = ops[node]
        if op == "name":
            continue
        is_fixed = op in _LEAVES or fixed.issuperset(args[node])
        if is_fixed:
            fixed.add(node)
        if op in _LEAVES:
            leaves.append(node)
        elif op in ENDS:
            ends.append(node)
        else:
            (folded if is_fixed else others).append(node)
    return leaves, folded, others, ends


def _source(graph: Graph, node: int) -> int:
    while graph.ops[node] in ENDS:
        node = graph.args[node][0]
    return node


def _name_slots(graph: Graph, needed: Sequence[int], variables: Sequence[str]) -> dict[int, int]:
    places = {name: place for place, name in enumerate(variables)}
    return {node: places[graph.texts[node]] for node in needed if graph.ops[node] == "name"}
