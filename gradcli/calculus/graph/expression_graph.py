"""Expression tree → expression graph: elementary operations, every shared part once.

The graph is what programs are compiled from. Functions that have a meaning in the table are replaced by
it here, but for those with slopes of their own: these are replaced when the derivatives are there (`in_primitives`).
Functions of any number of arguments become chains of binary ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcli.calculus.program.instructions import SUM
from gradcli.language.function_table import FUNCTIONS
from gradcli.language.parser.composite_functions import defaults, is_composite, keeps_its_name, meaning
from gradcli.language.tree import EXACT, Expression, Node, Span

_LEAVES = ("number", "constant", "name")
_PLAIN = {"neg": "neg", "/": "div"}
_BINARY = {"<": "lt", "<=": "le", "==": "eq", "!=": "ne", "and": "and", "or": "or"}

#: In slopes, functions with a kink answer only beside it.
SIDES = {
    "sign": "sign_side", "heaviside": "heaviside_side", "floor": "floor_side",
    "lt": "lt_side", "le": "le_side", "eq": "eq_side", "ne": "ne_side",
}  # fmt: skip


class Graph:
    """Operations numbered in the order in which they can be carried out; equal ones are one.

    ops[i] is the operation's name, args[i] the numbers of its arguments, texts[i] a leaf's text and
    spans[i] the characters that node i stands for, or None. place: those of new nodes that come from nowhere else.
    primitive: whether functions with a meaning are replaced by it even where slopes of their own differentiate them.
    """

    def __init__(self, *, primitive: bool = False) -> None:
        self.primitive = primitive
        self.ops: list[str] = []
        self.args: list[tuple[int, ...]] = []
        self.texts: list[str] = []
        self.spans: list[Span | None] = []
        self.place: Span | None = None
        self._known: dict[tuple[str, tuple[int, ...], str], int] = {}

    def node(self, op: str, *args: int, text: str = "", span: Span | None = None) -> int:
        """The number of this operation, new or known."""
        return self.add(op, args, text, span)

    def add(self, op: str, args: tuple[int, ...], text: str = "", span: Span | None = None) -> int:
        """As `node`, its arguments in one."""
        ops = self.ops
        fresh = len(ops)
        number = self._known.setdefault((op, args, text), fresh)
        if number == fresh:
            ops.append(op)
            self.args.append(args)
            self.texts.append(text)
            self.spans.append(span or self.place)
        return number

    def beginning(self, kept: Sequence[int]) -> Graph:
        """A graph of its own up to the last of the nodes *kept*, in order, of which alone it knows.

        They need no others, and have no functions with a meaning.
        """
        made, end = Graph(primitive=True), kept[-1] + 1
        made.ops, made.args = self.ops[:end], self.args[:end]
        made.texts, made.spans = self.texts[:end], self.spans[:end]
        parts = [map(part.__getitem__, kept) for part in (made.ops, made.args, made.texts)]
        made._known = dict(zip(zip(*parts, strict=True), kept, strict=True))
        return made

    def number(self, text: str) -> int:
        """The node of a literal."""
        return self.add("number", (), text)

    def literal(self, node: int) -> str | None:
        """A literal's text, or None for any other node."""
        return self.texts[node] if self.ops[node] == "number" else None

    def include(
        self,
        expression: Expression,
        names: Mapping[str, int] | None = None,
        *,
        sides: Mapping[str, str] | None = None,
        span: Span | None = None,
        places: list[int] | None = None,
    ) -> int:
        """Add *expression*, its names replaced by the nodes *names*; the node of the whole.

        sides: other operations to use, such as SIDES in slopes. span: the characters that all of it stands
        for, where it comes from the table and not from the user's text. places: is given the node of each of its nodes.
        """
        numbers: list[int] = []
        add = self.add
        for node in expression.nodes:
            op, args, text, typed = node
            place = typed if names is None else span
            if op in _LEAVES:
                if op == "name" and names is not None:
                    numbers.append(names[text])
                else:
                    numbers.append(add(op, (), "pi" if text == "π" and op == "constant" else text, place))
            elif op in _PLAIN:
                numbers.append(add(_PLAIN[op], tuple([numbers[i] for i in args]), "", place))
            elif op == "*":
                total = numbers[args[0]]
                for i in args[1:]:
                    total = add("mul", (total, numbers[i]), "", place)
                numbers.append(total)
            else:
                arguments = [numbers[i] for i in args]
                numbers.append(self._operation(node, arguments, expression, place, sides))
        if places is not None:
            places += numbers
        return numbers[-1]

    def _operation(
        self,
        node: Node,
        args: Sequence[int],
        expression: Expression,
        span: Span | None,
        sides: Mapping[str, str] | None,
    ) -> int:
        op = node.op
        if op == "+" and node.text == EXACT:
            return self.node(SUM, *args, span=span)
        if op == "+":
            signs = [expression.nodes[i].op == "neg" for i in node.args]
            return self._sum(args, signs, span)
        if op in ("min", "max"):
            return self._chain(op, args, span)
        if op == "**":
            return self._power(args, span)
        if op in (">", ">="):
            op, args = {">": "<", ">=": "<="}[op], (args[1], args[0])
        if op in ("where", "piecewise"):
            return self._pieces(args, span)
        if op == "log" and len(args) == 2:
            return self.node(
                "div", self.node("log", args[0], span=span), self.node("log", args[1], span=span), span=span
            )
        if op == "elliptic_e" and len(args) == 2:
            op = "elliptic_e2"
        if op in FUNCTIONS:
            args = (*args, *(self.include(one, {}, span=span) for one in defaults(op, len(args))))
        if is_composite(op) and (self.primitive or not keeps_its_name(op)):
            names, _, whole = meaning(op, len(args))
            return self.include(whole, dict(zip(names, args, strict=True)), sides=sides, span=span)
        op = _BINARY.get(op, op)
        return self.node(sides.get(op, op) if sides else op, *args, span=span)

    def _sum(self, args: Sequence[int], negated: Sequence[bool], span: Span | None) -> int:
        total = args[0]
        for item, minus in zip(args[1:], negated[1:], strict=True):
            if minus and self.ops[item] == "neg":
                total = self.add("sub", (total, self.args[item][0]), "", span)
            else:
                total = self.add("add", (total, item), "", span)
        return total

    def _chain(self, op: str, args: Sequence[int], span: Span | None) -> int:
        total = args[0]
        for item in args[1:]:
            if item != total:  # the greater of a number and itself has no corner
                total = self.add(op, (total, item), "", span)
        return total

    def _power(self, args: Sequence[int], span: Span | None) -> int:
        base, exponent = args
        if self.literal(exponent) == "2":
            return self.add("square", (base,), "", span)
        return base if self.literal(exponent) == "1" else self.add("pow", (base, exponent), "", span)

    def _pieces(self, args: Sequence[int], span: Span | None) -> int:
        result = args[-1]
        for condition, value in reversed(list(zip(args[:-1:2], args[1::2], strict=True))):
            result = self.node("select", condition, value, result, span=span)
        return result


def in_primitives(graph: Graph, needed: Sequence[int]) -> tuple[Graph, dict[int, int]]:
    """The nodes *needed*, in their order, without functions that have a meaning; and what each node has become."""
    composite = set() if graph.primitive else {op for op in set(graph.ops) if is_composite(op)}
    if not (composite and any(graph.ops[node] in composite and _changes(graph, node) for node in needed)):
        return graph, dict(zip(needed, needed, strict=True))
    made, places = Graph(primitive=True), dict[int, int]()
    for node in needed:
        op, span = graph.ops[node], graph.spans[node]
        args = [places[a] for a in graph.args[node]]
        if op in composite:
            names, _, whole = meaning(op, len(args))
            places[node] = made.include(whole, dict(zip(names, args, strict=True)), span=span)
        else:
            places[node] = made.add(op, tuple(args), graph.texts[node], span)
    return made, places


def _changes(graph: Graph, node: int) -> bool:
    """Whether a function with a meaning is not what it is replaced by, or has a literal in it that the graph has later."""
    op = graph.ops[node]
    if op == "square":
        return graph._known.get(("number", (), "2"), node) > node
    return op != "pow" or graph.literal(graph.args[node][1]) in ("1", "2")
