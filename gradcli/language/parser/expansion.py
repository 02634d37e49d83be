"""Trees as they are typed → nodes: names replaced by what is defined, calls, sums and derivatives written out.

Equal nodes are one, so that sixty definitions that each use the one before twice stay sixty nodes. Every rule is a
generator: where it needs the tree of another text it yields it, and the depth of Python's stack does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from gradcli.language.errors import NameProblem, SyntaxProblem
from gradcli.language.parser.generator_stack import Steps
from gradcli.language.parser.index_sums import checked_count, exact_value, whole_bound, whole_row
from gradcli.language.parser.indexed_calls import INDEXED, ROWS_OR_ONE
from gradcli.language.parser.node_derivatives import Differentiation
from gradcli.language.parser.node_store import NodeStore, below
from gradcli.language.parser.row_columns import (
    NONE,
    Columns,
    Reduction,
    check_divisor,
    row_element,
    varies_by_row,
)
from gradcli.language.tokens import Token
from gradcli.language.tree import Expression, Node, Span

#: Nodes of a typed tree of which the first argument is a text of its own, with a name that is local to it.
_OWN_NAME = (*INDEXED, "diff")

#: Reads a text that the table of functions has.
Read = Callable[[str, Sequence[str]], Expression]

#: Reads the tree of one piece: the text, its tokens, the names that are values, and functions of one's own by arity.
ReadPiece = Callable[[str, Sequence[Token], Container[str], Mapping[str, int]], tuple[Sequence[Node], int]]


class Typed(NamedTuple):
    """A tree as it is typed: its nodes, and the root's position. parameters: of a function of one's own."""

    nodes: Sequence[Node]
    root: int
    parameters: tuple[str, ...] = ()


class Bound(NamedTuple):
    """What a parameter or an index stands for: a node, or an argument that varies by row and is written out in each."""

    place: int
    is_index: bool = False
    varying: tuple[Typed, int, Bindings] | None = None


class Shape(NamedTuple):
    """How a function of one's own varies by row: by itself, or with which arguments; and whether it brings rows together."""

    varies: bool
    passes: frozenset[str]
    reduces: bool


Bindings = Mapping[str, Bound]

#: The binding whose place is the row that is being written out.
ROW = "[row]"


_NOTHING: Bindings = {}
_SOMETHING = Bound(-1)
_VARYING = Bound(-1, varying=(Typed((), 0), 0, {}))


