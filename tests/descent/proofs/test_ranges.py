"""Ranges in boxes: they hold the truth always, and where it is known they are near to it."""

from __future__ import annotations

import json
import math
import os
import random

import pytest

from gradcli.calculus.backends import float_backend
from gradcli.calculus.graph.derivative_programs import derived
from gradcli.descent.proofs.ranges.value_ranges import ranges
from gradcli.language.errors import DomainProblem

from .random_functions import random_function
from .searching import ALL, question

COUNT = int(os.environ.get("GRADCLI_PROOFS_COUNT", "200" if ALL else "8"))

UP, DOWN, LEVEL, NOT = "increasing", "decreasing", "constant", "not monotone"

KNOWN = [
    # text, box, range, partial along x, lipschitz, smoothness, convex
    ("x^2", "x=-1:2", (0, 4), (-2, 4), 4, 2, True),
    ("x^3", "x=0:1", (0, 1), (0, 3), 3, 6, True),
    ("abs(x)", "x=-1:2", (0, 2), (-1, 1), 1, None, True),
    ("sin(x)", "x=0:pi", (0, 1), (-1, 1), 1, 1, False),
    ("exp(x)+x^4", "x=-1:1", (0.66750375138, math.e + 1), (-3.6321205588, math.e + 4), math.e + 4, 14.718281828, True),
    ("x^2+y^2+x*y", "x=-1:1,y=-1:1", (0, 3), (-3, 3), 3 * math.sqrt(2), 3, True),
    ("x*y", "x=-1:1,y=-1:1", (-1, 1), (-1, 1), math.sqrt(2), 1, False),
    ("sqrt(x)", "x=1:4", (1, 2), (0.25, 0.5), 0.5, 0.25, False),
    ("floor(x)", "x=0:2", (0, 2), (0, 0), None, None, False),
    ("3*x-y", "x=0:1,y=0:1", (-1, 3), (3, 3), math.sqrt(10), 0, True),
    ("100*(y-x^2)^2+(1-x)^2", "x=-2:2,y=-2:2", (0, 3609), (-4806, 4802), 4952.5, 5716.6, False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "box", "value", "along", "steep", "smooth", "convex"), KNOWN, ids=[one[0] for one in KNOWN]
)
def test_known_ranges(text, box, value, along, steep, smooth, convex):
    """Outside of the truth, and within a hundredth of it."""
    found = ranges(question(text, box), None, 4_000)
    assert found.value.reached
    for one, (low, high) in ((found.value, value), (found.partials["x"], along)):
        near = 1e-6 * (1 + high - low)
        assert low - near <= one.lower <= low + 1e-9 and high - 1e-9 <= one.upper <= high + near
    for bound, truth in ((found.lipschitz, steep), (found.smoothness, smooth)):
        assert (bound is None) == (truth is None)
        assert truth is None or truth * 0.9999 <= bound <= truth * 1.01 + 1e-9
    assert found.course.convex is convex


@pytest.mark.parametrize(
    ("text", "box", "low", "high"),
    [
        ("exp(x)", "x=0:1000", 1, None),
        ("-exp(x)", "x=0:1000", None, -1),
        ("mod(x, 1)", "x=0:0.999", 0, 0.999),
        ("x^3 - y", "x=-1:2,y=0:1", -2, 8),
        ("floor(x) + y", "x=0.5:2.5,y=0:1", 0, 3),
    ],
)
def test_a_monotone_function_has_its_ends_at_corners(text, box, low, high):
    """Exactly, also where f is beyond floats elsewhere; a slope is on the side that f's course says."""
    found = ranges(question(text, box), None, 4_000)
    assert (found.value.lower, found.value.upper) == tuple(
        None if one is None else pytest.approx(one, rel=1e-15) for one in (low, high)
    )
    assert found.value.reached is (None not in (low, high))
    for name, word in found.course.monotone.items():
        one = found.partials[name]
        assert one.lower >= 0 if word == UP else one.upper <= 0


