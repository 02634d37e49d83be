"""A loss over files whose parts are with the workers of an engine: read once, held there where they fit, asked and merged."""

from __future__ import annotations

import json
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from gradcli.calculus.rows.part_questions import PartPasses
from gradcli.calculus.rows.row_data import Elsewhere
from gradcli.data.readers.data_files import base_name
from gradcli.data.readers.file_identity import file_identity
from gradcli.language.errors import DomainProblem, UsageProblem
from gradcli.language.limits import limit, limit_problem, limits_set
from gradcli.language.rows.loadable_libraries import has_arrays
from gradcli.shell.engines import part_work
from gradcli.shell.engines.file_parts import FilePart, file_parts, order_of, order_to_data, place_of
from gradcli.shell.engines.part_results import Job, part_results
from gradcli.shell.engines.running_engine import cache_of, engine_of
from gradcli.shell.files.file_columns import DataRequest, NamedColumns
from gradcli.shell.files.file_rows import FileRows, left_out_notes, no_rows
from gradcli.shell.files.row_places import RowPlaces
from gradcli.shell.process.progress import Progress

if TYPE_CHECKING:
    from gradcli.calculus.rows.row_program import RowsProgram
    from gradcli.data.engines.dask_engine import DaskEngine, Task
    from gradcli.data.engines.engine_request import EngineRequest

#: Rows of a column that are fetched from a worker at a time.
FETCHED = 2**16


