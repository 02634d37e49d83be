"""Text of strangers → text that is inert where it is written: one function for each kind of place.

Names come in checked and expressions come in parsed; what is written is made harmless all the same, so that a name
that should never have come so far cannot end a comment, a string or a formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence


def visible(text: str) -> str:
    """The text on one line, with characters that are not seen (controls, line ends, turns of direction) by their numbers."""
    return "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in text)


def block_comment(text: str) -> str:
    """For a comment between /* and */: neither of both stays whole."""
    return re.sub(r"\*(?=/)|/(?=\*)", lambda found: found[0] + " ", visible(text)).replace("??/", "?? /")


def line_comment(text: str) -> str:
    """For a comment that the end of its line ends: a backslash there would go on."""
    return re.sub(r"\\+$", lambda found: found[0] + ".", visible(text))


def docstring(text: str) -> str:
    """For a string between three quotation marks in Python."""
    return visible(text).replace("\\", "\\\\").replace('"', '\\"')


def interpolated(text: str) -> str:
    """For a string between three quotation marks in Julia, where a dollar sign calls what follows."""
    return docstring(text).replace("$", "\\$")


def quoted_identifier(name: str) -> str:
    """A name in SQL."""
    return '"' + visible(name).replace('"', '""') + '"'


_LATEX = {
    "\\": r"\backslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\wedge{}", "~": r"\sim{}",
}  # fmt: skip


def latex_name(name: str) -> str:
    """A name that is no name of the grammar, in upright letters within a formula."""
    return r"\mathrm{" + "".join(_LATEX.get(c, c) for c in visible(name)) + "}"


def commented(doc: Sequence[str], mark: str, escape: Callable[[str], str]) -> list[str]:
    """The comment's lines, each behind its mark and made harmless."""
    return [f"{mark}{escape(row)}".rstrip() for row in doc]
