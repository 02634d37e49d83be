"""Least values in boxes against what is known of them: published functions, polynomials by their roots, moved functions."""

from __future__ import annotations

import json
import math
import os
import random
import re

import pytest
from flint import fmpq_poly, fmpz_poly

from gradcli.language.errors import DomainProblem, ValueProblem
from gradcli.output.proofs.extreme_document import extreme_record

from .searching import ALL, TABLE, extreme, found

#: Functions that are tried each time: some of each kind.
SAMPLE = {
    "Adjiman", "Beale", "Booth", "Branin", "Bukin 4", "Camel, six humps", "Easom", "Egg holder", "Freudenstein-Roth",
    "Hartmann 3", "Himmelblau", "Hock-Schittkowski 2", "Keane", "Matyas", "Parsopoulos", "Pen holder", "Rosenbrock",
    "Salomon", "Schwefel 2.36", "Shekel 5", "Trid",
}  # fmt: skip

#: Functions that are not proved to 1e-8: no lower bound next to a point where numerator and denominator vanish; too many
#: boxes.
ENCLOSED = {"Keane", "Kowalik"}

#: Random functions of each kind: 2,000 in all where all is tried.
COUNT = int(os.environ.get("GRADCLI_PROOFS_COUNT", "500" if ALL else "8"))

RANDOM = random.Random(int(os.environ.get("GRADCLI_SEED", "31")))


@pytest.mark.parametrize(
    "one", [one for one in TABLE if ALL or one["name"] in SAMPLE], ids=lambda one: one["name"]
)
def test_published_functions(one):
    """The interval holds the published value, it is as narrow as asked for, and the published minimizers are listed."""
    shown = extreme(one["expr"], one["box"], gap=1e-8, most=20_000 if ALL else 3_000)
    near = 2e-7 * max(1.0, abs(one["least"]))
    assert shown.lower is None or shown.lower <= one["least"] + near
    assert shown.upper >= one["least"] - near
    assert shown.proved == (one["name"] not in ENCLOSED)
    if not shown.proved:
        assert shown.status == "enclosed"
        return
    assert shown.upper - shown.lower <= 1e-8
    for known in one["at"]:
        names = list(shown.at)
        assert any(
            all(
                abs(a - point.at[name]) <= point.radius + 2e-4 * max(1, abs(a))
                for name, a in zip(names, known, strict=True)
            )
            for point in shown.minimizers
        ), known


def least_of(polynomial, low=None, high=None):
    """The least value of a polynomial with whole coefficients on an interval, or on the whole line, as a ball."""
    places = [root for root, _ in real_roots(polynomial.derivative())]
    places = [x for x in places if (low is None or x > low) and (high is None or x < high)]
    values = [value(polynomial, x) for x in (*places, *(end for end in (low, high) if end is not None))]
    return min(values, key=float)


def real_roots(polynomial):
    """The real roots of a polynomial as balls."""
    from gradcli.calculus.balls.ball_numbers import working_bits

    with working_bits(200):
        roots = fmpz_poly([int(c) for c in polynomial.coeffs()]).complex_roots()
        return [(root.real, n) for root, n in roots if root.imag.contains(0)]


def value(polynomial, x):
    from flint import arb

    total = arb(0)
    for coefficient in reversed(polynomial.coeffs()):
        total = total * x + arb(coefficient)
    return total


def text_of(polynomial, argument):
    return "+".join(f"({c})*({argument})^{n}" for n, c in enumerate(polynomial.coeffs()))


def polynomial(degree, *, coercive=False):
    coefficients = [RANDOM.randint(-9, 9) for _ in range(degree)] + [RANDOM.randint(1, 5)]
    return fmpq_poly(coefficients) if coercive or RANDOM.random() < 0.5 else -fmpq_poly(coefficients)


def holds(shown, truth):
    """Whether the interval holds a ball, to thirty digits of it."""
    low, high = (end + way * 1e-30 * (1 + abs(end)) for end, way in ((shown.lower, -1), (shown.upper, 1)))
    return low <= truth <= high


def test_separable_polynomials():
    """The sum of polynomials of one variable each: their least values by their derivatives' roots."""
    for _ in range(COUNT):
        parts = [polynomial(RANDOM.randint(1, 6)) for _ in range(RANDOM.randint(1, 3))]
        ends = [sorted(RANDOM.sample(range(-6, 7), 2)) for _ in parts]
        truth = sum(least_of(part, *end) for part, end in zip(parts, ends, strict=True))
        text = "+".join(text_of(part, "xyz"[i]) for i, part in enumerate(parts))
        box = ",".join(f"{'xyz'[i]}={a}:{b}" for i, (a, b) in enumerate(ends))
        shown = found(text, box)
        assert shown.proved, (text, box)
        assert holds(shown, truth), (text, box, truth)


