"""What became of every box of a search, as plain lists: the part of a certificate that is long.

Each box has a number, the whole domain 1, and one list: its number, what was done to it, and the boxes that came of it.

    [7, "value"]                                  no value in it is as low: excluded; so "slopes", "curvature", "convex"
    [7, "cut", 0, "3p-2", "3p-2", 8, 9]           along variable 0: one part ends at 3/4, the other begins there
    [7, "newton", [[0, "1p-3", ">"]], "cut", …]   made smaller first
    [7, "monotone", [[8, [[0, "<", "<"]]]]]       only box 8 is left of it, whose variable 0 is at the domain's lower end
    [7, "left"]                                   undecided

Ends are whole numbers times powers of two, `<` and `>` the domain's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb, fmpz

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.descent.proofs.boxes import Box, Domain, Side, side

#: Bits of an end, and of its power of two, that are read.
_LONGEST, _LARGEST = 2_000, 100_000


class Record:
    """Is told what becomes of the boxes of a search."""

    def __init__(self, domain: Domain) -> None:
        self.domain = domain
        self.rows: list[list[Any]] = []

    def excluded(self, number: int, test: str) -> None:
        """The test that excluded a box."""
        self.rows.append([number, test])

    def shortened(self, number: int, test: str, box: Box, parts: Sequence[tuple[int, Box]]) -> None:
        """The parts of a box that a test left."""
        self.rows.append([number, test, [[child, self.changes(box, part)] for child, part in parts]])

    def cut(self, number: int, before: Box, box: Box, i: int, parts: Sequence[tuple[int, Box]]) -> None:
        """A box, perhaps made smaller, and cut along variable *i*."""
        (first, left), (second, right) = parts
        ends = [self.text(i, left[i].high), self.text(i, right[i].low)]
        self.rows.append([number, *self._newton(before, box), "cut", i, *ends, first, second])

    def left(self, number: int, before: Box, box: Box) -> None:
        """A box that stays undecided."""
        self.rows.append([number, *self._newton(before, box), "left"])

    def _newton(self, before: Box, box: Box) -> list[Any]:
        changes = self.changes(before, box)
        return ["newton", changes] if changes else []

    def changes(self, before: Box, after: Box) -> list[list[Any]]:
        """The sides that are others: number, lower and upper end."""
        pairs = enumerate(zip(before, after, strict=True))
        return [[i, self.text(i, b.low), self.text(i, b.high)] for i, (a, b) in pairs if a is not b]

    def text(self, i: int, end: Any) -> str:
        """An end of a side of variable *i*."""
        one = self.domain.box[i]
        return "<" if end is one.low else ">" if end is one.high else text_of_exact(end)


def text_of_exact(x: Any) -> str:
    """A ball without width: `3p-2` is 3 times two to the power -2."""
    mantissa, exponent = x.man_exp()
    return f"{int(mantissa)}p{int(exponent)}"


def exact_of_text(text: Any) -> Any:
    """What `text_of_exact` was given. Raises ValueError."""
    mantissa, _, exponent = str(text).partition("p")
    if len(mantissa) > _LONGEST // 3 or abs(int(exponent)) > _LARGEST:
        raise ValueError("too long an end")
    with working_bits(4 * _LONGEST):
        return (arb(fmpz(int(mantissa))) * arb(2) ** int(exponent)).mid()


def changed(domain: Domain, box: Box, changes: Any) -> Box:
    """The box with the sides that `Record.changes` names. Raises ValueError, TypeError, LookupError."""
    sides: list[Side] = list(box)
    for i, low, high in changes:
        if not 0 <= i < len(sides):
            raise ValueError("no such side")
        first, last = end_of(domain, i, low), end_of(domain, i, high)
        if not (first is last or last >= first):
            raise ValueError("an empty side")
        sides[i] = side(first, first if low == high else last)
    return tuple(sides)


def end_of(domain: Domain, i: int, text: Any) -> Any:
    """The end that `Record.text` named."""
    return domain.box[i].low if text == "<" else domain.box[i].high if text == ">" else exact_of_text(text)
