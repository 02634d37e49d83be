"""`grad --rigorous`: the intervals hold all that value and gradient are wherever the variables are, and no more."""

from __future__ import annotations

import json
import math
import random

import pytest

from gradcli.calculus.backends import float_backend
from gradcli.calculus.graph.derivative_programs import derived
from gradcli.calculus.graph.reverse_sweep import compile_value
from tests.prepared import ALL

KNOWN = [
    # text, values, interval of f, intervals of the partials
    ("x**2", {"x": "2±0.1"}, (3.61, 4.41), {"x": (3.8, 4.2)}),
    ("x**2+x*y+3", {"x": "5±0.1", "y": "3+-0.2"}, (40.73, 45.33), {"x": (12.6, 13.4), "y": (4.9, 5.1)}),
    ("(x-1)**2", {"x": "1±0.5"}, (0.0, 0.25), {"x": (-1.0, 1.0)}),
    ("abs(x)*y", {"x": "0.05±0.1", "y": "3"}, (0.0, 0.45), {"x": (-3.0, 3.0), "y": (0.0, 0.15)}),
    ("x*sin(y)", {"x": "1", "y": "pi/2±pi/2"}, (0.0, 1.0), {"x": (0.0, 1.0), "y": (-1.0, 1.0)}),
    ("exp(-x)", {"x": "0±1"}, (math.exp(-1), math.e), {"x": (-math.e, -math.exp(-1))}),
    ("loggamma(x)", {"x": "3±1"}, (0.0, math.log(6)), {"x": (0.42278433509846713, 1.2561176684318005)}),
    ("3*x-y", {"x": "1/3", "y": "2"}, (-1.0, -1.0), {"x": (3.0, 3.0), "y": (-1.0, -1.0)}),
]  # fmt: skip


def rigorous(run, text, values, *more):
    typed = [word for name, value in values.items() for word in (f"--{name}", value)]
    ended = run("grad", text, *typed, "--rigorous", "--format", "json", *more)
    return ended.status, json.loads(ended.out)["rigorous"]


@pytest.mark.parametrize(("text", "values", "value", "partials"), KNOWN, ids=[one[0] for one in KNOWN])
def test_known_intervals(text, values, value, partials, run):
    """Around the truth, and no wider than a billionth."""
    status, found = rigorous(run, text, values)
    assert status == 0
    assert found["proved"] is True and list(found["gradient"]) == list(partials)
    for one, (low, high) in (
        (found["value"], value),
        *zip(found["gradient"].values(), partials.values(), strict=True),
    ):
        near = 4e-9 * (1 + abs(low) + abs(high))
        assert low - near <= one["lower"] <= low + 1e-15 * abs(low)
        assert high - 1e-15 * abs(high) <= one["upper"] <= high + near


@pytest.mark.parametrize("text", [
    "x*exp(y)-log(x+2)", "max(x,y)*x", "where(x<y,x,x*y)", "sqrt(x**2+y**2)", "x/(1+y**2)+atan(x*y)", "u=x*y; u**3-u",
    "erf(x)*tanh(y)", "x**2.5+cbrt(y)", "besselj(0,x)+y", "hypot(x,y,1)",
])  # fmt: skip
def test_every_sample_lies_within(text, run):
    """At random points of the uncertainties: the value and both slopes."""
    status, found = rigorous(run, text, {"x": "0.7±0.2", "y": "0.9±0.3"})
    source, program = random.Random(text), compile_value(text)
    whole = derived(program, ("x", "y"))
    assert found["value"]["lower"] is not None, status
    for _ in range(100):
        at = {"x": source.uniform(0.5, 0.9), "y": source.uniform(0.6, 1.2)}
        slots = float_backend.run(whole.program, [at[name] for name in program.variables])
        for one, slot in (
            (found["value"], whole.value),
            *zip(found["gradient"].values(), whole.slopes, strict=True),
        ):
            x = float(slots[slot])
            assert one["lower"] is None or one["lower"] <= x + 1e-12
            assert one["upper"] is None or one["upper"] >= x - 1e-12


