"""`gradcli explain`: a derivation rule by rule, or backpropagation as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from gradcli.commands.options import digits_checked, output_options, problem_options, session_options
from gradcli.commands.posed import Question, answer_each
from gradcli.commands.speaking import Manner, Report, say
from gradcli.commands.surroundings import kept_data, open_memory, prepared
from gradcli.commands.values import check_complete, check_names, check_wrt
from gradcli.commands.variables import VariableCommand
from gradcli.language.errors import UsageProblem
from gradcli.output.derivations import (
    backprop_document,
    backprop_latex,
    backprop_markdown,
    backprop_record,
    backprop_rows,
    derivation_document,
    derivation_latex,
    derivation_markdown,
    derivation_record,
    derivation_rows,
)

if TYPE_CHECKING:
    from gradcli.commands.problems import Problem
    from gradcli.memory.store import Store

_FORMATS = ("text", "markdown", "latex", "json", "jsonl", "csv", "tsv")


@click.command(cls=VariableCommand, each=True, long=True, epilog='Example: gradcli explain "x*sin(x**2)"')
@click.argument("expressions", metavar="[EXPR]...", nargs=-1)
@click.option("--depth", type=click.IntRange(0), metavar="N",
              help="Rule by rule N operations deep; what lies deeper in one line each.")  # fmt: skip
@click.option(
    "--backprop", is_flag=True, help="The table of the reverse sweep at the point, one row per node."
)
@problem_options
@session_options
@output_options(_FORMATS)
def explain(
    expressions: tuple[str, ...], depth: int | None, backprop: bool, values: Sequence[tuple[str, str]],
    at: tuple[str, ...], wrt: str | None, session: str, format_: str, get: str | None, digits: int | None, color: str,
) -> None:  # fmt: skip
    """How the gradient of EXPR comes about: each partial rule by rule, from EXPR to the formula.

    Every line is compared with sympy's derivative, symbolically or at points of the domain to 40 digits, before
    any is shown. With --backprop the same by numbers: value, local derivatives and adjoint of every node.
    EXPR may be -: problems from standard input.
    """
    precision = digits_checked(digits)
    with open_memory() as store:

        def answer(problem: Problem, manner: Manner) -> None:
            if backprop:
                report, markdown = _backprop(store, problem, depth, precision)
            else:
                report, markdown = derived(store, problem, depth)
            if format_ == "markdown" and get is None:
                click.echo(markdown, nl=False)
            else:
                say(report, manner)

        manner = Manner(format_, get, precision, color)
        answer_each(store, Question(expressions, values, at, wrt), session, manner, answer)


def derived(store: Store, problem: Problem, depth: int | None) -> tuple[Report, str]:
    """The derivation of every partial in all of its forms, and in Markdown."""
    compiled = prepared(store, problem.texts, problem.at.keys(), problem.wrt)
    variables = compiled.program.variables
    check_names(problem.at, [*variables, *(problem.wrt or ())])
    check_wrt(problem.wrt, variables, problem.at)
    along = problem.wrt or variables

    def make() -> list[Mapping[str, Any]]:
        from gradcli.calculus.deriving.derivation import derivation
        from gradcli.language.parser import parse

        expression = parse(compiled.text, problem.at.keys())
        found = [derivation(expression, compiled, name, depth) for name in along]
        return [{**one._asdict(), "steps": [step._asdict() for step in one.steps]} for one in found]

    found = kept_data(store, "explain", problem.texts, problem.at.keys(), [depth, problem.wrt], make)
    expression = problem.expression
    report = Report(
        lambda: derivation_record(expression, found), lambda: derivation_rows(found),
        lambda: derivation_document(expression, found), lambda: derivation_latex(found),
    )  # fmt: skip
    return report, derivation_markdown(expression, found)


def _backprop(store: Store, problem: Problem, depth: int | None, digits: int) -> tuple[Report, str]:
    if depth is not None:
        raise UsageProblem("--depth is about derivations: --backprop shows every node")
    if problem.wrt is not None:
        raise UsageProblem("--wrt is about derivations: --backprop goes through the whole graph")
    compiled = prepared(store, problem.texts, problem.at.keys())
    variables = compiled.program.variables
    check_names(problem.at, variables)
    check_complete(problem.at, variables)
    at = {name: str(problem.at[name]) for name in variables}

    def make() -> list[Mapping[str, Any]]:
        from gradcli.calculus.deriving.backprop import backpropagation
        from gradcli.language.parser import parse

        rows = backpropagation(parse(compiled.text, problem.at.keys()), at, digits)
        return [row._asdict() for row in rows]

    rows = kept_data(store, "backprop", problem.texts, problem.at.keys(), [at, digits], make)
    expression = problem.expression
    report = Report(
        lambda: backprop_record(expression, problem.at, rows), lambda: backprop_rows(rows),
        lambda: backprop_document(expression, rows), lambda: backprop_latex(rows),
    )  # fmt: skip
    return report, backprop_markdown(expression, rows)
