"""Answered blocks → lines of CSV, TSV and JSON as bytes: the cells of the file as they are, the answer behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from gradcli.data.columns.carried_rows import CarriedLines
from gradcli.data.columns.concurrent_blocks import concurrently
from gradcli.data.writers.float_texts import float_texts
from gradcli.language.rows.loadable_libraries import has_arrow
from gradcli.output.painters.csv_text import Cells, carried_cell, separated
from gradcli.output.painters.json_text import json_text
from gradcli.shell.tables.answered_blocks import AnsweredBlock
from gradcli.shell.tables.file_table import listed
from gradcli.shell.tables.table_columns import TableColumns


def separated_blocks(
    blocks: Iterator[AnsweredBlock], columns: TableColumns, delimiter: str, cells: Cells
) -> Iterator[bytes]:
    """The header with the lines of the first block, and those of each of the others."""
    header = _encoded(delimiter.join(carried_cell(name, delimiter, cells) for name in columns.names) + "\n")
    for lines in _each(blocks, lambda found: _lines(found, columns, delimiter, cells)):
        yield header + lines
        header = b""
    yield header


def _encoded(text: str) -> bytes:
    """A text as files have it: bytes that are none are spelled out."""
    return text.encode("utf-8", "backslashreplace")


def _each(blocks: Iterator[AnsweredBlock], lines: Callable[[AnsweredBlock], bytes]) -> Iterator[bytes]:
    """The lines of each block; those of large blocks are made in threads of their own while others are read and computed."""
    for found in blocks:
        if _is_large(found):
            yield from (made for _, made in concurrently(chain([found], blocks), lines))
        else:
            yield lines(found)


def _lines(found: AnsweredBlock, columns: TableColumns, delimiter: str, cells: Cells) -> bytes:
    before = [_carried(found, columns, delimiter, cells)] if columns.kept else []
    why = [""] * found.rows
    for place, problem in found.problems.items():
        why[place] = next(separated([{problem: None}], delimiter, cells)).removesuffix("\n")
    if _is_large(found):
        try:
            return _joined([*before, *map(_arrow_texts, (found.value, *found.partials)), why], delimiter)
        except UnicodeError:  # bytes that are no text are carried on by Python alone
            before = [one if isinstance(one, list) else _texts_of(found) for one in before]
    lines = map(delimiter.join, zip(*before, *map(_texts, listed(found)), why, strict=True))
    return _encoded("\n".join(lines) + "\n" if found.rows else "")


#: Rows from which PyArrow joins the cells, if it is there.
_MANY = 1_000


def _is_large(found: AnsweredBlock) -> bool:
    return found.rows >= _MANY and not isinstance(found.value, list) and has_arrow()


def _arrow_texts(numbers: Any) -> Any:
    return "" if numbers is None else float_texts(numbers)


def _joined(cells: Sequence[Any], delimiter: str) -> bytes:
    """Columns of cells as lines. Raises UnicodeError for a cell that is no text."""
    import pyarrow
    from pyarrow import compute

    columns = [pyarrow.array(one, pyarrow.string()) if isinstance(one, list) else one for one in cells]
    columns[-1] = compute.binary_join_element_wise(columns[-1], "\n", "")
    lines = compute.binary_join_element_wise(*columns, delimiter)
    _, offsets, content = lines.buffers()
    ends = memoryview(offsets).cast("i")
    first, last = ends[lines.offset], ends[lines.offset + len(lines)]
    found = bytes(memoryview(content)[first:last])
    if not found.isascii():
        found.decode("utf-8")
    return found


def _texts(numbers: Sequence[float | None]) -> list[str]:
    if None in numbers:
        return ["" if x is None else repr(x) for x in numbers]
    return list(map(repr, numbers))


def _texts_of(found: AnsweredBlock) -> list[str]:
    """The lines that were carried, as texts."""
    carried = found.block.carried
    assert isinstance(carried, CarriedLines)  # noqa: S101  (of which they are)
    return carried.texts()


def _carried(found: AnsweredBlock, columns: TableColumns, delimiter: str, cells: Cells) -> Any:
    """The file's part of each line: texts, or an array of Arrow with them."""
    carried = found.block.carried
    assert carried is not None  # noqa: S101  (which was asked for)
    whole = len(columns.kept) == len(columns.file)
    plain = whole and not (cells.tame or cells.shown)
    if plain and isinstance(carried, CarriedLines) and carried.delimiter == delimiter:
        return carried.lines if _is_large(found) else carried.texts()
    return [
        delimiter.join(carried_cell(row[place], delimiter, cells) for place in columns.kept)
        for row in carried.cells()
    ]


def json_blocks(
    blocks: Iterator[AnsweredBlock], columns: TableColumns, headers: Mapping[str, str]
) -> Iterator[bytes]:
    """The lines of each block, an object on each. headers: of the columns that were read, by the names in the text."""
    for found in blocks:
        assert found.block.carried is not None  # noqa: S101  (which was asked for)
        numbers = {
            header: values.tolist()
            for header, values in zip(headers.values(), found.block.values, strict=True)
        }
        answers = list(zip(*listed(found), strict=True))
        lines = []
        for place, row in enumerate(found.block.carried.objects(numbers)):
            cells: dict[str, Any] = {name: x for name, x in row.items() if name not in columns.added}
            cells |= zip(columns.added, (*answers[place], found.problems.get(place)), strict=True)
            lines.append(json_text(cells) + "\n")
        yield _encoded("".join(lines))
