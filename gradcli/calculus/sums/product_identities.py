"""Identities between the factors of a product: |u|**2 is u**2, exp(u)*exp(v) is exp(u + v).

Every one of them holds wherever the product has a value.
"""

from __future__ import annotations

from fractions import Fraction

from gradcli.calculus.sums.sum_terms import (
    ONE,
    Atom,
    Number,
    Terms,
    added,
    as_product,
    atom,
    content,
    integer_if_whole,
    scaled,
    single,
)

#: Exponents of numbers that are carried out.
LARGEST_POWER = 64


def normal_product(coefficient: Number, factors: dict[Atom, Number]) -> Terms:
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
    kept = [(base, integer_if_whole(power)) for base, power in factors.items() if power]
    kept.sort(key=lambda item: item[0].key)
    return {tuple(kept): integer_if_whole(coefficient)}


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
        coefficient *= _without_absolute_value(base, left)
    for base in [base for base in factors if base.op == "sign" and left[base] == 1]:
        _with_absolute_value(base, left)
    return coefficient, left


def _without_absolute_value(base: Atom, left: dict[Atom, Number]) -> Number:
    """Turn |u|**2 into u**2 among the factors *left*, and |u|*sign(u) into u; the number that comes out of it."""
    inner, power = base.args[0].terms, left[base]
    size, product = as_product(inner)
    if abs(Fraction(power)) > LARGEST_POWER or power != int(power):
        return 1
    if any(part.op == "exp" or p != int(p) for part, p in product):
        return 1
    twin = atom("sign", [inner])
    whole = power if power % 2 == 0 else power - (1 if power > 0 else -1)
    if power % 2 and left.get(twin) == 1:
        whole, left[twin] = power, 0
    left[base] = power - whole
    for part, p in product if whole else ():
        left[part] = left.get(part, 0) + p * whole
    return Fraction(size) ** int(whole)


def _with_absolute_value(base: Atom, left: dict[Atom, Number]) -> None:
    """Turn u*sign(u) into |u| among the factors *left*."""
    inner = base.args[0].terms
    [product, size] = next(iter(inner.items())) if len(inner) == 1 else ((), 0)
    plain = product[0][0] if len(product) == 1 and product[0][1] == 1 and size == 1 else None
    if plain is not None and left.get(plain, 0) >= 1 and left[plain] == int(left[plain]):
        left[plain] -= 1
        left[base] = 0
        twin = atom("abs", [inner])
        left[twin] = left.get(twin, 0) + 1


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
