"""JSON as it is typed: a number in it is its decimal, also where its double is written with other digits."""

from __future__ import annotations

from functools import cache
from typing import Any

from gradcli.calculus.program.typed_numbers import TypedFloat

#: Decimals of up to so many characters have at most fifteen digits: within these sizes their doubles spell them.
_SHORT, _SMALL, _LARGE = 16, 1e-300, 1e300


def json_value(text: str) -> Any:
    """What *text* spells; a float remembers the decimal that was typed where its double is written otherwise.

    Raises ValueError, RecursionError, MemoryError for what is no JSON.
    """
    return _decoder().decode(text)


@cache
def _decoder() -> Any:
    """Made once: making it takes longer than what it reads."""
    import json

    return json.JSONDecoder(parse_float=_decimal)


def _decimal(text: str) -> float:
    value = float(text)
    if len(text) <= _SHORT and _SMALL < abs(value) < _LARGE:
        return value
    written = repr(value)
    if written == text or ("e" not in text and "E" not in text and text.rstrip("0") == written.rstrip("0")):
        return value
    return TypedFloat(value, text)
