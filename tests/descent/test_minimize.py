"""How descents end: each ending on a function made for it, with its evidence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest

from gradcli.descent.minimization.descent_loop import VISIBLE
from gradcli.descent.minimization.minimizer import minimize
from gradcli.descent.minimization.plan import METHODS, Plan, choose_method
from gradcli.descent.minimization.random_restarts import Restarts, minimize_often
from gradcli.descent.objective.hessian_function import curvature_of, hessian
from gradcli.descent.objective.vectors import add_scaled, dot, norm, solve_spectral, spectrum, times
from gradcli.descent.rules.learning_rate_schedules import SCHEDULES, schedule_of
from gradcli.descent.rules.optimizer_table import OPTIMIZERS
from gradcli.descent.verdicts.outcome import STATUSES, SUCCESSES, UPHILL, Outcome
from gradcli.language.errors import DomainProblem, UsageProblem, ValueProblem
from tests.descent.problems import compiled, descend_often
from tests.prepared import ALL

TUTORIAL = "x**2+x*y+3"
ROSENBROCK = "100*(y-x**2)**2+(1-x)**2"


def ended(
    text: str, at: Mapping[str, float], method: str = "bfgs", *, lr: Any = "auto", **options: Any
) -> Outcome:
    """The outcome of a descent with options of the plan and of minimize side by side."""
    names = ("tol", "max_steps", "schedule", "corner", "clip")
    kept = {name: options.pop(name) for name in names if name in options}
    plan = Plan(choose_method(method, None, options.pop("settings", None)), lr=lr, **kept)
    return minimize(compiled(text), text, at, plan, **options)


def test_a_minimum_has_its_evidence() -> None:
    """A minimum tells the point, a vanishing gradient and the Hessian's eigenvalues."""
    outcome = ended("(x-1)**2 + 3*(y+2)**2 + 5", {"x": 4, "y": 4})
    assert (outcome.status, outcome.success, outcome.fun) == ("minimum", True, 5.0)
    assert outcome.x == pytest.approx({"x": 1, "y": -2})
    assert outcome.eigenvalues == pytest.approx((2, 6))
    assert outcome.norm <= 1e-8
    assert "a minimum at x = 1, y = -2: the Hessian is positive definite" in outcome.message
    assert outcome.nfev == outcome.njev >= outcome.nit > 0


@pytest.mark.parametrize("method", ["bfgs", "newton", "sgd", "adam"])
def test_the_tutorial_has_no_minimum(method: str) -> None:
    """x²+xy+3 falls without end, past a saddle at (0, 0) with eigenvalues 1 ± √2."""
    outcome = ended(TUTORIAL, {"x": 5, "y": 3}, method)
    assert (outcome.status, outcome.success) == ("unbounded", False)
    assert "a saddle at x = 0, y = 0" in outcome.message
    assert outcome.eigenvalues == pytest.approx((1 - math.sqrt(2), 1 + math.sqrt(2)))
    way = [outcome.direction[name] for name in ("x", "y")] if outcome.direction else []
    assert dot(way, times([[2.0, 1.0], [1.0, 0.0]], way)) < 0


def test_a_start_on_a_saddle_is_told() -> None:
    """At a saddle nothing moves, and the direction that leaves it is part of the answer."""
    outcome = ended(TUTORIAL, {"x": 0, "y": 0})
    assert (outcome.status, outcome.nit) == ("saddle", 0)
    assert outcome.direction == pytest.approx({"x": -0.38268343, "y": 0.92387953})


def test_a_saddle_on_the_way_is_left() -> None:
    """A descent that runs into a saddle leaves it and finds the minimum behind."""
    outcome = ended("x**2 + y**4/4 - y**2/2", {"x": 1, "y": 0})
    assert outcome.status == "minimum"
    assert outcome.fun == pytest.approx(-0.25)
    assert abs(outcome.x["y"]) == pytest.approx(1)


