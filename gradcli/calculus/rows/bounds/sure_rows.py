"""The rows of a level in arrays, and in which of them the bound of an error leaves too little of a number.

First one bound for all rows of a block, from the ranges of its slots: every bound of `array_blocks` grows with the sizes of
what it is made of, so that it is none below those of the rows. Rows of which that one is not enough have their own, then
those that know which errors are shared, and are computed once more in double-double numbers. By machine code all rows have
their own at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from gradcli.calculus.backends.error_propagation import TINY, UNDERFLOW, UNIT
from gradcli.calculus.backends.float_backend import constant
from gradcli.calculus.backends.numpy_backend import run
from gradcli.calculus.backends.rounding_error import constant_error
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.array_blocks import EXACT, LOOSE, block_columns, block_errors, input_errors_of
from gradcli.calculus.rows.bounds.block_numbers import BlockNumbers
from gradcli.calculus.rows.bounds.double_double_rows import FEWEST, answered, columns_of
from gradcli.calculus.rows.bounds.local_errors import ARRAYS
from gradcli.calculus.rows.bounds.shared_errors import error_program
from gradcli.calculus.rows.float_blocks import outputs_of
from gradcli.calculus.rows.row_data import Binding, Held, Numbers, part_of

#: Rows of a block.
BLOCK = 16_384

#: Rows whose own bounds are kept in all slots at once.
_AT_ONCE = 4_096

#: What the float arithmetic of a bound may lose of it, and how far results may be beyond the ends of exact ones.
_ROUNDED, _ENDS = 1 + 2.0**-40, 2.0**-40

#: Up to this size it is told how often a sine turns.
_LARGE = 1e5

Range = tuple[float, float]


class SureRows(NamedTuple):
    """The value and each slope in every row, and the places of doubtful rows, in their order."""

    outputs: list[Numbers]
    doubtful: list[int]


def numbers_in_blocks(program: Program) -> BlockNumbers:
    """What computes the blocks of `sure_rows`."""
    return BlockNumbers(program, _looked_at(program))


def sure_rows(
    program: Program,
    bindings: Sequence[Binding],
    count: int,
    share: float,
    numbers_of: BlockNumbers | None = None,
) -> SureRows:
    """All rows. share: of a number, in units of 2**-53, that its error may be. numbers_of: what computes them."""
    import numpy as np

    numbers_of = numbers_of or numbers_in_blocks(program)
    found = [np.empty(count) for _ in outputs_of(program)]
    doubtful, suspicious = list[Numbers](), list[Numbers]()
    together = count if numbers_of.is_native else BLOCK
    for start in range(0, count, together):
        size = min(together, count - start)
        columns = block_columns(bindings, start, size)
        inputs = _Inputs(bindings, columns, start)
        numbers = [whole[start : start + size] for whole in found]
        certain, again = _sorted_out(program, numbers_of, inputs, numbers, share)
        doubtful.append(start + certain)
        suspicious.append(start + again)
    columns = block_columns(bindings, 0, count)
    if len(places := _together(suspicious)):
        few, own = _inputs_of(bindings, columns, places)
        doubtful.append(places[_doubted(program, few, own, [one[places] for one in found], share)])
    if len(places := np.sort(_together(doubtful))):
        few, own = _inputs_of(bindings, columns, places)
        again = [one[places] for one in found]
        given, like = columns_of(bindings, few, own, places), numbers_of.as_many(len(places), count)
        certain = answered(program, given, again, share, like)
        for whole, one in zip(found, again, strict=True):
            whole[places] = one
        places = places[~certain]
    return SureRows(found, places.tolist())


def _inputs_of(
    bindings: Sequence[Binding], columns: Sequence[Any], places: Numbers
) -> tuple[list[Any], list[Numbers]]:
    """The numbers of some rows, and how far they are from what was given."""
    few = [part_of(one, places) for one in columns]
    return few, input_errors_of(bindings, few, 0, places)


def _together(places: Sequence[Numbers]) -> Numbers:
    import numpy as np

    return np.concatenate([np.arange(0), *places])


class _Inputs:
    """The numbers of a block's variables, and how far they are from what was given, in units of 2**-53."""

    def __init__(self, bindings: Sequence[Binding], columns: Sequence[Any], start: int) -> None:
        self._bindings, self.columns, self._start = bindings, columns, start

    @cached_property
    def errors(self) -> list[Numbers]:
        """In each row."""
        return input_errors_of(self._bindings, self.columns, self._start)

    def given_error(self, place: int) -> Numbers:
        """Of a variable of which it was given with the numbers."""
        one = self._bindings[place]
        return one.error if isinstance(one, Held) else one.own_errors(self._start, len(self.columns[place]))

    def widest(self, place: int, numbers: Range) -> float:
        """A bound for all rows of one variable, whose numbers have that range."""
        one = self._bindings[place]
        if isinstance(one, Held):
            return one.error
        return _size(numbers) + UNDERFLOW if one.typed else 0.0


