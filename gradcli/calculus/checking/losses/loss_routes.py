"""The gradient of a loss over rows along its routes: the formula and the program over all rows, differences in balls.

A difference in balls takes some milliseconds a row, so that it is taken over some of the rows, from the first to the last:
the loss over these is a loss by itself, with the same program.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from gradcli.calculus.checking.claims import Tolerance
from gradcli.calculus.checking.losses.checked_loss import (
    MOST_LOST,
    CheckedLoss,
    ClaimedNumber,
    Point,
    Told,
    written,
)
from gradcli.calculus.checking.losses.loss_claims import FEWEST
from gradcli.calculus.rows.row_data import Held, RowData
from gradcli.calculus.rows.row_in_balls import levels_in_balls
from gradcli.calculus.rows.row_program import LevelProgram, RowsProgram
from gradcli.language.errors import DomainProblem, GradcliError

#: Instructions of all rows at one point that are gone through in balls, and the fewest rows that are.
MOST_WORK, FEWEST_ROWS = 1_000, 3

#: Bits of the balls; the distance of a difference is 2**-DISTANCE of its number's size, its error the square of that.
BITS, DISTANCE = 400, 60


class LossAgreement(NamedTuple):
    """One partial along its routes, over so many rows; sampled: those that differences were taken over."""

    variable: str
    formula: str | None
    routes: tuple[str, ...]
    verdict: str
    rows: int
    sampled: int | None
    points: int = 0
    digits: int | None = None
    at: dict[str, str] | None = None
    values: dict[str, str] | None = None
    note: str | None = None


def checked_loss(
    loss: CheckedLoss, variable: str, formula: ClaimedNumber | None, count: int, tolerance: Tolerance,
    eps: float | None,
) -> LossAgreement:  # fmt: skip
    """Whether the routes to ∂loss/∂*variable* meet at *count* points. eps: with it also differences in floats."""
    sample = sampled(loss)
    names = [
        *(["formula"] if formula else []),
        "program",
        *(["differences"] if sample else []),
        *(["eps"] if eps else []),
    ]
    start = LossAgreement(
        variable, loss.formulas.get(variable), tuple(names), "undecided", loss.data.rows, sample.data.rows if sample else None
    )  # fmt: skip
    agreed, digits = 0, list[int]()
    if len(names) == 1:
        return start._replace(
            note="there is nothing to compare the program with: too many rows for differences"
        )
    for place, point in enumerate(loss.points(count)):
        pairs = _pairs(loss, variable, formula, sample, point)
        if not pairs and place >= MOST_LOST and not agreed:
            break
        if not pairs:
            continue
        if eps is not None and (far := _far(loss, variable, point, eps, tolerance)) is not None:
            pairs["eps"] = far
        apart = {name: pair for name, pair in pairs.items() if pair[0].is_apart(pair[1])}
        if apart:
            return _different(start, point, apart)._replace(points=agreed)
        agreed += 1
        digits += [one.digits(other) for one, other in pairs.values() if one.number or other.number]
        if agreed == count or not loss.names:
            break
    told = [one for one in digits if one >= FEWEST]
    if not agreed or (digits and not told):
        return start
    return start._replace(verdict="agree", points=agreed, digits=min(told, default=16))


def _different(start: LossAgreement, point: Point, apart: dict[str, tuple[Told, Told]]) -> LossAgreement:
    (name, (right, other)), *_ = apart.items()
    values = {"program": written(right, [other]), name: written(other, [right])}
    return start._replace(verdict="wrong", at=point.shown, values=values)


def _pairs(
    loss: CheckedLoss, variable: str, formula: ClaimedNumber | None, sample: CheckedLoss | None, point: Point
) -> dict[str, tuple[Told, Told]]:
    """The program's number beside that of each other route; none where one of them has none."""
    right = loss.slope(variable, point)
    if right is None:
        return {}
    pairs = {}
    if formula is not None:
        other = formula.at(point)
        if other is None:
            return {}
        pairs["formula"] = (right, other)
    if sample is not None:
        there, quotient = sample.slope(variable, point), difference(sample, variable, point)
        if there is None or quotient is None:
            return {}
        pairs["differences"] = (there, quotient)
    return pairs or {"program": (right, right)}


