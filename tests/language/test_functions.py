"""Every row of the table of functions: read, computed in both backends, and differentiated rightly."""

from __future__ import annotations

import math
import random

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcli.calculus.evaluation.gradient_at_point import evaluate, evaluate_digits
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.calculus.graph import local_derivatives
from gradcli.calculus.graph.reverse_sweep import compile_value
from gradcli.calculus.program.instructions import FLOATS
from gradcli.language.errors import DomainProblem
from gradcli.language.function_table import FUNCTIONS
from gradcli.language.parser import parse

from .texts import call, counts, ranges, smooth

#: Every way to call every function: its name and number of arguments.
CALLS = [(name, count) for name in FUNCTIONS for count in counts(name)]
POINTS = 4


def points(function, count):
    """Random points of the function's domain, the same ones at every run; three decimals each."""
    source = random.Random(f"{function} {count}")
    domain = ranges(function, count)
    if function == "elliptic_e" and count == 1:
        domain = [(-3, 0.9)]
    for _ in range(POINTS):
        yield [f"{low:g}" if low == high else f"{source.uniform(low, high):.3f}" for low, high in domain]


def near(one, other, tolerance):
    """Whether two numbers agree, relative to the larger of the second and 1e-3."""
    return abs(mpmath.mpf(one) - mpmath.mpf(other)) <= tolerance * max(abs(mpmath.mpf(other)), 1e-3)


def slope(program, text, point, name):
    """The central difference of *text* along *name*: step 1e-25 in 90 digits, right to 40."""
    with mpmath.workdps(100):
        ends = []
        for side in (1, -1):
            beside = {**point, name: mpmath.nstr(mpmath.mpf(point[name]) + side * mpmath.mpf(10) ** -25, 60)}
            ends.append(mpmath.mpf(evaluate_digits(program, text, beside, 90).value))
        return (ends[0] - ends[1]) / (2 * mpmath.mpf(10) ** -25)


@pytest.mark.parametrize(("function", "count"), CALLS)
def test_floats_and_mpmath_agree(function, count):
    """Value and gradient at random points of the domain, to twelve digits."""
    text, names = call(function, count)
    compiled = compile_text([text], names)
    for numbers in points(function, count):
        point = dict(zip(names, numbers, strict=True))
        floats = evaluate(compiled.program, text, point)
        digits = evaluate_digits(compiled.program, text, point, 25)
        assert near(floats.value, digits.value, 1e-12), point
        for name, partial in floats.partials.items():
            other = digits.partials[name]
            assert (partial is None) == (other is None)
            assert partial is None or near(partial, other, 1e-12), (name, point)


@pytest.mark.parametrize(("function", "count"), CALLS)
def test_partials_agree_with_central_differences(function, count):
    """To 30 digits, wherever the derivative is known."""
    text, names = call(function, count)
    program = compile_text([text], names).program
    for numbers in points(function, count):
        point = dict(zip(names, numbers, strict=True))
        partials = evaluate_digits(program, text, point, 45).partials
        for name, partial in partials.items():
            whole = (function, name) == ("root", "a1")  # only integers: nothing is beside them
            if partial is not None and not whole and function != "stop_gradient":
                assert near(partial, slope(program, text, point, name), 1e-30), (name, point)


@pytest.mark.parametrize(("function", "count"), CALLS)
def test_formulas_parse_back_and_agree_with_the_program(function, count):
    """What grad prints is in the language, and means what grad computes."""
    text, names = call(function, count)
    compiled = compile_text([text], names)
    for numbers in points(function, count):
        point = dict(zip(names, numbers, strict=True))
        answer = evaluate(compiled.program, text, point)
        for name, formula in compiled.formulas.items():
            if formula is not None and answer.partials.get(name) is not None:
                written = compile_value(formula, names)
                value = evaluate(written, formula, {n: point[n] for n in written.variables}).value
                assert near(value, answer.partials[name], 1e-9), (name, formula, point)


#: Further functions with an order or a parameter along which nobody writes the derivative in closed form.
NO_CLOSED_FORM = (
    "gammainc", "gammaincc", "betainc", "betaincc", "stdtr", "chdtr", "chdtrc", "fdtr", "ive", "kve", "spherical_jn",
    "spherical_yn", "spherical_in", "spherical_kn", "hyp0f1", "hyp1f1", "hyp2f1", "hyperu", "legendre", "chebyshev_t",
    "chebyshev_u", "hermite", "hermite_e", "laguerre", "genlaguerre", "gegenbauer", "jacobi", "hurwitz_zeta",
)  # fmt: skip


