"""Expressions and a box → whether they have slopes, and values, on all of it: shown by what they are made of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import inf
from typing import Any

from flint import arb

from gradcli.calculus.critical.boxes.gradient_enclosure import interval
from gradcli.calculus.critical.one_variable.poles import CONTINUOUS, VANISHING
from gradcli.calculus.critical.one_variable.seams import (
    CONTINUOUS_PIECES,
    KINKED,
    open_seams,
    steep_seams,
)
from gradcli.calculus.critical.one_variable.written_nodes import substituted
from gradcli.calculus.graph.reverse_sweep import compile_value
from gradcli.calculus.intervals.box_enclosures import NOT_ZERO, enclosed
from gradcli.language.errors import LimitProblem
from gradcli.language.parser.outputs import total
from gradcli.language.tree import Expression

Box = Mapping[str, tuple[float, float]]

#: Operations that are smooth wherever they have values, beside those with seams.
_ENTIRE = (
    "erfi",
    "erfcx",
    "exprel",
    "si",
    "shi",
    "dawson",
    "airyai",
    "fresnels",
    "fresnelc",
    "ndtr",
    "log_ndtr",
)
_SMOOTH = (CONTINUOUS | {*VANISHING, *_ENTIRE}) - {"root", "**"}


def has_slopes(texts: Sequence[str], given: Collection[str], box: Box) -> bool:
    """Whether each expression has a slope wherever it has a value in the *box*; False where that is not shown."""
    return all(_has_slopes(total([text], given), box) for text in texts)


def _has_slopes(expression: Expression, box: Box) -> bool:
    if any(node.op not in _SMOOTH and node.op not in KINKED for node in expression.nodes):
        return False
    try:
        return all(is_never_zero(seam, box) for seam in steep_seams(expression))
    except LimitProblem:
        return False


def is_continuous(texts: Sequence[str], given: Collection[str], box: Box) -> bool:
    """Whether each expression is continuous in the *box*, and its domain there closed; False where that is not shown."""
    return all(_is_continuous(total([text], given), box) for text in texts)


def _is_continuous(expression: Expression, box: Box) -> bool:
    if not has_no_jumps(expression):
        return False
    try:
        texts = substituted(expression, {})
        poles = [VANISHING[n.op].format(texts[n.args[-1]]) for n in expression.nodes if n.op in VANISHING]
        return all(is_never_zero(seam, box) for seam in (*poles, *open_seams(expression)))
    except LimitProblem:
        return False


def has_no_jumps(expression: Expression) -> bool:
    """Whether an expression is continuous wherever it has a value."""
    return all(
        node.op in _SMOOTH
        or node.op in CONTINUOUS_PIECES
        or node.op == "root"
        or (node.op == "**" and not _varies(expression, node.args[1]))
        for node in expression.nodes
    )


def _varies(expression: Expression, place: int) -> bool:
    """Whether a node depends on a variable."""
    node = expression.nodes[place]
    return node.op == "name" or any(_varies(expression, i) for i in node.args)


def is_never_zero(text: str, box: Box) -> bool:
    """Whether an expression is shown to be 0 nowhere in the box."""
    program = compile_value(text, list(box))
    point = [_side(*box[name]) for name in program.variables]
    return enclosed(program, point).signs[program.value] in NOT_ZERO


def _side(low: float, high: float) -> Any:
    """The numbers from one end to the other, which may be infinite."""
    return arb(0, arb("inf")) if inf in (-low, high) else interval(low, high)
