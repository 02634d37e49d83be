"""A loss over few rows as one expression: every number of its columns is a variable that stands still."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gradcli.calculus.rows.bound_rows import BoundRows
from gradcli.descent.objective.objective import Objective
from gradcli.descent.rules.optimizer_choice import choose
from gradcli.descent.steps.step_problem import step_problem
from gradcli.language.column_names import element
from gradcli.language.errors import GradcliError

#: Rows times characters of the text up to which a loss is written out, as that of typed columns is.
FEW = 20_000

#: The last loss that was written out: corners are looked for several times in a descent.
_last: list[tuple[BoundRows, Objective | None]] = []


def written_out(objective: Objective, rows: BoundRows) -> Objective | None:
    """The objective over *rows* as one of an expression, with the same variables that move; None where rows are many."""
    if rows.moving or rows.data.rows * len(rows.rows.text) > FEW:
        return None
    if not _last or _last[0][0] is not rows or not _same(_last[0][1], objective):
        _last[:] = [(rows, _written(objective, rows))]
    return _last[0][1]


def _same(known: Objective | None, objective: Objective) -> bool:
    """Whether what is known has the same numbers and the same sense: what stands still may have been moved since."""
    if known is None:
        return False
    numbers = known.at([0.0] * len(known.names))
    own = objective.at([0.0] * len(objective.names))
    return (
        known.names == objective.names
        and known.sign == objective.sign
        and all(numbers[name] == a for name, a in own.items() if name in numbers)
    )


def _given(rows: BoundRows, name: str) -> Iterable[Any]:
    known = rows.data.given.get(name, rows.data.columns[name])
    return (known[row] for row in range(rows.data.rows))


def _written(objective: Objective, rows: BoundRows) -> Objective | None:
    from gradcli.calculus.formulas.texts.compiler import compile_text

    at = objective.at([0.0] * len(objective.names))
    for name in rows.data.columns:
        if name in rows.rows.variables and not name.startswith("#"):
            at |= {element(name, row): x for row, x in enumerate(_given(rows, name))}
    names, course = objective.names, objective.course
    try:
        program = compile_text([rows.rows.text], at, names, formulas=False).program
    except GradcliError:
        return None
    return Objective(
        step_problem(program, rows.rows.text, choose("sgd"), wrt=names, ascend=course.ascend), at
    )