def test_ranges_hold_every_sample():
    """Of random functions with their slopes, at random points."""
    source = random.Random(int(os.environ.get("GRADCLI_SEED", "8")))
    for _ in range(COUNT):
        text, ends = random_function(source)
        box = ",".join(f"{name}={a}:{b}" for name, (a, b) in ends.items())
        asked = question(text, box)
        try:
            found = ranges(asked, None, 150)
        except DomainProblem:
            continue
        whole = derived(asked.program, asked.names)
        for _ in range(60):
            at = [source.uniform(a, b) for a, b in ends.values()]
            try:
                slots = float_backend.run(whole.program, at)
            except (ValueError, ArithmeticError):
                continue
            for one, slot in (
                (found.value, whole.value),
                *zip(found.partials.values(), whole.slopes, strict=True),
            ):
                if one is None or slot is None or not math.isfinite(float(slots[slot])):
                    continue
                x, near = float(slots[slot]), 1e-9 * (1 + abs(float(slots[slot])))
                assert (one.lower is None or one.lower <= x + near) and (
                    one.upper is None or one.upper >= x - near
                ), (text, box, at)


def test_the_command(run):
    """JSON for scripts, held variables, monotone or not, and the status where an end is not reached."""
    ended = run("range", "a*exp(x)-y", "--a", "2", "--box", "x=0:1,y=-1:1", "--get", "monotone.x")
    assert (ended.status, ended.out) == (0, "increasing\n")
    assert run("range", "x-y", "--box", "x=0:1,y=-1:1", "--get", "monotone.y").out == "decreasing\n"
    assert run("range", "1/x", "--box", "x=-1:1").status == 1
    assert run("range", "x**2", "--box", "x=0:1,y=0:1").status == 2
    beyond = run("range", "1e308*x", "--box", "x=0:2", "--format", "json")
    assert beyond.status == 1 and json.loads(beyond.out)["range"] == {"lower": 0.0, "upper": None}


@pytest.mark.parametrize(("text", "course"), [
    ("x-floor(x)", NOT), ("x^2-3*floor(x)", NOT), ("mod(x,1)", NOT), ("where(x<1,x,x-5)", NOT), ("1/(x-1)", NOT),
    ("tan(x)", NOT), ("round(x)", None), ("floor(x)", UP), ("sign(x-1)", UP), ("ceil(x)+x", UP), ("heaviside(x-1)", UP),
])  # fmt: skip
def test_slopes_beside_jumps_and_poles_say_nothing_of_the_course(text, course, run):
    """The slope of a sawtooth is 1 wherever it has one, and it falls: values and composition say how it runs."""
    found = json.loads(run("range", text, "--box", "x=0.5:2.5", "--format", "json").out)
    assert found["monotone"] == {"x": course}
    assert found["lipschitz"] is None
    assert found["convex"] is not True and found["concave"] is not True


