"""Fourteen digits are right: answers against 200-digit ones, where naive formulas lose digits.

`python -m tests.trust.accuracy` prints the table: the error of plain floats and of the answer, in units in the last place.
"""

from __future__ import annotations

import pytest

from gradcli.calculus.backends.float_backend import run
from gradcli.calculus.backends.rounding_error import digits_may_be_lost, input_errors
from gradcli.calculus.formulas.texts.compiler import compile_text

from .accuracy import Measured, corpus, measured

#: So many units in the last place are less than one in the fourteenth digit.
ALLOWED = 45.0


@pytest.mark.parametrize(("text", "point"), corpus())
def test_fourteen_digits_are_right(text: str, point: dict[str, float]) -> None:
    """Value and partials are the numbers nearest to the truth, or next to them."""
    found: Measured = measured(text, point)
    assert found.answer <= ALLOWED


def test_most_of_the_corpus_is_out_of_reach_for_floats() -> None:
    """The corpus is a hard one: plain floats lose digits on more than half of it."""
    lost = [measured(text, point).plain > ALLOWED for text, point in corpus()]
    assert sum(lost) > len(lost) / 2


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("x**2+x*y+3", {"x": 5.0, "y": 3.0}), ("x**2-4*x+4", {"x": 2.0}), ("exp(-x)*sin(y)", {"x": 0.1, "y": 0.7}),
        ("100*(y-x**2)**2+(1-x)**2", {"x": -1.2, "y": 1.0}), ("log(x)+sqrt(y)", {"x": 0.3, "y": 0.9}),
        ("1/(1+exp(-x*y))", {"x": 0.3, "y": 1.7}), ("x**3-3*x", {"x": 1.0}),
    ],
)  # fmt: skip
def test_well_behaved_answers_are_not_looked_at_twice(text: str, point: dict[str, float]) -> None:
    """Doubt costs 40 ms of loading python-flint: expressions of every day must not raise it."""
    program = compile_text([text], list(point)).program
    numbers = [point[name] for name in program.variables]
    slots = run(program, numbers)
    outputs = [program.value, *(g for g in program.gradient if g is not None)]
    assert not digits_may_be_lost(program, slots, outputs, input_errors([str(x) for x in numbers], numbers))
