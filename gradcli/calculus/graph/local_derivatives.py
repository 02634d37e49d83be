"""One operation → its local derivatives as nodes of the graph, those of derivatives included."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from gradcli.calculus.graph.expression_graph import SIDES, Graph
from gradcli.calculus.graph.node_algebra import gated, plus, times
from gradcli.calculus.program.instructions import SUM
from gradcli.language.function_table import FUNCTIONS, SHORT_CALLS
from gradcli.language.parser import parse
from gradcli.language.records import NamedTuple
from gradcli.language.tree import Expression, Span

#: Operations that no function of the table names -> their parameters and their slopes.
_ARITHMETIC: dict[str, tuple[str, ...]] = {
    "neg": ("-1",),
    "add": ("1", "1"),
    "sub": ("1", "-1"),
    "mul": ("y", "x"),
    "div": ("1/y", "-(x/y)/y"),
    "square": ("2*x",),
    "sinc": ("sincprime(x)",),
}


_PLAIN = _ARITHMETIC.keys() - {"sinc"}

#: Piecewise constant operations: slope 0, but not where they jump.
JUMPS = {
    "sign": "flat_zero", "heaviside": "flat_zero",
    **dict.fromkeys(("floor", "ceil", "trunc", "round"), "flat_integer"),
}  # fmt: skip


#: The complete and the incomplete integral are two instructions of one name in the table.
_ELLIPTIC_E: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "elliptic_e": SHORT_CALLS["elliptic_e"],
    "elliptic_e2": (("phi", "m"), FUNCTIONS["elliptic_e"].slopes),
}


@cache
def slope(op: str, index: int) -> Expression | None:
    """The derivative of operation *op* along argument *index*, in its parameters; None if none is known."""
    texts = _ARITHMETIC.get(op) or (_ELLIPTIC_E[op][1] if op in _ELLIPTIC_E else FUNCTIONS[op].slopes)
    return parse(texts[index], parameters(op)) if texts and texts[index] else None


@cache
def parameters(op: str) -> tuple[str, ...]:
    """The names that an operation's slopes call its arguments by."""
    if op in _ELLIPTIC_E:
        return _ELLIPTIC_E[op][0]
    if op in _ARITHMETIC:
        return ("x", "y")[: len(_ARITHMETIC[op])]
    if op in ("min", "max"):
        return ("x", "y")
    names = FUNCTIONS[op].names
    return names[:1] if op == "log" else names


#: Where frameworks answer ties differently, the slope says which tie it is.
_TIES = {
    ("max", 0): {"heaviside": "first_side"}, ("max", 1): {"heaviside": "second_side"},
    ("min", 0): {"heaviside": "first_side"}, ("min", 1): {"heaviside": "second_side"},
    ("relu", 0): {"heaviside": "relu_side"},
}  # fmt: skip

#: Instructions that only derivatives have, and are constant between their jumps.
_FLAT = {
    **dict.fromkeys(("sign_side", "heaviside_side", "first_side", "second_side", "relu_side", "flat_zero", "flat_cut"),
                    "flat_zero"),
    **dict.fromkeys(("floor_side", "flat_integer"), "flat_integer"),
}  # fmt: skip


def off_the_seam(graph: Graph, condition: int) -> int:
    """The same condition, answering only beside the seam where it changes; one of constants has no such place."""
    op, args = graph.ops[condition], graph.args[condition]
    if _is_constant(graph, condition):
        return condition
    if op in ("and", "or"):
        return graph.node(op, off_the_seam(graph, args[0]), off_the_seam(graph, args[1]))
    return graph.node(SIDES[op], *args, span=graph.spans[condition]) if op in SIDES else condition


def _is_constant(graph: Graph, node: int) -> bool:
    """Whether no variable is below a node."""
    seen, waiting = {node}, [node]
    while waiting:
        here = waiting.pop()
        if graph.ops[here] == "name":
            return False
        fresh = set(graph.args[here]) - seen
        seen |= fresh
        waiting.extend(fresh)
    return True


