"""Losses that let far residuals count less: ρ of z = (r/c)², with its first and second derivatives.

Source: SciPy's least_squares and Beaton & Tukey 1974 for the biweight. Tuned for 95 % efficiency where residuals are normal
(Holland & Welsch 1977): c is so many times their spread.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from gradcli.language.records import NamedTuple

#: From z to ρ, ρ', ρ''.
Rho = Callable[[float], tuple[float, float, float]]


class Loss(NamedTuple):
    """A loss: ρ, and how many times the residuals' spread its scale is."""

    rho: Rho
    tuning: float


def _huber(z: float) -> tuple[float, float, float]:
    if z <= 1:
        return z, 1.0, 0.0
    root = math.sqrt(z)
    return 2 * root - 1, 1 / root, -0.5 / (z * root)


def _soft_l1(z: float) -> tuple[float, float, float]:
    root = math.sqrt(1 + z)
    return 2 * (root - 1), 1 / root, -0.5 / (root * (1 + z))


def _cauchy(z: float) -> tuple[float, float, float]:
    return math.log1p(z), 1 / (1 + z), -1 / (1 + z) ** 2


def _tukey(z: float) -> tuple[float, float, float]:
    if z >= 1:
        return 1 / 3, 0.0, 0.0
    left = 1 - z
    return (1 - left**3) / 3, left * left, -2 * left


#: The losses by name; `linear` is that of least squares and has no row.
LOSSES = {
    "huber": Loss(_huber, 1.345),
    "soft-l1": Loss(_soft_l1, 1.345),
    "cauchy": Loss(_cauchy, 2.385),
    "tukey": Loss(_tukey, 4.685),
}

NAMES = ("linear", *LOSSES)
