"""Definitions that stand alone, behind the expression, or end otherwise than with a semicolon → how they are written."""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.language.hints.foreign_answers import CONSTANTS_ELSEWHERE

#: Characters of a value, and of an expression, that a hint repeats.
_VALUE, _SHOWN = 12, 60

_DEFINITION = "a definition stands before an expression: u = x*y; u**2"


def alone_advice(name: str, body: str, names: Sequence[str], *, function: bool, typed: bool) -> str:
    """What is meant by `y = 3` or `y = x^2` and nothing after it. typed: whether *body* may be repeated as it is.

    names: those that occur in the body.
    """
    constant = all(one.casefold() in CONSTANTS_ELSEWHERE for one in names)
    if constant and not function and len(body) <= _VALUE and body.isascii() and " " not in body:
        return f"a value is given as an option: --{name} {body}; {_DEFINITION}"
    if not typed or len(body) > _SHOWN:
        return f"what stands behind the = is typed alone; {_DEFINITION}"
    return f"the expression alone is typed: {body}; {_DEFINITION}"


def ordered_advice(definitions: Sequence[str], expression: str) -> str | None:
    """The definitions before the expression; None where that is too much to be repeated."""
    written = "; ".join([*definitions, expression])
    return f"write {written}" if len(written) <= _SHOWN and written.isprintable() else None


def second_sign_advice(between: str) -> str:
    """What is meant by a second = in a definition. between: the text between the two."""
    if "," in between:
        return "definitions end with semicolons: u = x*y; v = x + y; u*v"
    return "each name has a definition of its own: u = x; v = x"
