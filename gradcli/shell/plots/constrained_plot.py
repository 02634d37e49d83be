"""Pictures under constraints: their borders, what is extreme on them, and the gradients that balance there."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from gradcli.language.errors import GradcliError
from gradcli.language.problem_text import divided, joined
from gradcli.output.text.number_text import shown

if TYPE_CHECKING:
    from gradcli.descent.constrained.extrema.looked_points import Extremum
    from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem
    from gradcli.language.constraints.constraint_text import Constraint
    from gradcli.output.pictures.constraint_borders import Side
    from gradcli.output.pictures.scene import CurvePicture, LandscapePicture, Mark, Pull
    from gradcli.shell.problems.problem import Problem

#: Points at which gradients are drawn where the picture has no point of its own.
MOST = 4

#: Boxes that a search for extrema may take for each set of active constraints: a picture does not wait for a proof.
BOXES = 1_000

#: What multipliers may leave of a gradient, as a share, where they balance it; by how much of itself a point may miss.
BALANCED, NEAR = 1e-6, 1e-6

SOME = "not all extrema under the constraints may be marked: that there are no others here is not proved"
UNKNOWN = "extrema under the constraints are not marked: {}"


class Limits(NamedTuple):
    """The constraints of a picture: the texts of the problem, its links, and the values of what stands still."""

    texts: tuple[str, ...]
    links: tuple[Constraint, ...]
    at: Mapping[str, float]

    @property
    def told(self) -> str:
        """The constraints, for titles."""
        return "; ".join(dict.fromkeys(" ".join(one.of.split()) for one in self.links))


def limits_of(problem: Problem) -> Limits | None:
    """The constraints of a problem; None where it has none."""
    from gradcli.shell.constraints.constraint_source import links_of

    if not problem.constraints:
        return None
    at = {name: float(value) for name, value in problem.at.items()}
    return Limits(tuple(problem.texts), tuple(links_of(problem)), at)


def sides_of(limits: Limits, axes: Sequence[str]) -> list[Side]:
    """The constraints as functions of the axes."""
    from gradcli.calculus.formulas.texts.compiler import compile_text
    from gradcli.language.constraints.constraint_names import over
    from gradcli.output.pictures.constraint_borders import Side

    definitions = divided(joined(limits.texts)).definitions
    found = []
    for one in limits.links:
        sign = "-" if one.relation == ">=" else ""
        text = "; ".join([*definitions, f"{sign}({one.difference})"])
        program = compile_text([over(text, axes)], limits.at.keys(), None, formulas=False).program
        found.append(Side(one.text, one.relation == "=", program))
    return found


def extrema_of(
    limits: Limits, axes: Sequence[str], within: Mapping[str, tuple[float, float]]
) -> tuple[list[Extremum], list[str]]:
    """Where f is extreme under the constraints, the variables beside *axes* held; and what there is to say."""
    from gradcli.descent.constrained.extrema.constrained_extrema import constrained_extrema

    held = [f"{name} = {value!r}" for name, value in limits.at.items() if name not in axes]
    taken = {*axes, *limits.at}
    letter = next(one for one in ("multiplier", "λ", "μ") if not any(name.startswith(one) for name in taken))
    symbols = [f"{letter}{i}" for i in range(len(limits.links))]
    text = "; ".join([*held, joined(limits.texts)])
    try:
        found = constrained_extrema(text, limits.links, dict.fromkeys(axes, 0.0), symbols, within, BOXES)
    except (GradcliError, ArithmeticError) as error:
        return [], [UNKNOWN.format(getattr(error, "message", "numbers are too large"))]
    return found.points, [] if found.complete and not found.families else [SOME]


def marks_of(points: Sequence[Extremum], links: Sequence[Constraint], axes: Sequence[str]) -> list[Mark]:
    """Marks for extreme points; along one axis those where constraints are active, the others being marked as f's own."""
    from gradcli.output.pictures.scene import Mark

    marks = []
    for one in points:
        if len(axes) == 1 and not one.active:
            continue
        where = " and ".join(links[i].text for i in one.active)
        kind = one.kind if one.kind in ("minimum", "maximum", "saddle") else "degenerate"
        word = f"{'absolute ' if one.absolute == one.kind else ''}{one.kind}{' point' * (one.kind == 'singular')}"
        y = one.at[axes[1]] if len(axes) == 2 else one.value
        marks.append(Mark(kind, one.at[axes[0]], y, f"{word} on {where}" if where else word))
    return marks


