"""What the code's own floats give at a point, and how far from that another machine's may be.

The lowered program runs once as it is, and some times more with every result moved by a few of its last places: as
far as the answers spread, so far may rounding move them (stochastic arithmetic: Vignes, A stochastic arithmetic for
reliable scientific computation, 1993). Functions of other libraries are a few last places off as well.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gradcli.calculus.backends import float_backend
from gradcli.calculus.backends.float_backend import float_operation
from gradcli.calculus.exporting.reserved_words import words
from gradcli.calculus.exporting.target_language import Language, Test
from gradcli.calculus.program.program import Program

#: How often the program runs with moved results, and by how much of each: four last places.
_RUNS, _MOVE = 16, 2.0**-50

#: The answers' spread is taken so many times, and so much of each number is allowed in any case.
_SPREAD, _LEAST = 4.0, 1e-14

_OWN: dict[str, Callable[..., Any]] = {
    "finite": lambda x: float(math.isfinite(x)),
    "settle": lambda x: x if math.isfinite(x) else math.nan,
}

#: Results that are exact: they are not moved.
_EXACT = words("neg abs floor ceil sign select lt le eq ne and or finite settle min max")


def tested(
    program: Program, plain: Program, language: Language, point: Mapping[str, float], along: Sequence[str]
) -> Test | None:
    """The test at *point* of what *program* was lowered to, *plain*; None where its floats give no number there.

    Wanted is what gradcli's own floats give, where they give anything, and else what the lowered program does.
    """
    numbers = tuple(point[name] for name in program.variables)
    found = own_and_allowed(
        lambda source: _picked(plain, moved_slots(plain, language, numbers, source), along)
    )
    if found is None:
        return None
    own, allowed = found
    return Test(numbers, _plainly(program, numbers, along) or own, allowed)


def own_and_allowed(
    run: Callable[[random.Random | None], tuple[float, ...]],
) -> tuple[tuple[float, ...], tuple[float, ...]] | None:
    """What *run* answers by itself, and how far from it each number may be; None where one is not finite.

    run: given a source of random numbers, it moves every result by some of its last places.
    """
    own = run(None)
    if not all(map(math.isfinite, own)):
        return None
    source = random.Random(0)  # noqa: S311  (nothing secret: the answer must be the same every time)
    others = [run(source) for _ in range(_RUNS)]
    spread = [max(abs(other[k] - number) for other in others) for k, number in enumerate(own)]
    if not all(map(math.isfinite, spread)):
        return None
    allowed = [_SPREAD * s + _LEAST * abs(number) for s, number in zip(spread, own, strict=True)]
    return own, tuple(float(f"{bound:.2g}") for bound in allowed)


def _plainly(program: Program, point: Sequence[float], along: Sequence[str]) -> tuple[float, ...] | None:
    """Value and partials of gradcli's own floats; None where they fail."""
    try:
        slots = float_backend.run(program, point)
    except (ValueError, ArithmeticError):
        return None
    found = _picked(program, slots, along)
    return found if all(map(math.isfinite, found)) else None


def _picked(program: Program, slots: Sequence[float], along: Sequence[str]) -> tuple[float, ...]:
    gradient = dict(zip(program.variables, program.gradient, strict=True))
    places = [program.value, *(gradient.get(name) for name in along)]
    return tuple(0.0 if place is None else float(slots[place]) for place in places)


def moved_slots(
    program: Program, language: Language, point: Sequence[float], source: random.Random | None
) -> list[float]:
    """The results of all instructions, as the language carries them out. source: moves them where it is given."""
    slots = [*point, *map(float_backend.constant, program.constants)]
    operations = {op: _operation(op, language) for op in {instruction[0] for instruction in program.code}}
    for op, *places in program.code:
        result = operations[op](*[slots[place] for place in places])
        slots.append(moved(result, source) if op not in _EXACT else result)
    return slots


def moved(number: float, source: random.Random | None) -> float:
    """The number, moved by some of its last places where there is a source of random numbers."""
    return number if source is None else number * (1 + source.uniform(-_MOVE, _MOVE))


def _operation(op: str, language: Language) -> Callable[..., Any]:
    """An instruction as the language carries it out: where its own word means another thing, that."""
    if op in _OWN:
        return _OWN[op]
    own = math.fmod if op == "mod" and "mod" in language.meanings else float_operation(op)
    return _guarded(float_backend.quiet(own)) if op in language.careful else float_backend.quiet(own)


def _guarded(operation: Callable[..., float]) -> Callable[..., float]:
    """The operation of finite numbers alone."""
    return lambda *numbers: operation(*numbers) if all(map(math.isfinite, numbers)) else math.nan
