"""Rows at which floats fail: looked at with more digits, at corners from both sides, and named where they have no value."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from gradcli.calculus.backends.error_propagation import UNDERFLOW
from gradcli.calculus.evaluation.gradient_at_point import evaluate
from gradcli.calculus.program.point_answer import Answer
from gradcli.calculus.program.program import Program
from gradcli.calculus.program.typed_numbers import TypedFloat
from gradcli.calculus.rows.row_data import Binding, Held
from gradcli.calculus.rows.sided_slopes import Slope
from gradcli.language.errors import DomainProblem

#: Rows without a value that are looked at; where none of them has one, those after them are only counted.
LOOKED = 200

#: Rows without a value that are named.
NAMED = 3

#: Rules for corners that choose among the slopes of the whole on both sides; others answer row by row.
BOTH_SIDES = ("none", "least", "left", "right")

_INNER = re.compile(r"(, )?#[^ ,]* = [^,: ]+(, )?")


class CarefulRow(NamedTuple):
    """A row's value, and its slopes by the place of the variable in the program."""

    value: float
    slopes: Mapping[int, Slope]


class Corner(NamedTuple):
    """The first row at which a level has no one slope: what it is called, what kind it is, the sub-expression's characters."""

    where: str
    kind: str
    span: tuple[int, int] | None


class CarefulRows:
    """Looks at single rows of a level.

    corner: the rule for corners. first: the corner that was met first. where: what a row is called; nothing
    where there is but one.
    """

    def __init__(
        self, program: Program, bindings: Sequence[Binding], text: str, level: str, corner: str = "none",
        where: Callable[[int], str] = "row {}".format,
    ) -> None:  # fmt: skip
        self.where = where
        self.program, self.bindings, self.text, self.level = program, bindings, text, level
        self.corner = "none" if corner in BOTH_SIDES else corner
        self.first: Corner | None = None
        self.problems: list[tuple[int, DomainProblem]] = []
        self.lost = self.found = 0

    def look(self, row: int) -> CarefulRow | None:
        """A row with more digits; None where it has no value, which is kept in mind."""
        if self.lost >= LOOKED and not self.found:
            self.lost += 1
            return None
        try:
            found = self.exactly(row)
        except DomainProblem as problem:
            self.lost += 1
            if len(self.problems) < NAMED:
                self.problems.append((row, problem))
            return None
        self.found += 1
        return found

    def exactly(self, row: int) -> CarefulRow:
        """The same. Raises DomainProblem where it has no value."""
        point = dict(zip(self.program.variables, (_at(one, row) for one in self.bindings), strict=True))
        answer = evaluate(self.program, self.text, point, self.corner)
        value = float(answer.value)
        slopes = {
            place: self._slope(answer, name, row)
            for place, (name, slot) in enumerate(
                zip(self.program.variables, self.program.gradient, strict=True)
            )
            if slot is not None
        }
        return CarefulRow(value, slopes)

    def _slope(self, answer: Answer, name: str, row: int) -> Slope:
        partial = answer.partials[name]
        if partial is not None:
            number = float(partial)
            return Slope(number, number, abs(number) + UNDERFLOW)
        note = next((note for note in answer.notes if note.variable == name), None)
        if self.first is None and note is not None:
            self.first = Corner(self.where(row), note.kind, note.span)
        origin = frozenset((self.level,))
        if note is None or note.left is None or note.right is None or note.kind != "corner":
            return Slope(math.nan, math.nan, math.inf, origin)
        return Slope(
            note.left, note.right, max(abs(note.left), abs(note.right)) * 2.0**13 + UNDERFLOW, origin
        )

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
        )
        if self.lost > 1:
            named = ", ".join(self.where(place).removeprefix("row ") for place, _ in self.problems)
            more = ", …" if self.lost > len(self.problems) else ""
            message += f"; {self.lost:,} rows have no value: {named}{more}"
        raise DomainProblem(message, text=problem.text, span=problem.span, hint=problem.hint)


def _at(one: Binding, row: int) -> float:
    """A variable's number in a row; that of a typed column is its decimal."""
    if isinstance(one, Held):
        return one.value
    number = float(one.numbers[row])
    return TypedFloat(number, repr(number)) if one.typed else number
