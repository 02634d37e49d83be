"""f and constraints of one variable → every place on the line where something may happen, and the gaps between them.

In a gap f has a value everywhere or nowhere, it rises or falls or stands still, and each constraint holds or does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcli.calculus.balls.ball_numbers import ball, working_bits
from gradcli.calculus.balls.programs.given_numbers import number_of
from gradcli.calculus.critical.critical_places import undecided_told
from gradcli.calculus.critical.one_variable.breakpoints import Breakpoint
from gradcli.calculus.critical.one_variable.piece_middles import Ends
from gradcli.calculus.critical.one_variable.piecewise_critical_points import (
    PiecewiseCriticalPoints,
    breakpoints_of,
    piecewise_critical_points,
)
from gradcli.calculus.tables.hessian_table import hessian_of
from gradcli.descent.constrained.extrema.smooth_everywhere import poles_in
from gradcli.language.parser import parse
from gradcli.language.records import NamedTuple

#: Bits of places.
BITS = 1_200

Side = tuple[float, float]


class LinePlaces(NamedTuple):
    """All places, ascending; intervals in which there may be others; what else is not known, as sentences.

    constant: whether f stands still somewhere. pieces: what f is between its breakpoints. kinds: by the float at a
    breakpoint of f's what is there.
    """

    places: list[Breakpoint]
    open: list[Side]
    why: list[str]
    constant: bool
    pieces: Sequence[tuple[str, Ends]]
    kinds: dict[float, str]


def zeros_told(text: str, name: str, interval: Side, most: int) -> list[PiecewiseCriticalPoints]:
    """Where an expression is 0, has a seam, or a pole."""
    texts = [text, *poles_in(parse(text, [name]))]
    return [breakpoints_of(parse(f"abs({one})", [name]), name, interval, most) for one in texts]


def line_places(
    text: str, zeros: Sequence[PiecewiseCriticalPoints], name: str, interval: Side, most: int
) -> LinePlaces | None:
    """The places of f, and of what was told of constraints; None where f has a slope that nobody knows."""
    matrix = hessian_of([text], [name], [name], formulas=False)
    if matrix.unknown:
        return None
    expression = parse(text, [name])
    study = piecewise_critical_points(expression, name, {}, interval, matrix, most)
    poles = [one for pole in poles_in(expression) for one in zeros_told(pole, name, interval, most)]
    every = [study, *zeros, *poles]
    slopes = [box for box in study.undecided if box not in study.open]
    more, rest = undecided_told([text], [name], matrix, [name], {}, slopes)
    with working_bits(BITS):
        found = [place for one in every for place in one.cuts]
        for zero in study.places:
            found.append(Breakpoint(ball(zero.coordinates(BITS)[0]), (zero.words or {}).get(name)))
        for point in more:
            word = (point.exact or {}).get(name)
            if word is not None:
                found.append(Breakpoint(ball(number_of(word, BITS)), word))
        places = _each_once(found)
    return LinePlaces(
        places, [box[0] for one in every for box in one.open] + [box[0] for box in rest],
        list(dict.fromkeys(s for one in every for s in one.sentences if s.startswith("not decided"))),
        bool(study.constant), study.pieces, {p.at[name]: p.kind for p in study.breaks},
    )  # fmt: skip


def _each_once(found: Sequence[Breakpoint]) -> list[Breakpoint]:
    """Ascending; those that cannot be told from each other are one."""
    places: list[Breakpoint] = []
    for one in sorted(found, key=lambda place: place.ball.mid()):
        if places and places[-1].ball.overlaps(one.ball):
            kept = places[-1]
            narrow = min(kept.ball, one.ball, key=lambda x: x.rad())
            places[-1] = Breakpoint(narrow, kept.word or one.word)
        else:
            places.append(one)
    return places


def outermost(zeros: Sequence[PiecewiseCriticalPoints]) -> tuple[Any, Any] | None:
    """The least and the greatest of all zeros, where these are all that there are on the whole line."""
    if not all(one.everywhere and not one.undecided and not one.sentences for one in zeros):
        return None
    balls = [place.ball for one in zeros for place in one.cuts]
    if not balls:
        return None
    return min(balls, key=lambda x: x.mid()), max(balls, key=lambda x: x.mid())
