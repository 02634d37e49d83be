"""Extrema under constraints → record, rows and document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.output.text.document import Document, Line, Table, line
from gradcli.output.text.number_text import shown


class ExtremePoints(NamedTuple):
    """The points of a problem under constraints, as records, the Lagrangian and its system, and what is shown.

    lagrangian: its text; system: by the name of each unknown its equation's left side. why: what is not shown, and why.
    families: lines, planes and curves of further points.
    """

    expression: str | list[str]
    constraints: Sequence[str]
    at: Mapping[str, Any]
    wrt: Sequence[str]
    lagrangian: str
    symbols: Sequence[str]
    system: Mapping[str, str | None]
    points: Sequence[Mapping[str, Any]]
    complete: bool
    bounded: bool
    why: Sequence[str]
    box: Mapping[str, Sequence[float]]
    families: Sequence[Sequence[Any]] = ()


def extrema_record(found: ExtremePoints) -> dict[str, Any]:
    """The JSON record."""
    return {
        "expression": found.expression,
        "constraints": list(found.constraints),
        "at": dict(found.at),
        "wrt": list(found.wrt),
        "lagrangian": found.lagrangian,
        "multipliers": list(found.symbols),
        "system": dict(found.system),
        "points": [dict(point) for point in found.points],
        "complete": found.complete,
        "bounded": found.bounded,
        "box": {name: list(ends) for name, ends in found.box.items()},
        "families": [
            {
                "active": list(active),
                "equations": list(equations),
                "value": value,
                "absolute": list(words),
                "at": at,
            }
            for active, equations, value, words, at in found.families
        ],
        "notes": [{"kind": "critical", "message": message} for message in found.why],
    }


def extrema_rows(found: ExtremePoints) -> Iterable[dict[str, object]]:
    """One CSV row per point."""
    for point in found.points:
        yield {
            "kind": point["kind"], "absolute": point["absolute"], **{n: point["at"][n] for n in found.wrt},
            "value": point["value"], "multipliers": point["multipliers"], "active": point["active"], "exact": point["exact"],
            "absolutes": point["absolutes"],
        }  # fmt: skip


def extrema_document(found: ExtremePoints, digits: int) -> Document:
    """The text: the Lagrangian, its system, a line for each point, and what is shown of them."""
    parts: list[Line | Table] = [line(("name", "Lagrangian"), ": ", ("formula", found.lagrangian))]
    parts += [
        line(("name", f"∂L/∂{name}"), ": ", ("formula", f"{text or '…'} = 0"))
        for name, text in found.system.items()
    ]
    rows = tuple(
        (
            ("name", point["kind"]),
            *(("value", shown(point["at"][name], digits)) for name in found.wrt),
            ("value", shown(point["value"], digits)),
            ("value", _multipliers(found, point, digits)),
            ("text", ", ".join(found.constraints[i] for i in point["active"]) or "none"),
            ("formula", _exact(point["exact"])),
        )
        for point in found.points
    )
    if rows:
        parts.append(Table(("", *found.wrt, "f", "multipliers", "active", "exact"), rows))
    parts.append(line(("name", "points"), f": {len(rows) or 'none'} found; {_others(found)}"))
    parts += [_family(found, family, digits) for family in found.families]
    return [*parts, *_absolute(found, digits)]


def _family(found: ExtremePoints, family: Sequence[Any], digits: int) -> Line:
    """A line, plane or curve of points on which f has one value."""
    active, equations, value, _, at = family
    where = f", with {', '.join(found.constraints[i] for i in active)} active" if active else ""
    return line(
        ("name", "and besides"),
        f": all points of {', '.join(equations)} that keep the constraints{where}: f is {shown(value, digits)} there",
        f", so at {', '.join(f'{n} = {shown(at[n], digits)}' for n in found.wrt)}" if at else "",
    )


def _multipliers(found: ExtremePoints, point: Mapping[str, Any], digits: int) -> str:
    if point["multipliers"] is None:
        return "none"
    pairs = zip(found.symbols, point["multipliers"], strict=True)
    return " ".join(f"{name}={shown(m, digits)}" for name, m in pairs if m is not None) or "none"


def _exact(exact: Mapping[str, str | None] | None) -> str:
    if exact is None:
        return "no: found as a number"
    return ", ".join(f"{name} = {text or '(a root of a polynomial)'}" for name, text in exact.items())


def _others(found: ExtremePoints) -> str:
    known = "proved" if found.complete else "not proved"
    if not found.box:
        others = "no others but these families" if found.families else "no others"
        return f"that there are {others} is {known}"
    box = ", ".join(f"{name}={low:g}:{high:g}" for name, (low, high) in found.box.items())
    return f"that there are no others in the box {box} is {known}, and outside of it nothing is said"


def _absolute(found: ExtremePoints, digits: int) -> list[Line]:
    """The absolute extrema, or why there are only candidates."""
    lines = []
    for word in ("minimum", "maximum"):
        points = [point for point in found.points if word in point["absolutes"]]
        places = [", ".join(f"{n} = {shown(p['at'][n], digits)}" for n in found.wrt) for p in points]
        families = [one for one in found.families if word in one[3]]
        places += [f"all such points of {', '.join(one[1])}" for one in families]
        if places:
            value = points[0]["value"] if points else families[0][2]
            lines.append(
                line(("name", f"absolute {word}"), f": {shown(value, digits)} at {'; '.join(places)}")
            )
    if found.bounded and lines:
        return [*lines, line("the set is closed and bounded, so both are attained, at the points above")]
    if lines:
        return [
            *lines,
            line("the points with a value no worse are a closed and bounded set, so it is attained"),
        ]
    if not (found.points or found.families):
        return []
    if not found.bounded:
        why = "the set is not shown to be closed and bounded"
    elif found.complete and not found.box:
        why = "f is not shown to be continuous where the constraints hold"
    else:
        why = "there may be other points"
    return [line(f"candidates for the absolute extrema: {why}")]
