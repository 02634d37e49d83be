"""Text that is not Markdown, made safe for it: as prose, as code within a line, as lines of code, as an address."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gradcli.output.text.document import visible

#: What begins or ends something in Markdown, in its tables, or in the HTML that it lets through.
_SPECIAL = frozenset("\\`*_{}[]<>#|$&~")


def marked(text: str) -> str:
    """Text in which Markdown finds nothing to format, to link or to let through as HTML."""
    safe = "".join("\\" + c if c in _SPECIAL else c for c in visible(text))
    # What looks like an address would become a link, though nothing marks it as one.
    return re.sub(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?=@)", r"\\", safe, flags=re.IGNORECASE)


def coded(text: str) -> str:
    """Text as code within a line or a cell; a bar, which would end the cell, becomes one of another kind."""
    bare = " ".join(visible(text).split()).replace("|", "∣")
    fence = "`" * (_longest_run(bare) + 1)
    apart = " " if len(fence) > 1 else ""
    return f"{fence}{apart}{bare}{apart}{fence}"


def fenced(lines: Iterable[str]) -> str:
    """Lines of code; none of them ends it."""
    shown = [visible(line) for line in lines]
    fence = "`" * max(3, 1 + max(map(_longest_run, shown), default=0))
    return "\n".join([fence, *shown, fence])


def addressed(file: str) -> str:
    """The name of a file beside the page, as an address."""
    from urllib.parse import quote

    return quote(file, errors="replace")


def _longest_run(text: str) -> int:
    """The longest run of backquotes."""
    return max(map(len, re.findall("`+", text)), default=0)
