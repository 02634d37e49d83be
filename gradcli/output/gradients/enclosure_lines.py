"""The intervals that value and gradient must lie in → their part of a gradient's record, rows and lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from gradcli.output.text.document import Line, line
from gradcli.output.text.interval_text import between, rounded

#: Both ends, None for one that was not found.
Ends = tuple[float | None, float | None]


class Rigorous(NamedTuple):
    """What must hold. within: the interval of each variable that has an uncertainty; partials: None for what nobody knows.

    reached: whether all ends are as near to the truth as they can be told; undefined: whether f has no value in some of it.
    """

    within: Mapping[str, tuple[float, float]]
    value: Ends
    partials: Mapping[str, Ends | None]
    reached: bool
    undefined: bool

    @property
    def bounded(self) -> bool:
        """Whether every end was found."""
        return all(ends is not None and None not in ends for ends in (self.value, *self.partials.values()))


def enclosure_record(found: Rigorous) -> dict[str, Any]:
    """`within`, `value`, `gradient`, each with `lower` and `upper`."""
    return {
        "within": {name: _ends(ends) for name, ends in found.within.items()},
        "value": _ends(found.value),
        "gradient": {name: None if ends is None else _ends(ends) for name, ends in found.partials.items()},
        "proved": found.reached,
        "undefined": found.undefined,
    }


def _ends(ends: Ends) -> dict[str, float | None]:
    return {"lower": ends[0], "upper": ends[1]}


def enclosure_cells(found: Rigorous, name: str) -> dict[str, object]:
    """The cells of a variable's CSV row: its partial's ends, and those of f."""
    low, high = found.partials.get(name) or (None, None)
    return {"lower": low, "upper": high, "value_lower": found.value[0], "value_upper": found.value[1]}


def enclosure_lines(found: Rigorous, digits: int) -> list[Line]:
    """The text: a line for the value and one for each partial."""
    lines = [line(("name", "rigorous"), ": value ", ("value", between(*found.value, digits)))]
    for name, ends in found.partials.items():
        told = "without a slope, as far as was shown" if ends is None else between(*ends, digits)
        lines.append(line(("name", f"rigorous {name}"), ": grad ", ("gradient", told)))
    if not found.reached:
        lines.append(line(("note", "note: not every end is as near to the truth as it could be")))
    if found.undefined:
        lines.append(line(("note", "note: f has no value at some of these points, which are left out")))
    return lines


def enclosure_latex(found: Rigorous) -> list[str]:
    """Rows of an align environment: f and each partial in its interval, rounded outwards."""
    from gradcli.language.latex_escapes import latex_name

    rows = [rf"f &\in {_latex(found.value)}"]
    for name, ends in found.partials.items():
        if ends is not None:
            rows.append(rf"\frac{{\partial f}}{{\partial {latex_name(name)}}} &\in {_latex(ends)}")
    return rows


def _latex(ends: Ends) -> str:
    low, high = ends
    left = r"(-\infty" if low is None else f"[{rounded(low, 15, up=False)}"
    return f"{left}, " + (r"\infty)" if high is None else f"{rounded(high, 15, up=True)}]")
