"""A text that varies by row → the same text about one of the rows: x*mean(x) in row 2 is x[2]*mean(x)."""

from __future__ import annotations

from collections.abc import Container

from gradcli.language.column_names import element
from gradcli.language.tokens import Token, tokens

#: Calls that bring rows to one number; those of the table do where they have one argument.
_BRING_TOGETHER = ("sum", "mean", "var", "std", "norm", "dot")
_WITH_ONE_ARGUMENT = ("min", "max", "logsumexp")


def in_row(text: str, columns: Container[str], row: int) -> str:
    """*text* with the columns that stand outside of calls which bring rows together replaced by their numbers in a row.

    Raises what reading tokens raises.
    """
    found = list(tokens(text, rows=True))
    pieces: list[str] = []
    end, place = 0, 0
    while place < len(found) - 1:
        token, after = found[place], found[place + 1]
        if token.kind == "name" and after.text == "(" and _brings_together(found, place):
            place = _closing(found, place + 1)
        elif token.kind == "name" and token.text in columns and after.text not in ("[", "("):
            pieces += [text[end : token.start], element(token.text, row)]
            end = token.end
        place += 1
    return "".join([*pieces, text[end:]])


def _brings_together(found: list[Token], place: int) -> bool:
    name = found[place].text
    if name in _BRING_TOGETHER:
        return True
    last, depth = _closing(found, place + 1), 0
    for token in found[place + 1 : last]:
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        if token.text == "," and depth == 1:
            return False
    return name in _WITH_ONE_ARGUMENT


def _closing(found: list[Token], opening: int) -> int:
    """The place of the bracket that closes the one at *opening*; of the last token where none does."""
    depth = 0
    for place in range(opening, len(found)):
        depth += (found[place].text in ("(", "[")) - (found[place].text in (")", "]"))
        if depth == 0:
            return place
    return len(found) - 1
