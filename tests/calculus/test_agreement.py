"""Program, formula and central differences: three ways to a derivative, one answer."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from gradcli.calculus.evaluation.gradient_at_point import evaluate, evaluate_digits
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.calculus.graph.reverse_sweep import compile_value
from gradcli.language.function_table import FUNCTIONS
from tests.calculus.ranges import CALLS, OTHERS
from tests.independent import typed
from tests.independent.further_functions import REFERENCES

#: Digits of the reference, the distance of the points that it takes differences of, and what it is good for.
DIGITS, STEP, CLOSE = 70, mpf(10) ** -22, mpf(10) ** -38

EACH = [call for name in FUNCTIONS for call in CALLS.get(name, ())]
FEW = settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
FEWER = settings(FEW, max_examples=2)


def points(ranges):
    """Points within *ranges*: decimals of four places, so that all of the three mean the same numbers."""
    return st.fixed_dictionaries({
        name: st.integers(round(low * 10_000), round(high * 10_000)).map(lambda n: typed(n / 10_000))
        for name, (low, high) in ranges.items()
    })  # fmt: skip


def differences(text, point):
    """The central differences of *text* along each variable, right to about 40 digits."""
    program, found = compile_value(text, point), {}

    def value(name, sign):
        with mp.workdps(DIGITS):
            moved = {
                n: mp.nstr(mpf(repr(x)) + (STEP * sign if n == name else 0), DIGITS) for n, x in point.items()
            }
        return mpf_of(evaluate_digits(program, text, moved, DIGITS).value)

    for name in point:
        with mp.workdps(DIGITS):
            found[name] = (value(name, 1) - value(name, -1)) / (2 * STEP)
    return found


def mpf_of(text):
    """A decimal text with all of its digits."""
    with mp.workdps(DIGITS):
        return mpf(text)


def near(a, b, tolerance):
    """Whether two numbers agree, relative to the larger one or to 1."""
    with mp.workdps(DIGITS):
        return abs(a - b) <= tolerance * max(1, abs(a), abs(b))


def check(text, point):
    """Every partial of *text* at *point*: from the program, from the formula, and by differences."""
    compiled = compile_text([text], point)
    floats = evaluate(compiled.program, text, point)
    exact = evaluate_digits(compiled.program, text, point, 45)
    assert near(floats.value, mpf_of(exact.value), 1e-9)
    reference = differences(text, point)
    for name in compiled.program.variables:
        assert exact.partials[name] is not None, (name, exact.notes)
        assert near(mpf_of(exact.partials[name]), reference[name], CLOSE), name
        assert near(floats.partials[name], reference[name], 1e-8), name
        formula = compiled.formulas[name]
        assert formula is not None
        written = compile_value(formula, point)
        by_formula = evaluate_digits(written, formula, {n: point[n] for n in written.variables}, 45).value
        assert near(mpf_of(by_formula), reference[name], CLOSE), formula


def test_no_function_of_the_table_is_left_out():
    """Every function has a call with a range."""
    assert {*CALLS, *OTHERS} == set(FUNCTIONS)


@pytest.mark.parametrize(("text", "ranges"), EACH, ids=[text for text, _ in EACH])
def test_program_formula_and_differences_agree_on(text, ranges):
    """At random points all three agree: to 38 digits in mpmath, to 8 in floats."""

    @(FEWER if text.partition("(")[0] in REFERENCES else FEW)
    @given(points(ranges))
    def agree(point):
        check(text, point)

    agree()


LEAVES = st.sampled_from(["x", "y", "2", "0.5", "pi", "x", "y"])
SHAPES = [
    "({0} + {1})", "({0} - {1})", "{0}*{1}", "({0})/(2 + ({1})**2)", "sin({0})", "cos({0})*{1}", "tanh({0} + {1})", "-({0})",
    "exp(-({0})**2)", "log(1 + ({0})**2)", "sqrt(2 + sin({0}))", "({0})**2", "({0})**3", "atan({0} - {1})",
    "(1 + ({0})**2)**({1}/9)", "erf({0})", "sigmoid({0}) + {1}", "hypot({0}, 1)", "{0}*{0}*{1}",
    "({0})*({1})*({0} + 1)*({1} - 2)",
]  # fmt: skip
TEXTS = st.recursive(
    LEAVES, lambda parts: st.builds(str.format, st.sampled_from(SHAPES), parts, parts), max_leaves=7
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    TEXTS.filter(lambda text: "x" in text.replace("exp", "") and "y" in text),
    points({"x": (-2, 2), "y": (-2, 2)}),
)
def test_program_formula_and_differences_agree_on_any_expression(text, point):
    """Smooth functions within one another, quotients, powers and products: all three agree."""
    check(text, point)
