"""One compiled expression at many points of plain floats: quickly where floats are sure, else as any single point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.calculus.backends.compiled_error_bound import run_with_error_bound
from gradcli.calculus.backends.rounding_error import digits_may_be_lost, input_errors, is_short
from gradcli.calculus.program.instructions import FLOATS
from gradcli.calculus.program.typed_numbers import text_of
from gradcli.language.errors import DomainProblem
from gradcli.shell.derivatives.gradient_answer import evaluate_problem

if TYPE_CHECKING:
    from gradcli.calculus.program.compiled_expression import Compiled
    from gradcli.shell.problems.problem import Problem


class PointAnswer(NamedTuple):
    """The value and the partials in the order asked for, None for what has no number; problem: why it has none."""

    value: Any
    partials: Sequence[Any]
    problem: str | None = None


class PointAnswers:
    """The answers of *compiled* along *names*. varying: the variables that differ; all others are *problem*'s.

    sure: the error that a number may have, for each unit of it, before it is computed again; in units of 2**-53.
    """

    def __init__(
        self,
        compiled: Compiled,
        problem: Problem,
        names: Sequence[str],
        varying: Sequence[str],
        corner: str,
        *,
        sure: float,
    ) -> None:
        self.compiled, self.problem, self.names, self.corner = (
            compiled,
            problem._replace(data=None),
            names,
            corner,
        )
        self.varying, self._sure = varying, sure
        program = compiled.program
        slots = dict(zip(program.variables, program.gradient, strict=True))
        self._places = [slots.get(name) for name in names]
        quick = not program.unknown and all(one[0] in FLOATS for one in program.code)
        quick = quick and all(map(_is_plain, problem.at.values()))
        self._outputs = (program.value, *(place for place in self._places if place is not None))
        self._run = run_with_error_bound(program, self._outputs, sure) if quick else None
        self._order = [
            (varying.index(name), None) if name in varying else (None, problem.at[name])
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
            value = slots[self.compiled.program.value]
            partials = [None if place is None else slots[place] for place in self._places]
            if not sure:
                errors = input_errors(point, slots[: len(point)])
                sure = not digits_may_be_lost(self.compiled.program, slots, self._outputs, errors, self._sure)
            if sure and isfinite(value) and all(x is None or isfinite(x) for x in partials):
                return PointAnswer(value, partials)
        return self.carefully(numbers)

    def carefully(self, numbers: Sequence[float]) -> PointAnswer:
        """The same with a second look, as any single point is answered."""
        at: Mapping[str, Any] = {**self.problem.at, **dict(zip(self.varying, numbers, strict=True))}
        try:
            found = evaluate_problem(self.compiled, self.problem._replace(at=at), 15, self.corner)
        except DomainProblem as problem:
            return PointAnswer(None, [None] * len(self.names), problem.message)
        answer = found.answer
        partials = [answer.partials.get(name) if answer else None for name in self.names]
        lost = {name for name, x in zip(self.names, partials, strict=True) if x is None}
        said = [n.message for n in found.notes if n.kind != "unconnected" and n.variable in lost]
        return PointAnswer(answer and answer.value, partials, "; ".join(said) or None)


def _is_plain(number: Any) -> bool:
    """Whether the quick bound of errors holds for a number: a short float that was typed as another decimal has one."""
    text = text_of(number)
    if text is None or not is_short(number):
        return True
    try:
        return Fraction(text) == Fraction(number)
    except (ValueError, ZeroDivisionError):
        return False
