"""Which rows people see of very many: the steepest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gradcli.output.document import Line, line


def steepest(
    names: Iterable[str], slopes: Mapping[str, Any], most: int | None
) -> tuple[list[str], list[Line]]:
    """At most so many of *names*, steepest first where some are left out, and a line that says so."""
    found = list(names)
    if most is None or len(found) <= most:
        return found, []
    found.sort(key=lambda name: -abs(float(slopes.get(name) or 0)))
    what = "with smaller slopes" if slopes else "with formulas of their own"
    return found[:most], [line(("note", f"… and {len(found) - most} more variables, {what}"))]
