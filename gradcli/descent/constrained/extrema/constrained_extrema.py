"""f and constraints → every point where f can be extreme, what each is, and the absolute ones where the set is bounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from flint import arb

from gradcli.calculus.balls.ball_numbers import ball
from gradcli.calculus.balls.decimals import nearest_double
from gradcli.descent.constrained.extrema.bounded_sets import is_bounded
from gradcli.descent.constrained.extrema.candidates import Candidates
from gradcli.descent.constrained.extrema.enclosing_box import enclosing_box
from gradcli.descent.constrained.extrema.family_points import with_point
from gradcli.descent.constrained.extrema.lagrange_systems import MOST, lagrange_candidates, with_definitions
from gradcli.descent.constrained.extrema.line_extrema import Spot, line_extrema
from gradcli.descent.constrained.extrema.looked_points import Extremum, Seen, floats_of, looked
from gradcli.descent.constrained.extrema.searched_systems import BOXES, Box, candidate_at, searched_candidates
from gradcli.descent.constrained.extrema.smooth_everywhere import is_continuous
from gradcli.descent.constrained.extrema.solution_families import Family
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls
from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.records import NamedTuple

#: Values nearer to each other than this, as shares, are one; no two different ones of a textbook are.
SAME = 1e-60

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
        line = (
            _on_line(low, high, alone, box, enclosing, most or BOXES) if len(names) == len(at) == 1 else None
        )
        if line is not None:
            return line
        candidates = searched_candidates(low, box, enclosing, most or BOXES)
    return _compared(low, high, alone, enclosing, candidates)


def _compared(
    low: ConstrainedInBalls, high: ConstrainedInBalls, alone: Sequence[Constraint], enclosing: Box, candidates: Candidates
) -> Extrema:  # fmt: skip
    """What each candidate is, and which are absolute."""
    text, given, names = low.problem.text, low.problem.given, low.problem.names
    seen: list[Seen] = []
    for one in candidates.points:
        found = looked(low, high, one)
        if isinstance(found, str):
            candidates = candidates._replace(complete=False, why=[*candidates.why, found])
        elif found is not None:
            _add(seen, found)
    closed = not any(one.strict for one in alone)
    ended = all(isfinite(a) and isfinite(b) for a, b in enclosing.values())
    bounded = closed and (ended or is_bounded(alone, given, names))
    points = [one.told for one in seen]
    families = [with_point(low, one) for one in candidates.families]
    words: list[list[str]] = [[] for _ in families]
    whole = closed and candidates.complete and not candidates.box
    if whole and is_continuous([text, *(one.difference for one in alone)], given, enclosing):
        sides = [bounded or is_bounded([*alone, _below(text, r)], given, names) for r in ("<=", ">=")]
        points, words = _with_absolute(seen, families, attained_low=sides[0], attained_high=sides[1])
    points.sort(key=lambda p: (p.value, tuple(p.at.values())))
    told = [_told_family(low, one, own) for one, own in zip(families, words, strict=True)]
    return Extrema(points, candidates.complete, candidates.why, bounded, candidates.box, told)


def _on_line(
    low: ConstrainedInBalls, high: ConstrainedInBalls, alone: Sequence[Constraint], box: Box,
    enclosing: Box, most: int,
) -> Extrema | None:  # fmt: skip
    """All points of one variable, with its corners and the ends of f's domain; None where something is not known."""
    line = line_extrema(low.problem.text, alone, low.problem.names[0], box, enclosing, most)
    if line is None:
        return None
    seen = [_of_spot(low, high, one) for one in line.spots]
    points = [one.told for one in seen]
    words: list[list[str]] = [[] for _ in line.families]
    closed = not any(one.strict for one in alone)
    if closed and line.attained:
        points, words = _with_absolute(seen, line.families, attained_low=True, attained_high=True)
    points.sort(key=lambda p: (p.value, tuple(p.at.values())))
    told = [_told_family(low, one, own) for one, own in zip(line.families, words, strict=True)]
    return Extrema(points, line.complete, line.why, line.bounded and closed, line.box, told)


def _of_spot(low: ConstrainedInBalls, high: ConstrainedInBalls, spot: Spot) -> Seen:
    """A spot with its multipliers, where there are any."""
    name, (place, held, value, kind) = low.problem.names[0], spot
    words = {name: place.word}
    found = looked(low, high, candidate_at(low, [place.ball], held[:1])._replace(words=words))
    if isinstance(found, Seen) and found.told.kind != "singular":
        told = found.told._replace(kind=kind or found.told.kind, active=held)
    else:
        at = {name: nearest_double(place.ball)}
        exact_words = dict(words) if place.word else None
        told = Extremum(at, exact_words, nearest_double(value), kind or "degenerate", held, None, ())
    return Seen(told, ball(value))


def _told_family(low: ConstrainedInBalls, one: Family, words: list[str]) -> FamilyTold:
    place = None if one.sample is None else floats_of(low, one.sample)
    return list(one.held), list(one.equations), nearest_double(one.value), words, place


def _add(seen: list[Seen], found: Seen) -> None:
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
    seen: Sequence[Seen], families: Sequence[Family], *, attained_low: bool, attained_high: bool
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
        found = words(one.value)
        word = next(iter(found), None)
        kind = one.told.kind if word is None or one.told.kind not in ("singular", "degenerate") else word
        points.append(one.told._replace(absolute=word, absolutes=tuple(found), kind=kind))
    known = zip(families, values, strict=True)
    return points, [words(value) if one.sample is not None else [] for one, value in known]


def _same(a: Any, b: Any) -> bool:
    return bool(abs(a - b) <= arb(SAME) * (1 + abs(b)))
