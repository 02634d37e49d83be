"""The rows of files, each with the numbers that are asked for: read and answered block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.data.readers.data_files import base_name
from gradcli.language.errors import DomainProblem
from gradcli.shell.files.file_columns import NamedColumns
from gradcli.shell.files.file_rows import data_record
from gradcli.shell.tables.answered_blocks import AnsweredBlock, BlockAnswers
from gradcli.shell.tables.row_question import RowQuestion, gradient_question

if TYPE_CHECKING:
    from gradcli.calculus.program.compiled_expression import Compiled
    from gradcli.shell.problems.problem import Problem

#: Rows without a value that are named.
NAMED = 3


class FileRow(NamedTuple):
    """A row. number: as the readers count, with its file where there are several. cells: of the columns read, and the answer's.

    problem: why one has no number.
    """

    number: str
    cells: tuple[float | None, ...]
    problem: str | None


class Told(NamedTuple):
    """What a table says. added: the names of the answer's columns. record: these, each with its numbers, → what JSON has.

    formulas: by what they are called.
    """

    added: tuple[str, ...]
    record: Callable[[Sequence[Sequence[float | None]]], dict[str, Any]]
    formulas: Mapping[str, str | None]


class FileTable:
    """What varies by row, over files. What is counted is of the newest pass over them.

    rows: how many had an answer. left_out: with missing cells. failed: without a number somewhere. said: of the first of them.
    """

    def __init__(
        self, problem: Problem, columns: NamedColumns, asked: RowQuestion, told: Told, *, stops: bool = False,
        begun: bool = False,
    ) -> None:  # fmt: skip
        """stops: whether the first row without a number ends it. begun: as `BlockAnswers` has it, of what is before."""
        self.stops, self.begun, self.at_once = stops, begun, False
        self.problem, self.columns, self.asked, self.told = problem, columns, asked, told
        self.names, self.added = tuple(columns.headers), told.added
        self.where = () if columns.condition is None else (columns.condition.text,)
        self.rows = self.left_out = self.failed = 0
        self.said: list[str] = []
        self.counts: dict[str, int] = {}

    def blocks(self, *, carries: bool = False) -> Iterator[AnsweredBlock]:
        """Read the files. carries: whether blocks have all cells of their rows.

        Raises what the readers raise, and DomainProblem for a row without a number that stops it.
        """
        self.rows = self.left_out = self.failed = 0
        self.said, self.counts = [], dict.fromkeys(self.columns.files, 0)
        answers = BlockAnswers(self.asked, begun=self.begun, rows=self.columns.rows)
        for found in answers.each(self.columns.blocks(carries=carries)):
            self._count(found)
            yield found
        self.begun, self.at_once = answers.begun, answers.at_once

    def _count(self, found: AnsweredBlock) -> None:
        block, several = found.block, len(self.columns.files) > 1
        self.left_out += block.left_out
        self.counts[block.file] += found.rows
        self.rows += found.rows
        self.failed += len(found.problems)
        for place, problem in sorted(found.problems.items()):
            number = block.numbers[place]
            if self.stops:
                raise DomainProblem(f"{block.file}, row {number}: {problem}")
            if len(self.said) >= NAMED:
                return
            self.said.append(f"row {number}{self._of(block.file) if several else ''}: {problem}")

    def _of(self, file: str) -> str:
        return f" of {base_name(file)}"

    def __iter__(self) -> Iterator[FileRow]:
        """The rows one by one. Raises what `blocks` does."""
        for found in self.blocks():
            file = self._of(found.block.file) if len(self.columns.files) > 1 else ""
            columns = [*(values.tolist() for values in found.block.values), *listed(found)]
            for place, (number, *cells) in enumerate(zip(found.block.numbers, *columns, strict=True)):
                yield FileRow(f"{number}{file}", tuple(cells), found.problems.get(place))

    @property
    def notes(self) -> list[str]:
        """Sentences about rows without a number: the first, and how many there are."""
        more = self.failed - NAMED
        return [*self.said, *([f"and {more:,} more of {self.rows:,} rows"] if more > 0 else [])]

    def record(self) -> dict[str, Any]:
        """The whole answer for JSON. Raises LimitProblem where that is too many numbers."""
        from gradcli.language.limits import limit, limit_problem

        most, held = limit("cells"), [list[Any]() for _ in self.added]
        for found in self.blocks():
            for column, numbers in zip(held, listed(found), strict=True):
                column.extend(numbers)
            if self.rows * (len(self.added) + len(self.names)) > most:
                message = f"more than {most:,.0f} numbers would be held"
                raise limit_problem("cells", message, instead="--format jsonl and csv hold none")
        files = [(base_name(file), rows) for file, rows in self.counts.items()]
        wrt = self.problem.wrt
        return {
            "expression": self.problem.expression,
            "at": dict(self.problem.at),
            "rows": self.rows,
            "data": data_record(files, self.left_out, self.where),
            **self.told.record(held),
            "formulas": dict(self.told.formulas),
            "notes": [{"kind": "row", "message": message} for message in self.notes],
            **({"wrt": list(wrt)} if wrt is not None else {}),
        }


def listed(found: AnsweredBlock) -> list[Sequence[float | None]]:
    """The values and the partials as lists, None where there is no number."""
    return [_list(numbers, found.rows) for numbers in (found.value, *found.partials)]


def _list(numbers: Any, rows: int) -> Sequence[float | None]:
    if numbers is None:
        return [None] * rows
    if isinstance(numbers, list):
        return numbers
    plain: list[float | None] = numbers.tolist()
    return [None if x != x else x for x in plain] if numbers_missing(numbers) else plain  # noqa: PLR0124


def numbers_missing(numbers: Any) -> bool:
    """Whether an array has a nan, which stands for nothing."""
    import numpy as np

    return bool(np.isnan(numbers).any())


class GradientTable(FileTable):
    """The value and the partials of an expression in each row, by the rule for corners *corner*."""

    compiled: Compiled
    corner: str

    @property
    def along(self) -> Sequence[str]:
        """The names of the partials."""
        return self.problem.wrt or self.compiled.program.variables


def gradient_table(
    compiled: Compiled, problem: Problem, columns: NamedColumns, corner: str, *, stops: bool = False,
    begun: bool = False,
) -> GradientTable:  # fmt: skip
    """The value and the partials of an expression in each row; stops, begun: as `FileTable` has them."""
    along = problem.wrt or compiled.program.variables
    asked = gradient_question(compiled, problem, along, tuple(columns.headers), corner)

    def record(held: Sequence[Sequence[float | None]]) -> dict[str, Any]:
        return {"value": held[0], "gradient": dict(zip(along, held[1:], strict=True))}

    told = Told(("value", *(f"grad.{name}" for name in along)), record, compiled.formulas)
    made = GradientTable(problem, columns, asked, told, stops=stops, begun=begun)
    made.compiled, made.corner = compiled, corner
    return made
