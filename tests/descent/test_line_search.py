"""A line search ends where Armijo's and Wolfe's conditions hold, as a reader checks them with f and its slope alone."""

from __future__ import annotations

import math

import pytest

from gradcli.descent.minimization.line_search import line_search
from gradcli.descent.objective.bounds import Bounds
from gradcli.descent.objective.objective import Evaluation, Objective
from gradcli.descent.rules.optimizer_choice import choose
from gradcli.descent.steps.step_problem import step_problem
from tests.descent.problems import compiled

#: f, its slope, and where the search begins. A first step along -g from 1 on (1 - c)*x**2 falls by c of what its slope
#: promises: by less than a ten-thousandth, which Nocedal & Wright (Numerical optimization, 3.1) ask for, it is too long.
LINES = [
    *(
        (f"(1 - {c:g})*x**2", lambda x, c=c: (1 - c) * x * x, lambda x, c=c: 2 * (1 - c) * x, 1.0)
        for c in (1e-6, 1e-5, 9e-5, 1.1e-4)
    ),
    ("x**4", lambda x: x**4, lambda x: 4 * x**3, 2.0),
    ("sqrt(1 + x**2)", lambda x: math.hypot(1, x), lambda x: x / math.hypot(1, x), 30.0),
    ("exp(x) - x", lambda x: math.exp(x) - x, lambda x: math.exp(x) - 1, 4.0),
    ("cosh(3*x)", lambda x: math.cosh(3 * x), lambda x: 3 * math.sinh(3 * x), 1.5),
    ("log(1 + x**2)", lambda x: math.log1p(x * x), lambda x: 2 * x / (1 + x * x), 5.0),
]


@pytest.mark.parametrize(("text", "f", "slope", "start"), LINES, ids=[text for text, *_ in LINES])
@pytest.mark.parametrize("wolfe", [False, True])
@pytest.mark.parametrize("first", [0.01, 1.0, 50.0])
def test_the_place_falls_enough_and_is_flatter(text, f, slope, start, wolfe, first):
    """f falls by a ten-thousandth of what its slope promises; with Wolfe's condition a tenth of the slope is gone too."""
    objective = Objective(step_problem(compiled(text), text, choose("sgd")), {"x": start})
    place = objective.look([start], careful=True)
    direction = [-place.g[0]]
    found = line_search(objective, place, direction, Bounds((-math.inf,), (math.inf,)), first, wolfe=wolfe)
    x = start + found.length * direction[0]
    assert found.place.x == pytest.approx([x])
    steepness = slope(start) * direction[0]
    assert f(x) <= f(start) + 1e-4 * found.length * steepness * (1 - 1e-9)
    if wolfe:
        assert slope(x) * direction[0] >= 0.9 * steepness


def test_a_search_ends_where_there_is_nothing_but_the_rounding_of_f():
    """f falls once by its last places, on a slope that never flattens: no later point between the ends can be lower."""
    slope, start, looks = -2e-13, Evaluation([2.0], 1000.0, [-2e-13]), []

    class Rounded:
        """f is lower at the second look, and higher at all others."""

        def look(self, x):
            """The place at x."""
            looks.append(x)
            return Evaluation(x, 1000.0 + (-1e-12 if len(looks) == 2 else 1e-12), [slope])

    bounds = Bounds((-math.inf,), (math.inf,))
    found = line_search(Rounded(), start, [1.0], bounds, 1.0, wolfe=True)
    assert found.place.x == looks[1]
    assert len(looks) < 5
