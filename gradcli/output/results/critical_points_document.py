"""Critical points → record, rows and document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.output.text.document import Document, Table, line
from gradcli.output.text.number_text import shown


class Points(NamedTuple):
    """The critical points of an expression: records of them, families, and whether they are all, proved.

    searched: the box that was searched where none was asked for; inside: whether they are all in it, proved.
    """

    expression: str | list[str]
    at: Mapping[str, Any]
    wrt: Sequence[str]
    box: Mapping[str, Sequence[float]]
    points: Sequence[Mapping[str, Any]]
    families: Sequence[Mapping[str, str]]
    complete: bool
    notes: Sequence[str]
    searched: Mapping[str, Sequence[float]] = {}
    inside: bool = False


def points_record(points: Points) -> dict[str, Any]:
    """The JSON record: expression, at (variables held), wrt, box, points, families, complete, searched, inside, notes."""
    return {
        "expression": points.expression,
        "at": dict(points.at),
        "wrt": list(points.wrt),
        "box": {name: list(ends) for name, ends in points.box.items()},
        "points": [dict(point) for point in points.points],
        "families": [dict(family) for family in points.families],
        "complete": points.complete,
        "searched": {name: list(ends) for name, ends in points.searched.items()} or None,
        "inside": points.inside if points.searched else None,
        "notes": [{"kind": "critical", "message": message} for message in points.notes],
    }


def points_rows(points: Points) -> Iterable[dict[str, object]]:
    """One CSV row per point."""
    for point in points.points:
        yield {
            "kind": point["kind"], **{name: point["at"][name] for name in points.wrt}, "value": point["value"],
            "eigenvalues": point["eigenvalues"], "exact": point["exact"], "residual": point["residual"],
        }  # fmt: skip


def points_document(points: Points, digits: int) -> Document:
    """The text: one line per point, and whether they are all."""
    rows = tuple(
        (
            ("name", point["kind"]),
            *(("value", shown(point["at"][name], digits)) for name in points.wrt),
            ("value", shown(point["value"], digits)),
            ("value", " ".join(shown(x, digits) for x in point["eigenvalues"])),
            ("formula", _exact(point["exact"])),
        )
        for point in points.points
    )
    families = f"{len(points.families)} families" if len(points.families) > 1 else "a family"
    count = f"{len(rows) or 'none'} found" + (
        f", and {families} that are no single points" if points.families else ""
    )
    last = line(("name", "points"), f": {count}; {_others(points)}")
    return [Table(("", *points.wrt, "f", "eigenvalues", "exact"), rows), last] if rows else [last]


def _others(points: Points) -> str:
    """What is known of others."""
    known = "proved" if (points.inside if points.searched else points.complete) else "not proved"
    box = ", ".join(
        f"{n}={low:.10g}:{high:.10g}" for n, (low, high) in (points.searched or points.box).items()
    )
    if not box:
        return f"that there are no others is {known}"
    outside = ", and outside of it nothing is said" if points.searched else ""
    return f"that there are no others in the box {box} is {known}{outside}"


def _exact(exact: Mapping[str, str | None] | None) -> str:
    if exact is None:
        return "no: found as a number"
    return ", ".join(f"{name} = {text or '(a root of a polynomial)'}" for name, text in exact.items())
