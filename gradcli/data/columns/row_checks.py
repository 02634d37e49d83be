"""Numbers of some rows → a block of them: the first row that cannot be used is an error, or is left out."""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from gradcli.data.columns.column_block import Block, Values
from gradcli.data.columns.missing_cells import Missing
from gradcli.language.errors import DomainProblem, GradcliError, ValueProblem


class Refused(NamedTuple):
    """The first cell of a column that is no number: its place in the column, and why not."""

    place: int
    message: str


class Rows(NamedTuple):
    """Rows of a file whose cells were looked at.

    first: the number of the first one. names, values: of each wanted column, up to the first refused cell. refused: that
    cell for each column, or None. size: how many rows. line: the place of a row -> the
    number of its line, where the file has lines.
    """

    file: str
    first: int
    names: Sequence[str]
    values: Sequence[Values]
    refused: Sequence[Refused | None]
    size: int
    line: Callable[[int], int] | None = None


def checked(rows: Rows, missing: Missing) -> Block:
    """The block of these rows, in which nan is a missing number.

    Raises ValueProblem for a cell that is no number, DomainProblem for one that is missing where that is an error:
    whichever stands first in the file.
    """
    gaps = [_first_gap(values) for values in rows.values]
    found = [(one.place, place, one.message) for place, one in enumerate(rows.refused) if one is not None]
    if missing == "error":
        found += [(gap, place, "") for place, gap in enumerate(gaps) if gap is not None]
    if found:
        raise _problem(rows, *min(found))
    numbers: Sequence[int] = range(rows.first, rows.first + rows.size)
    if missing == "keep" or all(gap is None for gap in gaps):
        return Block(rows.file, numbers, tuple(rows.values))
    return _without_gaps(rows, numbers)


def _problem(rows: Rows, place: int, column: int, message: str) -> GradcliError:
    number, name = rows.first + place, rows.names[column]
    line = "" if rows.line is None else f" (line {rows.line(place)})"
    where = f"{rows.file}, row {number}{line}, column {name}"
    if message:
        return ValueProblem(f"{where}: {message}", hint=_without_word(message))
    return DomainProblem(
        f"{where}: the cell is missing", hint="--missing skip leaves out rows with missing cells"
    )


def _without_word(message: str) -> str | None:
    """How rows are left out whose cell is a word, which the message begins with; None for any other cell."""
    found = re.match(r'"([\w./?*#-]{1,20})" is no number', message)
    return f'--na "{found[1]}" --missing skip leaves out rows with such cells' if found else None


def _first_gap(values: Any) -> int | None:
    """The place of the first nan."""
    if isinstance(values, array):
        if not any(map(math.isnan, values)):
            return None
        return next(place for place, number in enumerate(values) if math.isnan(number))
    import numpy as np

    gaps = np.isnan(values)
    return int(gaps.argmax()) if gaps.any() else None


def _without_gaps(rows: Rows, numbers: Sequence[int]) -> Block:
    if all(isinstance(values, array) for values in rows.values):
        kept = [
            place for place, row in enumerate(zip(*rows.values, strict=True)) if not any(map(math.isnan, row))
        ]
        values: tuple[Values, ...] = tuple(array("d", [one[place] for place in kept]) for one in rows.values)
        return Block(rows.file, [numbers[place] for place in kept], values, rows.size - len(kept))
    import numpy as np

    arrays: list[Any] = [np.asarray(one) for one in rows.values]
    whole = ~np.logical_or.reduce([np.isnan(one) for one in arrays])
    places = np.flatnonzero(whole)
    return Block(
        rows.file,
        (places + rows.first).tolist(),
        tuple(one[places] for one in arrays),
        rows.size - places.size,
    )
