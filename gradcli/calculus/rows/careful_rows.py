"""Rows at which floats fail: looked at with more digits, at corners from both sides, and named where they have no value."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.calculus.backends import float_backend
from gradcli.calculus.backends.error_propagation import UNDERFLOW, UNIT
from gradcli.calculus.backends.rounding_error import TOLERANCE, errors_of, input_errors
from gradcli.calculus.evaluation.gradient_at_point import evaluate
from gradcli.calculus.program.instructions import Kink
from gradcli.calculus.program.point_answer import Answer, Note
from gradcli.calculus.program.program import Program, identified
from gradcli.calculus.rows.row_data import Binding, Held, same_number
from gradcli.calculus.rows.row_in_balls import (
    enclosed,
    given_numbers,
    is_known,
    point_in_balls,
    slots_in_balls,
)
from gradcli.calculus.rows.sided_slopes import NOTHING, Slope, slope
from gradcli.language.errors import DomainProblem, GradcliError

if TYPE_CHECKING:
    from gradcli.calculus.balls.programs.ball_operations import Failure

#: Rows without a value that are looked at; where none of them has one, those after them are only counted.
LOOKED = 200

#: Rows without a value that are named.
NAMED = 3

#: Rules for corners that choose among the slopes of the whole on both sides; others answer row by row.
BOTH_SIDES = ("none", "least", "left", "right")

#: What the message of a single point says where it is not decided.
_PRECISION = ": no precision within the limit can tell"

_INNER = re.compile(r"(, )?#[^ ,]* = [^,: ]+(, )?")


def check_unfit(unfit: int, most: float, text: str) -> None:
    """Raises DomainProblem where more rows than *most* have a value only in more digits than floats have."""
    if unfit > most:
        raise DomainProblem(f"more than {most:.0f} rows have no value in floats there", text=text)


def _answered_error(number: float, unsure: Any) -> float:
    """How far the number of a point's answer may be off, in units; unsure: what the answer says of it."""
    return TOLERANCE * abs(number) + UNDERFLOW if unsure is None else float(unsure) / UNIT


def _nearer(slot: Any, number: float, error: float) -> tuple[float, float]:
    """A number and the bound of its error, or those of the ball in its slot where that tells more."""
    if isinstance(slot, tuple) or not math.isfinite(number):
        return number, error
    found = enclosed(slot, "it")
    return found if found.error < error else (number, error)


class CarefulRow(NamedTuple):
    """A row's value with a bound of its error in units of 2**-53, and its slopes by the place of the variable."""

    value: float
    error: float
    slopes: Mapping[int, Slope]


class Corner(NamedTuple):
    """The first row at which a level has no one slope: what it is called, what kind it is, the sub-expression's characters.

    kind: that of the note, or `undecided` where rounded sums do not tell whether it has one.
    """

    where: str
    kind: str
    span: tuple[int, int] | None


#: The first corner of a level along each of its variables.
Corners = Mapping[str, Corner]


