"""The expression tree, laid out flat: every node after its arguments, the whole expression last.

Flat, so that no walk over it needs recursion: an expression may be as deep as it is long.
"""

from __future__ import annotations

import re

from gradcli.language.records import NamedTuple

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


class Definition(NamedTuple):
    """A name for a part of a text: a value, or a function of one's own where it has parameters.

    place: the position of a value's node, None for a function and for what the expression does not need.
    span: the characters of what it stands for.
    """

    name: str
    parameters: tuple[str, ...]
    place: int | None
    span: Span


class Expression(NamedTuple):
    """A parsed text: its nodes, and its variables in natural order: x2 before x10 before y.

    Where a text has definitions, sums over an index or chains of comparisons, equal nodes are one: written: how many
    there are when every one is written wherever it is used (0: as many as nodes). remarks: sentences about the text.
    """

    text: str
    nodes: tuple[Node, ...]
    variables: tuple[str, ...]
    definitions: tuple[Definition, ...] = ()
    written: int = 0
    remarks: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """The number of nodes, shared ones counted wherever they are used: what any text of the tree has."""
        return self.written or len(self.nodes)

    def shape(self) -> tuple[tuple[str, tuple[int, ...], str], ...]:
        """The tree without positions in the text: equal for texts that mean the same tree."""
        return tuple((node.op, node.args, node.text) for node in self.nodes)


def natural(name: str) -> list[str | tuple[int, str]]:
    """The sorting key by which people order names: runs of digits count as numbers."""
    pieces = re.split(r"([0-9]+)", name)
    return [(int(piece), piece) if index % 2 else piece for index, piece in enumerate(pieces)]


#: The text of a sum that is the exact sum of its terms, correctly rounded once.
EXACT = "exact"

COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
CONDITIONS = (*COMPARISONS, "and", "or")

#: How tightly an operator binds its operands.
BINDING = {
    "or": 1, "and": 2, **dict.fromkeys(COMPARISONS, 3), "+": 4, "-": 4, "*": 5, "/": 5, "**": 7,
}  # fmt: skip
