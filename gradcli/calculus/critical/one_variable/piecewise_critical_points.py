"""f of one variable with seams → its critical points: where the slope of a piece vanishes, and where pieces meet.

Pieces that are quotients of polynomials are solved exactly, on the whole line; others in an interval, by bisection.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from flint import arb

from gradcli.calculus.balls.ball_numbers import ball, exact
from gradcli.calculus.balls.programs.ball_backend import run_to_bits
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.critical.boxes.bisection import search
from gradcli.calculus.critical.boxes.exact_names import guesses
from gradcli.calculus.critical.boxes.gradient_enclosure import Field
from gradcli.calculus.critical.boxes.reduced_slopes import reduced_slopes
from gradcli.calculus.critical.one_variable.breakpoints import Breakpoint, zeros_of
from gradcli.calculus.critical.one_variable.nonsmooth_points import nonsmooth_point_at
from gradcli.calculus.critical.one_variable.piece_middles import (
    Ends,
    NoValue,
    between,
    has_value,
    sign_between,
)
from gradcli.calculus.critical.one_variable.poles import poles_of
from gradcli.calculus.critical.one_variable.seams import STEPS, innermost, rewritten
from gradcli.calculus.critical.one_variable.written_nodes import substituted
from gradcli.calculus.critical.polynomials.exact_critical_points import solve_gradient_exactly
from gradcli.calculus.linear_algebra.second_derivative_test import Critical, Place, at_texts
from gradcli.calculus.program.derivative_table import Matrix
from gradcli.calculus.tables.hessian_table import hessian_of
from gradcli.language.parser import parse
from gradcli.language.tree import Expression

#: Seams that are cut at, in all.
MOST_SEAMS = 400


class PiecewiseCriticalPoints(NamedTuple):
    """Zeros of the slope between breakpoints; points at breakpoints; intervals on which f is constant; what is not
    decided, as intervals and as sentences; everywhere: whether nothing was left to a search in the interval alone.

    cuts: all breakpoints; open: intervals in which there may be others; pieces: what f is between two of them, as texts.
    """

    places: list[Place]
    breaks: list[Critical]
    constant: list[str]
    undecided: list[tuple[tuple[float, float], ...]]
    sentences: list[str]
    everywhere: bool
    cuts: Sequence[Breakpoint] = ()
    open: Sequence[tuple[tuple[float, float], ...]] = ()
    pieces: Sequence[tuple[str, Ends]] = ()


def breakpoints_of(
    expression: Expression, name: str, interval: tuple[float, float], most: int
) -> PiecewiseCriticalPoints:
    """The study of *expression* without the zeros of its slope: `abs(u)` has breakpoints where u is 0 or has a seam."""
    work = _Study(name, interval, most, slopes=False)
    work.piece(substituted(expression, {})[-1], _outer(expression, interval, work), frozenset())
    return PiecewiseCriticalPoints(
        [], [], [], work.undecided, work.sentences, work.everywhere, work.breaks, work.open
    )


def _outer(expression: Expression, interval: tuple[float, float], work: _Study) -> Ends:
    """The ends of the line; those of the interval where there is a piece for each whole number."""
    if not any(node.op in STEPS for node in expression.nodes):
        return None, None
    work.everywhere = False
    return Breakpoint(arb(interval[0]), None), Breakpoint(arb(interval[1]), None)


def piecewise_critical_points(
    expression: Expression, name: str, fixed: Mapping[str, str], interval: tuple[float, float], matrix: Matrix, most: int
) -> PiecewiseCriticalPoints:  # fmt: skip
    """The study of *expression*; interval: what is searched where nothing exact can be done."""
    work = _Study(name, interval, most)
    work.piece(substituted(expression, fixed)[-1], _outer(expression, interval, work), frozenset())
    found: list[Critical] = []
    for place in work.breaks:
        local = nonsmooth_point_at(matrix.program, name, fixed, place)
        if isinstance(local, str):
            work.sentences.append(local)
        elif local.kind is not None and local.value is not None:
            at = float(ball(place.ball).mid())
            point = Critical({name: at + 0.0}, {name: place.word}, local.value, local.kind, [], 0.0, False)
            smooth = (
                at_texts(matrix, {name: place.word}, fixed)
                if place.word and local.kind == "degenerate"
                else ""
            )
            found.append(point if isinstance(smooth, str) else smooth)
    return PiecewiseCriticalPoints(
        work.places, found, work.constant, work.undecided, work.sentences, work.everywhere, work.breaks, work.open,
        work.pieces,
    )  # fmt: skip


class _Study:
    """What is known on the way."""

    def __init__(self, name: str, interval: tuple[float, float], most: int, *, slopes: bool = True) -> None:
        self.name, self.interval, self.most, self.slopes = name, interval, most, slopes
        self.open: list[tuple[tuple[float, float], ...]] = []
        self.pieces: list[tuple[str, Ends]] = []
        self.places: list[Place] = []
        self.breaks: list[Breakpoint] = []
        self.constant: list[str] = []
        self.undecided: list[tuple[tuple[float, float], ...]] = []
        self.sentences: list[str] = []
        self.everywhere = True
        self.seams = 0

    def piece(self, text: str, ends: Ends, known: frozenset[str]) -> None:
        """The critical points of *text* between two breakpoints; known: seams that were cut at."""
        expression = parse(text, [self.name])
        seams = innermost(expression)
        poles = (pole for seam in seams.pieces for pole in poles_of(parse(seam, [self.name])) or ())
        texts = dict.fromkeys((*seams.pieces, *seams.ends, *poles))
        fresh = [text for text in texts if text not in known]
        if not fresh and not seams.pieces:
            self._smooth(text, ends)
            return
        self.seams += len(fresh)
        if self.seams > MOST_SEAMS:
            self.everywhere = False
            self.sentences.append("not decided: f has too many pieces")
            return
        cuts = self._cuts(fresh, ends)
        for part in zip([ends[0], *cuts], [*cuts, ends[1]], strict=True):
            if not self.everywhere and self._outside(part):
                continue
            try:
                changed = rewritten(expression, partial(self._sign, between(part, self.interval)))
            except NoValue:
                continue
            if changed == substituted(expression, {})[-1] and not set(fresh) - known:
                self._unknown_piece()
                continue
            self.piece(changed, part, known | {*fresh})

    def _outside(self, ends: Ends) -> bool:
        """Whether all of a piece is outside of the interval, where seams may not have been looked for."""
        low, high = self.interval
        return (ends[1] is not None and ends[1].ball <= low) or (ends[0] is not None and ends[0].ball >= high)

    def _sign(self, places: Sequence[Any], seam: str) -> int:
        sign, sure = sign_between(self.name, places, seam)
        if not sure:
            self._unknown_piece()
        return sign

    def _unknown_piece(self) -> None:
        """What is found in it is looked at with f as it was typed; what else there is in it nobody knows."""
        sentence = "not decided: a piece of f is not known"
        if sentence not in self.sentences:
            self.sentences.append(sentence)

    def _cuts(self, seams: Sequence[str], ends: Ends) -> list[Breakpoint]:
        """The zeros of seams strictly between the ends, ascending; each is remembered as a breakpoint."""
        found: list[Breakpoint] = []
        for seam in seams:
            zeros = zeros_of(seam, self.name, self.interval, self.most)
            self.everywhere = self.everywhere and zeros.everywhere
            self.undecided += zeros.undecided
            self.open += zeros.undecided
            for place in zeros.places:
                if _inside(place.ball, ends) and not any(place.ball.overlaps(other.ball) for other in found):
                    found.append(place)
        self.breaks += [new for new in found if not any(new.ball.overlaps(old.ball) for old in self.breaks)]
        return sorted(found, key=lambda place: place.ball.mid())

    def _smooth(self, text: str, ends: Ends) -> None:
        self.pieces.append((text, ends))
        if not self.slopes:
            return
        known = (
            poles_of(parse(text, [self.name])) is not None
        )  # then it has values almost everywhere, or nowhere
        if known and not has_value(text, self.name, between(ends, self.interval)):
            return
        exact = solve_gradient_exactly([text], [self.name], [self.name], {})
        if exact is not None:
            if exact.families:
                self.constant.append(
                    ":".join(_end(end, side) for end, side in zip(ends, ("-inf", "inf"), strict=True))
                )
            self.places += [p for p in exact.places if _inside(ball(p.coordinates(1024)[0]), ends)]
            return
        self.everywhere = False
        low, high = self.interval
        low = low if ends[0] is None else max(low, float(ends[0].ball.mid()))
        high = high if ends[1] is None else min(high, float(ends[1].ball.mid()))
        if low < high:
            self._searched(text, (low, high), ends)

    def _searched(self, text: str, interval: tuple[float, float], ends: Ends) -> None:
        expression = parse(text, [self.name])
        matrix = reduced_slopes(expression, [self.name], [self.name], open_ends=True)
        if matrix is None:
            matrix = hessian_of([text], [self.name], [self.name], formulas=False)
        if matrix.unknown:
            self.undecided.append((interval,))
            return
        found = search(Field(matrix, [self.name], {}), [interval], self.most)
        self.undecided += found.undecided
        self.places += [
            Place(lambda bits, zero=zero: zero, _named(matrix, self.name, zero[0]), True)  # type: ignore[misc]
            for zero in found.zeros
            if _inside(zero[0], ends)
        ]


def _named(matrix: Matrix, name: str, zero: Any) -> dict[str, str | None] | None:
    """An exact text for a zero, at which the slope of the piece is shown to vanish."""
    for guess in guesses(zero):
        slope = run_to_bits(matrix.program, [guess], matrix.values, 64)[matrix.values[0]]
        if not isinstance(slope, Failure) and exact(slope) and slope == 0:
            return {name: guess}
    return None


def _end(end: Breakpoint | None, side: str) -> str:
    return side if end is None else end.word or f"{float(end.ball.mid()):.10g}"


def _inside(x: Any, ends: Ends) -> bool:
    """Whether a ball lies strictly between the ends."""
    return (ends[0] is None or bool(x > ends[0].ball)) and (ends[1] is None or bool(x < ends[1].ball))
