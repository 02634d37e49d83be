"""Which columns a table of answers has: those of the files, as they are there, and those that are added to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gradcli.data.readers.column_reading import header
from gradcli.language.errors import UsageProblem
from gradcli.shell.files.file_columns import NamedColumns

#: What the column is called that says why a row has no number.
PROBLEM = "problem"


class TableColumns(NamedTuple):
    """file: the names in the header. kept: the places of the columns that stay. added: the names of the answer's columns."""

    file: tuple[str, ...]
    kept: tuple[int, ...]
    added: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All, in their order."""
        return (*(self.file[place] for place in self.kept), *self.added)


def table_columns(
    columns: NamedColumns, added: Sequence[str], *, prefix: str = "", replaces: bool = False
) -> TableColumns:
    """The columns of files with those of an answer.

    prefix: before the names that are added. replaces: whether they take the place of columns that are there. Raises
    UsageProblem for a name that is there already, and for files with different columns.
    """
    own = header(columns.files[0], columns.options)
    for file in columns.files[1:]:
        other = header(file, columns.options)
        if other != own:
            missing = next((name for name in own if name not in other), None)
            what = f"has no column {missing}" if missing else "has other columns, or in another order"
            message = f"{file} {what}, and rows go out as they are in {columns.files[0]}"
            raise UsageProblem(message, hint="--format json and text have the columns that are named alone")
    names = tuple(prefix + name for name in (*added, PROBLEM))
    there = next((name for name in names if name in own), None)
    if there is not None and not replaces:
        message = f"{there} is a column of {columns.place}, and of the answer"
        raise UsageProblem(
            message, hint=f"--prefix f. calls the answer's f.{there}, --replace leaves out the file's"
        )
    kept = tuple(place for place, name in enumerate(own) if name not in names)
    return TableColumns(own, kept, names)
