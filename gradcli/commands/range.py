"""`gradcli range`: what f and its partials are in a box, proved."""

from __future__ import annotations

from collections.abc import Sequence

import click

from gradcli.language.limits import limit_or
from gradcli.output.proofs.range_document import range_document, range_record, range_rows
from gradcli.shell.options.common_options import (
    float_digits,
    output_options,
    problem_options,
    session_options,
)
from gradcli.shell.options.number_types import Finite
from gradcli.shell.options.option_groups import OptionGroup, option
from gradcli.shell.options.variable_options import VariableCommand
from gradcli.shell.problems.problem import Problem
from gradcli.shell.problems.problem_source import Question, answer_each
from gradcli.shell.process.environment import open_memory
from gradcli.shell.writers.answer_writer import OutputOptions, Report, write_answer, write_notes

#: Boxes for each end of an interval unless `--limit boxes=N` says otherwise.
BOXES = 20_000

EXAMPLES = (
    ('gradcli range "x*sin(y)" --box x=0:2,y=-1:1', "f and both slopes"),
    ('gradcli range "a*x**2" --a 3 --box x=-1:2 --get smoothness', "how much it bends"),
)


@click.command(cls=VariableCommand, each=True, examples=EXAMPLES)
@click.argument("expressions", metavar="[EXPR]...", nargs=-1)
@option("--box", group=OptionGroup.COMPUTED, metavar="X=-5:5,Y=-5:5", help="Where.")
@option("--gap", group=OptionGroup.COMPUTED, type=Finite(0, min_open=True), metavar="G",
        help="How near each end is to be to the truth.")  # fmt: skip
@problem_options
@session_options
@output_options(("text", "json", "jsonl", "csv", "tsv"))
def range(
    expressions: tuple[str, ...], values: Sequence[tuple[str, str]], at: tuple[str, ...], wrt: str | None,
    box: str | None, gap: float | None, session: str, digits: int | None, format_: str, get: str | None, color: str,
) -> None:  # fmt: skip
    """The interval of EXPR and of each partial in a box, proved, with what follows: monotone, convex, Lipschitz or not.

    Variables with values are held there. `lipschitz` bounds how steep f is, `smoothness` how fast its gradient turns;
    2/smoothness is a learning rate below which every step in the box descends. Where f has no slope, at corners, it is
    left out. Without EXPR the session's problem; EXPR may be -: problems from standard input. Status 1 where an end is
    not as near as asked for.
    """
    manner = OutputOptions(format_, get, float_digits(digits), color)
    with open_memory() as store:

        def answer(problem: Problem, manner: OutputOptions) -> None:
            from gradcli.descent.proofs.value_ranges import ranges
            from gradcli.shell.descents.box_problem import question_of

            question = question_of(store, problem, {"box": box, "bounds": None, "whole": None})
            found = ranges(question, gap, int(limit_or("boxes", BOXES)))
            forms = Report(
                record=lambda: range_record(problem.expression, question.held, question.ends, found),
                rows=lambda: range_rows(found),
                document=lambda: range_document(found, manner.digits),
            )
            write_answer(forms, manner)
            write_notes(list(store.notices), color)
            if not found.value.reached:
                raise click.exceptions.Exit(1)

        answer_each(store, Question(expressions, values, at, wrt), session, manner, answer, digits=15)
