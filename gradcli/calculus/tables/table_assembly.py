"""What every table of derivatives is built with: names of its own inputs, its size, its program."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gradcli.calculus.graph.expression_graph import Graph
from gradcli.calculus.graph.program_layout import lay_out
from gradcli.calculus.graph.reverse_sweep import Sweep
from gradcli.calculus.program.derivative_table import Matrix
from gradcli.language.limits import limit, limit_problem
from gradcli.language.records import NamedTuple
from gradcli.language.tree import Expression


def weight_names(count: int) -> tuple[str, ...]:
    """What programs call the weights of outputs: no variable of a user can be called so."""
    return tuple(f"weight {i}" for i in range(count))


def direction_names(names: Sequence[str]) -> tuple[str, ...]:
    """What programs call the components of a direction: no variable of a user can be called so."""
    return tuple(f"along {name}" for name in names)


def direction_seeds(graph: Graph, names: Sequence[str]) -> dict[int, int]:
    """The node of each variable → the node of the direction's component along it."""
    pairs = zip(names, direction_names(names), strict=True)
    return {graph.node("name", text=name): graph.node("name", text=along) for name, along in pairs}


class Rows(NamedTuple):
    """The node of each row's value, those of its derivatives, which of these nobody knows, and their formulas."""

    values: Sequence[int]
    nodes: Sequence[Sequence[int | None]]
    unknown: Collection[tuple[int, int]]
    formulas: Sequence[Sequence[str | None]] | None = None


def assembled(
    graph: Graph,
    whole: Expression,
    columns: Sequence[str],
    rows: Rows,
    extra: Sequence[str] = (),
    sweep: Sweep | None = None,
) -> Matrix:
    """The table of *rows*.

    extra: variables beside the user's. sweep: where the program's own value and gradient come from, if it has them.
    """
    values, nodes, unknown, formulas = rows
    first = [sweep.value, *sweep.adjoints.values()] if sweep else []
    outputs = [*first, *values, *(node for row in nodes for node in row if node is not None)]
    variables = [*whole.variables, *extra]
    program, slots = lay_out(graph, outputs, variables)
    if sweep:
        adjoints = [sweep.adjoints.get(name) for name in variables]
        gradient = tuple(None if node is None else slots[node] for node in adjoints)
        program = program._replace(gradient=gradient, unknown=sweep.unknown)
    places = tuple(tuple(None if node is None else slots[node] for node in row) for row in nodes)
    blank = tuple((None,) * len(columns) for _ in nodes)
    return Matrix(
        whole.text, program, tuple(columns), tuple(slots[value] for value in values), places, frozenset(unknown),
        blank if formulas is None else tuple(map(tuple, formulas)),
    )  # fmt: skip


def check_size(rows: int, columns: int, instead: str) -> None:
    """Raises LimitProblem where a table would have more entries than its limit."""
    if rows * columns > limit("entries"):
        message = f"a matrix of {rows:,} × {columns:,} is too large: at most {limit('entries'):,.0f} entries are formed"
        raise limit_problem("entries", message, instead=instead)
