"""Roots as constraints: sqrt(u) becomes a variable t >= 0 with t**2 = u, and so do other roots, broken powers, hypot, asin.

Points of the first problem and of the lifted one correspond, each to one, and continuously both ways: a local minimum of either
is one of the other. Where a root has no slope, at the end of its domain or at the tip of a cone, the lifted problem has slopes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from fractions import Fraction

from gradcli.calculus.critical.one_variable.written_nodes import substituted, text_of_node
from gradcli.language.constraints.constraint_text import Constraint, constraints_of
from gradcli.language.errors import LimitProblem
from gradcli.language.parser import parse
from gradcli.language.parser.outputs import outputs_of
from gradcli.language.problem_text import divided
from gradcli.language.records import NamedTuple
from gradcli.language.tree import Expression, Node

#: Operations with points at which they have a value and no slope.
ROOTS = ("sqrt", "cbrt", "root", "**", "hypot", "asin", "acos")

#: Roots that are made variables at the most, and the largest denominator of a power.
MOST, LARGEST = 40, 12


class Root(NamedTuple):
    """One root: its variable, its value (as a text), how it was typed, what its variable keeps, what stands in its place.

    value: of those before it too. squares: of which sum it is the root, where it is one: it is their length.
    """

    name: str
    value: str
    typed: str
    links: tuple[tuple[str, str], ...]
    lifted: str
    squares: tuple[str, ...] = ()


class Rooted(NamedTuple):
    """A problem whose roots are variables: its text, all constraints, of which the first are those of the other, the roots."""

    text: str
    constraints: list[Constraint]
    roots: list[Root]


def has_roots(texts: Sequence[str], given: Collection[str]) -> bool:
    """Whether one of the texts has a root that can be lifted."""
    return any(
        _kept(expression, node, ["u", "v"], "t") is not None
        for expression in (parse(text, given) for text in texts)
        for node in expression.nodes
        if node.op in ROOTS
    )


def rooted(
    text: str, constraints: Sequence[Constraint], given: Collection[str], wanted: Callable[[str, str], bool]
) -> Rooted | None:
    """The problem with a variable for each root that is *wanted*, by its operation and its first argument; None without one."""
    texts = [text, *(one.difference for one in constraints)]
    whole, outputs = outputs_of(texts, given)
    found: dict[str, Root] = {}
    taken = {*given, *whole.variables}
    try:
        written = [_written(one, found, taken, wanted) for one in outputs]
    except LimitProblem:
        return None
    if not found or len(found) > MOST:
        return None
    links = rewritten(text, constraints, outputs, written)
    return Rooted(
        written[0] or alone(text, outputs), [*links, *links_of_roots(found.values())], list(found.values())
    )


def alone(text: str, outputs: Sequence[Expression]) -> str:
    """The text of the first output without definitions, which the others need no more."""
    return text if not divided(text).definitions else substituted(outputs[0], {})[-1]


def rewritten(
    text: str, constraints: Sequence[Constraint], outputs: Sequence[Expression], written: Sequence[str | None]
) -> list[Constraint]:
    """Constraints with new differences, where there are new ones, and without the definitions of *text*."""
    found = []
    definitions = divided(text).definitions
    for one, output, new in zip(constraints, outputs[1:], written[1:], strict=True):
        if new is not None:
            found.append(one._replace(left=new, right="0", limit=None))
        elif definitions:
            found.append(one._replace(left=substituted(output, {})[-1], right="0"))
        else:
            found.append(one)
    return found


def links_of_roots(roots: Collection[Root]) -> list[Constraint]:
    """What the variables of roots keep."""
    return [
        link for root in roots for left, right in root.links for link in constraints_of(f"{left} {right}")
    ]


def _written(
    expression: Expression, found: dict[str, Root], taken: set[str], wanted: Callable[[str, str], bool]
) -> str | None:
    """The text of an expression with the variables of its roots, which are added to *found*; None where it has none."""
    texts: list[str] = []
    values = substituted(expression, {})
    lifted = False
    for place, node in enumerate(expression.nodes):
        arguments = [texts[i] for i in node.args]
        if node.op in ROOTS and wanted(node.op, values[node.args[0]]):
            root = root_of(expression, place, arguments, values[place], (len(found), taken))
            if root is not None:
                lifted = True
                texts.append(found.setdefault(values[place], root).lifted)
                continue
        texts.append(text_of_node(node.op, node.text, arguments))
    return texts[-1] if lifted else None


def root_of(
    expression: Expression, place: int, arguments: Sequence[str], value: str, names: tuple[int, Collection[str]]
) -> Root | None:  # fmt: skip
    """The root that a node is, with its *arguments* written; None where it is none. names: how many there are, names taken."""
    node = expression.nodes[place]
    stem = "root"
    while any(name.startswith(stem) for name in names[1]):
        stem += "_"
    name = f"{stem}{names[0]}"
    kept = _kept(expression, node, arguments, name)
    if kept is None:
        return None
    links, lifted, begin = kept
    typed = " ".join(expression.text[slice(*node.span)].split())
    return Root(name, begin or value, typed, links, lifted)


def with_squares(root: Root, expression: Expression, place: int, written: Sequence[str]) -> Root:
    """The root with what it is the length of, each node's text *written*; as it was where it is no root of a sum of squares."""
    node = expression.nodes[place]
    if node.op == "hypot":
        return root._replace(squares=tuple(written[i] for i in node.args))
    inner = expression.nodes[node.args[0]] if node.op == "sqrt" else None
    if inner is None:
        return root
    terms = [_square(expression, i, written) for i in (inner.args if inner.op == "+" else node.args[:1])]
    return root if None in terms else root._replace(squares=tuple(term for term in terms if term is not None))


