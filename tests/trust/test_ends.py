"""Exact ends of domains that are given as constant expressions: the value there is its truth, not "not decided"."""

from __future__ import annotations

import json

import mpmath
import pytest

ONE, ZERO = "sqrt(2)**2-1", "sqrt(2)**2-2"

#: An expression, its point, and its value and partial there by mpmath; no value, no partial: None.
ENDS = [
    ("lambertw(-exp(-1))", {}, lambda: -1, None),
    ("lambertw(-1/exp(1))", {}, lambda: -1, None),
    ("lambertw(x)", {"x": "-exp(-1)"}, lambda: -1, None),
    ("lambertw(x)+5", {"x": "-1/e"}, lambda: 4, None),
    ("lambertw(log(x))", {"x": "exp(-exp(-1))"}, lambda: -1, None),
    ("lambertw(x*exp(x))", {"x": "-1"}, lambda: -1, None),
    ("elliptic_f(pi/2, m)", {"m": "0.5"}, lambda: mpmath.ellipk(0.5), lambda: mpmath.diff(mpmath.ellipk, 0.5)),
    ("elliptic_f(x, 0.5)", {"x": "-pi/2"}, lambda: -mpmath.ellipk(0.5), lambda: mpmath.sqrt(2)),
    ("elliptic_f(x, 0.5)", {"x": "3*pi/2"}, lambda: 3 * mpmath.ellipk(0.5), lambda: mpmath.sqrt(2)),
    ("elliptic_f(2*atan(x), 0.3)", {"x": "1"}, lambda: mpmath.ellipk(0.3), lambda: 1 / mpmath.sqrt(0.7)),
    ("elliptic_f(x, 4/3)", {"x": "pi/3"}, None, None),
    ("elliptic_f(pi/2, m)", {"m": "1"}, None, None),
    ("elliptic_e(x, 0.5)", {"x": "pi/2"}, lambda: mpmath.ellipe(0.5), lambda: mpmath.sqrt(0.5)),
    ("elliptic_e(x, 2)", {"x": "-pi/4"}, lambda: -turn(2), lambda: 0),
    ("elliptic_e(x, 4/3)", {"x": "pi/3"}, lambda: turn(mpmath.mpf(4) / 3), lambda: 0),
    ("elliptic_e(x, 1)", {"x": "5"}, lambda: 2 + mpmath.sin(5 - mpmath.pi - mpmath.pi) + 2, lambda: mpmath.cos(5)),
    ("elliptic_e(pi/2, m)", {"m": "1"}, lambda: 1, None),
    ("elliptic_e(m)", {"m": ONE}, lambda: 1, None),
    ("elliptic_k(m)", {"m": "sin(pi/2)"}, None, None),
    ("asin(x)", {"x": "sin(pi/2)"}, lambda: mpmath.pi / 2, None),
    ("asin(x)", {"x": "cos(pi/6)**2+1/4"}, lambda: mpmath.pi / 2, None),
    ("acos(x)", {"x": "cos(pi)"}, lambda: mpmath.pi, None),
    ("acosh(x)", {"x": ONE}, lambda: 0, None),
    ("acosh(cosh(0))", {}, lambda: 0, None),
    ("atanh(x)", {"x": "sin(pi/2)"}, None, None),
    ("erfinv(x)", {"x": ONE}, None, None),
    ("polylog(2, x)", {"x": ONE}, lambda: mpmath.zeta(2), None),
    ("zeta(x)", {"x": ONE}, None, None),
    ("gamma(x)", {"x": "1-sqrt(2)**2"}, None, None),
    ("sqrt(x)", {"x": "exp(log(3))-3"}, lambda: 0, None),
    ("log(x)", {"x": "exp(log(3))-3"}, None, None),
    ("x**1.5", {"x": ZERO}, lambda: 0, lambda: 0),
    ("(-2)**x", {"x": "sqrt(2)**2+1"}, lambda: -8, None),
    ("besselj(0, x)", {"x": ZERO}, lambda: 1, lambda: 0),
    ("expint(2, x)", {"x": ZERO}, lambda: 1, None),
    ("uppergamma(0.5, x)", {"x": ZERO}, lambda: mpmath.sqrt(mpmath.pi), None),
    ("atan2(y, -1)", {"y": "sin(pi)"}, lambda: mpmath.pi, None),
    ("sinc(x)", {"x": ZERO}, lambda: 1, lambda: 0),
]  # fmt: skip


def turn(m):
    """E(asin(1/√m)|m) by its integral, in t = sin θ: √((1 - m t²)/(1 - t²))."""
    return mpmath.quad(lambda t: mpmath.sqrt((1 - m * t**2) / (1 - t**2)), [0, 1 / mpmath.sqrt(m)]).real


@pytest.mark.parametrize(("expression", "at", "value", "slope"), ENDS)
def test_at_an_exact_end_there_is_the_value_of_the_end(run, expression, at, value, slope):
    """Value and partial as mpmath has them, or no number with a reason; never "not decided", where floats say nothing."""
    point = [part for name, text in at.items() for part in ("--at", f"{name}={text}")]
    ended = run("grad", expression, *point, "--no-save", "--format", "json")
    assert "not decided" not in ended.out + ended.err
    if value is None:
        assert ended.status == 3
        assert "is not defined" in ended.err
        return
    record = json.loads(ended.out)
    with mpmath.workdps(40):
        assert record["value"] == pytest.approx(float(value()), rel=1e-14, abs=1e-300)
        found = record["gradient"].get(next(iter(at), ""))
        assert found == (None if slope is None else pytest.approx(float(slope()), rel=1e-14, abs=1e-300))


@pytest.mark.parametrize(
    "expression", ["lambertw(x*(1+1e-40))", "lambertw(x-1e-60)", "elliptic_f(x*0+pi/4, 2*(1+1e-50))"]
)
def test_just_outside_of_an_end_there_is_no_value(run, expression):
    """What differs from the end in the fortieth digit is not taken for it."""
    ended = run("grad", expression, "--x=-1/e", "--no-save")
    assert ended.status == 3
    assert "is not defined" in ended.err


def test_just_inside_of_an_end_the_slope_is_there(run):
    """W'(-1/e + d) is e/√(2 e d) to the first order, and mpmath has all of it."""
    ended = run("grad", "lambertw(x+1e-40)", "--x=-1/e", "--no-save", "--format", "json")
    with mpmath.workdps(120):
        w = mpmath.lambertw(-mpmath.exp(-1) + mpmath.mpf(10) ** -40).real
        assert json.loads(ended.out)["gradient"]["x"] == pytest.approx(
            float(1 / (mpmath.exp(w) * (1 + w))), rel=1e-14
        )
