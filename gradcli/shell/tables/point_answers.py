"""One program at many points of cells: quickly where floats are sure, else as any single point, the decimals in them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, Any

from gradcli.calculus.backends.compiled_error_bound import run_with_error_bound
from gradcli.calculus.backends.rounding_error import digits_may_be_lost, input_errors
from gradcli.calculus.program.instructions import FLOATS
from gradcli.calculus.program.typed_numbers import is_short, shortest_decimal, text_of
from gradcli.shell.tables.row_question import PointAnswer, RowQuestion

if TYPE_CHECKING:
    from gradcli.calculus.balls.programs.straight_line import StraightLine


class PointAnswers:
    """The answers of a question. sure: the error that a number may have, for each unit of it, before it is computed again;
    in units of 2**-53.
    """

    def __init__(self, asked: RowQuestion, *, sure: float) -> None:
        self.asked, self._sure = asked, sure
        program = asked.program
        quick = not program.unknown and all(one[0] in FLOATS for one in program.code)
        quick = quick and all(map(_is_plain, asked.at.values()))
        self._outputs = (asked.value, *(place for place in asked.places if place is not None), *asked.beside)
        self._run = run_with_error_bound(program, self._outputs, sure) if quick else None
        self._order = [
            (asked.varying.index(name), None) if name in asked.varying else (None, asked.at[name])
            for name in program.variables
        ]

    def at(self, numbers: Sequence[float]) -> PointAnswer:
        """The answer where the varying variables are *numbers*."""
        if self._run is not None:
            point = [fixed if place is None else numbers[place] for place, fixed in self._order]
            try:
                slots, sure = self._run(*point)
            except (ValueError, ArithmeticError):
                return self.carefully(numbers)
            value, pairs = slots[self.asked.value], zip(self.asked.places, self.asked.fills, strict=True)
            partials = [fill if place is None else slots[place] for place, fill in pairs]
            if not sure:
                errors = input_errors(self._decimals(numbers), slots[: len(point)])
                sure = not digits_may_be_lost(self.asked.program, slots, self._outputs, errors, self._sure)
            if sure and isfinite(value) and all(x is None or isfinite(x) for x in partials):
                return PointAnswer(value, partials)
        return self.carefully(numbers)

    def _decimals(self, numbers: Sequence[float]) -> list[Any]:
        """The numbers of all variables as they were given."""
        return [fixed if place is None else shortest_decimal(numbers[place]) for place, fixed in self._order]

    def carefully(self, numbers: Sequence[float]) -> PointAnswer:
        """The same with a second look, as any single point is answered."""
        return self.asked.at_row(numbers)

    def in_balls(self, numbers: Sequence[float]) -> PointAnswer:
        """The same where floats are known not to be sure: by balls at once, where these tell all numbers."""
        from gradcli.calculus.balls.programs.ball_backend import FIRST_BITS, run

        found = self._quickly(numbers)
        if found is not None:
            return found
        slots = run(self.asked.program, self._decimals(numbers), FIRST_BITS)
        return self._told([_nearest(slots[slot]) for slot in self._outputs]) or self.carefully(numbers)

    def _quickly(self, numbers: Sequence[float]) -> PointAnswer | None:
        """The answer by balls of a program of plain operations alone; None where these do not tell all numbers."""
        if self._straight is None:
            return None
        outputs, order = self._straight
        found = outputs([fixed if place is None else _spelled(numbers[place]) for place, fixed in order])
        return None if found is None else self._told(found)

    @cached_property
    def _straight(self) -> tuple[StraightLine, list[tuple[int | None, Any]]] | None:
        """The program of plain operations, and its variables with those that are fixed as balls; None where there is none."""
        from gradcli.calculus.balls.ball_numbers import ball, working_bits
        from gradcli.calculus.balls.programs.ball_backend import FIRST_BITS
        from gradcli.calculus.balls.programs.given_numbers import number_of
        from gradcli.calculus.balls.programs.straight_line import straight_line

        outputs = straight_line(self.asked.program, self._outputs, FIRST_BITS)
        if outputs is None:
            return None
        with working_bits(FIRST_BITS):
            return outputs, [
                (place, None if place is not None else ball(number_of(fixed, FIRST_BITS)))
                for place, fixed in self._order
            ]

    def _told(self, outputs: Sequence[float | None]) -> PointAnswer | None:
        """The answer of these numbers; None where one is missing."""
        if any(x is None for x in outputs):
            return None
        value, left = outputs[0], iter(outputs[1:])
        pairs = zip(self.asked.places, self.asked.fills, strict=True)
        return PointAnswer(value, [fill if place is None else next(left) for place, fill in pairs])


def _nearest(slot: Any) -> float | None:
    """The float nearest to a rational or a ball; None for a failure, and where the ball does not tell it."""
    from gradcli.calculus.balls.ball_numbers import exact
    from gradcli.calculus.balls.decimals import nearest_double
    from gradcli.calculus.balls.programs.ball_operations import Failure
    from gradcli.calculus.balls.programs.straight_line import RIGHT_BITS

    if isinstance(slot, Failure) or not (exact(slot) or slot.rel_accuracy_bits() >= RIGHT_BITS):
        return None
    number = nearest_double(slot)
    return number if isfinite(number) and (number or slot == 0) else None


def _spelled(x: float) -> float | str:
    """A cell as Arb reads it."""
    return x if is_short(x) else repr(x)


def _is_plain(number: Any) -> bool:
    """Whether the quick bound of errors holds for a number: a short float that was typed as another decimal has one."""
    text = text_of(number)
    if text is None or not is_short(number):
        return True
    try:
        return Fraction(text) == Fraction(number)
    except (ValueError, ZeroDivisionError):
        return False