CASES = [
    ("-x**2", {"x": 0}, "maximum"),
    ("x**3", {"x": 0}, "saddle"),
    ("x**4", {"x": 0}, "minimum"),
    ("(x-y)**2", {"x": 1, "y": 3}, "minimum"),
    ("x**2*y**2", {"x": 1, "y": 1}, "minimum"),
    ("3", {}, "flat"),
    ("floor(x)", {"x": 0.5}, "flat"),
    ("x", {"x": 1}, "unbounded"),
    ("-exp(x)", {"x": 1}, "unbounded"),
    ("-log(x)", {"x": 1}, "unbounded"),
    ("x**3", {"x": 1}, "unbounded"),
    ("exp(-x)", {"x": 0}, "asymptote"),
    ("1/x", {"x": 1}, "asymptote"),
    ("exp(-x**2)", {"x": 6}, "asymptote"),
    ("1e6 + 1e-4*cos(x)", {"x": 1.5e-3}, "minimum"),
    ("-exp(-x**2)", {"x": 5}, "minimum"),
    ("tanh(x)**2", {"x": 11}, "minimum"),
    ("tanh(x)**2", {"x": 800}, "plateau"),
    ("-exp(-x**2-y**2)", {"x": 5, "y": 1}, "minimum"),
    ("-exp(-x**2) + (y-1)**2", {"x": 5, "y": 0}, "minimum"),
    ("cos(x**2+y**2+z**2)", {"x": 1.1, "y": 0.2, "z": 0.3}, "minimum"),
    ("cos(sqrt(x**2+y**2+z**2))", {"x": 1.1, "y": 0.2, "z": 0.3}, "minimum"),
    ("log(x)", {"x": 1}, "domain"),
    ("sqrt(x)", {"x": 1}, "minimum-at-edge"),
    ("1e20*(x-1)**2 + x", {"x": 3.7}, "minimum"),
    ("abs(x) + y**2", {"x": 1, "y": 1}, "minimum-at-corner"),
    ("max(x, -2*x) + abs(y-1/3)", {"x": 3, "y": 2}, "minimum-at-corner"),
    ("abs(x)", {"x": 0}, "minimum-at-corner"),
    ("-abs(x)", {"x": 0}, "saddle"),
    ("abs(x) - y**2", {"x": 0, "y": 0}, "saddle"),
]


@pytest.mark.parametrize(("text", "at", "status"), CASES)
def test_every_ending_is_what_it_says(text: str, at: dict[str, float], status: str) -> None:
    """Functions made for one ending end so; only minima are successes."""
    outcome = ended(text, at)
    assert outcome.status == status, outcome.message
    assert outcome.success == (status in SUCCESSES)


def test_a_rate_that_is_too_large_is_explained() -> None:
    """Divergence names 2/λmax, λmax where it was measured, and a rate that works."""
    outcome = ended("x**2 + 100*y**2", {"x": 1, "y": 1}, "sgd", lr=0.011)
    assert outcome.status == "diverging"
    assert "the learning rate 0.011 exceeds 2/λmax = 0.01 (λmax = 200" in outcome.message
    assert outcome.suggested_lr == 0.005
    assert ended("x**2 + 100*y**2", {"x": 1, "y": 1}, "sgd", lr=0.005).success


def test_going_to_and_fro_is_oscillating() -> None:
    """A cycle is seen at once, a slow swing at the step limit."""
    exact = ended("x**2", {"x": 1}, "sgd", lr=1.0)
    assert (exact.status, exact.suggested_lr) == ("oscillating", 0.5)
    assert exact.nit < 10
    assert (
        ended("x**2+100*y**2", {"x": 1, "y": 1}, "sgd", lr=0.0099999, max_steps=500).status == "oscillating"
    )


def test_the_step_limit_is_told() -> None:
    """A descent that is cut short says that it still descends, and keeps its best point."""
    outcome = ended(ROSENBROCK, {"x": -1.2, "y": 1}, "sgd", lr=0.001, max_steps=100)
    assert (outcome.status, outcome.nit) == ("step-limit", 100)
    assert outcome.fun < 24.2


def test_a_step_out_of_the_domain_names_the_place() -> None:
    """A fixed rate that leaves the domain is told with the sub-expression."""
    outcome = ended("sqrt(x)", {"x": 1}, "sgd", lr=0.1)
    assert outcome.status == "domain"
    assert "sqrt is not defined at x = -0.33" in outcome.message


