"""The rows of a level in plain Python, some thousand at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any, NamedTuple

from gradcli.calculus.backends import float_backend
from gradcli.calculus.backends.compiled_error_bound import BOUND_NAMES, error_statements
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.row_data import Binding, Held, Numbers, decimal_error

#: Rows of a block.
BLOCK = 4096


class Block(NamedTuple):
    """Some rows of a level: the first one's number, and the value and each slope in every one of them.

    errors: a bound of the error of each, in units of 2**-53; empty where they were not asked for. failed: the places of
    rows in which something has no finite number, or no bound where bounds were asked for; there all numbers are 0.
    """

    start: int
    outputs: list[Numbers]
    errors: list[Numbers]
    failed: list[int]


Row = Callable[..., tuple[float, ...]]


def outputs_of(program: Program) -> list[int]:
    """The slots of the value and of all slopes that there are."""
    return [program.value, *(slot for slot in program.gradient if slot is not None)]


@lru_cache(maxsize=32)
def compiled_row(program: Program, *, bounds: bool) -> Row:
    """A function from the variables' numbers, with *bounds* also their errors, to value and slopes, and their errors.

    Its text is made of slot numbers alone.
    """
    count, outputs = len(program.variables), outputs_of(program)
    header = [f"v{slot}" for slot in range(count)] + [f"e{slot}" for slot in range(count) if bounds]
    body = [f"v{program.first + i} = {text}" for i, text in float_backend.statements(program)]
    body += error_statements(program) if bounds else []
    result = [f"v{slot}" for slot in outputs] + [f"e{slot} * S" for slot in outputs if bounds]
    lines = [f"def program({', '.join(header)}):", *body, f"return ({', '.join(result)},)"]
    names = {**float_backend.environment(program), **(BOUND_NAMES if bounds else {})}
    function: Row = float_backend.assemble("\n    ".join(lines), names)
    return function


def float_blocks(
    program: Program, bindings: Sequence[Binding], count: int, *, bounds: bool
) -> Iterator[Block]:
    """All rows, block by block."""
    run, wide = compiled_row(program, bounds=bounds), len(outputs_of(program))
    for start in range(0, count, BLOCK):
        size = min(BLOCK, count - start)
        arguments = [_numbers(one, start, size) for one in bindings]
        if bounds:
            arguments += [_errors(one, start, size) for one in bindings]
        yield _block(run, arguments, start, size, (wide, 2 * wide if bounds else wide))


def _numbers(one: Binding, start: int, size: int) -> Any:
    if isinstance(one, Held):
        return repeat(one.value, size)
    part = one.numbers[start : start + size]
    return (
        part.tolist() if hasattr(part, "tolist") else part
    )  # floats, where NumPy's have answers of their own


def _errors(one: Binding, start: int, size: int) -> Any:
    if isinstance(one, Held):
        return repeat(one.error, size)
    if not one.typed:
        return repeat(0.0, size)
    known = one.own_errors(start, size)
    return map(decimal_error, one.numbers[start : start + size]) if known is None else known


def _block(run: Row, arguments: Sequence[Any], start: int, size: int, widths: tuple[int, int]) -> Block:
    """widths: how many numbers of a row are outputs, and how many there are with their errors."""
    wide, width = widths
    arguments = [list(one) for one in arguments]
    failed: list[int] = []
    try:
        results = list(map(run, *arguments)) if arguments else [run()] * size
    except (ValueError, ArithmeticError):
        results = [_one(run, row) for row in zip(*arguments, strict=True)]
    if None in results or not math.isfinite(sum(map(sum, filter(None, results)))):
        failed = [i for i, row in enumerate(results) if row is None or not all(map(math.isfinite, row))]
        for place in failed:
            results[place] = (0.0,) * width
    columns = [list(column) for column in zip(*results, strict=True)]
    return Block(start, columns[:wide], columns[wide:], failed)


def _one(run: Row, row: Sequence[float]) -> Any:
    try:
        return run(*row)
    except (ValueError, ArithmeticError):
        return None
