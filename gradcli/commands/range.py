"""`gradcli range`: what f and its partials are in a box, proved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from gradcli.language.limits import limit_or
from gradcli.memory.compiled_cache import compiled_or_cached
from gradcli.output.proofs.range_document import range_document, range_record, range_rows
from gradcli.shell.help.option_groups import OptionGroup, option
from gradcli.shell.options.common_options import (
    float_digits,
    output_options,
    problem_options,
    session_options,
)
from gradcli.shell.options.descent_options import check_plot, plot_options
from gradcli.shell.options.number_types import Finite
from gradcli.shell.options.picture_options import has_formulas
from gradcli.shell.options.variable_options import VariableCommand
from gradcli.shell.problems.problem import Problem
from gradcli.shell.problems.problem_source import Question, answer_each
from gradcli.shell.process.environment import open_memory
from gradcli.shell.writers.answer_writer import OutputOptions, Report, write_answer, write_notes

if TYPE_CHECKING:
    from gradcli.descent.proofs.box_question import BoxQuestion
    from gradcli.memory.database import Store

#: Boxes for each end of an interval unless `--limit boxes=N` says otherwise.
BOXES = 20_000

EXAMPLES = (
    ('gradcli range "x*sin(y)" --box x=0:2,y=-1:1', "f and both slopes"),
    ('gradcli range "a*x**2" --a 3 --box x=-1:2 --get smoothness', "how much it bends"),
    ('gradcli range "x*sin(x)" --box x=0:9 --plot', "the curve with its proved band"),
)


@click.command(cls=VariableCommand, each=True, examples=EXAMPLES)
@click.argument("expressions", metavar="[EXPR]...", nargs=-1)
@option("--box", group=OptionGroup.COMPUTED, metavar="X=-5:5,Y=-5:5", help="Where.")
@option("--gap", group=OptionGroup.COMPUTED, type=Finite(0, min_open=True), metavar="G",
        help="How near each end is to be to the truth.")  # fmt: skip
@plot_options
@problem_options
@session_options
@output_options(("text", "json", "jsonl", "csv", "tsv"))
def range(
    expressions: tuple[str, ...], values: Sequence[tuple[str, str]], at: tuple[str, ...], wrt: str | None,
    box: str | None, gap: float | None, session: str, digits: int | None, format_: str, get: str | None, color: str,
    **how: Any,
) -> None:  # fmt: skip
    """The interval of EXPR and of each partial in a box, proved, with what follows: monotone, convex, Lipschitz or not.

    Variables with values are held there. `lipschitz` bounds how steep f is, `smoothness` how fast its gradient turns;
    2/smoothness is a learning rate below which every step in the box descends. Where f has no slope, at corners, it is
    left out. --plot draws f and its slope along one variable, with the bands in which they lie. Without EXPR the
    session's problem; EXPR may be -: problems from standard input. Status 1 where an end is not as near as asked for.
    """
    manner = OutputOptions(format_, get, float_digits(digits), color)
    check_plot(how, format_, get)
    with open_memory() as store:

        def answer(problem: Problem, manner: OutputOptions) -> None:
            from gradcli.shell.descents.box_problem import question_of

            question = question_of(store, problem, {"box": box, "bounds": None, "whole": None})
            if not _answered(store, problem, question, gap, manner, how):
                raise click.exceptions.Exit(1)

        answer_each(store, Question(expressions, values, at, wrt), session, manner, answer, digits=15)


def _answered(
    store: Store, problem: Problem, question: BoxQuestion, gap: float | None, manner: OutputOptions, how: Mapping[str, Any]
) -> bool:  # fmt: skip
    """Write the answer, and draw the band; whether the ends of f are as near as was asked for."""
    from gradcli.descent.proofs.ranges.value_ranges import ranges

    drawn = how["plot"] or how["plot_out"]
    if drawn:
        from gradcli.shell.plots.band_picture import moving_name

        moving_name(question)
    found = ranges(question, gap, int(limit_or("boxes", BOXES)))
    forms = Report(
        record=lambda: range_record(problem.expression, question.held, question.ends, found),
        rows=lambda: range_rows(found),
        document=lambda: range_document(found, manner.digits),
    )
    write_answer(forms, manner)
    remarks = _illustrated(store, problem, question, gap, how, manner.color) if drawn else []
    write_notes([*remarks, *store.notices], manner.color)
    return found.value.reached


def _illustrated(
    store: Store, problem: Problem, question: BoxQuestion, gap: float | None, how: Mapping[str, Any], color: str
) -> list[str]:  # fmt: skip
    """Draw the band; what there is to be said of it."""
    from gradcli.shell.plots.band_picture import band_picture
    from gradcli.shell.plots.plot_beside_answer import illustrate

    formulas = has_formulas(how["plot_out"])
    compiled = compiled_or_cached(store, problem.texts, problem.at.keys(), formulas=formulas)
    want = band_picture(question, compiled, gap)
    illustrate(how, lambda: want, color)
    return [want.remark] if want.remark else []
