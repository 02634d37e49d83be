"""The last steps of a descent at a fixed rate: where they led, how they turned, and what f did on the way."""

from __future__ import annotations

from collections import deque
from itertools import pairwise

from gradcli.descent.objective.objective import Evaluation
from gradcli.descent.objective.vectors import Vector, add_scaled, dot, norm

#: Steps over which turning back, falling and rising are measured.
SPAN = 50
#: Parts of that span whose largest values are compared, and to what share steps shrink over it that make progress.
PARTS, PROGRESS = 5, 0.9


class StepHistory:
    """The last steps from *start*.

    values: f at the last points. turns: the cosines between successive steps. lengths: of the steps. still: how many
    steps in a row did not move the point. best: the step that led to the best point. record: the largest f before
    those of `values`.
    """

    def __init__(self, start: Evaluation) -> None:
        self.values: deque[float] = deque([start.f])
        self.turns: deque[float] = deque(maxlen=SPAN)
        self.lengths: deque[float] = deque(maxlen=SPAN)
        self.still = self.best = self.taken = 0
        self.record = -float("inf")
        self._points: deque[Vector] = deque([start.x], maxlen=4)
        self._last: Vector | None = None
        self._size = 0.0

    def add(self, place: Evaluation, best: bool) -> None:
        """A step led to *place*, which is the *best* so far or not."""
        self.taken += 1
        self.best = self.taken if best else self.best
        step = add_scaled(place.x, -1.0, self._points[-1])
        size = norm(step)
        self.still = 0 if size else self.still + 1
        if self._last is not None and size and self._size:
            self.turns.append(dot(step, self._last) / size / self._size)
        self._last, self._size = step, size
        self.lengths.append(size)
        self._points.append(place.x)
        self.values.append(place.f)
        if len(self.values) > SPAN:
            self.record = max(self.record, self.values.popleft())

    def cycle(self) -> bool:
        """Whether the last points repeat each other exactly."""
        p = self._points
        return len(p) == 4 and p[3] == p[1] and p[2] == p[0] and p[3] != p[2]

    @property
    def back(self) -> int:
        """How many of the last steps turned back."""
        return sum(turn < -0.5 for turn in self.turns)

    def to_and_fro(self) -> bool:
        """Whether most of the last steps turned back."""
        return self.taken >= SPAN and len(self.turns) >= SPAN // 2 and self.back >= 0.8 * len(self.turns)

    def rises(self) -> bool:
        """Whether f grew over all parts of the last steps, beyond all that it was before."""
        if self.taken < SPAN:
            return False
        tops = self._tops()
        return tops[-1] > self.record and all(a < b for a, b in pairwise(tops))

    def shrinks(self) -> bool:
        """Whether the last steps became shorter, so that a swing dies out."""
        return self.lengths[-1] < PROGRESS * self.lengths[0]

    def _tops(self) -> list[float]:
        values, size = list(self.values), max(1, len(self.values) // PARTS)
        return [max(values[i * size : (i + 1) * size]) for i in range(PARTS) if values[i * size :]]
