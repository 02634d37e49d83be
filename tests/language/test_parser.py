"""Text → tree: what means what, and errors that point at characters."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcli.language.errors import GradcliError, LimitProblem, NameProblem, SyntaxProblem
from gradcli.language.expression_text import text_of
from gradcli.language.function_table import CONSTANTS, FUNCTIONS, SPELLINGS
from gradcli.language.parser import parse
from tests.prepared import ALL

from .texts import texts

#: What is typed -> the same with brackets and operators written out.
SAME = [
    ("-x**2", "-(x**2)"), ("-x^2", "-(x**2)"), ("2**3**2", "2**(3**2)"), ("2^-x", "2**(-x)"), ("--x", "-(-x)"),
    ("a/b/c", "(a/b)/c"), ("a/b*c", "(a/b)*c"), ("a*b/c", "(a*b)/c"), ("-a*b", "(-a)*b"),
    ("a+b*c", "a+(b*c)"), ("2x", "2*x"), ("2(x+1)", "2*(x+1)"), ("(x+1)(x-1)", "(x+1)*(x-1)"), ("2x**3", "2*x**3"),
    ("2sin(x)", "2*sin(x)"), ("(x)y", "(x)*y"), ("2 x", "2*x"), ("3·x", "3*x"), ("3×x÷y", "3*x/y"), ("x−y", "x-y"),
    ("x²", "x**2"), ("x³y", "x**3*y"), ("x⁻¹", "x**-1"), ("x¹⁰", "x**10"), ("√(x)", "sqrt(x)"), ("√x", "sqrt(x)"),
    ("∛(x)", "cbrt(x)"), ("2√(x)", "2*sqrt(x)"), ("√x²", "sqrt(x)**2"),
    ("-x²", "-(x**2)"), ("ln(x)", "log(x)"), ("arcsin(x)", "asin(x)"),
    ("Abs(x)", "abs(x)"), ("Max(x, y)", "max(x,y)"), ("LambertW(x)", "lambertw(x)"), ("Ei(x)", "ei(x)"),
    ("where(x≤1, 2, 3)", "where(x<=1,2,3)"), ("where(x≥1 and y≠2, 2, 3)", "where((x>=1) and (y!=2),2,3)"),
    ("where(a<1 or b<1 and c<1, 2, 3)", "where((a<1) or ((b<1) and (c<1)),2,3)"), ("+x", "x"), (" x\t+\ny ", "x+y"),
    ("((x))", "x"), ("sin(x,)", "sin(x)"),
]  # fmt: skip

STRANGE_NAMES = [
    "x",
    "learning_rate",
    "_",
    "a1",
    "θ",
    "变数",
    "x₁",
    "naïve",
    "lambda",
    "import",
    "N",
    "S",
    "I",
    "E",
    "Q",
    "__class__",
]

NO_EXPRESSIONS = [
    "",
    " ",
    "(",
    ")",
    "x +",
    "x 2",
    "2 3",
    "x y",
    "sin x",
    "1/2x",
    "2**2x",
    "x(y)",
    "x = 1",
    "x..y",
    "1 < 2 < 3",
    "x'",
    "a[0]",
    "sin()",
    "where(1,2,3)",
    "x > 1",
    "1 +* 2",
    "f(x)",
    "\x00",
    "x\u202ey",
    "x!!",
    "lambda x: x",
]


@pytest.mark.parametrize(("typed", "meant"), SAME)
def test_what_is_typed_means(typed, meant):
    """Precedence, side by side, pasted characters, other spellings."""
    assert parse(typed).shape() == parse(meant).shape()


@pytest.mark.parametrize(("one", "other"), [
    ("a-(b-c)", "a-b-c"), ("a/(b*c)", "a/b*c"), ("(-x)**2", "-x**2"), ("(2**3)**2", "2**3**2"), ("xy", "x*y"),
])  # fmt: skip
def test_brackets_matter(one, other):
    """These are not the same."""
    assert parse(one).shape() != parse(other).shape()


@pytest.mark.parametrize(("text", "value"), [
    ("3", "3"), (".5", ".5"), ("5.", "5."), ("1e-3", "1e-3"), ("2E+10", "2E+10"),
])  # fmt: skip
def test_a_number_is_kept_as_it_was_typed(text, value):
    """0.1 means one tenth, so its digits are not rounded while reading."""
    (node,) = parse(text).nodes
    assert (node.op, node.text) == ("number", value)


@pytest.mark.parametrize("name", STRANGE_NAMES)
def test_a_name_is_a_variable(name):
    """Names of any script and length, whatever they mean to Python or sympy."""
    assert parse(f"{name}**2 + 1").variables == (name,)


@pytest.mark.parametrize("name", [*CONSTANTS, "beta", "gamma", "zeta", "sin", "max", "where"])
def test_a_name_that_has_a_value_is_a_variable(name):
    """Constants and functions give way."""
    assert parse(f"2*{name}", (name,)).variables == (name,)


def test_constants_are_no_variables():
    """pi, π and e are numbers where they have no value."""
    assert parse("pi*e*π*x").variables == ("x",)


def test_the_same_letter_in_two_encodings_is_one_name():
    """é as one character and as e with an accent."""
    assert parse("e\u0301 + \u00e9").variables == ("\u00e9",)


@pytest.mark.parametrize("text", NO_EXPRESSIONS)
def test_what_is_no_expression_is_refused_with_a_place(text):
    """A kind, a sentence without a full stop, and a span within the text or one behind it."""
    with pytest.raises(GradcliError) as caught:
        parse(text)
    error = caught.value
    assert isinstance(error, SyntaxProblem | NameProblem) and error.status == 2
    assert error.message and not error.message.endswith(".")
    if text.strip():
        start, end = error.span
        assert 0 <= start < end <= len(text) + 1


@pytest.mark.parametrize(("text", "culprit"), [
    ("3*x + sinn(y)", "sinn"), ("2*log(x, y, z)", "log(x, y, z)"), ("x + @", "@"), ("a*(b + c", "("), ("a) + b", ")"),
    ("x + 0 < y > 1", ">"), ("变数 + foo(x)", "foo"),
])  # fmt: skip
def test_an_error_points_at_its_culprit(text, culprit):
    """Characters are counted, not bytes."""
    with pytest.raises(GradcliError) as caught:
        parse(text)
    assert text[slice(*caught.value.span)] == culprit


@pytest.mark.parametrize(("typed", "meant"), [
    ("sinn(x)", "sin"), ("Sine(x)", "sin"), ("TANH(x)", "tanh"), ("arcsinus(x)", "asin"), ("sgnn(x)", "sgn"),
    ("BesselJ(1, x)", "besselj"), ("logg(x)", "log"),
])  # fmt: skip
def test_the_nearest_function_is_suggested(typed, meant):
    """From the same table."""
    with pytest.raises(NameProblem) as caught:
        parse(typed)
    assert f"{meant}(" in caught.value.hint


def test_every_spelling_is_read():
    """Each row's name and aliases, with each number of arguments that it takes, and no others."""
    for spelling, name in SPELLINGS.items():
        row = FUNCTIONS[name]
        if name in ("where", "piecewise"):
            assert parse(f"{spelling}(x > 0, 1, 2)").nodes[-1].op == name
            continue
        most = row.most if row.most is not None else 5
        for count in range(most + 2):
            text = f"{spelling}({', '.join('x' for _ in range(count))})"
            if row.fewest <= count and (row.most is None or count <= row.most):
                assert parse(text).nodes[-1].op == name
            elif (name, count) == ("zeta", 2):
                assert parse(text).nodes[-1].op == "hurwitz_zeta"
            else:
                with pytest.raises(NameProblem if spelling not in "√∛" else GradcliError):
                    parse(text)


