"""Trees as they are typed → nodes: names replaced by what is defined, calls, sums and derivatives written out.

Equal nodes are one, so that sixty definitions that each use the one before twice stay sixty nodes. Every rule is a
generator: where it needs the tree of another text it yields it, and the depth of Python's stack does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gradcli.language.errors import NameProblem, SyntaxProblem
from gradcli.language.parser.generator_stack import Steps
from gradcli.language.parser.index_sums import checked_count, exact_value, whole_bound
from gradcli.language.parser.indexed_calls import INDEXED
from gradcli.language.parser.node_derivatives import Differentiation
from gradcli.language.parser.node_store import NodeStore, below
from gradcli.language.tree import Expression, Node, Span

#: Nodes of a typed tree of which the first argument is a text of its own, with a name that is local to it.
_OWN_NAME = (*INDEXED, "diff")

#: Reads a text that the table of functions has.
Read = Callable[[str, Sequence[str]], Expression]


class Typed(NamedTuple):
    """A tree as it is typed: its nodes, and the root's position. parameters: of a function of one's own."""

    nodes: Sequence[Node]
    root: int
    parameters: tuple[str, ...] = ()


class Bound(NamedTuple):
    """What a parameter or an index stands for."""

    place: int
    is_index: bool = False


Bindings = Mapping[str, Bound]


class Expansion:
    """The nodes of one text. values and functions: what is defined so far; later: what is defined further on.

    used: the names of definitions that the tree being written out refers to.
    """

    def __init__(self, text: str, read: Read, later: set[str] | None = None) -> None:
        self.text, self.read = text, read
        self.store = NodeStore()
        self.values: dict[str, int] = {}
        self.functions: dict[str, Typed] = {}
        self.later = later if later is not None else set()
        self.used: set[str] = set()
        self.remarks: dict[str, None] = {}
        self.terms = 0
        self._called: dict[tuple[str, tuple[int, ...]], int] = {}
        self._orders: dict[tuple[int, int], list[int]] = {}
        self._fresh = 0

    def tree(self, typed: Typed, root: int, bindings: Bindings) -> Steps:
        """Write out the tree below *root*; its position."""
        places: dict[int, int] = {}
        order = self._order(typed, root)
        self.store.count(len(order))
        for place in order:
            node = typed.nodes[place]
            if node.op in ("name", "constant"):
                places[place] = self._named(node, bindings)
            elif node.op in INDEXED:
                places[place] = yield self._indexed(typed, node, bindings, places)
            elif node.op == "diff":
                places[place] = yield self._derivative(typed, node, bindings, places)
            elif node.op == "call":
                places[place] = yield self._call(node, [places[a] for a in node.args], bindings)
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
                for argument in node.args[1:] if node.op in _OWN_NAME else node.args:
                    if argument not in found:
                        found.add(argument)
                        waiting.append(argument)
            self._orders[key] = sorted(found)
        return self._orders[key]

    def _named(self, node: Node, bindings: Bindings) -> int:
        name = node.text
        if name in bindings:
            return bindings[name].place
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

    def _call(self, node: Node, args: list[int], bindings: Bindings) -> Steps:
        name = node.text
        span = (node.span[0], node.span[0] + len(name))
        if name in bindings:
            raise NameProblem(
                f"{name} is a number here, so {name}(…) is not a call", text=self.text, span=span
            )
        self.check_known(node._replace(span=span))
        self.used.add(name)
        function, key = self.functions[name], (name, tuple(args))
        if key not in self._called:
            bound = {p: Bound(a) for p, a in zip(function.parameters, args, strict=True)}
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
        nodes = self.store.nodes
        return whole_bound(
            self.text, exact_value(nodes, place, sorted(below(nodes, [place]))), name, typed.span
        )

    def _derivative(self, typed: Typed, node: Node, bindings: Bindings, places: Mapping[int, int]) -> Steps:
        """The derivative of a tree along a variable, or along a parameter by itself, whatever it stands for."""
        name, order = node.text, 1
        if len(node.args) > 1:
            order = self._whole(typed.nodes[node.args[1]], "diff", places[node.args[1]])
        bound = bindings.get(name)
        self._check_along(node, name, order, bound)
        if bound is None:
            leaf = self.store.add("name", (), name, node.span)
            root = yield self.tree(typed, node.args[0], bindings)
        else:
            self._fresh += 1
            leaf = self.store.add("name", (), f"{name} {self._fresh}", node.span)
            root = yield self.tree(typed, node.args[0], {**bindings, name: Bound(leaf)})
        for _ in range(order):
            root = yield Differentiation(self, leaf, node.span).along(root)
        return root if bound is None else self.store.replaced(root, leaf, bound.place)

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


def leaves(typed: Typed) -> Iterator[Node]:
    """The names of a typed tree that are not local to it, and what it calls."""
    local = set(typed.parameters)
    hidden: dict[int, set[str]] = {}
    for place in range(len(typed.nodes) - 1, -1, -1):
        node = typed.nodes[place]
        here = hidden.get(place, local)
        for index, argument in enumerate(node.args):
            hidden[argument] = here | {node.text} if node.op in _OWN_NAME and index == 0 else here
        if node.op in ("name", "call") and node.text not in here:
            yield node
