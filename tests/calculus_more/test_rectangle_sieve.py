"""No rectangle with a zero of the gradient is left out, and intervals of floats hold what exact arithmetic computes."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq

from gradcli.calculus.graph.derivative_programs import derived
from gradcli.calculus.graph.reverse_sweep import program_of, swept
from gradcli.calculus.sampling.grid_critical_points import grid_critical_points
from gradcli.calculus.sampling.interval_arrays import intervals_of
from gradcli.calculus.sampling.rectangle_sieve import sieved
from gradcli.language.parser import parse


def program(text):
    tree = parse(text, ["x", "y"])
    return program_of(swept(tree), tree.variables)


@pytest.mark.parametrize("seed", range(40))
def test_ends_hold_the_exact_values_at_points_of_the_box(seed):
    """Sums, products, squares, powers and quotients of rationals, in boxes of every size."""
    chance = random.Random(seed)
    text = chance.choice([
        "(x - 0.1*y)**2 - x*y/3", "x**3*y - 7*(x/3 - y)**5", "(x + y)/(x**2 + 1) - 1/7", "-x**7 + y**2*x/(3 + y**2)",
        "1e-300*x*1e-20*y + y", "(x - y)*(x + y) - (x*x - y*y)",
    ])  # fmt: skip
    size = 10.0 ** chance.randint(-12, 3)
    corner = [chance.uniform(-3, 3) for _ in "xy"]
    sides = [(np.array([low]), np.array([low + size])) for low in corner]
    made = program(text)
    slots = intervals_of(made, sides)
    for _ in range(20):
        point = [Fraction(low) + (Fraction(float(high[0])) - Fraction(low)) * Fraction(chance.random())
                 for low, (_, high) in zip(corner, sides, strict=True)]  # fmt: skip
        exact = eval(text.replace("0.1", "Fraction(1, 10)").replace("1e-300", "Fraction(1, 10**300)")
                     .replace("1e-20", "Fraction(1, 10**20)"),
                     {"x": point[0], "y": point[1], "Fraction": Fraction})  # fmt: skip
        low, high = slots[made.value]
        assert Fraction(float(np.ravel(low)[0])) <= exact <= Fraction(float(np.ravel(high)[0]))


@pytest.mark.parametrize("seed", range(60))
def test_a_rectangle_with_a_zero_is_kept(seed):
    """Polynomials whose gradient vanishes at a given point, in rectangles that hold it: often only just."""
    chance = random.Random(seed)
    x0, y0 = (fmpq(chance.randint(-300, 300), chance.choice([1, 3, 7, 128])) for _ in "xy")
    a, b = f"(x - ({x0}))", f"(y - ({y0}))"
    text = chance.choice([
        f"{a}**2*(1 + y**2) + {b}**2", f"100*({b} - {a}**2)**2 + {a}**2", f"{a}*{b}*(x + 3)", f"{a}**3 + {b}**2*x",
        f"({a} + 1000*{b})**2 + {a}**2", f"{a}**2*{b}**2",
    ])  # fmt: skip
    table = derived(program(text), ("x", "y"), seconds=True)
    rectangles = []
    for _ in range(30):
        size = fmpq(8, 2 ** chance.randint(0, 63))
        left, bottom = (
            size * chance.choice([fmpq(0), fmpq(1), fmpq(chance.randint(0, 64), 64)]) for _ in "xy"
        )
        rectangles.append((x0 - left, x0 - left + size, y0 - bottom, y0 - bottom + size))
    assert sieved(table, [0, 1], [None, None], rectangles) == rectangles


def test_a_rectangle_without_one_is_left_out():
    """What balls show, floats show as well."""
    table = derived(program("(1-x)**2 + 100*(y-x**2)**2"), ("x", "y"), seconds=True)
    far = (fmpq(-1), fmpq(-127, 128), fmpq(1), fmpq(129, 128))
    assert sieved(table, [0, 1], [None, None], [far]) == []


def test_the_points_of_a_landscape_are_all_there():
    """Himmelblau's function has four minima, one maximum and four saddles."""
    found = grid_critical_points(
        program("(x**2+y-11)**2+(x+y**2-7)**2"), ("x", "y"), {}, (-5.0, 5.0), (-5.0, 5.0)
    )
    assert found.complete
    assert sorted(point.kind for point in found.points) == ["maximum", *["minimum"] * 4, *["saddle"] * 4]


@pytest.mark.parametrize("text", ["0*x + y**3 - y", "x**3 - x + 0*y", "0*x + 0*y", "x + 0*y"])
def test_slopes_that_are_the_same_everywhere_are_those_of_every_rectangle(text):
    """Along a variable that f does not depend on: there are no single points, and nothing fails."""
    assert grid_critical_points(program(text), ("x", "y"), {}, (-2.0, 2.0), (-2.0, 2.0), 4_000).points == []