def test_unknown_derivatives_are_few_and_named():
    """Only orders and parameters whose derivative nobody writes in closed form, and the whole degree of a root."""
    unknown = {f"{f} {program.unknown}" for f, count in CALLS if (program := _program(f, count)).unknown}
    assert all(
        name.split()[0] in ("polygamma", "besselj", "bessely", "besseli", "besselk", "expint", "polylog",
                            "lowergamma", "uppergamma", "zetaprime", "root", *NO_CLOSED_FORM)
        for name in unknown
    )  # fmt: skip


def _program(function, count):
    text, names = call(function, count)
    return compile_text([text], names).program


#: Every operation that a function of the table is, with how many arguments it is called.
OPERATIONS = [
    *((f, f, len(row.slopes)) for f, row in FUNCTIONS.items() if row.slopes and f not in ("elliptic_e", "min", "max")),
    ("elliptic_e", "elliptic_e", 1),
    ("elliptic_e2", "elliptic_e", 2),
]  # fmt: skip


@pytest.mark.parametrize(("op", "function", "count"), [o for o in OPERATIONS if FUNCTIONS[o[1]].sympy])
def test_slopes_agree_with_sympys_own(op, function, count):
    """A row that sympy knows has its slopes to need no sympy and to lose no digits: they are sympy's derivative."""
    import sympy

    from gradcli.calculus.symbolic.to_sympy import symbol, to_sympy

    names = local_derivatives.parameters(op)
    whole = to_sympy(parse(f"{function}({', '.join(names)})", names))
    for index, name in enumerate(names):
        theirs, ours = whole.diff(symbol(name)), local_derivatives.slope(op, index)
        if ours is None:
            assert theirs.has(sympy.Derivative) or theirs.has(sympy.meijerg)
            continue
        mine = to_sympy(ours)
        for numbers in points(function, count):
            at = {symbol(n): sympy.Rational(v) for n, v in zip(names, numbers, strict=True)}
            difference = (theirs - mine).subs(at).evalf(30)
            assert abs(difference) < 1e-20, (name, numbers)


def test_every_row_says_what_it_is():
    """A summary, a group, parameters; one kind of meaning; aliases of nobody else."""
    seen = set()
    for name, row in FUNCTIONS.items():
        assert row.summary and row.group and row.parameters
        assert not (row.sympy and row.meaning)
        for spelling in (name, *row.aliases):
            assert spelling not in seen
            seen.add(spelling)


@settings(max_examples=60, deadline=None)
@given(smooth, st.integers(-20, 20), st.integers(-20, 20))
def test_formula_program_and_difference_agree(text, x, y):
    """On random expressions: the printed formula, the program, and a 40-digit central difference."""
    point = {"x": str(x / 8 + 0.0625), "y": str(y / 8 - 0.03125)}
    compiled = compile_text([text], ())
    at = {name: point[name] for name in compiled.program.variables}
    try:
        answer = evaluate_digits(compiled.program, text, at, 30)
        for name, partial in answer.partials.items():
            if partial is None:
                continue
            assert near(partial, slope(compiled.program, text, at, name), 1e-20)
            formula = compiled.formulas[name]
            written = compile_value(formula, tuple(at))
            value = evaluate_digits(written, formula, {n: at[n] for n in written.variables}, 30).value
            assert near(value, partial, 1e-20)
    except DomainProblem:
        return


@pytest.mark.parametrize(("y", "x"), [(-0.0, -1.0), (0.0, -1.0), (-0.0, -1e300), (-0.0, -5e-324)])
def test_an_arc_tangent_of_two_zeros_has_one_side(y, x):
    """There is one real 0: the angle of the negative axis is pi, however its zero came about."""
    assert FLOATS["atan2"](y, x) == math.pi


def test_large_expressions_have_gradients():
    """10,000 terms, 5,000 nested calls, 2,000 variables."""
    variables = [f"v{index}" for index in range(2_000)]
    square = "+".join(f"{name}**2" for name in variables)
    compiled = compile_text([square], ())
    answer = evaluate(compiled.program, square, dict.fromkeys(variables, 3.0))
    assert answer.value == 18_000 and set(answer.partials.values()) == {6.0}
    assert compiled.formulas["v7"] == "2*v7"
    terms = "+".join(["x*y"] * 10_000)
    assert evaluate(compile_text([terms], ()).program, terms, {"x": 2.0, "y": 3.0}).partials["x"] == 30_000
    nested = "atan(" * 5_000 + "x" + ")" * 5_000
    assert 0 < evaluate(compile_text([nested], ()).program, nested, {"x": 1.0}).partials["x"] < 1e-4
