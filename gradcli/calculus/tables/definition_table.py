"""Texts with definitions → what each definition is: its value and gradient, and the slopes of the chain rule."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from gradcli.calculus.formulas.graph_formulas import unrolled_nodes
from gradcli.calculus.graph.expression_graph import Graph
from gradcli.calculus.graph.reverse_sweep import reverse
from gradcli.calculus.program.derivative_table import Matrix
from gradcli.calculus.tables.table_assembly import Rows, assembled
from gradcli.language.parser.defined_view import named_places, parts_of
from gradcli.language.parser.outputs import total
from gradcli.language.tree import Definition, Expression

#: Operations times definitions up to which each definition has a gradient of its own.
MOST_WORK = 200_000

#: Definitions up to which the slopes of the chain rule are written.
MOST_PARTS = 200


class Slopes(NamedTuple):
    """Formulas in terms of the definitions: of ∂f/∂x for each x, and of each part along what it is made of directly.

    chain: part (f under the empty name) → name → formula; None where there are too many parts.
    """

    formulas: dict[str, str | None]
    chain: dict[str, dict[str, str | None]] | None


def used_definitions(expression: Expression) -> list[Definition]:
    """The values that the expression needs, in the order of the text."""
    return [definition for definition in expression.definitions if definition.place is not None]


def definition_table(
    texts: Sequence[str], given: Collection[str], wrt: Sequence[str] | None, only: str | None = None
) -> tuple[dict[str, str], Matrix | None]:
    """The definitions that are used, with their texts, and the table of their values and gradients.

    only: leave out all others. The table has no columns where there are too many, and is None where there are none.
    """
    whole = total(texts, given)
    used = [one for one in used_definitions(whole) if only in (None, one.name)]
    names = {one.name: whole.text[slice(*one.span)] for one in used}
    if not used:
        return names, None
    columns = tuple(whole.variables if wrt is None else wrt)
    if len(used) * len(whole.nodes) > MOST_WORK:
        columns = ()
    graph, places = Graph(), list[int]()
    graph.include(whole, places=places)
    roots = [places[one.place] for one in used if one.place is not None]
    sweeps = [reverse(graph, root, frozenset(columns)) for root in roots] if columns else []
    rows = [[sweep.adjoints.get(name) for name in columns] for sweep in sweeps] or [[] for _ in roots]
    unknown = {(i, j) for i, s in enumerate(sweeps) for j, name in enumerate(columns) if name in s.unknown}
    return names, assembled(graph, whole, columns, Rows(roots, rows, unknown))


def defined_slopes(texts: Sequence[str], given: Collection[str], wrt: Sequence[str] | None) -> Slopes:
    """The formulas of the partials in terms of the definitions, and the slopes of the chain rule."""
    whole = total(texts, given)
    names = list(whole.variables if wrt is None else wrt)
    graph, places = Graph(), list[int]()
    sweep = reverse(graph, graph.include(whole, places=places), frozenset(names))
    named = {places[place]: name for place, name in named_places(whole).items()}
    known = [name for name in names if name in sweep.adjoints]
    written = unrolled_nodes(graph, [sweep.adjoints[name] for name in known], _writer(whole), named)
    formulas = dict.fromkeys(names) | dict(zip(known, written, strict=True))
    if len(named) > MOST_PARTS:
        return Slopes(formulas, None)
    return Slopes(formulas, {name: _slopes(part) for name, part in parts_of(whole).items()})


def _writer(whole: Expression) -> Callable[[int, Expression], str]:
    """What writes the formula of a partial."""
    from gradcli.calculus.formulas.formula_shown import Formulas

    writer = Formulas(parts_of(whole)[""])
    return lambda _, derivative: writer.text_of(derivative)


def _slopes(part: Expression) -> dict[str, str | None]:
    """The formula of a part along each name that it is made of."""
    graph = Graph()
    sweep = reverse(graph, graph.include(part), frozenset(part.variables))
    from gradcli.calculus.formulas.formula_shown import Formulas

    writer, names = Formulas(part), [name for name in part.variables if name in sweep.adjoints]
    nodes = [sweep.adjoints[name] for name in names]
    texts = unrolled_nodes(graph, nodes, lambda i, derivative: writer.text_of(derivative, names[i]))
    return dict.fromkeys(part.variables) | dict(zip(names, texts, strict=True))