class Expansion:
    """The nodes of one text. values and functions: what is defined so far; later: what is defined further on.

    used: the names of definitions that the tree being written out refers to.
    """

    def __init__(self, text: str, read: Read, later: set[str] | None = None, columns: Columns = NONE) -> None:
        self.text, self.read, self.columns = text, read, columns
        self.store = NodeStore()
        self.values: dict[str, int] = {}
        self.functions: dict[str, Typed] = {}
        self.shapes: dict[str, Shape] = {}
        self.later = later if later is not None else set()
        self.used: set[str] = set()
        self.remarks: dict[str, None] = {}
        self.terms = 0
        self._called: dict[tuple[str, int, tuple[int, ...]], int] = {}
        self._orders: dict[tuple[int, int], list[int]] = {}
        self._held: list[Sequence[Node]] = []  # what was identified by its place in memory keeps it
        self._fresh = 0
        self.varying: dict[str, Typed] = {}
        self._reduced: dict[tuple[object, ...], int] = {}

    def tree(self, typed: Typed, root: int, bindings: Bindings) -> Steps:
        """Write out the tree below *root*; its position."""
        places: dict[int, int] = {}
        order = self._order(typed, root)
        self.store.count(len(order))
        for place in order:
            node = typed.nodes[place]
            if node.op in ("name", "constant"):
                places[place] = yield self._named(node, bindings)
            elif node.op == "rows":
                places[place] = yield self._rows(typed, node, bindings)
            elif node.op == "element":
                places[place] = self._element(node, typed.nodes[node.args[0]], places[node.args[0]])
            elif node.op in INDEXED:
                places[place] = yield self._indexed(typed, node, bindings, places)
            elif node.op == "diff":
                places[place] = yield self._derivative(typed, node, bindings, places)
            elif node.op == "call":
                places[place] = yield self._call(typed, node, bindings, places)
            else:
                args = tuple(places[a] for a in node.args)
                places[place] = self.store.add(node.op, args, node.text, node.span)
        return places[root]

    def _order(self, typed: Typed, root: int) -> list[int]:
        """The positions of what *root* is made of in order, without the texts that have a name of their own."""
        key = (id(typed.nodes), root)
        if key not in self._orders:
            found, waiting = {root}, [root]
            while waiting:
                node = typed.nodes[waiting.pop()]
                for argument in self._inside(node):
                    if argument not in found:
                        found.add(argument)
                        waiting.append(argument)
            self._orders[key] = sorted(found)
            self._held.append(typed.nodes)
        return self._orders[key]

    def _inside(self, node: Node) -> tuple[int, ...]:
        """The arguments that are written out with the node itself."""
        if node.op == "rows" or (node.op == "call" and self.columns.names and self.shapes[node.text].reduces):
            return ()
        if node.op in _OWN_NAME:
            return node.args[1:]
        return node.args

    def varies(self, typed: Typed, root: int, bindings: Bindings = _NOTHING) -> bool:
        """Whether a typed tree has another value in each row, outside of the calls that bring rows to one number."""
        if not self.columns.names:
            return False
        return self._varying_leaf(typed, root, bindings) is not None

    def _varying_leaf(self, typed: Typed, root: int, bindings: Bindings) -> Node | None:
        """The name or call by which a typed tree varies by row; None where it does not."""
        waiting, seen = [root], {root}
        while waiting:
            node = typed.nodes[waiting.pop()]
            if self._varies(typed, node, bindings):
                return node
            for argument in () if node.op in ("rows", "call") else reversed(node.args):
                if argument not in seen:
                    seen.add(argument)
                    waiting.append(argument)
        return None

    def _varies(self, typed: Typed, node: Node, bindings: Bindings) -> bool:
        name = node.text
        if node.op == "call" and name in self.functions:
            known = self.shapes[name]
            return known.varies or any(
                p in known.passes and self.varies(typed, a, bindings)
                for p, a in zip(self.functions[name].parameters, node.args, strict=True)
            )
        if node.op != "name":
            return False
        if name in bindings:
            return bindings[name].varying is not None
        return name in self.columns.names or name in self.varying

    def define_function(self, name: str, typed: Typed) -> None:
        """Keep a function of one's own, and how it varies by row."""
        self.functions[name] = typed
        if not self.columns.names:
            return
        rest = dict.fromkeys(typed.parameters, _SOMETHING)
        passes = {p for p in typed.parameters if self.varies(typed, typed.root, {**rest, p: _VARYING})}
        varies = self.varies(typed, typed.root, rest)
        reduces = any(
            node.op in ("rows", "element") or (node.op == "call" and self.shapes[node.text].reduces)
            for node in typed.nodes
        )
        self.shapes[name] = Shape(
            varies, frozenset(passes) if not varies else frozenset(typed.parameters), reduces
        )

    def check_one_number(self, typed: Typed, root: int, pieces: Collection[Typed] = ()) -> None:
        """Raises VariesByRow where the expression at *root* has a number for each row; pieces: its definitions."""
        culprit = self._varying_leaf(typed, root, _NOTHING) if self.columns.names else None
        if culprit is not None:
            mixed = any(node.op in ("rows", "element") for one in (typed, *pieces) for node in one.nodes)
            span = (culprit.span[0], culprit.span[0] + len(culprit.text))
            raise varies_by_row(self.text, culprit.text, self.columns, span, mixed=mixed)

    def _named(self, node: Node, bindings: Bindings) -> Steps:
        name = node.text
        bound = bindings.get(name)
        if bound is not None and bound.varying is not None:
            typed, root, outer = bound.varying
            return (yield self.tree(typed, root, _in_row(outer, bindings)))
        if bound is not None:
            return bound.place
        if name in self.varying and node.op == "name":
            self.used.add(name)
            self._check_in_row(node, bindings)
            typed, key = self.varying[name], (name, bindings[ROW].place, ())
            if key not in self._called:
                self._called[key] = yield self.tree(typed, typed.root, _in_row({}, bindings))
            return self._called[key]
        if name in self.columns.names and node.op == "name":
            return self._of_row(node, bindings)
        return self._constant_or_name(node)

    def _of_row(self, node: Node, bindings: Bindings) -> int:
        """The column *node* in the row that is being written out."""
        self._check_in_row(node, bindings)
        return row_element(self.store, self.text, node, bindings[ROW].place, self.columns)

    def _element(self, node: Node, index: Node, place: int) -> int:
        """One number of a column, whose row *index* stands at *place*."""
        value = self._exact(place)
        row = whole_row(self.text, value, node.text, index.span)
        return row_element(self.store, self.text, node, row, self.columns)

    def _count(self, span: Span) -> int:
        return self.store.number(self.columns.rows, span)

    def _check_in_row(self, node: Node, bindings: Bindings) -> None:
        if ROW not in bindings:
            raise varies_by_row(self.text, node.text, self.columns, node.span)

    def _constant_or_name(self, node: Node) -> int:
        name = node.text
        if node.op == "name" and name in self.values:
            self.used.add(name)
            return self.values[name]
        if node.op == "name":
            self.check_known(node)
        if node.op == "constant" and name == "deg":
            pi = self.store.add("constant", (), "pi", node.span)
            return self.store.add("/", (pi, self.store.number(180, node.span)), "", node.span)
        return self.store.add(node.op, (), name, node.span)

    def check_known(self, node: Node) -> None:
        """Raises NameProblem for a name that is defined further on, or is a function of one's own."""
        if node.text in self.later:
            message = f"{node.text} is used before it is defined"
            hint = "definitions stand above what uses them"
            raise NameProblem(message, text=self.text, span=node.span, hint=hint)
        if node.text in self.functions and node.op != "call":
            usage = f"{node.text}({', '.join(self.functions[node.text].parameters)})"
            message = f"{node.text} is a function of this text: it is called as {usage}"
            raise NameProblem(message, text=self.text, span=node.span)

    def _rows(self, typed: Typed, node: Node, bindings: Bindings) -> Steps:
        """A call that brings the rows of its arguments to one number, with its rows written out."""
        if node.text == "count":
            return self._count(node.span)
        outer = {name: bound for name, bound in bindings.items() if name != ROW}
        key = (id(node), tuple(sorted((n, b.place) for n, b in outer.items())))
        known = None if any(b.varying for b in outer.values()) else self._reduced.get(key)
        if known is None:
            known = self._reduced[key] = yield self._written_rows(typed, node, outer)
        return known

    def _written_rows(self, typed: Typed, node: Node, outer: Bindings) -> Steps:
        body, *rest = node.args
        if not any(self.varies(typed, a, outer) for a in (node.args if node.text == "dot" else (body,))):
            if node.text in ROWS_OR_ONE:
                one = yield self.tree(typed, body, outer)
                return self.store.add(node.text, (one,), "", node.span)
            raise self._one_number(typed.nodes[body], node)
        self.terms = checked_count(self.text, node.text, 1, self.columns.rows, node.span, self.terms)
        less = 0
        if rest and node.text != "dot":
            place = yield self.tree(typed, rest[0], outer)
            less = self._whole(typed.nodes[rest[0]], node.text, place)
        if node.text in ("var", "std"):
            check_divisor(self.text, node.text, less, self.columns.rows, node.span)
        rows, others = [], []
        for row in range(self.columns.rows):
            inner = {**outer, ROW: Bound(row)}
            rows.append((yield self.tree(typed, body, inner)))
            if node.text == "dot":
                others.append((yield self.tree(typed, rest[0], inner)))
        return Reduction(self.store, node.text, node.span).of(rows, others, less)

    def _one_number(self, body: Node, node: Node) -> NameProblem:
        written = self.text[slice(*body.span)]
        message = f"{written} does not vary by row, so {node.text} has nothing to bring together"
        times = written if body.op in ("name", "number", "constant", "rows", "*") else f"({written})"
        hint = f"the sum over all rows is count()*{times}" if node.text == "sum" else f"write {written}"
        return NameProblem(message, text=self.text, span=body.span, hint=hint)

    def _check_call(self, node: Node, bindings: Bindings) -> None:
        """Raises NameProblem for a call of what is no function here."""
        name = node.text
        span = (node.span[0], node.span[0] + len(name))
        if name in bindings:
            raise NameProblem(
                f"{name} is a number here, so {name}(…) is not a call", text=self.text, span=span
            )
        self.check_known(node._replace(span=span))
        self.used.add(name)

    def _call(self, typed: Typed, node: Node, bindings: Bindings, places: Mapping[int, int]) -> Steps:
        self._check_call(node, bindings)
        name = node.text
        function = self.functions[name]
        if self.columns.names and self.shapes[name].reduces:
            bound = _in_row({}, bindings)
            for parameter, a in zip(function.parameters, node.args, strict=True):
                if self.varies(typed, a, bindings):
                    bound[parameter] = Bound(-1, varying=(typed, a, bindings))
                else:
                    bound[parameter] = Bound((yield self.tree(typed, a, bindings)))
            return (yield self.tree(function, function.root, bound))
        here = bindings[ROW].place if ROW in bindings else -1
        key = (name, here, tuple(places[a] for a in node.args))
        if key not in self._called:
            bound = {p: Bound(a) for p, a in zip(function.parameters, key[2], strict=True)}
            bound = _in_row(bound, bindings)
            self._called[key] = yield self.tree(function, function.root, bound)
        return self._called[key]

    def _indexed(self, typed: Typed, node: Node, bindings: Bindings, places: Mapping[int, int]) -> Steps:
        """A sum or product with its terms written out."""
        body, low, high = node.args
        first = self._whole(typed.nodes[low], node.op, places[low])
        last = self._whole(typed.nodes[high], node.op, places[high])
        self.terms = checked_count(self.text, node.op, first, last, node.span, self.terms)
        terms = []
        for value in range(first, last + 1):
            place = self.store.number(value, node.span)
            terms.append((yield self.tree(typed, body, {**bindings, node.text: Bound(place, is_index=True)})))
        if not terms:
            nothing = "0" if node.op == "sum" else "1"
            self.remarks[f"the {node.op} over {node.text} from {first} to {last} is empty, and {nothing}"] = (
                None
            )
            return self.store.add("number", (), nothing, node.span)
        return self.store.add(INDEXED[node.op], tuple(terms), "", node.span) if len(terms) > 1 else terms[0]

    def _whole(self, typed: Node, name: str, place: int) -> int:
        return whole_bound(self.text, self._exact(place), name, typed.span)

    def _exact(self, place: int) -> Fraction | None:
        nodes = self.store.nodes
        return exact_value(nodes, place, sorted(below(nodes, [place])))

    def _derivative(self, typed: Typed, node: Node, bindings: Bindings, places: Mapping[int, int]) -> Steps:
        """The derivative of a tree along a variable, or along a parameter by itself, whatever it stands for."""
        name, order = node.text, 1
        if len(node.args) > 1:
            order = self._whole(typed.nodes[node.args[1]], "diff", places[node.args[1]])
        bound = bindings.get(name)
        self._check_along(node, name, order, bound)
        if bound is None:
            column = name in self.columns.names
            leaf = self._of_row(node, bindings) if column else self.store.add("name", (), name, node.span)
            root = yield self.tree(typed, node.args[0], bindings)
        else:
            self._fresh += 1
            leaf = self.store.add("name", (), f"{name} {self._fresh}", node.span)
            root = yield self.tree(typed, node.args[0], {**bindings, name: Bound(leaf)})
        self._check_derived(root)
        for _ in range(order):
            root = yield Differentiation(self, leaf, node.span).along(root)
        return root if bound is None else self.store.replaced(root, leaf, bound.place)

    def _check_derived(self, root: int) -> None:
        """Nothing that is written out is in the way of a derivative."""

    def _check_along(self, node: Node, name: str, order: int, bound: Bound | None) -> None:
        from gradcli.language.limits import limit, limit_problem

        if order < 0:
            raise SyntaxProblem(
                f"diff: an order is not negative, as {order} is", text=self.text, span=node.span
            )
        if order > limit("order"):
            raise limit_problem("order", f"diff: order {order} is too high", text=self.text, span=node.span)
        what = (
            "an index"
            if bound and bound.is_index
            else "a definition"
            if bound is None and self.is_defined(name)
            else ""
        )
        if what:
            message = f"{name} is {what}: diff goes along a variable or a parameter"
            raise NameProblem(message, text=self.text, span=node.span)

    def is_defined(self, name: str) -> bool:
        """Whether the text defines this name, before or after this place."""
        return name in self.values or name in self.functions or name in self.later

    def own(self, text: str, names: Sequence[str], args: Sequence[int], span: Span) -> Steps:
        """A text of the table of functions, its *names* standing for the nodes *args*."""
        expression = self.read(text, names)
        nodes = [node._replace(span=span) for node in expression.nodes]
        bound = {name: Bound(place) for name, place in zip(names, args, strict=True)}
        return self.tree(Typed(nodes, len(nodes) - 1), len(nodes) - 1, bound)


def _in_row(bindings: Bindings, here: Bindings) -> dict[str, Bound]:
    """*bindings* with the row that is being written out *here*."""
    return {**bindings, ROW: here[ROW]} if ROW in here else dict(bindings)


def leaves(typed: Typed) -> Iterator[Node]:
    """The names of a typed tree that are not local to it, and what it calls."""
    local = set(typed.parameters)
    hidden = {typed.root: local}
    for place in range(typed.root, -1, -1):
        if place not in hidden:  # the name of an index, where it is declared
            continue
        node, here = typed.nodes[place], hidden[place]
        for index, argument in enumerate(node.args):
            hidden[argument] = here | {node.text} if node.op in _OWN_NAME and index == 0 else here
        if node.op in ("name", "call") and node.text not in here:
            yield node
