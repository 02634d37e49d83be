"""`gradcli code` of a text with columns: a function of numbers and arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.language.column_names import SAMPLE_ROWS, as_rows, grouped, is_element, whole_names
from gradcli.language.errors import NameProblem, UsageProblem
from gradcli.shell.problems.value_checks import check_complete, check_names, check_wrt
from gradcli.shell.problems.values import names

if TYPE_CHECKING:
    from gradcli.language.rows.row_levels import Levels
    from gradcli.shell.problems.problem import Problem

#: Numbers of a column that a test may have: they are written into the source.
_TESTED = 1_000


class CodeOptions(NamedTuple):
    """What was asked for: the language, the function's name, the answer at corners, a test, and names of columns."""

    lang: str
    name: str
    corner: str
    with_test: bool
    columns: str | None


def has_columns(problem: Problem, columns: str | None) -> bool:
    """Whether the problem has columns, by their values or by --columns."""
    return columns is not None or any(map(is_element, problem.at))


def column_code(problem: Problem, options: CodeOptions) -> dict[str, Any]:
    """The record of the function's source.

    Raises UsageProblem for languages without arrays and what does not go together, and what reading the text raises.
    """
    from gradcli.calculus.exporting.columns.column_export import (
        ColumnWish,
        check_has_arrays,
        exported_columns,
    )
    from gradcli.calculus.formulas.texts.row_formulas import row_formulas

    named = names(options.columns, "--columns") or ()
    _check(problem, options, named)
    check_has_arrays(options.lang)
    whole = grouped(problem.at)
    lengths = {name: len(x) for name, x in whole.items() if isinstance(x, list)} or dict.fromkeys(
        named, SAMPLE_ROWS
    )
    levels = _levels(problem, lengths, [name for name in whole if name not in lengths])
    wrt = None if problem.wrt is None else tuple(whole_names(problem.wrt))
    _check_names(problem, levels, lengths, whole, wrt)
    along = wrt or levels.variables
    given = [*(name for name in whole if name not in lengths),
             *(one for name in lengths for one in as_rows(name, range(SAMPLE_ROWS)))]  # fmt: skip
    known = [name for name in along if name in levels.variables]
    formulas = row_formulas(problem.texts, given, known) or {}
    point = _point(whole, levels) if options.with_test else None
    wish = ColumnWish(options.name, options.corner, along, _on_one_line(problem), formulas, point)
    made = exported_columns(options.lang, levels, wish)
    return {"expression": problem.expression, "language": options.lang, "name": options.name,
            "names": dict(made.names), "code": made.code}  # fmt: skip


def _check(problem: Problem, options: CodeOptions, named: Sequence[str]) -> None:
    if named and problem.at:
        name = next(iter(whole_names(problem.at)))
        raise UsageProblem(f"--columns is for code without numbers, and {name} has a value",
                           hint=f'the numbers of a column are its value: --{named[0]} "[1, 2, 3]"')  # fmt: skip
    if named and options.with_test:
        raise UsageProblem("--with-test: columns have no numbers at which the code is tested",
                           hint=f'the numbers of a column are its value: --{named[0]} "[1, 2, 3]"')  # fmt: skip


def _levels(problem: Problem, lengths: dict[str, int], numbers: Sequence[str]) -> Levels:
    from gradcli.language.rows.level_reading import levels_of
    from gradcli.language.rows.row_levels import NotByLevels

    try:
        return levels_of(problem.texts, lengths, numbers)
    except NotByLevels as problem_of_rows:
        message = (
            f"code of this text would depend on how many rows there are: it has {problem_of_rows.message}"
        )
        raise UsageProblem(message, hint="sum(e), mean(e) and their like go over all rows") from None


def _check_names(
    problem: Problem,
    levels: Levels,
    lengths: dict[str, int],
    whole: dict[str, Any],
    wrt: Sequence[str] | None,
) -> None:
    for name in lengths:
        if not whole and name not in levels.variables:
            hint = f"its names are {', '.join(levels.variables)}"
            raise NameProblem(f"--columns {name}: it is not in the expression", hint=hint)
    check_names(whole, [*levels.variables, *(wrt or ())], problem.texts)
    check_wrt(wrt, levels.variables, whole)


def _point(whole: dict[str, Any], levels: Levels) -> dict[str, Any]:
    check_complete(whole, levels.variables)
    point = {
        name: [float(x) for x in whole[name]] if isinstance(whole[name], list) else float(whole[name])
        for name in levels.variables
    }
    if any(isinstance(x, list) and len(x) > _TESTED for x in point.values()):
        raise UsageProblem(f"--with-test writes the columns into the source, up to {_TESTED:,} rows",
                           hint="test with the first of them")  # fmt: skip
    return point


def _on_one_line(problem: Problem) -> str:
    from gradcli.language.problem_text import heading

    return heading(problem.texts)
