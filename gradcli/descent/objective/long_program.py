"""Second derivatives of long programs as numbers: no program of them is made, whose length is that times the variables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from gradcli.descent.objective.vectors import Matrix

if TYPE_CHECKING:
    from gradcli.calculus.curvature.hessian_sweeps import HessianSweeps, SecondOrder
    from gradcli.calculus.curvature.linear_forms import Forms
    from gradcli.calculus.program.program import Program

#: Instructions of value and gradient from which on a program is a long one.
LONG = 2_000

#: Second derivatives along forms, over instructions, at most: more are not fewer than those of a program.
_PAIRS = 8

#: Numbers of so many bits are carried on as rationals; longer ones as balls, which cost less.
SHORT = 40


def long_program(program: Program, moving: Sequence[int]) -> LongProgram | None:
    """What has the second derivatives of a long program along the variables *moving*; None for any other."""
    if len(program.code) < LONG:
        return None
    from gradcli.calculus.curvature.linear_forms import forms_of, pairs

    forms = forms_of(program)
    most = _PAIRS * len(program.code)
    return None if forms is None or pairs(forms, most) >= most else LongProgram(forms, moving)


class LongProgram:
    """A program as forms and atoms; points are the numbers of all its variables."""

    def __init__(self, forms: Forms, moving: Sequence[int]) -> None:
        self._forms, self._moving = forms, moving

    @cached_property
    def _floats(self) -> HessianSweeps:
        from gradcli.calculus.curvature.atom_functions import IN_FLOATS
        from gradcli.calculus.curvature.hessian_sweeps import HessianSweeps

        return HessianSweeps(self._forms, self._moving, IN_FLOATS)

    @cached_property
    def _balls(self) -> HessianSweeps:
        from gradcli.calculus.curvature.hessian_sweeps import HessianSweeps

        return HessianSweeps(self._forms, self._moving)

    @cached_property
    def _exactly(self) -> HessianSweeps:
        from gradcli.calculus.curvature.atom_functions import EXACTLY
        from gradcli.calculus.curvature.hessian_sweeps import HessianSweeps

        return HessianSweeps(self._forms, self._moving, EXACTLY)

    def hessian(self, numbers: Sequence[float]) -> Matrix | None:
        """The second derivatives in floats, for steps; None where they are not all finite."""
        try:
            matrix = self._floats.hessian(numbers)
        except (ValueError, ArithmeticError):
            return None
        return matrix if all(math.isfinite(number) for row in matrix for number in row) else None

    def value_in_balls(self, numbers: Sequence[Any]) -> Any:
        """f at exact or wide numbers; None where it has no value, or none that balls can tell."""
        sweeps, given = self._sweeps(numbers)
        try:
            found = sweeps.value(given)
        except (ValueError, ArithmeticError):
            return None
        return found if _known(found) else None

    def second_order(self, numbers: Sequence[Any]) -> SecondOrder | None:
        """All derivatives at exact or wide numbers; None where one has no value, or none that balls can tell."""
        sweeps, given = self._sweeps(numbers)
        try:
            found = sweeps.at(given)
        except (ValueError, ArithmeticError):
            return None
        numbers = [found.value, *found.gradient, *(number for row in found.hessian for number in row)]
        return found if all(map(_known, numbers)) else None

    def _sweeps(self, numbers: Sequence[Any]) -> tuple[HessianSweeps, list[Any]]:
        from gradcli.calculus.balls.ball_numbers import ball, exact

        if all(exact(number) and number.height_bits() <= SHORT for number in numbers):
            return self._exactly, [*numbers]
        return self._balls, [*map(ball, numbers)]


def _known(number: Any) -> bool:
    from gradcli.calculus.balls.ball_numbers import exact

    return exact(number) or bool(number.is_finite())
