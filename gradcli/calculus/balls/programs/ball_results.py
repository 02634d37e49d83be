"""Slots of a run in balls → the numbers that are shown, and what could not be decided about them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from flint import arb

from gradcli.calculus.balls.ball_numbers import ball, exact
from gradcli.calculus.balls.decimals import decimal_text, nearest_double, size_text
from gradcli.calculus.balls.programs.ball_backend import most_bits
from gradcli.calculus.balls.programs.ball_operations import Failure, undecided
from gradcli.calculus.balls.programs.domain_errors import no_value, where
from gradcli.calculus.program.point_answer import FEW_DIGITS, Note, Value
from gradcli.calculus.program.program import Program
from gradcli.language.errors import MORE_DIGITS, DomainProblem


class Results:
    """What is shown of the slots of one run: floats, or texts of so many *digits*; notes and bounds on the way."""

    def __init__(
        self, program: Program, text: str, point: Mapping[str, Any], bits: int, digits: int | None
    ) -> None:
        self.program, self.text, self.point, self.bits, self.digits = program, text, point, bits, digits
        self.notes: list[Note] = []
        self.undecided: dict[str, str] = {}

    def value(self, slot: Any, path: str, name: str) -> Value:
        """The number of a slot that must have one. Raises the reason why it has none."""
        if isinstance(slot, Failure):
            raise no_value(self.program, self.text, self.point, slot)
        found = self.number(slot, path, name)
        assert found is not None  # noqa: S101  (only failures have none)
        return found

    def number(self, slot: Any, path: str, name: str) -> Value | None:
        """The number of a slot; None where it has none, with a note where that is because it is not decided."""
        if slot is None:
            return None
        if isinstance(slot, Failure):
            if undecided(slot):
                place = where(self.program, self.point, slot.instruction)
                self._note(path, f"whether {name} has a value{place} is not decided")
            return None
        if not self._narrow(slot):
            if not slot.contains(0):
                raise unsettled(slot.rel_accuracy_bits())
            bound = size_text(slot)
            if not abs(slot) < arb(2) ** -(most_bits(self.program) // 4):
                raise DomainProblem(
                    f"{name} is at most {bound} in size, and no precision within the limit tells more"
                )
            self.undecided[path] = bound
            self._note(path, f"{name} is 0, or less than {bound} in absolute value: not decided")
            return 0.0 if self.digits is None else "0"
        if self.digits is not None:
            return decimal_text(slot, self.digits)
        found = as_float(slot, name)
        if abs(found) < FEW_DIGITS and slot != 0:
            self._note_small(path, name, slot)
        return found

    def _narrow(self, slot: Any) -> bool:
        return exact(slot) or bool(slot.is_exact()) or slot.rel_accuracy_bits() >= min(self.bits, 64)

    def _note_small(self, path: str, name: str, slot: Any) -> None:
        """That a number is too small for a float; of those of a table, which have no name of their own, once."""
        what = f"{name} is {_about(slot)}," if name.startswith("the ") else "numbers of the table are"
        message = f"{what} too small for the digits of a float"
        if all(note.message != message for note in self.notes):
            self._note(path, message, "underflow")

    def _note(self, path: str, message: str, kind: str = "undecided") -> None:
        variable = path.removeprefix("gradient.") if path.startswith("gradient.") else None
        self.notes.append(Note(kind, message, variable))


def _about(number: Any) -> str:
    """A number to one digit, and its power of ten."""
    return f"about {decimal_text(ball(number), 1).replace('.0', '')}"


def as_float(number: Any, name: str) -> float:
    """A rational or a narrow ball as a float; raises DomainProblem where it is too large, saying that *name* is."""
    result = nearest_double(number)
    if math.isinf(result):
        power = decimal_text(ball(number), 1).partition("e")[2].lstrip("+")
        raise DomainProblem(f"{name} is too large for a float: about 1e{power}",
                            hint=MORE_DIGITS)  # fmt: skip
    return result


def unsettled(bits: int) -> DomainProblem:
    """What is to be said where no precision within the limit makes a number of it."""
    return DomainProblem(f"the digits do not settle: {bits:,} bits of working precision are not enough")
