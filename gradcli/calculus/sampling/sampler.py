"""Program and many points → numbers, nan where there are none: on arrays where NumPy is installed, else one by one."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.calculus.backends import float_backend
from gradcli.calculus.program.program import Program
from gradcli.language.rows.loadable_libraries import has_arrays

Numbers = Sequence[float]

#: The largest number of a picture, near the end of floats: sums and ranges of a few such numbers do not overflow.
LARGEST = 1e307


class Samples(NamedTuple):
    """f at each point, and its partial along each of the asked variables (all nan where f has none).

    beyond: how many points have a value that is too large to be drawn.
    """

    value: list[float]
    partials: tuple[list[float], ...]
    beyond: int = 0


Sampler = Callable[[Sequence[Numbers]], Samples]


def sampler(program: Program, fixed: Mapping[str, float], axes: Sequence[str]) -> Sampler:
    """The function from one column of numbers per axis to f and its partials there, other variables *fixed*."""
    places = [program.variables.index(name) for name in axes]
    run = _by_rows(program) or (_by_array(program) if has_arrays() else _one_by_one(program))

    def sample(columns: Sequence[Numbers]) -> Samples:
        """f and its partials at the points of the columns."""
        given = dict(zip(axes, columns, strict=True))
        inputs = [given[name] if name in given else fixed[name] for name in program.variables]
        value, partials, beyond = run(inputs, len(columns[0]))
        return Samples(value, tuple(partials[place] for place in places), beyond)

    return sample


_Run = Callable[[Sequence[Any], int], tuple[list[float], list[list[float]], int]]


def _by_rows(program: Program) -> _Run | None:
    """A pass over the rows for each point; None for a program that is none of rows."""
    from gradcli.calculus.rows.bound_rows import BoundRows

    if not isinstance(program, BoundRows):
        return None
    rows = program.at_many_points()

    def run(inputs: Sequence[Any], count: int) -> tuple[list[float], list[list[float]], int]:
        """A point after another."""
        columns = [each if isinstance(each, Sequence) else [each] * count for each in inputs]
        found = [rows.sampled(tuple(map(float, point))) for point in zip(*columns, strict=True)]
        beyond = sum(abs(value) > LARGEST for value, _ in found)
        partials = [[_drawable(slopes[i]) for _, slopes in found] for i in range(len(inputs))]
        return [_drawable(value) for value, _ in found], partials, beyond

    return run


def _by_array(program: Program) -> _Run:
    def run(inputs: Sequence[Any], count: int) -> tuple[list[float], list[list[float]], int]:
        """All points at once."""
        import numpy as np

        from gradcli.calculus.backends.numpy_backend import field

        found = field(program, [np.broadcast_to(np.asarray(one, dtype=float), (count,)) for one in inputs])
        nowhere = [math.nan] * count

        def drawable(numbers: Any) -> list[float]:
            """The numbers that a picture can hold, nan for others."""
            kept: list[float] = np.where(np.abs(numbers) <= LARGEST, numbers, math.nan).tolist()
            return kept

        beyond = int(np.count_nonzero(np.abs(found.value) > LARGEST))
        return drawable(found.value), [nowhere if p is None else drawable(p) for p in found.partials], beyond

    return run


def _one_by_one(program: Program) -> _Run:
    one = _scalar(program)

    def run(inputs: Sequence[Any], count: int) -> tuple[list[float], list[list[float]], int]:
        """A point after another."""
        columns = [each if isinstance(each, Sequence) else [each] * count for each in inputs]
        rows = [one(point) for point in zip(*columns, strict=True)] if columns else [one(())] * count
        beyond = sum(abs(row[0]) > LARGEST for row in rows)
        partials = [[_drawable(row[1 + i]) for row in rows] for i in range(len(inputs))]
        return [_drawable(row[0]) for row in rows], partials, beyond

    return run


def _scalar(program: Program) -> Callable[[Sequence[float]], list[float]]:
    """A point → f and every partial, each nan where it has no value."""
    quick = float_backend.compiled(program)
    constants = [float_backend.constant(text) for text in program.constants]
    functions = float_backend.table(program._replace(guarded=frozenset(range(len(program.code)))))

    def careful(point: Sequence[float]) -> list[float]:
        """Instruction by instruction; what nan goes into is nan, but for a piece that is not taken."""
        slots = [*point, *constants]
        for function, (op, *arguments) in zip(functions, program.code, strict=True):
            numbers = [slots[slot] for slot in arguments]
            decisive = numbers[:1] if op in ("select", "gate") else numbers
            slots.append(math.nan if any(map(math.isnan, decisive)) else function(*numbers))
        value = slots[program.value]
        slopes = (math.nan if slot is None else slots[slot] for slot in program.gradient)
        return [value, *(math.nan if math.isnan(value) else slope for slope in slopes)]

    def one(point: Sequence[float]) -> list[float]:
        """By the compiled program where it answers, else instruction by instruction."""
        try:
            found = quick(*point)
        except (ValueError, ArithmeticError):
            return careful(point)
        if not all(abs(number) <= LARGEST for number in found):
            return careful(point)
        rest = iter(found[1:])
        return [found[0], *(math.nan if slot is None else next(rest) for slot in program.gradient)]

    return one


def _drawable(number: float) -> float:
    return number if abs(number) <= LARGEST else math.nan