def test_an_interruption_keeps_the_best_point() -> None:
    """Ctrl-C ends a descent where it is best."""

    def interrupt(number: int, stage: object) -> None:
        if number == 7:
            raise KeyboardInterrupt

    for lr in ("auto", 0.0005):
        outcome = ended(ROSENBROCK, {"x": -1.2, "y": 1}, "sgd", lr=lr, on_step=interrupt)
        assert (outcome.status, outcome.nit) == ("interrupted", 7)
        assert outcome.fun < 24.2


def test_bounds_hold_and_press() -> None:
    """A minimum on a bound has the slope that presses against it as multiplier; bounds that do not press do not count."""
    outcome = ended("(x-3)**2+(y+1)**2", {"x": 0, "y": 0}, bounds={"x": (0, 2), "y": (None, 5)})
    assert (outcome.status, outcome.success) == ("minimum-on-bound", True)
    assert outcome.x == pytest.approx({"x": 2, "y": -1})
    assert outcome.multipliers == {"x": -2.0}
    assert ended("(x-3)**2", {"x": 0}, bounds={"x": (-9, 9)}).status == "minimum"
    assert ended("-x", {"x": 0}, bounds={"x": (None, 4)}).x == {"x": 4.0}
    assert ended("(x-3)**2", {"x": 9}, "sgd", lr=0.1, bounds={"x": (5, 10)}).status == "minimum-on-bound"


def test_bounds_must_make_sense() -> None:
    """Empty intervals and names that do not move are refused."""
    with pytest.raises(UsageProblem, match="exclude everything"):
        ended("x**2", {"x": 1}, bounds={"x": (2, 1)})
    with pytest.raises(ValueProblem, match="z has bounds"):
        ended("x**2", {"x": 1}, bounds={"z": (0, 1)})


def test_only_asked_variables_move() -> None:
    """wrt leaves the other variables where they are."""
    outcome = ended("x**2+y**2", {"x": 1, "y": 1}, wrt=("x",))
    assert outcome.x == {"x": 0.0, "y": 1.0}
    assert outcome.jac == {"x": 0.0}


def test_maximize_speaks_of_maxima() -> None:
    """Uphill, the ending is a maximum with a negative definite Hessian, and f has its own sign."""
    outcome = ended("5 - (x-1)**2", {"x": 4}, ascend=True)
    assert (outcome.status, outcome.success, outcome.fun) == ("maximum", True, 5.0)
    assert outcome.eigenvalues == (-2.0,)
    assert "a maximum at x = 1: the Hessian is negative definite" in outcome.message
    assert ended("x**2", {"x": 0}, ascend=True).status == "minimum"
    assert set(UPHILL) <= set(STATUSES)


@pytest.mark.parametrize("optimizer", [*METHODS, *OPTIMIZERS])
@pytest.mark.parametrize("lr", ["auto", 0.01])
def test_every_optimizer_goes_down(optimizer: str, lr: Any) -> None:
    """Whatever the optimizer, the best point is below the start and is told with an ending of the table."""
    outcome = ended("(x-1)**2 + 2*(y+x)**2", {"x": 3, "y": 3}, optimizer, lr=lr, max_steps=2000)
    assert outcome.fun < 76
    assert outcome.status in STATUSES
    assert outcome.optimizer == optimizer


@pytest.mark.parametrize("kind", SCHEDULES)
def test_schedules_start_at_one_and_never_rise(kind: str) -> None:
    """A schedule's factor begins at 1 and falls or stays."""
    schedule = schedule_of(kind)
    factors = [schedule.factor(k) for k in range(0, 3000, 7)]
    assert factors[0] == 1
    assert all(a >= b >= 0 for a, b in pairwise(factors))


def test_a_schedule_changes_the_rate() -> None:
    """A falling rate ends the swing that the fixed one keeps."""
    outcome = ended(
        "abs(x) + 0.05*x**2",
        {"x": 1},
        "sgd",
        lr=0.3,
        schedule=schedule_of("1/t", {"decay": 0.5}),
        max_steps=300,
    )
    assert outcome.fun < 0.02
    with pytest.raises(UsageProblem, match="not a schedule"):
        schedule_of("linear")
    with pytest.raises(UsageProblem) as refused:
        schedule_of("cosin")
    assert refused.value.hint == "did you mean cosine?"
    with pytest.raises(UsageProblem, match="not a parameter"):
        schedule_of("cosine", {"rate": 0.5})


