"""A table of derivatives in balls, its entries without a value looked at from both sides of the point."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gradcli.calculus.balls.programs.ball_backend import run_to_bits
from gradcli.calculus.balls.programs.ball_operations import Failure, undecided
from gradcli.calculus.balls.programs.domain_errors import no_value, where
from gradcli.calculus.corners.framework_answers import FRAMEWORKS
from gradcli.calculus.corners.kinks import framework_numbers, resolve_kinks
from gradcli.calculus.corners.nonsmooth_part import nonsmooth_part
from gradcli.calculus.corners.one_sided_slopes import equal
from gradcli.calculus.corners.ray_derivatives import meeting, note_of, unit_of
from gradcli.calculus.program.derivative_table import Matrix, outputs_of
from gradcli.calculus.program.instructions import Kink, TooHard
from gradcli.calculus.program.point_answer import WHAT, Note, Numbers, Row, Value
from gradcli.calculus.program.program import Program

#: How programs call the components of a direction (`gradcli.calculus.tables.table_assembly.direction_names`).
_ALONG = "along "


def run_table(
    matrix: Matrix, point: Mapping[str, Value], precision: int, bits: int | None = None, corner: str = "none",
    of: Sequence[str] = (),
) -> Numbers:  # fmt: skip
    """The numbers of *matrix* to *precision* digits (or so many bits), as rationals and balls.

    of: what is added to the notes of each row, where the table does not say it itself.
    Where the rows' values are derivatives themselves (a Hessian, chains of higher derivatives), those without a
    value were looked at before, and a row whose value has none has no entries.
    """
    program, text = matrix.program, matrix.text
    bits = bits or int(precision * 3.33) + 8
    slots = run_to_bits(program, [point[name] for name in program.variables], outputs_of(matrix), bits)
    second = any(place is not None for place in program.gradient)
    settled, notes = _gradient(program, text, point, slots, corner) if second else ({}, ())
    chosen = _told(zip(program.variables, program.gradient, strict=True), notes)
    values, entries, found = list[Any](), list[Row](), list(notes)
    for place, row in zip(matrix.values, matrix.slots, strict=True):
        value = slots[place]
        if isinstance(value, Failure):
            if place not in settled:
                raise no_value(program, text, point, value)
            value = settled[place]
        if place in chosen and corner in FRAMEWORKS:
            # The sides do not meet, so that their slopes say nothing: an entry is the framework's, as the value is.
            known = framework_numbers(program, text, point, _failed(slots, row), corner, max(50, precision))
            slots, chosen = slots | known, chosen | known.keys()
        values.append(value)
        here: Row = (None,) * len(row)
        if value is not None:
            here, more = _row(matrix, point, slots, place, row, precision, corner)
            told = of[len(entries)] if of else _of(matrix, len(entries))
            found += [note._replace(message=note.message + told) for note in more]
            chosen |= _told(zip(matrix.columns, row, strict=True), more)
        settled |= {slot: entry for slot, entry in zip(row, here, strict=True) if slot is not None}
        entries.append(here)
    first = slots[program.value]
    rows = _symmetric(entries) if second else tuple(entries)
    return Numbers(tuple(values), rows, _once(found), None if isinstance(first, Failure) else first)


def _gradient(
    program: Program, text: str, point: Mapping[str, Value], slots: Mapping[int, Any], corner: str
) -> tuple[dict[int, Any], tuple[Note, ...]]:
    """What beside says of f's partials without a value, by their slots; raises DomainProblem where f has none."""
    value = slots[program.value]
    if isinstance(value, Failure):
        raise no_value(program, text, point, value)
    places = {name: g for name, g in zip(program.variables, program.gradient, strict=True) if g is not None}
    partials, notes = resolve_kinks(
        program, text, point, {name: slots[g] for name, g in places.items()}, corner
    )
    return {g: partials[name] for name, g in places.items()}, notes


