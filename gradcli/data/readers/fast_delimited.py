"""Large delimited files, read by PyArrow piece by piece; what it could read in another way goes by the plain reader.

A piece ends with a line. It is PyArrow's only if it has no quotes (with which a line need not end a row), and its numbers
are kept only if none of them can be another by the rules of `cell_numbers`: no nan that is not a missing cell, none that
is infinite or so large that a whole number need not be a float. So both readers give the same numbers and errors.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

from gradcli.data.columns.carried_rows import CarriedLines, lines_of
from gradcli.data.columns.cell_numbers import EXACT
from gradcli.data.columns.column_block import Block
from gradcli.data.columns.concurrent_blocks import concurrently
from gradcli.data.columns.header_names import header_names, places
from gradcli.data.columns.row_checks import Rows, checked
from gradcli.data.readers.arrow_library import arrow
from gradcli.data.readers.bounded_lines import bounded
from gradcli.data.readers.delimited_rows import DelimitedTable, RowBatch, batches_of, delimited_table, text_of
from gradcli.data.readers.read_options import ReadOptions
from gradcli.data.readers.row_blocks import Chosen, blocks_of_batches, delimited_blocks
from gradcli.language.rows.loadable_libraries import has_arrow, has_room

#: Bytes of a piece. A file that is not larger is not worth the time that PyArrow takes to be loaded.
PIECE = 2**21

_LINE_END = re.compile(rb"\r\n|\n|\r")
_MARK = b"\xef\xbb\xbf"


class Joined(io.RawIOBase):
    """Bytes that were read already, and the stream that they came from; it is not closed with this."""

    def __init__(self, start: bytes, source: BinaryIO) -> None:
        self._start, self._source = io.BytesIO(start), source

    def readable(self) -> bool:
        """True: that is what it is for."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill *buffer* with what comes next; 0 at the end."""
        view = memoryview(buffer).cast("B")
        piece = self._start.read(len(view)) or self._source.read(len(view))
        view[: len(piece)] = piece
        return len(piece)


def fast_delimited_blocks(
    stream: BinaryIO, file: str, format_: str, wanted: Sequence[str], options: ReadOptions
) -> Iterator[Block]:
    """The blocks of delimited text: those of `delimited_blocks`, sooner where the file is large."""
    source = bounded(stream, file)
    start = source.read(PIECE)
    if len(start) < PIECE or not wanted or not (has_arrow() and has_room()):
        return delimited_blocks(_buffered(start, source), file, format_, wanted, options)
    table = delimited_table(io.BytesIO(start), file, format_, options)
    found = places(header_names(table.header, file), wanted, file)
    chosen = Chosen(file, wanted, found, options, table.header)
    return _piecewise(_body(start, table.lines), source, table, chosen)


def _buffered(start: bytes, source: BinaryIO) -> io.BufferedReader:
    return io.BufferedReader(Joined(start, source), 2**18)


def _body(start: bytes, lines: int) -> bytes:
    """The piece without its first lines."""
    place = len(_MARK) if start.startswith(_MARK) else 0
    ends = islice(_LINE_END.finditer(start, place), lines - 1, lines) if lines else iter(())
    return start[next((end.end() for end in ends), place) :]


def _piecewise(
    start: bytes, source: io.BufferedReader, table: DelimitedTable, chosen: Chosen
) -> Iterator[Block]:
    """The pieces are read one after the other, and two are parsed at a time."""
    row, lines, pieces = 1, table.lines, _Pieces(start, source)
    for piece, parsed in concurrently(pieces, partial(_parsed, table=table, chosen=chosen)):
        for block in _blocks_of_piece(piece, parsed, table, chosen, row, lines):
            yield block
            row += len(block.numbers) + block.left_out
        lines += parsed.ends
    if pieces.rest:
        rest = text_of(_buffered(pieces.rest, source))
        yield from blocks_of_batches(_batches(rest, table, chosen, lines), chosen, row)


class _Pieces:
    """Pieces of whole lines, from *start* on. rest: what begins with one that is not PyArrow's, once all before it came."""

    def __init__(self, start: bytes, source: io.BufferedReader) -> None:
        self.rest, self._source = start, source

    def __iter__(self) -> Iterator[bytes]:
        while start := self.rest:
            end = _last_line_end(start)
            more = self._source.read(PIECE)
            piece, rest = (start[:end], start[end:] + more) if more else (start, b"")
            if b'"' in piece or (not piece and b'"' in rest):
                self.rest = piece + rest
                return
            self.rest = rest
            yield piece


class _Parsed(NamedTuple):
    """numbers: of the chosen columns; None where the plain reader has to look. lines: of all rows, where they are carried.

    ends: how many lines end in the piece.
    """

    numbers: list[Any] | None
    lines: Any
    ends: int


