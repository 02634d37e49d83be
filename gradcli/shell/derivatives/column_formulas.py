"""`grad --columns x,y`: formulas of a text in which these names are columns, without their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcli.language.column_names import as_rows, whole_names
from gradcli.language.errors import NameProblem, UsageProblem
from gradcli.memory.compiled_cache import compiled_or_cached
from gradcli.output.gradients.gradient_document import Gradient
from gradcli.shell.derivatives.gradient_answer import write_gradient
from gradcli.shell.problems.values import names
from gradcli.shell.writers.answer_writer import OutputOptions, write_notes

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.options.gradient_options import GradientOptions
    from gradcli.shell.problems.problem import Problem

#: Rows of the columns of which formulas are made: they are the same for any number.
_ROWS = 3


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
    given = [one for name in columns for one in as_rows(name, range(_ROWS))]
    compiled = compiled_or_cached(store, problem.texts, given, problem.wrt)
    known = whole_names(compiled.program.variables)
    for name in columns:
        if name not in known:
            raise NameProblem(
                f"--columns {name}: it is not in the expression", hint=f"its names are {', '.join(known)}"
            )
    formulas = {name: compiled.formulas[name] for name in compiled.formulas}
    if any(f"[{row}]" in (text or "") for text in formulas.values() for row in range(_ROWS)):
        message = "the formulas of this text depend on how many rows there are"
        raise NameProblem(message, hint=f'give the columns their numbers: --{columns[0]} "[1, 2, 3]"')
    gradient = Gradient(problem.expression, {}, None, formulas, wrt=problem.wrt)
    write_gradient(store, gradient, problem, manner, columns)
    write_notes(store.notices, manner.color)
