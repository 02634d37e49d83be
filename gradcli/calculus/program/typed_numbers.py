"""Numbers that remember what they were typed as: a decimal is what it says, a constant expression its exact value."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any


class TypedFloat(float):
    """A float that was typed: *text* is the decimal or the constant expression that it stands for."""

    text: str

    def __new__(cls, value: float, text: str) -> TypedFloat:
        """The float nearest to what *text* says."""
        made = super().__new__(cls, value)
        made.text = text
        return made


class TypedDigits(str):
    """A decimal of many digits for a constant expression *text*."""

    text: str

    def __new__(cls, digits: str, text: str) -> TypedDigits:
        """The decimal that *text* begins with."""
        made = super().__new__(cls, digits)
        made.text = text
        return made


def typed_float(given: Any) -> float:
    """The float nearest to a number, which remembers what it was typed as."""
    text = text_of(given)
    return float(given) if text is None else TypedFloat(float(given), text)


def is_short(x: float) -> bool:
    """Whether a double is a multiple of 1/64 below 10**9: then it is itself the decimal that is read as it.

    For it has at most 15 digits, and no other decimal of so few is read as the same double.
    """
    return abs(x) < 1e9 and (x * 64.0).is_integer()


def shortest_decimal(x: float) -> float:
    """The shortest decimal that is read as a double: what a cell of up to 15 digits spells. *x* itself where it is that."""
    return x if is_short(x) or not isfinite(x) else TypedFloat(x, repr(x))


def in_decimals(at: Mapping[str, Any]) -> dict[str, Any]:
    """A point beside cells: computed numbers are the shortest decimals of their doubles, as cells are."""
    return {name: shortest_decimal(x) if type(x) is float else x for name, x in at.items()}


#: The characters of a decimal.
_CHARACTERS = frozenset("0123456789.+-eE")


def is_decimal(text: str, exponent: int) -> bool:
    """Whether *text* is a decimal in ASCII, such as -1.5e+3, with an exponent of at most so many digits."""
    if not _CHARACTERS.issuperset(text):
        return False
    try:
        float(text)
    except ValueError:
        return False
    return len(text.upper().partition("E")[2].lstrip("+-")) <= exponent


def text_of(given: object) -> str | None:
    """What a number was typed as: its `text`, or itself where it is a text; None for a computed one."""
    text = getattr(given, "text", None)
    if text is not None:
        return str(text)
    return given if isinstance(given, str) else None
