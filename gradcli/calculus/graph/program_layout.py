"""Graph → program: what the outputs need, constants first, in an order in which it can be carried out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gradcli.calculus.graph.expression_graph import Graph, in_primitives
from gradcli.calculus.program.program import Program

_LEAVES = ("number", "constant", "name")

#: Operations whose result is their argument, and a constant to every derivative: no instruction is needed.
ENDS = frozenset(("stop_gradient",))


def reached(graph: Graph, roots: Sequence[int], *, strictly: bool = False) -> set[int]:
    """The nodes that *roots* are made of, themselves included."""
    reached, waiting = set(roots), list(roots)
    while waiting:
        node = waiting.pop()
        for argument in _always(graph, node) if strictly else graph.args[node]:
            if argument not in reached:
                reached.add(argument)
                waiting.append(argument)
    return reached


def always_needed(graph: Graph, roots: Sequence[int]) -> set[int]:
    """The nodes that every evaluation needs: not only one piece of a piecewise expression."""
    return reached(graph, roots, strictly=True)


def _always(graph: Graph, node: int) -> tuple[int, ...]:
    return graph.args[node][:1] if graph.ops[node] in ("select", "gate") else graph.args[node]


def lay_out(graph: Graph, outputs: Sequence[int], variables: Sequence[str]) -> tuple[Program, dict[int, int]]:
    """A program that computes the nodes *outputs*, and the slot of each node in it.

    Its value is the first of them; what it calls its gradient is for the caller to say.
    """
    written, places = in_primitives(graph, sorted(reached(graph, outputs)))
    program, slots = _laid_out(written, [places[node] for node in outputs], variables)
    return program, {node: slots[place] for node, place in places.items() if place in slots}


def _laid_out(
    graph: Graph, outputs: Sequence[int], variables: Sequence[str]
) -> tuple[Program, dict[int, int]]:
    needed, strict = sorted(reached(graph, outputs)), always_needed(graph, outputs)
    fixed: set[int] = set()
    for node in needed:
        if graph.ops[node] not in _LEAVES and all(_is_fixed(graph, a, fixed) for a in graph.args[node]):
            fixed.add(node)
    leaves = [node for node in needed if graph.ops[node] in ("number", "constant")]
    done = [n for n in needed if graph.ops[n] not in _LEAVES and graph.ops[n] not in ENDS]
    order = [n for n in done if n in fixed] + [n for n in done if n not in fixed]
    slots = _name_slots(graph, needed, variables)
    slots |= {node: len(variables) + i for i, node in enumerate(leaves)}
    slots |= {node: len(variables) + len(leaves) + i for i, node in enumerate(order)}
    slots |= {node: slots[_source(graph, node)] for node in needed if graph.ops[node] in ENDS}
    program = Program(
        variables=tuple(variables),
        constants=tuple(graph.texts[node] for node in leaves),
        code=tuple((graph.ops[n], *(slots[a] for a in graph.args[n])) for n in order),
        folded=sum(node in fixed for node in order),
        value=slots[outputs[0]],
        gradient=(None,) * len(variables),
        unknown=(),
        spans=tuple(graph.spans[n] for n in order),
        guarded=frozenset(i for i, n in enumerate(order) if n not in strict),
    )
    return program, slots


def _source(graph: Graph, node: int) -> int:
    while graph.ops[node] in ENDS:
        node = graph.args[node][0]
    return node


def _name_slots(graph: Graph, needed: Sequence[int], variables: Sequence[str]) -> dict[int, int]:
    places = {name: place for place, name in enumerate(variables)}
    return {node: places[graph.texts[node]] for node in needed if graph.ops[node] == "name"}


def _is_fixed(graph: Graph, node: int, fixed: Collection[int]) -> bool:
    return node in fixed or graph.ops[node] in ("number", "constant")
