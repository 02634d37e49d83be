"""Programs on whole arrays: the same instructions, carried out by NumPy for all points at once.

Where floats raise, arrays hold nan: outside the domain, at poles and at corners of a derivative. What is only
too large on the way stays infinite, so that a quotient by it is 0 as it should be; an infinite end result is
nan again. NumPy is an extra (`gradcli[plot]`) and is imported when a program is first run here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any, NamedTuple

from gradcli.calculus.backends import float_backend
from gradcli.calculus.backends.float_backend import float_operation
from gradcli.calculus.program.program import Program

Array = Any
Operation = Callable[..., Array]


class Field(NamedTuple):
    """f and its partials at many points, nan where they have no value; a partial is None where f has none."""

    value: Array
    partials: tuple[Array | None, ...]


def field(program: Program, columns: Sequence[Array]) -> Field:
    """f and its gradient where the variables have the values of *columns*: arrays of one shape, or numbers."""
    import numpy as np

    wanted = {program.value, *(slot for slot in program.gradient if slot is not None)}
    slots, shape = run(program, columns, wanted), np.broadcast_shapes(*(np.shape(c) for c in columns))

    def whole(slot: int) -> Array:
        """A slot's numbers in the shape of the columns, nan for what is not finite."""
        numbers = np.broadcast_to(np.asarray(slots[slot], dtype=float), shape)
        return np.where(np.isfinite(numbers), numbers, np.nan)

    value = whole(program.value)
    # Where f has no value it has no slope, whatever the formula would give.
    slopes = (None if g is None else np.where(np.isnan(value), np.nan, whole(g)) for g in program.gradient)
    return Field(value, tuple(slopes))


def run(program: Program, columns: Sequence[Array], wanted: Collection[int]) -> dict[int, Array]:
    """The slots *wanted* (all others are dropped once nothing needs them any more)."""
    import numpy as np

    slots: dict[int, Array] = dict(enumerate([*columns, *map(float_backend.constant, program.constants)]))
    last = _last_uses(program)
    with np.errstate(all="ignore"):
        for index, (op, *arguments) in enumerate(program.code):
            slots[program.first + index] = operation(op)(*[slots[slot] for slot in arguments])
            for slot in {*arguments}:
                if last[slot] == index and slot not in wanted:
                    del slots[slot]
    return {slot: slots[slot] for slot in wanted}


def _last_uses(program: Program) -> dict[int, int]:
    return {slot: index for index, (_, *arguments) in enumerate(program.code) for slot in arguments}


@cache
def operation(name: str) -> Operation:
    """The function on arrays that carries out an instruction."""
    from gradcli.calculus.backends.numpy_operations import table

    known = table().get(name)
    if known is not None:
        return known
    return _each(float_operation(name))


def _each(plain: Callable[..., float]) -> Operation:
    """A float operation number by number, nan for what it refuses; an overflow is infinite."""
    import numpy as np

    def one(*numbers: float) -> float:
        """One answer."""
        try:
            return plain(*map(float, numbers)) if not any(map(math.isnan, numbers)) else math.nan
        except OverflowError:
            return math.inf
        except (ValueError, ArithmeticError):
            return math.nan

    vectorized: Operation = np.vectorize(one, otypes=[float])
    return vectorized