def _square(expression: Expression, place: int, written: Sequence[str]) -> str | None:
    """What a node is the square of; None where it is none. A number above 0 may stand before it."""
    node = expression.nodes[place]
    if node.op == "**" and rational_of(expression, node.args[1]) == 2:
        return written[node.args[0]]
    if node.op != "*" or len(node.args) != 2:
        return None
    first, second = node.args
    if written[first] == written[second]:
        return written[first]
    factor, inner = rational_of(expression, first), _square(expression, second, written)
    return f"sqrt({written[first]})*{inner}" if factor is not None and factor > 0 and inner else None


def _kept(
    expression: Expression, node: Node, arguments: Sequence[str], name: str
) -> tuple[tuple[tuple[str, str], ...], str, str] | None:
    """What the variable keeps, the value that it makes, and its own value where that is another; None where it is no root."""
    u, above = arguments[0], (name, ">= 0")
    if node.op == "sqrt":
        return (above, (f"{name}**2", f"= {u}")), name, ""
    if node.op == "hypot":
        return (above, (f"{name}**2", f"= {u}**2 + {arguments[1]}**2")), name, ""
    if node.op == "cbrt":
        return ((f"{name}**3", f"= {u}"),), name, ""
    if node.op in ("asin", "acos"):
        quarter = "atan(1)"  # a name like pi may be a variable
        low, high = (f"-2*{quarter}", f"2*{quarter}") if node.op == "asin" else ("0", f"4*{quarter}")
        return ((name, f">= {low}"), (name, f"<= {high}"), (f"{node.op[1:]}({name})", f"= {u}")), name, ""
    power = rational_of(expression, node.args[1])
    if node.op == "root":
        if power is None or power.denominator != 1 or not 2 <= power <= LARGEST:
            return None
        link = (f"{name}**{power}", f"= {u}")
        return ((link,) if power % 2 else (above, link)), name, ""
    if power is None or not 1 < power.denominator <= LARGEST or abs(power) > LARGEST:
        return None
    root = (f"{name}**{power.denominator}", f"= {u}")
    return (above, root), f"({name}**({power.numerator}))", f"({u})**(1/{power.denominator})"


def rational_of(expression: Expression, place: int) -> Fraction | None:
    """The number that a node is, where it is written with numbers alone that doubles can hold."""
    node = expression.nodes[place]
    if node.op == "number":
        try:
            size = float(node.text)
        except ValueError:
            return None
        zero = not node.text.lower().partition("e")[0].strip("0._")
        return Fraction(0) if zero else Fraction(node.text) if size and math.isfinite(size) else None
    parts = [rational_of(expression, i) for i in node.args]
    if node.op == "neg" and parts[0] is not None:
        return -parts[0]
    if node.op == "/" and parts[0] is not None and parts[1]:
        return parts[0] / parts[1]
    return None
