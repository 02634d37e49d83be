"""Several expressions as one: their sum, and the outputs of a table."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gradcli.language.parser import parse
from gradcli.language.tree import Expression


def total(texts: Sequence[str], given: Collection[str]) -> Expression:
    """One expression for the sum of *texts*, each of which must be an expression of its own."""
    if len(texts) == 1:
        return parse(texts[0], given)
    for text in texts:
        parse(text, given)
    return parse(" + ".join(f"({text})" for text in texts), given)


def outputs_of(texts: Sequence[str], given: Collection[str]) -> tuple[Expression, list[Expression]]:
    """The sum of *texts* and its terms, all with their places in the sum's text. Raises what parsing raises."""
    whole = total(texts, given)
    if len(texts) == 1:
        return whole, [whole]
    start, terms = 0, []
    for root in whole.nodes[-1].args:  # nodes are in post-order: each term's are side by side
        nodes = whole.nodes[start : root + 1]
        moved = (node._replace(args=tuple(a - start for a in node.args)) for node in nodes)
        terms.append(Expression(whole.text, tuple(moved), whole.variables))
        start = root + 1
    return whole, terms
