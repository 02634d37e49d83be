"""Derivations: the last line is the formula, and every line is the derivative."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

from gradcli.calculus.deriving import derivation as deriving
from gradcli.calculus.deriving import differentiation_rules, line_checks
from gradcli.calculus.deriving.derivation import derivation
from gradcli.calculus.deriving.line_checks import Checker, Unconfirmed
from gradcli.calculus.deriving.rule_names import RULE_NAMES
from gradcli.calculus.formulas.terms import PENDING, Term, term_of, written
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.language.errors import DomainProblem, GradcliError, LimitProblem
from gradcli.language.function_table import FUNCTIONS
from gradcli.language.functions.activation_rows import ACTIVATIONS
from gradcli.language.functions.arithmetic_rows import ARITHMETIC
from gradcli.language.functions.loss_rows import LOSSES
from gradcli.language.functions.special_rows import SPECIAL_ROWS
from gradcli.language.functions.statistics_rows import STATISTICS
from gradcli.language.parser import parse
from tests.explaining.expressions import derived, differences, near, random_expressions, value
from tests.exporting.sources import calls
from tests.prepared import ALL

#: Points at which a line is compared, to 35 digits, and random expressions; GRADCLI_TRUST=all takes more of both.
POINTS, EXAMPLES = (3, 50) if ALL else (1, 20)

CASES = [
    ("3", None), ("x", "variable"), ("x + y", "sum"), ("-x", "constant factor"), ("5*x", "constant factor"),
    ("x*sin(x)", "product"), ("x/7", "constant factor"), ("1/x", "reciprocal"), ("sin(x)/x", "quotient"),
    ("x**5", "power"), ("(2*x+1)**5", "power"), ("2**x", "exponential"), ("e**x", "exponential"), ("x**x", "logarithmic"),
    ("exp(x*y)", "exponential"), ("log(x*y)", "logarithm"), ("log(x, 2)", "change of base"), ("sin(x*y)", "derivative of sin"),
    ("gelu(x)", "definition"), ("where(x > 0, x**2, x)", "pieces"), ("max(x, y, 3)", "definition"),
    ("x*stop_gradient(x)", "constant factor"), ("atan2(y, x)", "derivative of atan2"), ("elu(x)", "derivative of elu"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rule"), CASES)
def test_every_rule_is_named(text, rule):
    """The rule of the outermost operation stands behind the second line."""
    if rule is None:
        assert compile_text([text], ()).program.variables == ()
        return
    found, _ = derived(text, "x")
    assert found.steps[1].rule == rule


def test_functions_of_other_places_have_rules_with_words():
    """The normal distribution function's says that it is the density; a name of nothing names no rule."""
    found, _ = derived("ndtr(x*y)", "x")
    assert found.steps[1].rule == "the derivative of the normal distribution function is its density"
    assert found.steps[1].statement == "ndtr(u)' = exp(-u**2/2)/sqrt(2*pi)*u'"
    newer = [name for table in (ARITHMETIC, ACTIVATIONS, LOSSES, STATISTICS, SPECIAL_ROWS) for name in table]
    assert [name for name in newer if any(FUNCTIONS[name].slopes) and name not in RULE_NAMES] == []
    assert [name for name in RULE_NAMES if not any(FUNCTIONS[name].slopes)] == []


def test_the_tutorial_is_derived_as_a_course_would():
    """Sum, power, constant factor, constant: line by line."""
    found, _ = derived("x**2+x*y+3", "x")
    assert [(step.text, step.rule) for step in found.steps] == [
        ("∂/∂x(x**2 + x*y + 3)", "start"),
        ("∂/∂x(x**2) + ∂/∂x(x*y) + ∂/∂x(3)", "sum"),
        ("2*x + ∂/∂x(x*y) + ∂/∂x(3)", "power"),
        ("2*x + y + ∂/∂x(3)", "constant factor"),
        ("2*x + y", "constant"),
    ]


def _holds(found, compiled, variable):
    """The last line is the formula, all that is left of every line is the derivative."""
    names = compiled.program.variables
    assert parse(found.steps[-1].text).shape() == parse(found.formula).shape()
    for point, slope in differences(compiled, variable, POINTS):
        done = [step for step in found.steps if "d/d" not in step.text and "∂/∂" not in step.text]
        numbers = [number for step in done if (number := value(step.text, names, point)) is not None]
        assert all(near(number, slope) for number in numbers)


@pytest.mark.parametrize(
    "function",
    [name for name, row in FUNCTIONS.items() if name not in ("root", "stop_gradient", "elliptic_pi")],
)
def test_every_function_of_the_table_is_derived(function, monkeypatch):
    """Each function has a rule of its own, whose lines are confirmed and end in the formula.

    elliptic_pi is left out: mpmath takes minutes for it in many digits. Forty digits confirm the lines that expanding does not
    show to be equal: what sympy simplifies to nothing for seconds is the same line of the same rule.
    """
    text = calls(function)
    if text is None:
        pytest.skip(f"{function} has no gradient along its arguments")
    if not ALL:
        monkeypatch.setattr(line_checks, "SIMPLIFIED", -1)
    found, compiled = derived(text, "x" if "x" in parse(text).variables else "y")
    _holds(found, compiled, found.variable)


