"""Higher derivatives, Taylor polynomials, directions: against differences and against each other."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from gradcli.calculus.evaluation.directional_derivative import directional_derivative, propagated_uncertainty
from gradcli.calculus.evaluation.gradient_at_point import evaluate_digits
from gradcli.calculus.evaluation.table_at_point import tabulate
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.calculus.graph.reverse_sweep import compile_value
from gradcli.calculus.tables.higher_derivatives import all_chains, beginnings, derivatives_of
from gradcli.calculus.tables.taylor_polynomial import exact_coefficients, polynomial, terms_of
from gradcli.language.errors import LimitProblem
from gradcli.language.limits import raise_limits
from gradcli.language.parser import parse
from tests.prepared import ALL

from .composed import EACH, near, point_in

FEW = settings(max_examples=1, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
ONE_VARIABLE = [(text, ranges) for text, ranges in EACH if len(ranges) == 1]


@pytest.mark.parametrize(("text", "ranges"), ONE_VARIABLE, ids=[text for text, _ in ONE_VARIABLE])
@FEW
@given(data=st.data())
def test_third_derivatives_agree_with_differences(text, ranges, data):
    """For every function of one variable the third derivative is the third difference, to 12 digits."""
    ((name, x),) = data.draw(point_in(ranges)).items()
    matrix = derivatives_of([text], (), beginnings((name,) * 3), formulas=False)
    numbers = tabulate(matrix, {name: x}, 30)
    program = compile_value(text)

    def value(step):
        with mp.workdps(60):
            return mpf(evaluate_digits(program, text, {name: mp.nstr(mpf(repr(x)) + step, 55)}, 50).value)

    with mp.workdps(60):
        h = mpf(10) ** -8
        third = (value(2 * h) - 2 * value(h) + 2 * value(-h) - value(-2 * h)) / (2 * h**3)
    entry = numbers.entries[2][0]
    assert matrix.unknown or entry is None or near(entry, third, 1e-12)


@pytest.mark.parametrize(
    ("text", "point"),
    [("exp(x)*cos(y)", {"x": "0", "y": "0"}), ("sin(x)", {"x": "pi/4"}), ("log(x)/x", {"x": "-1.5+3"}),
     ("x**3*y - y**2", {"x": "1", "y": "-2"}), ("sqrt(x+y)", {"x": "0.3", "y": "1/3"}), ("x", {"x": "-0.5"})],
)  # fmt: skip
def test_a_polynomial_comes_close_as_its_order_says(text, point):
    """Near the point f and its polynomial differ by the next power of the distance; the text parses."""
    names, order = list(point), 4
    at = {n: str(evaluate_digits(compile_value(t), t, {}, 50).value) for n, t in point.items()}
    chains = [(), *all_chains(names, order)]
    numbers = tabulate(derivatives_of([text], (), chains[1:], formulas=False), at, 40)
    flat = [numbers.first, *(next((x for x in row if x is not None), "0") for row in numbers.entries)]
    exact = exact_coefficients([text], (), point, chains)
    terms = terms_of(names, chains, flat, exact, 40)
    written = polynomial(terms, point, [str(term.coefficient) for term in terms])
    parse(written)
    program, whole = compile_value(written, names), compile_value(text)
    with mp.workdps(40):
        moved = {n: mp.nstr(mpf(x) + mpf("1e-3"), 40) for n, x in at.items()}
    there = {n: moved[n] for n in program.variables}
    gap = mpf(evaluate_digits(program, written, there, 30).value) - mpf(
        evaluate_digits(whole, text, moved, 30).value
    )
    assert abs(gap) < 1e-11


def test_a_polynomial_is_its_own_series():
    """Around any point the polynomial of a polynomial ends, exactly."""
    chains = [(), *all_chains(["x"], 5)]
    numbers = tabulate(derivatives_of(["x**3 - x"], (), chains[1:], formulas=False), {"x": 2.0})
    flat = [numbers.first, *(row[0] for row in numbers.entries)]
    exact = exact_coefficients(["x**3 - x"], (), {"x": "2"}, chains)
    terms = terms_of(["x"], chains, flat, exact, 15)
    assert polynomial(terms, {"x": "2"}, [""] * 4) == "6 + 11*(x - 2) + 6*(x - 2)**2 + (x - 2)**3"


@pytest.mark.parametrize(("names", "order"), [(["x"], 2001), (list("abcdefgh"), 9)])
def test_too_many_derivatives_are_a_limit(names, order):
    """Order and number of derivatives are bounded."""
    with pytest.raises(LimitProblem):
        all_chains(names, order)


def test_a_graph_that_grows_too_large_is_a_limit():
    """An order whose program would not end is refused, not begun for ever."""
    text = "*".join(f"sin(cos(x*{i})/(x+{i}))" for i in range(1, 40))
    try:
        raise_limits({} if ALL else {"operations": 20_000})
        with pytest.raises(LimitProblem):
            derivatives_of([text], (), beginnings(("x",) * 40), formulas=False)
    finally:
        raise_limits({})


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=5).filter(any))
def test_the_slope_along_the_gradient_is_its_length(partials):
    """Normalized, the derivative along the gradient itself is the gradient's norm."""
    named = {f"x{i}": float(p) for i, p in enumerate(partials)}
    text = " + ".join(f"({p})*{name}" for name, p in named.items())
    slope, _ = directional_derivative(
        compile_text([text], named).program, text, named, named, 15, normalized=True
    )
    assert slope == pytest.approx(sum(p * p for p in partials) ** 0.5)


@given(
    st.dictionaries(st.sampled_from("abcde"), st.tuples(st.integers(-9, 9), st.integers(0, 9)), min_size=1)
)
def test_shares_sum_to_one(numbers):
    """The variables' shares of the variance sum to 1 unless there is none."""
    partials = {name: float(p) for name, (p, _) in numbers.items()}
    found = propagated_uncertainty(partials, {name: float(s) for name, (_, s) in numbers.items()}, 15)
    assert found.sigma is not None
    total = sum(share or 0.0 for share in found.shares.values())
    assert total == pytest.approx(1.0 if found.sigma else 0.0)
