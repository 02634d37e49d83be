"""Points of an expression's domain: simple ones first, so that a counterexample can be checked by hand."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from gradcli.calculus.backends.balls import Failure, to_digits
from gradcli.calculus.program import Program

#: Digits of the first look, and of the second one where the first sees a difference.
DIGITS, CLOSER = 70, 180

#: So many points are tried before an expression is said to have no domain.
ATTEMPTS = 400

_SIMPLE = ("2", "3", "5", "7", "1.5", "2.5"), ("0.5", "0.25", "0.75"), ("-2", "-3", "-1", "-5")
_RANGES = ((-3, 3), (0.02, 0.98), (1.02, 4), (-1, 1), (0.1, 20), (-9, -1), (-0.3, 0.3))

Point = tuple[str, ...]


def points(names: Sequence[str], attempts: int = ATTEMPTS) -> Iterator[Point]:
    """Decimal points, the same ones every time: small whole numbers, fractions, then random ones."""
    for values in _SIMPLE:
        yield tuple(values[index % len(values)] for index in range(len(names)))
    source = random.Random(len(names))  # noqa: S311  (nothing secret: the answer must be the same every time)
    for attempt in range(attempts):
        ranges = [_RANGES[attempt % len(_RANGES)]] * len(names)
        if attempt % 2:
            ranges = [source.choice(_RANGES) for _ in names]
        yield tuple(f"{source.uniform(*ends):.3f}" for ends in ranges)


def value_at(program: Program, slot: int, point: Point, digits: int) -> object:
    """The content of one slot at a point, a narrow ball, or None where it has no value."""
    result = to_digits(program, point, digits, outputs=[slot])[slot]
    return None if isinstance(result, Failure) else result


def moved(program: Program, names: Sequence[str], point: Point) -> Point:
    """The values of the program's variables out of a point of *names*."""
    return tuple(point[names.index(name)] for name in program.variables)
