"""Squares of functions that belong together, and angles doubled: sin(u)**2 + cos(u)**2 is 1."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from gradcli.calculus.sums import sum_algebra as algebra
from gradcli.calculus.sums import sum_terms as sums
from gradcli.calculus.sums.sum_terms import Atom, Number, Product, Terms


class _Identity(NamedTuple):
    """first**2*a + second**2*b is value**2*times; an empty name is 1."""

    first: str
    second: str
    signs: tuple[int, int]
    value: str
    times: int


_IDENTITIES = (
    _Identity("sin", "cos", (1, 1), "", 1),
    _Identity("cosh", "sinh", (1, -1), "", 1),
    _Identity("sin", "", (-1, 1), "cos", 1),
    _Identity("cos", "", (-1, 1), "sin", 1),
    _Identity("tan", "", (1, 1), "sec", 1),
    _Identity("cot", "", (1, 1), "csc", 1),
    _Identity("tanh", "", (-1, 1), "sech", 1),
    _Identity("coth", "", (1, -1), "csch", 1),
    _Identity("sinh", "", (1, 1), "cosh", 1),
    _Identity("cosh", "", (1, -1), "sinh", 1),
)


def joined_squares(terms: Terms) -> Iterator[Terms]:
    """The sum with pairs of squares as one, for every identity that fits somewhere; nothing where none does."""
    squares = [
        (base, product) for product in terms for base, power in product if power == 2 and base.op in _NAMES
    ]
    for base, product in squares:
        rest = tuple(item for item in product if item[0] != base)
        for identity in _IDENTITIES:
            if identity.first == base.op:
                partner = algebra.times(rest, _square(identity.second, base))
                [other] = partner
                ratio = identity.signs[0] * terms[product]
                if terms.get(other) == identity.signs[1] * ratio:
                    yield _replaced(terms, (product, other), rest, _square(identity.value, base), ratio)
    yield from _doubled(terms)
    yield from _quotients(terms)


_NAMES = frozenset(identity.first for identity in _IDENTITIES)


def _square(name: str, like: Atom) -> Product:
    if not name:
        return ()
    return ((sums.atom(name, [part.terms for part in like.args]), 2),)


def _replaced(
    terms: Terms, gone: tuple[Product, Product], rest: Product, square: Product, coefficient: Number
) -> Terms:
    left = {product: value for product, value in terms.items() if product not in gone}
    return sums.added([left, sums.scaled(algebra.times(rest, square), coefficient)])


def _doubled(terms: Terms) -> Iterator[Terms]:
    """cos(u)**2 - sin(u)**2 as cos(2*u), and 2*sin(u)*cos(u) as sin(2*u); those of hyperbolas with a plus."""
    for product, value in terms.items():
        for base, power in product:
            if base.op not in _DOUBLED:
                continue
            cosine, sign = _DOUBLED[base.op]
            inner = base.args[0].terms
            twin = sums.atom(cosine, [inner])
            double = sums.scaled(inner, 2)
            rest = tuple(item for item in product if item[0] not in (base, twin))
            powers = dict(product)
            if power == 2 and twin not in powers:
                [other] = algebra.times(rest, ((twin, 2),))
                if terms.get(other) == sign * value:
                    new = ((sums.atom(cosine, [double]), 1),)
                    yield _replaced(terms, (product, other), rest, new, sign * value)
            elif power == 1 and powers.get(twin) == 1 and value % 2 == 0:
                new = ((sums.atom(base.op, [double]), 1),)
                yield _replaced(terms, (product, product), rest, new, Fraction(value) / 2)


_DOUBLED = {"sin": ("cos", -1), "sinh": ("cosh", 1)}

#: What a function divided by another is, and what 1 over it is.
_RATIOS = {("sin", "cos"): "tan", ("cos", "sin"): "cot", ("sinh", "cosh"): "tanh", ("cosh", "sinh"): "coth"}
_RECIPROCALS = {"cos": "sec", "sin": "csc", "cosh": "sech", "sinh": "csch"}


def _quotients(terms: Terms) -> Iterator[Terms]:
    """sin(u)/cos(u) as tan(u), and 1/cos(u)**2 as sec(u)**2, in every term where they stand."""
    changed = {product: _as_ratio(product) for product in terms}
    if any(product != new for product, new in changed.items()):
        yield sums.added(
            sums.scaled(algebra.times((), changed[product]), value) for product, value in terms.items()
        )


def _as_ratio(product: Product) -> Product:
    powers = dict(product)
    for base, power in product:
        if power < 0 and base.op in _RECIPROCALS and power == int(power):
            args = [part.terms for part in base.args]
            for (upper, lower), ratio in _RATIOS.items():
                over = sums.atom(upper, args)
                if lower == base.op and powers.get(over) == 1:
                    powers[over], powers[base] = 0, powers[base] + 1
                    powers[sums.atom(ratio, args)] = 1
            whole = sums.atom(_RECIPROCALS[base.op], args)
            if whole not in powers:
                powers[whole], powers[base] = -powers[base], 0
    [made] = algebra.multiplied(
        [sums.single(base, power) for base, power in powers.items() if power] or [sums.ONE]
    )
    return made
