"""What a row of the table of functions is, and what rows say of domains."""

from __future__ import annotations

from typing import NamedTuple


class Function(NamedTuple):
    """One row: how a function is called, what it means, where it is defined, how it is differentiated.

    defaults: what the last parameters are where they are left out, for those that `optional` counts.
    """

    group: str
    parameters: str
    summary: str
    domain: str = ""
    sympy: str = ""
    meaning: str = ""
    slopes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    optional: int = 0
    defaults: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters' names, in order, without the dots of a function of any number of arguments."""
        return tuple(part for part in self.parameters.split(", ") if part != "...")

    @property
    def most(self) -> int | None:
        """The largest number of arguments, or None where there is no limit."""
        return None if self.parameters.endswith("...") else len(self.names)

    @property
    def fewest(self) -> int:
        """The smallest number of arguments."""
        return len(self.names) - self.optional


ROOTS, LOGS, TRIG, HYP = "powers and roots", "exponentials and logarithms", "trigonometric", "hyperbolic"
ROUND, PIECE, ACT, SPECIAL = "signs and rounding", "steps and pieces", "activations", "special functions"
LOSS, COUNT, STAT = "losses and entropy", "counting", "statistics"
BESSEL, ORTHOGONAL, HYPER = "Bessel functions", "orthogonal polynomials", "hypergeometric"

POSITIVE = "its argument must be positive"
NOT_BELOW_0 = "its argument must not be negative"
NOT_ZERO = "its argument must not be 0"
UNIT = "its argument must be between -1 and 1"
OPEN = "its argument must be strictly between -1 and 1"
OUTSIDE = "its argument must be at most -1 or at least 1"
POLE = "it has a pole there"
GAMMA = "its argument must not be 0 or a negative integer"
NOT_REAL = "it is not real there"
DIVISOR = "the divisor must not be 0"
