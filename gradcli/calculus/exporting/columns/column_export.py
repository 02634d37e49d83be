"""Texts with columns → the source of a function of numbers and arrays, in the languages that have arrays."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap
from typing import NamedTuple

from gradcli.calculus.exporting.columns.array_frames import HELPERS, ArrayWords
from gradcli.calculus.exporting.columns.array_libraries import LIBRARIES
from gradcli.calculus.exporting.columns.column_parts import Asked, column_parts
from gradcli.calculus.exporting.columns.expected_rows import Values, column_test
from gradcli.calculus.exporting.columns.julia_columns import JULIA_COLUMNS
from gradcli.calculus.exporting.columns.matlab_columns import MATLAB_COLUMNS
from gradcli.calculus.exporting.columns.row_programs import RowPrograms, has_all, row_programs
from gradcli.calculus.exporting.graph_building import Lacking
from gradcli.calculus.exporting.identifiers import checked_name, safe_names
from gradcli.calculus.exporting.languages.export import check_constants
from gradcli.calculus.rows.row_program import RowsProgram, compile_levels
from gradcli.language.errors import DomainProblem, UsageProblem
from gradcli.language.rows.row_levels import Levels

#: The languages that have arrays, by their names.
ARRAY_LANGUAGES: Mapping[str, ArrayWords] = {
    words.language.name: words for words in (*LIBRARIES, JULIA_COLUMNS, *MATLAB_COLUMNS)
}

#: Columns of a comment.
_WIDTH = 90


class ColumnWish(NamedTuple):
    """The function's name, the answer at corners, the names of the gradient, and the point of a test, if any.

    text: the expression on one line. formulas: the partials, by name.
    """

    name: str
    corner: str
    along: tuple[str, ...]
    text: str
    formulas: Mapping[str, str | None]
    point: Values | None = None


class ColumnSource(NamedTuple):
    """The source, and the name that each variable has in it."""

    code: str
    names: Mapping[str, str]


def check_has_arrays(name: str) -> None:
    """Raises UsageProblem for a language in which no functions of arrays are written."""
    if name not in ARRAY_LANGUAGES:
        *others, last = ARRAY_LANGUAGES
        raise UsageProblem(f"--lang {name}: an expression with columns is not written in it",
                           hint=f"functions of arrays are written in {', '.join(others)} and {last}")  # fmt: skip


def exported_columns(name: str, levels: Levels, wish: ColumnWish) -> ColumnSource:
    """The source in the language *name* of ARRAY_LANGUAGES.

    Raises UsageProblem for what the language lacks and for what is not written, DomainProblem for a derivative that is not
    known and where a test is asked for at a point without a gradient.
    """
    if levels.elements or any(level.over for level in levels.levels):
        raise UsageProblem("code of single rows of a column, as x[i] and x[0] are, is not written",
                           hint="sum(e), mean(e) and their like go over all rows")  # fmt: skip
    words, rows = ARRAY_LANGUAGES[name], compile_levels(levels, wish.along)
    for unknown in sorted(rows.unknown):
        message = f"the derivative along {unknown} is not known in closed form"
        raise DomainProblem(message, hint="--wrt leaves it out")
    for program in (*(level.program for level in rows.levels), rows.last):
        check_constants(program)
    made = _programs(words, rows, levels, wish.corner)
    function = checked_name(wish.name, words.language)
    variables = tuple(dict.fromkeys([*rows.variables, *wish.along]))
    names = safe_names(variables, words.language, [function, *HELPERS])
    asked = Asked(rows.variables, rows.columns & frozenset(rows.variables), wish.along, function)
    parts = column_parts(words.language, made, asked, names, HELPERS)
    test = None if wish.point is None else column_test(rows, made, words.language, asked, wish.point)
    parts = parts._replace(doc=_doc(asked, names, wish), test=test)
    return ColumnSource(words.frame(parts, words), {one: names[one] for one in rows.variables})


def _programs(words: ArrayWords, rows: RowsProgram, levels: Levels, corner: str) -> RowPrograms:
    try:
        return row_programs(words.language, rows, levels, corner)
    except Lacking as lacking:
        others = [
            name for name, one in ARRAY_LANGUAGES.items() if has_all(one.language, rows, levels, corner)
        ]
        hint = f"{', '.join(others)} have all it needs" if others else None
        raise UsageProblem(f"{words.language.name} has no {lacking.args[0]}", hint=hint) from None


def _doc(asked: Asked, names: Mapping[str, str], wish: ColumnWish) -> tuple[str, ...]:
    """The comment: what the results are, and what is promised of them."""
    shown = [names[name] for name in asked.variables if name in asked.columns]
    listed = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
    arrays = "is an array" if len(shown) == 1 else "are arrays of one length"
    rows = [f"Value and gradient of f = {wish.text}", "", f"{listed} {arrays}, with a number for each row."]
    for index, name in enumerate(wish.along):
        formula = wish.formulas.get(name) if name in asked.variables else "0, f does not depend on it"
        meaning = f" = {formula}" if formula else ""
        each = ", in each row" if name in asked.columns else ""
        rows.append(f"gradient {index + 1}: df/d{name}{meaning}{each}")
    rows += [f"{names[name]} stands for {name}" for name in asked.variables if names[name] != name]
    ties = "is NaN" if wish.corner == "none" else f"is what {wish.corner} answers"
    rows += [
        "",
        "Generated by gradcli, whose numbers these are to 1e-12, but for digits that floats lose: sums are plain sums.",
        "Where f has no value, or a number on the way to it is not finite, all is NaN. A partial at a corner or a jump "
        f"{ties}; where a number on the way to it is not finite, it is NaN.",
    ]
    return tuple(piece for row in rows for piece in wrap(row, _WIDTH) or [""])
