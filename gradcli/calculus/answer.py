"""What is answered about a point: value, partials, and notes about what has no number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gradcli.calculus.program import Program

#: A value as it is given or answered: a float, or a decimal text.
Value = float | str


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


def noted(program: Program, text: str, found: Sequence[Note], wrt: Sequence[str]) -> tuple[Note, ...]:
    """An answer's notes with sub-expressions named, and one for each variable without a connection or a formula."""
    notes = [note._replace(message=note.message.replace("{0}", excerpt(text, note.span))) for note in found]
    for name in wrt:
        if name in program.unknown:
            message = f"the derivative along {name} is not known in closed form"
            notes.append(Note("unknown", message, name))
        elif name not in program.variables or program.gradient[program.variables.index(name)] is None:
            stopped = name in program.variables
            why = "stop_gradient holds it constant" if stopped else "the expression does not depend on it"
            notes.append(Note("unconnected", f"{name} is not connected: {why}", name))
    return tuple(notes)


def excerpt(text: str, span: tuple[int, int] | None) -> str:
    """The characters of a sub-expression, for a sentence."""
    part = text[slice(*span)] if span else "the expression"
    return part if len(part) <= 60 else part[:59] + "…"