def sampled(loss: CheckedLoss) -> CheckedLoss | None:
    """The loss over so many of its rows as are gone through in balls; None where it is not told from these.

    They are evenly spaced, the first and the last among them; the first ones where rows are named by their numbers.
    """
    most = max(MOST_WORK // max(loss.rows.instructions, 1), FEWEST_ROWS)
    data, rows = loss.data, loss.data.rows
    if data.passes is not None:
        return None
    if rows <= most:
        return loss
    numbered = loss.rows.elements or any(level.over is not None for level in loss.rows.levels)
    chosen = range(most) if numbered else [place * (rows - 1) // (most - 1) for place in range(most)]
    columns = {name: [float(numbers[row]) for row in chosen] for name, numbers in data.columns.items()}
    given = {name: [typed[row] for row in chosen] for name, typed in data.given.items()}
    few = RowData(columns, given, decimals=data.decimals)
    return CheckedLoss(loss.rows, few, loss.at, loss.formulas) if _fits(loss.rows, few) else None


def _fits(rows: RowsProgram, data: RowData) -> bool:
    """Whether there are all rows that are named by their numbers."""
    held = {name: Held(0.0) for name in (*rows.variables, *(level.name for level in rows.levels))}
    try:
        for level in (*rows.levels, LevelProgram("", "sum", rows.last)):
            names = [name for name in level.program.variables if name in rows.elements]
            data.bound(rows, names, level.over, held)
    except GradcliError:
        return False
    return True


def difference(loss: CheckedLoss, variable: str, point: Point) -> Told | None:
    """The central difference of the loss along a number, in balls; None where there is none."""
    from flint import arb, ctx

    from gradcli.calculus.balls.ball_numbers import ball
    from gradcli.calculus.balls.programs.given_numbers import number_of

    held = {name: loss.data.held(x, point.given.get(name)) for name, x in point.numbers.items()}
    numbers: dict[str, Any] = {name: one.exact for name, one in held.items()}
    middle = ball(number_of(numbers[variable], BITS))
    step = 2.0**-DISTANCE * max(abs(point.numbers[variable]), 2.0**-20)
    saved, ctx.prec = ctx.prec, BITS
    try:
        ends = [_value(loss, {**numbers, variable: middle + sign * arb(step)}) for sign in (1, -1)]
        if None in ends:
            return None
        quotient = (ball(ends[0]) - ball(ends[1])) / arb(2 * step)
        return Told(float(quotient.mid()), float(quotient.rad()) + 2.0**-52 * abs(float(quotient.mid())))
    finally:
        ctx.prec = saved


def _value(loss: CheckedLoss, numbers: dict[str, Any]) -> Any:
    try:
        found = levels_in_balls(loss.rows, loss.data, numbers, BITS)
    except (DomainProblem, GradcliError, ArithmeticError):
        return None
    return None if found is None else found[""]


def _far(
    loss: CheckedLoss, variable: str, point: Point, eps: float, tolerance: Tolerance
) -> tuple[Told, Told] | None:
    """The program's number, as far off as the tolerance allows, and the difference in floats; None where it has none."""
    right = loss.slope(variable, point)
    ends: Sequence[Any] = [
        loss.answer(Point({**point.numbers, variable: point.numbers[variable] + sign * eps}, {}))
        for sign in (1, -1)
    ]
    if right is None or None in ends:
        return None
    quotient = (ends[0].value - ends[1].value) / (2 * eps)
    return Told(right.number, tolerance.atol + tolerance.rtol * abs(right.number)), Told(quotient, 0.0)
