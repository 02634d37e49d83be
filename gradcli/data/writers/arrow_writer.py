"""Columns → Parquet and Arrow files, a batch of rows at a time."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from gradcli.data.readers.arrow_library import arrow
from gradcli.language.errors import ValueProblem

#: Rows that are written together: a group of a Parquet file.
TOGETHER = 2**17


class GrowingFile(Protocol):
    """A file that is written from its beginning to its end."""

    @property
    def beside(self) -> Path | None:
        """Where it is, for those who write it themselves; None where only `write` reaches it."""

    def grew(self, size: int) -> None:
        """So many bytes were appended."""

    def told(self) -> AbstractContextManager[None]:
        """Errors of the system in the block are told as those of the file."""


class _Sink(io.RawIOBase):
    """What PyArrow writes into where it has no file."""

    def __init__(self, write: Callable[[Any], object]) -> None:
        self._write = write

    def writable(self) -> bool:
        """True: that is what it is for."""
        return True

    def write(self, content: Any) -> int:
        """Pass *content* on."""
        self._write(content)
        return len(content)


class ArrowWriter:
    """Writes batches of columns as Parquet or Arrow; whole when the block that it is used in ends well.

    It goes to *write*, or into a *file*, without Python for each piece.

    The types of the columns are those of the first batch. Raises ExtraProblem where PyArrow is missing, ValueProblem for a
    batch of other types.
    """

    def __init__(
        self, write: Callable[[Any], object], format_: str, names: Sequence[str], computed: Sequence[str] = (),
        file: GrowingFile | None = None,
    ) -> None:  # fmt: skip
        """computed: those among *names* whose floats are computed here: nothing compresses them."""
        self._library = arrow(f"{'Parquet' if format_ == 'parquet' else 'Arrow'} files need PyArrow")
        self._file, self._size = file, 0
        self._sink, self._format, self._names = self._opened_sink(write), format_, tuple(names)
        self._computed = frozenset(computed)
        self._writer: Any = None
        self._waiting: list[Any] = []

    def add(self, arrays: Sequence[Any]) -> None:
        """One more batch: an array for each column."""
        self._waiting.append(self._library.RecordBatch.from_arrays(list(arrays), names=list(self._names)))
        if sum(batch.num_rows for batch in self._waiting) >= TOGETHER:
            self._flush()

    def __enter__(self) -> ArrowWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._flush()
        with self._told():
            if self._writer is not None:
                self._writer.close()
            self._sink.close()

    def _flush(self) -> None:
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        if self._writer is None:
            with self._told():
                self._writer = self._opened(waiting[0].schema)
        schema = self._writer.schema if self._format == "parquet" else self._schema
        try:
            alike = [batch if batch.schema.equals(schema) else batch.cast(schema) for batch in waiting]
            table = self._library.Table.from_batches(alike)
        except (self._library.ArrowException, ValueError) as error:
            raise ValueProblem(
                "a column has other types in one file than in another", hint="--format csv takes any"
            ) from error
        with self._told():
            self._writer.write_table(table)
            if self._file is not None:
                size = self._sink.tell()
                self._file.grew(size - self._size)
                self._size = size

    def _told(self) -> AbstractContextManager[None]:
        return nullcontext() if self._file is None else self._file.told()

    def _opened_sink(self, write: Callable[[Any], object]) -> Any:
        if self._file is not None and self._file.beside is not None:
            with suppress(OSError):
                return self._library.OSFile(str(self._file.beside), mode="wb")
        self._file = None
        return _Sink(write)

    def _opened(self, schema: Any) -> Any:
        self._schema = schema
        if self._format == "parquet":
            from pyarrow import parquet, types

            # A dictionary of doubles that all differ costs more than all else.
            texts = [field.name for field in schema if not types.is_floating(field.type)]
            packed = {
                field.name: "NONE"
                if field.name in self._computed and types.is_floating(field.type)
                else "SNAPPY"
                for field in schema
            }
            return parquet.ParquetWriter(
                self._sink, schema, use_dictionary=texts or False, compression=packed
            )
        from pyarrow import ipc

        return ipc.new_file(self._sink, schema)
