"""A claimed partial of a loss over rows → a verdict: compared over all rows at points, and proved for any number of rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gradcli.calculus.checking.claims import Tolerance
from gradcli.calculus.checking.losses.checked_loss import (
    MOST_LOST,
    CheckedLoss,
    ClaimedNumber,
    Point,
    Told,
    written,
)

#: How many digits must be certain for two numbers to be called equal.
FEWEST = 6


class LossVerdict(NamedTuple):
    """What was found about one claim: as `Verdict` has it, over so many rows, and to so many digits."""

    variable: str
    claim: str
    verdict: str
    formula: str | None
    rows: int
    points: int = 0
    digits: int | None = None
    at: dict[str, str] | None = None
    claimed: str | None = None
    actual: str | None = None
    slip: str | None = None
    span: tuple[int, int] | None = None
    note: str | None = None
    tolerance: float | None = None

    @property
    def right(self) -> bool:
        """Whether the claim stands."""
        return self.verdict in ("proved", "equal", "close")


def judged_loss(
    loss: CheckedLoss, variable: str, claim: str, number: ClaimedNumber, count: int, tolerance: Tolerance
) -> LossVerdict:
    """The verdict about ∂loss/∂*variable* = *claim*, by numbers alone."""
    start = LossVerdict(variable, claim, "undecided", loss.formulas.get(variable), loss.data.rows)
    if number.is_number and (asked := loss.asked) is not None:
        return _number(start, loss, number, asked, tolerance)
    agreed, digits, missing = 0, list[int](), None
    for place, point in enumerate(loss.points(count)):
        actual = loss.slope(variable, point)
        if actual is None and place >= MOST_LOST and not agreed:
            break
        if actual is None:
            continue
        claimed = number.at(point)
        if claimed is None:
            missing = missing or (point, actual)
            continue
        if claimed.is_apart(actual):
            return _shown(start._replace(verdict="wrong", points=agreed), point, actual, claimed)
        agreed += 1
        if actual.number or claimed.number:
            digits.append(actual.digits(claimed))
        if agreed == count:
            break
    return _agreed(start, loss, number, agreed, digits, missing)


def _agreed(
    start: LossVerdict, loss: CheckedLoss, number: ClaimedNumber, agreed: int, digits: list[int],
    missing: tuple[Point, Told] | None,
) -> LossVerdict:  # fmt: skip
    """The verdict where nothing was apart."""
    told = [one for one in digits if one >= FEWEST]
    if missing is not None and not agreed:
        note = "the claim has no value where the partial has one"
        return _shown(start._replace(verdict="wrong", note=note), *missing, None)
    if digits and not told:
        note = "rounding leaves too few digits of the partial to compare it with"
        return start._replace(points=agreed, note=note)
    start = start._replace(
        verdict="equal" if agreed else "undecided", points=agreed, digits=min(told, default=16)
    )
    if missing is not None:
        point, actual = missing
        place = ", ".join(f"{name} = {x}" for name, x in point.shown.items())
        note = f"the claim has no value at {place}, where the partial is {written(actual)}"
        start = start._replace(note=note)
    if (asked := loss.asked) is None:
        return start
    actual_there, claimed_there = loss.slope(start.variable, asked), number.at(asked)
    if actual_there is None:
        return start._replace(note=start.note or "there is no gradient at the point asked about")
    return _shown(start, asked, actual_there, claimed_there)


def _shown(verdict: LossVerdict, point: Point, actual: Told, claimed: Told | None) -> LossVerdict:
    if claimed is None:
        return verdict._replace(at=point.shown, actual=written(actual))
    apart = claimed.is_apart(actual)
    return verdict._replace(
        at=point.shown, actual=written(actual, [claimed] * apart), claimed=written(claimed, [actual] * apart)
    )


def _number(
    start: LossVerdict, loss: CheckedLoss, number: ClaimedNumber, point: Point, tolerance: Tolerance
) -> LossVerdict:
    """A claim that is a number is about the point asked about."""
    actual, claimed = loss.slope(start.variable, point), number.at(point)
    if actual is None or claimed is None:
        return start._replace(at=point.shown, note="there is no gradient at this point")
    unit = max((abs(one.number) for one in loss.slopes(point)), default=0.0) if tolerance.relative else 1.0
    allowed = tolerance.atol * unit + tolerance.rtol * abs(actual.number)
    near = abs(actual.number - claimed.number) <= allowed
    found = start._replace(verdict="close" if near else "wrong", points=1, tolerance=allowed)
    return _shown(found, point, actual, claimed)


def with_proof(verdict: LossVerdict, proof: Callable[[], bool | None], patience: float) -> LossVerdict:
    """The verdict, proved where a *proof* says so. patience: the seconds after which that ends."""
    if verdict.verdict != "equal" or verdict.note is not None:
        return verdict
    found = proof()
    if found is None:
        note = f"whether sympy can prove it was not decided within {patience:.0f} s"
        return verdict._replace(note=note)
    return verdict._replace(verdict="proved") if found else verdict
