"""Sums of arrays by one bin and a bound, exactly only where the bound leaves the rounding open: the same bits, sooner.

One bin holds about 47 bits below the largest term of a block, and is summed exactly. What is left of the terms is summed
in floats: in whatever order, the error is at most n*u times the sum of their sizes (Jeannerod and Rump, "Improved error
bounds for inner products in floating-point arithmetic", 2013), with u = 2**-53. Where all sums within the error round to
one float, that is the exact sum's. Sums that are far from 0 beside their terms are decided so, as a loss is, and its
gradient away from a minimum; at one, terms cancel, and the sum is taken again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from gradcli.calculus.summation.block_sum import BLOCK, BlockSum
from gradcli.calculus.summation.partial_sum import LOWEST

Array = Any

#: A block's error is at most BLOCK**2 * 2**-53 * 2**-1 = 2**-24 of the last place of its bin.
_ERROR = 2 * (BLOCK.bit_length() - 1) - 54


class QuickSum(BlockSum):
    """A sum of arrays that is known to within a bound: `total` is off by at most `slack` units of 2**-1074."""

    def __init__(self) -> None:
        super().__init__()
        self.slack = 0

    def merge(self, other: QuickSum) -> None:
        """Add all that *other* holds."""
        self.total.merge(other.total)
        self.slack += other.slack

    def rounded(self) -> float | None:
        """The float nearest to the exact sum, None where that is open: `BlockSum` knows it then.

        Raises OverflowError where the sum is too large for a float.
        """
        return self.total.rounded_within(self.slack)

    def _split_off(self, terms: Array, exponent: int, shift: int) -> Array:
        """Add what one bin holds of the terms, and the rest in floats; nothing is left."""
        import numpy as np

        split, left = self._split[: terms.size], self._left[: terms.size]
        self._take(terms, split, exponent, shift)
        if exponent > LOWEST:
            np.subtract(terms, split, out=left)
            rest, places = float(np.add.reduce(left)).as_integer_ratio()
            self.total.add_units(rest, 1 - places.bit_length() + shift)
            self.slack += 1 << (max(exponent + _ERROR, LOWEST) + shift - LOWEST)
        return left[:0]


def array_sum(terms: Array) -> float:
    """The float nearest to the exact sum of an array of floats, as `exact_sum` has it.

    Raises OverflowError where the sum is too large for a float, TypeError for an array of something else.
    """
    (found,) = sums_of_blocks(lambda: [(terms,)], 1)
    return found


def sums_of_blocks(blocks: Callable[[], Iterable[Sequence[Array]]], count: int) -> tuple[float, ...]:
    """The exact sums, rounded, of *count* series of terms that come in blocks: an array of each per block.

    blocks: gives the blocks, anew each time it is called; it is called again only where a sum is still open. Raises
    OverflowError where a sum is too large for a float.
    """
    quick = [QuickSum() for _ in range(count)]
    for block in blocks():
        for one, terms in zip(quick, block, strict=True):
            one.add(terms)
    found = [one.rounded() for one in quick]
    open_ = {place: BlockSum() for place, number in enumerate(found) if number is None}
    if open_:
        for block in blocks():
            for place, exact in open_.items():
                exact.add(block[place])
    return tuple(
        open_[place].total.rounded() if number is None else number for place, number in enumerate(found)
    )
