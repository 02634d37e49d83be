"""A table of points, part by part: what a worker is told, and the file that it writes for its part."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from gradcli.calculus.native.native_support import obstacle
from gradcli.calculus.program.compiled_expression import Compiled, compiled_from_data, compiled_to_data
from gradcli.calculus.program.typed_numbers import TypedFloat, text_of
from gradcli.data.columns.column_block import Block
from gradcli.language.errors import EngineProblem
from gradcli.output.painters.csv_text import Cells
from gradcli.shell.engines.file_parts import PartOrder
from gradcli.shell.engines.part_work import blocks_of, checked_order, said
from gradcli.shell.files.file_columns import NamedColumns
from gradcli.shell.files.row_conditions import RowCondition
from gradcli.shell.problems.problem import Problem
from gradcli.shell.process.file_replacement import Part
from gradcli.shell.tables.file_table import FileTable, gradient_table
from gradcli.shell.tables.table_columns import TableColumns
from gradcli.shell.tables.table_texts import json_blocks, separated_blocks
from gradcli.shell.writers.answer_files import BINARY


class TableOrder(NamedTuple):
    """What is to be written for each part. at: the numbers as they were typed. stops: at the first row without a number.

    tame: whether cells are written for spreadsheets. rows: about how many all parts have, where machine code may compute
    them; 0 where it may not.
    """

    compiled: Compiled
    problem: Problem
    columns: TableColumns
    corner: str
    format: str
    stops: bool
    tame: bool
    rows: int = 0


def table_to_data(order: TableOrder) -> dict[str, Any]:
    """An order as plain data for JSON."""
    problem = order.problem
    return {
        "compiled": compiled_to_data(order.compiled._replace(formulas={})),
        "texts": list(problem.texts),
        "at": {name: [float(x), text_of(x)] for name, x in problem.at.items()},
        "wrt": None if problem.wrt is None else list(problem.wrt),
        "columns": [list(one) for one in order.columns],
        "corner": order.corner,
        "format": order.format,
        "stops": order.stops,
        "tame": order.tame,
        "rows": order.rows,
    }


def table_from_data(data: Any) -> TableOrder:
    """The order that `table_to_data` wrote. Raises ValueError for anything else."""
    try:
        at = {
            str(name): float(x) if text is None else TypedFloat(float(x), str(text))
            for name, (x, text) in data["at"].items()
        }
        wrt = data["wrt"]
        problem = Problem(tuple(map(str, data["texts"])), at, None if wrt is None else tuple(map(str, wrt)))
        file, kept, added = data["columns"]
        columns = TableColumns(tuple(map(str, file)), tuple(map(int, kept)), tuple(map(str, added)))
        return TableOrder(
            compiled_from_data(data["compiled"]), problem, columns, str(data["corner"]), str(data["format"]),
            bool(data["stops"]), bool(data["tame"]), int(data["rows"]),
        )  # fmt: skip
    except (TypeError, KeyError, LookupError, AttributeError) as error:
        raise ValueError("no order for a table") from error


class _PartColumns(NamedColumns):
    """The columns of one part, which is read by its order."""

    order: PartOrder
    of_all: int

    @property
    def rows(self) -> int:
        """Those of all parts: machine code, whose functions differ in the last places, has all of them or none."""
        return self.of_all

    def blocks(self, *, carries: bool = False) -> Iterator[Block]:
        """The rows of the part."""
        options = self.order.options._replace(carries=carries)
        return blocks_of(self.order._replace(options=options))


def _columns(order: PartOrder, rows: int) -> _PartColumns:
    path = order.part.path
    condition = None if order.condition is None else RowCondition(*order.condition, path)
    files = (path, "") if order.part.several else (path,)
    made = _PartColumns(files, order.options, order.headers, (), (), condition)
    made.order, made.of_all = order, rows
    return made


def write_part(text: str, table: str, name: str, begun: bool) -> str:
    """Write the file *name* of a part; it is there when it is whole. What is known of it then, as JSON.

    begun: whether there were large blocks before it, after which numbers are computed by arrays.
    """

    def work() -> dict[str, Any]:
        part, order = checked_order(text), table_from_data(json.loads(table))
        if order.rows and (why := obstacle(0)):
            raise EngineProblem(f"machine code computes this table, and a worker has none: {why}")
        columns = _columns(part, order.rows)
        found = gradient_table(
            order.compiled, order.problem, columns, order.corner, stops=order.stops, begun=begun
        )
        file = Part(name)
        try:
            _write(found, order, part.headers, file)
            file.settle()
            file.publish()
        finally:
            file.discard()
        return {
            "rows": found.rows, "left_out": found.left_out, "failed": found.failed, "said": found.said,
            "size": Path(name).stat().st_size, "before": begun, "begun": found.begun, "at_once": found.at_once,
        }  # fmt: skip

    return said(work)


def _write(table: FileTable, order: TableOrder, headers: Mapping[str, str], file: Part) -> None:
    blocks = table.blocks(carries=True)
    if order.format in BINARY:
        from gradcli.shell.tables.arrow_output import write_arrow

        write_arrow(blocks, order.columns, headers, file, order.format)
        return
    if order.format == "jsonl":
        contents = json_blocks(blocks, order.columns, headers)
    else:
        sign = "," if order.format == "csv" else "\t"
        contents = separated_blocks(blocks, order.columns, sign, Cells(order.tame, shown=False))
    for content in contents:
        file.write(content)


def part_name(folder: str, place: int, format_: str) -> str:
    """The file of a part."""
    return os.path.join(folder, f"part-{place:05d}.{format_}")  # noqa: PTH118
