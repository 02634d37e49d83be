"""A point where f may be extreme under constraints → what it is, by the KKT conditions downhill and uphill."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import fmpq

from gradcli.calculus.balls.ball_numbers import ball, exact, working_bits
from gradcli.calculus.balls.decimals import nearest_double
from gradcli.calculus.balls.programs.given_numbers import number_of
from gradcli.descent.constrained.extrema.candidates import Candidate
from gradcli.descent.constrained.optimality.kkt_finding import finding
from gradcli.descent.constrained.optimality.kkt_polish import KktPoint
from gradcli.descent.constrained.optimality.kkt_record import KktFinding
from gradcli.descent.constrained.optimality.open_points import by_what_else
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls, middle
from gradcli.descent.objective.objective_in_balls import BITS, KEPT, rational
from gradcli.language.records import NamedTuple

#: Bits to which coordinates are asked for.
ASKED = 700

#: Coordinates that are known less than so well, as shares, are not told.
ROUGH = fmpq(1, 10**18)


class Extremum(NamedTuple):
    """One point: its coordinates, exact texts (None: a number alone), f, what it is, and the evidence.

    kind: minimum, maximum, saddle, degenerate or singular. active: the constraints that are 0. multipliers: what one more on
    the right side of each changes f by, None where there are none. absolutes: minimum of all, maximum of all, or both;
    absolute: the first of them.
    """

    at: dict[str, float]
    exact: dict[str, str | None] | None
    value: float
    kind: str
    active: tuple[int, ...]
    multipliers: tuple[float | None, ...] | None
    eigenvalues: tuple[float, ...]
    absolute: str | None = None
    absolutes: tuple[str, ...] = ()


class Seen(NamedTuple):
    """A point with its ball of a value."""

    told: Extremum
    value: Any


def _point(one: Candidate, names: Sequence[str]) -> tuple[list[Any], list[Any]]:
    """The coordinates as rationals, and their radii, 0 where they are exact."""
    x, radius = [], []
    balls = one.coordinates(ASKED)
    for name, number in zip(names, balls, strict=True):
        text = one.words.get(name)
        known = number_of(text, ASKED) if text else number
        if exact(known):
            x.append(known)
            radius.append(fmpq(0))
        else:
            # What cannot be told from 0 is 0.
            x.append(fmpq(0) if known.contains(0) else rational(known))
            reach = rational(abs(known).upper()) if known.contains(0) else fmpq(0)
            radius.append(2 * rational(known.rad()) + reach + fmpq(1, 2 ** (KEPT - 40)) * (1 + abs(x[-1])))
    return x, radius


def looked(low: ConstrainedInBalls, high: ConstrainedInBalls, one: Candidate) -> Seen | str | None:
    """What a candidate is; None where it does not keep the constraints, and why not where that is not decided."""
    try:
        return _looked(low, high, one)
    except OverflowError:
        place = _place(low.problem.names, one.coordinates(ASKED))
        return f"f or a multiplier is too large at {place} for the point to be looked at"


def _looked(low: ConstrainedInBalls, high: ConstrainedInBalls, one: Candidate) -> Seen | str | None:
    names = low.problem.names
    with working_bits(BITS):
        x, radius = _point(one, names)
        if any(r > ROUGH * (1 + abs(a)) for a, r in zip(x, radius, strict=True)):
            return f"a solution near {_place(names, x)} is not known to enough digits"
        if one.multipliers is None:
            return _singular(low, one, x, radius)
        numbers = [n if exact(n) else rational(n) for n in one.multipliers(ASKED)]
        if all(r == 0 for r in radius):
            numbers = _exactly(low, one, x, numbers)
        signs = low.problem.signs
        kinds: list[KktFinding] = []
        for exactly, turn in ((low, -1), (high, 1)):
            held = {i: turn * n * int(signs[i]) for i, n in zip(one.held, numbers, strict=True)}
            point = KktPoint(x, radius, one.held, held, 0.0)
            span = 1.0 + max((abs(middle(ball(a))) for a in x), default=0.0)
            found = finding(exactly, point, span)
            if found.kind == "violated":
                return None
            if found.kind == "rough":
                return f"{_place(names, x)} solves the equations, but something has no value or no second derivatives there"
            kinds.append(
                by_what_else(exactly, point, found, [span] * len(x)) if found.kind == "flat" else found
            )
    return _told(low, one, kinds)


def _place(names: Sequence[str], x: Sequence[Any]) -> str:
    return ", ".join(f"{n} = {middle(ball(a)):.6g}" for n, a in zip(names, x, strict=True))


def _exactly(low: ConstrainedInBalls, one: Candidate, x: list[Any], numbers: list[Any]) -> list[Any]:
    """The multipliers as rationals where the point and all slopes are."""
    from gradcli.descent.constrained.optimality.kkt_polish import exact_point

    found = exact_point(low, x, one.held)
    if found is None:
        return numbers
    return [-found.multipliers[i] * int(low.problem.signs[i]) for i in one.held]


def _told(low: ConstrainedInBalls, one: Candidate, kinds: Sequence[KktFinding]) -> Seen:
    down, up = kinds
    is_low, is_high = down.kind in ("minimum", "level"), up.kind in ("minimum", "level")
    words = {down.kind, up.kind}
    if is_low != is_high:
        kind = "minimum" if is_low else "maximum"
    elif is_low:
        kind = "degenerate"
    else:
        kind = "saddle" if words <= {"saddle", "maximum"} else "degenerate"
    signs = low.problem.signs
    multipliers = tuple(
        (-m * s + 0.0) if i in down.active else None
        for i, (m, s) in enumerate(zip(down.multipliers, signs, strict=True))
    )
    told = Extremum(
        floats_of(low, down.x), dict(one.words) if any(one.words.values()) else None, nearest_double(down.value), kind,
        down.active, multipliers, down.eigenvalues,
    )  # fmt: skip
    return Seen(told, ball(down.value))


def _singular(low: ConstrainedInBalls, one: Candidate, x: list[Any], radius: list[Any]) -> Seen | None:
    """A point where the slopes of constraints are dependent, and no multipliers exist."""
    from gradcli.descent.objective.objective_in_balls import around

    place, here = low.look(around(x, radius)), low.look(x)
    if place is None or here is None:
        return None
    if any(
        (h > 0 or (e and h < 0)) and i not in one.held
        for i, (h, e) in enumerate(zip(place.h, low.problem.equal, strict=True))
    ):
        return None
    active = tuple(i for i, h in enumerate(place.h) if i in one.held or not h < 0)
    words = dict(one.words) if any(one.words.values()) else None
    return Seen(
        Extremum(floats_of(low, x), words, nearest_double(here.f), "singular", active, None, ()), ball(here.f)
    )


def floats_of(low: ConstrainedInBalls, x: Sequence[Any]) -> dict[str, float]:
    """The coordinates by name, as the doubles nearest to them."""
    return {name: nearest_double(a) for name, a in zip(low.problem.names, x, strict=True)}
