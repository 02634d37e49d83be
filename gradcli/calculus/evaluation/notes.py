"""Notes about what has no number, as sentences that name the sub-expression."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from gradcli.calculus.program.point_answer import Note
from gradcli.calculus.program.program import Program
from gradcli.language.column_names import column_of, is_element

if TYPE_CHECKING:
    from gradcli.calculus.program.derivative_table import Matrix
    from gradcli.calculus.program.point_answer import Note


def completed_notes(
    program: Program, text: str, found: Sequence[Note], wrt: Sequence[str]
) -> tuple[Note, ...]:
    """An answer's notes with sub-expressions named, and one for each variable without a connection or a formula."""
    notes = [note._replace(message=note.message.replace("{0}", excerpt(text, note.span))) for note in found]
    unknown, slots = set(program.unknown), dict(zip(program.variables, program.gradient, strict=True))
    resting = resting_elements(program)
    for name in wrt:
        if name in resting:
            continue
        if name in unknown:
            message = f"the derivative along {name} is not known in closed form"
            notes.append(Note("unknown", message, name))
        elif slots.get(name) is None:
            stopped = name in slots
            why = "stop_gradient holds it constant" if stopped else "the expression does not depend on it"
            if stopped and "stop_gradient" not in text:
                why = "it is in nothing that the expression needs"
            notes.append(Note("unconnected", f"{name} is not connected: {why}", name))
    return tuple(notes)


def resting_elements(program: Program) -> frozenset[str]:
    """The numbers of columns that f does not depend on, where it depends on others of the same column: their partials are 0."""
    if not any(map(is_element, program.variables)):
        return frozenset()
    named = [pair for pair in zip(program.variables, program.gradient, strict=True) if is_element(pair[0])]
    moved = {column_of(name) for name, slot in named if slot is not None}
    lost = set(program.unknown)
    return frozenset(n for n, slot in named if slot is None and column_of(n) in moved and n not in lost)


def excerpt(text: str, span: tuple[int, int] | None) -> str:
    """The characters of a sub-expression, for a sentence."""
    part = text[slice(*span)] if span else "the expression"
    return part if len(part) <= 60 else part[:59] + "…"


def unknown_notes(matrix: Matrix, rows: Sequence[str]) -> list[Note]:
    """A note for each derivative that nobody knows, and for each variable without a path to the outputs."""
    from gradcli.calculus.program.point_answer import Note

    notes = [
        Note("unknown", f"the derivative of {rows[i]} along {matrix.columns[j]} is not known in closed form", matrix.columns[j])
        for i, j in sorted(matrix.unknown)
    ]  # fmt: skip
    for j, name in enumerate(matrix.columns):
        blank = all(row[j] is None for row in matrix.slots)
        if blank and not any(column == j for _, column in matrix.unknown):
            notes.append(Note("unconnected", f"{name} is not connected: no output depends on it", name))
    return notes


def with_sub_expressions(notes: Iterable[Note], text: str) -> list[Note]:
    """Notes with the sub-expressions they are about named."""

    return [note._replace(message=note.message.replace("{0}", excerpt(text, note.span))) for note in notes]
