"""f and constraints → every point where f can be extreme, what each is, and the absolute ones where the set is bounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import ball, exact, working_bits
from gradcli.calculus.balls.decimals import nearest_double
from gradcli.calculus.balls.programs.given_numbers import number_of
from gradcli.descent.constrained.extrema.bounded_sets import is_bounded
from gradcli.descent.constrained.extrema.candidates import Candidate
from gradcli.descent.constrained.extrema.enclosing_box import enclosing_box
from gradcli.descent.constrained.extrema.family_points import with_point
from gradcli.descent.constrained.extrema.lagrange_systems import MOST, lagrange_candidates, with_definitions
from gradcli.descent.constrained.extrema.smooth_everywhere import is_continuous
from gradcli.descent.constrained.extrema.solution_families import Family
from gradcli.descent.constrained.optimality.kkt_finding import finding
from gradcli.descent.constrained.optimality.kkt_polish import KktPoint
from gradcli.descent.constrained.optimality.kkt_record import KktFinding
from gradcli.descent.constrained.optimality.open_points import by_what_else
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls, middle
from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem
from gradcli.descent.objective.objective_in_balls import BITS, KEPT, rational
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.records import NamedTuple

#: Bits to which coordinates are asked for.
ASKED = 700
#: Values nearer to each other than this, as shares, are one; no two different ones of a textbook are.
SAME = 1e-60

#: Coordinates that are known less than so well, as shares, are not told.
ROUGH = fmpq(1, 10**18)


class Extremum(NamedTuple):
    """One point: its coordinates, exact texts (None: a number alone), f, what it is, and the evidence.

    kind: minimum, maximum, saddle, degenerate or singular. active: the constraints that are 0. multipliers: what one more on
    the right side of each changes f by, None where there are none. absolute: minimum or maximum of all.
    """

    at: dict[str, float]
    exact: dict[str, str | None] | None
    value: float
    kind: str
    active: tuple[int, ...]
    multipliers: tuple[float | None, ...] | None
    eigenvalues: tuple[float, ...]
    absolute: str | None = None


FamilyTold = tuple[list[int], list[str], float, list[str], dict[str, float] | None]


class Extrema(NamedTuple):
    """All points, whether there are no others, why that is not shown, whether the set is closed and bounded, and the box.

    families: lines, planes and curves of further points, as the constraints held there, their equations, f's one value on
    them, whether that is absolutely the least, the greatest, or both, and a point of them, if one is known.
    """

    points: list[Extremum]
    complete: bool
    why: list[str]
    bounded: bool
    box: Mapping[str, tuple[float, float]] = {}
    families: list[FamilyTold] = []  # noqa: RUF012  (a record's default, which nobody changes)


class _Seen(NamedTuple):
    """A point with its ball of a value."""

    told: Extremum
    value: Any


def constrained_extrema(
    text: str, constraints: Sequence[Constraint], at: Mapping[str, float], symbols: Sequence[str],
    box: Mapping[str, tuple[float, float]], most: int | None = None,
) -> Extrema:  # fmt: skip
    """The points where *text* can be extreme under *constraints*; at: a value for each variable, which says their names.

    most: boxes that each system that has to be searched may take.
    """
    low = ConstrainedInBalls(ConstrainedProblem([text], constraints, at))
    high = ConstrainedInBalls(ConstrainedProblem([text], constraints, at, ascend=True))
    names = low.problem.names
    alone = [with_definitions(text, one) for one in constraints]
    enclosing = enclosing_box(alone, tuple(at), names)
    many = sum(one.relation != "=" for one in constraints) > MOST
    candidates = None if many else lagrange_candidates(text, constraints, tuple(at), names, symbols)
    if candidates is None:
        from gradcli.descent.constrained.extrema.searched_systems import BOXES, searched_candidates

        candidates = searched_candidates(low, box, enclosing, most or BOXES)
    seen: list[_Seen] = []
    for one in candidates.points:
        found = _looked(low, high, one)
        if isinstance(found, str):
            candidates = candidates._replace(complete=False, why=[*candidates.why, found])
        elif found is not None:
            _add(seen, found)
    closed = not any(one.strict for one in constraints)
    ended = all(isfinite(a) and isfinite(b) for a, b in enclosing.values())
    bounded = closed and (ended or is_bounded(alone, tuple(at), names))
    points = [one.told for one in seen]
    families = [with_point(low, one) for one in candidates.families]
    words: list[list[str]] = [[] for _ in families]
    whole = closed and candidates.complete and not candidates.box
    if whole and is_continuous([text, *(one.difference for one in alone)], tuple(at), enclosing):
        sides = [bounded or is_bounded([*alone, _below(text, r)], tuple(at), names) for r in ("<=", ">=")]
        points, words = _with_absolute(seen, families, attained_low=sides[0], attained_high=sides[1])
    points.sort(key=lambda p: (p.value, tuple(p.at.values())))
    told = [_told_family(low, one, own) for one, own in zip(families, words, strict=True)]
    return Extrema(points, candidates.complete, candidates.why, bounded, candidates.box, told)


def _told_family(low: ConstrainedInBalls, one: Family, words: list[str]) -> FamilyTold:
    place = None if one.sample is None else _floats(low, one.sample)
    return list(one.held), list(one.equations), nearest_double(one.value), words, place


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


def _looked(low: ConstrainedInBalls, high: ConstrainedInBalls, one: Candidate) -> _Seen | str | None:
    """What a candidate is; None where it does not keep the constraints, and why not where that is not decided."""
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


def _told(low: ConstrainedInBalls, one: Candidate, kinds: Sequence[KktFinding]) -> _Seen:
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
        _floats(low, down.x), dict(one.words) if any(one.words.values()) else None, nearest_double(down.value), kind,
        down.active, multipliers, down.eigenvalues,
    )  # fmt: skip
    return _Seen(told, ball(down.value))


def _singular(low: ConstrainedInBalls, one: Candidate, x: list[Any], radius: list[Any]) -> _Seen | None:
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
    return _Seen(
        Extremum(_floats(low, x), words, nearest_double(here.f), "singular", active, None, ()), ball(here.f)
    )


def _floats(low: ConstrainedInBalls, x: Sequence[Any]) -> dict[str, float]:
    return {name: nearest_double(a) for name, a in zip(low.problem.names, x, strict=True)}


def _add(seen: list[_Seen], found: _Seen) -> None:
    """Keep a point once, as what says most: extreme before singular before saddle."""
    ranks = {"minimum": 0, "maximum": 0, "degenerate": 1, "singular": 2, "saddle": 3}
    for place, other in enumerate(seen):
        pairs = zip(found.told.at.values(), other.told.at.values(), strict=True)
        if all(abs(a - b) <= 1e-12 * (1 + abs(a)) for a, b in pairs):
            if ranks[found.told.kind] < ranks[other.told.kind]:
                seen[place] = found
            return
    seen.append(found)


def _below(text: str, relation: str) -> Constraint:
    """What keeps f on one side of a number: whether that bounds the set does not depend on which."""
    from gradcli.language.problem_text import divided

    parts = divided(text)
    whole = "; ".join([*parts.definitions, parts.expression])
    return Constraint(whole, whole, whole, relation, "0", False, ())


def _with_absolute(
    seen: Sequence[_Seen], families: Sequence[Family], *, attained_low: bool, attained_high: bool
) -> tuple[list[Extremum], list[list[str]]]:
    """The points and the families' words, there being no others; what is absolute where such a value is attained.

    A family without a point that is known may keep the constraints or not: where its value would be better, none is absolute.
    """
    values = [ball(one.value) for one in families]
    taken = [one.value for one in seen]
    taken += [value for one, value in zip(families, values, strict=True) if one.sample is not None]
    if not taken:
        return [], [[] for _ in families]
    least = min(taken, key=lambda value: float(value.mid()))
    most = max(taken, key=lambda value: float(value.mid()))
    attained_low = attained_low and all(value > least or _same(value, least) for value in values)
    attained_high = attained_high and all(value < most or _same(value, most) for value in values)

    def words(value: Any) -> list[str]:
        """What a value is of all."""
        low, high = attained_low and _same(value, least), attained_high and _same(value, most)
        return ["minimum"] * low + ["maximum"] * high

    points = []
    for one in seen:
        word = next(iter(words(one.value)), None)
        kind = one.told.kind if word is None or one.told.kind not in ("singular", "degenerate") else word
        points.append(one.told._replace(absolute=word, kind=kind))
    known = zip(families, values, strict=True)
    return points, [words(value) if one.sample is not None else [] for one, value in known]


def _same(a: Any, b: Any) -> bool:
    return bool(abs(a - b) <= arb(SAME) * (1 + abs(b)))
