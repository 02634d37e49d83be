"""Exact sums of arrays: bins of leading bits are split off all terms at once until nothing is left.

Adding a large constant C to a term rounds it to a multiple of the last place of C (Demmel and Nguyen, "Parallel
reproducible summation", 2015). The sums all lie between two powers of two, so their bit patterns, read as whole numbers,
are the bits of C plus that multiple: they are summed by integer arithmetic, which is exact in any order. What is left of
the terms is exact too. Two bins hold about 94 bits below the largest term of a block; the few terms that have bits below
are split again. So no error has to be bounded: the sum is exact, and what travels is a PartialSum.

NumPy is an extra (`gradcli[plot]`) and is imported when the first array is summed.
"""

from __future__ import annotations

import math
import struct
from typing import Any

from gradcli.calculus.summation.partial_sum import LOWEST, PartialSum

Array = Any

#: Terms in a block: it and the room to work on it fit the processor's second cache.
BLOCK = 32_768

#: Bits of a bin: BLOCK multiples of so many bits have a sum below 2**63.
_BITS = 47

#: Terms from here on are scaled down first: C would be infinite. Scaled by 2**-900 they lose no bit.
_LARGE, _SHIFT = 2.0**1000, 900

#: So few terms are summed faster one by one.
_FEW = 32


class BlockSum:
    """An exact sum of arrays; `total` is the PartialSum. One for each thread: it keeps the room that it works in."""

    def __init__(self) -> None:
        import numpy as np

        self.total = PartialSum()
        self._split, self._left = np.empty(BLOCK), np.empty(BLOCK)
        self._whole = np.empty(BLOCK, dtype=bool)

    def add(self, terms: Array) -> None:
        """Add all numbers of an array of floats of any shape. Raises TypeError for an array of something else."""
        import numpy as np

        array = np.asarray(terms)
        if array.dtype.kind != "f" or array.dtype.itemsize > 8:
            raise TypeError(f"an array of {array.dtype} is no array of floats")
        flat = np.ascontiguousarray(array, dtype=np.float64).reshape(-1)
        for start in range(0, flat.size, BLOCK):
            self._add_block(flat[start : start + BLOCK])

    def _add_block(self, terms: Array, shift: int = 0) -> None:
        """Add at most BLOCK terms, each times 2**shift."""
        import numpy as np

        while terms.size > _FEW:
            largest = max(float(np.maximum.reduce(terms)), -float(np.minimum.reduce(terms)))
            if not largest < _LARGE:  # infinite and nan as well
                terms = self._without_large(terms, np.abs(terms) < _LARGE)
                continue
            terms = self._split_off(terms, max(math.frexp(largest)[1] - _BITS, LOWEST), shift)
        self.total.merge(PartialSum(terms.tolist()), shift)

    def _without_large(self, terms: Array, is_small: Array) -> Array:
        """The terms that are small; the others are added, scaled down so that they are."""
        import numpy as np

        large, small = terms[~is_small], terms[is_small]
        is_finite = np.isfinite(large)
        self.total.add(large[~is_finite].tolist())
        self._add_block(large[is_finite] * 2.0**-_SHIFT, _SHIFT)
        return small

    def _split_off(self, terms: Array, exponent: int, shift: int) -> Array:
        """Add what two bins hold of the terms, multiples of 2**exponent and what lies below; give what is left of each.

        No term has more than _BITS bits above 2**exponent. Terms of which nothing is left are left out.
        """
        import numpy as np

        split, left, whole = (room[: terms.size] for room in (self._split, self._left, self._whole))
        self._take(terms, split, exponent, shift)
        np.subtract(terms, split, out=left)
        # What is left is at most half of 2**exponent, and nothing where that is the lowest bit of all.
        self._take(left, split, max(exponent - 1 - _BITS, LOWEST), shift)
        np.equal(split, left, out=whole)
        count = terms.size - int(np.count_nonzero(whole))
        if count > terms.size // 8:  # picking them out would cost more than splitting zeros with them
            return np.subtract(left, split, out=left)
        if not count:
            return left[:0]
        picked = np.flatnonzero(np.logical_not(whole))
        return left[picked] - split[picked]

    def _take(self, terms: Array, split: Array, exponent: int, shift: int) -> None:
        """Round the terms to multiples of 2**exponent into *split*, and add the sum of those."""
        import numpy as np

        constant = math.ldexp(1.5, exponent + 52)
        np.add(terms, constant, out=split)
        patterns = int(np.add.reduce(split.view(np.int64)))
        multiples = patterns - terms.size * _pattern(constant)
        self.total.add_units(((multiples + 2**63) % 2**64) - 2**63, exponent + shift)
        np.subtract(split, constant, out=split)


def _pattern(number: float) -> int:
    """The bits of a float as a whole number."""
    pattern: int = struct.unpack("<q", struct.pack("<d", number))[0]
    return pattern