@pytest.mark.parametrize("kind", ["exponential", "step"])
def test_a_rate_that_grows_without_end_has_an_outcome(kind: str) -> None:
    """Beyond the largest float the factor is infinite, and the descent says how it ended."""
    schedule = schedule_of(kind, {"rate": 1e308} | ({"every": 1.0} if kind == "step" else {}))
    assert schedule.factor(1) == 1e308
    assert schedule.factor(2) == math.inf


def test_restarts_find_the_distinct_minima() -> None:
    """Himmelblau's four minima are found and listed once each; the same seed gives the same answer."""
    text = "(x**2+y-11)**2+(x+y**2-7)**2"
    box = {"x": (-5.0, 5.0), "y": (-5.0, 5.0)}
    first, again = (
        descend_often(text, {}, Plan(choose_method()), Restarts(30, box, seed=4)) for _ in range(2)
    )
    assert first == again
    assert len(first.found) == 4
    assert all(found.fun == pytest.approx(0, abs=1e-9) for found in first.found)
    assert first.starts == 30


def test_starts_are_drawn_when_their_turn_comes() -> None:
    """However many there are to be, the first descent begins at once."""

    class Begun(Exception):
        pass

    def begin(*_: object) -> Outcome:
        raise Begun

    with pytest.raises(Begun):
        minimize_often(begin, ("x",), {}, Restarts(10**12, {"x": (-1.0, 1.0)}))


def test_restarts_pass_over_starts_without_a_value() -> None:
    """Starts outside the domain are passed over; if all are, that is an error."""
    plan = Plan(choose_method())
    outcome = descend_often("x*log(x)", {}, plan, Restarts(20, {"x": (-1.0, 1.0)}))
    assert outcome.fun == pytest.approx(-1 / math.e)
    with pytest.raises(DomainProblem):
        descend_often("log(x)", {}, plan, Restarts(3, {"x": (-2.0, -1.0)}))


@pytest.mark.parametrize("between", [False, True])
def test_an_interruption_ends_all_restarts(between: bool) -> None:
    """Ctrl-C, in a descent or between two, ends them all: the best place so far is told, and no other start is tried."""
    begun = 0

    def third(start: Mapping[str, float], _: object) -> Outcome:
        nonlocal begun
        begun += 1
        outcome = minimize(compiled("x**2"), "x**2", start, Plan(choose_method()))
        if begun < 3:
            return outcome
        if between:
            raise KeyboardInterrupt
        return outcome._replace(status="interrupted", success=False, fun=99.0)

    outcome = minimize_often(third, ("x",), {}, Restarts(9, {"x": (-1.0, 1.0)}))
    assert (outcome.status, outcome.success, begun) == ("interrupted", False, 3)
    assert outcome.fun == pytest.approx(0)


def test_methods_have_no_settings() -> None:
    """bfgs and newton refuse hyper-parameters."""
    with pytest.raises(UsageProblem, match="newton has no settings"):
        choose_method("newton", None, {"momentum": 0.9})


def test_the_hessian_is_exact_and_symmetric() -> None:
    """Second derivatives are those of central differences of the gradient, and symmetric to the last bit."""
    text, at = "exp(x*y)*sin(z) + x**3*y**2/z", {"x": 0.7, "y": -0.4, "z": 1.3}
    table = curvature_of(text, list(at), list(at))
    assert table is not None
    matrix = hessian(table, at)
    assert matrix is not None
    assert all(matrix[i][j] == matrix[j][i] for i in range(3) for j in range(3))
    program, names = compiled(text), list(at)

    def gradient(x: Mapping[str, float]) -> Mapping[str, Any]:
        from gradcli.calculus.evaluation.gradient_at_point import evaluate

        return evaluate(program, text, x).partials

    for j, name in enumerate(names):
        up, down = ({**at, name: at[name] + h} for h in (1e-5, -1e-5))
        for i, other in enumerate(names):
            assert matrix[i][j] == pytest.approx(
                (gradient(up)[other] - gradient(down)[other]) / 2e-5, rel=1e-6
            )