def _row(
    matrix: Matrix,
    point: Mapping[str, Value],
    slots: Mapping[int, Any],
    value: int,
    row: Sequence[int | None],
    precision: int,
    corner: str,
) -> tuple[Row, list[Note]]:
    """The entries of one row: a failed one is a slope of the row's value, where its column is a variable."""
    program = matrix.program
    named = dict(zip(matrix.columns, row, strict=True))
    entries = {name: None if place is None else slots[place] for name, place in named.items()}
    failed = {
        name: entry for name, entry in entries.items() if isinstance(entry, Failure) and not undecided(entry)
    }
    if not failed:
        return tuple(entries.values()), []
    if all(name in program.variables for name in failed):
        line = program._replace(value=value, gradient=tuple(named.get(name) for name in program.variables))
        answers, notes = resolve_kinks(line, matrix.text, point, failed, corner)
        return tuple({**entries, **answers}.values()), list(notes)
    hard = next((f for f in failed.values() if isinstance(f.error, TooHard)), None)
    if hard is not None:
        raise no_value(program, matrix.text, point, hard)
    if directed(program):
        return _ray(matrix, point, value, row, next(iter(failed.values())), precision)
    reasons = [_reason(matrix, point, failure) for failure in failed.values()]
    return tuple(None if name in failed else e for name, e in entries.items()), reasons


def _told(named: Iterable[tuple[str, int | None]], notes: Sequence[Note]) -> set[int]:
    """The slots of the derivatives that notes are about: what is there is chosen."""
    told = {note.variable for note in notes}
    return {slot for name, slot in named if name in told and slot is not None}


def _failed(slots: Mapping[int, Any], row: Row) -> list[int]:
    return [slot for slot in row if slot is not None and isinstance(slots[slot], Failure)]


def _of(matrix: Matrix, row: int) -> str:
    """What the notes of a row are about, where that is not f: one output of several, or a partial."""
    program = matrix.program
    names = [name.removeprefix(_ALONG) for name in program.variables if name.startswith(_ALONG)]
    if any(place is not None for place in program.gradient):
        columns = matrix.columns if matrix.columns != ("along",) else names
        return f" (of the partial along {columns[row]})" if row < len(columns) else ""
    return f" (of f{row + 1})" if len(matrix.values) > 1 and directed(program) else ""


def directed(program: Program) -> bool:
    """Whether the table is one of products with a direction, whose components are variables of its program."""
    return any(name.startswith(_ALONG) for name in program.variables)


def _ray(
    matrix: Matrix,
    point: Mapping[str, Value],
    value: int,
    row: Sequence[int | None],
    failure: Failure,
    precision: int,
) -> tuple[Row, list[Note]]:
    """The derivative of the row's value along the direction, where both rays agree on it."""
    program = matrix.program
    direction = {
        name.removeprefix(_ALONG): point[name] for name in program.variables if name.startswith(_ALONG)
    }
    way, size = unit_of(direction)
    weights = {slot: 1 / size for slot in row if slot is not None}
    stopped = "stop_gradient" in matrix.text
    found = meeting(program._replace(value=value), point, way, weights, precision, stopped=stopped)
    if not isinstance(found, tuple):
        return (found * size,), []
    note = note_of(found, size, "along the direction,")
    part = nonsmooth_part(program._replace(value=value), matrix.text, point, way, note.kind, failure)
    message = f"{{0}} {WHAT[note.kind]}{where(program, point, part)}: {note.message}"
    return (None,), [note._replace(message=message, span=program.spans[part])]


def _reason(matrix: Matrix, point: Mapping[str, Value], failure: Failure) -> Note:
    program = matrix.program
    place, span = where(program, point, failure.instruction), program.spans[failure.instruction]
    if isinstance(failure.error, Kink):
        return Note("corner", f"{{0}} has a corner or a jump{place}", span=span)
    return Note("infinite", f"a derivative of {{0}} has no value{place}", span=span)


def _symmetric(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Square rows with what lies below the diagonal taken from above it, unless the two differ; other rows as they are.

    Where f is smooth both are one slot; on a seam each comes from the sides of the point, and the order may matter.
    """
    size = range(len(rows))
    if any(len(row) != len(rows) for row in rows):
        return tuple(rows)

    def entry(i: int, j: int) -> Any:
        """What both mixed partials agree on."""
        here, there = rows[i][j], rows[j][i]
        if here is None or there is None:
            return None
        return rows[min(i, j)][max(i, j)] if here is there or equal(here, there) else here

    return tuple(tuple(entry(i, j) for j in size) for i in size)


def _once(notes: Sequence[Note]) -> tuple[Note, ...]:
    return tuple({(note.kind, note.message): note for note in notes}.values())
