"""A problem with columns of many rows → its gradient, written as any other."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from gradcli.calculus.backends.error_propagation import UNIT
from gradcli.calculus.evaluation.notes import excerpt
from gradcli.calculus.program.point_answer import WHAT, Note
from gradcli.calculus.rows.row_evaluation import RowEvaluation, RowsAnswer
from gradcli.calculus.rows.sided_slopes import NOTHING, Slope, chosen_slope
from gradcli.language.errors import DomainProblem
from gradcli.output.gradients.row_gradient_document import (
    RowGradient,
    row_gradient_document,
    row_gradient_latex,
    row_gradient_record,
    row_gradient_rows,
)
from gradcli.output.text.grouped_rows import SHOWN
from gradcli.shell.problems.row_problem import RowProblem
from gradcli.shell.writers.answer_writer import OutputOptions, Report, write_answer

if TYPE_CHECKING:
    from gradcli.calculus.rows.careful_rows import Corner
    from gradcli.calculus.rows.row_slopes import ColumnSlopes


#: A number that is 0 in floats, and whose bound says no more than that floats end somewhere, is called 0.
NO_SIZE = 2.0**-1000


def answer_rows(asked: RowProblem, corner: str) -> RowGradient:
    """The gradient of a problem by rows. Raises GradcliError where there is no value."""
    numbers = {name: float(x) for name, x in asked.numbers.items()}
    evaluation = RowEvaluation(asked.program, asked.data())
    answer = evaluation.at(numbers, corner, bounds=True, given=asked.numbers)
    if not math.isfinite(answer.value):
        raise DomainProblem("the value is too large for a float", text=asked.program.text)
    chosen = _Partials(asked, answer, corner)
    partials = {name: chosen.along(name) for name in asked.chosen}
    value = chosen.told("value", answer.value, answer.error, "the value")
    flat = [x for one in partials.values() for x in (one if isinstance(one, list) else (one,))]
    missing = any(note.kind not in ("unconnected", "undecided") for note in chosen.notes) and None in flat
    norm = None if missing else math.hypot(*(x for x in flat if x is not None))
    return RowGradient(
        asked.problem.expression, asked.at, asked.rows, value, partials, norm, chosen.errors, chosen.undecided,
        chosen.notes, asked.wrt, chosen.first, data=asked.files and asked.files.record["data"],
        columns=tuple(asked.columns),
    )  # fmt: skip


class _Partials:
    """The partials of an answer by the rule for corners, their errors, and what is to be said about them."""

    def __init__(self, asked: RowProblem, answer: RowsAnswer, corner: str) -> None:
        self.asked, self.answer, self.corner = asked, answer, corner
        self.connected, self.unknown = asked.program.connected, asked.program.unknown
        self.errors: dict[str, float] = {}
        self.undecided: dict[str, str] = {}
        self.notes: list[Note] = []
        self.first: dict[str, list[float]] = {}

    def told(self, path: str, number: float, error: float, what: str) -> float:
        """The number, or 0 where it is not told from that. Raises DomainProblem where nothing is known of it."""
        if not math.isfinite(error):
            raise DomainProblem(f"no digit of {what} is certain", text=self.asked.program.text)
        self.errors[path] = error
        if not abs(number) <= error or (number == 0 and error < NO_SIZE):
            return number
        bound = f"{abs(number) + error:.3g}"
        self.undecided[path] = bound
        self.notes.append(Note("undecided", f"{what} is 0, or less than {bound} in size: not decided"))
        return 0.0

    def along(self, name: str) -> Any:
        """The partial along a number, or the list of those along a column."""
        if name in self.unknown:
            self._note("unknown", f"the derivative along {name} is not known in closed form", name)
            return self._nothing(name)
        if name not in self.connected:
            stopped = name in self.asked.program.variables
            why = "stop_gradient holds it constant" if stopped else "the expression does not depend on it"
            self._note("unconnected", f"{name} is not connected: {why}", name)
            return self._nothing(name)
        if name in self.answer.columns:
            return self._column(name, self.answer.columns[name])
        found = self.answer.slopes.get(name, NOTHING)
        number = self._one(name, found, None)
        if number is not None and found.is_one:
            return self.told(f"gradient.{name}", number, found.error * UNIT, f"the partial along {name}")
        return number

    def _column(self, name: str, slopes: ColumnSlopes) -> list[float | None]:
        found = slopes.each()
        self.first[name] = [one.error * UNIT for one in islice(slopes.each(), SHOWN)]
        if not slopes.sided:
            numbers: list[float | None] = [one.left for one in found]
            if not all(map(math.isfinite, numbers)):  # type: ignore[arg-type]  # floats
                self._note("infinite", f"partials along {name} are too large for a float", name)
                numbers = [x if x is not None and math.isfinite(x) else None for x in numbers]
        else:
            numbers = [self._one(name, one, row) for row, one in enumerate(found)]
        if math.isfinite(slopes.widest):
            self.errors[f"gradient.{name}"] = slopes.widest * UNIT
        return numbers

    def _one(self, name: str, found: Slope, row: int | None) -> float | None:
        """The slope that the rule for corners chooses; the first corner of each name has a note."""
        if found.is_one and math.isfinite(found.left):
            return found.left
        if found.is_one:
            self._note("infinite", f"the partial along {name} is too large for a float", name)
            return None
        if not any(note.kind == "corner" and note.variable == name for note in self.notes):
            self.notes.append(self._corner(name, found, row))
        return chosen_slope(found, self.corner)

    def _corner(self, name: str, found: Slope, row: int | None) -> Note:
        where = self.answer.corner_of(name, found)
        level = next((one for one in self.asked.program.levels if one.name in found.origins), None)
        what, span = "the expression", None
        if where is not None and where.span is not None:
            span = where.span
            has = WHAT.get(where.kind, WHAT["corner"])
            what = f"{excerpt(self.asked.program.text, span)} {has}{_in_row(where)}"
        elif level is not None and level.kind != "sum":
            what = f"several rows have the {'least' if level.kind == 'min' else 'greatest'} number: a corner"
        along = name if row is None else f"{name}[{row}]"
        sides = "it has no one slope"
        left = right = None
        if where is not None and where.kind == "undecided":
            what, sides = f"whether {what.removesuffix(': a corner')}", "that is not decided"
        if not (math.isnan(found.left) or math.isnan(found.right)):
            left, right = found.left, found.right
            sides = f"along {along}, slope {left + 0.0:.10g} on the left, {right + 0.0:.10g} on the right"
        return Note("corner", f"{what}: {sides}", name, left, right, span)

    def _note(self, kind: str, message: str, name: str) -> None:
        if not any(note.kind == kind and note.variable == name for note in self.notes):
            self.notes.append(Note(kind, message, name))

    def _nothing(self, name: str) -> Any:
        return [None] * self.asked.rows if name in self.asked.columns else None


def _in_row(where: Corner) -> str:
    return f" in {where.where}" if where.where else ""


def write_rows(gradient: RowGradient, manner: OutputOptions) -> None:
    """Write it to stdout."""
    forms = Report(
        record=lambda: row_gradient_record(gradient),
        rows=lambda: row_gradient_rows(gradient),
        document=lambda: row_gradient_document(gradient, manner.digits),
        latex=lambda: row_gradient_latex(gradient),
    )
    write_answer(forms, manner)


def stop_where_rows_have_nothing(gradient: RowGradient) -> None:
    """Exit with status 3 where a partial that was asked for has no number."""
    if any(note.kind not in ("unconnected", "undecided") for note in gradient.notes) and _has_none(
        gradient.partials
    ):
        raise click.exceptions.Exit(3)


def _has_none(partials: Mapping[str, Any]) -> bool:
    return any(None in one if isinstance(one, list) else one is None for one in partials.values())
