"""All cells of some rows as they stand in their file, carried beside the numbers that are read from them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

#: Cells by column, for each row.
Objects = list[dict[str, Any]]


class CarriedRows(Protocol):
    """Rows of a file: as cells of text, as objects, or as arrays of Arrow."""

    names: tuple[str, ...]

    def take(self, places: Sequence[int]) -> CarriedRows:
        """Some of the rows, by their places from 0."""

    def cells(self) -> list[list[str]]:
        """The cells of each row as text, an empty one where there is nothing."""

    def objects(self, numbers: Mapping[str, Sequence[float]]) -> Objects:
        """The cells of each row by column; *numbers* are those of columns that were read."""

    def arrays(self, numbers: Mapping[str, Any]) -> list[Any]:
        """An array of Arrow for each column; *numbers* are those of columns that were read."""


class CarriedCells:
    """Rows of delimited text, cell by cell."""

    def __init__(self, names: tuple[str, ...], rows: list[list[str]]) -> None:
        self.names, self._rows = names, rows

    def take(self, places: Sequence[int]) -> CarriedCells:
        """Some of the rows, by their places from 0."""
        return CarriedCells(self.names, [self._rows[place] for place in places])

    def cells(self) -> list[list[str]]:
        """The cells of each row as text."""
        return self._rows

    def objects(self, numbers: Mapping[str, Sequence[float]]) -> Objects:
        """The cells of each row by column: numbers where they were read or are spelled as JSON does, else texts."""
        found: Objects = [dict(zip(self.names, map(_literal, row), strict=True)) for row in self.cells()]
        return _with_numbers(found, numbers)

    def arrays(self, numbers: Mapping[str, Any]) -> list[Any]:
        """Arrays of texts, and of doubles where they were read."""
        import pyarrow

        columns = list(zip(*self.cells(), strict=True)) or [()] * len(self.names)
        return [
            pyarrow.array(numbers[name])
            if name in numbers
            else pyarrow.array(map(_storable, column), pyarrow.string())
            for name, column in zip(self.names, columns, strict=True)
        ]


class CarriedLines(CarriedCells):
    """Rows of delimited text without quotes, each as it stands in its file. lines: texts, or an array of Arrow with them."""

    def __init__(self, names: tuple[str, ...], lines: Any, delimiter: str) -> None:
        super().__init__(names, [])
        self.lines, self.delimiter = lines, delimiter

    def take(self, places: Sequence[int]) -> CarriedLines:
        """Some of the rows, by their places from 0."""
        if isinstance(self.lines, list):
            return CarriedLines(self.names, [self.lines[place] for place in places], self.delimiter)
        import pyarrow

        return CarriedLines(
            self.names, self.lines.take(pyarrow.array(places, pyarrow.int64())), self.delimiter
        )

    def texts(self) -> list[str]:
        """The lines; bytes that are no text are surrogates."""
        if isinstance(self.lines, list):
            return self.lines
        import pyarrow

        return [
            one.decode("utf-8", "surrogateescape") for one in self.lines.cast(pyarrow.binary()).to_pylist()
        ]

    def cells(self) -> list[list[str]]:
        """The cells of each row as text."""
        return [line.split(self.delimiter) for line in self.texts()]


class CarriedObjects:
    """Rows of JSON lines."""

    def __init__(self, names: tuple[str, ...], found: Objects) -> None:
        self.names, self._found = names, found

    def take(self, places: Sequence[int]) -> CarriedObjects:
        """Some of the rows, by their places from 0."""
        return CarriedObjects(self.names, [self._found[place] for place in places])

    def cells(self) -> list[list[str]]:
        """The cells of each row as text: strings as they are, everything else as JSON."""
        return [[_told(found.get(name)) for name in self.names] for found in self._found]

    def objects(self, numbers: Mapping[str, Sequence[float]]) -> Objects:
        """The objects, with keys that the first lines do not have as well."""
        return [dict(found) for found in self._found]

    def arrays(self, numbers: Mapping[str, Any]) -> list[Any]:
        """Arrays of doubles where they were read, else of what JSON has; of text where that is of several kinds."""
        import pyarrow

        arrays = []
        for name in self.names:
            values = [found.get(name) for found in self._found]
            plain = name not in numbers and all(x is None or isinstance(x, str) for x in values)
            texts = values if plain else [None if x is None else _told(x) for x in values]
            arrays.append(
                pyarrow.array(numbers[name]) if name in numbers else pyarrow.array(texts, pyarrow.string())
            )
        return arrays


class CarriedBatch:
    """Rows of a Parquet or Arrow file."""

    def __init__(self, batch: Any) -> None:
        self.names, self._batch = tuple(batch.schema.names), batch

    def take(self, places: Sequence[int]) -> CarriedBatch:
        """Some of the rows, by their places from 0."""
        import pyarrow

        return CarriedBatch(self._batch.take(pyarrow.array(places, pyarrow.int64())))

    def cells(self) -> list[list[str]]:
        """The cells of each row as text: numbers as they read back, strings as they are, everything else as JSON or text."""
        columns = [map(_told, column.to_pylist()) for column in self._batch.columns]
        return [list(row) for row in zip(*columns, strict=True)]

    def objects(self, numbers: Mapping[str, Sequence[float]]) -> Objects:
        """The cells of each row by column; those that JSON does not have are text."""
        columns = [map(_jsonable, column.to_pylist()) for column in self._batch.columns]
        return [dict(zip(self.names, row, strict=True)) for row in zip(*columns, strict=True)]

    def arrays(self, numbers: Mapping[str, Any]) -> list[Any]:
        """The columns as they are."""
        return list(self._batch.columns)


#: How JSON spells numbers, of no more digits than are read back one by one.
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,307})(\.[0-9]{1,400})?([eE][+-]?[0-9]{1,3})?")


def _literal(cell: str) -> Any:
    if not _NUMBER.fullmatch(cell):
        return cell
    return int(cell) if cell.lstrip("-").isdigit() else float(cell)


_LINE_END = re.compile("\r\n|\n|\r")


def lines_of(text: str) -> list[str]:
    """The rows of delimited text without quotes: its lines but for blank ones."""
    lines = _LINE_END.split(text) if "\r" in text else text.split("\n")
    return [line for line in lines if line.strip(" ")] if " " in text else [line for line in lines if line]


def _with_numbers(found: Objects, numbers: Mapping[str, Sequence[float]]) -> Objects:
    for name, column in numbers.items():
        for row, number in zip(found, column, strict=True):
            row[name] = None if number != number else number  # noqa: PLR0124  (nan is missing)
    return found


def _storable(cell: str) -> str:
    """Text that UTF-8 has: bytes that were none are written as escapes."""
    return cell if cell.isascii() else cell.encode("utf-8", "backslashreplace").decode()


def _jsonable(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if abs(value) < float("inf") else None
    return _told(value)


def _told(value: Any) -> str:
    """A value as a cell of text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | dict):
        import json

        return json.dumps(value, default=str, ensure_ascii=False)
    return str(value)
