"""Backpropagation as a table: one row per node of the graph that the gradient's program is laid out from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.calculus.balls.decimals import decimal_text
from gradcli.calculus.balls.programs.ball_backend import run_to_digits
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.balls.programs.domain_errors import no_value
from gradcli.calculus.corners.framework_answers import answers
from gradcli.calculus.formulas.graph_formulas import unrolled
from gradcli.calculus.graph.expression_graph import Graph
from gradcli.calculus.graph.local_derivatives import local_slope
from gradcli.calculus.graph.program_layout import lay_out, reached
from gradcli.calculus.graph.reverse_sweep import Sweep, swept
from gradcli.calculus.program.program import Program
from gradcli.language.limits import limit, limit_problem
from gradcli.language.tree import Expression

#: Working digits, and the largest graph that is drawn.
DIGITS = 60

_SIGNS = {"add": "{0} + {1}", "sub": "{0} - {1}", "mul": "{0}*{1}", "div": "{0}/{1}", "neg": "-{0}", "pow": "{0}**{1}",
          "square": "{0}**2", "lt": "{0} < {1}", "le": "{0} <= {1}", "eq": "{0} == {1}", "ne": "{0} != {1}",
          "and": "{0} and {1}", "or": "{0} or {1}", "select": "where({0}, {1}, {2})"}  # fmt: skip
_CONDITIONS = ("lt", "le", "eq", "ne", "and", "or")


class Row(NamedTuple):
    """One node: its name, its operation on other nodes, the part of the expression it is, and its numbers.

    local: the derivative along each node it is made of. adjoint: the derivative of f along this node; None
    where it has none: a corner, and what no variable has an influence on.
    """

    node: str
    operation: str
    expression: str
    value: str | None
    local: Mapping[str, str | None]
    adjoint: str | None


def backpropagation(
    expression: Expression, at: Mapping[str, Any], digits: int, corner: str = "none"
) -> list[Row]:
    """The rows in the order of the forward sweep, variables first; adjoints are those of the reverse sweep.

    corner: the framework whose answers local derivatives have at corners, `none` for none.
    Raises DomainProblem where f has no value, LimitProblem for a graph that nobody would read.
    """
    sweep = swept(expression)
    leaves = ("number", "constant")
    forward = [n for n in reached(sweep.graph, [sweep.value]) if sweep.graph.ops[n] not in leaves]
    if len(forward) > limit("rows"):
        message = f"the graph has {len(forward):,} nodes, and at most {limit('rows'):,.0f} are shown"
        raise limit_problem("rows", message)
    slopes = {
        (n, k): local_slope(sweep.graph, n, k) for n in forward for k in _differentiable(sweep.graph, n)
    }
    outputs = [sweep.value, *forward, *sweep.nodes.values(), *(s for s in slopes.values() if s is not None)]
    program, slots = lay_out(sweep.graph, outputs, expression.variables)
    given = [at[name] for name in expression.variables]
    ties = None if corner == "none" else answers(program, expression.text, corner)
    numbers = run_to_digits(program, given, DIGITS, ties, set(slots.values()) | {program.value})
    _check(program, expression, at, numbers)
    return _rows(sweep, forward, slopes, slots, numbers, digits)


def _differentiable(graph: Graph, node: int) -> range:
    return range(
        0 if graph.ops[node] in (*_CONDITIONS, "select", "name", "stop_gradient") else len(graph.args[node])
    )


def _check(
    program: Program, expression: Expression, at: Mapping[str, Any], numbers: Mapping[int, Any]
) -> None:
    value = numbers[program.value]
    if isinstance(value, Failure):
        raise no_value(program, expression.text, at, value)


def _rows(
    sweep: Sweep, forward: Sequence[int], slopes: Mapping[tuple[int, int], int | None], slots: Mapping[int, int],
    numbers: Mapping[int, Any], digits: int,
) -> list[Row]:  # fmt: skip
    graph = sweep.graph
    order = sorted(forward, key=lambda n: graph.ops[n] != "name")
    inner = [n for n in order if graph.ops[n] != "name"]
    names = {
        n: graph.texts[n] if graph.ops[n] in ("name", "number", "constant") else ""
        for n in range(len(graph.ops))
    }
    prefix = _prefix(names.values())
    names |= {n: f"{prefix}{k}" for k, n in enumerate(inner, 1)}
    texts = unrolled(Sweep(graph, sweep.value, {names[n]: n for n in order}, ()), [names[n] for n in order])
    rows = []
    for n in order:
        local = _local(graph, n, slopes, slots, numbers, names, digits)
        adjoint = _text(numbers, slots, sweep.nodes.get(n), digits)
        operation = "" if graph.ops[n] == "name" else _operation(graph, n, names)
        rows.append(
            Row(names[n], operation, texts[names[n]] or "…", _text(numbers, slots, n, digits), local, adjoint)
        )
    return rows


def _prefix(taken: Any) -> str:
    """`v`, or as many of them as it takes to be no variable's name."""
    prefix, names = "v", set(taken)
    while any(name.startswith(prefix) and name[len(prefix) :].isdigit() for name in names):
        prefix += "v"
    return prefix


def _local(
    graph: Graph, node: int, slopes: Mapping[tuple[int, int], int | None], slots: Mapping[int, int],
    numbers: Mapping[int, Any], names: Mapping[int, str], digits: int,
) -> dict[str, str | None]:  # fmt: skip
    """The derivative along each argument that is a node; an argument that occurs twice has the sum."""
    args = graph.args[node]
    if graph.ops[node] == "select":
        holds = numbers[slots[args[0]]]
        return {
            names[a]: "1" if bool(holds != 0) == (k == 0) else "0"
            for k, a in enumerate(args[1:])
            if _is_node(graph, a)
        }
    found: dict[str, Any] = {}
    for k in _differentiable(graph, node):
        if _is_node(graph, args[k]):
            slope = slopes[node, k]
            value = None if slope is None else numbers[slots[slope]]
            value = None if isinstance(value, Failure) else value
            before = found.get(names[args[k]], 0)
            found[names[args[k]]] = None if value is None or before is None else before + value
    return {name: None if value is None else _number(value, digits) for name, value in found.items()}


def _is_node(graph: Graph, node: int) -> bool:
    return graph.ops[node] not in ("number", "constant")


def _operation(graph: Graph, node: int, names: Mapping[int, str]) -> str:
    arguments = [names[a] for a in graph.args[node]]
    template = _SIGNS.get(graph.ops[node])
    op = "elliptic_e" if graph.ops[node] == "elliptic_e2" else graph.ops[node]
    return template.format(*arguments) if template else f"{op}({', '.join(arguments)})"


def _text(numbers: Mapping[int, Any], slots: Mapping[int, int], node: int | None, digits: int) -> str | None:
    if node is None or isinstance(numbers[slots[node]], Failure):
        return None
    return _number(numbers[slots[node]], digits)


def _number(number: Any, digits: int) -> str:
    return decimal_text(number, digits)
