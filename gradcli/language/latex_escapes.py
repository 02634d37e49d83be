r"""Text that is not mathematics, and names in mathematics, made safe for LaTeX."""

from __future__ import annotations

from gradcli.language.column_names import column_of, is_element, row_of

_SPECIAL = str.maketrans(
    {character: "\\" + character for character in "{}$&#_%"}
    | {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        '"': r"\textquotedbl{}",
        "`": r"\textasciigrave{}",
        "'": r"\textquotesingle{}",
    }
)


def latex_text(text: str) -> str:
    """*text* so that LaTeX sets it as it stands: specials escaped, no ligatures.

    What cannot be printed becomes a blank. Quotation marks want the T1 encoding (the package fontenc);
    letters beyond ASCII are left to LaTeX.
    """
    printable = "".join(character if character.isprintable() else " " for character in text)
    escaped = printable.translate(_SPECIAL)
    # Two hyphens would be set as one dash. A second pass, since replacing goes on after the pair it found.
    return escaped.replace("--", "-{}-").replace("--", "-{}-")


def latex_name(name: str) -> str:
    """A name in mathematics: a letter as it is, a word upright."""
    if is_element(name):
        return f"{latex_name(column_of(name))}_{{{row_of(name)}}}"
    return name if len(name) == 1 and name.isalnum() else rf"\mathrm{{{latex_text(name)}}}"
