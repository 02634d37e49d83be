"""Products of steps → pieces: heaviside(x - y)*a + heaviside(y - x)*b is where(x > y, a, b).

At the seam itself the pieces answer with the one behind the comma; a derivative that exists there is that of both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from gradcli.calculus.formulas.formula_seams import steps
from gradcli.calculus.sums import sum_terms as sums
from gradcli.calculus.sums.atom_replacement import atoms_within, replaced
from gradcli.calculus.sums.sum_terms import Atom, Terms, atom

#: Seams after each other that are told apart.
_MOST_SEAMS = 6

_Best = Callable[[Terms], Terms]


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
        seam, above, below = sums.scaled(seam, -1), below, above
    condition = _condition(seam, along)
    inner = _only_atom(above)
    if inner is not None and inner.op == "where" and inner.args[2].terms == below:
        both = [*_conjuncts(condition), *_conjuncts(_only_atom(inner.args[0].terms) or condition)]
        return sums.single(
            atom("where", [sums.single(atom("and", map(sums.single, both))), inner.args[1].terms, below])
        )
    return sums.single(atom("where", [sums.single(condition), above, below]))


def _count(terms: Terms) -> int:
    return sum(base.op in ("where", "piecewise") for base in atoms_within(terms))


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
        left, right = sums.scaled(left, 1 / size), sums.scaled(right, 1 / size)
    name = atom("name", text=along)
    swapped = sums.constant(left) is not None or (
        name in atoms_within(right) and name not in atoms_within(left)
    )
    if swapped and (right or not left):
        return atom("<", [right, left])
    return atom(">", [left, right])


def beside(terms: Terms, seam: Terms, side: int) -> Terms:
    """The sum where *seam* is above 0 (side 1) or not (side -1): its steps, signs and choices decided."""
    known = {sums.seal(seam).key: side, sums.seal(sums.scaled(seam, -1)).key: -side}
    return replaced(terms, lambda base: _decided(base, known))


def _decided(base: Atom, known: Mapping[str, int]) -> Terms | None:
    """What a step, a sign or a choice is where the sums with these keys have these signs; None where that is open."""
    if base.op not in ("heaviside", "sign", "abs", "relu", "max", "min"):
        return None
    first = base.args[0].terms
    second = base.args[1].terms if len(base.args) > 1 else {}
    gap = sums.added([first, sums.scaled(second, -1)])
    if not gap:
        return first if base.op in ("max", "min") else None
    fixed = sums.constant(gap)
    if fixed is not None:
        return {"max": first if fixed > 0 else second, "min": second if fixed > 0 else first}.get(base.op)
    out = sums.content(gap)
    found = known.get(sums.seal(sums.scaled(gap, 1 / Fraction(out))).key)
    if found is None:
        return None
    above = (found > 0) == (out > 0)
    return {
        "heaviside": sums.number(int(above)), "sign": sums.number(1 if above else -1),
        "abs": sums.scaled(first, 1 if above else -1), "relu": first if above else {},
        "max": first if above else second, "min": second if above else first,
    }[base.op]  # fmt: skip
