"""Orthogonal polynomials whose order is a number, as the steps of their recurrences (DLMF 18.9)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

#: Orders up to which a polynomial is written out.
MOST_STEPS = 30


class Step(NamedTuple):
    """(grown*here - kept*before)/divisor, in the arguments behind the order: x, or the parameter x and y."""

    grown: str
    kept: str
    divisor: str


#: Polynomial → the step from the order k to k + 1.
STEPS: dict[str, Callable[[int], Step]] = {
    "legendre": lambda k: Step(f"{2 * k + 1}*x", f"{k}", f"{k + 1}"),
    "chebyshev_t": lambda k: Step("2*x" if k else "x", "1", "1"),
    "chebyshev_u": lambda k: Step("2*x", "1", "1"),
    "hermite": lambda k: Step("2*x", f"{2 * k}", "1"),
    "genlaguerre": lambda k: Step(f"{2 * k + 1}+x-y", f"{k}+x", f"{k + 1}"),
    "gegenbauer": lambda k: Step(f"2*({k}+x)*y", f"2*x+{k - 1}" if k else "0", f"{k + 1}"),
}
