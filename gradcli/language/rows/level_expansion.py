"""Trees as they are typed → levels: the rows of a reducing call are not written out, its one row is kept as a tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from gradcli.language.parser.expansion import ROW, Bindings, Bound, Expansion, Read, Typed
from gradcli.language.parser.generator_stack import Steps
from gradcli.language.parser.indexed_calls import ROWS_OR_ONE
from gradcli.language.parser.node_store import below
from gradcli.language.parser.row_columns import Columns, Reduction
from gradcli.language.rows.linear_indices import line_of
from gradcli.language.rows.row_levels import ROWS, Element, Index, Line, NotByLevels, is_inner
from gradcli.language.tree import Node, Span

#: Sums over an index of so many terms are written out where they can be: they are no rows.
FEW_TERMS = 200


class Reduced(NamedTuple):
    """A level while the text is read: its kind, its row's tree, its index."""

    name: str
    kind: str
    root: int
    over: Index | None


class LevelExpansion(Expansion):
    """The nodes of a text in which each column stands for any row. reductions: the levels so far, each after its own.

    Raises NotByLevels where a level would have to be another one in each row or term of an outer one.
    """

    def __init__(self, text: str, read: Read, columns: Columns) -> None:
        super().__init__(text, read, None, columns)
        self.reductions: list[Reduced] = []
        self.elements: dict[str, Element] = {}
        self.less = self._indices = 0
        self._levels: dict[tuple[str, int, str], str] = {}
        self._results: dict[tuple[object, ...], int] = {}

    def _count(self, span: Span) -> int:
        return self.store.add("name", (), ROWS, span)

    def _of_row(self, node: Node, bindings: Bindings) -> int:
        self._check_in_row(node, bindings)
        return self.store.add("name", (), node.text, node.span)

    def _element(self, node: Node, index: Node, place: int) -> int:
        found = line_of(self.store.nodes, place)
        if found is None or not (found[1] or found[0].rows or found[0].constant.denominator == 1):
            return super()._element(node, index, place)  # which says what is wrong with it
        row, name = found
        inner = f"{node.text}#{row.constant}+{row.rows}n+{row.step}{name}"
        self.elements[inner] = Element(node.text, row, name, node.span)
        return self.store.add("name", (), inner, node.span)

    def _whole(self, typed: Node, name: str, place: int) -> int:
        if any(is_inner(text) for text in self._names(place)):
            raise NotByLevels(f"a whole number that {name} needs depends on the rows")
        return super()._whole(typed, name, place)

    def _named(self, node: Node, bindings: Bindings) -> Steps:
        bound = bindings.get(node.text)
        if bound is not None and bound.varying is not None:
            self._check_in_row(node, bindings)
            return bound.place
        return (yield from super()._named(node, bindings))

    def _rows(self, typed: Typed, node: Node, bindings: Bindings) -> Steps:
        """The number that a call makes of the rows of its arguments: that of a level."""
        if node.text == "count":
            return self._count(node.span)
        outer = {name: bound for name, bound in bindings.items() if name != ROW}
        key = (id(node), tuple(sorted((name, bound.place) for name, bound in outer.items())))
        if key not in self._reduced:
            self._reduced[key] = yield self._written_rows(typed, node, outer)
        return self._reduced[key]

    def _written_rows(self, typed: Typed, node: Node, outer: Bindings) -> Steps:
        body, *rest = node.args
        arguments = node.args if node.text == "dot" else (body,)
        if not any(self.varies(typed, a, outer) for a in arguments):
            if node.text in ROWS_OR_ONE:
                one = yield self.tree(typed, body, outer)
                return self.store.add(node.text, (one,), "", node.span)
            raise self._one_number(typed.nodes[body], node)
        less = 0
        if rest and node.text != "dot":
            place = yield self.tree(typed, rest[0], outer)
            less = self._whole(typed.nodes[rest[0]], node.text, place)
            self.less = max(self.less, less)
        places, inner = [], {**outer, ROW: Bound(-1)}
        for argument in arguments:
            places.append((yield self.tree(typed, argument, inner)))
        return LevelReduction(self, node.text, node.span).of(places[:1], places[1:], less)

    def _call(self, typed: Typed, node: Node, bindings: Bindings, places: Mapping[int, int]) -> Steps:
        self._check_call(node, bindings)
        function = self.functions[node.text]
        bound = {ROW: bindings[ROW]} if ROW in bindings else dict[str, Bound]()
        for parameter, a in zip(function.parameters, node.args, strict=True):
            varies = self.varies(typed, a, bindings)
            inside = {**bindings, ROW: Bound(-1)} if varies else bindings
            place = yield self.tree(typed, a, inside)
            bound[parameter] = Bound(place, varying=(typed, a, bindings) if varies else None)
        key = (
            node.text,
            ROW in bindings,
            tuple((b.place, b.varying is None) for n, b in bound.items() if n != ROW),
        )
        if key not in self._results:
            self._results[key] = yield self.tree(function, function.root, bound)
        return self._results[key]

    def _indexed(self, typed: Typed, node: Node, bindings: Bindings, places: Mapping[int, int]) -> Steps:
        """A sum over an index whose bounds depend on the number of rows, or that has many terms: a level."""
        body, low, high = node.args
        ends = [line_of(self.store.nodes, places[place]) for place in (low, high)]
        lines = [found[0] for found in ends if found is not None and not found[1]]
        if len(lines) < 2 or not (_is_long(lines) and node.op == "sum"):
            if any(line.rows for line in lines):
                raise NotByLevels("a product over the rows")
            return (yield from super()._indexed(typed, node, bindings, places))
        self._indices += 1
        index = Index(f"#i{self._indices}", lines[0], lines[1], node.span)
        place = self.store.add("name", (), index.name, node.span)
        root = yield self.tree(typed, body, {**bindings, node.text: Bound(place, is_index=True)})
        return self.level("sum", root, node.span, index)

    def _check_derived(self, root: int) -> None:
        if any(name.removeprefix("#").isdigit() for name in self._names(root) if is_inner(name)):
            raise NotByLevels("a derivative of what is made of all rows")

    def level(self, kind: str, root: int, span: Span, index: Index | None = None) -> int:
        """The number of a level with this row."""
        self._check_apart(root, index)
        key = (kind, root, index.name if index else "")
        if key not in self._levels:
            self._levels[key] = f"#{len(self.reductions) + 1}"
            self.reductions.append(Reduced(self._levels[key], kind, root, index))
        return self.store.add("name", (), self._levels[key], span)

    def _check_apart(self, root: int, index: Index | None) -> None:
        """Raises NotByLevels for a row that is made of the rows or terms of an outer level."""
        for name in self._names(root):
            depends = self.elements[name].over if name in self.elements else name if name[:2] == "#i" else ""
            if (depends and (index is None or depends != index.name)) or (
                index and name in self.columns.names
            ):
                raise NotByLevels("a sum within a sum that is another one in each row")

    def check_whole(self, root: int) -> None:
        """Raises NotByLevels where the last expression is made of rows or terms of a level."""
        self._check_apart(root, None)

    def _names(self, root: int) -> set[str]:
        nodes = self.store.nodes
        return {nodes[place].text for place in below(nodes, [root]) if nodes[place].op == "name"}