class PartedRows:
    """The parts of some columns. rows: of each part. left_out: with missing cells. tasks: of the parts that workers hold."""

    def __init__(self, engine: DaskEngine, columns: NamedColumns, cache: int) -> None:
        """Have every part read. Raises what the readers raise, and EngineProblem."""
        self._engine = engine
        self.parts: list[FilePart] = file_parts(columns, engine.threads)
        self._shown = {place_of(file): file for file in columns.files}
        self._orders = [
            part_work.order_text(order_to_data(order_of(part, columns)), limits_set()) for part in self.parts
        ]
        self._width = 8 * len(columns.headers)
        self.tasks: dict[int, Task] = {}
        self.rows = [0] * len(self.parts)
        self.left_out = 0
        self._survey(cache)

    def _survey(self, cache: int) -> None:
        progress, kept, total = Progress(), 0, 0
        tasks: dict[int, Task] = {}

        def jobs() -> Iterator[Job]:
            for place, order in enumerate(self._orders):
                if kept < cache:
                    tasks[place] = self._engine.begin(part_work.read_part, order, cache - kept)
                    yield part_work.survey, (tasks[place],)
                else:
                    yield part_work.survey_anew, (order,)

        try:
            for done, (place, found) in enumerate(self._each(jobs(), 3 * self._engine.threads), 1):
                task, self.rows[place] = tasks.pop(place, None), found["rows"]
                self.left_out, total = self.left_out + found["left_out"], total + found["rows"]
                size = self._width * found["rows"]
                if task is not None and found["kept"] and kept + size <= cache:
                    self.tasks[place], kept = task, kept + size
                progress(total, done / len(self.parts))
                if total + self.left_out > limit("data-rows"):
                    raise limit_problem(
                        "data-rows", f"more than {limit('data-rows'):,.0f} rows would be read"
                    )
        finally:
            progress.end()

    def _each(self, jobs: Iterator[Job], together: int | None = None) -> Iterator[tuple[int, Any]]:
        return part_results(self._engine, jobs, self._shown, together)

    def ask(self, question: list[Any]) -> Iterator[Any]:
        """The parts of a level, in the order of the rows."""
        text = json.dumps(question)

        def jobs() -> Iterator[Job]:
            for place, order in enumerate(self._orders):
                task = self.tasks.get(place)
                if task is not None:
                    yield part_work.answer, (task, order, text)
                else:
                    yield part_work.answer_anew, (order, text)

        all_held = len(self.tasks) == len(self.parts)
        found = dict(self._each(jobs(), 1000 if all_held else None))
        for place in range(len(self.parts)):
            yield from found[place]

    def fetch(self, name: str, start: int, stop: int) -> bytes:
        """Numbers of a column, as bytes of doubles, from a row of all up to another."""
        ends, pieces = list(accumulate(self.rows)), []
        jobs: list[Job] = []
        for place, (end, rows) in enumerate(zip(ends, self.rows, strict=True)):
            low, high = max(start - end + rows, 0), min(stop - end + rows, rows)
            if low < high:
                task = self.tasks.get(place)
                if task is not None:
                    jobs.append((part_work.cells, (task, name, low, high)))
                else:
                    jobs.append((part_work.cells_anew, (self._orders[place], name, low, high)))
        pieces = [piece for _, piece in sorted(self._each(iter(jobs)))]
        return b"".join(pieces)

    def spread(self, step: int) -> list[Any]:
        """The numbers of each column in every *step*-th row of all, as doubles."""
        starts = [end - rows for end, rows in zip(accumulate(self.rows), self.rows, strict=True)]

        def jobs() -> Iterator[Job]:
            for place, (order, start) in enumerate(zip(self._orders, starts, strict=True)):
                task = self.tasks.get(place)
                if task is not None:
                    yield part_work.spread, (task, -start % step, step)
                else:
                    yield part_work.spread_anew, (order, -start % step, step)

        pieces = [found for _, found in sorted(self._each(jobs()))]
        columns = range(self._width // 8)
        return [memoryview(b"".join(bytes.fromhex(one[k]) for one in pieces)).cast("d") for k in columns]

    def short(self, row: int) -> str:
        """What messages call a row."""
        ends = list(accumulate(self.rows))
        place = bisect_right(ends, row)
        job = (part_work.row_name, (self._orders[place], row - ends[place] + self.rows[place]))
        return str(next(found for _, found in self._each(iter([job]))))


class PartedPlaces(RowPlaces):
    """Where the rows of parts come from: a worker knows it."""

    def __init__(self, parted: PartedRows, files: Sequence[str]) -> None:
        super().__init__(files)
        self._parted, self.rows = parted, sum(parted.rows)

    def short(self, row: int) -> str:
        """The number of a row, with its file where there are several."""
        return self._parted.short(row)


class PartedColumn(Elsewhere):
    """A column of which some rows are fetched where they are needed, as in batches."""

    def __init__(self, parted: PartedRows, name: str) -> None:
        super().__init__(sum(parted.rows))
        self._block = lru_cache(maxsize=2)(
            lambda block: parted.fetch(name, block * FETCHED, (block + 1) * FETCHED)
        )

    def __getitem__(self, rows: slice) -> Any:
        """The numbers of some rows one after the other."""
        start, stop, _ = rows.indices(len(self))
        first, last = start // FETCHED, max(stop - 1, start) // FETCHED
        whole = b"".join(self._block(block) for block in range(first, last + 1))
        own = whole[8 * (start - first * FETCHED) : 8 * (stop - first * FETCHED)]
        if has_arrays():
            import numpy as np

            return np.frombuffer(own)
        numbers = array("d")
        numbers.frombytes(own)
        return numbers


def parted_rows(
    program: RowsProgram, columns: NamedColumns, request: DataRequest, asked: EngineRequest
) -> tuple[FileRows, list[str]]:
    """The rows of a loss with the workers of an engine, and what is to be said of them.

    Raises what reading raises, ExtraProblem and EngineProblem, UsageProblem for a text that means certain rows.
    """
    if program.elements:
        name = next(iter(program.elements.values())).column
        message = f"{name}[…] means rows of the whole data, and --engine has them in parts"
        raise UsageProblem(message, hint="without --engine it is answered")
    _, files, remarks = parted_files(program, columns, request, asked)
    return files, remarks


def parted_files(
    program: RowsProgram | None, columns: NamedColumns, request: DataRequest, asked: EngineRequest
) -> tuple[PartedRows, FileRows, list[str]]:
    """The parts of files with the workers of an engine, their rows, and what is to be said of them.

    Raises what reading raises, ExtraProblem and EngineProblem.
    """
    identities = tuple(map(file_identity, columns.files))
    engine = engine_of(asked)
    parted = PartedRows(engine, columns, cache_of(engine, asked))
    if not sum(parted.rows):
        raise DomainProblem(": ".join((no_rows(columns), *left_out_notes(parted.left_out))))
    counts: dict[str, int] = {}
    for part, rows in zip(parted.parts, parted.rows, strict=True):
        counts[part.path] = counts.get(part.path, 0) + rows
    files = tuple((base_name(path), rows) for path, rows in counts.items())
    held = {name: PartedColumn(parted, name) for name in columns.headers}
    places = PartedPlaces(parted, columns.files)
    found = FileRows(
        program, held, files, parted.left_out, places, request, identities, PartPasses(parted.ask)
    )
    return parted, found, [] if engine.remark is None else [engine.remark]
