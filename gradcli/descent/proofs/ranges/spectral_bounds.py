"""The largest curvature of f in a box: bounds of the norm of its Hessian, and whether f is convex there.

A bound s of the norm is shown by both s - H and s + H being positive definite on a whole box.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import Any, NamedTuple

from flint import arb

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.enclosures.box_program import BITS, BoxProgram
from gradcli.calculus.enclosures.centred_forms import is_definite
from gradcli.descent.proofs.boxes import Box, Domain, halves, middle

#: Halvings of the interval that holds a norm.
_HALVINGS = 9

#: Boxes that are looked at to see whether f is convex, or whether there is a bound at all.
_BENDS = 300


class Curvature(NamedTuple):
    """The norm of the Hessian: the interval that holds its largest value in the box, `upper` None where no bound was found.

    convex, concave: True where shown, False where a point shows the opposite, None where neither.
    """

    lower: Any
    upper: Any
    convex: bool | None
    concave: bool | None
    boxes: int


def curvature_of(field: BoxProgram, domain: Domain, share: float, most: int) -> Curvature:
    """Cut the box until the norm's largest value is known to a *share* of it."""
    with working_bits(BITS):
        return _Curvatures(field, domain).search(share, most)


class _Curvatures:
    def __init__(self, field: BoxProgram, domain: Domain) -> None:
        self.field, self.domain = field, domain
        self.lower = arb(0)
        self.waiting: list[tuple[Any, int, Box]] = []
        self.moving = [i for i, one in enumerate(domain.box) if not one.fixed]
        self.boxes = 0

    def search(self, share: float, most: int) -> Curvature:
        self.push(self.domain.box)
        while self.boxes < most:
            top = -self.waiting[0][0]
            if (top - self.lower) <= self.lower * share or not (parts := self._parts(self.waiting[0][2])):
                break
            if not top.is_finite() and self.boxes > _BENDS:
                break
            heapq.heappop(self.waiting)
            for part in parts:
                self.push(part)
        upper = -self.waiting[0][0]
        bends = (self.bends(1), self.bends(-1)) if upper.is_finite() else (None, None)
        return Curvature(self.lower, upper if upper.is_finite() else None, *bends, self.boxes)

    def bends(self, way: int) -> bool | None:
        """Whether f is convex in the box (concave for way -1): shown part by part, or refuted by a point."""
        left, looked = [self.domain.box], 0
        while left and looked < _BENDS:
            box, looked = left.pop(0), looked + 1
            here = self.field.look(middle(box)).seconds()
            if here is not None and _falls(_rows(here, self.moving), way):
                return False
            seconds = self.field.look([one.ball for one in box]).seconds()
            if seconds is None or not _bends(_rows(seconds, self.moving), way):
                left += self._parts(box)
        return None if left else True

    def push(self, box: Box) -> None:
        """Look at a box, and let it wait by its bound."""
        self.boxes += 1
        here = self.field.look(middle(box)).seconds()
        if here is not None:
            self.lower = self.lower.max(norm_below(_rows(here, self.moving)))
        seconds = self.field.look([one.ball for one in box]).seconds()
        bound = arb("inf") if seconds is None else norm_above(_rows(seconds, self.moving), self.lower)
        heapq.heappush(self.waiting, (-bound, self.boxes, box))

    def _parts(self, box: Box) -> list[Box]:
        widths = [one.ball.rad() / self.domain.width(i) for i, one in enumerate(box)]
        for i in sorted(range(len(box)), key=lambda i: -float(widths[i])):
            if parts := halves(self.domain, box, i):
                return parts
        return []


def _rows(seconds: Sequence[Sequence[Any]], moving: Sequence[int]) -> list[list[Any]]:
    return [[seconds[i][j] for j in moving] for i in moving]


def _bends(rows: Sequence[Sequence[Any]], way: int) -> bool:
    """Whether no matrix has an eigenvalue below 0 (above 0 for way -1): definite, or of one entry, or diagonal."""
    if all(rows[i][j].is_zero() for i in range(len(rows)) for j in range(i)):
        return all(way * rows[i][i] >= 0 for i in range(len(rows)))
    return is_definite([[way * x for x in row] for row in rows])


def _falls(rows: Sequence[Sequence[Any]], way: int) -> bool:
    """Whether the matrix certainly has an eigenvalue below 0 (above 0 for way -1): by its minors of one and two rows."""
    size = range(len(rows))
    if any(way * rows[i][i] < 0 for i in size):
        return True
    return any(rows[i][i] * rows[j][j] - rows[i][j] * rows[i][j] < 0 for i in size for j in range(i))


def norm_above(rows: Sequence[Sequence[Any]], enough: Any) -> Any:
    """A bound of the norm of all symmetric matrices in a matrix of balls; a plain one where that is *enough*."""
    high = max((sum(x.abs_upper() for x in row) for row in rows), default=arb(0)).upper()
    if not (high.is_finite() and high > enough):
        return high
    low = max(abs(rows[i][i]).abs_lower() for i in range(len(rows)))
    for _ in range(_HALVINGS):
        trial = ((low + high) / 2).mid()
        if trial < high and _is_bound(rows, trial):
            high = trial
        else:
            low = trial
    return high


def norm_below(rows: Sequence[Sequence[Any]]) -> Any:
    """A number that the norm of a thin matrix is not below: the length of one of its columns."""
    columns = [sum(x * x for x in row) for row in rows]
    plain = max((column.sqrt().lower() for column in columns), default=arb(0))
    return plain.max(_by_powers(rows)) if plain.is_finite() else arb(0)


def _by_powers(rows: Sequence[Sequence[Any]]) -> Any:
    """The length of H*v over that of v, after a few steps of the power method."""
    v = [arb(1) + arb(k) / 7 for k in range(len(rows))]
    ratio = arb(0)
    for _ in range(12):
        w = [sum((x.mid() * y for x, y in zip(row, v, strict=True)), arb(0)).mid() for row in rows]
        size = max((abs(x) for x in w), default=arb(0))
        if not size > 0:
            return arb(0)
        v = [(x / size).mid() for x in w]
    image = [sum((x * y for x, y in zip(row, v, strict=True)), arb(0)) for row in rows]
    ratio = sum((x * x for x in image), arb(0)) / sum((x * x for x in v), arb(0))
    return ratio.sqrt().lower() if ratio > 0 else arb(0)


def _is_bound(rows: Sequence[Sequence[Any]], s: Any) -> bool:
    return all(
        is_definite(
            [[(s if i == j else 0) + way * x for j, x in enumerate(row)] for i, row in enumerate(rows)]
        )
        for way in (1, -1)
    )
