"""What the products of a sum have in common, and the factors of a polynomial in one atom."""

from __future__ import annotations

from fractions import Fraction

from gradcli.calculus.sums import sum_algebra as algebra
from gradcli.calculus.sums import sum_terms as sums
from gradcli.calculus.sums.sum_terms import Product, Terms

#: The degree up to which a polynomial is factored.
_LARGEST_DEGREE = 12

#: The size of the coefficients up to which a polynomial is factored.
_LARGEST_COEFFICIENT = 10**9


def is_nested(terms: Terms, common: Product) -> bool:
    """Whether a factor that was taken out stands in the bracket as well: Horner's form."""
    names = {base for base, _ in common}
    return any(
        inner in names
        for product in terms
        for base, _ in product
        if base.op == "sum"
        for part in base.args[0].terms
        for inner, _ in part
    )


def common_product(terms: Terms) -> Product:
    """The largest product that divides all of them."""
    first, *rest = terms
    shared = dict(first)
    for product in rest:
        powers = dict(product)
        shared = {
            base: max(power, powers[base]) if power < 0 and base.op == "exp" else min(power, powers[base])
            for base, power in shared.items()
            if base in powers and (power > 0) == (powers[base] > 0)
        }
    return tuple(shared.items())


def polynomial_factors(terms: Terms) -> Terms | None:
    """The factors over the rationals of a polynomial in one atom with three terms or more; None for others."""
    bases = {base for product in terms for base, _ in product}
    if len(terms) < 3 or len(bases) != 1 or any(len(product) > 1 for product in terms):
        return None
    [base] = bases
    powers = [product[0][1] if product else 0 for product in terms]
    if any(power != int(power) or not 0 <= power <= _LARGEST_DEGREE for power in powers) or min(powers) > 0:
        return None
    out = sums.content(terms)
    whole = {
        int(power): int(value / Fraction(out)) for power, value in zip(powers, terms.values(), strict=True)
    }
    if max(map(abs, whole.values())) > _LARGEST_COEFFICIENT:
        return None
    factors = _factors([whole.get(power, 0) for power in range(max(whole), -1, -1)])
    if len(factors) == 1 and factors[0][1] == 1:
        return None
    parts = [
        algebra.raised(
            {((base, len(f) - 1 - i),) if len(f) - 1 - i else (): c for i, c in enumerate(f) if c}, power
        )
        for f, power in factors
    ]
    return algebra.multiplied([sums.number(out), *parts])


def _factors(coefficients: list[int]) -> list[tuple[list[int], int]]:
    """The irreducible factors of a primitive polynomial over the whole numbers, highest coefficient first."""
    from sympy import ZZ
    from sympy.polys.factortools import dup_factor_list

    unit, factors = dup_factor_list([ZZ(c) for c in coefficients], ZZ)
    found = [([int(c) for c in factor], int(power)) for factor, power in factors]
    return found if int(unit) == 1 else [([int(unit)], 1), *found]
