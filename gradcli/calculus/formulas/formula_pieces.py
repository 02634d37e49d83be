"""Products of steps → pieces: heaviside(x - y)*a + heaviside(y - x)*b is where(x > y, a, b).

At the seam itself the pieces answer with the one behind the comma; a derivative that exists there is that of both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache

from gradcli.calculus.sums import sum_algebra as algebra
from gradcli.calculus.sums.sum_algebra import Atom, Product, Terms, atom
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

#: Seams after each other that are told apart, and products with steps that are multiplied out.
_MOST_SEAMS = 6

_Best = Callable[[Terms], Terms]


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
    for base in _atoms(terms):
        if base.op == "heaviside":
            seam = _seam(base)
            found[algebra.seal(seam).key] = seam
    nested = [(sum(base.op in CORNERS for base in _atoms(seam)), key) for key, seam in found.items()]
    return [found[key] for _, key in sorted(nested)]


def _seam(base: Atom) -> Terms:
    inner = base.args[0].terms
    return algebra.scaled(inner, 1 / Fraction(algebra.content(inner)))


def _atoms(terms: Terms) -> Iterator[Atom]:
    for product in terms:
        for base, _ in product:
            yield base
            for part in base.args:
                yield from _atoms(part.terms)


def apart(seams: list[Terms]) -> bool:
    """Whether no two seams can be crossed at once: they differ by a number."""
    if len(seams) > 8:
        return False
    pairs = [(a, b) for i, a in enumerate(seams) for b in seams[:i]]
    return all(
        algebra.constant(algebra.added([a, algebra.scaled(b, sign)])) not in (None, 0)
        for a, b in pairs
        for sign in ((-1,) if _variable(a) == _variable(b) else (1,))
    )


def _variable(seam: Terms) -> set[tuple[Product, int]]:
    return {(product, 1 if value > 0 else -1) for product, value in seam.items() if product}


def pieced(terms: Terms, best: _Best, along: str = "", depth: int = 0) -> Terms:
    """The sum as pieces, each in its best form; the sum itself where it has no steps.

    along: the variable that stands on the left of a condition where it can.
    """
    seams = steps(terms)
    if not seams or depth == _MOST_SEAMS:
        return best(terms)
    seam = seams[0]
    above = pieced(beside(terms, seam, 1), best, along, depth + 1)
    below = pieced(beside(terms, seam, -1), best, along, depth + 1)
    return above if above == below else _where(seam, above, below, along)


def _where(seam: Terms, above: Terms, below: Terms, along: str) -> Terms:
    """The piece without steps last, 0 before all others."""
    if not above or (below and len(steps(below)) + _count(below) > len(steps(above)) + _count(above)):
        seam, above, below = algebra.scaled(seam, -1), below, above
    condition = _condition(seam, along)
    inner = _only_atom(above)
    if inner is not None and inner.op == "where" and inner.args[2].terms == below:
        both = [*_conjuncts(condition), *_conjuncts(_only_atom(inner.args[0].terms) or condition)]
        return algebra.single(
            atom(
                "where", [algebra.single(atom("and", map(algebra.single, both))), inner.args[1].terms, below]
            )
        )
    return algebra.single(atom("where", [algebra.single(condition), above, below]))


def _count(terms: Terms) -> int:
    return sum(base.op in ("where", "piecewise") for base in _atoms(terms))


def _conjuncts(condition: Atom) -> list[Atom]:
    if condition.op != "and":
        return [condition]
    return [part for argument in condition.args if (part := _only_atom(argument.terms)) is not None]


def _only_atom(terms: Terms) -> Atom | None:
    if len(terms) != 1:
        return None
    [(product, value)] = terms.items()
    return product[0][0] if value == 1 and len(product) == 1 and product[0][1] == 1 else None


def _condition(seam: Terms, along: str) -> Atom:
    """The seam above 0, written without minus signs: x - y as x > y, 1 - x as x < 1."""
    left = {product: value for product, value in seam.items() if value > 0}
    right = {product: -value for product, value in seam.items() if value < 0}
    if len(seam) == 2 and () in seam:
        [size] = [abs(Fraction(value)) for product, value in seam.items() if product]
        left, right = algebra.scaled(left, 1 / size), algebra.scaled(right, 1 / size)
    name = atom("name", text=along)
    swapped = algebra.constant(left) is not None or (name in _atoms(right) and name not in _atoms(left))
    if swapped and (right or not left):
        return atom("<", [right, left])
    return atom(">", [left, right])


def beside(terms: Terms, seam: Terms, side: int) -> Terms:
    """The sum where *seam* is above 0 (side 1) or not (side -1): its steps, signs and choices decided."""
    keys = {algebra.seal(seam).key: side, algebra.seal(algebra.scaled(seam, -1)).key: -side}

    def decided(base: Atom) -> Terms | None:
        if base.op not in ("heaviside", "sign", "abs", "relu", "max", "min"):
            return None
        first = base.args[0].terms
        second = base.args[1].terms if len(base.args) > 1 else {}
        gap = algebra.added([first, algebra.scaled(second, -1)])
        if not gap:
            return first if base.op in ("max", "min") else None
        fixed = algebra.constant(gap)
        if fixed is not None:
            return {"max": first if fixed > 0 else second, "min": second if fixed > 0 else first}.get(base.op)
        out = algebra.content(gap)
        found = keys.get(algebra.seal(algebra.scaled(gap, 1 / Fraction(out))).key)
        if found is None:
            return None
        above = (found > 0) == (out > 0)
        return {
            "heaviside": algebra.number(int(above)),
            "sign": algebra.number(1 if above else -1),
            "abs": algebra.scaled(first, 1 if above else -1),
            "relu": first if above else {},
            "max": first if above else second,
            "min": second if above else first,
        }[base.op]

    return replaced(terms, decided)


def replaced(terms: Terms, new: Callable[[Atom], Terms | None]) -> Terms:
    """The sum with some of its atoms replaced, from the inside out. Raises ZeroDivisionError where it divides by 0."""
    parts = []
    for product, value in terms.items():
        factors = [algebra.number(value)]
        for base, power in product:
            factors.append(_replaced_atom(base, power, new))
        parts.append(algebra.multiplied(factors))
    return algebra.added(parts)


def _replaced_atom(base: Atom, power: algebra.Number, new: Callable[[Atom], Terms | None]) -> Terms:
    if not base.args:
        return algebra.single(base, power)
    args = [replaced(part.terms, new) for part in base.args]
    changed = any(a != part.terms for a, part in zip(args, base.args, strict=True))
    if base.op == "sum":
        return algebra.raised(args[0], power) if changed else algebra.single(base, power)
    if base.op == "exp":
        return algebra.exponential(algebra.scaled(args[0], power)) if changed else algebra.single(base, power)
    if base.op == "**" and changed:
        return algebra.raised(algebra.powered(args[0], args[1]), power)
    built = atom(base.op, args, base.text) if changed else base
    made = new(built)
    return algebra.single(built, power) if made is None else algebra.raised(made, power)
