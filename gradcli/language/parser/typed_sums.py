"""A text that is a sum over an index, or of such sums and other terms → its parts as they are typed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from gradcli.language.column_names import is_element
from gradcli.language.parser.indexed_calls import INDEXED
from gradcli.language.parser.reading import read_piece
from gradcli.language.tokens import tokens
from gradcli.language.tree import Node


class TypedTerm(NamedTuple):
    """A term with its sign: a body over an index, with its bounds as texts; a text alone where *over* is empty."""

    negative: bool
    body: str
    over: str = ""
    low: str = ""
    high: str = ""


def typed_terms(text: str, given: Collection[str]) -> list[TypedTerm]:
    """The terms of a text without definitions, none of it being a sum over an index: then there is none."""
    if any(map(is_element, given)):
        return []
    nodes, root = read_piece(text, list(tokens(text)), given, {})
    top = nodes[root]
    places = top.args if top.op == "+" else (root,)
    terms = [_term(text, nodes, nodes[place]) for place in places]
    return terms if any(term.over for term in terms) else []


def _term(text: str, nodes: Sequence[Node], node: Node) -> TypedTerm:
    negative = node.op == "neg"
    inner = nodes[node.args[0]] if negative else node
    if inner.op not in INDEXED or INDEXED[inner.op] != "+":
        return TypedTerm(negative, text[slice(*inner.span)])
    body, low, high = (text[slice(*nodes[place].span)] for place in inner.args)
    return TypedTerm(negative, body, inner.text, low, high)
