"""f of one variable under constraints: every end, corner and zero of its slope, and on which side f rises from it.

Between two neighbouring places f rises, falls or stands still, so its value in the middle says what each of them is.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import inf, isfinite, nextafter
from typing import Any

from flint import arb

from gradcli.calculus.balls.ball_numbers import ball, exact, working_bits
from gradcli.calculus.balls.decimals import nearest_double, rational_of
from gradcli.calculus.balls.programs.ball_backend import run, run_to_bits
from gradcli.calculus.balls.programs.ball_operations import Failure, undecided
from gradcli.calculus.critical.one_variable.breakpoints import Breakpoint
from gradcli.calculus.critical.one_variable.written_nodes import substituted
from gradcli.calculus.graph.reverse_sweep import compile_value
from gradcli.calculus.linear_algebra.second_derivative_test import typed
from gradcli.descent.constrained.extrema.line_places import LinePlaces, line_places, outermost, zeros_told
from gradcli.descent.constrained.extrema.searched_systems import REACH, Box, common, wider
from gradcli.descent.constrained.extrema.smooth_everywhere import has_no_jumps, is_known
from gradcli.descent.constrained.extrema.solution_families import Family
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.errors import LimitProblem
from gradcli.language.parser import parse
from gradcli.language.parser.outputs import total
from gradcli.language.records import NamedTuple

#: Bits of values that are compared, and what is no more than 0.
BITS, NOTHING = 640, 1e-40


class Spot(NamedTuple):
    """A place that keeps the constraints, those that are 0 there, f's value, and what it is.

    kind: None where that is not shown. place: its ball and its exact text.
    """

    place: Breakpoint
    held: tuple[int, ...]
    value: Any
    kind: str | None


class LineExtrema(NamedTuple):
    """All spots, whether there are no others in the box, and why that is not shown; families: on which f stands still.

    bounded: whether the set is. attained: whether f is continuous on it, and it closed.
    """

    spots: list[Spot]
    complete: bool
    why: list[str]
    box: Box
    families: list[Family]
    bounded: bool
    attained: bool


def line_extrema(
    text: str, constraints: Sequence[Constraint], name: str, box: Box, enclosing: Box, most: int
) -> LineExtrema | None:  # fmt: skip
    """The study of *text*, f, in the variable *name*; None where something in f or a constraint is not known.

    constraints: each one stands by itself. box: what was asked for, if anything; enclosing: a box that holds the set.
    """
    try:
        expressions = [total([one], [name]) for one in (text, *(c.difference for c in constraints))]
        f, *sides = [substituted(one, {})[-1] for one in expressions]
        if not all(map(is_known, expressions)):
            return None
        work = _Line(f, sides, constraints, name)
        reach = work.reach(box.get(name, (-REACH, REACH)), enclosing[name], name in box, most)
        places = line_places(f, work.zeros, name, wider(*reach.searched), most)
    except LimitProblem:
        return None
    if places is None:
        return None
    with working_bits(BITS):
        return work.told(places, reach)


class Reach(NamedTuple):
    """What is searched; whether all of the set is in it; the box of which else is spoken."""

    searched: tuple[float, float]
    whole: bool
    box: Box


class _Gap(NamedTuple):
    """Between two neighbouring places, by their number: f in the middle, None where that is not known.

    sure: whether no other place can be in it.
    """

    low: int
    middle: Any
    value: Any
    sure: bool


class _Line:
    """f and the constraints' differences as texts, compiled."""

    def __init__(self, f: str, sides: Sequence[str], constraints: Sequence[Constraint], name: str) -> None:
        self.f, self.sides, self.constraints, self.name = f, sides, constraints, name
        self.programs = [compile_value(one, [name]) for one in (f, *sides)]
        self.zeros: list[Any] = []

    def reach(
        self, asked: tuple[float, float], enclosing: tuple[float, float], typed_: bool, most: int
    ) -> Reach:
        """What has to be searched; the constraints' zeros are known then."""
        searched = common(asked, enclosing, typed_)
        found = [zeros_told(one, self.name, wider(*searched), most) for one in self.sides]
        low, high = enclosing
        for i, zeros in enumerate(found):
            ends = outermost(zeros)
            if ends is not None and self.holds(i, rational_of((ends[0] - 1).mid())) is False:
                low = max(low, nextafter(float(ends[0].lower()), -inf))
            if ends is not None and self.holds(i, rational_of((ends[1] + 1).mid())) is False:
                high = min(high, nextafter(float(ends[1].upper()), inf))
        if (again := common(asked, (low, high), typed_)) != searched:
            searched = again
            found = [zeros_told(one, self.name, wider(*searched), most) for one in self.sides]
        self.zeros = [one for zeros in found for one in zeros]
        whole = searched[0] <= low and high <= searched[1] and isfinite(low) and isfinite(high)
        return Reach(searched, whole, {} if whole else {self.name: asked})

    def value(self, k: int, x: Any) -> Any:
        """f (0) or a constraint's difference (from 1) at a number; a Failure where there is none."""
        program = self.programs[k]
        given = [x] if program.variables else []
        if isinstance(x, arb):  # there is nothing that more bits could tell
            found = run(program, given, BITS)[program.value]
        else:
            found = run_to_bits(program, given, [program.value], BITS)[program.value]
        if isinstance(found, Failure):
            return found
        return arb(0) if not exact(found) and found.contains(0) and abs(found) < NOTHING else ball(found)

    def holds(self, i: int, x: Any) -> bool | None:
        """Whether a constraint holds at a number; None where that is not decided."""
        found = self.value(i + 1, x)
        if isinstance(found, Failure):
            return None if undecided(found) else False
        relation = self.constraints[i].relation
        if found == 0:
            return True
        if found.contains(0):
            return None
        return relation != "=" and bool(found < 0) == (relation == "<=")

    def told(self, places: LinePlaces, reach: Reach) -> LineExtrema:
        """The spots and gaps, put together."""
        why = list(places.why)
        spots = [self._spot(one, why) for one in places.places]
        gaps = self._gaps(places, reach.searched)
        named = [self._named(k, spot, gaps, places) for k, spot in enumerate(spots) if spot is not None]
        sure = not why and all(gap.sure for gap in gaps)
        if not all(gap.sure for gap in gaps):
            why.append("the slope or a constraint was not decided everywhere")
        kept = [one for one in named if one is not None and _is_in(one.place, reach.box.get(self.name))]
        attained = all(self._is_closed(gap, spots, places) for gap in gaps)
        level = [gap for gap in gaps if places.constant and self._is_level(gap, spots, places)]
        families = [self._family(gap, spots, places) for gap in level]
        return LineExtrema(
            kept, sure, why, reach.box, families, reach.whole, attained and sure and reach.whole
        )

    def _spot(self, place: Breakpoint, why: list[str]) -> Spot | None:
        """A place with f's value; None where it does not keep the constraints, or f has none."""
        x = _number(place)
        holding = [self.holds(i, x) for i in range(len(self.sides))]
        if False in holding:
            return None
        value = self.value(0, x)
        if None in holding or (isinstance(value, Failure) and undecided(value)):
            why.append(f"what is at {self.name} = {float(place.ball.mid()):.10g} is not decided")
            return None
        if isinstance(value, Failure):
            return None
        held = tuple(i for i in range(len(self.sides)) if self.value(i + 1, x) == 0)
        return Spot(place, held, value, None)

    def _gaps(self, places: LinePlaces, searched: tuple[float, float]) -> list[_Gap]:
        """Those gaps in which f has values and the constraints may hold."""
        low, high = searched
        balls = [place.ball for place in places.places]
        ends = [
            min([arb(low), *(b.lower() for b in balls)]),
            *balls,
            max([arb(high), *(b.upper() for b in balls)]),
        ]
        gaps = []
        for k, (a, b) in enumerate(pairwise(ends)):
            outer = k in (0, len(ends) - 2)
            if outer and not bool(abs(b - a).lower() > 0):
                continue
            x = rational_of(((a + b) / 2).mid())
            holding = [self.holds(i, x) for i in range(len(self.sides))]
            value = self.value(0, x)
            none = isinstance(value, Failure)
            if False in holding or (none and not undecided(value)):
                continue
            free = not any(c <= b.upper() and d >= a.lower() for c, d in places.open)
            gaps.append(_Gap(k - 1, x, None if none else value, free and not none and None not in holding))
        return gaps

    def _named(self, k: int, spot: Spot, gaps: Sequence[_Gap], places: LinePlaces) -> Spot | None:
        """A spot with what it is; None where f only goes through it."""
        beside = [gap for gap in gaps if k in (gap.low, gap.low + 1)]
        signs = [self._rises(spot, gap, places) if gap.sure and not places.why else None for gap in beside]
        own = places.kinds.get(nearest_double(spot.place.ball) + 0.0)
        if None in signs:
            return spot._replace(kind=own if own != "degenerate" else None)
        low, high = all(s != -1 for s in signs), all(s != 1 for s in signs)
        if low != high:
            return spot._replace(kind="minimum" if low else "maximum")
        if low:
            return spot._replace(kind="degenerate")
        if own not in (None, "degenerate"):
            return spot._replace(kind=own)
        return spot._replace(kind="saddle") if spot.held or self._is_level_at(spot) else None

    def _is_level_at(self, spot: Spot) -> bool:
        """Whether f's slope may be 0 at a spot."""
        program = compile_slope(self.f, self.name)
        slot = program.gradient[0] if program.variables else None
        if slot is None:
            return True
        found = run_to_bits(program, [_number(spot.place)], [slot], BITS)[slot]
        return not isinstance(found, Failure) and bool(ball(found).contains(0))

    def _rises(self, spot: Spot, gap: _Gap, places: LinePlaces) -> int | None:
        """Whether f is above (1) or below (-1) its value at a spot right beside it, or the same; None: not known."""
        start = self._limit(spot, gap, places)
        if start is None:
            return None
        for other in (start, gap.value):
            if other > spot.value:
                return 1
            if other < spot.value:
                return -1
        return 0 if places.constant else None

    def _limit(self, spot: Spot, gap: _Gap, places: LinePlaces) -> Any:
        """What f comes near to from the gap; None where that is not known."""
        if has_no_jumps(parse(self.f, [self.name])):
            return spot.value
        for text, (low, high) in places.pieces:
            inside = (low is None or low.ball <= gap.middle) and (high is None or high.ball >= gap.middle)
            if inside and has_no_jumps(parse(text, [self.name])):
                program = compile_value(text, [self.name])
                given = [_number(spot.place)] if program.variables else []
                found = run_to_bits(program, given, [program.value], BITS)[program.value]
                if isinstance(found, Failure):
                    return None
                near = abs(ball(found) - spot.value)
                return spot.value if near.contains(0) and near < NOTHING else ball(found)
        return None

    def _is_closed(self, gap: _Gap, spots: Sequence[Spot | None], places: LinePlaces) -> bool:
        """Whether both ends of a gap are spots that f is continuous at from inside."""
        if not 0 <= gap.low < len(spots) - 1:
            return False
        ends = spots[gap.low], spots[gap.low + 1]
        return all(end is not None and self._limit(end, gap, places) is end.value for end in ends)

    def _is_level(self, gap: _Gap, spots: Sequence[Spot | None], places: LinePlaces) -> bool:
        """Whether f stands still in a gap: it is monotone there, and comes near to the same at an end of it."""
        ends = [spots[k] for k in (gap.low, gap.low + 1) if 0 <= k < len(spots)]
        limits = [self._limit(end, gap, places) for end in ends if end is not None]
        return gap.sure and any(one is not None and bool((one - gap.value).contains(0)) for one in limits)

    def _family(self, gap: _Gap, spots: Sequence[Spot | None], places: LinePlaces) -> Family:
        """A gap on which f stands still, its ends with it where f is the same there."""
        parts = [self.name]
        for k in (gap.low, gap.low + 1):
            if not 0 <= k < len(spots):
                continue
            spot, word = spots[k], _word(places.places[k])
            sign = "<=" if spot is not None and self._limit(spot, gap, places) is spot.value else "<"
            parts = [word, sign, *parts] if k == gap.low else [*parts, sign, word]
        return Family((), (" ".join(parts),), gap.value, (gap.middle,))


def _is_in(place: Breakpoint, side: tuple[float, float] | None) -> bool:
    """Whether a place is in what was asked for, its ends included."""
    return side is None or bool(place.ball.overlaps(arb(side[0]).union(arb(side[1]))))


def compile_slope(text: str, name: str) -> Any:
    """The program of a text and its slope."""
    from gradcli.calculus.formulas.texts.compiler import compile_text

    return compile_text([text], [name], [name], formulas=False).program


def _number(place: Breakpoint) -> Any:
    return place.ball if place.word is None else typed(place.word)


def _word(place: Breakpoint) -> str:
    return place.word or f"{float(place.ball.mid()):.10g}"
