"""Parquet and Arrow files, read by PyArrow in batches of rows, never by group: a small file may hold large ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO, NamedTuple

from gradcli.data.columns.carried_rows import CarriedBatch
from gradcli.data.columns.column_block import Block
from gradcli.data.columns.header_names import header_names, places
from gradcli.data.columns.row_checks import Rows, checked
from gradcli.data.readers.arrow_library import arrow
from gradcli.data.readers.arrow_numbers import check_types, column_numbers
from gradcli.data.readers.data_files import size_and_time
from gradcli.data.readers.read_options import ReadOptions
from gradcli.language.errors import GradcliError, InputProblem
from gradcli.language.limits import limit, limit_problem

#: Bytes of text and members of lists that the description of a Parquet file may have.
_DESCRIPTION = 10**8


class ArrowTable(NamedTuple):
    """A file that is open: the names of its columns as they stand there, its schema, and what gives its batches.

    rows: how many a Parquet file has; 0 for any other.
    """

    names: tuple[str, ...]
    schema: Any
    source: Any
    rows: int = 0


def arrow_table(stream: BinaryIO, file: str, format_: str) -> ArrowTable:
    """A file's columns. Raises InputProblem for a damaged one, LimitProblem, ExtraProblem where PyArrow is missing."""
    library = arrow(f"{file}: {'Parquet' if format_ == 'parquet' else 'Arrow'} files need PyArrow")
    with _explained(file):
        source = _parquet(library, stream) if format_ == "parquet" else _arrow(library, stream)
        schema = source.schema_arrow if format_ == "parquet" else source.schema
        names = tuple(schema.names)
    if format_ == "parquet":
        _check_parquet(source.metadata, file)
        return ArrowTable(names, schema, source, source.metadata.num_rows)
    if hasattr(source, "num_record_batches"):
        _check_groups(source.num_record_batches, file)
    return ArrowTable(names, schema, source)


def _parquet(library: Any, stream: BinaryIO) -> Any:
    from pyarrow.parquet import ParquetFile

    return ParquetFile(
        _opened_by_arrow(library, stream),
        buffer_size=2**20,  # else a whole group of a column is held, as it is
        pre_buffer=False,  # where it is read before it is needed
        thrift_string_size_limit=_DESCRIPTION,
        thrift_container_size_limit=_DESCRIPTION,
    )


def _opened_by_arrow(library: Any, stream: BinaryIO) -> Any:
    """The file that is open, for PyArrow to read without Python; a stream that is none as it is."""
    try:
        return library.OSFile(f"/dev/fd/{stream.fileno()}")
    except OSError:
        return library.PythonFile(stream, mode="r")


def _is_file(stream: BinaryIO) -> bool:
    """Whether PyArrow may read a stream apart from it, so that its place tells nothing."""
    try:
        return stream.fileno() >= 0
    except OSError:
        return False


def _arrow(library: Any, stream: BinaryIO) -> Any:
    """An Arrow file, or a stream of Arrow that was kept in a file."""
    from pyarrow import ipc

    is_file = stream.read(6) == b"ARROW1"
    stream.seek(0)
    source = library.PythonFile(stream, mode="r")
    return ipc.open_file(source) if is_file else ipc.open_stream(source)


def _check_parquet(metadata: Any, file: str) -> None:
    """Rows, groups and sizes that a file claims to have, before any is read."""
    _check_groups(metadata.num_row_groups, file)
    if metadata.num_rows > limit("data-rows"):
        raise limit_problem(
            "data-rows",
            f"{file} has {metadata.num_rows:,} rows: at most {limit('data-rows'):,.0f} are read",
        )


def _check_groups(count: int, file: str) -> None:
    if count > limit("groups"):
        raise limit_problem(
            "groups", f"{file} has {count:,} groups of rows: at most {limit('groups'):,.0f} are read"
        )


def arrow_blocks(
    stream: BinaryIO, file: str, format_: str, wanted: Sequence[str], options: ReadOptions
) -> Iterator[Block]:
    """The blocks of a Parquet or Arrow file.

    Raises what `arrow_table` does, NameProblem for a column that is not there, ValueProblem for one of another type than
    numbers or booleans, and for a number that no float is equal to or that is not finite.
    """
    table = arrow_table(stream, file, format_)
    chosen = places(header_names(table.names, file), wanted, file)
    check_types(
        [(name, table.schema.field(place).type) for name, place in zip(wanted, chosen, strict=True)], file
    )
    first = 1 if options.part is None else options.part.first
    every = range(len(table.names)) if options.carries else chosen
    size, whole = size_and_time(stream)[0], table.rows if _is_file(stream) else 0
    for batch in _batches(table, file, format_, every, options):
        columns = [column_numbers(batch.column(place)) for place in _places_in(batch, table, chosen)]
        values, refused = [one for one, _ in columns], [one for _, one in columns]
        block = checked(Rows(file, first, wanted, values, refused, batch.num_rows), options.missing)
        first += batch.num_rows
        if whole:  # who reads along sees how far it is
            stream.seek(min(size * first // whole, size))
        yield block.carrying(CarriedBatch(batch), first - batch.num_rows) if options.carries else block


def _places_in(batch: Any, table: ArrowTable, chosen: Sequence[int]) -> list[int]:
    """Where the chosen columns stand in a batch, which has all columns of the file, or those alone."""
    found = batch.schema.names
    return [found.index(table.names[place]) for place in chosen]


def _batches(
    table: ArrowTable, file: str, format_: str, chosen: Sequence[int], options: ReadOptions
) -> Iterator[Any]:
    """Batches that are whole and valid, of at most so many rows as the options say."""
    most = options.rows
    batches = (
        _parquet_batches(table, chosen, options) if format_ == "parquet" else _arrow_batches(table.source)
    )
    while True:
        with _explained(file):
            batch = next(batches, None)
            if batch is None:
                return
            batch.validate(full=True)
        for start in range(0, batch.num_rows, most):
            yield batch.slice(start, most)


def _parquet_batches(table: ArrowTable, chosen: Sequence[int], options: ReadOptions) -> Iterator[Any]:
    part = options.part
    groups = None if part is None else range(part.start, min(part.stop, table.source.num_row_groups))
    names = list(dict.fromkeys(table.names[place] for place in chosen))
    batches: Iterator[Any] = table.source.iter_batches(
        batch_size=options.rows, row_groups=groups, columns=names, use_threads=False
    )
    return batches


def _arrow_batches(source: Any) -> Iterator[Any]:
    if hasattr(source, "num_record_batches"):
        for index in range(source.num_record_batches):
            yield source.get_batch(index)
        return
    yield from source


@contextmanager
def _explained(file: str) -> Iterator[None]:
    """What PyArrow finds wrong, as a sentence of gradcli's."""
    import pyarrow

    try:
        yield
    except GradcliError:
        raise
    except MemoryError as error:
        raise limit_problem("memory", f"{file} needs more memory than it may have") from error
    except (
        pyarrow.ArrowException,
        OSError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        OverflowError,
    ) as error:
        raise InputProblem(f"{file} is damaged, or is not what its name says") from error
