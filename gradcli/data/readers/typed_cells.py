"""The cells of columns as the texts that they are, for rows that were read as floats: what is a decimal stays one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from gradcli.data.columns.header_names import header_names, places
from gradcli.data.readers.data_files import opened_file
from gradcli.data.readers.delimited_rows import delimited_table
from gradcli.data.readers.expanded_stream import expanded
from gradcli.data.readers.file_formats import file_format
from gradcli.data.readers.read_options import ReadOptions


def typed_cells(
    file: str, wanted: Sequence[str], options: ReadOptions, numbers: Sequence[int]
) -> Iterator[tuple[str, ...]] | None:
    """The wanted cells of the rows with these *numbers*, in order; None where the file's cells are no texts.

    Raises what reading the same file as floats raises.
    """
    form = file_format(file, options.format)
    if form.name in ("parquet", "arrow"):
        return None
    rows = _json_rows if form.name == "jsonl" else _delimited_rows
    kept = set(numbers)
    return (cells for number, cells in enumerate(rows(file, wanted, options), 1) if number in kept)


def _delimited_rows(file: str, wanted: Sequence[str], options: ReadOptions) -> Iterator[tuple[str, ...]]:
    form = file_format(file, options.format)
    with opened_file(file) as stream:
        table = delimited_table(expanded(stream, file, form.compression), file, form.name, options)
        chosen = places(header_names(table.header, file), wanted, file)
        for batch in table.batches:
            for cells in batch.rows:
                yield tuple(cells[place].strip().replace(options.decimal, ".") for place in chosen)


_TEXTS = json.JSONDecoder(parse_float=str, parse_int=str)


def _json_rows(file: str, wanted: Sequence[str], options: ReadOptions) -> Iterator[tuple[str, ...]]:
    form = file_format(file, options.format)
    with opened_file(file) as stream:
        for number, line in enumerate(expanded(stream, file, form.compression)):
            text = line.removeprefix(b"\xef\xbb\xbf") if not number else line
            if text.strip():
                found: dict[str, Any] = _TEXTS.decode(text.decode("utf-8"))
                cells = {name.strip(): value for name, value in found.items()}
                yield tuple(_spelled(cells.get(name)) for name in wanted)


def _spelled(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)
