"""`grad --columns x,y`: formulas of a text in which these names are columns, without their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradcli.language.column_names import SAMPLE_ROWS, as_rows, column_of, whole_names
from gradcli.language.errors import NameProblem, UsageProblem
from gradcli.language.parser.row_columns import NoRowError
from gradcli.memory.compiled_cache import compiled_or_cached
from gradcli.output.gradients.gradient_document import Gradient
from gradcli.shell.derivatives.gradient_answer import write_gradient
from gradcli.shell.problems.values import names
from gradcli.shell.writers.answer_writer import OutputOptions, write_notes

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.options.gradient_options import GradientOptions
    from gradcli.shell.problems.problem import Problem


def write_column_formulas(
    store: Store, problem: Problem, beyond: GradientOptions, manner: OutputOptions
) -> None:
    """Write the formulas of *problem*, whose columns are named.

    Raises UsageProblem beside values, NameProblem for a name that is not in the text, or a text that has no such formulas.
    """
    columns = names(beyond.columns, "--columns") or ()
    if problem.at:
        name = next(iter(whole_names(problem.at)))
        raise UsageProblem(
            f"--columns is for formulas without numbers, and {name} has a value",
            hint=f'the numbers of a column are its value: --{columns[0]} "[1, 2, 3]"',
        )
    if beyond._replace(columns=None).used is not None:
        raise UsageProblem(f"--columns and {beyond._replace(columns=None).used} do not go together")
    given = [one for name in columns for one in as_rows(name, range(SAMPLE_ROWS))]
    try:
        compiled = compiled_or_cached(store, problem.texts, given, problem.wrt)
    except NoRowError:
        raise _by_number(columns) from None
    known = whole_names(compiled.program.variables)
    for name in columns:
        if name not in known:
            raise NameProblem(
                f"--columns {name}: it is not in the expression", hint=f"its names are {', '.join(known)}"
            )
    if any(f"[{row}]" in (text or "") for text in compiled.formulas.values() for row in range(SAMPLE_ROWS)):
        raise _by_number(columns)
    formulas = {column_of(name): text for name, text in compiled.formulas.items()}
    gradient = Gradient(problem.expression, {}, None, formulas, wrt=problem.wrt)
    write_gradient(store, gradient, problem, manner, columns)
    write_notes(store.notices, manner.color)


def _by_number(columns: Sequence[str]) -> NameProblem:
    message = "the formulas of this text depend on how many rows there are"
    return NameProblem(message, hint=f'give the columns their numbers: --{columns[0]} "[1, 2, 3]"')
