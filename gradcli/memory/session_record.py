"""A state as it is remembered: one record here, one JSON text in the file, which begins with its own checksum."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from zlib import crc32

from gradcli.calculus.program.typed_numbers import TypedDigits, TypedFloat, is_decimal
from gradcli.language.errors import DomainProblem, SessionProblem
from gradcli.language.names import is_name
from gradcli.language.records import NamedTuple

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

_CHECKSUM = "crc"
_CHECKED = f'{{"{_CHECKSUM}":'


class State(NamedTuple):
    """A problem at one moment.

    id: the row it is stored in, 0 when it is not stored. kind: the command that made it. at: a number for
    each variable, or text for an exact constant. steps: taken so far in this problem; taken: by this command.
    settings, slots: JSON, the optimizer's. when: Unix seconds.
    """

    id: int
    kind: str
    expressions: tuple[str, ...]
    at: Mapping[str, float | str]
    value: float | None
    wrt: tuple[str, ...] | None
    steps: int
    taken: int
    optimizer: str
    settings: Mapping[str, Any]
    slots: Mapping[str, Any]
    when: float


def to_json(state: State) -> str:
    """The text of a state, every float in it exactly. Raises DomainProblem for infinities and NaN."""
    fields = state._asdict()
    del fields["id"]  # the row's own
    # What numbers were typed as: a decimal is what it says, and a constant its exact value.
    typed = {name: text for name, x in state.at.items() if (text := getattr(x, "text", None)) is not None}
    fields |= {"typed": typed} if typed else {}
    # A mapping of any kind is a dict in JSON.
    slots = {name: _with_infinities(kept) for name, kept in state.slots.items()}
    fields.update(at=dict(state.at), settings=dict(state.settings), slots=slots)
    try:
        text = json.dumps(fields, allow_nan=False, separators=(",", ":"))
        return f'{{"{_CHECKSUM}":{crc32(text.encode())},{text[1:]}'
    except ValueError as error:
        raise DomainProblem("a number that is not finite cannot be remembered") from error


def from_json(text: str | bytes, identity: int, session: str) -> State:
    """The state of a row. Raises SessionProblem, with the session's name, for what is not one."""
    hint = "`gradcli session undo` drops its newest state, `gradcli session rm NAME` all of it"
    try:
        fields = json.loads(text, parse_constant=_refused, parse_float=_finite)
        if not isinstance(fields, dict):
            raise ValueError("not an object")
        if _CHECKSUM in fields and not _is_as_written(text):
            message = f"a state of session {session!r} was changed outside of gradcli (row {identity})"
            raise SessionProblem(message, hint=hint)
        if _CHECKSUM not in fields and fields.keys() != CHECKS.keys():
            raise ValueError("other fields than older versions wrote")
        for name, holds in CHECKS.items():
            if not holds(fields[name]):
                raise ValueError(name)
        if not _fits(fields):
            raise ValueError("from")
        at = _as_typed(fields["at"], fields.get("typed", {}))
    except (ValueError, KeyError, RecursionError) as error:
        message = f"what is remembered in session {session!r} makes no sense (row {identity})"
        raise SessionProblem(message, hint=hint) from error
    known = {**{name: fields[name] for name in CHECKS}, "at": at}
    known["expressions"] = tuple(known["expressions"])
    known["wrt"] = None if known["wrt"] is None else tuple(known["wrt"])
    known["slots"] = {name: _from_infinities(kept) for name, kept in known["slots"].items()}
    return State(id=identity, **known)


def _as_typed(at: dict[str, Any], typed: Any) -> dict[str, Any]:
    """The point with what its numbers were typed as. Raises ValueError for what is no text of a number in it."""
    if not isinstance(typed, dict):
        raise ValueError("typed")
    if not typed:
        return at
    made = dict(at)
    for name, text in typed.items():
        if name not in at or not isinstance(text, str) or len(text) > LONGEST:
            raise ValueError("typed")
        number = at[name]
        made[name] = TypedDigits(number, text) if isinstance(number, str) else TypedFloat(number, text)
    return made


#: What a slot holds whose square has outgrown floats; JSON has no number for it.
INFINITIES = {"inf": float("inf"), "-inf": float("-inf")}


def _with_infinities(kept: Any) -> Any:
    if not isinstance(kept, Mapping):
        return kept
    words = {number: word for word, number in INFINITIES.items()}
    return {
        name: words.get(number, number) if isinstance(number, float) else number
        for name, number in kept.items()
    }


def _from_infinities(kept: Any) -> Any:
    if not isinstance(kept, dict):
        return kept
    return {
        name: INFINITIES.get(number, number) if isinstance(number, str) else number
        for name, number in kept.items()
    }


def _is_as_written(text: str | bytes) -> bool:
    """Whether the checksum at its beginning is that of the rest. Rows of older versions have none."""
    whole = text if isinstance(text, str) else text.decode("utf-8", "surrogateescape")
    number, comma, rest = whole[len(_CHECKED) :].partition(",")
    if not (
        whole.startswith(_CHECKED) and comma and number.isascii() and number.isdigit() and len(number) <= 10
    ):
        return False
    return crc32(("{" + rest).encode("utf-8", "surrogateescape")) == int(number)


def _fits(fields: Mapping[str, Any]) -> bool:
    """Whether the step that made the state began where each of its variables had a value, and not after it."""
    settings = fields["settings"]
    whole = fields["kind"] not in ("minimize", "maximize")  # restarts draw the values that their start lacks
    begin = (settings.get("wish", {}).get("from") if whole else None) or fields["at"]
    return bool(fields["at"].keys() <= begin.keys() and settings.get("since", 0) <= fields["steps"])


def _refused(constant: str) -> float:
    raise ValueError(constant)


def _finite(text: str) -> float:
    number = float(text)
    if abs(number) == float("inf"):
        raise ValueError(text)
    return number


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
    return _is_texts(value) and all(map(is_name, value))


def _is_point(value: Any) -> bool:
    return isinstance(value, dict) and all(
        is_name(name) and (_is_number(v) or _is_decimal(v)) for name, v in value.items()
    )


def _is_decimal(value: Any) -> bool:
    """A number in more digits than a float has."""
    return isinstance(value, str) and len(value) <= LONGEST and is_decimal(value, EXPONENT)


def _is_settings(value: Any) -> bool:
    """Hyper-parameters, which are numbers or switches, and what a state knows of how it was reached.

    dialect: whose definition. wish: how it was asked for. counts: the steps counted for each variable. verdict: how a
    descent ended. way: the points that it went through.
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


def _is_slots(value: Any) -> bool:
    """By the slot's name, a number for each variable."""
    return isinstance(value, dict) and all(
        isinstance(slot, dict)
        and all(is_name(name) and (_is_number(x) or x in ("inf", "-inf")) for name, x in slot.items())
        for slot in value.values()
    )


def _or_none(holds: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or holds(value)


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
