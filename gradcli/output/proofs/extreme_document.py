"""The least or greatest value in a box → record, rows and document."""

from __future__ import annotations

from collections.abc import Iterable
from math import floor, log10
from typing import TYPE_CHECKING, Any

from gradcli.output.text.document import Document, Line, line
from gradcli.output.text.interval_text import between, rounded
from gradcli.output.text.number_text import shown

if TYPE_CHECKING:
    from gradcli.descent.proofs.proved_extreme import Extreme, Minimizer

#: Points that are listed in text.
_LISTED = 20


def extreme_record(expression: str | list[str], found: Extreme) -> dict[str, Any]:
    """The JSON record: `least` or `greatest` with both ends, `minimizers` or `maximizers`, `boxes`, `proof`."""
    value, points = ("greatest", "maximizers") if found.ascend else ("least", "minimizers")
    return {
        "expression": expression,
        "at": dict(found.at),
        "value": found.value if found.at or not found.constraints else None,
        "status": _word(found.status, found),
        "success": found.proved and found.status != "infeasible",
        "proved": found.proved,
        "message": _sentence(found, 13),
        value: {"lower": found.lower, "upper": found.upper},
        "gap": found.gap,
        points: [
            {"at": dict(one.at), "radius": one.radius, "unique": one.unique, "multipliers": dict(one.pressed)}
            for one in found.minimizers
        ],
        "boxes": found.boxes,
        "left": found.left,
        "proof": dict(found.counts),
        "undefined": found.undefined,
        **({"constraints": [{"text": text} for text in found.constraints]} if found.constraints else {}),
        "notes": [{"kind": "domain", "message": note} for note in _notes(found)],
    }


def extreme_rows(found: Extreme) -> Iterable[dict[str, object]]:
    """One CSV row per point; one without a point where nothing is proved."""
    ends = {"lower": found.lower, "upper": found.upper}
    for one in found.minimizers:
        kind = _word(one.kind, found)
        yield {"status": kind, **ends, **one.at, "radius": one.radius, "unique": one.unique}
    if not found.minimizers:
        yield {"status": _word(found.status, found), **ends, **found.at, "radius": None, "unique": False}


def extreme_document(found: Extreme, digits: int) -> Document:
    """The text: the interval, where the value is taken, and what the proof rests on."""
    parts = [line(("name", _word(found.status, found)), ": ", _sentence(found, digits + 3))]
    parts += [_point(one, digits) for one in found.minimizers[:_LISTED]]
    if len(found.minimizers) > _LISTED:
        parts.append(line(("note", f"… and {len(found.minimizers) - _LISTED} more points")))
    if found.minimizers:
        parts.append(line(_elsewhere(found, digits)))
    elif found.at:
        parts.append(line("the best point that was found: ", *_named(found.at, digits)))
    tests = ", ".join(f"{name} {count}" for name, count in sorted(found.counts.items()))
    left = f", {found.left} left" if found.left else ""
    parts.append(
        line(
            ("name", "boxes"),
            ": ",
            ("value", str(found.boxes)),
            f"{left}, excluded by {tests}" if tests else left,
        )
    )
    parts += [line(("note", f"note: {note}")) for note in _notes(found)]
    return parts


def _word(status: str, found: Extreme) -> str:
    return status.replace("minimum", "maximum") if found.ascend else status


def _sentence(found: Extreme, digits: int) -> str:
    which = "greatest" if found.ascend else "least"
    where = "in the box under the constraints" if found.constraints else "in the box"
    if found.status == "infeasible":
        return "no point of the box keeps all constraints, proved"
    interval = between(found.lower, found.upper, digits)
    if found.proved:
        return f"the {which} value {where}, proved: {interval}"
    if found.reached:
        end = "supremum" if found.ascend else "infimum"
        return f"the {end} {where} is {interval}; that f takes it is not shown, for f may jump or its domain may end there"
    boxes = "1 box is" if found.left == 1 else f"{found.left} boxes are"
    left = f"{boxes} left, and a gap of {found.gap:.3g} is not reached"
    if found.constraints and not found.at:
        return f"no point of the box is shown to keep all constraints, nor that none does; {boxes} left"
    return f"the {which} value {where} is {interval}; {left}"


def _point(one: Minimizer, digits: int) -> Line:
    words: list[Any] = ["at " if one.unique else "near ", *_named(one.at, _known(one, digits))]
    if not one.unique:
        words.append(f", within {rounded(one.radius, 2, up=True)}: not shown to be one point")
    if one.pressed:
        slopes = " ".join(
            f"{name}{': ' if any(c in name for c in '<>=') else '='}{shown(slope, digits)}"
            for name, slope in one.pressed.items()
        )
        words += [", multipliers ", ("value", slopes)]
    return line(*words)


def _named(at: dict[str, float], digits: int) -> list[Any]:
    if len(at) == 1:
        return [("variable", next(iter(at))), " = ", ("value", shown(next(iter(at.values())), digits))]
    numbers = ", ".join(shown(x, digits) for x in at.values())
    return ["(", ("variable", ", ".join(at)), ") = (", ("value", numbers), ")"]


def _known(one: Minimizer, digits: int) -> int:
    """The digits of the largest coordinate that its radius leaves."""
    size = max(map(abs, one.at.values()), default=0.0)
    if not 0 < one.radius < size:
        return digits
    return max(1, min(digits, floor(log10(size / one.radius))))


def _elsewhere(found: Extreme, digits: int) -> str:
    whole = all(one.unique for one in found.minimizers) and len(found.minimizers) > 0
    far = "no other point of the box" if whole else "no point of the box away from there"
    far += " that keeps the constraints" if found.constraints else ""
    if found.ascend:
        return f"{far} has a value above {rounded(found.lower or 0.0, digits - 1, up=False)}"
    return f"{far} has a value below {rounded(found.upper or 0.0, digits - 1, up=True)}"


def _notes(found: Extreme) -> list[str]:
    return ["parts of the box are outside of f's domain, and left out"] if found.undefined else []
