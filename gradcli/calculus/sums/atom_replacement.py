"""The atoms within a sum, those in arguments too, and the sum with some of them replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gradcli.calculus.sums import product_identities as identities
from gradcli.calculus.sums import sum_algebra as algebra
from gradcli.calculus.sums import sum_terms as sums
from gradcli.calculus.sums.sum_terms import Atom, Terms, atom


def atoms_within(terms: Terms) -> Iterator[Atom]:
    """The factors of every product, and those within their arguments."""
    for product in terms:
        for base, _ in product:
            yield base
            for part in base.args:
                yield from atoms_within(part.terms)


def replaced(terms: Terms, new: Callable[[Atom], Terms | None]) -> Terms:
    """The sum with some of its atoms replaced, from the inside out. Raises ZeroDivisionError where it divides by 0."""
    parts = []
    for product, value in terms.items():
        factors = [sums.number(value)]
        for base, power in product:
            factors.append(_replaced_atom(base, power, new))
        parts.append(algebra.multiplied(factors))
    return sums.added(parts)


def _replaced_atom(base: Atom, power: sums.Number, new: Callable[[Atom], Terms | None]) -> Terms:
    if not base.args:
        return sums.single(base, power)
    args = [replaced(part.terms, new) for part in base.args]
    changed = any(a != part.terms for a, part in zip(args, base.args, strict=True))
    if base.op == "sum":
        return algebra.raised(args[0], power) if changed else sums.single(base, power)
    if base.op == "exp":
        return identities.exponential(sums.scaled(args[0], power)) if changed else sums.single(base, power)
    if base.op == "**" and changed:
        return algebra.raised(algebra.powered(args[0], args[1]), power)
    built = atom(base.op, args, base.text) if changed else base
    made = new(built)
    return sums.single(built, power) if made is None else algebra.raised(made, power)