def test_what_sympy_spells_with_a_capital_is_found_in_lower_case():
    """Ei, Si, Ci, Shi, Chi, LambertW, Abs, Max, Min, Mod, Heaviside, Gamma."""
    for name in ("Ei", "Si", "Ci", "Shi", "Chi", "LambertW", "Abs", "Max", "Min", "Mod", "Heaviside"):
        assert SPELLINGS[name] == SPELLINGS[name.lower()]


@settings(max_examples=1000 if ALL else 150, deadline=None)
@given(texts)
def test_what_is_printed_parses_to_the_same_tree(text):
    """The printer and the parser are inverse."""
    expression = parse(text)
    printed = text_of(expression)
    assert parse(printed).shape() == expression.shape()
    assert text_of(parse(printed)) == printed


@settings(max_examples=1000 if ALL else 150, deadline=None)
@given(texts)
def test_every_node_knows_its_characters(text):
    """A node's own characters, read alone, are a tree of the same operation; brackets may stand around them."""
    expression = parse(text)
    for node in expression.nodes:
        start, end = node.span
        assert 0 <= start < end <= len(text)
        if node.op in ("name", "number", "constant") and "²" not in text:
            assert text[start:end].lstrip("⁻") == node.text


@settings(max_examples=2000 if ALL else 300, deadline=None)
@given(st.text(max_size=40) | st.text("x2.e+-*/^(),<=> sinlog√²", max_size=40))
def test_any_text_is_read_or_refused(text):
    """No other exception, whatever is typed."""
    try:
        expression = parse(text)
    except GradcliError as error:
        assert error.status in (2, 4)
    else:
        assert parse(text_of(expression)).shape() == expression.shape()


def test_depth_and_length_do_not_matter():
    """Neither Python's stack nor quadratic time bounds them."""
    sum_ = "+".join(f"x{index}" for index in range(10_000))
    nested = "sin(" * 5_000 + "x" + ")" * 5_000
    for text in (sum_, nested, "-" * 20_000 + "x", "(" * 20_000 + "x" + ")" * 20_000, "2**" * 20_000 + "x"):
        expression = parse(text)
        assert parse(text_of(expression)).shape() == expression.shape()


def test_what_is_too_long_is_refused_with_the_limit():
    """Before anything is read."""
    with pytest.raises(LimitProblem, match="2,000,000"):
        parse("x" * 2_000_001)
    with pytest.raises(LimitProblem):
        parse("1e999999")


def test_zeros_before_an_exponent_change_nothing():
    """Twelve characters of an exponent are read, as Python reads them; more are refused by their number."""
    assert [node.text for node in parse("1e000000000005").nodes] == ["1e000000000005"]
    with pytest.raises(LimitProblem, match="the power of ten"):
        parse("1e0000000000005")
