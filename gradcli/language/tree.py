"""The expression tree, laid out flat: every node after its arguments, the whole expression last.

Flat, so that no walk over it needs recursion: an expression may be as deep as it is long.
"""

from __future__ import annotations

import re
from typing import NamedTuple

Span = tuple[int, int]


class Node(NamedTuple):
    """One operation and the characters it came from.

    op: `number`, `name`, `constant`, `neg`, `+` and `*` (two or more arguments), `/`, `**`, a comparison,
    `and`, `or`, or a name in the table of functions. args: positions of the arguments in the expression's
    nodes. text: the literal or the name, else empty. span: [start, end) in the text.
    """

    op: str
    args: tuple[int, ...]
    text: str
    span: Span


class Expression(NamedTuple):
    """A parsed text: its nodes, and its variables in natural order: x2 before x10 before y."""

    text: str
    nodes: tuple[Node, ...]
    variables: tuple[str, ...]

    def shape(self) -> tuple[tuple[str, tuple[int, ...], str], ...]:
        """The tree without positions in the text: equal for texts that mean the same tree."""
        return tuple((node.op, node.args, node.text) for node in self.nodes)


def natural(name: str) -> list[str | tuple[int, str]]:
    """The sorting key by which people order names: runs of digits count as numbers."""
    pieces = re.split(r"([0-9]+)", name)
    return [(int(piece), piece) if index % 2 else piece for index, piece in enumerate(pieces)]


COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
CONDITIONS = (*COMPARISONS, "and", "or")
