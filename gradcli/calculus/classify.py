"""A point where the gradient vanishes → what its Hessian says about it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from gradcli.calculus.backends.decimals import decimal_text, nearest_double
from gradcli.calculus.eigen import definiteness, eigenvalues_in_digits
from gradcli.calculus.tabulate import Numbers

_KINDS = {"positive definite": "minimum", "negative definite": "maximum", "indefinite": "saddle"}

#: Digits of the check; NOTHING is below all of them; what is 0 beside the largest eigenvalue.
DIGITS, NOTHING = 60, 1e-40
_ZERO = 1e-30


class Critical(NamedTuple):
    """One point where the gradient vanishes: exact texts (None: found as a number), f, kind, and the evidence."""

    at: dict[str, float]
    exact: dict[str, str | None] | None
    value: float
    kind: str
    eigenvalues: list[float]
    residual: float


def eigenvalues_of(numbers: Numbers) -> list[float]:
    """The eigenvalues of a Hessian of narrow balls, as floats."""
    texts = [[decimal_text(x, DIGITS) for x in row] for row in numbers.entries]
    return [float(x) for x in eigenvalues_in_digits(texts, DIGITS // 2)]


def classified(
    decimals: Mapping[str, str], words: dict[str, str | None] | None, numbers: Numbers, values: list[float]
) -> Critical:
    """The point with what the eigenvalues *values* say; words: its exact texts, None where it is only a number."""
    kind = _KINDS.get(definiteness(values, _ZERO), "degenerate")
    at = {name: float(text) for name, text in decimals.items()}
    value, residual = nearest_double(numbers.first), math.hypot(*(nearest_double(x) for x in numbers.values))
    # Below what the digits of the check can tell from 0.
    return Critical(at, words, value if abs(value) > NOTHING else 0.0, kind, values, residual)
