"""Points of expressions seen before, answered without detours: what makes long streams fast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import hypot, isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.calculus.backends.compiled_error_bound import Assured, in_rationals, run_with_error_bound
from gradcli.calculus.backends.rounding_error import digits_may_be_lost, input_errors
from gradcli.calculus.program.instructions import FLOATS
from gradcli.calculus.program.typed_numbers import text_of
from gradcli.language.column_names import is_element

if TYPE_CHECKING:
    from gradcli.calculus.program.compiled_expression import Compiled
    from gradcli.calculus.program.program import Program
    from gradcli.output.gradients.gradient_document import Gradient
    from gradcli.shell.problems.problem import Problem

#: How many expressions are kept at hand.
MOST = 256

Key = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...] | None]


class PreparedAnswer(NamedTuple):
    """An expression with everything done that does not depend on the point.

    run: from the variables' values to all slots, and whether they are sure. outputs: those of f and of the partials asked for.
    line: the JSON record with a place for each number: the point, f, the partials, the norm.
    """

    run: Assured
    program: Program
    outputs: tuple[int, ...]
    line: str


class RecentlyUsed(dict[Key, Any]):
    """A table that forgets what it learnt first when there is too much."""

    def __setitem__(self, key: Key, value: Any) -> None:
        if len(self) >= MOST and key not in self:
            del self[next(iter(self))]
        super().__setitem__(key, value)


def key_of(problem: Problem) -> Key:
    """What compiled programs depend on, and the order of the values."""
    return problem.texts, tuple(problem.at), problem.wrt


def prepare_answer(compiled: Compiled, gradient: Gradient) -> PreparedAnswer | None:
    """What answers more points like that of *gradient*; None where each needs a closer look."""
    program, answer = compiled.program, gradient.answer
    places = dict(zip(program.variables, program.gradient, strict=True))
    if (
        answer is None
        or gradient.notes
        or gradient.definitions
        or any(map(is_element, gradient.at))
        or any(places.get(name) is None for name in answer.partials)
    ):
        return None
    if not all(instruction[0] in FLOATS for instruction in program.code):
        return None  # special functions take their time, and are watched
    outputs = (program.value, *(places[name] or 0 for name in answer.partials))
    return PreparedAnswer(run_with_error_bound(program, outputs), program, outputs, _line(gradient))


def _line(gradient: Gradient) -> str:
    """The record of *gradient* with %r for each of its numbers."""
    from gradcli.output.gradients.gradient_document import gradient_record
    from gradcli.output.painters.json_text import json_text

    def blank(value: Any) -> str:
        if isinstance(value, Mapping):
            return "{" + ", ".join(f"{fixed(name)}: %r" for name in value) + "}"
        return "%r"

    def fixed(value: Any) -> str:
        return json_text(value).replace("%", "%%")

    numbers = ("at", "value", "gradient", "norm")
    parts = (
        f"{fixed(k)}: {blank(v) if k in numbers else fixed(v)}" for k, v in gradient_record(gradient).items()
    )
    return "{" + ", ".join(parts) + "}\n"


def answer(known: PreparedAnswer, at: Mapping[str, Any]) -> str | None:
    """The line for the point *at*; None where there is more to be said than numbers."""
    variables = known.program.variables
    try:
        slots, sure = known.run(*[at[name] for name in variables])
    except (ValueError, ArithmeticError):
        return None
    numbers: Sequence[float] | None = [slots[place] for place in known.outputs]
    if not sure:
        given = [text_of(at[name]) or repr(at[name]) for name in variables]
        errors = input_errors(given, slots[: len(given)])
        if digits_may_be_lost(known.program, slots, known.outputs, errors):
            numbers = in_rationals(known.program, given, known.outputs)
    if numbers is None:
        return None
    norm = hypot(*numbers[1:])
    if not (isfinite(norm) and isfinite(numbers[0])):
        return None
    return known.line % (*at.values(), *numbers, norm)
