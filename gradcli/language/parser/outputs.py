"""Several expressions as one: their sum, and the outputs of a table."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gradcli.language.name_meanings import is_plain
from gradcli.language.parser import parse
from gradcli.language.parser.node_store import in_written_order, moved, written_size
from gradcli.language.tree import Expression


def total(texts: Sequence[str], given: Collection[str]) -> Expression:
    """One expression for the sum of *texts*, each of which must be an expression of its own.

    Where they have definitions they share them.
    """
    if len(texts) == 1:
        return parse(texts[0], given)
    if not all(map(is_plain, texts)):
        from gradcli.language.parser.shared_definitions import shared_expression

        return shared_expression(texts, given)
    for text in texts:
        parse(text, given)
    return parse(" + ".join(f"({text})" for text in texts), given)


def outputs_of(texts: Sequence[str], given: Collection[str]) -> tuple[Expression, list[Expression]]:
    """The sum of *texts* and its terms, all with their places in the sum's text. Raises what parsing raises."""
    whole = total(texts, given)
    if len(texts) == 1:
        return whole, [whole]
    return whole, [part_of(whole, root) for root in whole.nodes[-1].args]


def part_of(whole: Expression, root: int) -> Expression:
    """The expression of one node of another, with its places in that one's text and all of its variables."""
    nodes = moved(whole.nodes, in_written_order(whole.nodes, root))
    return Expression(whole.text, nodes, whole.variables, (), written_size(nodes) if whole.written else 0)
