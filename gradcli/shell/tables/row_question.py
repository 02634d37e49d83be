"""What is computed in each row of a table: a program, which of its slots are asked for, and how one row is looked at alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.calculus.program.program import Program
from gradcli.calculus.program.typed_numbers import in_decimals, shortest_decimal
from gradcli.language.errors import DomainProblem
from gradcli.shell.derivatives.gradient_answer import evaluate_problem

if TYPE_CHECKING:
    from gradcli.calculus.program.compiled_expression import Compiled
    from gradcli.shell.problems.problem import Problem


class PointAnswer(NamedTuple):
    """The value and the other numbers in the order asked for, None for what has no number; problem: why it has none."""

    value: Any
    partials: Sequence[Any]
    problem: str | None = None


class RowQuestion(NamedTuple):
    """program: computes a row. value, places: the slots of the first number and of the others, None for one that has none.

    fills: what stands where a place is None. at: the numbers beside the columns, as `in_decimals` has them.
    varying: the variables that are columns.
    alone: answers one point as single points are, with a second look. beside: slots without which others have no number.
    """

    program: Program
    value: int
    places: tuple[int | None, ...]
    fills: tuple[float | None, ...]
    at: Mapping[str, Any]
    varying: tuple[str, ...]
    alone: Callable[[Mapping[str, Any]], PointAnswer]
    beside: tuple[int, ...] = ()

    @property
    def outputs(self) -> Program:
        """The program with the slots that are asked for as its slopes, in their order, and those beside them."""
        return self.program._replace(value=self.value, gradient=(*self.places, *self.beside))

    def at_row(self, numbers: Sequence[float]) -> PointAnswer:
        """One row with a second look."""
        cells = dict(zip(self.varying, map(shortest_decimal, numbers), strict=True))
        return self.alone({**self.at, **cells})


def gradient_question(
    compiled: Compiled, problem: Problem, names: Sequence[str], varying: Sequence[str], corner: str
) -> RowQuestion:
    """The value and the partials along *names*."""
    program, plain = compiled.program, problem._replace(data=None)
    slots = dict(zip(program.variables, program.gradient, strict=True))

    def alone(at: Mapping[str, Any]) -> PointAnswer:
        try:
            found = evaluate_problem(compiled, plain._replace(at=at), 15, corner)
        except DomainProblem as error:
            return PointAnswer(None, [None] * len(names), error.message)
        answer = found.answer
        partials = [answer.partials.get(name) if answer else None for name in names]
        lost = {name for name, x in zip(names, partials, strict=True) if x is None}
        said = [n.message for n in found.notes if n.kind != "unconnected" and n.variable in lost]
        return PointAnswer(answer and answer.value, partials, "; ".join(said) or None)

    places = tuple(slots.get(name) for name in names)
    at = in_decimals(problem.at)
    return RowQuestion(program, program.value, places, (None,) * len(places), at, tuple(varying), alone)
