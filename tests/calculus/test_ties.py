"""Corners of several variables: gradients beside them from their ties, against piecewise linear functions by hand."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from gradcli.calculus.balls.ball_numbers import ball
from gradcli.calculus.corners.tie_detection import ties_at
from gradcli.calculus.evaluation.gradient_at_point import evaluate
from gradcli.calculus.formulas.texts.compiler import compile_text


def _corner(seed: int) -> tuple[str, dict[str, str], list[list[int]], list[int]]:
    """A sum of weighted absolute values and maxima, a point where all tie, their slopes, and their weights."""
    source = random.Random(seed)
    names = [f"x{i}" for i in range(source.randint(1, 4))]
    point = {name: f"{source.randint(-9, 9)}.{source.randint(1, 9)}" for name in names}
    slopes, weights, parts = [], [], []
    for _ in range(source.randint(1, 6)):
        slope = [source.randint(-3, 3) for _ in names]
        slope[source.randrange(len(names))] = source.choice((1, 2, -1))
        level = sum(Fraction(point[n]) * a for n, a in zip(names, slope, strict=True))
        inner = " + ".join(f"({a})*{n}" for n, a in zip(names, slope, strict=True)) + f" - ({level})"
        weight = source.choice((1, 2, 5))
        slopes.append(slope)
        weights.append(weight)
        parts.append(source.choice((f"{weight}*abs({inner})", f"{weight}*max({inner}, -({inner}))")))
    return " + ".join(parts), point, slopes, weights


def _beside(slopes: list[list[int]], weights: list[int], direction: list[float]) -> list[int] | None:
    """The gradient in a direction; None along a tie."""
    total = [0] * len(direction)
    for slope, weight in zip(slopes, weights, strict=True):
        along = sum(a * d for a, d in zip(slope, direction, strict=True))
        if along == 0:
            return None
        total = [t + weight * a * (1 if along > 0 else -1) for t, a in zip(total, slope, strict=True)]
    return total


@pytest.mark.parametrize("seed", range(25))
def test_a_direction_decides_every_tie(seed: int) -> None:
    """The gradient beside the point is that of the linear piece there, exactly."""
    text, point, slopes, weights = _corner(seed)
    program = compile_text([text], list(point)).program
    ties = ties_at(program, point, 100)
    assert ties is not None
    order = [list(point).index(name) for name in program.variables]
    source = random.Random(seed)
    for _ in range(12):
        direction = [source.uniform(-1, 1) for _ in point]
        wanted = _beside(slopes, weights, direction)
        found = ties.gradient([direction[i] for i in order])
        assert wanted is not None
        assert found is not None
        assert [float(ball(x)) for x in found] == [wanted[i] for i in order]


@pytest.mark.parametrize("seed", range(25))
def test_both_sides_along_an_axis(seed: int) -> None:
    """The slopes in the note are those of f along the axis, counted by hand; a derivative where they agree."""
    text, point, slopes, weights = _corner(seed)
    answer = evaluate(compile_text([text], list(point)).program, text, point)
    for place, name in enumerate(point):
        right = sum(w * abs(slope[place]) for slope, w in zip(slopes, weights, strict=True))
        note = next((note for note in answer.notes if note.variable == name), None)
        if right == 0:
            assert (answer.partials[name], note) == (0.0, None)
        else:
            assert note is not None
            assert (answer.partials[name], note.left, note.right) == (None, -right, right)


@pytest.mark.parametrize("seed", range(25))
def test_the_least_subgradient_of_a_convex_corner_of_this_kind_is_zero(seed: int) -> None:
    """Each part has its least value there, and so has the sum; a slope beside them is what is left."""
    text, point, _, weights = _corner(seed)
    name = next(iter(point))
    program = compile_text([text], list(point)).program
    answer = evaluate(program, text, point, "least")
    assert all(abs(float(x or 0)) <= 1e-9 * sum(weights) for x in answer.partials.values())
    sloped = f"{text} + 1000*{name}"
    answer = evaluate(compile_text([sloped], list(point)).program, sloped, point, "least")
    assert float(answer.partials[name] or 0) > 500


@pytest.mark.parametrize(
    ("text", "partials"),
    [
        ("abs(x**2)", {"x": 0.0}),
        ("abs(x)**3", {"x": 0.0}),
        ("max(x**2+x, x)", {"x": 1.0}),
        ("relu(x**2)+x", {"x": 1.0}),
        ("abs(x*y)", {"x": 0.0, "y": 0.0}),
        ("abs(1e-30*x)", {"x": None}),
        ("abs(abs(x)-y)", {"x": None, "y": None}),
        ("abs(cbrt(x))", {"x": None}),
        ("abs(x)*floor(x)", {"x": None}),
        ("where(x<1e-30,abs(x),0)", {"x": None}),
        ("abs(x)-abs(x)", {"x": 0.0}),
        ("abs(x)+where(x>0,-x,x)", {"x": 0.0}),
        ("max(x,y)+min(x,y)", {"x": 1.0, "y": 1.0}),
    ],
)
def test_what_ties_and_has_a_slope_all_the_same(text: str, partials: dict[str, float | None]) -> None:
    """Quantities that are flat, bent or tied themselves at the point are no simple ties."""
    at = dict.fromkeys(partials, "0")
    assert evaluate(compile_text([text], list(at)).program, text, at).partials == partials


def test_small_slopes_are_told() -> None:
    """A slope of 1e-30 is one, on both sides."""
    text = "abs(1e-30*x)"
    (note,) = evaluate(compile_text([text], ["x"]).program, text, {"x": "0"}).notes
    assert (note.left, note.right) == (-1e-30, 1e-30)
