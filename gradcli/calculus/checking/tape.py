"""The user's own tree at a point: every node's value, local slopes, tangent and adjoint, as balls.

A slip at one node changes that node's tangent and nothing else, and what is above is linear in it. So the
partial with the slip is the right one plus adjoint times change: every slip at every node costs one product.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from flint import arb

from gradcli.calculus.balls.ball_numbers import BITS, ball
from gradcli.calculus.balls.programs.given_numbers import number_of
from gradcli.calculus.checking.test_points import numbers_at
from gradcli.calculus.graph.reverse_sweep import program_of, swept
from gradcli.calculus.program.program import Program
from gradcli.language.parser import parse
from gradcli.language.tree import COMPARISONS, CONDITIONS, Expression, Node

#: The tangent of a node from its place, its operator, and what its arguments have; None: by the rules.
Override = Callable[[int, "View"], Any]


class View(NamedTuple):
    """One node at a point: operator, value, slopes; its arguments' values and tangents, and which of them vary."""

    op: str
    value: Any
    slopes: tuple[Any, ...]
    inner: tuple[Any, ...]
    tangents: tuple[Any, ...]
    varies: tuple[bool, ...]

    @property
    def tangent(self) -> Any:
        """The right tangent."""
        return sum(
            (s * t for s, t, v in zip(self.slopes, self.tangents, self.varies, strict=True) if v), arb(0)
        )


class Tape(NamedTuple):
    """All nodes at a point, with their adjoints."""

    views: tuple[View, ...]
    adjoints: tuple[Any, ...]


def taped(
    expression: Expression, variable: str, point: Sequence[str], override: Override | None = None
) -> Tape | None:
    """The tape of *expression* along *variable*; None where a node has no value. override: wrong tangents."""
    numbers = dict(zip(expression.variables, point, strict=True))
    views: list[View] = []
    tangents: list[Any] = []
    varies: list[bool] = []
    for index, node in enumerate(expression.nodes):
        inner = tuple(views[i].value for i in node.args)
        found = _local(node.op, inner) if node.args else (_leaf(node, numbers), ())
        is_variable = node.op == "name" and node.text == variable
        varies.append(is_variable or any(varies[i] for i in node.args))
        moving = tuple(varies[i] for i in node.args)
        if found is None or any(
            moves and slope is None for moves, slope in zip(moving, found[1], strict=True)
        ):
            return None
        views.append(View(node.op, *found, inner, tuple(tangents[i] for i in node.args), moving))
        wrong = override(index, views[-1]) if override and any(moving) else None
        right = arb(1) if is_variable else views[-1].tangent
        tangents.append(right if wrong is None else wrong)
    return Tape(tuple(views), _adjoints(expression, views))


def _leaf(node: Node, numbers: Mapping[str, str]) -> Any:
    return ball(number_of(numbers[node.text] if node.op == "name" else node.text, BITS))


def partial(expression: Expression, tape: Tape) -> Any:
    """The tangent of the whole, as the rules have it at its last node."""
    return tape.views[-1].tangent if tape.views[-1].inner else arb(int(expression.nodes[-1].op == "name"))


def _adjoints(expression: Expression, views: Sequence[View]) -> tuple[Any, ...]:
    adjoints = [arb(0)] * len(views)
    adjoints[-1] = arb(1)
    for index in range(len(views) - 1, -1, -1):
        view = views[index]
        for argument, slope, varies in zip(
            expression.nodes[index].args, view.slopes, view.varies, strict=True
        ):
            if varies:
                adjoints[argument] += adjoints[index] * slope
    return tuple(adjoints)


def _local(op: str, inner: Sequence[Any]) -> tuple[Any, tuple[Any, ...]] | None:
    """Value and slopes of one node from its arguments' values."""
    if op in CONDITIONS:
        return arb(_holds(op, inner)), (arb(0),) * len(inner)
    if op in ("where", "piecewise"):
        chosen = next((2 * k + 1 for k, holds in enumerate(inner[:-1:2]) if holds != 0), len(inner) - 1)
        return inner[chosen], tuple(arb(index == chosen) for index in range(len(inner)))
    program = _program(op, len(inner))
    slots = numbers_at(program, [program.value, *(g for g in program.gradient if g is not None)], inner)
    value = slots[program.value]
    if value is None:
        return None
    found = [arb(0) if g is None else slots[g] for g in program.gradient]
    names = program.unknown
    return value, tuple(None if f"a{k}" in names else slope for k, slope in enumerate(found))


def _holds(op: str, inner: Sequence[Any]) -> bool:
    if op in COMPARISONS:
        a, b = inner
        return bool({"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "==": a == b, "!=": a != b}[op])
    first, second = (x != 0 for x in inner)
    return bool(first and second) if op == "and" else bool(first or second)


@cache
def _program(op: str, count: int) -> Program:
    """The program of one operation of the language, with its gradient."""
    names = [f"a{k}" for k in range(count)]
    if op == "neg":
        text = "-a0"
    elif op in ("+", "*", "/", "**"):
        text = op.join(names)
    else:
        text = f"{op}({', '.join(names)})"
    expression = parse(text, names)
    return program_of(swept(expression), names)
