"""What is answered about a point: value, partials, and notes about what has no number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradcli.language.records import NamedTuple

#: A value as it is given or answered: a float, or a decimal text.
Value = float | str

#: What a note says of the part that it names, by its kind.
WHAT = {"corner": "has a corner", "jump": "jumps", "edge": "ends", "infinite": "has an infinite slope"}


#: A double below this has fewer digits than are shown.
FEW_DIGITS = 2.0**-1038


class Note(NamedTuple):
    """What a user should know about an answer: kind (`corner`, `jump`, `infinite`, `edge`, …) and a sentence.

    variable: whose partial it is about. left, right: the slopes on both sides, None where there is no value.
    """

    kind: str
    message: str
    variable: str | None = None
    left: float | None = None
    right: float | None = None
    span: tuple[int, int] | None = None


class Answer(NamedTuple):
    """The value at a point, the partial of each variable (None: it has none), and notes.

    undecided: bounds of the numbers that were not told from 0, as texts, by their places in the record: `value`, `gradient.x`.
    """

    value: Value
    partials: Mapping[str, Value | None]
    notes: tuple[Note, ...] = ()
    undecided: Mapping[str, str] = {}


Row = tuple[Any, ...]


class Numbers(NamedTuple):
    """The value of each row, the entries, None where there is no number, notes that say why, and the program's value.

    undecided: bounds of the numbers that were not told from 0, by what they are.
    """

    values: Row
    entries: tuple[Row, ...]
    notes: tuple[Note, ...] = ()
    first: Any = None
    undecided: Mapping[str, str] = {}
