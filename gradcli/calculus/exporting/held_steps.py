"""Steps that no derivative sees → instructions that say so: those inside of stop_gradient, and of sin(πx) and its like.

A program leaves no trace of them: at such a jump it cannot be told from one that f has. With instructions of their own
they stand still along every variable.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from gradcli.calculus.graph.expression_graph import Graph
from gradcli.calculus.graph.reverse_sweep import Sweep
from gradcli.language.function_table import FUNCTIONS
from gradcli.language.parser import parse
from gradcli.language.parser.composite_functions import keeps_its_name, meaning
from gradcli.language.tree import Expression

#: Instructions whose results stand still along every variable, and what they are.
HELD = {"held": "x", "held_floor": "floor(x)"}

#: Functions whose meaning is the same by either of two neighbouring floors.
_BY_EITHER_FLOOR = frozenset(("sinpi", "cospi", "round", "gammasgn"))

#: Functions that are smooth at a step of their meaning -> what they are, with such steps out of the way.
_SMOOTH = {
    "trunc": "where(abs(x)<1,0,where(x<0,ceil(x),floor(x)))",
    "fmod": "where(abs(x)<abs(y),x,where(x<0,-mod(-x,abs(y)),mod(x,abs(y))))",
}


def may_hold_steps(graph: Graph) -> bool:
    """Whether the graph of a text may have what `with_held_steps` tells apart."""
    return any(op == "stop_gradient" or keeps_its_name(op) for op in graph.ops)


def with_held_steps(sweep: Sweep) -> Sweep:
    """The sweep with HELD instructions for what is stopped, and with functions whose own steps do not show."""
    made = Graph(primitive=True)
    places = _added(made, sweep.graph, {})
    adjoints = {name: places[node] for name, node in sweep.adjoints.items()}
    return Sweep(made, places[sweep.value], adjoints, sweep.unknown)


def _added(made: Graph, old: Graph, names: Mapping[str, int]) -> list[int]:
    """The nodes of *made* that the nodes of *old* have become; those of *names* are there already."""
    places: list[int] = []
    for node, op in enumerate(old.ops):
        args = [places[arg] for arg in old.args[node]]
        made.place = old.spans[node] or made.place
        if op == "name" and old.texts[node] in names:
            places.append(names[old.texts[node]])
        elif op in _BY_EITHER_FLOOR or op in _SMOOTH:
            steps = {"floor": "held_floor"} if op in _BY_EITHER_FLOOR else None
            inner = dict(zip(FUNCTIONS[op].names, args, strict=True))
            places.append(made.include(_meaning(op), inner, sides=steps, span=made.place))
        elif keeps_its_name(op):
            inner_names, _, whole = meaning(op, len(args))
            graph = Graph()
            root = graph.include(whole)
            places.append(_added(made, graph, dict(zip(inner_names, args, strict=True)))[root])
        else:
            name = "held" if op == "stop_gradient" else op
            places.append(made.node(name, *args, text=old.texts[node]))
    return places


@cache
def _meaning(function: str) -> Expression:
    return parse(_SMOOTH.get(function) or FUNCTIONS[function].meaning, FUNCTIONS[function].names)
