"""Rows of cells, or of JSON, as blocks of numbers."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

from gradcli.data.columns.carried_rows import CarriedCells, CarriedObjects
from gradcli.data.columns.cell_numbers import CellProblem, Spelling, numbers_of
from gradcli.data.columns.column_block import Block, Values
from gradcli.data.columns.header_names import header_names, places
from gradcli.data.columns.row_checks import Refused, Rows, checked
from gradcli.data.readers.delimited_rows import RowBatch, delimited_table
from gradcli.data.readers.json_line_rows import headed, json_number, json_objects
from gradcli.data.readers.read_options import ReadOptions

Column = tuple[Values, Refused | None]


def delimited_blocks(
    stream: BinaryIO, file: str, format_: str, wanted: Sequence[str], options: ReadOptions
) -> Iterator[Block]:
    """The blocks of delimited text."""
    table = delimited_table(stream, file, format_, options)
    names = header_names(table.header, file)
    chosen = Chosen(file, wanted, places(names, wanted, file), options, table.header)
    return blocks_of_batches(table.batches, chosen, 1)


class Chosen(NamedTuple):
    """The columns of a file that are wanted, by name and by place, how they are to be read, and the names of all."""

    file: str
    wanted: Sequence[str]
    places: Sequence[int]
    options: ReadOptions
    names: tuple[str, ...] = ()


def blocks_of_batches(batches: Iterator[RowBatch], chosen: Chosen, first: int) -> Iterator[Block]:
    """Rows of cells as blocks of numbers; *first* is the number of the first row."""
    spelling = chosen.options.spelling
    for batch in batches:
        columns = [_column([cells[place] for cells in batch.rows], spelling) for place in chosen.places]
        origin, size = (chosen.file, first), len(batch.rows)
        block = _checked(origin, chosen.wanted, columns, size, batch.line, chosen.options)
        yield (
            block.carrying(CarriedCells(chosen.names, batch.rows), first) if chosen.options.carries else block
        )
        first += size


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
            made = _checked((file, first), wanted, columns, len(part), lines.__getitem__, options)
            carried = [found for _, found in part] if options.carries else []
            yield made.carrying(CarriedObjects(keys, carried), first) if options.carries else made
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