def _has_value(compiled, variable, point):
    """Not where a piece that is not taken divides by x - x: that is a test of its own."""
    return value(compiled.formulas[variable], compiled.program.variables, point) is not None


def test_the_last_line_has_the_brackets_of_the_formula():
    """Found by random expressions: -x/x/x is the same number, and another text."""
    found, compiled = derived("where((x)/(x) < 1, (y)/((y)-(y)), (x)/(x))", "x")
    _holds(found, compiled, "x")


@pytest.mark.parametrize(("text", "slope"), [
    ("where(x < 1, x/(x - x), x)", 1), ("where(x > 1, x**2, 1/(x - x))", 4),
    ("where(x < 1, 1/(x - x), where(x < 3, x**3, x))", 12),
])  # fmt: skip
def test_a_piece_without_any_value_takes_none_from_the_others(text, slope):
    """The slope at 2 is that of the piece there, and the formula's value."""
    compiled = compile_text([text], ())
    assert value(compiled.formulas["x"], compiled.program.variables, ("2",)) == slope


@settings(max_examples=EXAMPLES, deadline=None)
@given(text=random_expressions)
def test_random_expressions_are_derived(text):
    """Every line equals the one before, for each is sympy's derivative symbolically or at 40 digits."""
    try:
        compiled = compile_text([text], ())
    except GradcliError:
        return
    for variable in compiled.program.variables[:1]:
        try:
            found = derivation(parse(text), compiled, variable)
        except Unconfirmed:
            assert not any(
                _has_value(compiled, variable, at) for at, _ in differences(compiled, variable, 1)
            ), text
            continue
        except (DomainProblem, LimitProblem):
            continue
        _holds(found, compiled, variable)
        assert all(step.checked in ("sympy", "40 digits") for step in found.steps)


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_depth_bounds_the_rules(depth):
    """The deeper the depth the more lines, and the last one is always the formula."""
    found, compiled = derived("sin(exp(x*sin(x)))/x", "x", depth)
    _holds(found, compiled, "x")
    deeper, _ = derived("sin(exp(x*sin(x)))/x", "x", depth + 1)
    assert len(found.steps) <= len(deeper.steps)
    assert (depth == 0) == ([step.rule for step in found.steps][1] == "in one step")


def test_a_wrong_rule_is_not_shown(monkeypatch):
    """A rule that makes a mistake is stopped by the check of its line."""

    def wrong(inner, variable, depth):
        return differentiation_rules.Applied("wrong", "x' = 2", term_of(parse("3*x")))

    monkeypatch.setattr(deriving, "applied", wrong)
    with pytest.raises(Unconfirmed):
        derived("x**2", "x")


def test_a_clock_stops_a_derivation_and_confirms_nothing(monkeypatch):
    """Where sympy is stopped a line is not confirmed by other means instead: that is said."""
    monkeypatch.setattr(line_checks, "PATIENCE", 0.0)
    with pytest.raises(Unconfirmed, match="within 0 s"):
        Checker(parse("*".join(f"sin(x**{i} + {i})**{i}" for i in range(1, 200))), "2*x", "x")


def test_a_corner_decides_nothing():
    """At x = 2, a simple point, max(x, 2) has a corner: lines and formula need not agree there."""
    for text in ("max(x, max(x, 2))", "sigmoid(max(x, x))"):
        found, compiled = derived(text, "x")
        _holds(found, compiled, "x")


def test_a_line_is_compared_at_points_where_sympy_is_not_asked():
    """Without a derivative of sympy's forty digits decide."""
    checker = Checker(parse("x**2"), "2*x", "x")
    checker.derivative = None
    line = Term(PENDING, (term_of(parse("x**2")),), "0")
    assert checker.check(line) == "40 digits"
    with pytest.raises(Unconfirmed):
        checker.check(term_of(parse("2*x + 1/10**30")))


@pytest.mark.parametrize(
    "text",
    ["x**2+x*y+3", "-(a*b)", "-(a/b)*c", "a - b*c", "-x**2", "(-x)**2", "a/(b*c)/d", "2*(-3)", "a - (b - c)"],
)
def test_terms_print_to_what_means_the_same(text):
    """Written terms read back to the same numbers."""
    names = tuple(sorted(set(re.findall("[a-z]", text))))
    point = tuple(str(k + 1.5) for k in range(len(names)))
    assert near(value(written(term_of(parse(text))), names, point), value(text, names, point))


def test_what_nobody_would_read_is_refused():
    """Long and deep expressions are limits, not hours."""
    with pytest.raises(LimitProblem):
        derived(" + ".join(f"sin({k}*x)" for k in range(200)), "x")
    with pytest.raises(LimitProblem):
        derived("sin(" * 80 + "x" + ")" * 80, "x")
