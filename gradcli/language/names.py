"""What is a name: asked wherever one comes in from outside, before it means anything.

Names are written into tables, comments, identifiers and headings later on. One that the grammar does not have is
refused at the door, so that nothing behind it has to think of quotes, line ends and tags.
"""

from __future__ import annotations

from collections.abc import Iterable

from gradcli.language.column_names import is_element
from gradcli.language.errors import ValueProblem

_HINT = "a name is letters, digits and _, and does not begin with a digit"

#: Characters of a refused name that a message shows.
SHOWN = 40


def is_name(text: str) -> bool:
    """Whether the grammar reads *text* as one name, which a variable may have."""
    if text.isascii():
        return text.isidentifier()
    from gradcli.language.tokens import is_one_name

    return is_one_name(text)


def is_variable(name: str) -> bool:
    """Whether *name* is that of a variable: a name, or one number of a column, x[3]."""
    if not is_element(name):
        return is_name(name)
    column, _, row = name[:-1].partition("[")
    return is_name(column) and row.isdecimal() and row.isascii() and len(row) < 10


def checked_name(
    name: str, where: str, *, text: str | None = None, span: tuple[int, int] | None = None
) -> str:
    """*name* where it is one. Raises ValueProblem about the place *where* it stands, and in *text*, otherwise."""
    if is_name(name):
        return name
    shown = name if len(name) <= SHOWN else name[: SHOWN - 1] + "…"
    if not name:
        raise ValueProblem(f"{where}: a name is empty", hint=_HINT)
    raise ValueProblem(f"{where}: {shown} is not a name", text=text, span=span, hint=_HINT)


def normal(name: str) -> str:
    """A name in the form in which the language compares names."""
    if name.isascii():
        return name
    import unicodedata

    return unicodedata.normalize("NFC", name)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The name in *known* that *name* is a slip or an abbreviation of, or None where that is not nearly certain."""
    from gradcli.language.hints.likely_name import likely

    return likely(name, known)
