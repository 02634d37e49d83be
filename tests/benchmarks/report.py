"""Measured rows → a table with ratios, medians and spreads."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median, quantiles
from typing import Any, NamedTuple

#: In place of a bar, where a comparison only informs.
NO_BAR = "–"

_KEPT = {True: "yes", False: "**no**", None: ""}


class Row(NamedTuple):
    """One comparison: numbers of ours and of theirs, pairwise from the same round, and the ratio to stay below."""

    what: str
    against: str
    ours: Sequence[float]
    theirs: Sequence[float]
    bar: str
    unit: str = "s"

    @property
    def ratios(self) -> list[float]:
        """Ours by theirs, round by round."""
        return [a / b for a, b in zip(self.ours, self.theirs, strict=True)]

    def holds(self) -> bool | None:
        """Whether the median ratio keeps to the bar; None where there is none."""
        if self.bar == NO_BAR:
            return None
        limit = self.bar.lstrip("<≤ ")
        number = 1 / float(limit[2:]) if limit.startswith("1/") else float(limit)
        return median(self.ratios) <= number

    def cells(self) -> tuple[str, ...]:
        """What, against what, both medians, the ratio with its spread, the bar, whether it is kept."""
        low, high = _quartiles(self.ratios)
        ratio = f"{_short(median(self.ratios))} ({_short(low)} to {_short(high)})"
        pair = [f"{_scaled(median(side), self.unit)}" for side in (self.ours, self.theirs)]
        return self.what, self.against, *pair, ratio, self.bar, _KEPT[self.holds()]

    def sentence(self) -> str:
        """The row as one line."""
        return " | ".join(self.cells())

    def record(self) -> dict[str, Any]:
        """The row for JSON, every number of it."""
        return {
            "what": self.what, "against": self.against, "unit": self.unit, "bar": self.bar, "holds": self.holds(),
            "ratio": median(self.ratios), "ours": list(self.ours), "theirs": list(self.theirs),
        }  # fmt: skip


def table(rows: Sequence[Row]) -> str:
    """The rows as a table in Markdown; the spread is from the first to the third quartile."""
    header = ("what", "against", "gradcli", "the other", "ratio", "bar", "kept")
    lines = [header, tuple("---" for _ in header), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _quartiles(values: Sequence[float]) -> tuple[float, float]:
    if len(values) < 4:
        return min(values), max(values)
    first, _, third = quantiles(values, n=4)
    return first, third


def _short(ratio: float) -> str:
    return f"1/{1 / ratio:.0f}" if ratio < 0.1 else f"{ratio:.2f}"


def _scaled(value: float, unit: str) -> str:
    if unit != "s":
        return f"{value:g} {unit}"
    for limit, factor, name in ((1e-3, 1e6, "µs"), (1.0, 1e3, "ms")):
        if value < limit:
            return f"{value * factor:.3g} {name}"
    return f"{value:.3g} s"
