"""Formulas as a person writes them: short, and equal to what sympy differentiates wherever that has a value."""

from __future__ import annotations

import math
import random
import re
from functools import cache
from statistics import median

import mpmath
import pytest
from mpmath import mp, mpf

from gradcli.calculus.evaluation.gradient_at_point import evaluate, evaluate_digits
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.calculus.graph.reverse_sweep import compile_value
from gradcli.language.errors import GradcliError
from tests.calculus.textbook import counts, examples

EXAMPLES = examples()

#: Digits of both sides, digits that must agree, and points for each example.
DIGITS, CLOSE, POINTS = 40, mpf(10) ** -25, 4


@cache
def compiled_example(text, variable):
    """The compiled expression with its formula, made when it is first asked for: not while tests are collected."""
    return compile_text([text], [], [variable])


def shown(row):
    return compiled_example(row.expression, row.variable).formulas[row.variable]


def columns():
    """The counts of ours, of sympy's diff, and of its simplify, example by example."""
    return [
        tuple(counts(text) for text in (shown(row), row.differentiated, row.simplified)) for row in EXAMPLES
    ]


def test_there_are_three_hundred_textbook_derivatives():
    """Each once, of all kinds."""
    assert len({(row.expression, row.variable) for row in EXAMPLES}) == len(EXAMPLES) >= 300
    assert len({row.group for row in EXAMPLES}) >= 10


def test_formulas_have_no_more_operations_than_the_better_of_diff_and_simplify():
    """In the median, over the derivatives that have an operation at all; and nine tenths of diff's."""
    rows = [(ours, diff, best) for ours, diff, best in columns() if min(diff.operations, best.operations) > 0]
    assert median(o.operations / min(d.operations, b.operations) for o, d, b in rows) <= 1.0
    assert median(o.operations / d.operations for o, d, _ in rows) <= 0.9
    assert sum(o.operations for o, _, _ in rows) <= 0.9 * sum(d.operations for _, d, _ in rows)


def test_formulas_are_no_deeper_and_have_no_more_minus_signs_than_diff():
    """Together, and for the middle one."""
    for quantity in ("depth", "minus"):
        ours, diff = ([getattr(row[place], quantity) for row in columns()] for place in (0, 1))
        assert sum(ours) <= sum(diff)
        assert median(ours) <= median(diff)


def heaviside(value):
    return mpf(value > 0) if value else mpf(1) / 2


def value_of(text, point):
    """The value of sympy's text in mpmath; None where it has none."""
    names = {name: getattr(mpmath, name) for name in dir(mpmath) if not name.startswith("_")}
    names |= {"Abs": abs, "Max": max, "Min": min, "Heaviside": heaviside, "E": mp.e, "pi": mp.pi,
              "Piecewise": lambda *pieces: next(value for value, holds in pieces if holds),
              "Eq": lambda a, b: a == b, "Ne": lambda a, b: a != b}  # fmt: skip
    exact = re.sub(r"(?<![\w.])\d+(\.\d+)?", r"mpf('\g<0>')", text)
    try:
        found = eval(exact, {"__builtins__": {}}, {**names, **point, "mpf": mpf})
    except (ZeroDivisionError, ValueError):
        return None
    found = mpmath.mpmathify(found)
    return found if mpmath.isfinite(found) and isinstance(found, mpf) else None


def points_of(row, names):
    """Decimals on both sides of 0, and such as are a seam or a pole of something."""
    chosen = random.Random(row.expression)
    yield dict.fromkeys(names, "0.5")
    for k in range(POINTS):
        yield {name: str(chosen.randint(-20 if k % 2 else 1, 30) / 8) for name in names}
    yield dict.fromkeys(names, "0")
    yield dict.fromkeys(names, "1")


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"{row.expression} along {row.variable}")
def test_the_form_has_the_value_of_the_derivative_wherever_it_has_one(row):
    """Against sympy's diff, computed by mpmath: no form has a value at fewer points, and none has another."""
    compiled = compiled_example(row.expression, row.variable)
    text = compiled.formulas[row.variable]
    program, compared = compile_value(text, compiled.program.variables), 0
    for point in points_of(row, compiled.program.variables):
        with mp.workdps(DIGITS + 10):
            expected = value_of(row.differentiated, {name: mpf(value) for name, value in point.items()})
        if expected is None or not has_derivative(compiled, row, point):
            continue
        found = evaluate_digits(program, text, {n: point[n] for n in program.variables}, DIGITS).value
        with mp.workdps(DIGITS + 10):
            assert abs(mpf(found) - expected) <= CLOSE * max(1, abs(expected)), (text, point)
        compared += 1
    assert compared >= 1


