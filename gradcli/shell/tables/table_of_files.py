"""`grad --data` of an expression that varies by row: the answer of each row, written as it comes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

import click

from gradcli.language.problem_text import heading
from gradcli.memory.compiled_cache import compiled_or_cached
from gradcli.output.painters.plain_text import plain
from gradcli.output.text.document import Document, Table, line
from gradcli.output.text.number_text import shown
from gradcli.shell.files.file_columns import DataRequest, check_known
from gradcli.shell.files.file_rows import left_out_notes
from gradcli.shell.problems.data_problem import columns_of_problem
from gradcli.shell.problems.value_checks import check_names, check_wrt
from gradcli.shell.process.standard_streams import deliver
from gradcli.shell.tables.file_table import PROBLEM, FileRow, FileTable
from gradcli.shell.writers.answer_writer import (
    OutputOptions,
    Report,
    Write,
    cells_of_tables,
    destinations,
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
    for here, write in destinations(manner):
        _write(table, here, write)
    said = [*table.notes, *left_out_notes(table.left_out), *store.notices]
    write_notes(said, manner.color)
    if table.failed:
        raise click.exceptions.Exit(3)


def _table(
    store: Store, problem: Problem, request: DataRequest, manner: OutputOptions, corner: str
) -> FileTable:
    columns = columns_of_problem(problem, request)
    given = [*problem.at, *columns.headers]
    forms = {here.format for here, _ in destinations(manner)}
    formulas = shows_formulas(manner) and not forms.isdisjoint(("text", "json"))
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
    return FileTable(compiled, problem, columns.only(variables), corner, stops=stops)


def _write(table: FileTable, here: OutputOptions, write: Write) -> None:
    """Write the table to one of its destinations: csv, tsv, jsonl and text as it is read, JSON whole."""
    if here.get is not None or here.format == "json":
        write_to(Report(table.record, list, list), here, write)
        return
    tell = write or sys.stdout.write
    try:
        for text in _pieces(table, here, alone=write is not None):
            tell(text)
    except BrokenPipeError:
        if write is not None:
            raise
        deliver()


def _pieces(table: FileTable, here: OutputOptions, *, alone: bool) -> Iterator[str]:
    if here.format == "jsonl":
        from gradcli.output.painters.json_text import json_text

        return (json_text(row.cells) + "\n" for row in table)
    if here.format in ("csv", "tsv"):
        return _separated(table, "," if here.format == "csv" else "\t")
    draw = plain if alone else partial(render, color=here.color)
    return _texts(table, draw, here.digits, None if alone else most_rows())


def _separated(table: FileTable, delimiter: str) -> Iterator[str]:
    from gradcli.output.painters.csv_text import separated

    lines = separated((row.cells for row in table), delimiter, cells_of_tables())
    yield next(lines, "") or next(separated([dict.fromkeys(table.header)], delimiter, cells_of_tables()))
    yield from lines


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
        for name, text in table.compiled.formulas.items()
        if text
    ]
    yield "".join(map(draw, closing))


def _drawn(table: FileTable, rows: Sequence[FileRow], digits: int) -> Table:
    columns = [name for name in table.header if name != PROBLEM]
    failed = any(row.cells[PROBLEM] for row in rows)
    drawn = tuple(
        (
            ("variable", row.number),
            *(
                ("gradient" if name.startswith("grad.") else "value", shown(row.cells[name], digits))
                for name in columns
            ),
            *((("note", row.cells[PROBLEM] or ""),) if failed else ()),
        )
        for row in rows
    )
    return Table(("", *columns, *((PROBLEM,) if failed else ())), drawn)
