"""What it costs to read a formula: its operations, its depth, its minus signs, in this order."""

from __future__ import annotations

from typing import NamedTuple

from gradcli.calculus.formulas.terms import Term

_LEAVES = ("number", "name", "constant")


class Cost(NamedTuple):
    """How many operations a formula has, how deep they are nested, and how many minus signs are written.

    A sum and a product of many are one level deep; a difference is one operation, as it is written.
    """

    operations: int
    depth: int
    minus: int


def cost(term: Term) -> Cost:
    """The cost of a formula."""
    if term.op in _LEAVES:
        return Cost(0, 0, 0)
    parts = [cost(argument) for argument in term.args]
    operations, minus = sum(part.operations for part in parts), sum(part.minus for part in parts)
    depth = max(part.depth - _continues(term.op, inner) for part, inner in zip(parts, term.args, strict=True))
    if term.op == "neg":  # a sign is no level
        return Cost(operations + 1, depth, minus + 1)
    if term.op == "+":
        taken = sum(argument.op == "neg" for argument in term.args[1:])  # `a - b` is written, not `a + -b`
        return Cost(operations + len(term.args) - 1 - taken, depth + 1, minus)
    joins = len(term.args) - 1 if term.op in ("*", "/", "and", "or") else 1
    return Cost(operations + joins, depth + 1, minus)


def _continues(op: str, inner: Term) -> bool:
    """Whether the inner operation is on the same level: a product in a quotient, a product that is taken away."""
    inner = inner.args[0] if inner.op == "neg" else inner
    return op in ("*", "/") and inner.op in ("*", "/")
