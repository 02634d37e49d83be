"""A compiled problem → its gradient: numbers, notes, the written answer, and the session after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from gradcli.language.column_names import column_of, is_element
from gradcli.language.name_meanings import has_definitions
from gradcli.memory.compiled_cache import latex_formulas
from gradcli.output.gradients.gradient_document import (
    Gradient,
    gradient_document,
    gradient_record,
    gradient_rows,
)
from gradcli.shell.problems.problem import Problem
from gradcli.shell.problems.value_checks import check_complete, check_names, check_wrt
from gradcli.shell.writers.answer_writer import (
    OutputOptions,
    Report,
    most_rows,
    shows_formulas,
    write_answer,
    write_notes,
)

if TYPE_CHECKING:
    from gradcli.calculus.program.compiled_expression import Compiled
    from gradcli.calculus.program.point_answer import Note
    from gradcli.memory.database import Store
    from gradcli.output.gradients.row_gradient_document import RowGradient


#: Characters of another problem's expression that a note shows.
SHOWN = 60


def answer_problem(compiled: Compiled, problem: Problem, digits: int, corner: str) -> Gradient:
    """The gradient of *problem*: formulas alone where no variable has a value, else numbers too.

    Raises GradcliError where there is no answer.
    """
    variables = compiled.program.variables
    check_names(problem.at, [*variables, *(problem.wrt or ())], problem.texts)
    check_wrt(problem.wrt, variables, problem.at)
    if variables and not problem.at:
        if compiled.unfinished is not None:
            from gradcli.language.limits import limit_problem

            raise limit_problem("formulas", compiled.unfinished, instead="numbers need no formulas: --x 1")
        return Gradient(
            problem.expression, {}, None, compiled.formulas, notes=_named(problem, variables), wrt=problem.wrt
        )
    check_complete(problem.at, variables, problem.texts)
    gradient = evaluate_problem(compiled, problem, digits, corner)
    return gradient._replace(notes=[*gradient.notes, *_derived(problem)])


def answer_by_rows(store: Store, problem: Problem, manner: OutputOptions, corner: str) -> RowGradient | None:
    """Answer a problem whose columns have too many rows to be written out; None for any other."""
    if not any(map(is_element, problem.at)):
        return None
    from gradcli.shell.problems.row_problem import row_problem

    asked = row_problem(store, problem, manner.digits)
    if asked is None:
        return None
    from gradcli.shell.columns.formulas_by_row import formulas_by_row
    from gradcli.shell.columns.row_answer import answer_rows, write_rows

    gradient = answer_rows(asked, corner)
    if shows_formulas(manner):
        gradient = gradient._replace(formulas=formulas_by_row(store, problem, asked.columns, asked.numbers))
    write_rows(gradient, manner)
    return gradient


def _named(problem: Problem, variables: Sequence[str]) -> list[Note]:
    """Notes about variables whose names look like something else: those of one letter never do."""
    notes = _derived(problem)
    if all(len(name) == 1 for name in variables):
        return notes
    from gradcli.shell.derivatives.variable_notes import variable_notes

    return [*notes, *variable_notes(problem.texts, variables)]


def _derived(problem: Problem) -> list[Note]:
    """A note for a text that is a derivative already."""
    if not any("diff(" in text for text in problem.texts):
        return []
    from gradcli.shell.derivatives.variable_notes import derivative_notes

    return derivative_notes(problem.texts)


def evaluate_problem(compiled: Compiled, problem: Problem, digits: int, corner: str) -> Gradient:
    """The numbers of a compiled problem at its point."""
    from gradcli.calculus.evaluation.gradient_at_point import evaluate, evaluate_digits
    from gradcli.calculus.evaluation.notes import completed_notes, resting_elements

    if digits > 15:
        answer = evaluate_digits(compiled.program, compiled.text, problem.at, digits, corner)
    else:
        answer = evaluate(compiled.program, compiled.text, problem.at, corner)
    chosen = compiled.program.variables if problem.wrt is None else problem.wrt
    notes = (*completed_notes(compiled.program, compiled.text, answer.notes, chosen), *_unfinished(compiled))
    resting, zero = resting_elements(compiled.program), "0" if digits > 15 else 0.0
    partials = {name: zero if name in resting else answer.partials.get(name) for name in chosen}
    formulas = {name: "0" if name in resting else text for name, text in compiled.formulas.items()}
    return Gradient(
        problem.expression, problem.at, answer._replace(partials=partials), formulas,
        _norm(list(partials.values()), digits, answer), notes, wrt=problem.wrt,
    )  # fmt: skip


def by_column(notes: Sequence[Note]) -> Sequence[Note]:
    """The notes with one for a column in the place of the same note about each of its numbers."""
    if not any(note.variable is not None and is_element(note.variable) for note in notes):
        return notes
    return list(dict.fromkeys(map(_about_column, notes)))


def _about_column(note: Note) -> Note:
    name = note.variable
    if name is None or not is_element(name) or note.kind != "unconnected":
        return note
    column = column_of(name)
    return note._replace(variable=column, message=note.message.replace(name, column, 1))


def _unfinished(compiled: Compiled) -> tuple[Note, ...]:
    """A note where a clock stopped the writing of formulas."""
    from gradcli.calculus.program.point_answer import Note

    return () if compiled.unfinished is None else (Note("limit", compiled.unfinished),)


def _norm(partials: list[Any], digits: int, answer: Any) -> float | str | None:
    if (
        any(
            note.kind not in ("unconnected", "undecided", "underflow")
            for note in answer.notes
            if note.variable
        )
        and None in partials
    ):
        return None
    numbers = [p for p in partials if p is not None]
    if digits > 15:
        from gradcli.calculus.evaluation.directional_derivative import norm

        return norm(numbers, digits)
    import math

    return math.hypot(*numbers)


def write_gradient(
    store: Store, gradient: Gradient, problem: Problem, manner: OutputOptions, columns: Sequence[str] = ()
) -> None:
    """Write the gradient to stdout. columns: those that have no numbers."""
    most = most_rows()
    forms = Report(
        record=lambda: gradient_record(gradient),
        rows=lambda: gradient_rows(gradient),
        document=lambda: gradient_document(gradient, manner.digits, most),
        latex=lambda: _whole_latex(store, problem, gradient, columns),
    )
    write_answer(forms, manner)


def _whole_latex(store: Store, problem: Problem, gradient: Gradient, columns: Sequence[str]) -> str:
    from gradcli.output.gradients.gradient_latex import gradient_latex
    from gradcli.shell.columns.column_latex import column_latex

    by_rows = column_latex(store, problem, gradient, columns)
    return by_rows or gradient_latex(gradient, _latex(store, problem, gradient))


def _latex(store: Store, problem: Problem, gradient: Gradient) -> Mapping[str, str | None]:
    """LaTeX of the expression, of its definitions and of its partials."""
    found = latex_formulas(store, problem.texts, problem.at.keys(), problem.wrt)
    if not any(map(has_definitions, problem.texts)):
        return found
    from gradcli.shell.derivatives.definition_answer import definition_latex

    return definition_latex(store, problem, gradient, found)


def save_problem(store: Store, session: str, problem: Problem, gradient: Gradient) -> None:
    """Make *problem* the session's; where it cannot be written the answer stands, with a note."""
    keep_value(store, session, problem, gradient.answer and gradient.answer.value)


