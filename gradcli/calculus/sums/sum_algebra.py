"""Products and powers of sums, with brackets or multiplied out.

Every function here returns what equals its arguments wherever they have a value.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import reduce
from math import isqrt

from gradcli.calculus.sums.product_identities import LARGEST_POWER, normal_product
from gradcli.calculus.sums.sum_terms import (
    ONE,
    Atom,
    Number,
    Product,
    Terms,
    added,
    as_product,
    atom,
    constant,
    content,
    number,
    scaled,
    single,
)

#: Products that a multiplied-out sum may have.
MOST_TERMS = 60

#: The largest power of a bracket that is multiplied out.
MOST_FACTORS = 8


class TooLong(ValueError):
    """A sum has more products than are multiplied out."""


def multiplied(parts: Iterable[Terms]) -> Terms:
    """The product of sums; those of several terms stay in brackets."""
    factors: dict[Atom, Number] = {}
    total: Number = 1
    for part in parts:
        if not part:
            return {}
        coefficient, product = as_product(part)
        total *= coefficient
        for base, power in product:
            factors[base] = factors.get(base, 0) + power
    return normal_product(total, factors)


def times(left: Product, right: Product) -> Terms:
    """The product of two products."""
    if not left or not right:
        return {left or right: 1}
    factors = dict(left)
    for base, power in right:
        factors[base] = factors.get(base, 0) + power
    return normal_product(1, factors)


def inverse(product: Product) -> Product:
    """1 over the product."""
    return tuple((base, -power) for base, power in product)


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
    return normal_product(1, {atom("number", text=str(value)): power})


def _to_whole_power(base: Terms, power: int) -> Terms:
    coefficient, product = as_product(base)
    big = max(Fraction(coefficient).numerator.bit_length(), Fraction(coefficient).denominator.bit_length())
    if big * abs(power) > 2_000:
        return single(atom("sum", [base]), power)
    return normal_product(Fraction(coefficient) ** power, {part: p * power for part, p in product})


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