def test_it_stands_beside_what_else_was_asked_for(run):
    """Text and CSV; --stop and --wrt leave their partials out; a constant has no partial."""
    lines = run("grad", "x**2", "--x", "2±0.1", "--rigorous").out.splitlines()
    assert lines[-2:] == [
        "rigorous: value between 3.609999999 and 4.410000001",
        "rigorous x: grad between 3.799999999 and 4.200000001",
    ]
    assert list(rigorous(run, "x*y", {"x": "1", "y": "2"}, "--stop", "x")[1]["gradient"]) == ["y"]
    assert list(rigorous(run, "x*y", {"x": "1", "y": "2"}, "--wrt", "x")[1]["gradient"]) == ["x"]
    row = run("grad", "2*x", "--x", "1±1", "--rigorous", "--format", "csv").out.splitlines()
    assert row[0].endswith("lower,upper,value_lower,value_upper") and row[1].split(",")[-4:] == [
        "2.0",
        "2.0",
        "0.0",
        "4.0",
    ]
    assert run("grad", "x+y", "--x", "1±1", "--y", "2", "--rigorous", "--get", "rigorous.within").out == (
        '{"x": {"lower": 0.0, "upper": 2.0}}\n'
    )


def test_latex_has_the_intervals(run):
    """One row each; an end that was not found is infinite."""
    rows = run("grad", "2*x", "--x", "1±1", "--rigorous", "--format", "latex").out.splitlines()
    assert rows[-3:-1] == [r"f &\in [0, 4] \\", r"\frac{\partial f}{\partial x} &\in [2, 2]"]
    assert (
        r"f &\in (-\infty, \infty)" in run("grad", "1/x", "--x", "1±2", "--rigorous", "--format", "latex").out
    )


def test_what_has_no_end_is_said(run):
    """A pole, and the end of a domain, within the uncertainty: status 1 where an end is missing."""
    ended = run("grad", "1/x", "--x", "0.05±0.1", "--rigorous")
    assert ended.status == 1 and "rigorous: value without bounds, as far as was shown" in ended.out
    ended = run("grad", "sqrt(x)", "--x", "0.05±0.1", "--rigorous", "--format", "json")
    found = json.loads(ended.out)["rigorous"]
    assert found["value"]["lower"] == 0 and found["undefined"] is True


@pytest.mark.parametrize(
    ("text", "x"), [("floor(x)", "1"), ("sign(x)", "0"), ("x*heaviside(x-1)", "1"), ("mod(x,2)", "4")]
)
def test_a_jump_has_no_slope(text, x, run):
    """The slopes on both sides say nothing of the step between them: as without --rigorous there is none."""
    status, found = rigorous(run, text, {"x": x})
    assert status == 3 and found["gradient"] == {"x": None}
    assert found["value"]["lower"] == found["value"]["upper"]


#: Slopes without bounds, which no number of boxes shows.
FEWER = () if ALL else ("--limit", "boxes=2000")


@pytest.mark.parametrize(("words", "undefined"), [
    (("std(x*a)", "--x", "[1,2]", "--box", "a=0:2", *FEWER), False), (("sqrt(x)", "--box", "x=0:4"), False),
    (("sqrt(x)", "--box", "x=-1:4"), True), (("abs(a)**1.5", "--box", "a=-1:2"), False),
])  # fmt: skip
def test_parts_without_a_slope_are_within_the_domain(words, undefined, run):
    """f has a value wherever it has one, though its slope may have none there."""
    if len(words) == 3:  # one that takes seconds is asked once
        assert json.loads(run("range", *words, "--format", "json").out)["undefined"] is undefined
    assert ("outside of f's domain" in run("range", *words).out) is undefined


@pytest.mark.parametrize(("words", "says"), [
    (("x**2",), "--rigorous encloses numbers"), (("x**2", "--x", "2", "--order", "2"), "--rigorous goes with a gradient"),
    (("x**2", "--x", "2±0.1", "--digits", "30"), "17 digits"),
    (("stop_gradient(x)*x", "--x", "2"), "stop_gradient holds"), (("-",), "--rigorous is for one problem"),
    (("+".join(f"x{i}" for i in range(13)), *(f"--x{i}=1" for i in range(13))), "at most 12 partials"),
])  # fmt: skip
def test_what_does_not_go_with_it_is_refused(words, says, run):
    """With a sentence, and before anything is searched."""
    ended = run("grad", *words, "--rigorous", text="x")
    assert ended.status in (2, 4) and says in ended.err
