"""Records as JSON: strict, round-trip, and safe to look at."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence


def json_text(record: object, indent: int | None = None) -> str:
    """*record* as JSON text without a newline at its end, its keys in their order, tuples as arrays.

    Floats read back as the same floats; what is not finite is null, at any depth, for JSON has no word for
    it. Letters of any script stand as they are; what cannot be printed (lone surrogates, C1 controls,
    direction marks, U+2028) is escaped, so that the text can be encoded, split at newlines and looked at.
    """
    import json

    try:
        text = json.dumps(record, ensure_ascii=False, allow_nan=False, indent=indent)
    except (TypeError, ValueError):
        text = json.dumps(_finite(record), ensure_ascii=False, allow_nan=False, indent=indent)
    return text if text.isascii() and "\x7f" not in text else "".join(map(_escaped, text))


def _finite(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _finite(part) for key, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_finite(part) for part in value]
    return value


def _escaped(character: str) -> str:
    if character.isprintable() or character == "\n":  # json itself escapes newlines inside of strings
        return character
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))
