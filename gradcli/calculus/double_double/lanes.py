"""What double-double arithmetic is made of: many floats at once, each in a lane of its own, without branches."""

from __future__ import annotations

from array import array
from typing import Any, Protocol

#: Floats of all lanes, with the operators +, - and *, / of floats, and comparisons that give conditions, with `&`.
Floats = Any

Condition = Any


class Lanes(Protocol):
    """Operations on all lanes that floats have no operator for."""

    def product(self, a: Floats, b: Floats) -> tuple[Floats, Floats]:
        """a*b rounded, and what that leaves of it: exactly, but for at most 2**-1070 where it is below normal floats."""

    def size(self, a: Floats) -> Floats:
        """|a|."""

    def root(self, a: Floats) -> Floats:
        """The square root, rounded to nearest."""

    def floor(self, a: Floats) -> Floats:
        """The largest whole number that is not above a."""

    def chosen(self, condition: Condition, a: Floats, b: Floats) -> Floats:
        """a where the condition holds, else b."""

    def entry(self, table: array[float], place: Floats) -> Floats:
        """The number of a table at a whole place of it."""

    def power_of_two(self, exponent: Floats) -> Floats:
        """2**exponent for whole numbers from -1022 to 1023."""

    def exponent(self, a: Floats) -> Floats:
        """The exponent of the power of two that is next below a normal float of any sign, or equal to it in size."""


class ArrayLanes:
    """Those of NumPy's arrays; numbers that all lanes share are lanes too."""

    def product(self, a: Floats, b: Floats) -> tuple[Floats, Floats]:
        """By halves of the factors (Dekker, A floating-point technique for extending the available precision, 1971)."""
        found = a * b
        a_high, a_low = _halves(a)
        if b is a:
            return found, ((a_high * a_high - found) + 2.0 * (a_high * a_low)) + a_low * a_low
        b_high, b_low = _halves(b)
        return found, (((a_high * b_high - found) + a_high * b_low) + a_low * b_high) + a_low * b_low

    def size(self, a: Floats) -> Floats:
        """|a|."""
        import numpy as np

        return np.abs(a)

    def root(self, a: Floats) -> Floats:
        """The square root, rounded to nearest."""
        import numpy as np

        return np.sqrt(a)

    def floor(self, a: Floats) -> Floats:
        """The largest whole number that is not above a."""
        import numpy as np

        return np.floor(a)

    def chosen(self, condition: Condition, a: Floats, b: Floats) -> Floats:
        """a where the condition holds, else b."""
        import numpy as np

        return np.where(condition, a, b)

    def entry(self, table: array[float], place: Floats) -> Floats:
        """The number of a table at a whole place of it."""
        import numpy as np

        return np.take(table, np.asarray(place).astype(np.int64))

    def power_of_two(self, exponent: Floats) -> Floats:
        """2**exponent for whole numbers from -1022 to 1023."""
        import numpy as np

        return (np.asarray(exponent + 1023.0).astype(np.int64) << 52).view(np.float64)

    def exponent(self, a: Floats) -> Floats:
        """The exponent of the power of two that is next below a normal float of any sign, or equal to it in size."""
        import numpy as np

        return ((np.asarray(a, dtype=float).view(np.int64) >> 52) & 2047) - 1023.0


def _halves(a: Floats) -> tuple[Floats, Floats]:
    """The upper 26 bits of floats and the rest (Veltkamp); no number where that overflows."""
    scaled = 134217729.0 * a
    high = scaled - (scaled - a)
    return high, a - high
