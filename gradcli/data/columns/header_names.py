"""The names of a file's columns, and those of them that are wanted."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from gradcli.language.errors import InputProblem, NameProblem
from gradcli.language.names import nearest

#: What to do about text that is not UTF-8.
NOT_UTF8 = "save it as UTF-8, or use iconv"

#: Names that a message lists at most.
_LISTED = 8


def header_names(cells: Sequence[str], file: str) -> tuple[str, ...]:
    """The names in a header: without blanks around them, composed (NFC). An empty one names nothing, but has its place.

    Raises NameProblem where a name occurs twice, InputProblem where one is not UTF-8.
    """
    names = tuple(unicodedata.normalize("NFC", cell.strip()) for cell in cells)
    seen: set[str] = set()
    for place, name in enumerate(names, start=1):
        if any("\ud800" <= character <= "\udfff" for character in name):
            raise InputProblem(f"{file}: the name of column {place} is not UTF-8 text", hint=NOT_UTF8)
        if name in seen:
            raise NameProblem(
                f"{file}: two columns are called {name}", hint="each column has a name of its own"
            )
        if name:
            seen.add(name)
    return names


def places(names: Sequence[str], wanted: Sequence[str], file: str) -> tuple[int, ...]:
    """The places of the wanted columns among *names*, counted from 0.

    Raises NameProblem for a name that is not there; the hint has the nearest that is, or what there is.
    """
    found = {name: place for place, name in enumerate(names) if name}
    for name in wanted:
        if name not in found:
            raise NameProblem(f"{file} has no column {name}", hint=_hint(name, names))
    return tuple(found[name] for name in wanted)


def _hint(name: str, names: Sequence[str]) -> str:
    if names and all(_looks_like_a_number(one) for one in names):
        return "its first row holds numbers: a file without a header needs names for its columns"
    close = nearest(name, [one for one in names if one])
    if close is not None:
        return f"did you mean {close}?"
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"its columns are {', '.join(one or '(no name)' for one in names[:_LISTED])}{more}"


def _looks_like_a_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True
