"""Files → parts: Parquet files by their groups of rows, every other file as one. A part is read by one worker at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.data.readers.data_files import opened_file, size_and_time
from gradcli.data.readers.file_formats import file_format
from gradcli.data.readers.read_options import ReadOptions, RowGroups
from gradcli.data.remote.addresses import is_address
from gradcli.language.errors import InputProblem
from gradcli.language.limits import limit, limit_problem
from gradcli.shell.files.file_columns import NamedColumns

#: Rows of a part of a Parquet file, where its groups leave the choice: at most, and where there are few rows at least.
MOST_ROWS, LEAST_ROWS = 2**20, 2**17

#: Parts that each worker has at least, where there are rows enough.
_EACH = 4

#: Parts of all files together, where groups of rows allow it: each costs the scheduler some milliseconds at every pass.
_MOST_PARTS = 4_096


class FilePart(NamedTuple):
    """Rows of one file. size, time: of the file, which is another one if they change. several: whether there are more files.

    groups: of a Parquet file, None for the whole of any file. rows: how many it says it has, None where it does not say.
    """

    path: str
    size: int
    time: int
    several: bool
    groups: RowGroups | None = None
    rows: int | None = None

    def check(self) -> None:
        """Raises InputProblem where the file is not what it was any more."""
        with opened_file(self.path) as stream:
            found = size_and_time(stream)
        if found != (self.size, self.time):
            raise InputProblem(f"{self.path} has changed since this run began")


def file_parts(columns: NamedColumns, workers: int, most: int | None = None) -> list[FilePart]:
    """All parts in the order of their rows. most: rows of a part, None for what suits so many workers.

    Raises what the readers raise.
    """
    whole = [_whole(file, len(columns.files) > 1) for file in columns.files]
    groups = {part.path: _groups(part, columns.options) for part in whole}
    total = sum(sum(found or ()) for found in groups.values())
    if total > limit("data-rows"):
        message = f"{columns.place}: more than {limit('data-rows'):,.0f} rows would be read"
        raise limit_problem("data-rows", message)
    if most is None:
        most = max(min(max(total // (_EACH * workers), LEAST_ROWS), MOST_ROWS), total // _MOST_PARTS)
    return [one for part in whole for one in _cut(part, groups[part.path], most)]


def _whole(file: str, several: bool) -> FilePart:
    path = place_of(file)
    with opened_file(path) as stream:
        size, time = size_and_time(stream)
    return FilePart(path, size, time, several)


def place_of(file: str) -> str:
    """Where a worker finds a file: its absolute name, or its address."""
    return file if is_address(file) else os.path.abspath(file)  # noqa: PTH100  (without `..`, and links kept)


def _groups(part: FilePart, options: ReadOptions) -> Sequence[int] | None:
    """The rows of each group of a Parquet file; None for another one."""
    if file_format(part.path, options.format).name != "parquet":
        return None
    from gradcli.data.readers.arrow_files import arrow_table

    with opened_file(part.path) as stream:
        metadata = arrow_table(stream, part.path, "parquet").source.metadata
        return [metadata.row_group(place).num_rows for place in range(metadata.num_row_groups)]


def _cut(part: FilePart, groups: Sequence[int] | None, most: int) -> Iterator[FilePart]:
    """Groups one after the other go together up to *most* rows; a group is never cut."""
    if not groups:
        yield part
        return
    start, first, rows = 0, 1, 0
    for place, size in enumerate(groups):
        if rows and rows + size > most:
            yield part._replace(groups=RowGroups(start, place, first), rows=rows)
            start, first, rows = place, first + rows, 0
        rows += size
    yield part._replace(groups=RowGroups(start, len(groups), first), rows=rows)


class PartOrder(NamedTuple):
    """What a worker has to know to read a part: the columns by the names in the text, how to read, and which rows count.

    condition: the text of --where, and the headers of its columns by their names.
    """

    part: FilePart
    headers: Mapping[str, str]
    options: ReadOptions
    condition: tuple[str, Mapping[str, str]] | None


def order_of(part: FilePart, columns: NamedColumns) -> PartOrder:
    """The order for a part of the files of *columns*."""
    found = columns.condition
    condition = None if found is None else (found.text, found.headers)
    return PartOrder(part, dict(columns.headers), columns.options, condition)


def order_to_data(order: PartOrder) -> dict[str, Any]:
    """An order as plain data for JSON."""
    options = order.options._asdict()
    del options["part"]
    return {
        "part": list(order.part), "headers": dict(order.headers), "options": options,
        "condition": order.condition and [order.condition[0], dict(order.condition[1])],
    }  # fmt: skip


def order_from_data(data: Any) -> PartOrder:
    """The order that `order_to_data` wrote. Raises ValueError for anything else."""
    try:
        path, size, time, several, groups, rows = data["part"]
        own = None if groups is None else RowGroups(*map(int, groups))
        part = FilePart(
            str(path), int(size), int(time), bool(several), own, None if rows is None else int(rows)
        )
        options: dict[str, Any] = {
            str(name): tuple(x) if isinstance(x, list) else x for name, x in data["options"].items()
        }
        condition = data["condition"]
        if condition is not None:
            condition = (str(condition[0]), _texts(condition[1]))
        return PartOrder(part, _texts(data["headers"]), ReadOptions(**options, part=own), condition)
    except (TypeError, KeyError, LookupError, AttributeError) as error:
        raise ValueError("no order for a part") from error


def _texts(data: Any) -> dict[str, str]:
    return {str(name): str(x) for name, x in data.items()}
