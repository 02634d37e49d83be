"""The program that steps and descents take of a problem: written out, or over the rows of its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.calculus.program.compiled_expression import Compiled
from gradcli.language.column_names import column_of, is_element
from gradcli.memory.compiled_cache import compiled_or_cached
from gradcli.shell.problems.problem import Problem
from gradcli.shell.problems.value_checks import check_names, check_wrt

if TYPE_CHECKING:
    from gradcli.memory.database import Store


def compiled_to_move(store: Store, problem: Problem, *, checked: bool = True) -> Compiled:
    """The compiled problem; where *checked*, with the names of its point and of --wrt.

    Raises what the parser raises, and ValueProblem.
    """
    if problem.data is not None and problem.data.program is not None:
        from gradcli.calculus.rows.bound_rows import BoundRows
        from gradcli.shell.problems.row_problem import file_problem

        loss = file_problem(problem, problem.data)
        return Compiled(loss.program.text, BoundRows.of(loss.program, loss.data()), {})
    if any(map(is_element, problem.at)):
        from gradcli.shell.problems.row_problem import row_problem

        asked = row_problem(store, problem)
        if asked is not None:
            from gradcli.calculus.rows.bound_rows import BoundRows

            return Compiled(asked.program.text, BoundRows.of(asked.program, asked.data()), {})
    compiled = compiled_or_cached(store, problem.texts, problem.at.keys(), problem.wrt, formulas=False)
    if problem.constraints:
        compiled = with_constraint_names(store, problem, compiled, problem.wrt)
    variables = compiled.program.variables
    if checked:
        check_names(problem.at, [*variables, *(problem.wrt or ())], problem.texts)
        check_wrt(problem.wrt, variables, problem.at)
    return compiled


def with_constraint_names(
    store: Store, problem: Problem, compiled: Compiled, wrt: Sequence[str] | None = None, *, formulas: bool = False
) -> Compiled:  # fmt: skip
    """The compiled problem as a function of the variables that only its constraints have as well, its text as it was.

    Raises what is wrong with a constraint.
    """
    from gradcli.language.constraints.constraint_names import names_beside, text_over

    more = names_beside(problem.texts, problem.constraints, problem.at.keys(), compiled.program.variables)
    if not more:
        return compiled
    whole = (text_over(problem.texts, more),)
    found = compiled_or_cached(store, whole, problem.at.keys(), wrt, formulas=formulas)
    return found._replace(text=compiled.text)


def value_at_point(store: Store, problem: Problem) -> float:
    """f at the point of *problem*. Raises GradcliError where it has no value there."""
    from gradcli.calculus.evaluation.gradient_at_point import evaluate
    from gradcli.calculus.rows.bound_rows import BoundRows

    compiled = compiled_to_move(store, problem)
    if isinstance(compiled.program, BoundRows):
        point = {name: float(problem.at[name]) for name in compiled.program.variables}
        return float(compiled.program.answer(point, "none").value)
    value_only = compiled.program._replace(gradient=(None,) * len(compiled.program.variables))
    return float(evaluate(value_only, compiled.text, problem.at).value)


def resting_columns(compiled: Compiled, at: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers of columns in *at* that a program by rows holds: they are none of its variables."""
    from gradcli.calculus.rows.bound_rows import BoundRows

    program = compiled.program
    if not isinstance(program, BoundRows):
        return {}
    held = program.rows.columns.difference(program.moving)
    return {name: x for name, x in at.items() if is_element(name) and column_of(name) in held}
