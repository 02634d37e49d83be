"""What each field of a stored state must be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradcli.calculus.program.typed_numbers import is_decimal
from gradcli.language.names import is_variable

if TYPE_CHECKING:
    from collections.abc import Callable

#: A number as text, in mpmath's notation too (1.0e+400): its longest, and the digits of its largest exponent.
LONGEST, EXPONENT = 100_000, 9

#: The commands that make states.
KINDS = ("grad", "step", "apply", "minimize", "maximize")

#: What a wish says beside the point it began from, and what each may be.
CORNERS = ("none", "least", "left", "right", "tf1", "torch", "jax")

#: The characters of a word of gradcli's own (an optimizer, a hyper-parameter, a dialect), and of its beginning.
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_WORD = _LETTERS | frozenset("0123456789_-")
LONGEST_WORD = 41


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_number(value: Any) -> bool:
    """A float, or an integer no larger than a float can be."""
    return isinstance(value, float) or (type(value) is int and abs(value) < 2**1023)


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < 2**63


def _is_word(value: Any) -> bool:
    return (
        isinstance(value, str)
        and 0 < len(value) <= LONGEST_WORD
        and value[0] in _LETTERS
        and _WORD.issuperset(value)
    )


def _is_names(value: Any) -> bool:
    return _is_texts(value) and all(map(is_variable, value))


def _is_point(value: Any) -> bool:
    return isinstance(value, dict) and all(
        is_variable(name) and (_is_number(v) or _is_decimal(v)) for name, v in value.items()
    )


def _is_decimal(value: Any) -> bool:
    """A number in more digits than a float has."""
    return isinstance(value, str) and len(value) <= LONGEST and is_decimal(value, EXPONENT)


def _is_settings(value: Any) -> bool:
    """Hyper-parameters, which are numbers or switches, and what a state knows of how it was reached.

    dialect: whose definition. wish: how it was asked for. counts: the steps counted for each variable. verdict: how a
    descent ended. constraints: what is to hold beside. way: the points that it went through. data: files that it
    is over. batch: how their rows are cut into batches. fit: what was asked of the fit that led here.
    """
    return isinstance(value, dict) and all(
        _is_word(name) and SETTINGS.get(name, _is_setting)(item) for name, item in value.items()
    )


def _is_setting(value: Any) -> bool:
    return isinstance(value, bool) or _is_number(value)


def _is_wish(value: Any) -> bool:
    """from: the point that it began at. gradient: what was applied. words: options as they were typed."""
    return isinstance(value, dict) and all(
        name in WISHES and WISHES[name](item) for name, item in value.items()
    )


def _is_numbers(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_number, value.values()))


def _is_box(value: Any) -> bool:
    """Both ends of each variable."""
    return isinstance(value, dict) and all(
        isinstance(ends, list) and len(ends) == 2 and all(map(_is_number, ends)) for ends in value.values()
    )


def _is_counts(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_count, value.values()))


def _is_verdict(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_text, value.values()))


def _is_way(value: Any) -> bool:
    """The points that a descent went through: each its step, and a number for each of the names."""
    if value == {}:
        return True
    if not isinstance(value, dict) or set(value) != {"names", "points"} or not _is_names(value["names"]):
        return False
    rows, width = value["points"], 1 + len(value["names"])
    return isinstance(rows, list) and all(
        isinstance(row, list) and len(row) == width and _is_count(row[0]) and all(map(_is_number, row[1:]))
        for row in rows
    )


_DATA = {"files", "bound", "options", "left_out", "where", "signed"}


def _is_data(value: Any) -> bool:
    """Files with their identity and rows, headers by names, how to read, rows left out, which rows, and who says so."""
    if not isinstance(value, dict) or set(value) != _DATA:
        return False
    files, bound, options = value["files"], value["bound"], value["options"]
    return (
        isinstance(files, list)
        and bool(files)
        and all(map(_is_file, files))
        and isinstance(bound, dict)
        and all(is_variable(name) and isinstance(header, str) for name, header in bound.items())
        and isinstance(options, dict)
        and all(name in READING and READING[name](item) for name, item in options.items())
        and _is_count(value["left_out"])
        and _is_texts(value["where"])
        and isinstance(value["signed"], str)
    )


def _is_file(value: Any) -> bool:
    """Path, bytes, time in nanoseconds, digest, rows."""
    return (
        isinstance(value, list)
        and [type(item) for item in value] == [str, int, int, str, int]
        and _is_count(value[1])
        and _is_count(value[4])
    )


def _is_batch(value: Any) -> bool:
    """Rows of a batch, seed, whether they are shuffled, the step before the order begins."""
    return (
        isinstance(value, list)
        and [type(item) for item in value] == [int, int, bool, int]
        and 0 < value[0] < 2**63
        and abs(value[1]) < 2**63
        and _is_count(value[3])
    )


def _is_fit(value: Any) -> bool:
    """What was asked of a fit, as JSON, and who says so."""
    return (
        isinstance(value, list) and len(value) == 2 and all(map(_is_text, value)) and len(value[0]) <= LONGEST
    )


def _is_slots(value: Any) -> bool:
    """By the slot's name, a number for each variable."""
    return isinstance(value, dict) and all(
        isinstance(slot, dict)
        and all(is_variable(name) and (_is_number(x) or x in ("inf", "-inf")) for name, x in slot.items())
        for slot in value.values()
    )


def _or_none(holds: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or holds(value)


#: How files of data are read: `ReadOptions`, and what each of it may be.
READING: dict[str, Callable[[Any], bool]] = {
    "format": _or_none(_is_text),
    "delimiter": _or_none(_is_text),
    "decimal": _is_text,
    "columns": _or_none(_is_texts),
    "spellings": _is_texts,
    "missing": lambda value: value in ("error", "skip"),
}

#: What a wish may say, and what each of it must be.
WISHES: dict[str, Callable[[Any], bool]] = {
    "from": _is_point,
    "ascend": lambda value: isinstance(value, bool),
    "corner": lambda value: value in CORNERS,
    "clip_norm": _or_none(_is_number),
    "clip_value": _or_none(_is_number),
    "gradient": _is_numbers,
    "box": _is_box,
    "words": _is_texts,
    "schedule": _is_text,
    "bounds": _is_text,
}

#: What each setting beside the hyper-parameters must be.
SETTINGS: dict[str, Callable[[Any], bool]] = {
    "dialect": _or_none(_is_word),
    "wish": _is_wish,
    "way": _is_way,
    "since": _is_count,
    "counts": _is_counts,
    "verdict": _is_verdict,
    "constraints": _is_texts,
    "data": _is_data,
    "batch": _is_batch,
    "fit": _is_fit,
}

#: What each field of a stored state must be.
CHECKS: dict[str, Callable[[Any], bool]] = {
    "kind": lambda value: value in KINDS,
    "expressions": lambda value: _is_texts(value) and bool(value),
    "at": _is_point,
    "value": _or_none(_is_number),
    "wrt": _or_none(_is_names),
    "steps": _is_count,
    "taken": _is_count,
    "optimizer": _is_word,
    "settings": _is_settings,
    "slots": _is_slots,
    "when": _is_number,
}
