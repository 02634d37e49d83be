"""The form in which partial sums travel: an exact accumulator, so that no order, block or worker shows in the result.

Every float is a whole multiple of 2**-1074, so a whole number of any size holds any sum of floats exactly. Sums of
blocks merge like numbers do, and are rounded once, at the end.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from itertools import islice

#: The power of two below every bit of a float: the least positive float is 2**-1074.
LOWEST = -1074

#: Terms that are looked at together: enough for `math.fsum` to be worth its call, few enough to be held.
BLOCK = 4096

#: Terms of many sizes leave something again and again: after so many times they are added one by one.
ROUNDS = 3

#: A power of two that no sum of 2**200 floats reaches; data that claim more are not from here.
_HIGHEST = 1024 + 200

_EXACT = re.compile(r"(-?)0x(0|[1-9a-f][0-9a-f]{0,599})p(0|-?[1-9][0-9]{0,3})", re.ASCII)
_NOT_FINITE = ("inf", "-inf", "nan")


class PartialSum:
    """An exact sum of floats that can grow, merge, travel as data and be rounded.

    A term that is not finite is remembered by its kind alone: nan, and inf with -inf, make the sum nan; inf makes it inf,
    -inf makes it -inf. The sum is one of numbers, so a zero has no sign: an exact zero is 0.0, that of -0.0 as well.
    """

    __slots__ = ("_not_finite", "_units")

    def __init__(self, terms: Iterable[float] = ()) -> None:
        self._units = 0  # the sum of all finite terms in units of 2**-1074
        self._not_finite: set[str] = set()
        self.add(terms)

    def add(self, terms: Iterable[float]) -> None:
        """Add floats, as many as there are; a few thousand are held at a time."""
        rest = iter(terms)
        while block := list(islice(rest, BLOCK)):
            self._add_block(block)

    def _add_block(self, block: list[float]) -> None:
        """Add a block: what `math.fsum` gives is taken out of it until exactly nothing is left, or a few times."""
        try:
            for _ in range(ROUNDS):
                taken = math.fsum(block)
                if not taken:
                    return
                if not math.isfinite(taken):
                    break
                self._add_finite(taken)
                block.append(-taken)
        except (OverflowError, ValueError):  # fsum met 1e308 + 1e308, or inf - inf, on its way
            pass
        for term in block:
            if math.isfinite(term):
                self._add_finite(term)
            else:
                self._not_finite.add(str(float(term)))

    def _add_finite(self, term: float) -> None:
        numerator, denominator = term.as_integer_ratio()
        self.add_units(numerator, 1 - denominator.bit_length())

    def add_units(self, units: int, exponent: int) -> None:
        """Add *units* times 2**exponent, exactly; *exponent* is at least LOWEST."""
        self._units += units << (exponent - LOWEST)

    def merge(self, other: PartialSum, shift: int = 0) -> None:
        """Add all that *other* holds, times 2**shift; *shift* is at least 0."""
        self._units += other._units << shift
        self._not_finite |= other._not_finite

    def rounded(self) -> float:
        """The float nearest to the sum, the even one of two; inf and nan only where a term was not finite.

        Raises OverflowError where the sum is too large for a float.
        """
        if self._not_finite:
            return float(next(iter(self._not_finite))) if len(self._not_finite) == 1 else math.nan
        try:
            return self._units / (1 << -LOWEST)  # the quotient of whole numbers is correctly rounded
        except OverflowError:
            raise OverflowError("the sum is too large for a float") from None

    def exact(self) -> tuple[int, int] | None:
        """The sum itself, a whole number and what it is divided by; None where a term was not finite."""
        return None if self._not_finite else (self._units, 1 << -LOWEST)

    def is_exactly(self, number: float) -> bool:
        """Whether the sum is this float, with nothing rounded off."""
        if self._not_finite or not math.isfinite(number):
            return False
        above, below = number.as_integer_ratio()
        return self._units == above << (1 - below.bit_length() - LOWEST)

    def to_data(self) -> dict[str, object]:
        """The sum as data for JSON: `exact`, a whole number in base 16 times a power of two, and `not_finite`, a list.

        Equal sums have equal data.
        """
        zeros = (self._units & -self._units).bit_length() - 1 if self._units else -LOWEST
        return {
            "exact": f"{self._units >> zeros:#x}p{zeros + LOWEST}",
            "not_finite": sorted(self._not_finite),
        }

    @classmethod
    def from_data(cls, data: object) -> PartialSum:
        """The sum that `to_data` wrote. Raises ValueError for anything else."""
        if not isinstance(data, dict) or data.keys() != {"exact", "not_finite"}:
            raise ValueError("a partial sum has `exact` and `not_finite`, and nothing else")
        exact, kinds = data["exact"], data["not_finite"]
        match = _EXACT.fullmatch(exact) if isinstance(exact, str) else None
        if match is None:
            raise ValueError("`exact` is a whole number in base 16 and a power of two, such as -0x1fp-1074")
        sign, digits, exponent = match[1], match[2], int(match[3])
        if exponent < LOWEST or exponent + 4 * len(digits) > _HIGHEST:
            raise ValueError("`exact` is no sum of floats")
        if not isinstance(kinds, list) or any(kind not in _NOT_FINITE for kind in kinds):
            raise ValueError("`not_finite` is a list of inf, -inf and nan")
        total = cls()
        total.add_units(int(f"{sign}{digits}", 16), exponent)
        total._not_finite.update(kinds)
        return total
