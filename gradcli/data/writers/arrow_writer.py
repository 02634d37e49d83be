"""Columns → Parquet and Arrow files, a batch of rows at a time."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

from gradcli.data.readers.arrow_library import arrow
from gradcli.language.errors import ValueProblem

#: Rows that are written together: a group of a Parquet file.
TOGETHER = 2**17


class _Sink(io.RawIOBase):
    """What PyArrow writes into."""

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
    """Writes batches of columns as Parquet or Arrow to *write*; whole when the block that it is used in ends well.

    The types of the columns are those of the first batch. Raises ExtraProblem where PyArrow is missing, ValueProblem for a
    batch of other types.
    """

    def __init__(
        self, write: Callable[[Any], object], format_: str, names: Sequence[str], computed: Sequence[str] = ()
    ) -> None:
        """computed: those among *names* whose floats are computed here: nothing compresses them."""
        self._library = arrow(f"{'Parquet' if format_ == 'parquet' else 'Arrow'} files need PyArrow")
        self._sink, self._format, self._names = _Sink(write), format_, tuple(names)
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
        if self._writer is not None:
            self._writer.close()

    def _flush(self) -> None:
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        if self._writer is None:
            self._writer = self._opened(waiting[0].schema)
        schema = self._writer.schema if self._format == "parquet" else self._schema
        try:
            alike = [batch if batch.schema.equals(schema) else batch.cast(schema) for batch in waiting]
            table = self._library.Table.from_batches(alike)
        except (self._library.ArrowException, ValueError) as error:
            raise ValueProblem(
                "a column has other types in one file than in another", hint="--format csv takes any"
            ) from error
        self._writer.write_table(table)

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