def _parsed(piece: bytes, table: DelimitedTable, chosen: Chosen) -> _Parsed:
    found, ends = _arrays(piece, table, chosen), _line_ends(piece)
    if found is None or not chosen.options.carries:
        return _Parsed(found, [], ends)
    whole = ends == len(found[0]) and piece.endswith(b"\n") and b"\r" not in piece
    own = _lines_in_place(piece) if whole else lines_of(piece.decode("utf-8", "surrogateescape"))
    return _Parsed(found if len(own) == len(found[0]) else None, own, ends)


def _line_ends(piece: bytes) -> int:
    """How many lines end in it. NumPy counts frequent bytes ten times as fast as Python does."""
    import numpy as np

    ends = int(np.count_nonzero(np.frombuffer(piece, np.uint8) == ord("\n")))
    return ends + piece.count(b"\r") - piece.count(b"\r\n") if b"\r" in piece else ends


def _lines_in_place(piece: bytes) -> Any:
    """The lines of a piece, each of which ends with a line feed: an array of Arrow, whatever their bytes are."""
    import numpy as np
    import pyarrow
    from pyarrow import compute

    ends = np.flatnonzero(np.frombuffer(piece, np.uint8) == ord("\n")).astype(np.int32) + np.int32(1)
    offsets = pyarrow.py_buffer(np.concatenate([np.zeros(1, np.int32), ends]))
    lines = pyarrow.StringArray.from_buffers(len(ends), offsets, pyarrow.py_buffer(piece))
    return compute.ascii_rtrim(lines, characters="\n")


def _blocks_of_piece(
    piece: bytes, parsed: _Parsed, table: DelimitedTable, chosen: Chosen, row: int, lines: int
) -> Iterator[Block]:
    """The blocks of whole lines without quotes."""
    found, own, most = parsed.numbers, parsed.lines, chosen.options.rows
    if found is None:
        text = io.StringIO(piece.decode("utf-8", "surrogateescape"), newline="")
        yield from blocks_of_batches(_batches(text, table, chosen, lines), chosen, row)
        return
    for at in range(0, len(found[0]), most):
        values = [one[at : at + most] for one in found]
        size, refused = len(values[0]), [None] * len(values)
        block = checked(
            Rows(chosen.file, row + at, chosen.wanted, values, refused, size), chosen.options.missing
        )
        carried = CarriedLines(chosen.names, own[at : at + most], table.delimiter)
        yield block.carrying(carried, row + at) if chosen.options.carries else block


def _batches(text: Iterable[str], table: DelimitedTable, chosen: Chosen, lines: int) -> Iterator[RowBatch]:
    return batches_of(text, chosen.file, table.delimiter, lines, len(table.header), chosen.options.rows)


def _last_line_end(piece: bytes) -> int:
    """Where the last whole line ends. A carriage return at the very end may be half of a line's end."""
    return max(piece.rfind(b"\n"), piece.rfind(b"\r", 0, len(piece) - 1)) + 1


def _arrays(piece: bytes, table: DelimitedTable, chosen: Chosen) -> list[Any] | None:
    """The numbers of the chosen columns, nan where one is missing; None where the plain reader has to look."""
    pyarrow = arrow(chosen.file)
    from pyarrow import csv

    options, columns = chosen.options, [f"f{place}" for place in range(len(table.header))]
    names = [columns[place] for place in chosen.places]
    try:
        read = csv.read_csv(
            pyarrow.BufferReader(piece),
            csv.ReadOptions(use_threads=False, column_names=columns, block_size=len(piece) + 1),
            csv.ParseOptions(delimiter=table.delimiter, quote_char=False),
            csv.ConvertOptions(
                check_utf8=False,
                include_columns=list(dict.fromkeys(names)),
                column_types=dict.fromkeys(names, pyarrow.float64()),
                null_values=["", *options.spellings],
                decimal_point=options.decimal,
            ),
        )
    except (pyarrow.ArrowException, ValueError, KeyError):
        return None
    arrays = [_plain(read.column(name), options.missing == "error") for name in names]
    return None if any(one is None for one in arrays) else arrays


def _plain(column: Any, is_whole: bool) -> Any:
    """The numbers of a column, None where one of them needs a second look: a missing one where all are to be there."""
    import numpy as np

    numbers = column.to_numpy()
    gaps = np.isnan(numbers)
    count = int(np.count_nonzero(gaps))
    if count != column.null_count or (is_whole and count):
        return None
    return numbers if np.all(np.abs(numbers[~gaps] if count else numbers) < EXACT) else None
