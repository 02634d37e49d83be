"""Who watches a descent: its memory of the way, a trace file, a picture, a line of progress."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gradcli.commands.speaking import remark

if TYPE_CHECKING:
    from gradcli.commands.picturing import Wanted
    from gradcli.commands.retelling import Point
    from gradcli.descent.course import Stage

#: A session remembers at most so many points of a descent, and so many numbers of them together.
POINTS, NUMBERS = 200, 10_000

#: The same for a picture: no screen has room for more.
DRAWN, DRAWN_NUMBERS = 2_000, 200_000


def remembered(variables: int) -> int:
    """How many points of a descent in so many variables a session remembers."""
    return min(POINTS, NUMBERS // max(variables, 1))


def shown(variables: int) -> int:
    """How many points of a descent in so many variables a picture has."""
    return max(min(DRAWN, DRAWN_NUMBERS // max(variables, 1)), 2)


class Way:
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
        if not self.points or not (most := remembered(len(names))):
            return {}
        shift, (_, points) = taken - self.last, _thinned(self.stride, self.points, most)
        rows = [[step + shift, *(at[name] for name in names)] for step, at in points]
        return {"way": {"names": names, "points": rows}}

    def drawn(self, end: Mapping[str, float]) -> list[Point]:
        """The points for a picture, up to where the descent ended."""
        from gradcli.commands.retelling import Point

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


class Watcher:
    """Is told of every step of a descent, and tells those who want to know."""

    def __init__(self, how: Mapping[str, Any], variables: int, color: str) -> None:
        self.trace: Any = None
        self.live: Any = None
        self.progress: Any = None
        draws = bool(how["plot"] or how["plot_out"] or how["live"])
        self.way = Way(shown(variables) if draws else remembered(variables))
        if how["trace"]:
            from gradcli.commands.tracing import Trace

            self.trace = Trace(how["trace"], how["every"] or 1)
        if how["live"] and sys.stdout.isatty():
            from gradcli.commands.illustrating import Live

            self.live = Live(color)
        elif how["live"]:
            remark(["--live draws on a terminal, and this is none"], color)
        if sys.stderr.isatty() and not self.live:
            from gradcli.output.progress import Progress

            self.progress = Progress(sys.stderr)

    def follow(
        self, start: Mapping[str, float], want: Callable[[], Wanted]
    ) -> Callable[[int, Stage], None] | None:
        """The listener of a descent from *start*, None where nobody listens, which is quicker. want: its picture."""
        if self.live:
            self.live.want = want
        if self.way.most != 0:
            self.way.tell(0, start)
        elif not (self.trace or self.live or self.progress):
            return None
        return self._tell

    def _tell(self, step: int, stage: Stage) -> None:
        if self.way.most != 0:
            self.way.tell(step, stage.at)
        if self.trace:
            self.trace.tell(step, stage)
        if self.live:
            self.live.tell()
        if self.progress:
            slopes = [slope for slope in stage.gradient.values() if slope is not None]
            self.progress.tell(step, stage.value, math.hypot(*slopes))

    def end(self) -> None:
        """The descent is over."""
        for one in (self.live, self.progress):
            if one:
                one.end()

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """The trace takes its place if the block succeeds, and leaves nothing behind where it does not."""
        if self.trace is None:
            yield
            return
        try:
            with self.trace.kept():
                yield
        finally:
            self.trace.discard()