def pulls_at(limits: Limits, axes: Sequence[str], places: Sequence[Sequence[float]]) -> list[Pull]:
    """The gradients at places that keep the constraints: f's, and those of active constraints so many times."""
    from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem

    found: list[Pull] = []
    for place in places:
        at = {**limits.at, **dict(zip(axes, place, strict=True))}
        if all(map(math.isfinite, place)):
            problem = ConstrainedProblem(limits.texts, limits.links, at, axes)
            found += _pulls(problem, [at[name] for name in problem.names], axes)
    return found


def _pulls(problem: ConstrainedProblem, x: list[float], axes: Sequence[str]) -> list[Pull]:
    from gradcli.descent.constrained.optimality.multipliers import multipliers_of
    from gradcli.descent.objective.vectors import norm
    from gradcli.output.pictures.scene import Pull

    place = problem.look(x)
    if place is None:
        return []
    room = NEAR * (1 + norm(x))
    shares = [h / (norm(row) or 1.0) for h, row in zip(place.h, place.rows, strict=True)]
    pairs = list(zip(shares, problem.equal, strict=True))
    if any((abs(h) if equal else h) > room for h, equal in pairs):
        return []
    active = [i for i, (h, equal) in enumerate(pairs) if equal or h >= -room]
    own = dict(zip(problem.names, x, strict=True))
    here = (
        own.get(axes[0], problem.base.get(axes[0], 0.0)),
        own.get(axes[1], problem.base.get(axes[1], 0.0)),
    )

    def arrow(kind: str, slopes: Sequence[float], label: str) -> Pull:
        """An arrow at the place."""
        parts = dict(zip(problem.names, slopes, strict=True))
        return Pull(kind, *here, parts.get(axes[0], 0.0) + 0.0, parts.get(axes[1], 0.0) + 0.0, label)

    arrows = [arrow("f", place.g, "∇f")]
    found = multipliers_of(place.g, place.rows, [True] * len(place.h), active)
    left = list(place.g)
    for i in active:
        left = [a + found.numbers[i] * b for a, b in zip(left, place.rows[i], strict=True)]
    if found.rest <= BALANCED:
        for i in active:
            label = f"λ∇({problem.constraints[i].text}), λ = {shown(-found.numbers[i] * problem.signs[i] + 0.0, 6)}"
            arrows.append(arrow("constraint", [-found.numbers[i] * b for b in place.rows[i]], label))
    elif active and all(norm(place.rows[i]) > 0 for i in active):
        arrows.append(arrow("along", left, "∇f along the constraints"))
    return [one for one in arrows if one.u or one.v]


def landscape_under(
    limits: Limits, picture: LandscapePicture, points: Sequence[Extremum], notes: Sequence[str]
) -> LandscapePicture:
    """The landscape with its constraints, what is extreme on them, and the gradients there."""
    from gradcli.output.pictures.constraint_borders import with_borders

    axes = picture.axes
    bordered = with_borders(picture, sides_of(limits, axes), limits.at)
    xs, ys = picture.xs, picture.ys
    marks = [
        mark for mark in marks_of(points, limits.links, axes)
        if xs[0] <= mark.x <= xs[-1] and ys[0] <= (mark.y or 0.0) <= ys[-1]
    ]  # fmt: skip
    own = [(mark.x, mark.y or 0.0) for mark in picture.marks if mark.kind == "point"]
    there = own or [(mark.x, mark.y or 0.0) for mark in marks if mark.kind in ("minimum", "maximum")][:MOST]
    pulls = pulls_at(limits, axes, there)
    return bordered._replace(
        marks=(*marks, *picture.marks), pulls=tuple(pulls), notes=(*bordered.notes, *notes)
    )


def curve_under(
    limits: Limits, picture: CurvePicture, points: Sequence[Extremum], notes: Sequence[str]
) -> CurvePicture:
    """The curve with the places where constraints begin and end, and what is extreme there."""
    from gradcli.output.pictures.constraint_borders import with_ends

    axes = (picture.axis,)
    bordered = with_ends(picture, sides_of(limits, axes), limits.at)
    ends = (picture.xs[0], picture.xs[-1])
    marks = [mark for mark in marks_of(points, limits.links, axes) if ends[0] <= mark.x <= ends[1]]
    places = {mark.x for mark in marks}
    kept = [mark for mark in bordered.marks if mark.kind != "border" or not _near(mark.x, places, ends)]
    whole = sorted([*kept, *marks], key=lambda mark: mark.x)
    return bordered._replace(marks=tuple(whole), notes=(*bordered.notes, *notes))


def _near(x: float, places: set[float], ends: tuple[float, float]) -> bool:
    """Whether a place is one of others, as far as can be seen."""
    return any(abs(x - other) <= 1e-9 * (ends[1] - ends[0]) for other in places)
