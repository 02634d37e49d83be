"""Round numbers for axes, and the levels of contours."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gradcli.calculus.sampling.round_grids import round_step
from gradcli.calculus.sampling.sampler import LARGEST

#: A range that spreads over more than this many times its middle part gets levels of equal area instead.
HEAVY = 4.0

#: The most levels that are evenly spaced unless said otherwise, and those of equal area.
EVEN, EQUAL = 12, 9

#: Numbers that differ by less than this share of their size are one number, and rounding.
FLAT = 1e-9


def ticks(low: float, high: float, most: int) -> list[float]:
    """At most *most* multiples of a round step within the range, at least one more than one where there is room."""
    step = round_step((high - low) / max(most, 1))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{k * step:.12g}") for k in range(first, last + 1)]


def digits_within(low: float, high: float, least: int = 4) -> int:
    """The significant digits that tell numbers of a range apart: *least*, and those that both of its ends share."""
    size, span = max(abs(low), abs(high)), high - low
    if not (span > 0 and math.isfinite(size / span)):
        return least
    return min(least + max(math.floor(math.log10(size / span)), 0), 15)


def tick_text(value: float, digits: int = 4) -> str:
    """A tick's number, short: 0.5, -20, 1e+06."""
    return format(value, f".{digits}g") if value else "0"


def spread(numbers: Sequence[float]) -> list[float]:
    """The finite ones of *numbers*, in order of size."""
    return sorted(filter(math.isfinite, numbers))


def share(ordered: Sequence[float], part: float) -> float:
    """The quantile *part* of numbers in order."""
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)]


def extent(
    numbers: Sequence[float], *, open_ended: bool, include: Sequence[float] = ()
) -> tuple[float, float]:
    """The range of an axis for *numbers*, with some air; where they grow without end, that of most of them."""
    ordered = spread(numbers) or [0.0]
    low, high = (share(ordered, 0.05), share(ordered, 0.95)) if open_ended else (ordered[0], ordered[-1])
    wanted = spread(include)
    if wanted:
        low, high = min(low, wanted[0]), max(high, wanted[-1])
    air = (high - low) * (0.3 if open_ended else 0.06)
    if high - low <= FLAT * max(abs(low), abs(high)):
        air = max(abs(low) / 2, 1.0)
    return low - air, high + air


def left_out(missing: float, beyond: float, where: str, least: float = 0.0) -> tuple[str, ...]:
    """What is left out of a picture, in a sentence.

    missing, beyond: the shares of it in which f has no value, and is too large to be drawn. least: the share that may be
    missing without a word.
    """
    reasons = (
        (missing, "f has no value", "left out", least),
        (beyond, f"f is larger than {LARGEST:g} in size", "cut off", 0.0),
    )
    return tuple(
        f"{what} anywhere in this {where}"
        if share >= 1
        else f"{what} on {_percent(share)} of the {where}: {how}"
        for share, what, how, enough in reasons
        if share > enough
    )


def _percent(share: float) -> str:
    percent = 100 * share
    return (
        "less than 0.1 %" if percent < 0.1 else "more than 99.9 %" if percent > 99.9 else f"{percent:.3g} %"
    )


def levels(numbers: Sequence[float], saddles: Sequence[float] = (), even: int = EVEN) -> tuple[float, ...]:
    """Heights of contours: round and at most *even* apart, or of equal area where few places hold most of the height.

    The contour through a saddle tells its valleys from its ridges: those of *saddles* are among them.
    """
    found = _heights(spread(numbers), even)
    if not found:
        return ()
    far = 0.02 * (found[-1] - found[0])
    return tuple(
        sorted({*saddles, *(level for level in found if all(abs(level - s) > far for s in saddles))})
    )


def _heights(ordered: Sequence[float], even: int) -> list[float]:
    if not ordered or ordered[-1] <= ordered[0]:
        return []
    low, high = ordered[0], ordered[-1]
    middle = share(ordered, 0.75) - share(ordered, 0.25)
    if high - low <= HEAVY * middle:
        return [level for level in ticks(low, high, even) if low < level < high]
    found = [float(f"{share(ordered, (k + 0.5) / EQUAL):.2g}") for k in range(EQUAL)]
    return [level for level in dict.fromkeys(found) if low < level < high]