def test_the_spectrum_gives_the_matrix_back() -> None:
    """Eigenvalues and eigenvectors put together are the matrix, and solve its equations."""
    matrix = [[4.0, 1.0, -2.0], [1.0, 2.0, 0.5], [-2.0, 0.5, 3.0]]
    parts = spectrum(matrix)
    for value, vector in zip(parts.values, parts.vectors, strict=True):
        assert norm(add_scaled(times(matrix, vector), -value, vector)) < 1e-14
    assert times(matrix, solve_spectral(parts, [1.0, 2.0, 3.0])) == pytest.approx([1, 2, 3])


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("(x*x+2.5)*(2*x)**3", {"x": 1.474}),
        ("-x-sin(x) + y**4", {"x": -1.46, "y": 2.726}),
        ("cos(y)*atan(1/2) + x**3", {"x": 0.981, "y": 0.793}),
    ],
)
def test_an_inflection_is_no_minimum(text: str, at: dict[str, float]) -> None:
    """Where rounding makes the Hessian positive at an inflection, f itself is tried and found to fall.

    SciPy's method, whose ending is that of the others, takes long on its way down; GRADCLI_TRUST=all tries it as well.
    """
    for method in METHODS if ALL else METHODS.keys() - {"l-bfgs-b"}:
        outcome = ended(text, at, method)
        assert not outcome.success, outcome.message


def test_constants_without_a_value_are_errors() -> None:
    """A part without variables that has no value makes every point an error, not a crash."""
    with pytest.raises(DomainProblem, match="sqrt"):
        ended("x*sqrt(1-2)", {"x": 1})


def test_a_start_where_f_is_flat_is_left() -> None:
    """Problem 25 of Hock and Schittkowski (1981) from its published start: f* = 0 at (50, 25, 1.5)."""
    u = [25 + (-50 * math.log(0.01 * i)) ** (2 / 3) for i in range(1, 100)]
    text = "+".join(f"(-0.01*{i} + exp(-1/x1*({u[i - 1]!r} - x2)**x3))**2" for i in range(1, 100))
    bounds = {"x1": (0.1, 100.0), "x2": (0.0, 25.6), "x3": (0.0, 5.0)}
    start = {"x1": 100.0, "x2": 12.5, "x3": 3.0}
    outcome = minimize(compiled(text), text, start, Plan(choose_method()), bounds=bounds)
    assert outcome.status == "minimum"
    assert outcome.x == pytest.approx({"x1": 50, "x2": 25, "x3": 1.5}, rel=1e-5)


def test_what_bounds_hold_does_not_make_way() -> None:
    """A coupled quadratic in a box, whose solution is Newton's too, takes steps in proportion to its variables."""
    names = [f"x{i}" for i in range(1, 7)]
    text = f"100*({'+'.join(names)} - 1)**2 + {'+'.join(f'{i}*({x} - 1)**2' for i, x in enumerate(names, 1))}"
    box: Any = dict.fromkeys(names, (-0.5, 0.5))
    start = dict.fromkeys(names, -0.5)
    quasi, newton = (
        minimize(compiled(text), text, start, Plan(choose_method(name)), bounds=box)
        for name in ("bfgs", "newton")
    )
    assert quasi.status == newton.status == "minimum-on-bound"
    assert quasi.x == pytest.approx(newton.x, abs=1e-6)
    assert quasi.nit <= 60


@pytest.mark.parametrize("text", ["abs(x) + abs(y)", "max(abs(x), abs(y))"])
def test_a_corner_is_not_chased_through_all_floats(text: str) -> None:
    """Beyond what can be told from 0 beside the other numbers there is nothing to win."""
    outcome = minimize(compiled(text), text, {"x": 1.0, "y": 2.0}, Plan(choose_method()))
    assert (outcome.status, outcome.nfev < 5_000) == ("minimum-at-corner", True)


@pytest.mark.parametrize("f", [1.0, -1.5, 3e200, 1e-200])
def test_a_visible_fall_is_the_least_that_floats_show(f):
    """What falls by that share of f is another float; a thousandth of it is lost."""
    assert f - VISIBLE * abs(f) < f
    assert f - VISIBLE / 1000 * abs(f) == f