def local_slope(graph: Graph, node: int, index: int) -> int | None:
    """The derivative of *node* along its argument number *index*; None where nobody knows it."""
    op, args = graph.ops[node], graph.args[node]
    if op == "mul":
        return args[1 - index]
    if op == SUM:
        return graph.number("1")
    if op in _PLAIN:
        return _written_slope(graph, node, index)
    if op == "pow":
        return _power_slope(graph, node, index)
    if op == "power_log":
        return _power_log_slope(graph, node, index)
    if op == "gate":
        return args[1 - index]
    flat = JUMPS.get(op) or _FLAT.get(op)
    if flat is not None:
        place = graph.node("add", args[0], graph.number("0.5")) if op == "round" else args[0]
        return graph.node(flat, place, span=graph.spans[node])
    if op == "fmod" or (op == "mod" and index == 0):
        whole = graph.node("flat_integer", graph.node("div", *args), span=graph.spans[node])
        return graph.node("add", _written_slope(graph, node, index), whole)
    if op == "gammasgn":  # constant beside its poles, but not what jumps inside of it
        return graph.node("flat_zero", graph.number("1"), span=graph.spans[node])
    if slope(op, index) is None:
        return None
    found = _written_slope(graph, node, index)
    return graph.node("add", found, _cut(graph, node)) if (op, index) == ("atan2", 0) else found


def _written_slope(graph: Graph, node: int, index: int) -> int:
    """The slope that the table writes."""
    op, args, span = graph.ops[node], graph.args[node], graph.spans[node]
    template = None if graph.primitive else _template(op, index)
    if template is None:
        return _included(graph, op, index, args, span)
    places = [*args]
    for made, inner, text in template.code:
        places.append(graph.add(made, tuple([places[one] for one in inner]), text, span))
    return places[template.whole]


def _included(graph: Graph, op: str, index: int, args: Sequence[int], span: Span | None) -> int:
    """The slope of *op* along an argument, its parameters the nodes *args*."""
    rule = slope(op, index)
    assert rule is not None  # noqa: S101  (who calls has looked)
    names = dict(zip(parameters(op), args, strict=True))
    return graph.include(rule, names, sides=SIDES | _TIES.get((op, index), {}), span=span)


class _Template(NamedTuple):
    """A slope as operations to be added to a graph: arguments are places, those of the operation first."""

    code: tuple[tuple[str, tuple[int, ...], str], ...]
    whole: int


@cache
def _template(op: str, index: int) -> _Template | None:
    """The slope that the table writes, read once; None where what it becomes depends on its exponents' literals."""
    graph, names = Graph(), parameters(op)
    args = [graph.node("name", text=name) for name in names]
    whole = _included(graph, op, index, args, None)
    code = tuple(zip(graph.ops, graph.args, graph.texts, strict=True))[len(names) :]
    typed = any(one == "pow" and inner[1] < len(names) for one, inner, _ in code)
    return None if typed else _Template(code, whole)


def _cut(graph: Graph, node: int) -> int:
    """0, and no slope on the half line x < 0, y = 0, across which the angle jumps from -π to π."""
    y, x = graph.args[node]
    zero, span = graph.number("0"), graph.spans[node]
    jump = graph.node("flat_cut", y, span=span)
    return graph.node("stop_gradient", graph.node("select", graph.node("lt", x, zero), jump, zero, span=span))


def _power_slope(graph: Graph, node: int, index: int) -> int:
    base, exponent = graph.args[node]
    if index == 1:
        return graph.node("power_log", base, exponent)
    literal = graph.literal(exponent)
    if literal is not None and literal.isdigit() and len(literal) < 10:
        if literal == "0":
            return graph.number("0")
        less = int(literal) - 1
        lower = graph.node("square", base) if less == 2 else graph.node("pow", base, graph.number(str(less)))
        return times(graph, exponent, lower)
    one_less = graph.node("sub", exponent, graph.number("1"))
    return times(graph, exponent, graph.node("pow", base, one_less))


def _power_log_slope(graph: Graph, node: int, index: int) -> int:
    """The slopes of x**y*log(x), which is 0 at x = 0 for positive y: x**(y-1)*(y*log(x) + 1), x**y*log(x)**2."""
    base, exponent = graph.args[node]
    if index == 1:
        return gated(graph, node, graph.node("log", base))
    one_less = graph.node("sub", exponent, graph.number("1"))
    logarithmic = times(graph, exponent, graph.node("power_log", base, one_less))
    return plus(graph, logarithmic, graph.node("pow", base, one_less))
