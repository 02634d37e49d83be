"""Derivatives along a direction: partials times components where f has them, elsewhere what f does along both rays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flint import arb, fmpq

from gradcli.calculus.balls.ball_arithmetic import added, multiplied
from gradcli.calculus.balls.ball_numbers import ZERO, ball, exact, working_bits
from gradcli.calculus.balls.decimals import rational_of
from gradcli.calculus.balls.programs.ball_backend import most_bits, run_to_bits
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.balls.programs.given_numbers import number_of
from gradcli.calculus.corners.one_sided_slopes import Side, agree, one_sided_slope_along
from gradcli.calculus.program.point_answer import Note, Value
from gradcli.calculus.program.program import Program


def product(program: Program, point: Mapping[str, Value], direction: Mapping[str, Value], bits: int) -> Any:
    """The sum of partials times components to so many bits; None where one of the partials is no plain number.

    What cancels is computed in more bits, until it is told from 0 or the limit of the program is reached.
    """
    given = [point[name] for name in program.variables]
    slots = {name: program.gradient[program.variables.index(name)] for name in direction}
    if any(name in program.unknown for name in direction):
        return None
    places = {name: slot for name, slot in slots.items() if slot is not None}
    working, most = bits, max(most_bits(program), 4 * bits)
    while True:
        found = run_to_bits(program, given, places.values(), working)
        if any(isinstance(found[slot], Failure) for slot in places.values()):
            return None
        total = _sum({name: found[slot] for name, slot in places.items()}, direction, working)
        if exact(total) or total.rel_accuracy_bits() >= bits or working >= most:
            return total
        working = min(4 * working, most)


def summed(partials: Mapping[str, Value | None], direction: Mapping[str, Value], bits: int) -> Any:
    """The sum of given numbers times components."""
    return _sum({name: number_of(partials[name], bits) for name in direction}, direction, bits)


def _sum(partials: Mapping[str, Any], direction: Mapping[str, Value], bits: int) -> Any:
    total: Any = ZERO
    with working_bits(bits + 64):
        for name, partial in partials.items():
            total = added(total, multiplied(partial, number_of(direction[name], bits + 64)))
    return total


def length_of(direction: Mapping[str, Value], bits: int) -> Any:
    """The Euclidean length of a direction, whatever the size of its components."""
    with working_bits(bits + 64):
        numbers = [ball(number_of(x, bits + 64)) for x in direction.values()]
        return sum((x * x for x in numbers), arb(0)).sqrt()


def ray_derivative(
    program: Program, text: str, point: Mapping[str, Any], direction: Mapping[str, Value], precision: int
) -> tuple[Any, Note | None]:
    """What the slopes along both rays agree on; None and a note that says what is there where they do not."""
    slots = {name: program.gradient[program.variables.index(name)] for name in direction}
    way, size = unit_of(direction)
    weights = {slot: way[name] for name, slot in slots.items() if slot is not None}
    unknown = any(name in program.unknown for name in direction)
    found = meeting(
        program, point, way, None if unknown else weights, precision, stopped="stop_gradient" in text
    )
    if not isinstance(found, tuple):
        return found * size, None
    shown = ", ".join(f"{name} = {float(x):.10g}" for name, x in direction.items())
    return None, note_of(found, size, f"along {shown}, f has no derivative:")


def unit_of(direction: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
    """The direction with the largest component 1, as rationals, and what it was divided by."""
    numbers = {name: _rational(x) for name, x in direction.items()}
    size = max((abs(x) for x in numbers.values()), default=fmpq(1)) or fmpq(1)
    return {name: x / size for name, x in numbers.items() if x != 0}, size


def _rational(x: Any) -> Any:
    number = number_of(x, 1024)
    return number if exact(number) else rational_of(number.mid())


def meeting(
    program: Program, point: Mapping[str, Any], way: Mapping[str, Any], weights: Mapping[int, Any] | None,
    precision: int, *, stopped: bool,
) -> Any:  # fmt: skip
    """The slope along *way* that both rays agree on; where they do not, what is on each: behind and ahead.

    weights: of the slots that make the slope, None where differences of f do.
    """
    back = {name: -x for name, x in way.items()}
    turned = None if weights is None else {slot: -weight for slot, weight in weights.items()}
    ahead = one_sided_slope_along(program, point, way, weights, precision, stopped)
    behind = one_sided_slope_along(program, point, back, turned, precision, stopped)
    behind = behind if behind.slope is None else behind._replace(slope=-behind.slope)
    return (ahead.slope + behind.slope) / 2 if agree(behind, ahead) else (behind, ahead)


def note_of(sides: tuple[Side, Side], size: Any, what: str) -> Note:
    """What is to be said where there is no one slope along a direction: what is behind, and what ahead."""
    kind = next((kind for kind in _KINDS if any(getattr(side, _KINDS[kind]) for side in sides)), "corner")
    numbers = [None if side.slope is None else float(side.slope * ball(size)) for side in sides]
    words = [
        f"slope {number + 0.0:.10g}" if number is not None else _words(side)
        for number, side in zip(numbers, sides, strict=True)
    ]
    message = f"{what} {words[0]} behind, {words[1]} ahead"
    return Note(kind, message, None, numbers[0], numbers[1])


#: Kinds of notes, and what a side has where they fit.
_KINDS = {"infinite": "infinite", "jump": "jump", "edge": "missing"}


def _words(side: Side) -> str:
    if side.infinite:
        return "infinite slope"
    return "a jump" if side.jump else "no value" if side.missing else "no one slope"