def _sorted_out(
    program: Program, numbers_of: BlockNumbers, inputs: _Inputs, numbers: Sequence[Numbers], share: float
) -> tuple[Numbers, Numbers]:
    """The numbers of a block; the places of rows that are in doubt, and of those that are to have bounds of their own."""
    import numpy as np

    size, nothing, columns = len(numbers[0]), np.arange(0), inputs.columns
    if numbers_of.bounds is not None:
        found = numbers_of.bounds.fill(columns, inputs.given_error, numbers, share)
        places, again = (np.asarray(one, dtype=np.intp) for one in found)
        return np.setdiff1d(places, again, assume_unique=True), again
    block = numbers_of.fill(columns, numbers)
    worst = _worst(program, block.slots, inputs, outputs_of(program))
    places = np.arange(size) if worst is None else _suspicious(numbers, worst, share, block.without)
    if len(places) <= size // 2:
        return nothing, places
    return _doubted(program, columns, inputs.errors, numbers, share), nothing


def _looked_at(program: Program) -> set[int]:
    """The slots whose own range may be looked for."""
    return {places[-1] for op, *places in program.code if op in _RULES and _RULES[op].needs_sign}


def _doubted(
    program: Program,
    columns: Sequence[Any],
    inputs: Sequence[Numbers],
    numbers: Sequence[Numbers],
    share: float,
) -> Numbers:
    """The places of rows that are in doubt by bounds of their own, some at a time."""
    import numpy as np

    count, doubtful = len(numbers[0]), list[Numbers]()
    for start in range(0, count, _AT_ONCE):
        end = start + _AT_ONCE
        few = [part_of(one, slice(start, end)) for one in columns]
        own = [part_of(one, slice(start, end)) for one in inputs]
        doubtful.append(
            start + _doubted_at_once(program, few, own, [one[start:end] for one in numbers], share)
        )
    return np.concatenate(doubtful)


def _doubted_at_once(
    program: Program,
    columns: Sequence[Any],
    inputs: Sequence[Numbers],
    numbers: Sequence[Numbers],
    share: float,
) -> Numbers:
    """The same, first by plain bounds, then by those that know which errors are shared."""
    slots = run(program, columns, set(range(program.first + len(program.code))))
    plain, outputs = block_errors(program, slots, inputs), outputs_of(program)
    other = [slots[slot] for slot in outputs]
    places = _doubtful(numbers, _moved(numbers, other, [plain[slot] for slot in outputs]), share)
    exact = frozenset(slot for slot, error in enumerate(inputs) if isinstance(error, float) and not error)
    better = error_program(program, exact, ARRAYS) if len(places) >= FEWEST else None
    if better is None:
        return places
    given = [*(slots[slot] for slot in better.slots), *(inputs[slot] for slot in better.inputs)]
    few, other = ([part_of(one, places) for one in part] for part in (numbers, other))
    bounds = run(better.program, [part_of(one, places) for one in given], {*outputs_of(better.program)})
    errors = [bounds[slot] for slot in outputs_of(better.program)]
    return places[_doubtful(few, _moved(few, other, errors), share)]


def _moved(numbers: Sequence[Numbers], others: Sequence[Numbers], errors: Sequence[Numbers]) -> list[Numbers]:
    """Bounds of the errors of numbers, of those of *others* for the same."""
    import numpy as np

    with np.errstate(all="ignore"):
        return [
            error + np.abs(one - other) / UNIT
            for one, other, error in zip(numbers, others, errors, strict=True)
        ]


