"""What each name of a text with columns or definitions is: one line of text, and `names` in JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gradcli.language.column_names import column_of, is_element
from gradcli.output.text.document import Line, line


def names_record(names: Iterable[str], definitions: Iterable[str] | None = None) -> dict[str, Any]:
    """`names` for a record: a variable, a column or a definition each; nothing where all are variables.

    names: those of the point, the numbers of a column each by itself.
    """
    kinds: dict[str, str] = {}
    for name in names:
        kinds[column_of(name)] = "column" if is_element(name) else "variable"
    kinds |= dict.fromkeys(definitions or (), "definition")
    return {"names": kinds} if set(kinds.values()) - {"variable"} else {}


def names_line(kinds: Mapping[str, str], rows: int) -> Line:
    """`names: a, b variables; x, y columns of 3 rows`."""
    parts = []
    for kind in ("variable", "column", "definition"):
        of_kind = [name for name, one in kinds.items() if one == kind]
        if of_kind:
            plural = "" if len(of_kind) == 1 else "s"
            many = f" of {rows:,} row{'' if rows == 1 else 's'}" if kind == "column" else ""
            parts.append(f"{', '.join(of_kind)} {kind}{plural}{many}")
    return line(("name", "names"), f": {'; '.join(parts)}")
