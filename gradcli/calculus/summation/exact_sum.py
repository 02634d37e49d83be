"""The sum of floats as the language means it: exact, and rounded once."""

from __future__ import annotations

import math
from collections.abc import Iterable

from gradcli.calculus.summation.partial_sum import PartialSum


def exact_sum(terms: Iterable[float]) -> float:
    """The float nearest to the exact sum of *terms*, the even one of two; 0.0 for no terms.

    Like `math.fsum`, but for what that refuses or leaves open: a sum that only passes above the largest float on its way
    is given (1e308 + 1e308 - 1e308), inf - inf is nan, and so is what holds nan. An exact zero is 0.0, that of -0.0 as well.
    Raises OverflowError where the sum itself is too large for a float.
    """
    held = terms if isinstance(terms, (list, tuple)) else list(terms)
    try:
        return math.fsum(held) + 0.0  # -0.0 is 0.0
    except (OverflowError, ValueError):
        return PartialSum(held).rounded()
