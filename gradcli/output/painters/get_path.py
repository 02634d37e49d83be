"""`--get PATH`: one value out of an answer, as bare text for `$(…)`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from gradcli.language.errors import DomainProblem, UsageProblem
from gradcli.output.painters.json_text import json_text
from gradcli.output.text.number_text import exact

#: Entries that are told of many, and names up to which all of them are.
_LISTED, _NAMED = 8, 24


def picked_value(record: object, path: str) -> object:
    """The part of *record* at a dotted path: `gradient.x`, `formulas.x`, `steps.0.value`, `steps.-1`.

    `after.x` is short for `after.at.x` (so are `before.x`, `steps.0.x`) unless there is an `x` beside `at`; and the labels
    of the text are paths: `f1.x`, `x.grad`, `steps`; `definitions.u` is the value of a definition.
    Raises UsageProblem where the path leads nowhere; it names what there is, and the nearest.
    """
    try:
        return _followed(record, path)
    except UsageProblem:
        from gradcli.output.painters.label_paths import label_paths

        for other in label_paths(record, path) if isinstance(record, Mapping) else ():
            try:
                return _followed(record, other)
            except UsageProblem:
                continue
        raise


def _followed(record: object, path: str) -> object:
    here, start = record, 0
    for part in path.split("."):
        found = _step(here, part, shorthand=start > 0)
        if found is None:
            raise _nowhere(record, here, path, (start, start + len(part)))
        (here,) = found
        start += len(part) + 1
    if path.startswith("definitions.") and isinstance(here, Mapping) and "value" in here:
        return here["value"]
    return here


def leaves(record: object, prefix: str = "") -> Iterator[str]:
    """The path of every single value in a record; of a long list its first entries."""
    if isinstance(record, Mapping):
        for key, value in record.items():
            yield from leaves(value, f"{prefix}.{key}" if prefix else str(key))
    elif isinstance(record, Sequence) and not isinstance(record, str):
        for place, value in enumerate(record[:_LISTED]):
            yield from leaves(value, f"{prefix}.{place}")
    elif record is not None:
        yield prefix


def _step(here: object, part: str, *, shorthand: bool) -> tuple[object] | None:
    """The part of that name or index, in a tuple, since what is there may be None."""
    if isinstance(here, Mapping):
        if part in here:
            return (here[part],)
        at = here.get("at")
        return (at[part],) if shorthand and isinstance(at, Mapping) and part in at else None
    if isinstance(here, Sequence) and not isinstance(here, str) and part.lstrip("-").isdecimal():
        index = int(part) if part.count("-") <= 1 and len(part) < 19 else len(here)
        return (here[index],) if -len(here) <= index < len(here) else None
    return None


def _nowhere(record: object, here: object, path: str, span: tuple[int, int]) -> UsageProblem:
    owner, part = path[: span[0]].rstrip("."), path[slice(*span)]
    missing = f"{owner or 'the answer'} has no " + (part or "part without a name")
    nearest = _nearest(record, here, owner, part)
    hint = nearest and f"did you mean {nearest}?"
    return UsageProblem(f"{missing}: it {_contents(here)}", text=path or None, span=span, hint=hint)


def _contents(here: object) -> str:
    """What there is, for the end of a sentence."""
    if isinstance(here, Mapping) and here:
        rest = len(here) - _LISTED if len(here) > _NAMED else 0
        names = ", ".join(map(str, islice(here, len(here) - rest)))
        return f"has {names}" + (f" and {rest} more" if rest > 0 else "")
    if isinstance(here, Sequence) and here and not isinstance(here, str):
        return f"has the entries 0 to {len(here) - 1}"
    return "is empty" if isinstance(here, Mapping | list | tuple) else "is a single value"


def _nearest(record: object, here: object, owner: str, part: str) -> str | None:
    """The path that was probably meant: a key here that looks alike, or the same name somewhere else."""
    import re
    from difflib import get_close_matches

    keys = [str(key) for key in here] if isinstance(here, Mapping) else []
    for key in get_close_matches(part, keys, n=1):
        return f"{owner}.{key}" if owner else key
    if (slope := re.fullmatch(r"(?:d|∂)?f?/?(?:d|∂)(.+)", part)) and not owner:
        part = slope[1]
    same = [path for path in _paths(record, "") if part and path.endswith("." + part)]
    same.sort(key=lambda path: (not path.startswith("gradient"), path.count(".")))
    return same[0] if same else None


def _paths(record: object, prefix: str) -> Iterator[str]:
    if isinstance(record, Mapping):
        for key, value in record.items():
            yield f"{prefix}{key}"
            yield from _paths(value, f"{prefix}{key}.")


def picked_text(value: object, path: str = "it") -> str:
    """A picked value for `$(…)`: all digits of a number, text as it is, true or false, else JSON.

    Raises DomainProblem where there is no number to print: null, or one that is not finite.
    """
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        raise DomainProblem(f"{path} has no value at this point")
    if isinstance(value, str) or (isinstance(value, float) and not isinstance(value, bool)):
        return exact(value)
    return json_text(value)
