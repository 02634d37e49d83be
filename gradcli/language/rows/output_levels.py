"""The levels of a sum of several texts → those of each of its terms."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gradcli.language.parser.node_store import in_written_order, moved, written_size
from gradcli.language.rows.row_levels import Level, Levels
from gradcli.language.tree import Expression, natural


def output_levels(levels: Levels, count: int) -> list[Levels]:
    """The levels of each of *count* texts, all with their places in the text of the sum that *levels* are of."""
    if count == 1:
        return [levels]
    terms = levels.last.nodes[-1].args
    assert len(terms) == count  # noqa: S101  (the sum has a term for each text)
    return [_of_term(levels, root) for root in terms]


def _of_term(levels: Levels, root: int) -> Levels:
    nodes = moved(levels.last.nodes, in_written_order(levels.last.nodes, root))
    names = {node.text for node in nodes if node.op == "name"}
    last = Expression(levels.last.text, nodes, tuple(sorted(names, key=natural)), (), written_size(nodes))
    return levels._replace(levels=_needed(levels.levels, names), last=last)


def _needed(levels: Sequence[Level], names: Collection[str]) -> tuple[Level, ...]:
    """Those of *levels* that *names* are made of, in their order."""
    needed, found = set(names), list[Level]()
    for level in reversed(levels):  # each is made of levels before it
        if level.name in needed:
            needed |= set(level.expression.variables)
            found.append(level)
    return tuple(reversed(found))
