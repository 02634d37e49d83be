"""A state as it is remembered: one record here, one JSON text in the file, which begins with its own checksum."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from zlib import crc32

from gradcli.calculus.program.typed_numbers import TypedDigits, TypedFloat
from gradcli.language.errors import DomainProblem, SessionProblem
from gradcli.language.records import NamedTuple
from gradcli.memory.record_fields import CHECKS, LONGEST

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
