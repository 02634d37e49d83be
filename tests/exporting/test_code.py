"""`gradcli code`: the command around the languages."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcli.calculus.backends import float_backend
from gradcli.calculus.backends.rounding_error import digits_may_be_lost, input_errors
from gradcli.calculus.evaluation.gradient_at_point import evaluate
from gradcli.calculus.program.instructions import Kink
from gradcli.cli import run
from gradcli.commands.code import NAMES
from gradcli.language.errors import GradcliError
from tests.exporting.agreement import Undecided, verdict
from tests.exporting.batches import Case
from tests.exporting.sources import compiled_at, source


@pytest.fixture
def said(tmp_path, monkeypatch, capsys):
    """Runs a command line in a home of its own: status, stdout, stderr."""
    monkeypatch.setenv("GRADCLI_HOME", str(tmp_path / "home"))

    def ask(*arguments):
        status = run(arguments)
        out, err = capsys.readouterr()
        return status, out, err

    return ask


def test_code_is_what_stdout_holds(said):
    """The source alone is printed: it can go into a file as it is."""
    status, out, err = said("code", "x**2+x*y+3")
    names = {}
    exec(out, names)
    assert (status, err) == (0, "")
    assert names["value_and_gradient"](5.0, 3.0) == (43.0, [13.0, 5.0])


def test_json_holds_the_code_and_the_names(said):
    """A record has the language, the names in it, and the source."""
    _, out, _ = said("code", "λ**2", "--lang", "cpp", "--name", "loss", "--format", "json")
    record = json.loads(out)
    assert record["language"] == "c++"
    assert record["names"] == {"λ": "lamda"}
    assert "loss(double lamda)" in record["code"]


def test_what_a_language_lacks_is_refused_by_name(said):
    """The function is named, and so are the languages that have it."""
    status, out, err = said("code", "besselj(1, x)", "--lang", "rust")
    assert (status, out) == (2, "")
    assert "rust has no besselj" in err
    assert "numpy" in err


def test_an_unknown_language_is_refused_with_the_nearest(said):
    """A typing error gets a suggestion."""
    status, _, err = said("code", "x", "--lang", "fortan")
    assert status == 2
    assert "did you mean fortran?" in err


def test_wrt_chooses_the_gradient(said):
    """Only the partials asked for are returned, in the order asked for."""
    _, out, _ = said("code", "x*y**2*z", "--wrt", "z,x")
    names = {}
    exec(out, names)
    assert names["value_and_gradient"](2.0, 3.0, 5.0) == (90.0, [18.0, 45.0])


def test_the_session_is_written_without_an_expression(said):
    """`gradcli code` alone writes the problem that grad left."""
    said("grad", "x**2", "--x", "3")
    status, out, _ = said("code", "--lang", "c", "--with-test")
    assert status == 0
    assert "value_and_gradient(point[n][0], found + 1)" in out
    assert "{{3.0}, " in out


def test_a_test_needs_a_point_with_a_gradient(said):
    """No point and no gradient are said, and nothing is written."""
    assert said("code", "x**2", "--with-test")[0] == 2
    assert said("code", "abs(x)", "--with-test", "--x", "0")[0] == 3
    assert said("code", "log(x)", "--with-test", "--x=-1")[0] == 3


def test_latex_names_shared_parts(said):
    """LaTeX comes from sympy, with what is shared named once."""
    status, out, _ = said("code", "exp(x*y)*sin(exp(x*y))", "--lang", "latex")
    assert status == 0
    assert out.startswith(r"\begin{align*}")
    assert r"\frac{\partial f}{\partial y} &=" in out


def test_a_piece_that_is_not_taken_may_have_no_value():
    """The logarithm of a negative number stands in a piece that is not taken: no error leaves it."""
    text = "where(x > 0, log(x)*log(x)*sqrt(log(x) + 9), x**2)"
    names = {}
    exec(source("python", text, {"x": 2.0}).code, names)
    assert names["f_and_gradient"](-3.0) == (9.0, [-6.0])


_FUNCTIONS = ["sin", "exp", "sqrt", "tanh", "abs", "relu", "sigmoid", "log"]
_leaf = st.sampled_from(["x", "y", "2", "0.5", "pi", "3"])
_expressions = st.recursive(
    _leaf,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/"]), inner).map(lambda t: f"({t[0]}){t[1]}({t[2]})"),
        st.tuples(st.sampled_from(_FUNCTIONS), inner).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(inner, st.sampled_from(["2", "3", "-1", "0.5", "y"])).map(lambda t: f"({t[0]})**({t[1]})"),
        st.tuples(inner, inner, inner).map(lambda t: f"where({t[0]} < {t[1]}, {t[2]}, {t[0]})"),
    ),
    max_leaves=12,
)  # fmt: skip


def loses_digits(program, numbers):
    """Whether the bound of floats leaves fewer than fourteen digits, where they have a result."""
    try:
        slots = float_backend.run(program, numbers)
    except (ValueError, ArithmeticError):
        return False
    outputs = [program.value, *(slot for slot in program.gradient if slot is not None)]
    return digits_may_be_lost(program, slots, outputs, input_errors(numbers, numbers))


def is_tied(program, numbers):
    """Whether gradcli's own floats meet a corner, so that nobody knows how many of their digits are right."""
    try:
        float_backend.run(program, numbers)
    except Kink:
        return True
    except (ValueError, ArithmeticError):
        return False
    return False


