"""Files of data → the columns that are wanted: whole, or block by block."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from gradcli.data.columns.column_block import Block, Columns, Values
from gradcli.data.columns.header_names import header_names
from gradcli.data.readers.data_files import matching_files, opened_file, size_and_time
from gradcli.data.readers.delimited_rows import delimited_table
from gradcli.data.readers.expanded_stream import expanded
from gradcli.data.readers.fast_delimited import fast_delimited_blocks
from gradcli.data.readers.file_formats import FileFormat, file_format
from gradcli.data.readers.json_line_rows import headed, json_objects
from gradcli.data.readers.read_options import ReadOptions, check_options
from gradcli.data.readers.row_blocks import json_line_blocks
from gradcli.data.remote.addresses import is_address
from gradcli.language.limits import limit, limit_problem
from gradcli.language.names import normal

_USUAL = ReadOptions()

#: Bytes of a text that tell how long its lines are.
_FIRST = 2**16


def header(file: str, options: ReadOptions = _USUAL) -> tuple[str, ...]:
    """The names of a file's columns in their order, an empty text for one without a name. Raises what `blocks` does."""
    check_options(options)
    form = file_format(file, options.format)
    with opened_file(file) as stream:
        if form.name in ("parquet", "arrow"):
            from gradcli.data.readers.arrow_files import arrow_table

            cells: Sequence[str] = arrow_table(stream, file, form.name).names
        else:
            text = expanded(stream, file, form.compression)
            if form.name == "jsonl":
                cells, _ = headed(json_objects(text, file), file)
            else:
                cells = delimited_table(text, file, form.name, options).header
        return header_names(cells, file)


def expected_rows(files: Sequence[str], options: ReadOptions = _USUAL) -> int:
    """About how many rows files have: Parquet says it, of text the first lines tell how long lines are.

    0 where one is compressed as a whole, of another kind, or elsewhere, where it takes time. Raises what `blocks` does.
    """
    rows = 0
    for file in files:
        form = file_format(file, options.format)
        if form.name == "arrow" or form.compression or is_address(file):
            return 0
        with opened_file(file) as stream:
            if form.name == "parquet":
                from gradcli.data.readers.arrow_files import arrow_table

                rows += arrow_table(stream, file, form.name).rows
            else:
                size, begin = size_and_time(stream)[0], stream.read(_FIRST)
                rows += begin.count(b"\n") * size // max(len(begin), 1)
    return rows


#: Is told, behind each block, how many rows were read, and what share of the files' bytes.
Watch = Callable[[int, float], object]


def blocks(
    files: Sequence[str], wanted: Sequence[str], options: ReadOptions = _USUAL, watch: Watch | None = None
) -> Iterator[Block]:
    """The wanted columns of files, one after the other, in blocks of rows: memory does not grow with their number.

    files: names and patterns, as `matching_files` has them. wanted: names of columns as headers have them; the columns of
    several files may stand in different orders.

    Raises InputProblem for a file that cannot be read or is damaged, UsageProblem for options and endings, NameProblem for
    a column that is not there or is twice, ValueProblem for a cell that is no number, DomainProblem for a missing one,
    LimitProblem, and ExtraProblem where a file needs PyArrow.
    """
    check_options(options)
    names, most, count = tuple(normal(name.strip()) for name in wanted), limit("data-rows"), 0
    every = matching_files(files)
    sizes = [_size(file) for file in every]
    for place, file in enumerate(every):
        form = file_format(file, options.format)
        with opened_file(file) as stream:
            sizes[place] = size_and_time(stream)[0]
            for block in _blocks(stream, file, form, names, options):
                count += len(block.numbers) + block.left_out
                if count > most:
                    raise limit_problem("data-rows", f"{file}: more than {most:,.0f} rows would be read")
                yield block
                if watch is not None:
                    watch(count, (sum(sizes[:place]) + stream.tell()) / max(sum(sizes), 1))


def _size(file: str) -> int:
    try:
        return Path(file).stat().st_size
    except (OSError, ValueError):
        return 0  # which opening it says better


def _blocks(
    stream: BinaryIO, file: str, form: FileFormat, names: Sequence[str], options: ReadOptions
) -> Iterator[Block]:
    if form.name in ("parquet", "arrow"):
        from gradcli.data.readers.arrow_files import arrow_blocks

        return arrow_blocks(stream, file, form.name, names, options)
    return _text_blocks(expanded(stream, file, form.compression), file, form.name, names, options)


def _text_blocks(
    stream: BinaryIO, file: str, format_: str, names: Sequence[str], options: ReadOptions
) -> Iterator[Block]:
    if format_ == "jsonl":
        return json_line_blocks(stream, file, names, options)
    return fast_delimited_blocks(stream, file, format_, names, options)


def read_columns(files: Sequence[str], wanted: Sequence[str], options: ReadOptions = _USUAL) -> Columns:
    """The wanted columns of files, held whole. Raises what `blocks` does, and LimitProblem for too many cells."""
    return held_columns(blocks(files, wanted, options), matching_files(files), wanted)


def held_columns(
    found: Iterable[Block], files: Sequence[str], names: Sequence[str], seen: Callable[[Block], object] = id
) -> Columns:
    """The columns *names* that come in blocks of the *files*, held whole. seen: is told of each block.

    Raises LimitProblem for too many cells, and what the blocks raise.
    """
    most, rows, left_out = limit("cells"), 0, 0
    held: list[list[Values]] = [[] for _ in names]
    counts: dict[str, int] = dict.fromkeys(files, 0)
    for block in found:
        for column, values in zip(held, block.values, strict=True):
            column.append(values)
        rows, left_out = rows + len(block.numbers), left_out + block.left_out
        counts[block.file] += len(block.numbers)
        seen(block)
        if rows * len(names) > most:
            raise limit_problem("cells", f"more than {most:,.0f} numbers would be held")
    return Columns(tuple(names), tuple(map(joined, held)), rows, tuple(counts.items()), left_out)


def joined(pieces: Sequence[Any]) -> Values:
    """The pieces of a column as one."""
    if all(isinstance(piece, array) for piece in pieces):
        whole = array("d")
        for piece in pieces:
            whole.extend(piece)
        return whole
    import numpy as np

    found: Values = np.concatenate(pieces)
    return found
