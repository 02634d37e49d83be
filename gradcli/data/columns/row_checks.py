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

#: How messages begin about a word, and about a number whose commas stand as between thousands.
_WORD = re.compile(r'"([\w./?*#-]{1,20})" is no number')
_THOUSANDS = re.compile(r'"[+-]?[0-9]{1,3}(,[0-9]{3})+"')


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
        return ValueProblem(f"{where}: {message}", hint=_remedy(message, rows, place))
    return DomainProblem(
        f"{where}: the cell is missing", hint="--missing skip leaves out rows with missing cells"
    )


def _remedy(message: str, rows: Rows, place: int) -> str | None:
    """What to do about a cell, which the message begins with: a word, a line of names, a comma; None for any other."""
    if _THOUSANDS.match(message):
        return "commas between thousands are not read: write the number without them"
    if "has a comma" in message:
        return "--decimal , reads it; where commas stand between the cells as well: --decimal , --delimiter ,"
    found = _WORD.match(message)
    if found is None:
        return None
    if rows.line is not None and rows.line(place) == 1 and not found[1].isdigit():
        return "the first line looks like a header: leave --columns out"
    return f'--na "{found[1]}" --missing skip leaves out rows with such cells'


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
