"""Jacobians, Hessians and products with them: against differences, against each other, bit for bit."""

from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gradcli.calculus.evaluation.gradient_at_point import evaluate_digits
from gradcli.calculus.evaluation.table_at_point import tabulate
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.calculus.program.derivative_table import matrix_from_data, matrix_to_data
from gradcli.calculus.tables.hessian_table import hessian_of, hvp_of
from gradcli.calculus.tables.jacobian_table import jacobian_of, jvp_of, vjp_of
from gradcli.calculus.tables.table_assembly import direction_names, weight_names
from gradcli.language.errors import DomainProblem, LimitProblem

from .composed import DIGITS, EACH, difference, near, point_in, problems

SOME = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
ONE = settings(max_examples=1, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def gradient(text):
    """The function from points to the partials of *text* as decimal texts."""
    compiled = compile_text([text], ())

    def at(point):
        return list(evaluate_digits(compiled.program, text, point, DIGITS - 5).partials.values())

    return compiled.program.variables, at


def check_hessian(text, point):
    """Every entry of the Hessian of *text*, in digits and in floats, against differences of its gradient."""
    matrix = hessian_of([text], point, formulas=False)
    exact, floats = tabulate(matrix, point, 40), tabulate(matrix, point)
    names, at = gradient(text)
    for j, name in enumerate(names):
        for i, slope in enumerate(difference(at, point, name)):
            if (i, j) in matrix.unknown or slope is None:
                continue
            entry = exact.entries[i][j]
            assert near(0 if entry is None else entry, slope, 1e-22), (names[i], name)
            assert near(0 if entry is None else floats.entries[i][j], slope, 1e-7), (names[i], name)


@pytest.mark.parametrize(("text", "ranges"), EACH, ids=[text for text, _ in EACH])
@ONE
@given(data=st.data())
def test_the_hessian_of_every_function_is_the_slope_of_its_gradient(text, ranges, data):
    """For each call of the table, second derivatives agree with high-precision differences of first ones."""
    check_hessian(f"({text})*(1 + ({text}))", data.draw(point_in(ranges)))


@SOME
@given(problem=problems())
def test_the_hessian_of_a_composition_is_the_slope_of_its_gradient(problem):
    """Second derivatives of random compositions agree with high-precision differences of first ones."""
    check_hessian(*problem)


@SOME
@given(problem=problems())
def test_a_hessian_is_symmetric_bit_for_bit(problem):
    """What lies below the diagonal is what lies above it, to the last bit."""
    text, point = problem
    entries = tabulate(hessian_of([text], point, formulas=False), point).entries
    assert all(repr(entries[i][j]) == repr(entries[j][i]) for i in range(len(entries)) for j in range(i))


@SOME
@given(first=problems(), second=problems())
def test_a_jacobian_is_the_slope_of_the_outputs(first, second):
    """Entries of the Jacobian of two outputs agree with high-precision differences of the outputs."""
    texts, point = [first[0], second[0]], {**first[1], **second[1]}
    values = [compile_text([text], ()) for text in texts]

    def at(moved):
        return [evaluate_digits(c.program, c.text, moved, DIGITS - 5).value for c in values]

    matrix = jacobian_of(texts, point)
    try:
        numbers = tabulate(matrix, point, 40)
        slopes = {name: difference(at, point, name) for name in matrix.columns}
        farther = {name: difference(at, point, name, 2) for name in matrix.columns}
    except DomainProblem:  # the second point is not one of the first expression's domain
        assume(False)
    for j, name in enumerate(matrix.columns):
        for i in range(2):
            if (i, j) not in matrix.unknown and numbers.entries[i][j] is not None:
                error = abs(slopes[name][i] - farther[name][i])  # three times that of the nearer difference
                assert near(numbers.entries[i][j], slopes[name][i], 1e-22 + error)


@SOME
@given(problem=problems(), data=st.data())
def test_products_are_products_with_the_matrix(problem, data):
    """vjp, jvp and hvp give what multiplying with the formed matrix gives."""
    text, point = problem
    texts = [text, f"cos({text})"]
    jacobian = jacobian_of(texts, point)
    assume(not jacobian.unknown)
    rows, names = tabulate(jacobian, point).entries, jacobian.columns
    number = st.integers(-8, 8).map(lambda n: n / 4)
    weights = data.draw(st.lists(number, min_size=2, max_size=2))
    direction = data.draw(st.lists(number, min_size=len(names), max_size=len(names)))
    along = dict(zip(direction_names(names), direction, strict=True))

    vjp = tabulate(vjp_of(texts, point), {**point, **dict(zip(weight_names(2), weights, strict=True))})
    assert _close(vjp.entries[0], [_dot(weights, column) for column in zip(*rows, strict=True)])
    jvp = tabulate(jvp_of(texts, point), {**point, **along})
    assert _close([row[0] for row in jvp.entries], [_dot(row, direction) for row in rows])

    hessian = hessian_of([text], point, formulas=False)
    assume(not hessian.unknown)
    hvp = tabulate(hvp_of([text], point), {**point, **along})
    full = tabulate(hessian, point).entries
    assert _close([row[0] for row in hvp.entries], [_dot(row, direction) for row in full])


def _dot(a, b):
    return math.fsum((x or 0) * (y or 0) for x, y in zip(a, b, strict=True))


def _close(a, b):
    return all(
        abs((x or 0) - (y or 0)) <= 1e-8 * max(1, abs(x or 0), abs(y or 0)) for x, y in zip(a, b, strict=True)
    )


def test_a_hessian_times_a_direction_costs_a_small_multiple_of_the_gradient():
    """For 200 variables the product has less than six times the instructions of the gradient."""
    rosenbrock = " + ".join(f"100*(x{i + 1}-x{i}**2)**2 + (1-x{i})**2" for i in range(199))
    gradient_length = len(compile_text([rosenbrock], ()).program.code)
    assert len(hvp_of([rosenbrock], ()).program.code) < 6 * gradient_length


def test_the_hessian_of_a_long_chain_grows_with_its_entries():
    """Sparse second derivatives cost no more than their number: a chain of 100 variables has few instructions."""
    chain = " + ".join(f"(x{i}*x{i + 1})**2" for i in range(100))
    assert len(hessian_of([chain], (), formulas=False).program.code) < 5_000


def test_a_matrix_too_large_to_form_is_refused_and_the_product_named():
    """A Hessian of 600 variables is a limit, and the hint names --hvp."""
    with pytest.raises(LimitProblem) as caught:
        hessian_of([" + ".join(f"x{i}**2" for i in range(600))], (), formulas=False)
    assert "--hvp" in caught.value.hint


@SOME
@given(problem=problems())
def test_a_table_reads_back_as_itself(problem):
    """What is kept in the library is the same table when it is read again."""
    import json

    matrix = hessian_of([problem[0]], problem[1], formulas=False)
    assert matrix_from_data(json.loads(json.dumps(matrix_to_data(matrix)))) == matrix


@pytest.mark.parametrize("data", [None, [], [1] * 7, "x", {"text": 1}])
def test_what_is_no_table_is_refused(data):
    """Nothing that is read from the library is trusted."""
    with pytest.raises(ValueError, match="table"):
        matrix_from_data(data)


@pytest.mark.parametrize(
    ("text", "entry"),
    [("x**2*abs(x)", 0), ("sinc(x)", -1 / 3), ("where(x > 0, x**3, -x**3)", 0), ("x**4*sign(x)", 0)],
)
def test_a_second_derivative_that_both_sides_agree_on_is_given(text, entry):
    """At a corner of a part where f itself is smooth twice, the entry is what both sides tend to."""
    numbers = tabulate(hessian_of([text], ()), {"x": 0.0})
    assert numbers.entries[0][0] == pytest.approx(entry, abs=1e-15)
    assert not numbers.notes


@pytest.mark.parametrize("text", ["abs(x)", "x*abs(x)", "max(x, 0)**2", "relu(x)", "x**2*sign(x)"])
def test_a_corner_of_the_gradient_has_no_second_derivative(text):
    """Where the gradient has a corner or none, the entry is none and a note names the part."""
    numbers = tabulate(hessian_of([text], ()), {"x": 0.0})
    assert numbers.entries == ((None,),)
    assert [note.kind for note in numbers.notes] == ["corner"]


def test_an_unknown_second_derivative_is_not_taken_for_zero():
    """zeta has a derivative in the table and no second one: the entry is unknown."""
    matrix = hessian_of(["zeta(x) + y**2"], ())
    numbers = tabulate(matrix, {"x": 2.0, "y": 1.0})
    assert matrix.unknown == {(0, 0)}
    assert numbers.entries == ((None, 0.0), (0.0, 2.0))
