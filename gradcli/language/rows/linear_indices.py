"""Which row an index means: a + b*count() + c*i, read off a tree."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from gradcli.language.parser.index_sums import exact_value
from gradcli.language.parser.node_store import below
from gradcli.language.rows.row_levels import ROWS, Line
from gradcli.language.tree import Node

#: The coefficients by name; that of the constant by the empty one.
Coefficients = dict[str, Fraction]


def line_of(nodes: Sequence[Node], root: int) -> tuple[Line, str] | None:
    """The line of a tree, and the index in it (empty for none); None for a tree that is none, or of several indices."""
    order = sorted(below(nodes, [root]))
    known: dict[int, Coefficients | None] = {}
    for place in order:
        node = nodes[place]
        args = [known[a] for a in node.args]
        found = [one for one in args if one is not None]
        known[place] = _combined(nodes, place, found) if len(found) == len(args) else None
    whole = known[root]
    indices = [name for name in whole or () if name not in ("", ROWS)]
    if whole is None or len(indices) > 1 or not all(name.startswith("#i") for name in indices):
        return None
    index = indices[0] if indices else ""
    zero = Fraction(0)
    return Line(whole.get("", zero), whole.get(ROWS, zero), whole[index] if index else zero), index


def _combined(nodes: Sequence[Node], place: int, args: list[Coefficients]) -> Coefficients | None:
    op, text = nodes[place].op, nodes[place].text
    if op == "name":
        return {text: Fraction(1)}
    if all(not any(one) for one in args):  # constants alone, whose one name is the empty one
        value = exact_value(nodes, place, sorted(below(nodes, [place])))
        return None if value is None else {"": value} if value else {}
    if op == "neg":
        return _scaled(args[0], Fraction(-1))
    if op == "+":
        return _added(args)
    if op == "/" and args[1].keys() == {""}:
        return _scaled(args[0], 1 / args[1][""])
    if op == "*":
        product: Coefficients = {"": Fraction(1)}
        for one in args:
            if product.keys() - {""} and one.keys() - {""}:
                return None
            held, factor = (one, product) if one.keys() - {""} else (product, one)
            product = _scaled(held, factor.get("", Fraction(0)))
        return product
    return None


def _scaled(one: Coefficients, factor: Fraction) -> Coefficients:
    return {name: value * factor for name, value in one.items() if value * factor}


def _added(args: list[Coefficients]) -> Coefficients:
    total: Coefficients = {}
    for one in args:
        for name, value in one.items():
            total[name] = total.get(name, Fraction(0)) + value
    return {name: value for name, value in total.items() if value}
