"""The floats in their order, so that an interval of any size is halved down to neighbours."""

from __future__ import annotations

import struct


def order(t: float) -> int:
    """The number of a float among all floats, so that neighbours differ by one."""
    bits: int = struct.unpack("<q", struct.pack("<d", t))[0]
    return bits if bits >= 0 else -(bits & 0x7FFF_FFFF_FFFF_FFFF)


def halfway(low: float, high: float) -> float:
    """The float half of the way: by numbers of floats where the sizes differ, else by size."""
    if (low > 0 and high < 2 * low) or (high < 0 and low > 2 * high):
        return low + (high - low) / 2
    number = (order(low) + order(high)) // 2
    size = struct.unpack("<d", struct.pack("<q", abs(number)))[0]
    return float(-size if number < 0 else size)