def agrees_at_tie(compiled, text, numbers, found):
    """Whether what the code answers is what `grad` does, but for what is left where numbers cancel."""
    try:
        what = verdict(Case(text, compiled, (numbers,)), numbers, found)
    except Undecided:
        return True
    return what in ("right", "excused", "tied", "lost")


@settings(max_examples=150, deadline=None)
@given(text=_expressions, x=st.floats(0.1, 4), y=st.floats(-3, 3))
def test_random_expressions_agree(text, x, y):
    """Whatever the expression, the Python function answers what gradcli answers, but for digits that floats lose."""
    point = {"x": x, "y": y}
    try:
        compiled = compiled_at(text)
        variables = compiled.program.variables
        answer = evaluate(compiled.program, text, point)
        code = source("python", text, point).code
    except GradcliError:
        return
    if answer.notes or loses_digits(compiled.program, [point[name] for name in variables]):
        return
    names = {}
    exec(code, names)
    try:
        value, gradient = names["f_and_gradient"](*(point[name] for name in variables))
    except (ValueError, ArithmeticError):
        return  # gradcli looks again with more digits where floats fail on the way
    numbers = tuple(point[name] for name in variables)
    if is_tied(compiled.program, numbers):
        assert agrees_at_tie(compiled, text, numbers, (value, *gradient))
        return
    for found, wanted in zip([value, *gradient], [answer.value, *answer.partials.values()], strict=True):
        assert math.isnan(found) or math.isclose(found, wanted, rel_tol=1e-9, abs_tol=1e-9)


def test_the_ending_of_the_file_says_the_language_where_lang_does_not(said, tmp_path):
    """Rust in f.rs, and what --lang says in any file."""
    assert said("code", "x**2", "--out", str(tmp_path / "f.rs"))[0] == 0
    assert "pub fn value_and_gradient" in (tmp_path / "f.rs").read_text()
    assert said("code", "x**2", "--lang", "c", "--out", str(tmp_path / "g.rs"))[0] == 0
    assert "#include <math.h>" in (tmp_path / "g.rs").read_text()


def test_functions_of_ones_own_are_written_out_and_share_their_parts(said):
    """The code has one function; exp(x*y) of both calls is computed once, and a definition keeps its name."""
    status, out, _ = said("code", "f(a) = exp(x*y)*a; u = x + y; f(u) + f(u**2)", "--lang", "c")
    assert status == 0
    assert out.partition("*/")[2].count("exp(") == 1
    assert out.count("double value_and_gradient(") == 1
    assert "const double u = x + y;" in out


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("f(a) = a**3; f(x) + f(y)", "x**3 + y**3"),
        ("u = x*y; u**1.5", "(x*y)**1.5"),
        ("u = x - y; floor(u)*u", "floor(x - y)*(x - y)"),
        ("f(a) = where(a < 1, a**2, a); f(x)*abs(y)", "where(x < 1, x**2, x)*abs(y)"),
    ],
)
@pytest.mark.parametrize("corner", ["none", "torch"])
def test_code_of_definitions_is_that_of_what_they_stand_for(said, text, written, corner):
    """Powers, steps and pieces behind a name: the numbers are those of the text written out."""
    results = []
    for one in (text, written):
        status, out, err = said("code", one, "--corner", corner)
        assert status == 0, err
        names = {}
        exec(out, names)
        results.append([names["value_and_gradient"](x, y) for x, y in ((0.4, 2.0), (2.5, 0.3), (1.7, 1.1))])
    assert results[0] == results[1]


def test_languages_take_definitions_with_powers(said):
    """All of them."""
    for language in NAMES:
        assert said("code", "f(a) = a**3; u = x*y; f(u) + floor(u)", "--lang", language)[0] == 0
