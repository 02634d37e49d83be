"""`check --kkt` and `grad --subject-to`: what a given point is under constraints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from gradcli.language.errors import UsageProblem
from gradcli.output.results.point_document import point_lines, point_record, point_rows
from gradcli.output.text.document import Document, line
from gradcli.output.text.number_text import shown
from gradcli.shell.constraints.constraint_source import links_of, notes_of
from gradcli.shell.constraints.rows_under_constraints import without_rows
from gradcli.shell.problems.value_checks import check_complete, check_names, check_wrt, connected_names
from gradcli.shell.writers.answer_writer import OutputOptions, Report, write_answer, write_notes

if TYPE_CHECKING:
    from gradcli.descent.constrained.point_optimality import PointReport
    from gradcli.memory.database import Store
    from gradcli.output.gradients.gradient_document import Gradient
    from gradcli.shell.problems.problem import Problem

#: Tolerances of `grad`: absolute, and relative to the point.
NEAR = (1e-9, 1e-6)


def report_of(
    problem: Problem, tolerance: tuple[float, float], *, ascend: bool = False
) -> tuple[PointReport, list[str]]:
    """What is said of the problem's point, and notes. Raises ValueProblem for names and values that do not fit."""
    from gradcli.descent.constrained.point_optimality import point_report
    from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem
    from gradcli.language.parser.outputs import total

    links = links_of(problem)
    names = total([*problem.texts, *(one.difference for one in links)], problem.at.keys()).variables
    check_names(problem.at, [*names, *(problem.wrt or ())], problem.texts)
    check_wrt(problem.wrt, names, problem.at)
    check_complete(problem.at, names, problem.texts)
    at = {name: float(x) for name, x in problem.at.items()}
    moving = connected_names(problem.wrt, names)
    whole = ConstrainedProblem(problem.texts, links, at, moving, ascend=ascend)
    return point_report(whole, at, tolerance), notes_of(links)


def check_point(
    store: Store, problem: Problem, tolerance: tuple[float, float], manner: OutputOptions, *, ascend: bool
) -> None:
    """Write whether the point is optimal; exit with status 1 where it is not."""
    if not problem.at:
        raise UsageProblem("--kkt is about a point", hint="give each variable a value: --x 0.5 --y 0.5")
    found, notes = report_of(problem, tolerance, ascend=ascend)
    at = without_rows(problem.at)
    report = Report(
        record=lambda: {
            "expression": problem.expression, "at": at, "value": found.value, "right": found.optimal, **point_record(found),
        },
        rows=lambda: point_rows(found, at),
        document=lambda: _document(found, at, manner.digits),
    )  # fmt: skip
    write_answer(report, manner)
    write_notes([*notes, *store.notices], manner.color)
    if not found.optimal:
        raise click.exceptions.Exit(1)


def _document(found: PointReport, at: Mapping[str, Any], digits: int) -> Document:
    place = ", ".join(f"{name} = {shown(float(x), digits)}" for name, x in list(at.items())[:8])
    return [
        *point_lines(found, digits),
        line(("name", "value"), ": ", ("value", shown(found.value, digits)), f" at {place}"),
    ]


def write_constrained_gradient(
    store: Store, gradient: Gradient, problem: Problem, manner: OutputOptions
) -> Sequence[str]:
    """Write a gradient with what constraints make of it; the notes to write."""
    from gradcli.output.gradients.gradient_document import gradient_document, gradient_record, gradient_rows

    found, notes = report_of(problem, NEAR)
    write_answer(
        Report(
            record=lambda: {**gradient_record(gradient), **point_record(found)},
            rows=lambda: gradient_rows(gradient),
            document=lambda: [
                *gradient_document(gradient, manner.digits),
                *point_lines(found, manner.digits),
            ],
        ),
        manner,
    )
    return notes
