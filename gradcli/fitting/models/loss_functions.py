"""Losses that let far residuals count less: ρ of z = (r/c)², with its first and second derivatives.

Source: SciPy's least_squares and Beaton & Tukey 1974 for the biweight. Tuned for 95 % efficiency where residuals are normal
(Holland & Welsch 1977): c is so many times their spread.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence

from gradcli.language.records import NamedTuple

#: From z to ρ, ρ', ρ''.
Rho = Callable[[float], tuple[float, float, float]]


class Loss(NamedTuple):
    """A loss: ρ, how many times the residuals' spread its scale is, and ρ as an expression in which {z} stands for z."""

    rho: Rho
    tuning: float
    text: str


def _huber(z: float) -> tuple[float, float, float]:
    if z <= 1:
        return z, 1.0, 0.0
    root = math.sqrt(z)
    return 2 * root - 1, 1 / root, -0.5 / z / root


def _soft_l1(z: float) -> tuple[float, float, float]:
    root = math.sqrt(1 + z)
    return 2 * (root - 1), 1 / root, -0.5 / root / (1 + z)


def _cauchy(z: float) -> tuple[float, float, float]:
    return math.log1p(z), 1 / (1 + z), -1 / (1 + z) / (1 + z)


def _tukey(z: float) -> tuple[float, float, float]:
    if z >= 1:
        return 1 / 3, 0.0, 0.0
    left = 1 - z
    return (1 - left**3) / 3, left * left, -2 * left


#: The losses by name; `linear` is that of least squares and has no row.
LOSSES = {
    "huber": Loss(_huber, 1.345, "where({z} <= 1, {z}, 2*sqrt({z}) - 1)"),
    "soft-l1": Loss(_soft_l1, 1.345, "2*(sqrt(1 + {z}) - 1)"),
    "cauchy": Loss(_cauchy, 2.385, "log(1 + {z})"),
    "tukey": Loss(_tukey, 4.685, "where({z} < 1, (1 - (1 - {z})**3)/3, 1/3)"),
}

NAMES = ("linear", *LOSSES)


def row_cost(
    name: str, scale: float, definitions: Sequence[str], squared: str, taken: Collection[str]
) -> tuple[tuple[str, ...], str]:
    """c²ρ(r²/c²) of a row as an expression, and the definitions before it, a new one among them.

    squared: r², with its weight, as an expression. taken: names that stand for something else.
    """
    z = "z"
    while z in taken:
        z += "_"
    return (*definitions, f"{z} = {squared}/{scale!r}**2"), f"{scale!r}**2*({LOSSES[name].text.format(z=z)})"
