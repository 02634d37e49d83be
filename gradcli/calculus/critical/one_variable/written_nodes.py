"""Each node of an expression as a text of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcli.language.errors import LimitProblem
from gradcli.language.tree import COMPARISONS, Expression

#: Operations, numbers and names of an expression whose pieces are written out.
MOST_WRITTEN = 50_000


def substituted(expression: Expression, fixed: Mapping[str, str]) -> list[str]:
    """Every node as a text of its own, names that are held replaced by their values. Raises LimitProblem."""
    if expression.size > MOST_WRITTEN:
        sentence = "its pieces are not looked for in an expression of so many operations"
        raise LimitProblem(f"{sentence}: {MOST_WRITTEN:,} at most, written out")
    texts: list[str] = []
    for node in expression.nodes:
        arguments = [texts[i] for i in node.args]
        texts.append(
            f"({fixed[node.text]})"
            if node.op == "name" and node.text in fixed
            else text_of_node(node.op, node.text, arguments)
        )
    return texts


def text_of_node(op: str, leaf: str, arguments: Sequence[str]) -> str:
    """An operation on texts, in brackets where it needs them."""
    if not arguments:
        return leaf
    if op in ("+", "*", "/", "**", *COMPARISONS, "and", "or"):
        return "(" + f" {op} ".join(arguments) + ")"
    return f"(-{arguments[0]})" if op == "neg" else f"{op}({', '.join(arguments)})"
