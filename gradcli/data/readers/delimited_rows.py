"""Delimited text → rows of cells, by the standard library: quotes, line ends of any kind, a byte order mark."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any, BinaryIO, NamedTuple

from gradcli.data.columns.header_names import NOT_UTF8
from gradcli.data.readers.bounded_lines import bounded
from gradcli.data.readers.delimiter import delimiter_of
from gradcli.data.readers.read_options import ReadOptions
from gradcli.language.errors import GradcliError, InputProblem

#: Cells that are held as text, at most.
_CELLS = 2**18


class RowBatch(NamedTuple):
    """Some rows. read: these and blank lines among them, as they stand in the file. before: lines before them."""

    rows: list[list[str]]
    read: list[list[str]]
    before: int

    def line(self, place: int) -> int:
        """The number of the line on which a row ends."""
        line, left = self.before, place + 1
        for cells in self.read:
            line += 1 + sum(map(_line_ends, cells))
            left -= _is_row(cells)
            if not left:
                break
        return line


class DelimitedTable(NamedTuple):
    """header: its cells, those of the options where the file has none. batches: the rows.

    delimiter: between cells. lines: before the first row.
    """

    header: tuple[str, ...]
    batches: Iterator[RowBatch]
    delimiter: str
    lines: int


def delimited_table(stream: BinaryIO, file: str, format_: str, options: ReadOptions) -> DelimitedTable:
    """The table in a stream; blank lines are no rows. What is wrong below the header is raised when it is reached.

    Bytes that are not UTF-8 do not matter where they are not looked at. Raises InputProblem for a file that is empty, in
    another encoding of Unicode, or has a row of another length than its header, or quotes that do not end.
    """
    source = bounded(stream, file)
    _check_encoding(source.peek(4)[:4], file)
    text = text_of(source)
    blank, first = 0, text.readline()
    while first and not first.strip():
        blank, first = blank + 1, text.readline()
    if not first:
        raise InputProblem(f"{file} is empty")
    sign = options.delimiter or ("\t" if format_ == "tsv" else delimiter_of(first, options.decimal))
    reader = csv.reader(chain([first], text), delimiter=sign, strict=True)
    if options.columns is not None:
        header = options.columns
    else:
        try:
            header = tuple(next(reader))
        except csv.Error as error:
            raise _quote_problem(error, file, blank + reader.line_num) from error
    lines = blank + reader.line_num if options.columns is None else 0
    return DelimitedTable(header, _batches(reader, file, blank, len(header), options.rows), sign, lines)


def text_of(source: io.BufferedReader) -> io.TextIOWrapper:
    """Bytes as text with its own line ends; bytes that are not UTF-8 are kept as surrogates."""
    return io.TextIOWrapper(source, encoding="utf-8-sig", errors="surrogateescape", newline="")


def batches_of(
    lines: Iterable[str], file: str, sign: str, before: int, width: int, size: int
) -> Iterator[RowBatch]:
    """The rows in lines of a table's body, of which *before* stand before these."""
    return _batches(csv.reader(lines, delimiter=sign, strict=True), file, before, width, size)


def _check_encoding(start: bytes, file: str) -> None:
    """Text in UTF-16 or UTF-32 begins with a mark, or has zeros beside its letters."""
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") or (len(start) == 4 and 0 in start):
        raise InputProblem(f"{file} is not UTF-8 text", hint=NOT_UTF8)


def _batches(reader: Any, file: str, blank: int, width: int, most: int) -> Iterator[RowBatch]:
    """Rows of *width* cells; a problem is raised after the rows before it."""
    size = max(1, min(most, _CELLS // max(width, 1)))
    while True:
        before, problem = blank + reader.line_num, None
        read: list[list[str]] = []
        try:
            read.extend(islice(reader, size))
        except csv.Error as error:
            problem = _quote_problem(error, file, blank + reader.line_num)
        is_plain = width > 1 and set(map(len, read)) == {width}
        rows = read if is_plain else [cells for cells in read if _is_row(cells)]
        batch = RowBatch(rows, read, before)
        odd = next((place for place, cells in enumerate(rows) if len(cells) != width), None)
        if odd is not None:
            problem = _length_problem(file, batch.line(odd), rows[odd], width)
            batch = RowBatch(rows[:odd], read, before)
        if batch.rows:
            yield batch
        if problem is not None:
            raise problem
        if not read:
            return


def _is_row(cells: list[str]) -> bool:
    """A blank line has no cell, or one of blanks. An empty cell in quotes is one, and missing."""
    return len(cells) > 1 or (bool(cells) and not cells[0].isspace())


def _line_ends(cell: str) -> int:
    """Line ends within a cell: it stands in quotes."""
    return cell.count("\n") + cell.count("\r") - cell.count("\r\n")


def _quote_problem(error: Exception, file: str, line: int) -> GradcliError:
    too_long = "limit" in str(error)
    what = "a cell is too long" if too_long else "a quote does not end, or a cell goes on after it"
    return InputProblem(f"{file}, line {line}: {what}")


def _length_problem(file: str, line: int, row: list[str], width: int) -> GradcliError:
    found, hint = len(row), "a cell that holds the delimiter stands in quotes"
    if found == 1 and len(row[0].split()) == width:
        hint = '--delimiter " " for cells with blanks between them'
    cells, columns = (
        ("cell" if found == 1 else "cells"),
        ("is 1 column" if width == 1 else f"are {width} columns"),
    )
    return InputProblem(f"{file}, line {line}: {found} {cells} where there {columns}", hint=hint)
