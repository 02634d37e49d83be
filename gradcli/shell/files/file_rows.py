"""Columns of files, whole, with the program that they are for: what a loss over files is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.data.batches.kept_columns import kept_columns
from gradcli.data.columns.column_block import Block, Values
from gradcli.data.readers.column_reading import held_columns
from gradcli.data.readers.data_files import base_name
from gradcli.data.readers.file_identity import FileIdentity, file_identity
from gradcli.language.errors import DomainProblem
from gradcli.shell.files.file_columns import DataRequest, NamedColumns
from gradcli.shell.files.row_places import RowPlaces

if TYPE_CHECKING:
    from gradcli.calculus.rows.row_data import Passes
    from gradcli.calculus.rows.row_program import RowsProgram


class FileRows(NamedTuple):
    """The program of a loss, None for one that is written out, and its columns by the names that its text has for them.

    files: each with the rows that it gave, by its base name. left_out: rows with missing cells. request: how they were
    named. identities: what tells each file from another, as it was before it was read. passes: who goes over the rows, where
    their columns are not held here.
    """

    program: RowsProgram | None
    columns: Mapping[str, Values]
    files: tuple[tuple[str, int], ...]
    left_out: int
    places: RowPlaces
    request: DataRequest
    identities: tuple[FileIdentity, ...]
    passes: Passes | None = None

    @property
    def record(self) -> dict[str, Any]:
        """What JSON says of them."""
        return {"rows": self.places.rows, "data": data_record(self.files, self.left_out, self.request.where)}


def data_record(files: Sequence[tuple[str, int]], left_out: int, where: Sequence[str]) -> dict[str, Any]:
    """Files with the rows of them that count, how many were left out, and the conditions, for JSON."""
    found: dict[str, Any] = {
        "files": [{"file": name, "rows": rows} for name, rows in files],
        "left_out": left_out,
    }
    return {**found, "where": list(where)} if where else found


def left_out_notes(left_out: int) -> list[str]:
    """What is said of rows that were left out."""
    if not left_out:
        return []
    rows = "1 row with a missing cell is" if left_out == 1 else f"{left_out:,} rows with missing cells are"
    return [f"{rows} left out"]


def no_rows(columns: NamedColumns) -> str:
    """What is said where no rows count: there are none, or a condition keeps none of them."""
    condition = columns.condition
    if condition is None:
        return f"{columns.place} has no rows"
    if not condition.asked:  # of rows that workers read nobody here knows how many there were
        return f"{columns.place} has no rows in which {condition.text}"
    whole = "the one row" if condition.asked == 1 else f"the {condition.asked:,} rows"
    return f"--where {condition.text}: it keeps none of {whole} of {columns.place}"


def held_rows(
    program: RowsProgram | None,
    columns: NamedColumns,
    request: DataRequest,
    watch: Callable[[int], object] = id,
) -> FileRows:
    """Read the columns and hold them, but for those of a *program* of rows: of these many are kept on disk.

    watch: is told how many rows there are so far. Raises what the readers and *watch* raise, LimitProblem for too many,
    DomainProblem for none.
    """

    def seen(block: Block) -> None:
        places.add(block)
        watch(places.rows)

    places, identities = RowPlaces(columns.files), tuple(map(file_identity, columns.files))
    whole = held_columns if program is None else kept_columns
    found = whole(columns.blocks(), columns.files, tuple(columns.headers), seen)
    if not found.rows:
        raise DomainProblem(": ".join((no_rows(columns), *left_out_notes(found.left_out))))
    named = dict(zip(columns.headers, found.values, strict=True))
    files = tuple((base_name(file), rows) for file, rows in found.files)
    return FileRows(program, named, files, found.left_out, places, request, identities)
