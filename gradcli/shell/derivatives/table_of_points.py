"""An expression that varies by row → a table of points: value and partials in each row of its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from gradcli.language.column_names import columns_among, element, whole_names
from gradcli.language.errors import DomainProblem, GradcliError
from gradcli.memory.compiled_cache import compiled_or_cached
from gradcli.output.gradients.rows_document import PointTable, rows_document, rows_record, rows_table
from gradcli.shell.derivatives.gradient_answer import answer_problem
from gradcli.shell.problems.problem import Problem
from gradcli.shell.writers.answer_writer import (
    OutputOptions,
    Report,
    most_rows,
    shows_formulas,
    write_answer,
    write_notes,
)

if TYPE_CHECKING:
    from gradcli.language.parser.row_columns import VariesByRow
    from gradcli.memory.database import Store
    from gradcli.output.gradients.gradient_document import Gradient

#: Rows without a value that are named.
NAMED = 3


def answer_by_row(
    store: Store, problem: Problem, manner: OutputOptions, corner: str, varies: VariesByRow
) -> None:
    """Answer *problem* in each row, and exit with status 3 where a row has no value, or no slope at a corner.

    Raises *varies* itself, with a hint, for an expression that brings rows together as well.
    """
    if varies.mixed:
        raise matrix_hint(varies)
    table = _table(store, problem, manner, corner)
    forms = Report(
        record=lambda: rows_record(table),
        rows=lambda: rows_table(table),
        document=lambda: rows_document(table, manner.digits, most_rows()),
    )
    write_answer(forms, manner)
    write_notes([*table.said, *store.notices], manner.color)
    if table.failed:
        raise click.exceptions.Exit(3)


def matrix_hint(varies: VariesByRow) -> VariesByRow:
    """The error of an expression that brings rows together and has a number in each, with what helps."""
    varies.hint = "its rows depend on each other; sum(e) or mean(e) around it makes one number of them"
    return varies


def _table(store: Store, problem: Problem, manner: OutputOptions, corner: str) -> PointTable:
    names = whole_names(problem.at)
    wrt = None if problem.wrt is None else tuple(whole_names(problem.wrt))
    compiled = compiled_or_cached(store, problem.texts, names, wrt, formulas=shows_formulas(manner))
    answers: list[Gradient | GradcliError] = []
    for row in range(max(columns_among(problem.at).values())):
        here = problem._replace(at=_row_of(problem.at, names, row), wrt=wrt)
        try:
            answers.append(answer_problem(compiled, here, manner.digits, corner))
        except DomainProblem as error:
            answers.append(error)
    said = [
        f"row {row}: {error.message}" for row, error in enumerate(answers) if isinstance(error, GradcliError)
    ]
    said += [f"row {row}: {message}" for row, one in enumerate(answers) for message in _notes(one)]
    more = [f"and {len(said) - NAMED} more"] if len(said) > NAMED else []
    return PointTable(problem.expression, problem.at, compiled.formulas, answers, [*said[:NAMED], *more], wrt)


def _row_of(at: Mapping[str, Any], names: Sequence[str], row: int) -> dict[str, Any]:
    return {name: at[name] if name in at else at[element(name, row)] for name in names}


def _notes(answer: Gradient | GradcliError) -> list[str]:
    """Sentences about partials of a row that have no number."""
    if isinstance(answer, GradcliError) or answer.answer is None:
        return []
    missing = {name for name, partial in answer.answer.partials.items() if partial is None}
    return [n.message for n in answer.notes if n.kind != "unconnected" and n.variable in missing]
