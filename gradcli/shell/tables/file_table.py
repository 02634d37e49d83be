"""The rows of files, each with the value and the partials of an expression: read and answered block by block."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.language.errors import DomainProblem, UsageProblem
from gradcli.shell.files.file_columns import NamedColumns
from gradcli.shell.files.file_rows import data_record
from gradcli.shell.tables.point_answers import PointAnswers

if TYPE_CHECKING:
    from gradcli.calculus.program.compiled_expression import Compiled
    from gradcli.data.columns.column_block import Block
    from gradcli.shell.problems.problem import Problem

#: Rows without a value that are named.
NAMED = 3

#: What the column is called that says why a row has no number.
PROBLEM = "problem"


class FileRow(NamedTuple):
    """A row: its number as the readers count, with its file where there are several; and its cells by column."""

    number: str
    cells: dict[str, Any]


class FileTable:
    """An expression that varies by row, over files. What is counted is of the newest pass over them.

    rows: how many had an answer. left_out: with missing cells. failed: without a number somewhere. said: of the first of them.
    """

    def __init__(
        self, compiled: Compiled, problem: Problem, columns: NamedColumns, corner: str, *, stops: bool = False
    ) -> None:
        """stops: whether the first row without a number ends it. Raises UsageProblem where a column has an added one's name."""
        self.stops = stops
        self.compiled, self.problem, self.columns, self.corner = compiled, problem, columns, corner
        self.names = tuple(columns.headers)
        self.along = problem.wrt or compiled.program.variables
        self.header = (*self.names, "value", *(f"grad.{name}" for name in self.along), PROBLEM)
        for name in ("value", PROBLEM):
            if name in self.names:
                message = f"{name} is a column of {columns.place}, and of the answer"
                raise UsageProblem(
                    message, hint=f"call the first one otherwise: --column c={columns.headers[name]}"
                )
        self.rows = self.left_out = self.failed = 0
        self.said: list[str] = []
        self.counts: dict[str, int] = {}

    def __iter__(self) -> Iterator[FileRow]:
        """Read the files. Raises what the readers raise, and DomainProblem for a row without a number that stops it."""
        self.rows = self.left_out = self.failed = 0
        self.said, self.counts = [], dict.fromkeys(self.columns.files, 0)
        answers = PointAnswers(self.compiled, self.problem, self.along, self.names, self.corner)
        for block in self.columns.blocks():
            self.left_out += block.left_out
            self.counts[block.file] += len(block.numbers)
            yield from self._answered(block, answers)

    def _answered(self, block: Block, answers: PointAnswers) -> Iterator[FileRow]:
        file = f" of {Path(block.file).name}" if len(self.columns.files) > 1 else ""
        for number, *numbers in zip(
            block.numbers, *(values.tolist() for values in block.values), strict=True
        ):
            found = answers.at(numbers)
            self.rows += 1
            if found.problem is not None:
                self.failed += 1
                if self.stops:
                    raise DomainProblem(f"{block.file}, row {number}: {found.problem}")
                if self.failed <= NAMED:
                    self.said.append(f"row {number}{file}: {found.problem}")
            cells = (*numbers, found.value, *found.partials, found.problem)
            yield FileRow(f"{number}{file}", dict(zip(self.header, cells, strict=True)))

    @property
    def notes(self) -> list[str]:
        """Sentences about rows without a number: the first, and how many there are."""
        more = self.failed - NAMED
        return [*self.said, *([f"and {more:,} more of {self.rows:,} rows"] if more > 0 else [])]

    def record(self) -> dict[str, Any]:
        """The whole answer for JSON. Raises LimitProblem where that is too many numbers."""
        from gradcli.language.limits import limit, limit_problem

        most, held = limit("cells"), list[dict[str, Any]]()
        for row in self:
            held.append(row.cells)
            if len(held) * len(self.header) > most:
                message = f"more than {most:,.0f} numbers would be held"
                raise limit_problem("cells", message, instead="--format jsonl and csv hold none")
        files = [(Path(file).name, rows) for file, rows in self.counts.items()]
        wrt = self.problem.wrt
        return {
            "expression": self.problem.expression,
            "at": dict(self.problem.at),
            "rows": self.rows,
            "data": data_record(files, self.left_out),
            "value": [cells["value"] for cells in held],
            "gradient": {name: [cells[f"grad.{name}"] for cells in held] for name in self.along},
            "formulas": dict(self.compiled.formulas),
            "notes": [{"kind": "row", "message": message} for message in self.notes],
            **({"wrt": list(wrt)} if wrt is not None else {}),
        }
