"""`diff(e, x)` is the derivative that the reverse sweep finds, and has no value where there is none."""

from __future__ import annotations

import math

import pytest

from gradcli.calculus.backends import float_backend
from gradcli.calculus.graph.reverse_sweep import program_of, swept
from gradcli.language.errors import GradcliError
from gradcli.language.function_table import FUNCTIONS
from gradcli.language.parser import parse

POINTS = (0.3, 0.7, 1.6, -0.4, -1.3, 2.2)

#: What stands for the other arguments of a function; the orders of Bessel's and their like are whole.
OTHERS = {"condition": "x > 1"}


def numbers(text, x):
    """Value and slope along x; None where there is none."""
    expression = parse(text, ("x", "y"))
    program = program_of(swept(expression, ("x",)), expression.variables)
    try:
        slots = float_backend.run(program, [{"x": x, "y": 0.8}[name] for name in program.variables])
    except (ValueError, ArithmeticError):
        return None
    slope = dict(zip(program.variables, program.gradient, strict=True)).get("x")
    found = slots[program.value], 0.0 if slope is None else slots[slope]
    return found if all(map(math.isfinite, found)) else None


def call(name, place):
    """A call of a function with x*y + x in one place, and numbers in the others."""
    row = FUNCTIONS[name]
    names = [*row.names, "b"] if row.most is None else list(row.names)
    if name == "piecewise":
        names = ["condition", "a", "b"]
    filled = [OTHERS.get(n, "2" if n in ("n", "k") else "0.6") for n in names]
    filled[place] = "(x*y + x)/2"
    return f"{name}({', '.join(filled)})"


CALLS = [
    (name, place)
    for name, row in FUNCTIONS.items()
    for place in range(len(row.names))
    if row.names[place] != "condition" and (row.meaning or name in ("where", "piecewise", "min", "max") or row.slopes)
]  # fmt: skip


def differences(name, place):
    """Where the two derivatives differ, and at how many points they were compared; None where none is known."""
    text = call(name, place)
    try:
        parse(f"diff({text}, x)", ("x", "y"))
    except GradcliError as error:
        assert "no derivative of" in error.message, error.message
        slopes = FUNCTIONS[name].slopes
        assert not (slopes and slopes[place]), text
        return None
    found, compared = [], 0
    for x in POINTS:
        whole, inner = numbers(text, x), numbers(f"diff({text}, x)", x)
        if whole is not None and inner is not None:
            compared += 1
            if not math.isclose(whole[1], inner[0], rel_tol=1e-9, abs_tol=1e-12):
                found.append((text, x, whole[1], inner[0]))
    return found, compared


def test_the_derivative_of_each_function_is_that_of_the_sweep():
    """Along each argument of which a derivative is known, at points of its domain; nearly all have some among these."""
    found = [differences(name, place) for name, place in CALLS]
    known = [one for one in found if one is not None]
    assert [difference for one in known for difference in one[0]] == []
    assert len(known) > 100 and sum(one[1] > 0 for one in known) > 0.9 * len(known)


@pytest.mark.parametrize(("text", "corner"), [
    ("abs(x)", 0), ("|x*y|", 0), ("max(x, 1)", 1), ("min(x, y, 2)", 0.8), ("where(x > 1, x**2, x)", 1), ("floor(x)*x", 2),
    ("ceil(x)", -1), ("sign(x)", 0), ("heaviside(x - 1)", 1), ("relu(x)", 0), ("leaky_relu(x)", 0), ("mod(x, 2)", 4),
    ("clip(x, 0, 1)", 1), ("piecewise(x < 0, 1, x < 1, x, 2)", 1),
])  # fmt: skip
def test_there_is_no_number_at_a_corner(text, corner):
    """Beside it there is, on both sides."""
    assert numbers(f"diff({text}, x)", corner) is None
    for x in (corner - 0.1, corner + 0.1):
        assert math.isclose(
            numbers(f"diff({text}, x)", x)[0], numbers(text, x)[1], rel_tol=1e-9, abs_tol=1e-12
        )


@pytest.mark.parametrize(
    "text", ["sin(x)*exp(x*y)", "x**3/(1 + x**2)", "log(1 + x**2)**2", "x**(y*x + 1)", "atan(x)*sqrt(x + 5)"]
)
def test_higher_orders_are_derivatives_of_derivatives(text):
    """diff(e, x, 3) is diff of diff of diff, and its slope is diff(e, x, 4)."""
    for x in POINTS[:3]:
        third = numbers(f"diff({text}, x, 3)", x)
        assert third == numbers(f"diff(diff(diff({text}, x), x), x)", x)
        assert math.isclose(third[1], numbers(f"diff({text}, x, 4)", x)[0], rel_tol=1e-8, abs_tol=1e-9)


def test_along_a_parameter_nothing_else_moves():
    """Where a function is called with a variable that it also uses, that variable stays."""
    assert numbers("f(a) = a*x; g(a) = diff(f(a), a); g(x)", 0.7)[0] == 0.7
    assert numbers("g(a) = diff(a**2*x, a); g(x)", 0.5)[0] == 0.5
    assert numbers("u = x; g(a) = diff(a + u, a); g(u)", 0.5)[0] == 1.0
