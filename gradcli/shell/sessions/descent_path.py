"""The points of a descent, thinned to what a session remembers and a picture shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Point(NamedTuple):
    """A point of a way: the step that led there, 0 for the start, and the values of the variables."""

    step: int
    at: Mapping[str, float]


def points_beside(points: Sequence[Point], at: Mapping[str, Any]) -> list[Point]:
    """The points with what rests beside what has moved: the values in *at* that they do not have."""
    rest = {name: float(x) for name, x in at.items()}
    return [Point(step, {**rest, **numbers}) for step, numbers in points]


def thinned(points: Sequence[Point], most: int | None = None) -> Sequence[Point]:
    """As many of the points as a picture shows, or at most so many, evenly, the first and the last with them."""
    every = -(-len(points) // (most or DRAWN))
    return points if every <= 1 else [*points[:-1:every], points[-1]]


#: A session remembers at most so many points of a descent, and so many numbers of them together.
POINTS, NUMBERS = 200, 10_000


#: The same for a picture: no screen has room for more.
DRAWN, DRAWN_NUMBERS = 2_000, 200_000


def most_remembered(variables: int) -> int:
    """How many points of a descent in so many variables a session remembers."""
    return min(POINTS, NUMBERS // max(variables, 1))


def most_drawn(variables: int) -> int:
    """How many points of a descent in so many variables a picture has."""
    return max(min(DRAWN, DRAWN_NUMBERS // max(variables, 1)), 2)


class DescentPath:
    """The points of a descent, the start first; thinned to every second one whenever they become too many."""

    def __init__(self, most: int) -> None:
        self.most, self.stride, self.last = most, 1, 0
        self.points: list[tuple[int, Mapping[str, float]]] = []

    def tell(self, step: int, at: Mapping[str, float]) -> None:
        """A step led to that point."""
        self.last = step
        if step % self.stride:
            return
        self.points.append((step, dict(at)))
        if len(self.points) > self.most:
            self.stride, self.points = _thinned(self.stride, self.points, self.most)

    def settings(self, taken: int) -> dict[str, Any]:
        """What a session remembers of it. taken: the steps that the command counted, of which these are the last."""
        names = list(self.points[0][1]) if self.points else []
        if not self.points or not (most := most_remembered(len(names))):
            return {}
        shift, (_, points) = taken - self.last, _thinned(self.stride, self.points, most)
        rows = [[step + shift, *(at[name] for name in names)] for step, at in points]
        return {"way": {"names": names, "points": rows}}

    def drawn(self, end: Mapping[str, float]) -> list[Point]:
        """The points for a picture, up to where the descent ended."""
        pass

        before = [Point(step, at) for step, at in self.points if step < self.last or not self.last]
        return [*before, Point(self.last, dict(end))] if self.last else before


def _thinned(
    stride: int, points: list[tuple[int, Mapping[str, float]]], most: int
) -> tuple[int, list[tuple[int, Mapping[str, float]]]]:
    """The stride doubled, and the points it leaves, until there are at most so many; the start stays."""
    while len(points) > most:
        stride *= 2
        points = [point for point in points if point[0] % stride == 0]
    return stride, points
