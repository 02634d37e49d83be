"""Columns of more rows than are held in memory, kept in files without a name while sums and batches are taken from them."""

from __future__ import annotations

import os
import sys
from array import array
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial
from tempfile import TemporaryFile
from threading import Lock
from types import TracebackType
from typing import Any

from gradcli.calculus.rows.numbers_in_blocks import NumbersInBlocks
from gradcli.data.columns.column_block import Block, Values
from gradcli.language.errors import InputProblem

#: Bytes of a number.
_WIDTH = 8


class StoredColumns:
    """Columns of doubles on disk, to be read from any row on. The files are gone when this is closed, or its process ends."""

    def __init__(self, blocks: Iterable[Block], count: int, folder: str | None = None) -> None:
        """Store *count* columns as they come in blocks, in a *folder* or in `room()`.

        Raises InputProblem where there is no room for them.
        """
        self.rows = 0
        self._files: list[Any] = []
        self._reading = Lock()
        try:
            for _ in range(count):
                self._files.append(TemporaryFile(dir=folder or room(), buffering=0))  # noqa: SIM115 (close() closes it)
        except OSError as error:
            self.close()
            raise _no_room(error) from error
        try:
            for block in blocks:
                self.add(block.values)
        except BaseException:
            self.close()
            raise

    def add(self, values: Sequence[Values]) -> None:
        """Store more rows. Raises InputProblem where there is no room for them; then all are gone."""
        try:
            for file, numbers in zip(self._files, values, strict=True):
                _write(file, numbers)
        except OSError as error:
            self.close()
            raise _no_room(error) from error
        self.rows += len(values[0]) if values else 0

    def column(self, place: int, start: int, stop: int) -> array[float]:
        """The numbers of a column from a row up to another, counted from 0. Raises InputProblem where they are not there."""
        numbers, file = array("d", [0.0]) * max(stop - start, 0), self._files[place]
        try:
            with self._reading:
                file.seek(start * _WIDTH)
                found = file.readinto(numbers)
        except OSError as error:
            raise _no_room(error) from error
        if found != len(numbers) * _WIDTH:
            raise InputProblem("columns that were kept on disk are not there any more")
        return numbers

    def numbers(self, place: int) -> NumbersInBlocks:
        """A column, whose numbers are read where they are asked for."""
        return NumbersInBlocks(partial(self.column, place), range(self.rows))

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

    def __del__(self) -> None:
        self.close()


def room() -> str | None:
    """The folder where large things are kept for a while: what TMPDIR says, else `/var/tmp`, which is on a disk, else any."""
    own = any(os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    usable = not own and sys.platform != "win32" and os.access(_LARGE, os.W_OK | os.X_OK)
    return _LARGE if usable else None


#: Where things of any size may lie for a while (Filesystem Hierarchy Standard 3.0, 5.15).
_LARGE = "/var/tmp"  # noqa: S108 (files without a name)


def _write(file: Any, numbers: Any) -> None:
    """Write all numbers of a column."""
    rest = memoryview(numbers)
    rest = (rest if rest.contiguous else memoryview(rest.tobytes())).cast("B")
    while rest:
        rest = rest[file.write(rest) :]


def _no_room(error: OSError) -> InputProblem:
    return InputProblem(
        f"columns cannot be kept on disk: {error.strerror or error}",
        hint="TMPDIR names a folder with more room: 8 bytes for each number",
    )


class HeldColumns:
    """Columns that are held in memory, or read in blocks from where they are, read in the same way."""

    def __init__(self, rows: int, values: Sequence[Values]) -> None:
        self.rows, self._values = rows, values

    def column(self, place: int, start: int, stop: int) -> Values:
        """The numbers of a column from a row up to another, counted from 0."""
        found = self._values[place][start:stop]
        return found.held() if isinstance(found, NumbersInBlocks) else found
