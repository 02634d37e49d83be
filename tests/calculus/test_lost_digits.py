"""Digits that floats, or a fixed number of digits, lose without a word."""

from __future__ import annotations

import pytest

from gradcli.calculus.evaluation.gradient_at_point import evaluate
from gradcli.calculus.formulas.texts.compiler import compile_text
from tests.independent import typed


def answer(text: str, **at: float):
    """Value and gradient in floats."""
    return evaluate(compile_text([text], at).program, text, at)


@pytest.mark.parametrize("text", ["x/(x*x + 1)", "x/(x**2 + 1)"])
def test_what_overflows_below_a_fraction_bar_is_looked_at_again(text):
    assert answer(text, x=1e200).value == 1e-200


def test_the_slopes_of_an_angle_far_away():
    assert answer("atan2(y, x)", x=1e200, y=1e200).partials == {"x": -5e-201, "y": 5e-201}


@pytest.mark.parametrize(
    ("text", "x", "value", "slope"),
    [
        ("(1-cos(x))/x**2", 1e-60, 0.5, -8.333333333333333e-62),
        ("(exp(x)-1)/x", 1e-110, 1.0, 0.5),
        ("log(1+x)", 1e-110, 1e-110, 1.0),
        ("sqrt(x**2+1)-x", 1e60, 5e-61, -5e-121),
        ("acosh(cosh(x))", 1e-30, 1e-30, 1.0),
        ("atanh(tanh(x))", 60.0, 60.0, 1.0),
        ("log(1-tanh(x))", 60.0, -119.30685281944005, -2.0),
        ("sin(pi*floor(x))", 2.0, 0.0, None),
    ],
)
def test_as_many_digits_as_it_takes(text, x, value, slope):
    found = answer(text, x=typed(x))
    assert found.value == value
    assert slope is None or found.partials["x"] == pytest.approx(slope, rel=1e-15)


@pytest.mark.parametrize(
    ("value", "wanted"), [("zeta(1+1e-300)", 1e-300), ("gamma(-1+1e-300)", -1e-300), ("polygamma(1, 1e-150)", 1e-300)]
)  # fmt: skip
def test_values_next_to_poles_are_read_in_as_many_digits_as_they_take(run, value, wanted):
    """Near 1 zeta(s) is 1/(s-1), near -1 gamma(s) is -1/(s+1), near 0 trigamma(s) is 1/s**2; none is a mistake of ours."""
    assert float(run("grad", "1/x", "--x", value, "--get", "value").out) == pytest.approx(wanted, rel=1e-14)
    ended = run("grad", "x**2", "--x", value)
    assert (ended.status, "too large" in ended.err) == (3, True)
