"""An expression with definitions → each part in terms of the others: what the chain rule is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcli.language.parser.node_store import written_size
from gradcli.language.tree import Expression, Node, natural


def named_places(expression: Expression) -> dict[int, str]:
    """The nodes that stand for a definition, each by the first that it is; names and numbers stand for themselves."""
    found: dict[int, str] = {}
    for definition in expression.definitions:
        place = definition.place
        if place is not None and expression.nodes[place].args:
            found.setdefault(place, definition.name)
    return found


def parts_of(expression: Expression) -> dict[str, Expression]:
    """The expression (under the empty name) and its definitions, each with the others as names."""
    named = named_places(expression)
    last = len(expression.nodes) - 1
    parts = {name: _part(expression, place, named) for place, name in sorted(named.items())}
    return {"": _whole(expression, last, named), **parts}


def _whole(expression: Expression, last: int, named: Mapping[int, str]) -> Expression:
    if last not in named:
        return _part(expression, last, named)
    node = Node("name", (), named[last], expression.nodes[last].span)
    return Expression(expression.text, (node,), (named[last],))


def _part(expression: Expression, root: int, named: Mapping[int, str]) -> Expression:
    """The tree of one node, down to other definitions."""
    places: dict[int, int] = {}
    nodes: list[Node] = []
    waiting = [(root, False)]
    while waiting:
        place, ready = waiting.pop()
        node = expression.nodes[place]
        if place in places:
            continue
        if place != root and place in named:
            node, ready = Node("name", (), named[place], node.span), True
        if ready:
            places[place] = len(nodes)
            nodes.append(node._replace(args=tuple(places[a] for a in node.args)))
        else:
            waiting.append((place, True))
            waiting.extend((argument, False) for argument in reversed(node.args))
    return Expression(expression.text, tuple(nodes), _names(nodes), (), written_size(nodes))


def _names(nodes: Sequence[Node]) -> tuple[str, ...]:
    return tuple(sorted({node.text for node in nodes if node.op == "name"}, key=natural))