def test_polynomials_of_turned_variables():
    """p(x+y) + q(x-y), which grow to all sides: their variables are mixed, and their least value is the sum of two."""
    for _ in range(COUNT):
        parts = [polynomial(RANDOM.choice((2, 4)), coercive=True) for _ in range(2)]
        truth = sum(map(least_of, parts))
        text = f"{text_of(parts[0], 'x+y')}+{text_of(parts[1], 'x-y')}"
        shown = found(text, "x=-40:40,y=-40:40")
        assert shown.proved, text
        assert holds(shown, truth), (text, truth)


MOVABLE = [
    one for one in TABLE
    if set(re.findall(r"\b[a-z]\b", one["box"])) == {"x", "y"} and isinstance(one["least"], int)
    and one["name"] in ("Beale", "Booth", "Camel, three humps", "Cube", "Egg crate", "Freudenstein-Roth", "Himmelblau", "Levy",
                        "Matyas", "Rastrigin", "Rosenbrock", "Treccani", "Wayburn-Seader 1", "Zakharov", "Price 1")
]  # fmt: skip


def test_functions_that_are_moved_and_scaled():
    """a*f(s*(x - p)) + b has the least value a*least + b; uphill of its negative the same."""
    for _ in range(COUNT):
        one = RANDOM.choice(MOVABLE)
        at = [RANDOM.randint(-40, 40) / 8 for _ in range(2)]
        scale, factor, shift = (
            RANDOM.choice((1, -1, 2, 0.5)),
            RANDOM.choice((1, 3, 0.25, 1e-6)),
            RANDOM.randint(-9, 9),
        )
        moved = {name: f"({scale}*({name}-({p})))" for name, p in zip("xy", at, strict=True)}
        inner = re.sub(r"\b[xy]\b", lambda m, moved=moved: moved[m[0]], one["expr"])
        known = one["at"][0]
        ends = [(p + k / scale - RANDOM.randint(1, 40) / 8, p + k / scale + RANDOM.randint(1, 40) / 8)
                for p, k in zip(at, known, strict=True)]  # fmt: skip
        box = ",".join(f"{name}={a!r}:{b!r}" for name, (a, b) in zip("xy", ends, strict=True))
        up = RANDOM.random() < 0.3
        shown = extreme(f"{-1 if up else 1}*({factor}*({inner})+{shift})", box, ascend=up)
        assert shown.proved, (one["name"], box)
        least = (-1 if up else 1) * (factor * one["least"] + shift)
        assert shown.lower <= least + 1e-11 * abs(least) and shown.upper >= least - 1e-11 * abs(least), (
            one,
            box,
        )


def test_no_sample_of_a_random_function_is_below_the_bound():
    """Functions of all kinds, with kinks, jumps, poles and ends of domains, up and down, at random points of the box."""
    from .random_functions import below, random_function

    for _ in range(4 * COUNT):
        text, box = random_function(RANDOM)
        assert below(RANDOM, text, box, most=120) is None


CASES = [
    # text, box, whole, least, status, points
    ("abs(x-1/3)+n^2-3*n", "x=-1:1,n=-3.5:4", "n", -2.0, "minimum-at-corner", 2),
    ("n*m-7*n", "n=0:9,m=0:9", "nm", -63.0, "minimum-on-bound", 1),
    ("(n-2.5)^2", "n=-100:100", "n", 0.25, "minimum", 2),
    ("max(x,-x,0.5)", "x=-1:2", "", 0.5, "minimum", 1),
    ("where(x<0,1-x,x)", "x=-1:1", "", 0.0, "minimum-at-corner", 1),
    ("floor(x)+x", "x=-1:1", "", -2.0, "minimum-on-bound", 1),
    ("x*log(x)", "x=0:2", "", -math.exp(-1), "minimum", 1),
    ("-log(x)+1/x", "x=0:1", "", 1.0, "minimum-on-bound", 1),
    ("sqrt(x)", "x=-1:1", "", 0.0, "minimum-at-corner", 1),
    ("x+y", "x=0:1,y=0:1", "", 0.0, "minimum-on-bound", 1),
    ("x^2*y^2+1", "x=-1:1,y=2:3", "", 1.0, "minimum", None),
    ("(x-y)^2", "x=-1:1,y=-1:1", "", 0.0, "minimum", None),
    ("3+0*x", "x=1:2", "", 3.0, "minimum", 1),
    ("x^2", "x=0.1:0.1", "", 0.01, "minimum", 1),
    ("x^2", "x=-1e300:1e300", "", 0.0, "minimum", 1),
    ("1e-300*(x-1)^2", "x=-3:3", "", 0.0, "minimum", 1),
    ("(x-0.5)^2+1e15", "x=-1:1", "", 1e15, "minimum", 1),
    ("cos(x)", "x=0:2*pi", "", -1.0, "minimum", 1),
    ("(x-1e-300)^2", "x=0:1e-299", "", 0.0, "minimum", 1),
]


