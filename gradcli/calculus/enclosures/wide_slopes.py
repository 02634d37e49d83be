"""Instructions of slopes on wide balls: what is not one slope everywhere in a box is not known.

Slopes of what is continuous with a kink (|x|, max, min) take all numbers between both sides, and say so: f's differences
are among what is made of them, second derivatives are not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb

from gradcli.calculus.enclosures.wide_balls import BOTH_SIDES, EITHER, ONE, UNKNOWN, ZERO, Wide
from gradcli.calculus.enclosures.wide_operations import COMMON, whole_below, without_whole


class Seen:
    """What the last run met in its box: ends of domains, jumps, kinks."""

    def __init__(self) -> None:
        self.partial = self.jump = self.kink = False

    def clear(self) -> None:
        """Nothing was met."""
        self.partial = self.jump = self.kink = False


def _truth_beside(compared: Callable[[Any, Any], Any]) -> Wide:
    """A condition that is asked beside its seam: across it nothing is known."""

    def carried_out(x: Any, y: Any) -> Any:
        """1 or 0 where it is decided."""
        found = compared(x, y)
        return found if found is ONE or found is ZERO else UNKNOWN

    return carried_out


def _floor_if_one(x: Any) -> Any:
    found = whole_below(x)
    return (
        arb(found[0])
        if found is not None and found[0] == found[1] and not x.contains(arb(found[0]))
        else UNKNOWN
    )


def _flat(beside: Callable[[Any], bool]) -> Wide:
    return lambda x: ZERO if beside(x) else UNKNOWN


def _not_zero(x: Any) -> bool:
    return bool(x > 0 or x < 0)


def _between(seen: Seen, low: Any, hull: Any) -> Wide:
    """1 above 0 and *low* below; across 0 all that lies between."""

    def carried_out(x: Any) -> Any:
        """The slope, which tells of a kink."""
        if x > 0:
            return ONE
        if x < 0:
            return low
        if x.is_finite():
            seen.kink = True
            return hull
        return UNKNOWN

    return carried_out


def _select(condition: Any, a: Any, b: Any) -> Any:
    if condition > 0:
        return a
    return b if condition.is_zero() else a.union(b) if condition.is_finite() else UNKNOWN


def slope_operations(seen: Seen) -> dict[str, Wide]:
    """The table for slopes and what is made of them, which tells *seen* of kinks."""
    return {
        **COMMON, "select": _select, "sign_side": _between(seen, -ONE, BOTH_SIDES),
        **dict.fromkeys(("heaviside_side", "first_side", "second_side", "relu_side"), _between(seen, ZERO, EITHER)),
        **{f"{op}_side": _truth_beside(COMMON[op]) for op in ("lt", "le", "eq", "ne")},
        **dict.fromkeys(("flat_zero", "flat_cut"), _flat(_not_zero)), "flat_integer": _flat(without_whole),
        "floor_side": _floor_if_one, "floor": _floor_if_one,
    }  # fmt: skip
