"""`gradcli explain`: a derivation rule by rule, or backpropagation as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from gradcli.language.errors import UsageProblem
from gradcli.memory.compiled_cache import cached, compiled_or_cached
from gradcli.output.results.derivation_document import (
    backprop_document,
    backprop_latex,
    backprop_markdown,
    backprop_record,
    backprop_rows,
)
from gradcli.shell.derivatives.derivation_answer import derived
from gradcli.shell.help.option_groups import OptionGroup, option
from gradcli.shell.options.common_options import (
    constraint_option,
    corner_option,
    digits_checked,
    order_checked,
    output_options,
    problem_options,
    session_options,
)
from gradcli.shell.options.number_types import Whole
from gradcli.shell.options.variable_options import VariableCommand
from gradcli.shell.problems.problem import with_constraints
from gradcli.shell.problems.problem_source import Question, answer_each, left_aside
from gradcli.shell.problems.value_checks import check_complete, check_names
from gradcli.shell.process.environment import open_memory
from gradcli.shell.writers.answer_writer import OutputOptions, Report, write_answer, write_notes

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.problems.problem import Problem

_FORMATS = ("text", "markdown", "latex", "json", "jsonl", "csv", "tsv")


EXAMPLES = (
    ('gradcli explain "x*sin(x**2)"', "rule by rule"),
    ('gradcli explain "x*sin(x**2)" --x 2 --backprop', "the reverse sweep at x = 2"),
)


@click.command(cls=VariableCommand, each=True, long=True, examples=EXAMPLES)
@click.argument("expressions", metavar="[EXPR]", nargs=-1)
@option("--depth", group=OptionGroup.COMPUTED, type=Whole(0), metavar="N",
        help="Rules N operations deep, below a line each.")  # fmt: skip
@option("--order", group=OptionGroup.COMPUTED, type=Whole(1), default=1, show_default=True, metavar="N",
        help="Derivatives up to this order, each variable by itself.")  # fmt: skip
@option("--backprop", group=OptionGroup.COMPUTED, is_flag=True,
        help="The reverse sweep as a table, a row per node.")  # fmt: skip
@constraint_option(OptionGroup.COMPUTED)
@corner_option("none", OptionGroup.COMPUTED, ("none", "tf1", "torch", "jax"))
@problem_options
@session_options
@output_options(_FORMATS)
def explain(
    expressions: tuple[str, ...], depth: int | None, order: int, backprop: bool, corner: str, values: Sequence[tuple[str, str]],
    at: tuple[str, ...], wrt: str | None, session: str, format_: str, get: str | None, digits: int | None, color: str,
    subject_to: tuple[str, ...],
) -> None:  # fmt: skip
    """How the gradient of EXPR comes about: each partial rule by rule, from EXPR to the formula.

    Every line is compared with sympy's derivative, symbolically or at points of the domain to 40 digits, before
    any is shown. With --backprop the same by numbers: value, local derivatives and adjoint of every node.
    EXPR may be -: problems from standard input.
    """
    precision = digits_checked(digits)
    if corner != "none" and not backprop:
        raise UsageProblem("--corner is about numbers, and a derivation has none", hint="add --backprop")
    with open_memory() as store:

        def answer(problem: Problem, manner: OutputOptions) -> None:
            told = len(store.notices)
            problem = with_constraints(store, problem, subject_to)
            asked = subject_to or expressions or not (backprop or order > 1)
            problem = problem if asked else left_aside(store, problem)
            if problem.constraints and asked:
                report, markdown = _lagrange(store, problem, depth, backprop=backprop or order > 1)
            elif backprop:
                if order > 1:
                    raise UsageProblem("--order is about derivations: --backprop has first derivatives")
                report, markdown = _backprop(store, problem, depth, (precision, corner))
            else:
                report, markdown = derived(store, problem, depth, order_checked(order))
            write_answer(report._replace(markdown=lambda: markdown), manner)
            write_notes(store.notices[told:], color)

        manner = OutputOptions(format_, get, precision, color)
        answer_each(store, Question(expressions, values, at, wrt, constrained=True), session, manner, answer)


def _lagrange(store: Store, problem: Problem, depth: int | None, *, backprop: bool) -> tuple[Report, str]:
    """Lagrange's method, line by line."""
    if backprop:
        raise UsageProblem("--backprop, --order and --subject-to do not go together")
    from gradcli.shell.reports.lagrange_explanation import lagrange_method

    return lagrange_method(store, problem, depth)


def _backprop(store: Store, problem: Problem, depth: int | None, how: tuple[int, str]) -> tuple[Report, str]:
    if depth is not None:
        raise UsageProblem("--depth is about derivations: --backprop shows every node")
    if problem.wrt is not None:
        raise UsageProblem("--wrt is about derivations: --backprop goes through the whole graph")
    compiled = compiled_or_cached(store, problem.texts, problem.at.keys(), formulas=False)
    variables = compiled.program.variables
    check_names(problem.at, variables)
    check_complete(problem.at, variables)
    at = {name: str(problem.at[name]) for name in variables}

    def make() -> list[Mapping[str, Any]]:
        from gradcli.calculus.deriving.backpropagation import backpropagation
        from gradcli.language.parser import parse

        rows = backpropagation(parse(compiled.text, problem.at.keys()), at, *how)
        return [row._asdict() for row in rows]

    rows = cached(store, "backprop", problem.texts, problem.at.keys(), [at, *how], make)
    expression = problem.expression
    report = Report(
        lambda: backprop_record(expression, problem.at, rows), lambda: backprop_rows(rows),
        lambda: backprop_document(expression, rows), lambda: backprop_latex(rows),
    )  # fmt: skip
    return report, backprop_markdown(expression, rows)
