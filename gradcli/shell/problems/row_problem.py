"""Problems whose columns have too many rows to be written out: their columns, and their programs of one row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.calculus.program.typed_numbers import text_of
from gradcli.language.column_names import grouped, is_element, whole_names
from gradcli.language.limits import limit, limit_problem
from gradcli.memory.compiled_cache import cached
from gradcli.shell.problems.problem import Problem
from gradcli.shell.problems.value_checks import check_complete, check_names, check_wrt
from gradcli.shell.problems.values import Value

if TYPE_CHECKING:
    from gradcli.calculus.rows.row_data import RowData
    from gradcli.calculus.rows.row_program import RowsProgram
    from gradcli.memory.database import Store
    from gradcli.shell.files.file_rows import FileRows

#: A text with columns is written out row by row, as one expression, up to so many operations, numbers and names.
WRITTEN_OUT = 20_000


class RowProblem(NamedTuple):
    """A problem by the names that a person gave: numbers, whole columns, and those along which there are slopes.

    wrt: None for all names. files: where the columns come from, if they come from files; then they stand still.
    """

    problem: Problem
    program: RowsProgram
    numbers: Mapping[str, Value]
    columns: Mapping[str, Sequence[Value]]
    wrt: tuple[str, ...] | None
    files: FileRows | None = None

    @property
    def rows(self) -> int:
        """How many rows the columns have."""
        return len(next(iter(self.columns.values())))

    @property
    def at(self) -> dict[str, Any]:
        """The point, an array for each column that is no file's."""
        if self.files is not None:
            return dict(self.numbers)
        return {**self.numbers, **self.columns}

    @property
    def chosen(self) -> tuple[str, ...]:
        """The names along which slopes are asked for."""
        if self.wrt is not None:
            return self.wrt
        return self.program.variables if self.files is None else self.program.wrt

    def data(self) -> RowData:
        """The columns as floats, which stand for what was typed, or what cells spell."""
        from gradcli.calculus.rows.row_data import RowData

        if self.files is not None:
            return RowData(
                self.files.columns, where=self.files.places, passes=self.files.passes, decimals=True
            )
        typed = {
            name: numbers
            for name, numbers in self.columns.items()
            if any(type(x) is not float and text_of(x) is not None for x in numbers)
        }
        return RowData({name: [float(x) for x in numbers] for name, numbers in self.columns.items()}, typed)


def row_problem(
    store: Store, problem: Problem, digits: int = 15, moving: Sequence[str] | None = None
) -> RowProblem | None:
    """The problem by rows; None where it has no columns, or is small enough to be written out, or must be.

    moving: the names along which there are to be slopes, where it is not the problem's to say. Raises what the parser
    raises, and ValueProblem for names that do not fit.
    """
    if digits > 15 or not problem.texts or not any(map(is_element, problem.at)):
        return None
    whole = grouped(problem.at)
    columns = {name: found for name, found in whole.items() if isinstance(found, list)}
    rows = max(map(len, columns.values()))
    _check_rows(rows)
    if rows * sum(map(len, problem.texts)) <= WRITTEN_OUT:
        return None
    wrt = None if problem.wrt is None else tuple(whole_names(problem.wrt))
    numbers = {name: x for name, x in whole.items() if not isinstance(x, list)}
    program = _program(store, problem.texts, columns, numbers, wrt if moving is None else moving)
    if program is None or rows * program.size <= WRITTEN_OUT:
        return None
    store.notices += [remark for remark in program.remarks if remark not in store.notices]
    check_names(whole, [*program.variables, *(wrt or ())], problem.texts)
    check_wrt(wrt, program.variables, whole)
    check_complete(whole, program.variables, problem.texts)
    return RowProblem(problem, program, numbers, columns, wrt)


def file_problem(problem: Problem, files: FileRows) -> RowProblem:
    """The problem of a loss over files."""
    assert files.program is not None  # noqa: S101  (which only what is written out has not)
    return RowProblem(problem, files.program, problem.at, files.columns, problem.wrt, files)


def _check_rows(rows: int) -> None:
    if rows > limit("data-rows"):
        message = f"columns may have {limit('data-rows'):,.0f} rows, and one has {rows:,}"
        raise limit_problem("data-rows", message)


def _program(
    store: Store,
    texts: Sequence[str],
    columns: Mapping[str, Sequence[Value]],
    numbers: Mapping[str, Value],
    wrt: Sequence[str] | None,
) -> RowsProgram | None:
    """The programs; None where the text must be written out."""
    from gradcli.language.parser.row_columns import VariesByRow
    from gradcli.language.rows.row_levels import NotByLevels

    lengths = {name: len(found) for name, found in columns.items()}
    try:
        return rows_program(store, texts, lengths, numbers, wrt)
    except (NotByLevels, VariesByRow):
        return None


def rows_program(
    store: Store,
    texts: Sequence[str],
    lengths: Mapping[str, int],
    numbers: Mapping[str, Value],
    wrt: Sequence[str] | None,
) -> RowsProgram:
    """The programs of *texts* from the library, or made now and kept. lengths: of the columns, by name.

    Raises what the parser raises, VariesByRow where a number for each row is left, NotByLevels.
    """
    from gradcli.calculus.rows.row_program import compile_levels, rows_from_data, rows_to_data

    def made() -> RowsProgram:
        from gradcli.language.rows.level_reading import levels_of

        return compile_levels(levels_of(texts, lengths, numbers), wrt)

    names = sorted(lengths)
    details = [names, None if wrt is None else sorted(wrt)]
    known = cached(store, "rows", texts, [*numbers, *names], details, lambda: rows_to_data(made()))
    try:
        return rows_from_data(known)
    except ValueError:
        return made()  # not written by this version


def output_programs(store: Store, asked: RowProblem) -> list[RowsProgram]:
    """The programs of each text of a problem over files, with slopes along those of the names on which it depends."""
    from gradcli.calculus.rows.row_program import compile_levels, rows_from_data, rows_to_data
    from gradcli.language.rows.level_reading import levels_of
    from gradcli.language.rows.output_levels import output_levels

    texts, numbers, names = asked.problem.texts, [*asked.numbers], sorted(asked.columns)
    if len(texts) == 1:
        return [asked.program]

    def made() -> list[RowsProgram]:
        whole = levels_of(texts, dict.fromkeys(names, 1_000), numbers)
        return [compile_levels(one, asked.chosen) for one in output_levels(whole, len(texts))]

    details = [names, sorted(asked.chosen)]
    known = cached(store, "rows of outputs", texts, [*numbers, *names], details,
                   lambda: list(map(rows_to_data, made())))  # fmt: skip
    try:
        return list(map(rows_from_data, known))
    except ValueError:
        return made()  # not written by this version
