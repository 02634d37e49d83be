"""Names that have many numbers: the numbers of a column x are the variables x[0], x[1], … to all that calculates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")

#: Rows that columns are given where only their names are known: formulas are the same for any number.
SAMPLE_ROWS = 3


def element(column: str, row: int) -> str:
    """The name of one number of a column."""
    return f"{column}[{row}]"


def is_element(name: str) -> bool:
    """Whether a name is that of one number of a column."""
    return name.endswith("]")


def column_of(name: str) -> str:
    """The column that an element belongs to; any other name itself."""
    return name.partition("[")[0]


def row_of(name: str) -> int:
    """The row of an element. Raises ValueError for another name."""
    return int(name[name.index("[") + 1 : -1])


def columns_among(names: Iterable[str]) -> dict[str, int]:
    """The columns that *names* are elements of, and how many rows each has."""
    found: dict[str, int] = {}
    for name in names:
        if is_element(name):
            column = column_of(name)
            found[column] = found.get(column, 0) + 1
    return found


def whole_names(names: Iterable[str]) -> list[str]:
    """The names as a person counts them: a column once."""
    return list(dict.fromkeys(column_of(name) if is_element(name) else name for name in names))


def spread(names: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    """*names*, with the elements in *known* in the place of each column."""
    columns = columns_among(known)
    return tuple(
        one
        for name in names
        for one in ((element(name, row) for row in range(columns[name])) if name in columns else (name,))
    )


def spread_values(values: Mapping[str, T], known: Collection[str]) -> dict[str, T]:
    """*values* by name, what a column has for each of its elements in *known*."""
    return {one: value for name, value in values.items() for one in spread([name], known)}


def grouped(values: Mapping[str, T]) -> dict[str, T | list[T]]:
    """*values* by name, those of a column's numbers as one list in the order of the rows."""
    found: dict[str, T | list[T]] = {}
    for name, value in values.items():
        if not is_element(name):
            found[name] = value
            continue
        listed = found.setdefault(column_of(name), [])
        if isinstance(listed, list):
            listed.append(value)
    return found


def as_rows(column: str, numbers: Sequence[T]) -> dict[str, T]:
    """The numbers of a column by the names of its elements."""
    return {element(column, row): number for row, number in enumerate(numbers)}
