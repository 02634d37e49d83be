"""What is said of a point under constraints → record, rows and document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from gradcli.output.results.constraint_lines import state_text
from gradcli.output.text.document import Document, Line, Table, line
from gradcli.output.text.number_text import shown

if TYPE_CHECKING:
    from gradcli.descent.constrained.point_optimality import PointReport


def point_record(found: PointReport) -> dict[str, Any]:
    """The keys that constraints add to a record."""
    return {
        "optimal": found.optimal,
        "status": found.word,
        "message": found.message,
        "constraints": [one._asdict() for one in found.constraints],
        "violation": found.violation,
        "projected_gradient": dict(found.projected),
        "kkt_residual": found.residual,
        "nearest": None if found.nearest is None else dict(found.nearest),
        "distance": found.distance,
        "eigenvalues": None if found.eigenvalues is None else list(found.eigenvalues),
    }


def point_rows(found: PointReport, at: Mapping[str, Any]) -> Iterable[dict[str, object]]:
    """One CSV row."""
    yield {
        "optimal": found.optimal,
        "status": found.word,
        "value": found.value,
        **at,
        "violation": found.violation,
    }


def point_lines(found: PointReport, digits: int) -> Document:
    """The verdict, the constraints, the projected gradient."""
    word = "optimal" if found.optimal else "not optimal"
    parts: list[Line | Table] = [line(("name", word), f": {found.message}")]
    parts += [
        line(("name", one.text), f": {state_text(one, digits, best=found.optimal)}")
        for one in found.constraints
    ]
    if not found.projected:  # slopes are missing
        return parts
    slopes = " ".join(f"{name}={shown(a, digits)}" for name, a in list(found.projected.items())[:8])
    parts.append(line(("name", "projected gradient"), ": ", ("gradient", slopes)))
    if found.distance:
        parts.append(
            line(
                ("name", "distance"),
                f": {shown(found.distance, 3)} to {_nearest(found)}",
            )
        )
    return parts


def _nearest(found: PointReport) -> str:
    """What the point is to which the distance is told."""
    alone = found.optimal and all(one.multiplier is None for one in found.constraints)
    return "that point" if alone else "the nearest point where multipliers balance"