class CarefulRows:
    """Looks at single rows of a level.

    corner: the rule for corners. corners: the first along each variable. where: what a row is called; nothing
    where there is but one. lost, found: rows that had no value, and that had one; before: those lost before the first one.
    unfit: rows that have a value, and none in floats; most: how many of them are looked at.
    refine: gives the bindings with shared numbers that are exact or narrow.
    """

    most: float = math.inf

    def __init__(
        self, program: Program, bindings: Sequence[Binding], text: str, level: str, corner: str = "none",
        where: Callable[[int], str] = "row {}".format,
    ) -> None:  # fmt: skip
        self.where = where
        self.program, self.bindings, self.text, self.level = program, bindings, text, level
        self.corner = "none" if corner in BOTH_SIDES else corner
        self.corners: dict[str, Corner] = {}
        self.refine: Callable[[], Sequence[Binding] | None] | None = None
        self.problems: list[tuple[int, DomainProblem]] = []
        self.lost = self.found = self.before = self.unfit = 0
        self._fits = True
        self.hasty = False

    def look(self, row: int) -> CarefulRow | None:
        """A row with more digits; None where it has no value, which is kept in mind.

        Raises DomainProblem where too many rows have a value only in more digits than floats have; with `hasty` for the
        first row without a value, for then the level has none.
        """
        if self.lost >= LOOKED and not self.found:
            self.lost += 1
            return None
        try:
            found = self.exactly(row)
        except DomainProblem as problem:
            if self.hasty:
                raise
            self.lost += 1
            if len(self.problems) < NAMED:
                self.problems.append((row, problem))
            return None
        if not self.found:
            self.before = self.lost
        self.found += 1
        self.unfit += not self._fits
        check_unfit(self.unfit, self.most, self.text)
        return found

    def exactly(self, row: int) -> CarefulRow:
        """The same. Raises DomainProblem where it has no value."""
        same = same_number(self.bindings, row)
        if same is not None:
            return self._together(row, *same)
        given = given_numbers(self.bindings, row)
        found = self._in_floats(given)
        if found is not None:
            return found
        if is_known(self.bindings):
            return self._evaluated(row, given)
        return self._in_balls(row, given)

    def _together(self, row: int, shared: int, own: int) -> CarefulRow:
        """A row whose own number is one that all rows share: what it does to the row is told along the row's own."""
        bindings = list(self.bindings)
        bindings[shared] = bindings[shared]._replace(column="")
        program = identified(self.program, shared, own)
        alone = CarefulRows(program, bindings, self.text, self.level, self.corner, self.where)
        alone.refine = self.refine
        found = alone.exactly(row)
        self.corners, self._fits = {**alone.corners, **self.corners}, alone._fits
        slopes = {place: found.slopes.get(place, NOTHING) for place in self._slots}
        if own in found.slopes and own not in slopes:
            slopes[shared] = found.slopes[own]
        return found._replace(slopes=slopes)

    @property
    def _slots(self) -> dict[int, int]:
        """The slots of the slopes that there are, by the place of the variable."""
        return {place: slot for place, slot in enumerate(self.program.gradient) if slot is not None}

    def _in_floats(self, given: Sequence[Any]) -> CarefulRow | None:
        """The row in floats, where their bounds leave fourteen digits."""
        program = self.program
        numbers = [float(x) for x in given]
        self._fits = True
        try:
            slots = float_backend.run(program, numbers)
        except Kink:
            return None
        except (ValueError, ArithmeticError):
            self._fits = False
            return None
        errors = errors_of(program, slots, self._errors(given, numbers))
        outputs = [program.value, *self._slots.values()]
        if not all(errors[slot] <= TOLERANCE * abs(slots[slot]) < math.inf for slot in outputs):
            return None
        found = {place: slope(slots[slot], errors[slot]) for place, slot in self._slots.items()}
        return CarefulRow(slots[program.value], errors[program.value], found)

    def _errors(self, given: Sequence[Any], numbers: Sequence[float]) -> list[float]:
        own = input_errors(given, numbers)
        pairs = zip(self.bindings, own, strict=True)
        return [one.error if isinstance(one, Held) else error for one, error in pairs]

    def _evaluated(self, row: int, given: Sequence[Any]) -> CarefulRow:
        """The row as any single point."""
        program = self.program
        point = dict(zip(program.variables, given, strict=True))
        answer = evaluate(program, self.text, point, self.corner)
        slopes = {place: self._slope(answer, program.variables[place], row) for place in self._slots}
        slots = slots_in_balls(program, self.bindings, row)
        for place, one in slopes.items():
            if one.is_one:
                slopes[place] = slope(*_nearer(slots[self._slots[place]], one.left, one.error))
        value = float(answer.value)
        error = _answered_error(value, answer.undecided.get("value"))
        return CarefulRow(*_nearer(slots[program.value], value, error), slopes)

    def _slope(self, answer: Answer, name: str, row: int) -> Slope:
        partial = answer.partials[name]
        if partial is not None:
            number = float(partial)
            return slope(number, _answered_error(number, answer.undecided.get(f"gradient.{name}")))
        return self._sided(name, answer.notes, row)

    def _sided(self, name: str, notes: Sequence[Note], row: int) -> Slope:
        """The slopes on both sides of a corner, as a note has them."""
        note = next((note for note in notes if note.variable == name), None)
        if note is not None:
            self.corners.setdefault(name, Corner(self.where(row), note.kind, note.span))
        if note is None or note.left is None or note.right is None or note.kind != "corner":
            return Slope(math.nan, math.nan, math.inf, frozenset((self.level,)))
        widest = max(abs(note.left), abs(note.right)) * 2.0**13 + UNDERFLOW
        return Slope(note.left, note.right, widest, frozenset((self.level,)))

    def _in_balls(self, row: int, given: Sequence[Any]) -> CarefulRow:
        """The row, where numbers that all rows share are rounded. What depends on how has no number."""
        from gradcli.calculus.balls.programs.ball_operations import Failure, undecided

        bindings = self.bindings
        slots = slots_in_balls(self.program, bindings, row)
        outputs = [self.program.value, *self._slots.values()]
        if any(undecided(slots[slot]) for slot in outputs):
            bindings = self._refined or bindings
            slots = slots_in_balls(self.program, bindings, row)
        value = slots[self.program.value]
        if isinstance(value, Failure):
            raise self._no_value(value, given)
        names = self.program.variables
        partials = {names[place]: slots[slot] for place, slot in self._slots.items()}
        for name, one in partials.items():
            if undecided(one):
                found = Corner(self.where(row), "undecided", self.program.spans[one.instruction])
                self.corners.setdefault(name, found)
        notes: Sequence[Note] = ()
        if any(isinstance(one, Failure) and not undecided(one) for one in partials.values()):
            from gradcli.calculus.corners.kinks import resolve_kinks

            point = dict(zip(names, point_in_balls(bindings, row), strict=True))
            partials, notes = resolve_kinks(self.program, self.text, point, partials, self.corner)
        slopes = {
            place: self._sided(names[place], notes, row)
            if partials[names[place]] is None or isinstance(partials[names[place]], Failure)
            else slope(*enclosed(partials[names[place]], f"the partial along {names[place]}"))
            for place in self._slots
        }
        return CarefulRow(*enclosed(value, "the value"), slopes)

    @functools.cached_property
    def _refined(self) -> Sequence[Binding] | None:
        """What the rows are made of with shared numbers that are exact or narrow; None where nobody gives them."""
        return None if self.refine is None else self.refine()

    def _no_value(self, failure: Failure, given: Sequence[Any]) -> GradcliError:
        from gradcli.calculus.balls.programs.ball_operations import undecided
        from gradcli.calculus.balls.programs.domain_errors import no_value

        problem = no_value(
            self.program, self.text, dict(zip(self.program.variables, given, strict=True)), failure
        )
        if undecided(failure):
            problem.message = problem.message.replace(_PRECISION, ": the sums over the rows are rounded")
            problem.hint = None
        return problem

    def check(self) -> None:
        """Raises DomainProblem where rows have no value: the first are named, all are counted."""
        if not self.lost:
            return
        row, problem = self.problems[0]
        named = self.where(row)
        message = problem.message.replace(" at ", f" in {named}, at ", 1) if named else problem.message
        message = (
            _INNER.sub(lambda match: match[1] or "" if match[2] else "", message)
            .replace(", at:", ":")
            .replace(" at :", ":")
            .replace(", at  is not", " is not")
            .replace(" at  is not", " is not")
        )
        if self.lost > 1:
            named = ", ".join(self.where(place).removeprefix("row ") for place, _ in self.problems)
            more = ", …" if self.lost > len(self.problems) else ""
            message += f"; {self.lost:,} rows have no value: {named}{more}"
        raise DomainProblem(message, text=problem.text, span=problem.span, hint=problem.hint)
