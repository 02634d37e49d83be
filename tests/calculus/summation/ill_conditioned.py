"""Terms whose sum is hard to round, by name, and the truth: `fractions` summed and rounded once, bit by bit."""

from __future__ import annotations

import math
import random
from fractions import Fraction

LEAST, GREATEST = 5e-324, math.nextafter(math.inf, 0)


def truth(terms):
    """The float nearest to the sum, the even one of two, found by hand from a Fraction; OverflowError above them all."""
    total = sum(map(Fraction, terms), Fraction(0))
    if not total:
        return 0.0
    size = abs(total)
    exponent = size.numerator.bit_length() - size.denominator.bit_length()
    if Fraction(2) ** exponent > size:
        exponent -= 1
    unit = Fraction(2) ** (max(exponent, -1022) - 52)
    whole, rest = divmod(size, unit)
    if rest * 2 > unit or (rest * 2 == unit and whole % 2):
        whole += 1
    nearest = whole * unit
    if nearest > Fraction(GREATEST):
        raise OverflowError
    return math.copysign(float(nearest), total)  # exact, so this float() rounds nothing


def _normal(source, count):
    return [source.gauss(0, 1) for _ in range(count)]


def _all_exponents(source):
    return [math.ldexp(source.uniform(-2, 2), exponent) for exponent in range(-1074, 1020)]


def _cancelling(source, count):
    """Terms that cancel to a rest of about the size of one rounding."""
    terms = _normal(source, count)
    return [*terms, -math.fsum(terms)]


def _mirrored(source, count):
    """Terms of all sizes and their opposites: the sum is 0."""
    terms = [math.ldexp(source.uniform(-1, 1), source.randint(-300, 300)) for _ in range(count)]
    return [*terms, *(-term for term in terms)]


def _half_way(source, count):
    """1 + 2**-53 is between two floats; the last place of a term far below decides."""
    rest = _mirrored(source, count)
    return [1.0, 2.0**-53, *rest, math.ldexp(source.choice((-1.0, 1.0)), -1000)]


def tables(seed=32):
    """Name -> terms."""
    source = random.Random(seed)
    return {
        "normal": _normal(source, 5000),
        "positive": [abs(one) for one in _normal(source, 5000)],
        "squares": [one * one for one in _normal(source, 5000)],
        "cancelling": _cancelling(source, 5000),
        "mirrored": _mirrored(source, 2000),
        "half way": _half_way(source, 1500),
        "half way, even": [1.0, 2.0**-53, *_mirrored(source, 500)],
        "half way, odd": [1.0 + 2.0**-52, 2.0**-53, *_mirrored(source, 500)],
        "all exponents": _all_exponents(source),
        "all exponents, cancelled": [*(all_ := _all_exponents(source)), *(-one for one in all_), LEAST],
        "subnormal": [source.randint(-(2**40), 2**40) * LEAST for _ in range(3000)],
        "around the least normal": [source.uniform(-1, 1) * 2.0**-1022 for _ in range(3000)],
        "large pairs": [1e308, 1e308, -1e308, -1e308] * 500 + [1.0, 1e-300],
        "the greatest": [GREATEST, -GREATEST, GREATEST, -1.0, 1.0, -GREATEST, GREATEST] * 101 + [-GREATEST] * 100,
        "whole numbers": [float(source.randint(-(2**53), 2**53)) for _ in range(3000)],
        "zeros": [0.0, -0.0] * 200,
        "negative zeros": [-0.0] * 100,
        "one": [math.pi],
        "none": [],
    }  # fmt: skip
