"""Forms and atoms, swept twice, have the value, the gradient and the Hessian that the program of the table has."""

from __future__ import annotations

import random

import pytest
from flint import fmpq

from gradcli.calculus.balls.ball_numbers import ball, working_bits
from gradcli.calculus.balls.programs import ball_backend
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.curvature import hessian_sweeps
from gradcli.calculus.curvature.atom_functions import EXACTLY, IN_BALLS, IN_FLOATS
from gradcli.calculus.curvature.hessian_sweeps import HessianSweeps
from gradcli.calculus.curvature.linear_forms import FUNCTIONS, forms_of, pairs
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.calculus.tables.hessian_table import hessian_of

NAMES = ("x", "y", "z")


def expression(rng, depth):
    """A random one over x, y and z, of sums, products, quotients, powers and functions."""
    if depth == 0:
        return rng.choice((*NAMES, "0.5", "2", "pi", f"{rng.uniform(-2, 2):.2f}"))
    one, other = (expression(rng, rng.randrange(depth)) for _ in range(2))
    return rng.choice((
        f"(({one})+({other}))", f"(({one})-({other}))", f"(({one})*({other}))", f"(({one})/({other}))", f"(-({one}))",
        f"(({one})**2)", f"(({one})**3)", f"(({one})*1.25)", f"(({one})/3)", f"{rng.choice(sorted(FUNCTIONS))}({one})",
    ))  # fmt: skip


def by_table(text, numbers):
    """Value, gradient and Hessian of the table's program in balls; None where one of them has no value."""
    table = hessian_of([text], NAMES, NAMES, formulas=False)
    given = [numbers[NAMES.index(name)] for name in table.program.variables]
    slots = ball_backend.run(table.program, given, 640)
    rows = [[fmpq(0) if slot is None else slots[slot] for slot in row] for row in table.slots]
    found = [
        slots[table.program.value],
        *(slots[slot] for slot in table.values),
        *(x for row in rows for x in row),
    ]
    return None if any(isinstance(one, Failure) for one in found) else found


def by_sweeps(text, numbers, arithmetic):
    program = compile_text([text], NAMES, formulas=False).program
    forms = forms_of(program)
    assert forms is not None, text
    sweeps = HessianSweeps(forms, [program.variables.index(name) for name in NAMES], arithmetic)
    given = [numbers[NAMES.index(name)] for name in program.variables]
    try:
        found = sweeps.at(given)
        assert sweeps.value(given) == found.value or not ball(found.value).is_exact()
    except (ValueError, ArithmeticError):
        return None
    return [found.value, *found.gradient, *(number for row in found.hessian for number in row)]


@pytest.mark.parametrize("few", [0, 1, hessian_sweeps.FEW])
@pytest.mark.parametrize("arithmetic", [IN_BALLS, EXACTLY], ids=["balls", "exactly"])
def test_random_expressions_have_the_hessian_of_the_table(arithmetic, few, monkeypatch):
    """Both enclose the truth, whichever forms are coordinates: their balls meet, and neither is much wider than the other."""
    monkeypatch.setattr(hessian_sweeps, "FEW", few)
    rng, compared = random.Random(7 + few), 0
    for _ in range(250):
        text = "+".join([*NAMES, *(expression(rng, 4) for _ in range(2))])
        numbers = [fmpq(rng.randint(-30, 30), 10) for _ in NAMES]
        with working_bits(640):
            given = [ball(number) for number in numbers] if arithmetic is IN_BALLS else numbers
            expected = by_table(text, numbers)
            if expected is None:
                continue
            found = by_sweeps(text, given, arithmetic)
            assert found is not None, (text, numbers)
            for one, other in zip(found, expected, strict=True):
                assert ball(one).overlaps(ball(other)), (text, numbers)
                size = abs(ball(other)).upper() + 1
                assert ball(one).rad() < size * ball(fmpq(1, 2**400)), (text, numbers)
        compared += 1
    assert compared > 80


@pytest.mark.parametrize("few", [0, hessian_sweeps.FEW])
def test_constant_second_derivatives_are_those_of_every_point(few, monkeypatch):
    """Of a quadratic function by hand, at two points of the same sweeps; a cubic one has others at each."""
    monkeypatch.setattr(hessian_sweeps, "FEW", few)
    text = "(x-2*y+3)**2 + 3*x*(2*z) + x*(y+z) + y/4"
    program = compile_text([text], NAMES, formulas=False).program
    sweeps = HessianSweeps(forms_of(program), [0, 1, 2], EXACTLY)
    for point in ((1, 2, 3), (-4, 0, 7)):
        x, y, z = map(fmpq, point)
        found = sweeps.at([x, y, z])
        assert found.hessian == [[2, -3, 7], [-3, 8, 0], [7, 0, 0]]
        inner = x - 2 * y + 3
        assert found.gradient == [2 * inner + 7 * z + y, -4 * inner + x + fmpq(1, 4), 7 * x]
        assert found.value == inner * inner + 7 * x * z + x * y + y / 4
    cubic = HessianSweeps(
        forms_of(compile_text(["x*(y*z)"], NAMES, formulas=False).program), [0, 1, 2], EXACTLY
    )
    for x, y, z in ((1, 2, 3), (-4, 0, 7)):
        assert cubic.at([fmpq(x), fmpq(y), fmpq(z)]).hessian == [[0, z, y], [z, 0, x], [y, x, 0]]


def test_floats_have_nearly_the_same():
    """They are for steps: relative to the largest entry, to ten digits."""
    rng, compared = random.Random(8), 0
    for _ in range(200):
        text = "+".join([*NAMES, *(expression(rng, 3) for _ in range(2))])
        numbers = [fmpq(rng.randint(-30, 30), 10) for _ in NAMES]
        expected = by_table(text, numbers)
        floats = [float(one.p) / float(one.q) for one in numbers]
        found = None if expected is None else by_sweeps_in_floats(text, floats)
        if found is None:
            continue
        exact = [float(ball(one).mid()) for one in expected]
        size = max(map(abs, exact)) + 1
        if size < 1e4:
            compared += 1
            assert all(abs(a - b) < 1e-10 * size for a, b in zip(found, exact, strict=True)), (text, numbers)
    assert compared > 60


def by_sweeps_in_floats(text, numbers):
    program = compile_text([text], NAMES, formulas=False).program
    sweeps = HessianSweeps(forms_of(program), [program.variables.index(name) for name in NAMES], IN_FLOATS)
    try:
        found = sweeps.at([numbers[NAMES.index(name)] for name in program.variables])
    except (ValueError, ArithmeticError):
        return None
    return [found.value, *found.gradient, *(number for row in found.hessian for number in row)]


@pytest.mark.parametrize(
    "text",
    [
        "abs(x)+y",
        "max(x,y)",
        "where(x>0,x,y)",
        "x**y",
        "gamma(x)",
        "floor(x)*y",
        "x**0.5",
        "sin(x)+hypot(x,y)",
    ],
)
def test_what_has_corners_or_other_operations_is_left_to_the_table(text):
    """Corners, powers of any exponent and special functions have conditions of their own."""
    assert forms_of(compile_text([text], (), formulas=False).program) is None


def test_what_would_have_more_second_derivatives_than_it_is_long_is_found_out():
    """A function of a sum of a thousand terms has a million of them along the terms' forms."""
    terms = "+".join(f"sin({k}*x+y)" for k in range(1, 1001))
    few = forms_of(compile_text([terms], (), formulas=False).program)
    many = forms_of(compile_text([f"exp({terms})"], (), formulas=False).program)
    assert pairs(few, 10**6) < 4_000
    assert pairs(many, 100_000) == 100_000
