"""Where a formula changes its piece: corners of f, and the seams of the steps in its derivatives."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from gradcli.calculus.sums import sum_terms as sums
from gradcli.calculus.sums.atom_replacement import atoms_within
from gradcli.calculus.sums.sum_terms import Atom, Product, Terms
from gradcli.language.function_table import FUNCTIONS
from gradcli.language.parser.composite_functions import is_composite, meaning
from gradcli.language.tree import Expression

#: Operations with a corner or a step.
CORNERS = (
    "min",
    "max",
    "relu",
    "leaky_relu",
    "elu",
    "abs",
    "sign",
    "heaviside",
    "floor",
    "ceil",
    "mod",
    "where",
    "piecewise",
)


def has_one_corner(expression: Expression) -> bool:
    """Whether all corners of f lie inside of one: then a seam of one never meets that of another by chance."""
    outermost: set[tuple[object, ...]] = set()
    waiting, seen = [len(expression.nodes) - 1], set[int]()
    while waiting:
        place = waiting.pop()
        node = expression.nodes[place]
        if place in seen:
            continue
        seen.add(place)
        if node.op in CORNERS or _means_a_corner(node.op):
            outermost.add(_shape(expression, place))
        else:
            waiting.extend(node.args)
    return len(outermost) < 2


@cache
def _means_a_corner(op: str) -> bool:
    """Whether a function's meaning has a corner or a step."""
    if not is_composite(op):
        return False
    nodes = meaning(op, max(FUNCTIONS[op].most or 2, 1)).expression.nodes
    return any(node.op in CORNERS or _means_a_corner(node.op) for node in nodes)


def _shape(expression: Expression, place: int) -> tuple[object, ...]:
    node = expression.nodes[place]
    return (node.op, node.text, *(_shape(expression, argument) for argument in node.args))


def steps(terms: Terms) -> list[Terms]:
    """The seams of the steps that the sum has as factors: each once, without a numeric factor, simple ones first."""
    found: dict[str, Terms] = {}
    for base in atoms_within(terms):
        if base.op == "heaviside":
            seam = _seam(base)
            found[sums.seal(seam).key] = seam
    nested = [(sum(base.op in CORNERS for base in atoms_within(seam)), key) for key, seam in found.items()]
    return [found[key] for _, key in sorted(nested)]


def _seam(base: Atom) -> Terms:
    inner = base.args[0].terms
    return sums.scaled(inner, 1 / Fraction(sums.content(inner)))


def apart(seams: list[Terms]) -> bool:
    """Whether no two seams can be crossed at once: they differ by a number."""
    if len(seams) > 8:
        return False
    pairs = [(a, b) for i, a in enumerate(seams) for b in seams[:i]]
    return all(
        sums.constant(sums.added([a, sums.scaled(b, sign)])) not in (None, 0)
        for a, b in pairs
        for sign in ((-1,) if _variable(a) == _variable(b) else (1,))
    )


def _variable(seam: Terms) -> set[tuple[Product, int]]:
    return {(product, 1 if value > 0 else -1) for product, value in seam.items() if product}
