"""The arguments that stand in a refused text, and a proposal made with them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gradcli.language.hints.foreign_functions import RENAMED

#: Characters behind an opening bracket in which its end is looked for.
_FAR = 300

#: What may be repeated in a hint: one line of names, numbers and signs.
_SHOWABLE = r"[\w √∛²³.+*/^()<>=!,·×-]{1,40}"

#: What binds as tightly as a name does.
_ATOM = r"[\w.]+|\w+\([^()]*\)|\([^()]*\)"

#: What stands for arguments that cannot be repeated.
_GENERIC = ("x", "y", "z", "w", "u", "v")


_DOTTED = r"\.(?=[*/^])"


class Piece(str):
    """A piece of text that is repeated.

    The format `b` puts brackets around it where an operator beside it would tear it apart, `n` takes those around it off,
    `d` leaves out what parts its digits, `f` is the function it is called here.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Piece:
        """*text* without the dots that arrays have before their operators."""
        return super().__new__(cls, re.sub(_DOTTED, "", text))

    def __format__(self, spec: str) -> str:
        if spec == "b" and not re.fullmatch(_ATOM, self):
            return f"({self})"
        if spec == "n" and self.startswith("(") and end_of(self, 0) == len(self):
            return self[1:-1].strip()
        if spec == "f":
            return RENAMED.get(self.casefold(), str(self))
        return re.sub(r"[,'\s]", "", self) if spec == "d" else str(self)


def arguments_at(text: str, opening: int) -> list[str] | None:
    """The texts between the commas of the bracket that opens at *opening*; None where it does not end nearby."""
    found: list[str] = []
    depth, start = 0, opening + 1
    for index in range(opening, min(len(text), opening + _FAR)):
        character = text[index]
        depth += (character in "([{") - (character in ")]}")
        if depth == 0:
            last = text[start:index].strip()
            return [*found, last] if last or found else []
        if character == "," and depth == 1:
            found.append(text[start:index].strip())
            start = index + 1
    return None


def end_of(text: str, opening: int) -> int | None:
    """The place behind the bracket that closes the one at *opening*; None where it does not end nearby."""
    depth = 0
    for index in range(opening, min(len(text), opening + _FAR)):
        depth += (text[index] in "([{") - (text[index] in ")]}")
        if depth == 0:
            return index + 1
    return None


def is_showable(text: str) -> bool:
    """Whether *text* may be repeated in a hint: harmless, short, and its brackets in pairs."""
    if not re.fullmatch(_SHOWABLE, text):
        return False
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return False
    return depth == 0


def filled(template: str, arguments: Sequence[str] | None, generic: Sequence[str] = _GENERIC) -> str:
    """*template* with the arguments in its places `{0}`, `{1}`, …; with letters where they are not that many, or odd."""
    places = 1 + max((int(digit) for digit in re.findall(r"\{(\d)", template)), default=-1)
    given = list(arguments or ())
    if len(given) != places or not all(given) or not all(map(is_showable, given)):
        given = list(generic[:places])
    return template.format(*map(Piece, given))
