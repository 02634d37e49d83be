"""Answered blocks → a Parquet or Arrow file: the columns of the file as they are, the answer's behind them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gradcli.data.readers.arrow_library import arrow_doubles
from gradcli.data.writers.arrow_writer import ArrowWriter
from gradcli.shell.process.file_replacement import Part
from gradcli.shell.tables.answered_blocks import AnsweredBlock
from gradcli.shell.tables.table_columns import TableColumns

#: Blocks that wait to be written: whoever writes never waits for the next one.
_AHEAD = 3


def write_arrow(
    blocks: Iterator[AnsweredBlock],
    columns: TableColumns,
    headers: Mapping[str, str],
    target: Part | Callable[[bytes], object],
    format_: str,
) -> None:
    """Write the blocks. headers: of the columns that were read, by the names in the text. Raises what `ArrowWriter` does."""
    from concurrent.futures import Future, ThreadPoolExecutor

    # What is written is computed already: while it is, others are read and computed.
    write, file = (target.write, target) if isinstance(target, Part) else (target, None)
    writing = ArrowWriter(write, format_, columns.names, columns.added, file)
    with writing as writer, ThreadPoolExecutor(1) as pool:
        written = deque[Future[None]]()
        for found in blocks:
            assert found.block.carried is not None  # noqa: S101  (which was asked for)
            numbers = dict(zip(headers.values(), found.block.values, strict=True))
            own = found.block.carried.arrays(numbers)
            arrays = [*(own[place] for place in columns.kept), *_answers(found)]
            if len(written) == _AHEAD:
                written.popleft().result()
            written.append(pool.submit(writer.add, arrays))
        if not written:
            writer.add(_empty(len(columns.names)))
        for one in written:
            one.result()


def _answers(found: AnsweredBlock) -> list[Any]:
    import pyarrow

    def doubles(numbers: Any) -> Any:
        if numbers is None:
            return pyarrow.nulls(found.rows, pyarrow.float64())
        if found.gaps or isinstance(numbers, list):
            return pyarrow.array(numbers, pyarrow.float64(), from_pandas=found.gaps)
        return arrow_doubles(numbers)

    problems = [found.problems.get(place) for place in range(found.rows)] if found.problems else None
    why = (
        pyarrow.nulls(found.rows, pyarrow.string())
        if problems is None
        else pyarrow.array(problems, pyarrow.string())
    )
    return [*map(doubles, (found.value, *found.partials)), why]


def _empty(count: int) -> list[Any]:
    import pyarrow

    return [pyarrow.array([], pyarrow.float64())] * count