def keep_value(
    store: Store, session: str, problem: Problem, value: Any, fit: Sequence[str] | None = None
) -> None:
    """The same of a problem whose value is known. fit: of one that a fit led to, what was asked of it."""
    from gradcli.language.errors import GradcliError
    from gradcli.shell.sessions.session_update import keep_problem

    try:
        keep_problem(store, session, problem, value, fit)
    except GradcliError as error:
        write_notes([f"not remembered: {error.message}"])


def say_not_remembered(store: Store, session: str | None, problem: Problem, why: str) -> None:
    """Say that a problem is not the session's now, where the session has another: `step` would go on with that."""
    from gradcli.language.errors import GradcliError
    from gradcli.memory.session_history import current

    try:
        head = current(store, session) if session is not None else None
    except GradcliError:
        return
    if head is not None and head.expressions != problem.texts:
        text = " + ".join(head.expressions)
        shown = text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
        write_notes([f"not remembered: {why}; the session still has {shown}"])


def stop_where_nothing(gradient: Gradient) -> None:
    """Exit with status 3 where a partial, or a derivative along a direction, that was asked for has no number.

    With status 1 where an interval that was asked for has an end that was not found.
    """
    answer = gradient.answer
    missing = {note.variable for note in gradient.notes if note.kind != "unconnected"}
    along = gradient.along is not None and gradient.along.derivative is None
    if answer is not None and (along or any(p is None and n in missing for n, p in answer.partials.items())):
        raise click.exceptions.Exit(3)
    if gradient.rigorous is not None and not gradient.rigorous.bounded:
        raise click.exceptions.Exit(1)
