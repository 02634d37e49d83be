"""`grad --data … --out NAME/`: the answers of rows in part files, each written where its rows are read, where it is missing."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gradcli import __version__
from gradcli.calculus.native.native_support import obstacle
from gradcli.calculus.program.program import to_data
from gradcli.calculus.program.typed_numbers import text_of
from gradcli.data.readers.data_files import base_name
from gradcli.data.readers.file_formats import file_format
from gradcli.data.readers.file_identity import file_identity
from gradcli.data.remote.kept_input import STANDARD_INPUT
from gradcli.language.errors import UsageProblem
from gradcli.language.limits import limits_set
from gradcli.output.text.document import Document, line
from gradcli.shell.engines.file_parts import FilePart, file_parts, order_of, order_to_data, place_of
from gradcli.shell.engines.part_results import part_results
from gradcli.shell.engines.part_work import order_text
from gradcli.shell.engines.typed_engine import typed_engine
from gradcli.shell.files.file_rows import data_record, left_out_notes
from gradcli.shell.process.progress import Progress
from gradcli.shell.tables.file_table import NAMED, FileTable, GradientTable
from gradcli.shell.tables.folder_manifest import PartFolder
from gradcli.shell.tables.part_table import TableOrder, part_name, table_to_data, write_part
from gradcli.shell.tables.table_columns import TableColumns
from gradcli.shell.writers.answer_files import AnswerFiles
from gradcli.shell.writers.answer_writer import (
    OutputOptions,
    Report,
    cells_of_tables,
    write_notes,
    write_to,
)  # fmt: skip

if TYPE_CHECKING:
    from gradcli.memory.database import Store

#: What is known of a part.
Known = dict[str, Any]


def write_table_folder(
    store: Store, table: GradientTable, columns: TableColumns, manner: OutputOptions, files: AnswerFiles
) -> None:
    """Write what is missing, say what there is, and exit with status 3 where a row has no number.

    Raises what the readers raise, UsageProblem for a folder of something else, InputProblem and EngineProblem.
    """
    assert files.folder is not None  # noqa: S101  (which is why this is called)
    if STANDARD_INPUT in table.columns.files:
        message = "part files are completed from files, and standard input is read once"
        raise UsageProblem(message, hint="--out FILE, or name a file of data")
    engine, workers = _engine()
    form = files.folder_format or file_format(table.columns.files[0], table.columns.options.format).name
    parts = file_parts(table.columns, workers, _ROWS)
    order = TableOrder(
        table.compiled, table.problem, columns, table.corner, form, table.stops, cells_of_tables().tame,
        0 if obstacle(0) else table.columns.rows,
    )  # fmt: skip
    folder = PartFolder(files.folder, _run(order, table))
    with folder.alone():
        folder.tidy()
        known, written = _written(_Writing(engine, folder, parts, order, table))
        folder.tidy()
    store.notices += [engine.remark] if engine.remark else []
    _tell(store, table, [known[place] for place in range(len(parts))], len(written), manner, files.folder)


#: Rows of a part, whatever workers there are: a run is the same run with others.
_ROWS = 2**20


def _engine() -> tuple[Any, int]:
    request = typed_engine()
    if request is None:
        from gradcli.data.engines.this_process import ThisProcess

        return ThisProcess(), 1
    from gradcli.shell.engines.running_engine import engine_of

    engine = engine_of(request)
    return engine, engine.threads


def _run(order: TableOrder, table: GradientTable) -> dict[str, Any]:
    """What determines every byte of the part files."""
    options = table.columns.options._asdict()
    for name in ("rows", "carries", "part"):
        del options[name]
    return {
        "gradcli": __version__,
        "expression": list(order.problem.texts),
        "point": {name: [float(x), text_of(x)] for name, x in order.problem.at.items()},
        "variables": list(table.along),
        "program": to_data(order.compiled.program),
        "corners": order.corner,
        "format": [order.format, order.tame],
        "bad_rows": order.stops,
        "machine_code": bool(order.rows),
        "columns": [order.columns.names, dict(table.columns.headers)],
        "reading": options,
        "conditions": list(table.where),
        "files": [[base_name(file), *file_identity(file)[1:]] for file in table.columns.files],
        "rows_of_a_part": _ROWS,
    }


class _Writing:
    """Who writes what where."""

    def __init__(
        self,
        engine: Any,
        folder: PartFolder,
        parts: Sequence[FilePart],
        order: TableOrder,
        table: GradientTable,
    ) -> None:
        self.engine, self.folder, self.parts = engine, folder, parts
        self.orders = [
            order_text(order_to_data(order_of(part, table.columns)), limits_set()) for part in parts
        ]
        self.table = json.dumps(table_to_data(order))
        whole = os.path.abspath(folder.folder)  # noqa: PTH100  (where a worker finds it)
        self.names = {place: part_name(whole, place, order.format) for place in range(len(parts))}
        self.shown = {place_of(file): file for file in table.columns.files}


def _written(how: _Writing) -> tuple[dict[int, Known], set[int]]:
    """What is known of all parts when all are whole, and which had to be written.

    Numbers are computed by arrays from the first large block on; so a part may have to be written again when it is known
    that there is one before it.
    """
    known, written, progress = how.folder.done(how.names), set[int](), Progress()
    rows = sum(one["rows"] for one in known.values())
    try:
        while missing := list(_missing(known, len(how.parts))):

            def jobs(
                missing: Sequence[tuple[int, bool]] = missing,
            ) -> Iterator[tuple[Callable[..., Any], tuple[Any, ...]]]:
                for place, begun in missing:
                    yield write_part, (how.orders[place], how.table, how.names[place], begun)

            for number, found in part_results(how.engine, jobs(), how.shown):
                place = missing[number][0]
                rows += found["rows"] - (known[place]["rows"] if place in known else 0)
                known[place] = found
                written.add(place)
                how.folder.note(place, found)
                progress(rows, len(known) / len(how.parts))
    finally:
        progress.end()
    return known, written


def _missing(known: dict[int, Known], count: int) -> Iterator[tuple[int, bool]]:
    """The parts that are to be written, and whether large blocks are known to be before each."""
    begun = False
    for place in range(count):
        found = known.get(place)
        if found is None or not (found["at_once"] or found["before"] == begun):
            yield place, begun
        begun = begun or bool(found and found["begun"])


def _tell(
    store: Store, table: FileTable, known: Sequence[Known], written: int, manner: OutputOptions, folder: str
) -> None:
    rows, failed = (sum(one[name] for one in known) for name in ("rows", "failed"))
    left_out = sum(one["left_out"] for one in known)
    name = f"{Path(folder).name}/"

    def record() -> dict[str, Any]:
        files = [{"file": base_name(file)} for file in table.columns.files]
        return {
            "expression": table.problem.expression, "at": dict(table.problem.at), "rows": rows,
            "data": {**data_record((), left_out, table.where), "files": files},
            "out": name, "parts": len(known), "written": written, "failed": failed,
        }  # fmt: skip

    def document() -> Document:
        parts = f"{len(known):,} part{'s' if len(known) != 1 else ''}"
        before = len(known) - written
        kept = f", {before:,} of them there already" if before else ""
        return [line(("name", name), f": {parts} of {rows:,} rows{kept}")]

    said = [problem for one in known for problem in one["said"]][:NAMED]
    more = failed - len(said)
    notes = [*said, *([f"and {more:,} more of {rows:,} rows"] if more > 0 else [])]
    write_to(Report(record, lambda: [record()], document), manner, None)
    write_notes([*notes, *left_out_notes(left_out), *store.notices], manner.color)
    if failed:
        raise click.exceptions.Exit(3)
