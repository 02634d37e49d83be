"""Texts with definitions as texts: what stands before the expression and the expression itself, joined and wrapped."""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.language.name_meanings import is_plain
from gradcli.language.records import NamedTuple


class ProblemText(NamedTuple):
    """The texts of the definitions, and that of the expression, without comments around them."""

    definitions: tuple[str, ...]
    expression: str


def divided(text: str) -> ProblemText:
    """The parts of a text. Raises SyntaxProblem where it has no tokens, or its definitions no right form."""
    from gradcli.language.text_pieces import is_divided, pieces
    from gradcli.language.tokens import tokens

    if is_plain(text):
        return ProblemText((), text)
    found = list(tokens(text, rows=True))
    if not is_divided(text, found):
        return ProblemText((), text[found[0].start : found[-2].end] if len(found) > 1 else "")
    parts = pieces(text, found)
    texts = [text[slice(*part.span)] for part in parts]
    named = [part.name is not None for part in parts]
    bare = [one for one, is_named in zip(texts, named, strict=True) if not is_named]
    return ProblemText(
        tuple(one for one, is_named in zip(texts, named, strict=True) if is_named), "; ".join(bare)
    )


def _on_one_line(text: str) -> ProblemText | None:
    """The parts of a text on one line, which its semicolons separate; None for any other."""
    if any(mark in text for mark in ("#", "\n", "\r", "\ufeff")):
        return None
    *definitions, expression = [part for piece in text.split(";") if (part := piece.strip())] or [""]
    return ProblemText(tuple(definitions), expression)


def wrapped(text: str, before: str, after: str) -> str:
    """A text with *before* and *after* put around its expression, its definitions left in front of it."""
    if is_plain(text):
        return f"{before}{text}{after}"
    parts = divided(text)
    return "; ".join((*parts.definitions, f"{before}{parts.expression}{after}"))


def joined(texts: Sequence[str]) -> str:
    """The sum of several texts as one text, the definitions of all before it."""
    if len(texts) == 1:
        return texts[0]
    parts = [divided(text) for text in texts]
    definitions = [one for part in parts for one in part.definitions]
    return "; ".join((*definitions, " + ".join(f"({part.expression})" for part in parts)))


def heading(texts: str | Sequence[str]) -> str:
    """What f is, for people: the expression, or the sum of several, and its definitions behind it, on one line."""
    many = [texts] if isinstance(texts, str) else list(texts)
    if all(map(is_plain, many)):
        return many[0] if len(many) == 1 else " + ".join(f"({text})" for text in many)
    parts = [_on_one_line(text) or divided(text) for text in many]
    whole = parts[0].expression if len(parts) == 1 else " + ".join(f"({part.expression})" for part in parts)
    definitions = "; ".join(one for part in parts for one in part.definitions)
    return " ".join(f"{whole} where {definitions}".split()) if definitions else " ".join(whole.split())
