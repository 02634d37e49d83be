"""Sums of products with exact coefficients: what the forms of a formula are rewritten in.

A sum is a dictionary from products to their coefficients; a product is its atoms with their exponents. A sum that
stands as a factor is an atom itself, so that nothing is multiplied out unless it is asked for. Every function here
returns what equals its arguments wherever they have a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import reduce
from math import gcd, isqrt, lcm
from typing import NamedTuple

Number = int | Fraction

#: Exponents of numbers that are carried out, and products that a multiplied-out sum may have.
LARGEST_POWER, MOST_TERMS = 64, 60

#: The largest power of a bracket that is multiplied out.
MOST_FACTORS = 8

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


class TooLong(ValueError):
    """A sum has more products than are multiplied out."""


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
    return {(): _whole(value)} if value else {}


def constant(terms: Mapping[Product, Number]) -> Number | None:
    """The number that the sum is, or None."""
    if not terms:
        return 0
    return terms.get(()) if len(terms) == 1 else None


def _whole(value: Number) -> Number:
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def added(parts: Iterable[Mapping[Product, Number]]) -> Terms:
    """The sum of sums, like terms together."""
    total: Terms = {}
    for part in parts:
        for product, coefficient in part.items():
            left = total.get(product, 0) + coefficient
            if left:
                total[product] = _whole(left)
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
    return {product: _whole(coefficient * factor) for product, coefficient in terms.items()}


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
    return _whole(-size if terms[leading(terms)] < 0 else size)


def multiplied(parts: Iterable[Terms]) -> Terms:
    """The product of sums; those of several terms stay in brackets."""
    factors: dict[Atom, Number] = {}
    total: Number = 1
    for part in parts:
        if not part:
            return {}
        coefficient, product = _as_product(part)
        total *= coefficient
        for base, power in product:
            factors[base] = factors.get(base, 0) + power
    return _tidied(total, factors)


def _as_product(terms: Terms) -> tuple[Number, Product]:
    if len(terms) == 1:
        [(product, coefficient)] = terms.items()
        return coefficient, product
    out = content(terms)
    return out, ((atom("sum", [scaled(terms, 1 / Fraction(out))]), 1),)


def times(left: Product, right: Product) -> Terms:
    """The product of two products."""
    if not left or not right:
        return {left or right: 1}
    factors = dict(left)
    for base, power in right:
        factors[base] = factors.get(base, 0) + power
    return _tidied(1, factors)


def inverse(product: Product) -> Product:
    """1 over the product."""
    return tuple((base, -power) for base, power in product)


def _tidied(coefficient: Number, factors: dict[Atom, Number]) -> Terms:
    """The product as a sum of one term, its atoms in order, those that belong together joined."""
    ops = {base.op for base in factors}
    if "number" in ops:
        coefficient, factors = _with_roots_of_numbers(coefficient, factors)
    if "exp" in ops and sum(base.op == "exp" for base in factors) > 1:
        factors = _with_one_exponential(factors)
    if "abs" in ops or "sign" in ops:
        coefficient, factors = _with_signs(coefficient, factors)
    if "heaviside" in ops:
        factors = _with_steps(factors)
    if "sum" in ops and sum(base.op == "sum" for base in factors) > 1:
        coefficient, factors = _with_twins(coefficient, factors)
    kept = [(base, _whole(power)) for base, power in factors.items() if power]
    kept.sort(key=lambda item: item[0].key)
    return {tuple(kept): _whole(coefficient)}


def _with_roots_of_numbers(
    coefficient: Number, factors: dict[Atom, Number]
) -> tuple[Number, dict[Atom, Number]]:
    left = dict(factors)
    for base, power in factors.items():
        out = power.numerator // power.denominator
        if base.op == "number" and base.text.isdigit() and abs(out) <= LARGEST_POWER:
            coefficient *= Fraction(int(base.text)) ** out
            left[base] = power - out
    return coefficient, left


def _with_one_exponential(factors: dict[Atom, Number]) -> dict[Atom, Number]:
    exponent = added(
        scaled(base.args[0].terms, power) for base, power in factors.items() if base.op == "exp" and power
    )
    left = {base: power for base, power in factors.items() if base.op != "exp"}
    [(product, _)] = exponential(exponent).items()
    return {**left, **dict(product)}


def _with_signs(coefficient: Number, factors: dict[Atom, Number]) -> tuple[Number, dict[Atom, Number]]:
    """|u|**2 as u**2, |u|*sign(u) as u, and u*sign(u) as |u|: all three wherever u has a value."""
    left = dict(factors)
    for base in [base for base in factors if base.op == "abs"]:
        inner, power = base.args[0].terms, left[base]
        size, product = _as_product(inner)
        if abs(Fraction(power)) > LARGEST_POWER or power != int(power):
            continue
        if any(part.op == "exp" or p != int(p) for part, p in product):
            continue
        twin = atom("sign", [inner])
        whole = power if power % 2 == 0 else power - (1 if power > 0 else -1)
        if power % 2 and left.get(twin) == 1:
            whole, left[twin] = power, 0
        left[base] = power - whole
        coefficient *= Fraction(size) ** int(whole)
        for part, p in product if whole else ():
            left[part] = left.get(part, 0) + p * whole
    for base in [base for base in factors if base.op == "sign" and left[base] == 1]:
        inner = base.args[0].terms
        [product, size] = next(iter(inner.items())) if len(inner) == 1 else ((), 0)
        plain = product[0][0] if len(product) == 1 and product[0][1] == 1 and size == 1 else None
        if plain is not None and left.get(plain, 0) >= 1 and left[plain] == int(left[plain]):
            left[plain] -= 1
            left[base] = 0
            twin = atom("abs", [inner])
            left[twin] = left.get(twin, 0) + 1
    return coefficient, left


def _with_steps(factors: dict[Atom, Number]) -> dict[Atom, Number]:
    """max(u, 0)*heaviside(u) as max(u, 0)."""
    left = dict(factors)
    for base in [base for base in factors if base.op == "heaviside" and factors[base] == 1]:
        for ramp in ramps(base.args[0].terms):
            if left.get(ramp, 0) >= 1:
                left[base] = 0
    return left


def ramps(inner: Terms) -> tuple[Atom, ...]:
    """What is *inner* above 0, and 0 below."""
    return atom("relu", [inner]), atom("max", [inner, {}]), atom("max", [{}, inner])


def _with_twins(coefficient: Number, factors: dict[Atom, Number]) -> tuple[Number, dict[Atom, Number]]:
    """1 - x beside a root of x - 1 as -(x - 1): a root keeps its sign, and whole powers follow it."""
    rooted = {base.key: base for base, power in factors.items() if base.op == "sum" and power != int(power)}
    if not rooted:
        return coefficient, factors
    left: dict[Atom, Number] = {}
    for base, power in factors.items():
        twin = base
        if base.op == "sum" and base.key not in rooted and power:
            twin = atom("sum", [scaled(base.args[0].terms, -1)])
            if twin.key in rooted:
                coefficient *= (-1) ** int(power)
            else:
                twin = base
        left[twin] = left.get(twin, 0) + power
    return coefficient, left


def exponential(exponent: Terms) -> Terms:
    """exp of a sum: a power of exp(u), where u is without a numeric factor."""
    if not exponent:
        return ONE
    out = content(exponent)
    return single(atom("exp", [scaled(exponent, 1 / Fraction(out))]), out)


def raised(base: Terms, power: Number) -> Terms:
    """A sum to the power of a number."""
    if power == 0:
        return ONE
    if power == 1:
        return base
    if not base:
        if power < 0:
            raise ZeroDivisionError
        return {}
    if power == int(power):
        return _to_whole_power(base, int(power))
    if len(base) == 1:
        [(product, coefficient)] = base.items()
        if coefficient == 1 and len(product) == 1 and (product[0][1] == 1 or product[0][0].op == "exp"):
            return single(product[0][0], product[0][1] * power)
        if not product and coefficient > 0 and isinstance(coefficient, int):
            return _root_of_number(coefficient, power)
    return single(atom("sum", [base]), power)


def _root_of_number(value: int, power: Number) -> Terms:
    root = isqrt(value)
    if power.denominator == 2 and root * root == value and abs(Fraction(power)) <= LARGEST_POWER:
        return number(Fraction(root) ** power.numerator)
    return _tidied(1, {atom("number", text=str(value)): power})


def _to_whole_power(base: Terms, power: int) -> Terms:
    coefficient, product = _as_product(base)
    big = max(Fraction(coefficient).numerator.bit_length(), Fraction(coefficient).denominator.bit_length())
    if big * abs(power) > 2_000:
        return single(atom("sum", [base]), power)
    return _tidied(Fraction(coefficient) ** power, {part: p * power for part, p in product})


def powered(base: Terms, exponent: Terms, *, split: bool = True) -> Terms:
    """A sum to the power of a sum; *split*: b**(y - 1) is b**y*b**-1 in here, and joined again where it is written."""
    value = constant(exponent)
    if value is not None:
        return raised(base, value)
    shift = exponent.get((), 0)
    if split and shift and _is_plain(base):
        rest = {product: coefficient for product, coefficient in exponent.items() if product}
        return multiplied([single(atom("**", [base, rest])), raised(base, shift)])
    return single(atom("**", [base, exponent]))


def _is_plain(base: Terms) -> bool:
    """Whether powers of the sum are powers of one atom."""
    if len(base) > 1:
        return content(base) == 1
    [(product, coefficient)] = base.items() if base else [((), 0)]
    return coefficient == 1 and len(product) == 1 and product[0][1] == 1


def expanded(terms: Terms) -> Terms:
    """The sum with its brackets multiplied out where their powers are whole. Raises TooLong."""
    parts: list[Terms] = []
    for product, coefficient in terms.items():
        rest = tuple((base, power) for base, power in product if not _is_bracket(base, power))
        total: Terms = {rest: coefficient}
        for base, power in product:
            if _is_bracket(base, power):
                if power > MOST_FACTORS:
                    raise TooLong
                total = reduce(cross, [expanded(base.args[0].terms)] * int(power), total)
        parts.append(total)
    return added(parts)


def _is_bracket(base: Atom, power: Number) -> bool:
    return base.op == "sum" and power > 0 and power == int(power)


def cross(left: Terms, right: Terms) -> Terms:
    """Every term of one sum times every term of the other. Raises TooLong."""
    if len(left) * len(right) > MOST_TERMS * 4:
        raise TooLong
    total = added(scaled(times(p, q), a * b) for p, a in left.items() for q, b in right.items())
    if len(total) > MOST_TERMS:
        raise TooLong
    return total