@pytest.mark.parametrize(("text", "box", "infimum"), [
    ("floor(x)-x", "x=0:3", -1), ("where(x>0, x, 1)", "x=-1:1", 0), ("where(x<=0, 1-x, x)", "x=-1:1", 0),
    ("exp(-1/x)", "x=0:1", 0), ("where(x<1, 2-x, x+5)", "x=-1:3", 1),
])  # fmt: skip
def test_an_infimum_that_is_not_taken_is_no_least_value(text, box, infimum):
    """It lies in the interval, and nothing is called a minimum."""
    shown = extreme(text, box)
    assert not shown.proved and shown.status == "enclosed" and shown.reached
    assert shown.lower <= infimum <= shown.upper
    assert "infimum" in extreme_record(text, shown)["message"]


@pytest.mark.parametrize(("text", "box"), [
    ("where(x<=1, 2-x, x+5)", "x=-1:3"), ("floor(x)", "x=0:3"), ("x*log(x)", "x=0:1"), ("sqrt(abs(x))", "x=-1:1"),
])  # fmt: skip
def test_a_least_value_beside_a_jump_or_an_end_is_proved_where_it_is_taken(text, box):
    """The lower piece has the seam; elsewhere f is continuous where it is least."""
    assert extreme(text, box).proved


@pytest.mark.parametrize(
    ("text", "box", "whole", "least", "status", "points"), CASES, ids=[case[0] for case in CASES]
)
def test_flat_edged_whole_and_extreme(text, box, whole, least, status, points):
    """Kinks, seams, jumps, edges of the domain, whole numbers, curves of minima, one point, and sizes at the ends."""
    shown = extreme(text, box, whole=whole)
    assert shown.proved and shown.status == status
    assert shown.lower <= least + 1e-15 * abs(least) and shown.upper >= least - 1e-15 * abs(least)
    assert points is None or len(shown.minimizers) == points


def test_what_has_no_least_value_is_not_proved():
    """A pole, a value that is not taken next to a jump, and the same points told the same way."""
    pole = extreme("1/x", "x=-1:1", most=300)
    assert (pole.status, pole.lower) == ("enclosed", None) and pole.undefined
    assert extreme("log(x)", "x=0:1", most=300).status == "enclosed"


def test_a_box_outside_of_the_domain_is_an_error():
    """And so is one without whole numbers."""
    with pytest.raises(DomainProblem, match="no value anywhere in the box"):
        extreme("log(x)", "x=-3:-1")
    with pytest.raises(ValueProblem, match="no whole number"):
        extreme("n", "n=0.2:0.8", whole="n")


def test_the_order_of_the_variables_changes_no_verdict():
    """The same function with its variables renamed, so that boxes come in another order."""
    one = extreme("(x^2+y-11)^2+(x+y^2-7)^2", "x=-5:5,y=-5:5")
    other = extreme("(z^2+a-11)^2+(z+a^2-7)^2", "z=-5:5,a=-5:5")
    assert (
        (one.status, one.proved, len(one.minimizers))
        == (other.status, other.proved, len(other.minimizers))
        == ("minimum", True, 4)
    )


def test_multipliers_are_slopes_at_the_bounds():
    """Of what is held at an end of the box, in f's own sense up and down."""
    up = extreme("x*y", "x=0:1,y=0:2", ascend=True)
    assert up.minimizers[0].pressed == {"x": 2.0, "y": 1.0}
    down = extreme("sqrt(x)-x", "x=0.1:2")
    assert down.minimizers[0].pressed["x"] == pytest.approx(0.5 / math.sqrt(2) - 1)


def test_a_limit_ends_it_with_what_is_known():
    """The interval holds the truth, however early the search ends."""
    for most in (0, 1, 5, 20, 60):
        shown = extreme("(1+(x+y+1)^2*(19-14*x+3*x^2-14*y+6*x*y+3*y^2))", "x=-2:2,y=-2:2", most=most)
        assert (shown.lower is None or shown.lower <= 1.0) and (
            shown.upper is None or shown.upper >= 1.0 - 1e-9
        )


@pytest.mark.parametrize(
    ("text", "box", "f"),
    [
        ("sin(x*y)", "x=-2:-1,y=-5:-4", lambda x, y: math.sin(x * y)),
        ("x**2+y**2-tanh(max(x,x))", "x=0:2,y=-2:0", lambda x, y: x**2 + y**2 - math.tanh(x)),
    ],
)
def test_the_point_of_an_answer_has_its_value(run, text, box, f):
    """Also where the least value is taken along a curve, or at a point that is not shown to be one."""
    answer = json.loads(run("minimize", text, "--box", box, "--prove", "--format", "json").out)
    assert f(**answer["at"]) == pytest.approx(answer["value"], rel=1e-12)
