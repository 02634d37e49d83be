"""Points of an expression's domain: simple ones first, so that a counterexample can be checked by hand."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from gradcli.calculus.balls.ball_numbers import ball
from gradcli.calculus.balls.programs.ball_backend import run
from gradcli.calculus.balls.programs.ball_operations import Failure, undecided
from gradcli.calculus.program.program import Program

#: Right bits of a number that is compared, and bits of the tries: what is not told from 0 by the last of them is 0.
RIGHT, TRIES = 400, (480, 1024, 4096)

#: So many points are tried before an expression is said to have no domain.
ATTEMPTS = 400

#: Coordinates of the first points.
SIMPLE = ("2", "3", "5", "7", "1.5", "2.5"), ("0.5", "0.25", "0.75"), ("-2", "-3", "-1", "-5")
_RANGES = ((-3, 3), (0.02, 0.98), (1.02, 4), (-1, 1), (0.1, 20), (-9, -1), (-0.3, 0.3))

Point = tuple[str, ...]


def points(names: Sequence[str], attempts: int = ATTEMPTS) -> Iterator[Point]:
    """Decimal points, the same ones every time: small whole numbers, fractions, then random ones."""
    for values in SIMPLE:
        yield tuple(values[index % len(values)] for index in range(len(names)))
    source = random.Random(len(names))  # noqa: S311  (nothing secret: the answer must be the same every time)
    for attempt in range(attempts):
        ranges = [_RANGES[attempt % len(_RANGES)]] * len(names)
        if attempt % 2:
            ranges = [source.choice(_RANGES) for _ in names]
        yield tuple(f"{source.uniform(*ends):.3f}" for ends in ranges)


def numbers_at(program: Program, slots: Collection[int], point: Sequence[Any]) -> dict[int, Any]:
    """The balls of some slots at a point, of RIGHT bits or, after the last try, such as hold 0; None without a value."""
    found: dict[int, Any] = {}
    waiting = set(slots)
    for bits in TRIES:
        run_ = run(program, point, bits)
        for slot in tuple(waiting):
            number = run_[slot]
            found[slot] = None if isinstance(number, Failure) else ball(number)
            if not undecided(number) and (found[slot] is None or _narrow(found[slot])):
                waiting.discard(slot)
        if not waiting:
            break
    lost = {slot for slot in waiting if found[slot] is None or not found[slot].contains(0)}
    return {slot: None if slot in lost else found[slot] for slot in slots}


def _narrow(number: Any) -> bool:
    return bool(number.is_exact()) or number.rel_accuracy_bits() >= RIGHT


def number_at(program: Program, slot: int, point: Sequence[Any]) -> Any:
    """The ball of one slot, as `numbers_at` has it."""
    return numbers_at(program, (slot,), point)[slot]


def moved(program: Program, names: Sequence[str], point: Point) -> Point:
    """The values of the program's variables out of a point of *names*."""
    return tuple(point[names.index(name)] for name in program.variables)
