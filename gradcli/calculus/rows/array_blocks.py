"""The rows of a level in NumPy's arrays, a block that fits the processor's cache at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from gradcli.calculus.backends.error_propagation import ROUNDED_POWER, SLACK, TINY, UNDERFLOW, UNIT
from gradcli.calculus.backends.float_backend import constant
from gradcli.calculus.backends.numpy_backend import run
from gradcli.calculus.backends.rounding_error import constant_error, error_of
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.float_blocks import Block, outputs_of
from gradcli.calculus.rows.row_data import Binding, Held, Numbers

#: Rows of a block.
BLOCK = 16_384

#: Operations that round as IEEE 754 says, or not at all, on every processor.
EXACT = frozenset(
    ("neg", "abs", "add", "sub", "mul", "div", "square", "sqrt", "gate", "select", "min", "max", "relu", "lt", "le", "eq",
     "ne", "and", "or", "sign", "heaviside", "floor", "ceil", "first_side", "second_side", "sign_side", "relu_side",
     "heaviside_side", "lt_side", "le_side", "flat_zero", "flat_cut", "flat_integer")
)  # fmt: skip

#: What NumPy's other functions may be off by for each unit of the result: 4 last places, where libm has one.
LOOSE = 8.0


def array_blocks(
    program: Program, bindings: Sequence[Binding], count: int, *, bounds: bool, first: int = 0
) -> Iterator[Block]:
    """All rows, or those from the *first* on, block by block."""
    for start in range(first, count, BLOCK):
        yield _block(program, bindings, start, min(BLOCK, count - start), bounds)


def _block(program: Program, bindings: Sequence[Binding], start: int, size: int, bounds: bool) -> Block:
    import numpy as np

    columns = block_columns(bindings, start, size)
    outputs = outputs_of(program)
    wanted = range(program.first + len(program.code)) if bounds else outputs
    slots = run(program, columns, set(wanted))
    errors = block_errors(program, slots, input_errors_of(bindings, columns, start)) if bounds else {}

    def whole(numbers: Any) -> Numbers:
        return np.broadcast_to(np.asarray(numbers, dtype=float), (size,))

    found = [whole(slots[slot]) for slot in outputs]
    bound = [whole(errors[slot]) for slot in outputs] if bounds else []
    fine = np.isfinite(found[0])
    for one in (*found[1:], *bound):
        fine = fine & np.isfinite(one)
    failed: list[int] = [] if fine.all() else np.flatnonzero(~fine).tolist()
    if failed:
        found, bound = ([np.where(fine, one, 0.0) for one in part] for part in (found, bound))
    return Block(start, found, bound, failed)


def block_columns(bindings: Sequence[Binding], start: int, size: int) -> list[Any]:
    """The numbers of some rows: arrays, and those that all rows share."""
    import numpy as np

    return [
        one.value if isinstance(one, Held) else np.asarray(one.numbers[start : start + size], dtype=float)
        for one in bindings
    ]


def input_errors_of(
    bindings: Sequence[Binding], columns: Sequence[Any], start: int, places: Any = None
) -> list[Numbers]:
    """How far the numbers of a block are from what was given, in units of 2**-53.

    places: of the rows of the block that the columns are of, an array; None for all.
    """
    errors: list[Numbers] = []
    for one, numbers in zip(bindings, columns, strict=True):
        if isinstance(one, Held) or not one.typed:
            errors.append(one.error if isinstance(one, Held) else 0.0)
            continue
        if one.errors is None:
            errors.append(decimal_errors(numbers))
        elif places is None:
            errors.append(one.own_errors(start, len(numbers)))
        else:
            errors.append(one.errors[one.start + one.step * (start + places)])
    return errors


def block_errors(
    program: Program, slots: dict[int, Numbers], inputs: Sequence[Numbers]
) -> dict[int, Numbers]:
    """Errors of the slots, and a bound of those of the outputs, in units of 2**-53, with NumPy's own roundings.

    As in `rounding_error`; that the bounds are rounded too is allowed for at the end.
    """
    import numpy as np

    errors: dict[int, Numbers] = dict(enumerate(inputs))
    for slot, text in enumerate(program.constants, len(program.variables)):
        errors[slot] = constant_error(text, constant(text))
    with np.errstate(all="ignore"):
        for slot, (op, *places) in enumerate(program.code, program.first):
            values, own = [slots[p] for p in places], [errors[p] for p in places]
            bound = (
                _BOUNDS[op](slots[slot], *values, *own)
                if op in _BOUNDS
                else _each(op)(slots[slot], *values, *own)
            )
            errors[slot] = bound if op in EXACT else bound + LOOSE * np.abs(slots[slot])
    return errors | {slot: errors[slot] * SLACK for slot in outputs_of(program)}


def decimal_errors(numbers: Numbers) -> Numbers:
    """How far floats may be from the decimals that they were read from, in units of 2**-53."""
    import numpy as np

    scaled = numbers * 64.0  # as `is_short` has it
    short = (np.abs(numbers) < 1e9) & (scaled == np.floor(scaled))
    return np.where(short, 0.0, np.abs(numbers) + UNDERFLOW)


def _each(op: str) -> Callable[..., Numbers]:
    """The bound of an operation row by row."""
    import numpy as np

    def one(r: float, *rest: float) -> float:
        half = len(rest) // 2
        return error_of(op, float(r), [*map(float, rest[:half])], [*map(float, rest[half:])])

    vectorized: Callable[..., Numbers] = np.vectorize(one, otypes=[float])
    return vectorized


def _over(above: Numbers, below: Numbers) -> Numbers:
    import numpy as np

    return np.where(below > 0, above / np.where(below > 0, below, 1.0), np.where(above == 0, 0.0, np.inf))


def _size(x: Numbers) -> Numbers:
    import numpy as np

    return np.abs(x)


def _product(r: Numbers, a: Numbers, b: Numbers, ea: Numbers, eb: Numbers) -> Numbers:
    import numpy as np

    bound = _size(b) * ea + _size(a) * eb + ea * eb * UNIT + _size(r) + UNDERFLOW
    nothing = ((a == 0) & (ea == 0)) | ((b == 0) & (eb == 0))
    return np.where(nothing, 0.0, bound)


def _sum(r: Numbers, a: Numbers, b: Numbers, ea: Numbers, eb: Numbers) -> Numbers:
    return ea + eb + _size(r) + UNDERFLOW


def _chosen(r: Numbers, c: Numbers, a: Numbers, b: Numbers, ec: Numbers, ea: Numbers, eb: Numbers) -> Numbers:
    import numpy as np

    return np.where(ec != 0, np.inf, np.where(c != 0, ea, eb))


def _root(r: Numbers, a: Numbers, ea: Numbers) -> Numbers:
    import numpy as np

    return np.where(ea * UNIT <= a / 2, _over(0.6 * ea, r), np.inf) + r + UNDERFLOW


def _power(r: Numbers, a: Numbers, b: Numbers, ea: Numbers, eb: Numbers) -> Numbers:
    """As `rounding_error` has it: the exponent of the quotient is at most L, and exp(L) - 1 at most L/(1 - L)."""
    import numpy as np

    share = _over(ea, _size(a) - ea * UNIT - TINY)
    logarithm = _size(np.log(np.where(a == 0, 1.0, _size(a))))
    exponent = ((_size(b) + eb * UNIT) * share + eb * (logarithm + share * UNIT)) * UNIT
    spread = (_size(r) + TINY) * _over(exponent, 1 - exponent) / UNIT
    whole = (eb == 0) & (b >= 1) & (b == np.floor(b))
    slope = np.where(whole, b, 1.0) * (_size(a) + ea * UNIT + TINY) ** (np.where(whole, b, 1.0) - 1)
    lost = ((a == 0) | ((a < 0) & (eb != 0))) & ((ea != 0) | (eb != 0))
    spread = np.where(whole, (ROUNDED_POWER + b * 2.0**-51) * slope * ea, np.where(lost, np.inf, spread))
    return spread + 4 * _size(r) + UNDERFLOW


def _turned(r: Numbers, a: Numbers, ea: Numbers) -> Numbers:
    """Of a sine or cosine: its slope at a is a root of 1 - r**2, of which r loses less than 2**-48; nowhere is it above 1."""
    import numpy as np

    slope = np.sqrt(1 - r * r + 2.0**-48) + ea * UNIT
    return ea * np.minimum(slope, 1.0) + 4 * _size(r) + UNDERFLOW


def _decided(gap: Callable[..., Numbers]) -> Callable[..., Numbers]:
    """The bound of a step: none where the *gap* to it is nearer than the errors of the arguments allow, and else 0."""

    def bound(r: Numbers, *rest: Numbers) -> Numbers:
        import numpy as np

        half = len(rest) // 2
        error = sum(rest[half:])
        sure = (np.abs(gap(*rest[:half])) > 1.01 * error * UNIT) | (error == 0)
        return np.where(sure, 0.0, np.inf)

    return bound


def _from_whole(a: Numbers) -> Numbers:
    import numpy as np

    return a - np.round(a)


def _larger(r: Numbers, a: Numbers, b: Numbers, ea: Numbers, eb: Numbers) -> Numbers:
    import numpy as np

    return np.maximum(ea, eb)


def _rectified(r: Numbers, a: Numbers, ea: Numbers) -> Numbers:
    import numpy as np

    return np.where(a < -1.01 * ea * UNIT - TINY, 0.0, ea)


def _picked(r: Numbers, a: Numbers, b: Numbers, ea: Numbers, eb: Numbers) -> Numbers:
    """As `error_propagation` has it: of min and max."""
    import numpy as np

    return np.where(_size(a - b) > 1.01 * (ea + eb) * UNIT, np.where(r == a, ea, eb), np.maximum(ea, eb))


#: Bounds on whole arrays: r is the result, a and b are the arguments, ea and eb their errors. They take no result for exact.
_BOUNDS: dict[str, Callable[..., Numbers]] = {
    **dict.fromkeys(("neg", "abs"), lambda r, a, ea: ea), "relu": _rectified,
    **dict.fromkeys(("min", "max"), _picked), **dict.fromkeys(("add", "sub"), _sum),
    **dict.fromkeys(("mul", "gate"), _product), "select": _chosen,
    **dict.fromkeys(("lt", "le", "eq", "ne", "lt_side", "le_side", "eq_side", "ne_side"), _decided(lambda a, b: a - b)),
    **dict.fromkeys(("floor", "ceil", "flat_integer", "floor_side"), _decided(_from_whole)),
    **dict.fromkeys(("sign", "heaviside", "sign_side", "heaviside_side", "first_side", "second_side", "relu_side",
                     "flat_zero", "flat_cut"), _decided(lambda a: a)),
    **dict.fromkeys(("and", "or"), _larger),
    "div": lambda r, a, b, ea, eb: _over(ea + (_size(r) + TINY) * eb, _size(b) - eb * UNIT - TINY) + _size(r) + UNDERFLOW,
    "square": lambda r, a, ea: (2 * _size(a) + ea * UNIT) * ea + r + UNDERFLOW,
    "sqrt": _root, "pow": _power,
    "exp": lambda r, a, ea: _over((r + TINY) * ea, 1 - ea * UNIT) + 4 * r + UNDERFLOW,
    "log": lambda r, a, ea: _over(ea, a - ea * UNIT - TINY) + 4 * _size(r) + UNDERFLOW,
    "log1p": lambda r, a, ea: _over(ea, (1 + a) * (1 - UNIT) - ea * UNIT - TINY) + 4 * _size(r) + UNDERFLOW,
    **dict.fromkeys(("sin", "cos"), _turned),
    **dict.fromkeys(("tanh", "sigmoid", "softplus"), lambda r, a, ea: ea + 6 * _size(r) + UNDERFLOW),
}  # fmt: skip
