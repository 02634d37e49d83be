"""Partials that are there although an operation has a tie or an infinite slope at the point."""

from __future__ import annotations

import pytest

from gradcli.calculus.evaluation.gradient_at_point import evaluate
from gradcli.calculus.formulas.texts.compiler import compile_text


@pytest.mark.parametrize(
    ("text", "at", "partials"),
    [
        ("abs(x*y)", {"x": 0, "y": 0}, {"x": 0, "y": 0}),
        ("max(x, x)", {"x": 2}, {"x": 1}),
        ("clip(x, a, b)", {"a": 0, "b": 2, "x": 2}, {"a": 0, "b": None, "x": None}),
        ("mod(x, y)", {"x": 0, "y": 3}, {"x": None, "y": 0}),
        ("where(x >= 0, x*y, x)", {"x": 0, "y": 1}, {"x": 1, "y": 0}),
        ("cbrt(x*y)", {"x": 0, "y": 0}, {"x": 0, "y": 0}),
        ("sqrt(relu(3*x + 1))", {"x": -1.7}, {"x": 0}),
        ("ceil(ceil(abs(x)))", {"x": -0.6}, {"x": 0}),
        ("elliptic_k(x*y)", {"x": 0, "y": 2}, {"x": 0.7853981633974483, "y": 0}),
        ("where(x != 0, x**2*sin(1/x), 0)", {"x": 0}, {"x": 0}),
        ("abs(x*y) + stop_gradient(x)", {"x": 0, "y": 0}, {"x": 0, "y": 0}),
        ("abs(x)", {"x": 0}, {"x": None}),
        ("abs(x)**1.01", {"x": 0}, {"x": 0}),
        ("sqrt(abs(x))", {"x": 0}, {"x": None}),
        ("max(1e200 + x, 1e200)", {"x": 0}, {"x": None}),
        ("1e-30*abs(x)", {"x": 0}, {"x": None}),
        ("where(x == 0, 0, x*sin(1/x))", {"x": 0}, {"x": None}),
        ("abs(x - x)", {"x": 3}, {"x": 0}),
        ("gammasgn(floor(x) - 0.5)", {"x": 0}, {"x": None}),
        ("gammasgn(2*floor(x) + 0.5)", {"x": -1}, {"x": 0}),
        ("gammasgn(sinpi(x))", {"x": 0.5}, {"x": 0}),
        ("sin(1)*mod(2, x/x)", {"x": 2}, {"x": 0}),
        ("log_ndtr(x)", {"x": 1e300}, {"x": 0}),
        ("log_ndtr(x) + x", {"x": 1e300}, {"x": 1}),
        ("1e-70*abs(x)", {"x": 0}, {"x": None}),
        ("abs(normpdf(x))", {"x": 1e17}, {"x": 0}),
    ],
)
def test_what_both_sides_agree_on_is_the_partial(text, at, partials):
    answer = evaluate(compile_text([text], at).program, text, {name: float(x) for name, x in at.items()})
    assert answer.partials == pytest.approx(partials, abs=1e-15)
