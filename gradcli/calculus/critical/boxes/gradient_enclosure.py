"""Hessian's program and a box → enclosures of f, of its gradient and of its Hessian on all of the box."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from flint import arb

from gradcli.calculus.balls.ball_numbers import ZERO, ball, exact, hull, working_bits
from gradcli.calculus.balls.programs.ball_operations import OPERATIONS, Failure, result_of
from gradcli.calculus.balls.programs.given_numbers import number_of
from gradcli.calculus.program.derivative_table import Matrix
from gradcli.calculus.program.instructions import Kink

#: Instructions that need not have all of their arguments.
_LAZY = frozenset(("gate", "select", "and", "or"))

#: A side of a box, as a ball. python-flint has no types of its own to offer.
Interval = Any


class Field:
    """A table of slopes and their derivatives as a function of the variables *names*, all others held at texts of numbers."""

    def __init__(self, matrix: Matrix, names: Sequence[str], others: Mapping[str, str]) -> None:
        self.matrix, self.names = matrix, tuple(names)
        program = matrix.program
        self._places = [self.names.index(name) if name in names else None for name in program.variables]
        self._fixed = [others.get(name) for name in program.variables]
        table: dict[str, Callable[..., Any]] = {**OPERATIONS, "sqrt": self._root, "pow": self._power}
        self._code = [None if op in _LAZY else (table[op], places) for op, *places in program.code]
        #: Whether the last run met a box that reaches out of the domain of a root: what it says holds inside of it.
        self.partial = False
        self._numbers: dict[int, tuple[list[Any], list[Any]]] = {}

    def slots(self, box: Sequence[Any], bits: int) -> list[Any]:
        """The slots of a run on the box, as `ball_backend.run` has them: what most instructions are is carried out at once."""
        with working_bits(bits):
            slots = self._inputs(box, bits)
            self.partial = False
            careful = False  # from the first failure on, each argument is looked at
            for index, step in enumerate(self._code):
                if step is not None and not careful:
                    try:
                        slots.append(step[0](*[slots[place] for place in step[1]]))
                        continue
                    except (ValueError, ArithmeticError) as error:
                        slots.append(Failure(index, error))
                        careful = True
                        continue
                op, *places = self.matrix.program.code[index]
                found = result_of(OPERATIONS[op], index, op, places, slots, {})
                careful = careful or isinstance(found, Failure)
                slots.append(found)
            return slots

    def _root(self, x: Any) -> Any:
        """The square root of what is not below 0 in a ball."""
        if exact(x) or not x.contains(0) or not x.upper() > 0:
            return OPERATIONS["sqrt"](x)
        self.partial = True
        return hull(arb(0), x.upper().sqrt())

    def _power(self, x: Any, y: Any) -> Any:
        """The same for positive powers that are no whole number."""
        if exact(x) or not exact(y) or y <= 0 or y.q == 1 or not x.contains(0) or not x.upper() > 0:
            return OPERATIONS["pow"](x, y)
        self.partial = True
        return hull(arb(0), OPERATIONS["pow"](x.upper(), y))

    def point(self, box: Sequence[Any], bits: int) -> list[Any]:
        """The numbers of all variables: the sides of the box, and what is held."""
        return self._inputs(box, bits)[: len(self._places)]

    def _inputs(self, box: Sequence[Any], bits: int) -> list[Any]:
        if bits not in self._numbers:
            held = [None if text is None else number_of(text, bits) for text in self._fixed]
            self._numbers[bits] = held, [number_of(text, bits) for text in self.matrix.program.constants]
        held, constants = self._numbers[bits]
        inputs = [x if k is None else box[k] for x, k in zip(held, self._places, strict=True)]
        return [*inputs, *constants]


class Enclosure(NamedTuple):
    """What is known on all of a box. empty: f has no value anywhere in it, or a slope is nowhere 0.

    gradient, hessian: balls; None where one is not known on all of the box. hopeless: no smaller box will do.
    """

    empty: bool
    gradient: list[Any] | None = None
    hessian: list[list[Any]] | None = None
    hopeless: bool = False


def enclosed_on(field: Field, box: Sequence[Interval], bits: int) -> Enclosure:
    """The enclosures on a box of balls."""
    slots = field.slots(box, bits)
    matrix, partial = field.matrix, field.partial
    value = slots[matrix.program.value]
    if isinstance(value, Failure) and isinstance(value.error, ValueError | ZeroDivisionError):
        return Enclosure(empty=True)
    slopes = [slots[slot] for slot in matrix.values]
    if any(not isinstance(x, Failure) and not ball(x).contains(0) for x in slopes):
        return Enclosure(empty=True)
    if any(isinstance(x, Failure) for x in (value, *slopes)):
        hopeless = any(isinstance(x, Failure) and isinstance(x.error, Kink) for x in slopes)
        undefined = any(isinstance(x, Failure) and _nowhere(x) for x in slopes)
        return Enclosure(empty=undefined, hopeless=hopeless)
    gradient = [ball(x) for x in slopes]
    rows = [[ZERO if slot is None else slots[slot] for slot in row] for row in matrix.slots]
    if partial or any(isinstance(x, Failure) for row in rows for x in row):
        return Enclosure(empty=False, gradient=gradient)
    return Enclosure(False, gradient, [[ball(x) for x in row] for row in rows])


def signed_slopes(
    field: Field, box: Sequence[Interval], bits: int, known: Mapping[int, int] | None = None
) -> bool:
    """Whether a slope is nowhere 0 in a box where it has a value, by the signs of what it is made of.

    They hold where balls are too wide: for a product of many factors that are not 0. known: those of variables.
    """
    from gradcli.calculus.intervals.box_enclosures import NOT_ZERO, enclosed

    signs = enclosed(field.matrix.program, field.point(box, bits), bits, known).signs
    return any(signs[slot] in NOT_ZERO for slot in field.matrix.values)


def only_zero_at_zero(field: Field, low: float, high: float, bits: int) -> bool:
    """Whether the slope along the one variable is not 0 from *low* to *high* but at 0, by its sign on both sides."""
    place = field.matrix.program.variables.index(field.names[0])
    sides = [(interval(0, high), 1)] * (high > 0) + [(interval(low, 0), -1)] * (low < 0)
    return all(signed_slopes(field, [side], bits, {place: sign}) for side, sign in sides)


def _nowhere(failure: Failure) -> bool:
    """Whether a slope has no value on all of a box, and not because of a tie whose sides may agree."""
    return isinstance(failure.error, ValueError) and not isinstance(failure.error, Kink)


def interval(low: Any, high: Any) -> Interval:
    """The ball from one end to the other."""
    return arb(low).union(arb(high))
