"""How files are to be read, where their endings do not say it."""

from __future__ import annotations

from typing import NamedTuple

from gradcli.data.columns.cell_numbers import Spelling
from gradcli.data.columns.missing_cells import SPELLINGS, Missing
from gradcli.language.errors import UsageProblem


class RowGroups(NamedTuple):
    """Groups of rows of a Parquet file, from *start* up to *stop*; first: the number of their first row in the file."""

    start: int
    stop: int
    first: int


class ReadOptions(NamedTuple):
    """What a user says about files of data.

    format: a key of `file_formats.FORMATS`; by the file's ending where it is None. delimiter: one character; found in the
    first line where it is None. decimal: "." or ",", which may be the delimiter too: cells with it stand in quotes then.
    columns: the names where the file has no header. spellings: what stands in a missing cell. missing: what becomes of a
    row with one. rows: in a block, at most. carries: whether blocks have all cells of their rows beside the numbers. part:
    the groups of rows that are read, None for all.
    """

    format: str | None = None
    delimiter: str | None = None
    decimal: str = "."
    columns: tuple[str, ...] | None = None
    spellings: tuple[str, ...] = SPELLINGS
    missing: Missing = "error"
    rows: int = 65_536
    carries: bool = False
    part: RowGroups | None = None

    @property
    def spelling(self) -> Spelling:
        """How numbers are spelled."""
        return Spelling(self.decimal, frozenset(self.spellings))


def check_options(options: ReadOptions) -> None:
    """Raises UsageProblem where options contradict each other, or are none."""
    if options.decimal not in (".", ","):
        raise UsageProblem(
            f"{options.decimal!r} is no decimal sign", hint="a decimal sign is a point or a comma"
        )
    sign = options.delimiter
    if sign is not None and (len(sign) != 1 or sign.isalnum() or sign in '"\r\n.+-\0' or ord(sign) > 0xFFFF):
        raise UsageProblem(
            f"{sign!r} cannot stand between cells", hint="for example a comma, a semicolon, a bar or a tab"
        )
    if options.rows < 1:
        raise UsageProblem("a block has at least one row")