def has_derivative(compiled, row, point):
    """Whether f has a value and a derivative there, as the program computes them."""
    try:
        answer = evaluate_digits(compiled.program, row.expression, point, DIGITS)
    except GradcliError:
        return False
    return answer.partials.get(row.variable) is not None


#: Expressions, the variable, and what a person writes for the derivative.
WRITTEN = [
    ("x**2 + x*y + 3", "x", "2*x + y"),
    ("x**y", "x", "y*x**(y - 1)"),
    ("log(1/max(1e-200, x))", "x", "where(x > 1e-200, -1/x, 0)"),
    ("max(x, y, z)", "y", "where(y > x and y > z, 1, 0)"),
    ("t0 + (t1 - t0)/(1 + exp(-t2*(x - t3)))", "t2", "(t1 - t0)*(x - t3)*exp(t2*(t3 - x))/(exp(t2*(t3 - x)) + 1)**2"),
    ("x**4 + x**3 + x**2", "x", "x*(4*x**2 + 3*x + 2)"),
    ("(x/y)**a", "x", "a*(x/y)**a/x"),
    ("0.1*x**3 + 1e-8*x", "x", "0.3*x**2 + 1e-8"),
    ("max(x, 0) + min(x, 0)", "x", "1"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "variable", "shown"), WRITTEN)
def test_a_person_would_write_it_so(text, variable, shown):
    """Powers joined, pieces instead of products of steps, no polynomial nested, decimals where the user has some."""
    assert compile_text([text], [], [variable]).formulas[variable] == shown


def test_powers_of_powers_are_written():
    """A power is joined with what it is a power of, or with another power of its base, and with one of them only."""
    compiled = compile_text(["((where(3 >= 1, x, y))**x)**x"], [], ["x", "y"])
    assert compiled.formulas["y"].count("**x)**x") == 1
    for name, wanted in (("x", 16 * (4 * math.log(2) + 2)), ("y", 0.0)):  # of x**x**2 at 2
        value = evaluate(
            compile_value(compiled.formulas[name], ["x", "y"]), compiled.formulas[name], {"x": "2", "y": "3"}
        )
        assert value.value == pytest.approx(wanted, rel=1e-14)


#: What f has no value for, and its derivative's form must not hide: its poles.
HELD = [("(x**2 - 1)/(x - 1)", "1"), ("x**y/x", "0"), ("1/(1 + 1/x)", "0"), ("atan(y/x)", "0")]


@pytest.mark.parametrize(("text", "x"), HELD)
def test_no_pole_of_f_is_taken_away(text, x):
    """Where f has no value its formula has none: only poles that came with differentiating may go."""
    compiled = compile_text([text], [], ["x"])
    shown = compile_value(compiled.formulas["x"], ["x", "y"])
    with pytest.raises(GradcliError):
        evaluate_digits(shown, compiled.formulas["x"], {"x": x, "y": "3"}, DIGITS)


def test_forms_are_chosen_the_same_way_every_time():
    """No clock and no order of hashing has a say."""
    rows = EXAMPLES[::10]
    again = [compile_text([row.expression], [], [row.variable]).formulas[row.variable] for row in rows]
    assert again == [shown(row) for row in rows]


def test_products_of_long_brackets_are_written_by_size():
    """Forms within forms within forms: their number is bounded, and the formula is there."""
    bracket = "(y*cos(x)*x*(y + 1)*(cos(x)*x - 2))"
    compiled = compile_text([f"x*{bracket}*(x + 1)*({bracket} - 2)"], ())
    assert all(formula is not None for formula in compiled.formulas.values())
