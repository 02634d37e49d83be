"""`--data` and an expression that varies by row: the answer of each row, written as it comes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

import click

from gradcli.language.errors import UsageProblem
from gradcli.language.problem_text import heading
from gradcli.memory.compiled_cache import compiled_or_cached
from gradcli.output.painters.plain_text import plain
from gradcli.output.text.document import Document, Table, line
from gradcli.output.text.number_text import shown
from gradcli.shell.engines.typed_engine import typed_engine
from gradcli.shell.files.file_columns import DataRequest, check_known
from gradcli.shell.files.file_rows import left_out_notes
from gradcli.shell.problems.data_problem import columns_of_problem
from gradcli.shell.problems.value_checks import check_names, check_wrt
from gradcli.shell.process.standard_streams import deliver
from gradcli.shell.tables.file_table import FileRow, FileTable, GradientTable, gradient_table
from gradcli.shell.tables.table_columns import PROBLEM, TableColumns, table_columns
from gradcli.shell.tables.table_texts import json_blocks, separated_blocks
from gradcli.shell.writers.answer_files import BINARY, TextFile
from gradcli.shell.writers.answer_writer import (
    OutputOptions,
    Report,
    Write,
    cells_of_tables,
    destinations,
    files_of_command,
    most_rows,
    render,
    shows_formulas,
    write_notes,
    write_to,
)

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.problems.problem import Problem

#: Rows of text that are written together.
_TOGETHER = 1_000


def write_file_table(
    store: Store, problem: Problem, request: DataRequest, manner: OutputOptions, corner: str
) -> None:
    """Answer *problem* in each row, and exit with status 3 where a row has no value, or no slope at a corner.

    Raises what the readers raise, NameProblem, UsageProblem and ValueProblem for names that do not fit.
    """
    table = _table(store, problem, request, manner, corner)
    files = files_of_command()
    if files is not None and files.folder is not None:
        from gradcli.shell.tables.table_folder import write_table_folder

        write_table_folder(store, table, _columns(table, request), manner, files)
        return
    if typed_engine() is not None:
        message = "--engine has the answers of rows written in parts, each by a worker"
        raise UsageProblem(message, hint="--out NAME/ is the folder that they go to")
    write_rows_of_files(store, table, request, manner)


def write_rows_of_files(store: Store, table: FileTable, request: DataRequest, manner: OutputOptions) -> None:
    """Write a table, and exit with status 3 where a row has no number. Raises what the readers raise."""
    for here, write in destinations(manner):
        _write(table, request, here, write)
    said = [*table.notes, *left_out_notes(table.left_out), *store.notices]
    write_notes(said, manner.color)
    if table.failed:
        raise click.exceptions.Exit(3)


def _table(
    store: Store, problem: Problem, request: DataRequest, manner: OutputOptions, corner: str
) -> GradientTable:
    columns = columns_of_problem(problem, request)
    given = [*problem.at, *columns.headers]
    forms = {here.format for here, _ in destinations(manner)}
    files = files_of_command()
    formulas = shows_formulas(manner) and not forms.isdisjoint(("text", "json"))
    formulas = formulas and (files is None or files.folder is None)
    compiled = compiled_or_cached(store, problem.texts, given, problem.wrt, formulas=formulas)
    variables = compiled.program.variables
    store.notices += columns.remarks
    check_known(variables, columns, problem.at)
    check_names(problem.at, [*variables, *(problem.wrt or ())], problem.texts)
    check_wrt(problem.wrt, variables, dict.fromkeys(given))
    store.notices += [
        f"{name} is not connected: the expression does not depend on it"
        for name in problem.wrt or ()
        if name not in variables
    ]
    stops = request.bad_rows == "stop"
    return gradient_table(compiled, problem, columns.only(variables), corner, stops=stops)


def _write(table: FileTable, request: DataRequest, here: OutputOptions, write: Write) -> None:
    """Write the table to one of its destinations: JSON whole, everything else as it is read."""
    if here.get is not None or here.format == "json":
        write_to(Report(table.record, list, list), here, write)
        return
    try:
        if here.format in BINARY:
            _write_arrow(table, request, here)
            return
        if here.format in ("csv", "tsv", "jsonl"):
            for content in _lines(table, request, here):
                _tell(content, here)
            return
        draw = plain if write is not None else partial(render, color=here.color)
        for text in _texts(table, draw, here.digits, None if write is not None else most_rows()):
            (write or sys.stdout.write)(text)
    except BrokenPipeError:
        if write is not None:
            raise
        deliver()


def _write_arrow(table: FileTable, request: DataRequest, here: OutputOptions) -> None:
    from gradcli.shell.tables.arrow_output import write_arrow

    columns = _columns(table, request)
    if isinstance(here.told, TextFile):
        write_arrow(table.blocks(carries=True), columns, table.columns.headers, here.told.part, here.format)
        return
    write_arrow(
        table.blocks(carries=True), columns, table.columns.headers, _binary_output(here.format), here.format
    )


def _binary_output(format_: str) -> Callable[[bytes], object]:
    """Standard output for bytes. Raises UsageProblem where it is a terminal."""
    if sys.stdout.isatty():
        raise UsageProblem(f"{format_} is not shown on a terminal", hint=f"--out FILE.{format_}, or a pipe")
    sys.stdout.flush()
    found: Callable[[bytes], object] = sys.stdout.buffer.write
    return found


def _columns(table: FileTable, request: DataRequest) -> TableColumns:
    return table_columns(table.columns, table.added, prefix=request.prefix, replaces=request.replaces)


def _lines(table: FileTable, request: DataRequest, here: OutputOptions) -> Iterator[bytes]:
    columns, blocks = _columns(table, request), table.blocks(carries=True)
    if here.format == "jsonl":
        return json_blocks(blocks, columns, table.columns.headers)
    return separated_blocks(blocks, columns, "," if here.format == "csv" else "\t", cells_of_tables())


def _tell(content: bytes, here: OutputOptions) -> None:
    """Lines for a file, or for stdout in its own encoding."""
    if isinstance(here.told, TextFile):
        here.told.write_bytes(content)
    else:
        sys.stdout.write(content.decode())


def _texts(table: FileTable, draw: Callable[[Document], str], digits: int, most: int | None) -> Iterator[str]:
    """The text: a line for each row, *most* at the most; then the formulas of one row."""
    if most is not None:
        yield draw([line(("heading", "f = "), ("formula", heading(table.problem.texts)[:500]))])
    rows, written = iter(table), 0
    while most is None or written < most:
        part = list(islice(rows, _TOGETHER if most is None else most))
        if not part:
            break
        written += len(part)
        yield draw([_drawn(table, part, digits)])
    more = sum(1 for _ in rows)
    closing: list[Document] = [[line(("note", f"… and {more:,} more rows"))]] if more else []
    if not written:
        closing.append([line(("note", "no rows"))])
    closing += [
        [line(("name", f"formula {name}"), ": ", ("formula", text))]
        for name, text in table.told.formulas.items()
        if text
    ]
    yield "".join(map(draw, closing))


def _drawn(table: FileTable, rows: Sequence[FileRow], digits: int) -> Table:
    failed = any(row.problem for row in rows)
    drawn = tuple(
        (
            ("variable", row.number),
            *(
                ("gradient" if "." in name else "value", shown(x, digits))
                for name, x in zip((*table.names, *table.added), row.cells, strict=True)
            ),
            *((("note", row.problem or ""),) if failed else ()),
        )
        for row in rows
    )
    return Table(("", *table.names, *table.added, *((PROBLEM,) if failed else ())), drawn)
