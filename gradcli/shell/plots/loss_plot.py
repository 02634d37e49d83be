"""Pictures of losses over files of many rows: what is drawn, and where it is lowest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from gradcli.calculus.program.compiled_expression import Compiled
from gradcli.language.errors import GradcliError, UsageProblem

if TYPE_CHECKING:
    from gradcli.calculus.rows.bound_rows import BoundRows
    from gradcli.memory.database import Store
    from gradcli.output.pictures.scene import CurvePicture, LandscapePicture, Stop
    from gradcli.shell.problems.problem import Problem

Range = tuple[float, float]

#: Rows of files times characters that are written out and looked at closely; more rows are sampled.
MOST_DRAWN = 1_000

#: Steps of the descent that looks for what is lowest.
_STEPS = 30


def is_over_rows(problem: Problem) -> bool:
    """Whether a problem is over more rows than are written out."""
    return problem.data is not None and problem.data.program is not None


def bound_rows(compiled: Compiled) -> BoundRows | None:
    """The program of rows of a compiled problem; None for any other."""
    from gradcli.calculus.rows.bound_rows import BoundRows

    return compiled.program if isinstance(compiled.program, BoundRows) else None


def compiled_over_rows(store: Store, problem: Problem, *, formulas: bool) -> Compiled:
    """The problem as a program of its rows. Raises UsageProblem where it has constraints, which are not drawn over rows."""
    from gradcli.shell.columns.formulas_by_row import formulas_by_row
    from gradcli.shell.problems.moving_problem import compiled_to_move

    if problem.constraints:
        raise UsageProblem("constraints are not drawn over files of so many rows", hint="leave them out")
    compiled = compiled_to_move(store, problem)
    if not formulas or problem.data is None:
        return compiled
    found = formulas_by_row(store, problem, problem.data.columns, problem.at)
    return compiled._replace(formulas={name: found.get(name) for name in compiled.program.variables})


def outputs_over_rows(store: Store, problem: Problem) -> list[Compiled]:
    """Each of the problem's expressions as a program of its rows."""
    from gradcli.calculus.rows.bound_rows import BoundRows
    from gradcli.shell.problems.row_problem import file_problem, output_programs

    assert problem.data is not None  # noqa: S101  (which a loss over files has)
    asked = file_problem(problem, problem.data)
    data, programs = asked.data(), output_programs(store, asked)
    return [
        Compiled(text, BoundRows.of(one, data), {}) for text, one in zip(problem.texts, programs, strict=True)
    ]


def loss_curve_of(
    rows: BoundRows, text: str, title: str, axis: str, at: Mapping[str, float], within: Range | None,
    path: Sequence[Stop],
) -> CurvePicture:  # fmt: skip
    """The picture of a loss along one number."""
    from gradcli.output.pictures.losses.loss_curve import loss_curve

    lowest = _lowest(rows, text, at, (axis,)) if within is None else None
    found = None if lowest is None else lowest[axis]
    return loss_curve(rows, title, axis, at, within=within, path=path, lowest=found)


def loss_landscape_of(
    rows: BoundRows, text: str, title: str, axes: tuple[str, str], at: Mapping[str, float], size: tuple[int, int],
    within: Mapping[str, Range], path: Sequence[Stop],
) -> LandscapePicture:  # fmt: skip
    """The picture of a loss over two numbers."""
    from gradcli.output.pictures.losses.loss_landscape import affordable, loss_landscape

    lowest = _lowest(rows, text, at, axes)
    found = None if lowest is None else (lowest[axes[0]], lowest[axes[1]])
    return loss_landscape(
        rows, title, axes, at, affordable(rows, size), within=within, path=path, lowest=found
    )


def _lowest(
    rows: BoundRows, text: str, at: Mapping[str, float], axes: Sequence[str]
) -> Mapping[str, float] | None:
    """The minimum that a descent from the point along the axes ends at; None where it ends at none."""
    from gradcli.descent.minimization.minimizer import minimize
    from gradcli.descent.minimization.plan import Plan, choose_method

    moving = [name for name in axes if name in rows.rows.connected]
    if not moving:
        return None
    try:
        outcome = minimize(
            rows.at_many_points(), text, at, Plan(choose_method(), max_steps=_STEPS), wrt=moving
        )
    except GradcliError:
        return None
    return outcome.x if outcome.status in ("minimum", "minimum-at-corner") else None
