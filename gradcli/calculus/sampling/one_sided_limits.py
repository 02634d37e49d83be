"""What a curve tends to on either side of a place, by balls at distances of 10**-20, 10**-40 and 10**-80.

Numbers that settle have a limit, those that grow from each distance to the next have none, and those that do neither
oscillate. More numbers beside the last tell a limit from an accident.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import Undecided, ball, working_bits
from gradcli.calculus.balls.programs.ball_backend import run
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.sampling.sign_changes import BITS, Place
from gradcli.calculus.sampling.smooth_pieces import Line

#: The distances as powers of ten, and those where exponentials of the first are too large for any ball.
_DISTANCES, _FARTHER = (20, 40, 80), (4, 8, 16)

#: Parts of the last distance at which an accident is looked for; the first one is that of `_is_power`.
_BESIDE = (fmpq(3, 8), fmpq(5, 7), fmpq(4, 9), fmpq(17, 31))

#: Numbers that differ by less than this share of their size are one.
_SAME = 1e-12


class Limit(NamedTuple):
    """kind: `finite`, `infinite`, `none` (it oscillates), `missing` (no value there) or `unknown`; number: of a finite one."""

    kind: str
    number: Any = None


class Sided(NamedTuple):
    """The limits of f and of its slope on one side."""

    value: Limit
    slope: Limit


def beside(line: Line, place: Place, direction: int, width: Any) -> Sided:
    """What f and its slope tend to from the side of *direction*, 1 or -1; width: that of the range that is seen."""
    found = _seen(line, place, direction, width, _DISTANCES)
    if any(limit.kind == "unknown" for limit in found):
        return _seen(line, place, direction, width, _FARTHER)
    return found


def _seen(line: Line, place: Place, direction: int, width: Any, distances: tuple[int, ...]) -> Sided:
    shares = [fmpq(10) ** -power for power in distances]
    runs = []
    with working_bits(BITS):
        for share in (*shares, *(shares[-1] * part for part in _BESIDE)):
            slots = run(line.first.program, line.point(place.x + direction * width * share), BITS)
            runs.append([slots[slot] for slot in (line.first.value, line.first.slopes[0] or 0)])
        stretch = arb(10).log() * (distances[1] - distances[2])
        return Sided(*(limit_of([one[part] for one in runs], stretch) for part in (0, 1)))


def limit_of(numbers: list[Any], stretch: Any) -> Limit:
    """The limit of numbers, three at distances that are squares of each other and the others beside the last.

    stretch: the logarithm of the third distance over the second.
    """
    failures = [number for number in numbers if isinstance(number, Failure)]
    if failures:
        settled = not any(isinstance(failure.error, Undecided | OverflowError) for failure in failures)
        return Limit("missing" if settled and len(failures) == len(numbers) else "unknown")
    a, b, c, near, *others = (ball(number).mid() for number in numbers)
    first, second = b - a, c - b
    accident = max(abs(number - c) for number in (near, *others))
    size = arb.max(abs(c), abs(b))
    if abs(second) <= _SAME * size and accident <= _SAME * size:
        return Limit("finite", c)
    if _is_power(a, b, c, near, stretch):
        return Limit("finite", arb(0)) if abs(c) < abs(b) else Limit("infinite")
    if _outgrows_powers(a, b, c, near):
        return Limit("infinite")
    if not accident <= 0.2 * abs(second) + _SAME * size:
        return Limit("none")
    if abs(second) <= 0.75 * abs(first):
        # What goes down by one factor from each distance to the next comes to rest where the series of it ends.
        factor = second / first
        return Limit("finite", c + second * factor / (1 - factor))
    return Limit("infinite")


def _of_one_sign(*numbers: Any) -> bool:
    """Whether all are above 0, or all below."""
    return all(x > 0 for x in numbers) or all(x < 0 for x in numbers)


def _outgrows_powers(a: Any, b: Any, c: Any, near: Any) -> bool:
    """Whether numbers grow like an exponential of one over the distance."""
    if not _of_one_sign(a, b, c, near):
        return False
    first, second = (b / a).log(), (c / b).log()
    return bool(first > 0 and second > 10 * first and abs(near) > abs(c))


def _is_power(a: Any, b: Any, c: Any, near: Any, stretch: Any) -> bool:
    """Whether numbers at distances h, h**2, h**4 and 3/8 of the last are a multiple of a power of the distance."""
    if not _of_one_sign(a, b, c, near):
        return False
    first, second, last = (b / a).log(), (c / b).log(), (near / c).log()
    if not (abs(first) > 0.01 and abs(second - 2 * first) <= 1e-3 * abs(second)):
        return False
    power = second / stretch
    return bool(abs(last - power * arb(_BESIDE[0]).log()) <= 0.01 * abs(power))