def _doubtful(numbers: Sequence[Numbers], errors: Sequence[Numbers], share: float) -> Numbers:
    """The places of rows of which a number is not sure, or not finite."""
    import numpy as np

    bad = np.zeros(len(numbers[0]), dtype=bool)
    with np.errstate(over="ignore", invalid="ignore"):
        for one, error in zip(numbers, errors, strict=True):
            bad |= ~((error <= share * np.abs(one)) & np.isfinite(one) & np.isfinite(error))
    return np.flatnonzero(bad)


def _suspicious(
    numbers: Sequence[Numbers], worst: Sequence[float], share: float, without: Sequence[int]
) -> Numbers:
    """The places of rows of which a number is too small for the bound of all, and of those *without* numbers."""
    import numpy as np

    bad = np.zeros(len(numbers[0]), dtype=bool)
    bad[without] = True
    for one, error in zip(numbers, worst, strict=True):
        if error:
            least = error / share * _ROUNDED
            bad |= (one < least) & (one > -least)
    return np.flatnonzero(bad)


def _worst(
    program: Program, slots: Mapping[int, Numbers], inputs: _Inputs, outputs: Sequence[int]
) -> list[float] | None:
    """A bound for all rows of the error of each output; None where an operation has none, or a number may not be finite."""
    if any(op not in _RULES for op, *_ in program.code):
        return None
    ranges: dict[int, Range] = {slot: _range(slots[slot]) for slot in range(len(program.variables))}
    errors = {slot: inputs.widest(slot, one) for slot, one in ranges.items()}
    for slot, text in enumerate(program.constants, len(program.variables)):
        number = constant(text)
        errors[slot], ranges[slot] = constant_error(text, number), (number, number)
    if not all(math.isfinite(end) for one in ranges.values() for end in one):
        return None
    for slot, (op, *places) in enumerate(program.code, program.first):
        rule = _RULES[op]
        if rule.needs_sign and _least(ranges[places[-1]]) == 0.0:
            ranges[places[-1]] = _range(slots[places[-1]])
        try:
            here = _wide(rule.range(*(ranges[p] for p in places)))
            bound = rule.error(here, *(ranges[p] for p in places), *(errors[p] for p in places))
        except (ValueError, ArithmeticError):
            return None
        bound += 0.0 if op in EXACT else LOOSE * _size(here)
        if not (math.isfinite(bound) and math.isfinite(here[0]) and math.isfinite(here[1])):
            return None
        errors[slot], ranges[slot] = bound * _ROUNDED, here
    return [errors[slot] for slot in outputs]


def _range(numbers: Numbers) -> Range:
    if getattr(numbers, "ndim", 0):
        return float(numbers.min()), float(numbers.max())
    return float(numbers), float(numbers)


def _wide(a: Range) -> Range:
    """A range with what its ends may be off by."""
    return a[0] - _ENDS * abs(a[0]), a[1] + _ENDS * abs(a[1])


def _size(a: Range) -> float:
    return max(-a[0], a[1])


def _least(a: Range) -> float:
    """The least size of a number in a range."""
    return max(a[0], -a[1], 0.0)


def _over(above: float, below: float) -> float:
    return above / below if below > 0 else 0.0 if above == 0 else math.inf


class _Rule(NamedTuple):
    """What an operation makes of ranges and errors: r is the range of results, a and b those of arguments, with ea and eb.

    needs_sign: whether the last argument's own range is looked for where that which is known has a 0 in it.
    """

    range: Callable[..., Range]
    error: Callable[..., float]
    needs_sign: bool = False


def _corners(a: Range, b: Range) -> Range:
    ends = a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1]
    return min(ends), max(ends)


def _quotients(a: Range, b: Range) -> Range:
    if not _least(b):
        raise ZeroDivisionError
    return _corners(a, (1 / b[1], 1 / b[0]))


def _product(r: Range, a: Range, b: Range, ea: float, eb: float) -> float:
    return _size(b) * ea + _size(a) * eb + ea * eb * UNIT + _size(r) + UNDERFLOW


def _sum(r: Range, a: Range, b: Range, ea: float, eb: float) -> float:
    return ea + eb + _size(r) + UNDERFLOW


def _quotient(r: Range, a: Range, b: Range, ea: float, eb: float) -> float:
    return _over(ea + (_size(r) + TINY) * eb, _least(b) - eb * UNIT - TINY) + _size(r) + UNDERFLOW


