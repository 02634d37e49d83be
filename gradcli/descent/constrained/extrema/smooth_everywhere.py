"""Expressions and a box → whether they have slopes, and values, on all of it: shown by what they are made of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from gradcli.calculus.critical.one_variable.poles import CONTINUOUS, VANISHING
from gradcli.calculus.critical.one_variable.seams import (
    CONTINUOUS_PIECES,
    KINKED,
    open_seams,
    steep_seams,
)
from gradcli.calculus.critical.one_variable.signs_in_boxes import Box, is_never_zero
from gradcli.calculus.critical.one_variable.written_nodes import substituted
from gradcli.language.errors import LimitProblem
from gradcli.language.parser.outputs import total
from gradcli.language.tree import Expression

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

#: Operations of which the places without slopes are known.
_KNOWN = KINKED | {"where", "piecewise", "and", "or"}
_SMOOTH = (CONTINUOUS | {*VANISHING, *_ENTIRE}) - {"root", "**"}


def has_slopes(texts: Sequence[str], given: Collection[str], box: Box) -> bool:
    """Whether each expression has a slope wherever it has a value in the *box*; False where that is not shown."""
    return _all_clear(texts, given, box, is_known, steep_seams)


def is_continuous(texts: Sequence[str], given: Collection[str], box: Box) -> bool:
    """Whether each expression is continuous in the *box*, and its domain there closed; False where that is not shown."""
    return _all_clear(texts, given, box, has_no_jumps, lambda one: [*poles_in(one), *open_seams(one)])


def _all_clear(
    texts: Sequence[str], given: Collection[str], box: Box, known: Callable[[Expression], bool],
    seams: Callable[[Expression], list[str]],
) -> bool:  # fmt: skip
    """Whether each expression is *known*, and its *seams* are 0 nowhere in the box."""
    expressions = [total([text], given) for text in texts]
    try:
        return all(map(known, expressions)) and all(
            is_never_zero(seam, box) for one in expressions for seam in seams(one)
        )
    except LimitProblem:
        return False


def poles_in(expression: Expression) -> list[str]:
    """Texts that vanish at the poles of all operations. Raises LimitProblem."""
    texts = substituted(expression, {})
    nodes = (node for node in expression.nodes if node.op in VANISHING)
    return list(dict.fromkeys(VANISHING[node.op].format(texts[node.args[-1]]) for node in nodes))


def is_known(expression: Expression) -> bool:
    """Whether it is known of all operations where they have no slope."""
    return all(node.op in _SMOOTH or node.op in _KNOWN for node in expression.nodes)


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