SHAPES = [
    # text, box, monotone, convex, concave
    ("abs(x)+abs(x-1)", "x=-2:3", NOT, True, False), ("max(x,2*x-1,0)", "x=-2:3", UP, True, False),
    ("min(x,1)", "x=-2:3", UP, False, True), ("where(x<0,-x,x)", "x=-1:2", NOT, None, False),
    ("where(x<1,x^2,2*x-1)", "x=0:3", UP, None, False), ("where(abs(x)<=1,x^2/2,abs(x)-1/2)", "x=-3:3", NOT, None, False),
    ("exp(abs(x))", "x=-1:1", NOT, True, False), ("sqrt(x)", "x=0:1", UP, False, True), ("log(x)", "x=0.1:1", UP, False, True),
    ("sqrt(x^2+x+1)", "x=-1:1", NOT, True, False), ("x^3", "x=-1:1", UP, False, False), ("-x", "x=-1:1", DOWN, True, True),
    ("3+0*x", "x=-1:1", LEVEL, True, True), ("x*abs(x)", "x=-1:1", None, False, False),
    ("floor(x)^3", "x=0:4", UP, False, False),
    ("cbrt(x)", "x=-1:1", UP, False, False), ("cbrt(x)", "x=0:1", UP, False, True), ("1/x", "x=1:2", DOWN, True, False),
    ("1/x", "x=-1:1", NOT, False, False), ("sin(x)", "x=0:1", UP, False, True), ("x^2-x^4/13", "x=-1:1", NOT, True, False),
    ("relu(x)-relu(-x)", "x=-1:1", UP, None, None), ("clip(x,0,1)", "x=-1:2", UP, False, False),
    ("erfc(floor(x))", "x=-3:3", DOWN, False, False), ("x^2.5", "x=0:2", UP, True, False),
    ("1/floor(x)", "x=1:3", DOWN, False, False),
    ("1e-9*x^2+1e9*x", "x=-1:1", UP, True, False), ("7*x/3", "x=0.1:0.7", UP, True, True),
    ("x/3+1/7", "x=-0.3:pi", UP, True, True),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "box", "course", "convex", "concave"), SHAPES, ids=[f"{one[0]} {one[1]}" for one in SHAPES]
)
def test_known_shapes(text, box, course, convex, concave, run):
    """Shown, refuted or neither: of what has corners and jumps as well."""
    found = json.loads(run("range", text, "--box", box, "--format", "json").out)
    assert (found["monotone"]["x"], found["convex"], found["concave"]) == (course, convex, concave)


def test_what_is_said_of_a_course_holds_at_samples():
    """Of random functions with kinks, jumps, poles and edges: along each variable, and at middles of two points."""
    source, said = random.Random(int(os.environ.get("GRADCLI_SEED", "12"))), 0
    for _ in range(2 * COUNT):
        text, ends = random_function(source)
        asked = question(text, ",".join(f"{name}={a}:{b}" for name, (a, b) in ends.items()))
        try:
            course = ranges(asked, None, 60).course
        except DomainProblem:
            continue
        said += any(course.monotone.values()) + bool(course.convex) + bool(course.concave)
        for _ in range(60):
            at = [source.uniform(a, b) for a, b in ends.values()]
            name = source.choice(list(ends))
            there = [source.uniform(*ends[n]) if n == name else x for n, x in zip(ends, at, strict=True)]
            values = [number(asked.program, list(ends), p) for p in (at, there)]
            if None in values:
                continue
            near = 1e-9 * (1 + max(map(abs, values)))
            place = list(ends).index(name)
            rise = (values[1] - values[0]) * (1 if there[place] >= at[place] else -1)
            word = course.monotone[name]
            assert not (word in (UP, LEVEL) and rise < -near), (text, ends, at, there)
            assert not (word in (DOWN, LEVEL) and rise > near), (text, ends, at, there)
            middle = number(asked.program, list(ends), [(a + b) / 2 for a, b in zip(at, there, strict=True)])
            bend = 0 if middle is None else sum(values) / 2 - middle
            assert not (course.convex and bend < -near) and not (course.concave and bend > near), (
                text,
                ends,
                at,
                there,
            )
    assert said > COUNT // 2


def number(program, names, point):
    """f at a point in floats, None where it has no value."""
    at = dict(zip(names, point, strict=True))
    try:
        found = float(float_backend.run(program, [at[name] for name in program.variables])[program.value])
    except (ValueError, ArithmeticError):
        return None
    return found if math.isfinite(found) else None


@pytest.mark.parametrize(
    ("text", "course"), [("x-floor(x)", "increasing"), ("1/x", "decreasing"), ("tan(x)", "increasing")]
)
def test_within_one_piece_they_do(text, course, run):
    """No jump and no pole is in this box."""
    found = json.loads(run("range", text, "--box", "x=0.25:0.75", "--format", "json").out)
    assert found["monotone"] == {"x": course}
