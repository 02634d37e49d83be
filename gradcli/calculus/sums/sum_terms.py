"""Sums of products with exact coefficients: what the forms of a formula are rewritten in.

A sum is a dictionary from products to their coefficients; a product is its atoms with their exponents. A sum that
stands as a factor is an atom itself, so that nothing is multiplied out unless it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple

Number = int | Fraction

#: How far from the front of a product an atom stands.
_RANKS = {"number": "0", "constant": "1", "name": "2", "**": "3", "sum": "4"}

#: The cosine stands behind the sine.
_BEHIND = {"cos": "5sinz", "cosh": "5sinhz"}


class Atom(NamedTuple):
    """A number under a root, a constant, a name, a sum in brackets (`sum`), a power (`**`), a condition or a call.

    key: equal for equal atoms, and in the order in which factors are written.
    """

    op: str
    args: tuple[Sum, ...]
    text: str
    key: str

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Atom) and self.key == other.key


Product = tuple[tuple[Atom, Number], ...]

Terms = dict[Product, Number]


class Sum(NamedTuple):
    """A sum that is an argument, with a key that is equal for equal sums."""

    terms: Terms
    key: str


ONE: Terms = {(): 1}


def atom(op: str, args: Iterable[Terms] = (), text: str = "") -> Atom:
    """The atom of a leaf or of a call."""
    sealed = tuple(map(seal, args))
    if op in ("name", "number"):
        label = re.sub("[0-9]+", lambda run: f"{run[0]:0>8}", text) + "\0" + text
    else:
        label = text + "".join(part.key for part in sealed)
    return Atom(op, sealed, text, f"{_RANKS.get(op) or _BEHIND.get(op, '5' + op)}{label}")


def seal(terms: Terms) -> Sum:
    """The sum as an argument."""
    parts = sorted(
        f"{coefficient}" + "".join(f"*{base.key}^{power}" for base, power in product)
        for product, coefficient in terms.items()
    )
    return Sum(terms, f"({'+'.join(parts)})")


def single(base: Atom, power: Number = 1) -> Terms:
    """One atom as a sum."""
    return {((base, power),): 1}


def number(value: Number) -> Terms:
    """A number as a sum."""
    return {(): integer_if_whole(value)} if value else {}


def constant(terms: Mapping[Product, Number]) -> Number | None:
    """The number that the sum is, or None."""
    if not terms:
        return 0
    return terms.get(()) if len(terms) == 1 else None


def integer_if_whole(value: Number) -> Number:
    """The number, as an integer where it is whole."""
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def added(parts: Iterable[Mapping[Product, Number]]) -> Terms:
    """The sum of sums, like terms together."""
    total: Terms = {}
    for part in parts:
        for product, coefficient in part.items():
            left = total.get(product, 0) + coefficient
            if left:
                total[product] = integer_if_whole(left)
            else:
                del total[product]
    return total


def flattened(terms: Terms) -> Terms:
    """The sum with sums that are nothing but a term of it opened."""
    inner = [
        product for product in terms if len(product) == 1 and product[0][0].op == "sum" and product[0][1] == 1
    ]
    inner = [product for product in inner if terms[product] in (1, -1)]
    if len(terms) < 2 or not inner:
        return terms
    rest = {product: value for product, value in terms.items() if product not in inner}
    return added([rest, *(scaled(product[0][0].args[0].terms, terms[product]) for product in inner)])


def scaled(terms: Mapping[Product, Number], factor: Number) -> Terms:
    """The sum times a number other than 0."""
    return {product: integer_if_whole(coefficient * factor) for product, coefficient in terms.items()}


def order(product: Product) -> tuple[tuple[str, Number], ...]:
    """Where a product stands in a sum: by its names and calls, higher powers first, numbers behind, then reciprocals."""
    known = tuple(
        (base.key if power > 0 else "~~" + base.key, -power)
        for base, power in product
        if base.op not in ("number", "constant")
    )
    return (*known, ("~", 0))


def leading(terms: Mapping[Product, Number]) -> Product:
    """The product that stands first."""
    return min(terms, key=order)


def content(terms: Mapping[Product, Number]) -> Number:
    """The number that, taken out, leaves whole coefficients without a common factor, the first of them positive."""
    values = [Fraction(value) for value in terms.values()]
    size = Fraction(gcd(*(v.numerator for v in values)), lcm(*(v.denominator for v in values)))
    return integer_if_whole(-size if terms[leading(terms)] < 0 else size)


def as_product(terms: Terms) -> tuple[Number, Product]:
    """The sum as a number times a product: the bracket itself where there are several terms."""
    if len(terms) == 1:
        [(product, coefficient)] = terms.items()
        return coefficient, product
    out = content(terms)
    return out, ((atom("sum", [scaled(terms, 1 / Fraction(out))]), 1),)
