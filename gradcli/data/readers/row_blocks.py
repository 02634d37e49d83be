"""Rows of cells, or of JSON, as blocks of numbers."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO

from gradcli.data.columns.cell_numbers import CellProblem, Spelling, numbers_of
from gradcli.data.columns.column_block import Block, Values
from gradcli.data.columns.header_names import header_names, places
from gradcli.data.columns.row_checks import Refused, Rows, checked
from gradcli.data.readers.delimited_rows import RowBatch, delimited_table
from gradcli.data.readers.json_line_rows import headed, json_number, json_objects
from gradcli.data.readers.read_options import ReadOptions

Column = tuple[Values, Refused | None]


def delimited_blocks(
    stream: BinaryIO, file: str, format_: str, wanted: Sequence[str], options: ReadOptions, skipped: int = 0
) -> Iterator[Block]:
    """The blocks of delimited text, without the first *skipped* rows."""
    table = delimited_table(stream, file, format_, options)
    chosen = places(header_names(table.header, file), wanted, file)
    spelling, first = options.spelling, 1
    for batch in table.batches:
        start = min(max(skipped + 1 - first, 0), len(batch.rows))
        if start < len(batch.rows):
            yield _delimited_block(batch, start, (file, first + start), wanted, chosen, spelling, options)
        first += len(batch.rows)


def _delimited_block(
    batch: RowBatch,
    start: int,
    origin: tuple[str, int],
    wanted: Sequence[str],
    chosen: Sequence[int],
    spelling: Spelling,
    options: ReadOptions,
) -> Block:
    rows = batch.rows[start:] if start else batch.rows
    columns = [_column([cells[place] for cells in rows], spelling) for place in chosen]
    return _checked(origin, wanted, columns, len(rows), lambda place: batch.line(start + place), options)


def _column(cells: list[str], spelling: Spelling) -> Column:
    try:
        return numbers_of(cells, spelling), None
    except CellProblem as problem:
        return problem.before, Refused(len(problem.before), problem.message)


def _checked(
    origin: tuple[str, int],
    wanted: Sequence[str],
    columns: Sequence[Column],
    size: int,
    line: Callable[[int], int],
    options: ReadOptions,
) -> Block:
    values, refused = [one for one, _ in columns], [one for _, one in columns]
    return checked(Rows(*origin, wanted, values, refused, size, line), options.missing)


def json_line_blocks(
    stream: BinaryIO, file: str, wanted: Sequence[str], options: ReadOptions
) -> Iterator[Block]:
    """The blocks of JSON lines. A key that a line does not have is a missing cell."""
    objects = json_objects(stream, file)
    keys, block = headed(objects, file)
    chosen = [keys[place] for place in places(header_names(keys, file), wanted, file)]
    first, missing = 1, options.spelling.missing
    while block:
        for start in range(0, len(block), options.rows):
            part = block[start : start + options.rows]
            lines = [line for line, _ in part]
            columns = [_json_column([found.get(key) for _, found in part], missing) for key in chosen]
            yield _checked((file, first), wanted, columns, len(part), lines.__getitem__, options)
            first += len(part)
        block = list(islice(objects, min(options.rows, 4096)))


def _json_column(cells: list[Any], missing: frozenset[str]) -> Column:
    numbers = array("d")
    try:
        for cell in cells:
            numbers.append(json_number(cell, missing))
    except ValueError as error:
        return numbers, Refused(len(numbers), str(error))
    return numbers, None
