"""What f and its partials are in a box → record, rows and document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from gradcli.output.text.document import Document, Line, line
from gradcli.output.text.interval_text import between, rounded

if TYPE_CHECKING:
    from gradcli.descent.proofs.ranges.value_enclosures import Interval
    from gradcli.descent.proofs.ranges.value_ranges import Ranges


def range_record(
    expression: str | list[str], at: Mapping[str, Any], box: Mapping[str, Any], found: Ranges
) -> dict[str, Any]:
    """The JSON record: `range`, `partials`, `monotone`, `convex`, `lipschitz`, `smoothness`."""
    return {
        "expression": expression,
        "at": dict(at),
        "box": {name: [float(low), float(high)] for name, (low, high) in box.items()},
        "range": _ends(found.value),
        "partials": {name: None if one is None else _ends(one) for name, one in found.partials.items()},
        "monotone": dict(found.course.monotone),
        "convex": found.course.convex,
        "concave": found.course.concave,
        "lipschitz": found.lipschitz,
        "smoothness": found.smoothness,
        "proved": found.value.reached,
        "undefined": found.undefined,
        "boxes": found.boxes,
    }


def _ends(one: Interval) -> dict[str, float | None]:
    return {"lower": one.lower, "upper": one.upper}


def range_rows(found: Ranges) -> Iterable[dict[str, object]]:
    """One CSV row for f and one for each partial."""
    yield {"what": "value", **_ends(found.value), "monotone": None}
    for name, one in found.partials.items():
        ends = {"lower": None, "upper": None} if one is None else _ends(one)
        yield {"what": name, **ends, "monotone": found.course.monotone[name]}


def range_document(found: Ranges, digits: int) -> Document:
    """The text: a line for f and for each partial, and what follows from them."""
    parts: list[Line] = [
        line(("name", "range"), f": f is {between(found.value.lower, found.value.upper, digits)}")
    ]
    for name, one in found.partials.items():
        parts.append(line(("variable", name), f": {_partial(one, found.course.monotone[name], digits)}"))
    shapes = (("convex", found.course.convex), ("concave", found.course.concave))
    words = [word for word, shown in shapes if shown] + [
        f"not {word}" for word, shown in shapes if shown is False
    ]
    if words:
        parts.append(line(("name", "shape"), f": {', '.join(words)}"))
    for name, bound in (("lipschitz", found.lipschitz), ("smoothness", found.smoothness)):
        text = "no bound was shown" if bound is None else rounded(bound, digits, up=True)
        parts.append(line(("name", name), ": ", ("value", text)))
    return parts + [line(("note", f"note: {note}")) for note in _notes(found)]


def _notes(found: Ranges) -> list[str]:
    """What there is to be said beside the numbers."""
    notes = []
    if not found.value.reached:
        notes.append(f"the ends of f are not as near to each other as asked for, after {found.boxes} boxes")
    if not found.course.unbroken:
        unknown = any(word is None for word in found.course.monotone.values())
        notes.append(
            "f may jump or have no value in the box"
            + (": slopes do not say whether it rises or falls there" if unknown else "")
        )
    if found.undefined:
        notes.append("parts of the box are outside of f's domain, and left out")
    return notes


def _partial(one: Interval | None, word: str | None, digits: int) -> str:
    told = "nobody knows the slope" if one is None else f"slope {between(one.lower, one.upper, digits)}"
    return f"{told}, {word}" if word else told
