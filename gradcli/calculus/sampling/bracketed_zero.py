"""Two numbers at which signs differ → the zero between them, by secants and halvings, to as many bits as are asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flint import arb, fmpq, fmpz

from gradcli.calculus.balls.ball_numbers import working_bits

#: Rounds of secants and halvings that a place may take.
_ROUNDS = 200


def zero_between(at: Callable[[Any], Any], low: Any, high: Any, bits: int) -> Any:
    """A ball of about so many bits around a zero of *at* between two rationals where its signs differ; else None.

    Where a line through both ends meets 0 there is a zero of smooth functions, the nearer the narrower the interval:
    two numbers beside it, whose signs are looked at, are the next ends. Where they are not, the interval is halved.
    """
    ends, heights = [low, high], [at(low), at(high)]
    if None in heights or not _differ(*heights):
        return None
    first, width = high - low, (abs(low) + abs(high) + (high - low)) / fmpz(2) ** bits
    with working_bits(bits + 64):
        for _ in range(_ROUNDS):
            size = ends[1] - ends[0]
            if size <= width:
                break
            gap = size / fmpz(2) ** max(10, int((first / size).floor()).bit_length())
            guess = _secant(ends, heights)
            for x in (guess - gap, guess + gap):
                if ends[0] < x < ends[1]:
                    _close_in(at, x, ends, heights)
            if ends[1] - ends[0] > size / 2 and not _close_in(at, (ends[0] + ends[1]) / 2, ends, heights):
                break  # balls of these bits cannot tell more
        return arb((ends[0] + ends[1]) / 2, (ends[1] - ends[0]) / 2)


def _differ(left: Any, right: Any) -> bool:
    return bool((left < 0 and right > 0) or (left > 0 and right < 0))


def _close_in(at: Callable[[Any], Any], x: Any, ends: list[Any], heights: list[Any]) -> bool:
    """Make a number between the ends one of them, if its sign is known."""
    here = at(x)
    if here is None or not (here < 0 or here > 0):
        return False
    side = 1 if _differ(heights[0], here) else 0
    ends[side], heights[side] = x, here
    return True


def _secant(ends: Sequence[Any], heights: Sequence[Any]) -> Any:
    """Where the line through both ends meets 0, as a dyadic number."""
    part = heights[0].mid() / (heights[0].mid() - heights[1].mid())
    mantissa, exponent = (arb(ends[0]) + part * arb(ends[1] - ends[0])).mid().man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)
