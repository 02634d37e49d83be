"""Corners as constraints: max(a, b) becomes a variable t with t >= a and t >= b, and so do min, abs and relu.

What keeps the first problem's constraints keeps the lifted one's, with t the value itself. So where t is the value at a local
minimum of the lifted problem, that is one of the first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from gradcli.calculus.critical.one_variable.written_nodes import substituted, text_of_node
from gradcli.descent.constrained.optimality.lifted_roots import rewritten
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.errors import LimitProblem
from gradcli.language.parser import parse
from gradcli.language.parser.outputs import outputs_of
from gradcli.language.records import NamedTuple
from gradcli.language.tree import Expression, Node

#: Operations with corners -> the relation of their variable to each of their pieces.
CORNERED = {"max": ">=", "min": "<=", "abs": ">=", "relu": ">="}

#: Corners that are made variables at the most.
MOST = 60


class Corner(NamedTuple):
    """One corner: its variable, its value as a text of all others, its pieces, and how it was typed."""

    name: str
    value: str
    pieces: tuple[str, ...]
    relation: str
    typed: str


class Lifted(NamedTuple):
    """A problem without corners: its text, all constraints, of which the first are those of the other problem, the corners."""

    text: str
    constraints: list[Constraint]
    corners: list[Corner]


def has_corners(texts: Sequence[str], given: Collection[str]) -> bool:
    """Whether one of the texts has an operation with corners that can be lifted."""
    return any(
        _corner_of(expression, node) is not None
        for expression in (parse(text, given) for text in texts if _may(text))
        for node in expression.nodes
    )


def _is_cornered(expression: Expression) -> bool:
    return any(_corner_of(expression, node) is not None for node in expression.nodes)


def _may(text: str) -> bool:
    return any(word in text for word in ("max", "min", "abs", "|", "relu", "where", "=", ";"))


def _corner_of(expression: Expression, node: Node) -> str | None:
    """The operation with corners that a node is; of where(u > v, a, b) max or min, where a - b is a multiple of u - v."""
    if node.op != "where":
        return node.op if node.op in CORNERED else None
    condition = expression.nodes[node.args[0]]
    if condition.op not in ("<", "<=", ">", ">="):
        return None
    try:
        texts = substituted(expression, {})
    except LimitProblem:
        return None
    (u, v), (a, b) = ([texts[i] for i in args] for args in (condition.args, node.args[1:]))
    share = _share(f"({a}) - ({b})", f"({u}) - ({v})")
    if not share:
        return None
    return "max" if (share > 0) == condition.op.startswith(">") else "min"


def _share(text: str, other: str) -> Any:
    """How many times *other* a text is, where both are quotients of polynomials; None where it is no multiple."""
    from flint import fmpq_mpoly_ctx

    from gradcli.calculus.critical.polynomials.polynomial_rings import ring
    from gradcli.calculus.critical.polynomials.rational_functions import NotRational, read

    whole, outputs = outputs_of([text, other], ())
    context = ring(fmpq_mpoly_ctx, whole.variables)
    try:
        first, second = (read(one, context, {}) for one in outputs)
    except (NotRational, KeyError):
        return None
    above, below = first.above * second.below, second.above * first.below
    if not len(above) or not len(below):
        return None
    share = above.leading_coefficient() / below.leading_coefficient()
    return share if above == below * share else None


def lifted(text: str, constraints: Sequence[Constraint], given: Collection[str]) -> Lifted | None:
    """The problem with a variable for each corner; None where there are too many."""
    corners: dict[tuple[str, tuple[str, ...]], Corner] = {}
    texts = [text, *(one.difference for one in constraints)]
    whole, outputs = outputs_of(texts, given)
    taken = {*given, *whole.variables}
    try:
        written = [_written(one, corners, taken) for one in outputs]
    except LimitProblem:
        return None
    if len(corners) > MOST:
        return None
    changed = [new if _is_cornered(output) else None for new, output in zip(written, outputs, strict=True)]
    links = rewritten(text, constraints, outputs, changed)
    for corner in corners.values():
        for piece in corner.pieces:
            shown = f"{corner.name} {corner.relation} {piece}"
            links.append(Constraint(shown, shown, corner.name, corner.relation, piece, False, (corner.name,)))
    return Lifted(written[0] or text, links, list(corners.values()))


def _written(
    expression: Expression, corners: dict[tuple[str, tuple[str, ...]], Corner], taken: set[str]
) -> str:
    """The text of an expression with the variables of its corners, which are added to *corners*."""
    texts: list[str] = []
    values = substituted(expression, {})
    for place, node in enumerate(expression.nodes):
        arguments = [texts[i] for i in node.args]
        op = _corner_of(expression, node)
        if op is None:
            texts.append(text_of_node(node.op, node.text, arguments))
            continue
        pieces = (arguments[0], f"(-{arguments[0]})") if op == "abs" else tuple(arguments)
        pieces = (*pieces, "0") if op == "relu" else pieces[1:] if node.op == "where" else pieces
        key = (CORNERED[op], pieces)
        typed = " ".join(expression.text[slice(*node.span)].split())
        if key not in corners:
            corners[key] = Corner(_fresh(len(corners), taken), values[place], pieces, CORNERED[op], typed)
        texts.append(corners[key].name)
    return texts[-1]


def _fresh(number: int, taken: Collection[str]) -> str:
    stem = "corner"
    while any(name.startswith(stem) for name in taken):
        stem += "_"
    return f"{stem}{number}"


def corner_values(corners: Sequence[Corner], at: Mapping[str, float]) -> dict[str, float]:
    """The value of each corner at a point. Raises ValueError or ArithmeticError where one has none."""
    values = values_of([corner.value for corner in corners], at)
    return {corner.name: value for corner, value in zip(corners, values, strict=True)}


def values_of(texts: Sequence[str], at: Mapping[str, float]) -> list[float]:
    """The values of several texts at a point. Raises ValueError or ArithmeticError where one has none."""
    from gradcli.calculus.backends import float_backend
    from gradcli.calculus.formulas.texts.compiler import compile_text

    found = []
    for text in texts:
        program = compile_text([text], tuple(at), None, formulas=False).program
        numbers = [at[name] for name in program.variables]
        slots = float_backend.run(program, numbers, program.value - program.first + 1)
        found.append(float(slots[program.value]))
    return found
