"""The augmented Lagrangian behind the quadratic programs: problems that those leave, and what it ends at by itself."""

from __future__ import annotations

import math
import random

import pytest

from gradcli.descent.constrained.constrained_minimizer import minimize_constrained
from gradcli.descent.constrained.constrained_outcome import Wish
from gradcli.descent.constrained.methods.augmented_lagrangian import AugmentedLagrangian
from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem
from gradcli.shell.problems.values import number
from tests.descent.constrained.problems import BOOK, links_of, start_of

#: More constraints than variables, begun far from where they hold.
TEXT = "(x0 - 1)**2 + (x1 + 2)**4 + (x2 + 2)**2 + x3**2 - 4*x3 + 3*x0 + x0*x3"
CONSTRAINTS = [
    "-4*x1 + x2*x1**2 - 3*x2**3 + 3*x1*x3 <= 9.294",
    "4*x1 - 3*x1*x0 - 4*x3 - 3*x2**3 >= 2.368",
    "4*x2*x3 + 2*x2 + 3*x0 <= 5.12",
    "3*x0*x3*x1 + 2*x0 - x0*x1 + 4*x0**2*x1 >= -9.04",
    "2*x0**2*x2 - 6*x1*x0 + 3*x3*x1 <= 19.898",
    "2*x1*x2*x0 + 3*x0 + 2*x3*x1 + 4*x1 >= -3.156",
    "4*x3*x2 - 4*x0**2*x2 - x1*x2*x3 + x0 <= -3.18",
    "3*x3 + 2*x2**2*x0 + 2*x1 - 2*x0 >= -6.988",
]
START = {"x0": -4.65, "x1": -25.09, "x2": 11.98, "x3": -1.19}


@pytest.mark.parametrize("name", ["hs006", "hs012", "hs035", "hs043", "hs071", "hs078"])
def test_it_ends_at_the_published_value(name):
    """Alone, without any quadratic program."""
    problem = BOOK[name]
    ascend = problem.get("sense") == "max"
    whole = ConstrainedProblem(
        [problem["expr"]], links_of(problem["constraints"]), start_of(problem), ascend=ascend
    )
    start = whole.look([start_of(problem)[n] for n in whole.names])
    told = []
    phase = AugmentedLagrangian(whole, start, [1.0] * len(start.h), 1000, lambda k, _: told.append(k))
    end = phase.run()
    best = float(number("f", problem["f"]))
    assert end is not None and math.isclose(whole.sign * end.f, best, rel_tol=1e-5, abs_tol=1e-5)
    assert told == list(range(1, phase.taken + 1))


def test_it_goes_on_where_quadratic_programs_end():
    """Its end is begun at again, and the verdict is the same as ever; no point near is lower and keeps the constraints."""
    links = links_of(CONSTRAINTS)
    outcome = minimize_constrained([TEXT], links, START)
    assert outcome.success, outcome.message
    whole = ConstrainedProblem([TEXT], links, START)
    source = random.Random(1)
    for _ in range(2000):
        place = whole.look([outcome.x[name] + source.gauss(0, 1e-3) for name in whole.names])
        assert max(place.h) > 0 or place.f >= outcome.fun - 1e-12


def test_steps_of_all_phases_are_told_in_a_row():
    """Where quadratic programs end without an answer, its steps follow theirs."""
    told = []
    wish = Wish(on_step=lambda k, _: told.append(k))
    outcome = minimize_constrained(["x"], links_of(["x**3 = y**2"]), {"x": 1.0, "y": 1.0}, wish)
    assert outcome.success and told == list(range(outcome.nit + 1))
