"""Instructions of f itself on wide balls: both sides of a jump, without what lies beyond the end of a domain.

Where either was met is told to `Seen`: f has no slope there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb

from gradcli.calculus.balls.ball_numbers import exact
from gradcli.calculus.enclosures.wide_balls import BOTH_SIDES, EITHER, ONE, UNKNOWN, ZERO, Wide, by_balls
from gradcli.calculus.enclosures.wide_operations import COMMON, whole_below, without_whole
from gradcli.calculus.enclosures.wide_powers import rational_power, whole_power
from gradcli.calculus.enclosures.wide_slopes import Seen

#: Whole powers up to this are made of products of ends.
_PRODUCTS = 1_000


def _select(seen: Seen) -> Wide:
    def carried_out(condition: Any, a: Any, b: Any) -> Any:
        """The branch that is taken, or all of both."""
        if condition > 0:
            return a
        if condition.is_zero():
            return b
        seen.jump = True
        return a.union(b) if condition.is_finite() else UNKNOWN

    return carried_out


def _floor(seen: Seen) -> Wide:
    def carried_out(x: Any) -> Any:
        """From the lowest whole number to the highest."""
        ends = whole_below(x)
        if ends is None:
            return UNKNOWN
        seen.jump = seen.jump or not without_whole(x)
        return arb(ends[0]).union(arb(ends[1]))

    return carried_out


def _remainder(seen: Seen) -> Wide:
    floor = _floor(seen)

    def carried_out(x: Any, y: Any) -> Any:
        """Between 0 and the divisor, whatever the quotient."""
        found, limits = x - y * floor(x / y), ZERO.union(y)
        return found.intersection(limits) if found.is_finite() and found.overlaps(limits) else found

    return carried_out


def _sign(seen: Seen, values: tuple[Any, Any, Any]) -> Wide:
    """What jumps at 0: its values below, at and above it."""

    def carried_out(x: Any) -> Any:
        """The values on the sides that the ball reaches."""
        if x > 0 or x < 0:
            return values[2] if x > 0 else values[0]
        seen.jump = True
        return values[1] if x.is_zero() else values[0].union(values[2]) if x.is_finite() else UNKNOWN

    return carried_out


def _root(seen: Seen) -> Wide:
    def carried_out(x: Any) -> Any:
        """The root of the part that is not below 0."""
        if x > 0:
            return x.sqrt()
        seen.partial = True
        return ZERO.union(x.upper().sqrt()) if x.upper() >= 0 else UNKNOWN

    return carried_out


def _angle(seen: Seen) -> Wide:
    """The angle of (x, y), which jumps across its cut."""
    angle = by_balls("atan2")

    def carried_out(y: Any, x: Any) -> Any:
        """The angle, or the half turns that it is in."""
        found = angle(y, x)
        if found.is_finite() or not (y.is_finite() and x.is_finite()):
            return found
        seen.jump = True
        return arb.pi() * (ZERO.union(ONE) if y >= 0 else (-ONE).union(ZERO) if y < 0 else BOTH_SIDES)

    return carried_out


def _on_unit(seen: Seen, function: Wide) -> Wide:
    """A monotone function on [-1, 1]: what lies beyond is left out."""

    def carried_out(x: Any) -> Any:
        """On the part from -1 to 1."""
        if x > 1 or x < -1 or not x.is_finite():
            return UNKNOWN
        if not (x.lower() >= -1 and x.upper() <= 1):
            seen.partial = True
        return function(x.lower().max(-ONE)).union(function(x.upper().min(ONE)))

    return carried_out


def _beside(seen: Seen, low: Any, hull: Any) -> Wide:
    """A slope that jumps at 0, where it is no number: all that it is around."""

    def carried_out(x: Any) -> Any:
        """One of both sides, or all between."""
        if x > 0:
            return ONE
        if x < 0:
            return low
        seen.jump = True
        return hull if x.is_finite() else UNKNOWN

    return carried_out


def _condition_beside(seen: Seen, op: str) -> Wide:
    condition = COMMON[op]

    def carried_out(x: Any, y: Any) -> Any:
        """The truth, which tells of a jump where it is not decided."""
        found = condition(x, y)
        seen.jump = seen.jump or not (found is ONE or found is ZERO)
        return found

    return carried_out


def _flat(seen: Seen, beside: Callable[[Any], bool]) -> Wide:
    """The slope of steps: 0 where they do not jump."""

    def carried_out(x: Any) -> Any:
        """0, which tells of a jump."""
        seen.jump = seen.jump or not beside(x)
        return ZERO if x.is_finite() else UNKNOWN

    return carried_out


def _slopes_as_values(seen: Seen) -> dict[str, Wide]:
    """What only slopes have, where a slope is itself what is asked about."""
    return {
        "sign_side": _beside(seen, -ONE, BOTH_SIDES),
        **dict.fromkeys(("heaviside_side", "first_side", "second_side", "relu_side"), _beside(seen, ZERO, EITHER)),
        **{f"{op}_side": _condition_beside(seen, op) for op in ("lt", "le", "eq", "ne")},
        **dict.fromkeys(("flat_zero", "flat_cut"), _flat(seen, lambda x: bool(x > 0 or x < 0))),
        "flat_integer": _flat(seen, without_whole), "floor_side": _floor(seen),
    }  # fmt: skip


def value_operations(seen: Seen) -> dict[str, Wide]:
    """The table for f itself, which tells *seen* of jumps and of the ends of domains."""
    floor = _floor(seen)
    return {
        **COMMON, **_slopes_as_values(seen), "select": _select(seen), "atan2": _angle(seen), "floor": floor,
        "mod": _remainder(seen), "ceil": lambda x: -floor(-x), "sqrt": _root(seen), "sign": _sign(seen, (-ONE, ZERO, ONE)),
        "heaviside": _sign(seen, (ZERO, ONE / 2, ONE)), "asin": _on_unit(seen, arb.asin), "acos": _on_unit(seen, arb.acos),
    }  # fmt: skip


def partial_power(exponent: Any, seen: Seen) -> Wide:
    """x**exponent, exact and not whole, where x is not negative."""
    inner, raised = rational_power(exponent), by_balls("pow")

    def carried_out(x: Any) -> Any:
        """The power of the part that is not below 0."""
        if x > 0:
            return inner(x)
        seen.partial = True
        if exponent < 0 or not x.is_finite() or x.upper() < 0:
            return UNKNOWN
        return ZERO.union(raised(x.upper(), exponent) if x.upper() > 0 else ZERO)

    return carried_out


def with_exponent(exponent: Any, seen: Seen | None = None) -> Wide | None:
    """The power of one argument whose exponent is exact; None for one that is no exact number. seen: in values."""
    if not exact(exponent):
        return None
    if exponent.q == 1:
        return whole_power(int(exponent.p)) if abs(exponent.p) <= _PRODUCTS else None
    return rational_power(exponent) if seen is None else partial_power(exponent, seen)
