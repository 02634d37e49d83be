"""Other places to begin at, where a first search found nothing: the same ones every time."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem, Place
from gradcli.descent.verdicts.curvature import spans_of

#: How many, and how far around the start, in spans of the region.
SHARES = (0.1, 0.5, 1.0, 2.0)

#: Sizes of points that are tried far from a start.
SIZES = (1.0, 1.0, 3.0, 3.0, 10.0)

#: How far from a start without slopes others are tried, as shares of its size.
BESIDE = (0.01, 0.1, 0.5)

#: The least side of a region, as a share of its longest.
NARROW = 1e-3


def region(start: Sequence[float], x: Sequence[float]) -> list[float]:
    """The size of the region that a search is about along each variable, none below a share of the largest."""
    spans = spans_of(start, x)
    least = NARROW * max(spans, default=0.0)
    return [max(span, least) for span in spans]


def beside(
    problem: ConstrainedProblem, x: Sequence[float], kept: Callable[[list[float]], list[float]]
) -> Place | None:
    """A place next to *x*, where something has no slope; None where none is found. kept: moves a point into its bounds."""
    source = random.Random(len(x))  # noqa: S311  (nothing secret: the same every time)
    for share in BESIDE:
        step = share * max([1.0, *map(abs, x)])
        ways = [[1.0] * len(x), [-1.0] * len(x), *([source.uniform(-1, 1) for _ in x] for _ in range(6))]
        for way in ways:
            place = problem.look(kept([a + step * b for a, b in zip(x, way, strict=True)]))
            if place is not None:
                return place
    return None


def spread(problem: ConstrainedProblem, start: Place) -> list[Place]:
    """Places all over, where nothing near the start keeps the constraints: its mirror image, 0, and around both."""
    source = random.Random(len(start.x))  # noqa: S311  (nothing secret: the same every time)
    far = [[size * source.uniform(-1, 1) for _ in start.x] for size in SIZES]
    found = [problem.look(x) for x in ([-a for a in start.x], [0.0] * len(start.x), *far)]
    return [place for place in found if place is not None]


def around(problem: ConstrainedProblem, start: Place, end: Place) -> list[Place]:
    """Places around a start whose search ended at *end*."""
    source = random.Random(len(start.x))  # noqa: S311  (nothing secret: the verdict must be the same every time)
    spans = region(start.x, end.x)
    found = []
    for share in SHARES:
        x = [a + share * span * source.uniform(-1, 1) for a, span in zip(start.x, spans, strict=True)]
        place = problem.look(x)
        found += [place] if place is not None else []
    return found
