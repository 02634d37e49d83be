"""Text → tokens: what the characters are, before anyone asks what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gradcli.language.errors import SyntaxProblem
from gradcli.language.records import NamedTuple

_POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_FRACTIONS = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞⅟↉"
_DIGITS = str.maketrans(_POWERS + "⁻", "0123456789-")
_OTHER = _POWERS + _FRACTIONS
_PATTERN = re.compile(
    rf"""
    (?P<space>\s+|\#[^\n\r]*|\A\ufeff)
  | (?P<coded>0[xX][0-9a-fA-F]+\b|0[bB][01]+\b|0[oO][0-7]+\b|[0-9]+(?:_[0-9]+)+)
  | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<name>[^\W\d{_OTHER}][^\W{_OTHER}\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W{_OTHER}\u0300-\u036f]*)*)
  | (?P<power>⁻?[{_POWERS}]+)
  | (?P<sign>\*\*|<=|>=|==|!=|[-+*/^(),<>−–·×∙⋅÷≤≥≠√∛=;|!°])
    """,
    re.VERBOSE,
)

#: Pasted characters → the operator they mean.
_PASTED = {
    "^": "**",
    "−": "-",
    "–": "-",
    "·": "*",
    "×": "*",
    "∙": "*",
    "⋅": "*",
    "÷": "/",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
}

#: Characters that have a meaning elsewhere → what to write here.
_HINTS = {
    "%": "the remainder is written mod(x, 2), and per cent as a fraction: 50/100",
    "[": "only round brackets group: ( )",
    "]": "only round brackets group: ( )",
    "{": "only round brackets group: ( )",
    "}": "only round brackets group: ( )",
    ".": "a decimal point needs a digit beside it, and names have no parts",
    "&": "conditions are joined by and",
    "∞": "infinity is not a number that can be calculated with",
    "'": "quoted text is not part of the language",
    '"': "quoted text is not part of the language",
    "\\": "this is no LaTeX: write sin(x), a/b and x**2",
    **dict.fromkeys(_FRACTIONS, "a fraction is written in brackets: (1/2)"),
}


class Token(NamedTuple):
    """One token: kind is `number`, `name`, `power` (a superscript), `sign` or `end`."""

    kind: str
    text: str
    start: int
    end: int


def tokens(text: str, *, rows: bool = False) -> Iterator[Token]:
    """The tokens of *text*, operators in their plain spelling, ending with one of kind `end`.

    rows: whether square brackets are signs: a row of a column, x[0]. Raises SyntaxProblem at a character that the
    language does not have, and at a number as programs write it.
    """
    position, match_at, token = 0, _PATTERN.match, Token._make
    while position < len(text):
        match = match_at(text, position)
        if match is None:
            if not rows or text[position] not in "[]":
                raise _foreign(text, position)
            position += 1
            yield Token("sign", text[position - 1], position - 1, position)
            continue
        start, position = position, match.end()
        kind, piece = match.lastgroup, match[0]
        if kind == "coded":
            raise _coded(text, start, piece)
        if kind == "sign":
            yield token((kind, _PASTED.get(piece, piece), start, position))
        elif kind != "space":
            yield token((kind, _plain(str(kind), piece), start, position))
    yield Token("end", "", len(text), len(text))


def is_one_name(text: str) -> bool:
    """Whether *text* is one token, a name."""
    match = _PATTERN.fullmatch(text)
    return match is not None and match.lastgroup == "name"


def _plain(kind: str, piece: str) -> str:
    if kind == "power":
        return piece.translate(_DIGITS)
    if kind == "name" and not piece.isascii():
        import unicodedata

        return unicodedata.normalize("NFC", piece)
    return piece


def _foreign(text: str, position: int) -> SyntaxProblem:
    character = text[position]
    return SyntaxProblem(
        f"{_named(character)} is not part of the language",
        text=text,
        span=(position, position + 1),
        hint=_HINTS.get(character),
    )


def _coded(text: str, position: int, piece: str) -> SyntaxProblem:
    """0x10 would be 0 times x10, and 1_000 once _000: nobody means that."""
    plain = piece.replace("_", "")
    if "_" not in piece:
        plain = str(int(piece, 0)) if len(piece) < 20 else "it in decimal digits"
    return SyntaxProblem(
        "this is how programs write a number",
        text=text,
        span=(position, position + len(piece)),
        hint=f"write {plain}",
    )


def _named(character: str) -> str:
    """A character as it can be written into a sentence; undecodable input comes as lone surrogates."""
    if character.isprintable():
        return character
    code = ord(character)
    return (
        f"the byte {code - 0xDC00:02X}, which is not UTF-8," if 0xDC80 <= code <= 0xDCFF else f"U+{code:04X}"
    )