def _is_long(lines: list[Line]) -> bool:
    low, high = lines
    if any(not line.rows and line.constant.denominator != 1 for line in lines):
        return False  # which is said where terms are written out
    return bool(low.rows or high.rows) or high.constant - low.constant >= FEW_TERMS


class LevelReduction(Reduction):
    """The number of one reducing call, made of levels."""

    def __init__(self, expansion: LevelExpansion, name: str, span: Span) -> None:
        super().__init__(expansion.store, name, span)
        self.expansion = expansion

    def _level(self, kind: str, row: int) -> int:
        return self.expansion.level(kind, row, self.span)

    def _total(self, rows: list[int]) -> int:
        return self._level("sum", rows[0])

    def _mean(self, rows: list[int], others: list[int], less: int) -> int:
        count = self.expansion._count(self.span)
        if less:
            off = self._node("neg", self.store.number(less, self.span))
            count = self._node("+", count, off)
        return self._node("/", self._total(rows), count)

    def _min(self, rows: list[int], others: list[int], less: int) -> int:
        return self._level("min", rows[0])

    def _max(self, rows: list[int], others: list[int], less: int) -> int:
        return self._level("max", rows[0])

    def _logsumexp(self, rows: list[int], others: list[int], less: int) -> int:
        """log of the sum of exp(e - m) plus m, the greatest e, of which nothing depends on m."""
        greatest = self._node("stop_gradient", self._level("max", rows[0]))
        small = self._node("exp", self._node("+", rows[0], self._node("neg", greatest)))
        return self._node("+", self._node("log", self._total([small])), greatest)