def _root(r: Range, a: Range, ea: float) -> float:
    spread = _over(0.6 * ea, r[0]) if ea * UNIT <= a[0] / 2 else math.inf
    return spread + r[1] + UNDERFLOW


def _wider(r: Range, a: Range, b: Range, ea: float, eb: float) -> float:
    return max(ea, eb)


def _kept(r: Range, a: Range, ea: float) -> float:
    return ea


def _bent(times: int) -> Callable[[Range, Range, float], float]:
    """The bound of a function whose slope is at most 1, and that is off by so many last places."""
    return lambda r, a, ea: ea + times * _size(r) + UNDERFLOW


def _sines(a: Range) -> Range:
    """The sines of a range."""
    if a[1] - a[0] > 3 or _size(a) > _LARGE:
        return -1.0, 1.0
    ends = math.sin(a[0]), math.sin(a[1])
    turns = [math.floor(end / math.pi - 0.5) for end in a]
    low, high = min(ends), max(ends)
    if turns[0] != turns[1]:  # at an odd one the sine is -1
        low, high = (-1.0, high) if turns[1] % 2 else (low, 1.0)
    return max(low - _ENDS, -1.0), min(high + _ENDS, 1.0)


def _cosines(a: Range) -> Range:
    return _sines((a[0] + math.pi / 2, a[1] + math.pi / 2))


def _turned(slopes: Callable[[Range], Range]) -> Callable[[Range, Range, float], float]:
    """The bound of a sine or cosine, whose slopes over a range are so large, and have slopes of at most 1."""
    return lambda r, a, ea: ea * min(_size(slopes(a)) + ea * UNIT, 1.0) + 4 * _size(r) + UNDERFLOW


_MULTIPLIED = _Rule(_corners, _product)

#: The bounds of `array_blocks` on ranges.
_RULES: dict[str, _Rule] = {
    "neg": _Rule(lambda a: (-a[1], -a[0]), _kept), "abs": _Rule(lambda a: (_least(a), _size(a)), _kept),
    "relu": _Rule(lambda a: (max(a[0], 0.0), max(a[1], 0.0)), _kept),
    "min": _Rule(lambda a, b: (min(a[0], b[0]), min(a[1], b[1])), _wider),
    "max": _Rule(lambda a, b: (max(a[0], b[0]), max(a[1], b[1])), _wider),
    "add": _Rule(lambda a, b: (a[0] + b[0], a[1] + b[1]), _sum),
    "sub": _Rule(lambda a, b: (a[0] - b[1], a[1] - b[0]), _sum), "mul": _MULTIPLIED, "div": _Rule(_quotients, _quotient, True),
    "square": _Rule(lambda a: (_least(a) ** 2, _size(a) ** 2),
                    lambda r, a, ea: (2 * _size(a) + ea * UNIT) * ea + _size(r) + UNDERFLOW),
    "sqrt": _Rule(lambda a: (math.sqrt(a[0]), math.sqrt(a[1])), _root, True),
    "exp": _Rule(lambda a: (math.exp(a[0]), math.exp(a[1])),
                 lambda r, a, ea: _over((r[1] + TINY) * ea, 1 - ea * UNIT) + 4 * r[1] + UNDERFLOW),
    "log": _Rule(lambda a: (math.log(a[0]), math.log(a[1])),
                 lambda r, a, ea: _over(ea, a[0] - ea * UNIT - TINY) + 4 * _size(r) + UNDERFLOW, True),
    "log1p": _Rule(lambda a: (math.log1p(a[0]), math.log1p(a[1])),
                   lambda r, a, ea: _over(ea, (1 + a[0]) * (1 - UNIT) - ea * UNIT - TINY) + 4 * _size(r) + UNDERFLOW),
    "sin": _Rule(_sines, _turned(_cosines)), "cos": _Rule(_cosines, _turned(_sines)),
    "tanh": _Rule(lambda a: (-1.0, 1.0), _bent(6)),
    "sigmoid": _Rule(lambda a: (0.0, 1.0), _bent(6)),
    "softplus": _Rule(lambda a: (0.0, max(a[1], 0.0) + 1.0), _bent(6)),
}  # fmt: skip
