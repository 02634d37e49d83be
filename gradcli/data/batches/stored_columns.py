"""Columns of more rows than fit in memory, kept in a file without a name while batches are taken from them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from contextlib import suppress
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any

from gradcli.data.columns.column_block import Block, Values
from gradcli.language.errors import InputProblem

#: Bytes of a number.
_WIDTH = 8


class StoredColumns:
    """Columns of doubles on disk, to be read from any row on. The file is gone when this is closed, or its process ends.

    One thread reads at a time.
    """

    def __init__(self, blocks: Iterable[Block], count: int, folder: str | None = None) -> None:
        """Store *count* columns as they come in blocks. Raises InputProblem where there is no room for them."""
        self.rows = 0
        self._files: list[Any] = []
        try:
            for _ in range(count):
                self._files.append(TemporaryFile(dir=folder))  # noqa: SIM115 (close() closes it)
            for block in blocks:
                for file, values in zip(self._files, block.values, strict=True):
                    file.write(memoryview(values))
                self.rows += len(block.numbers)
            for file in self._files:
                file.flush()
        except OSError as error:
            self.close()
            raise InputProblem(f"columns cannot be kept on disk: {error.strerror or error}") from error
        except BaseException:
            self.close()
            raise

    def column(self, place: int, start: int, stop: int) -> array[float]:
        """The numbers of a column from a row up to another, counted from 0."""
        numbers, file = array("d"), self._files[place]
        file.seek(start * _WIDTH)
        numbers.frombytes(file.read((stop - start) * _WIDTH))
        return numbers

    def close(self) -> None:
        """Let the files go."""
        for file in self._files:
            with suppress(OSError):  # on a full disk the last numbers cannot be written any more
                file.close()

    def __enter__(self) -> StoredColumns:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class HeldColumns:
    """Columns that are held in memory, read in the same way."""

    def __init__(self, rows: int, values: Sequence[Values]) -> None:
        self.rows, self._values = rows, values

    def column(self, place: int, start: int, stop: int) -> Values:
        """The numbers of a column from a row up to another, counted from 0."""
        return self._values[place][start:stop]
