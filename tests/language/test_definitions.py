"""Definitions, functions of one's own, sums over an index: what they mean is the text written out."""

from __future__ import annotations

import pytest

from gradcli.language.errors import GradcliError, LimitProblem
from gradcli.language.expression_text import text_of
from gradcli.language.limits import raise_limits
from gradcli.language.parser import parse
from gradcli.language.parser.defined_view import parts_of
from gradcli.language.parser.outputs import outputs_of, total

WRITTEN_OUT = [
    ("u = x*y; v = x + y; u**2*v", "(x*y)**2*(x + y)"),
    ("u=x*y\nv=x+y\nu*v", "(x*y)*(x + y)"),
    ("u = x*y\r\n\r\nu + 1\r\n", "x*y + 1"),
    ("# a comment = nothing; x\nu = x  # the first\nu*2 # the end", "x*2"),
    ("\ufeffu = x; u", "x"),
    ("u = x *\n y; u", "x*y"),
    ("u = (x\n + y)\nu**2", "(x + y)**2"),
    ("u = x\n+ y\nu**2", "(x + y)**2"),
    ("u = x\n- y;\n-u", "-(x - y)"),
    ("u = x\n**2\nu + 1", "x**2 + 1"),
    ("u\n= x; u", "x"),
    ("u = f\n(x)", None),
    ("a = 3\nx*a", "x*3"),
    ("a = 3\n(x)*a", "x*3"),
    ("u = |x|\n|u|", "abs(abs(x))"),
    (";;u = x;; u;", "x"),
    ("u = x; v = u; w = v; w**2", "x**2"),
    ("e = 5; e*x", "5*x"),
    ("E = x; beta = 2; pi = E; beta*pi", "2*x"),
    ("gamma = x; gamma*2", "x*2"),
    ("f(a) = a**2 + 1; f(x) + f(y)*f(x)", "(x**2 + 1) + (y**2 + 1)*(x**2 + 1)"),
    ("f(a, b) = b - a; f(x*y, 3)", "3 - x*y"),
    ("f(x) = x**2; f(y) + x", "y**2 + x"),
    ("f(a) = a + c; c(a) = a; f(x)", None),
    ("c = 2; f(a) = a + c; f(x)", "x + 2"),
    ("f(a) = a*2; g(a) = f(a) + f(a + 1); g(x)", "x*2 + (x + 1)*2"),
    ("f(e) = e + 1; f(x)", "x + 1"),
    ("sin(a) = a*2; sin(x)", "x*2"),
    ("max = x; max + 1", "x + 1"),
    ("sum = x; sum*2", "x*2"),
    ("mean(a, b) = (a + b)/2; mean(x, y)", "(x + y)/2"),
    ("sum(a) = a + 1; sum(x)", "x + 1"),
    ("x = cos(t); y = sin(t); x**2*y", "cos(t)**2*sin(t)"),
    ("sum(i**2*x, i, 1, 3)", "1**2*x + 2**2*x + 3**2*x"),
    ("prod(x + i, i, 0, 2)", "(x + 0)*(x + 1)*(x + 2)"),
    ("sum(x**i, i, -1, 1)", "x**(-1) + x**0 + x**1"),
    ("sum(sum(i*j*x, j, 1, i), i, 1, 2)", "1*1*x + (2*1*x + 2*2*x)"),
    ("sum(i*x, i, 7/7, 2**2 - 1)", "1*x + 2*x + 3*x"),
    ("sum(x, i, 4, 4)", "x"),
    ("sum(e*x, e, 1, 2)", "1*x + 2*x"),
    ("i = x; sum(i*y, i, 1, 2) + i", "(1*y + 2*y) + x"),
    ("f(n) = sum(x**i, i, 1, n); f(2) + f(3)", "(x**1 + x**2) + (x**1 + x**2 + x**3)"),
    ("f(i) = sum(i*j, j, 1, 2); f(x)", "x*1 + x*2"),
    ("sum(x, i, 3, 1) + y", "0 + y"),
    ("prod(x, i, 3, 1) + y", "1 + y"),
    ("|x|", "abs(x)"),
    ("||x| - 1|*2", "abs(abs(x) - 1)*2"),
    ("-|x + y|**2", "-abs(x + y)**2"),
    ("|x|²", "abs(x)**2"),
    ("x!", "factorial(x)"),
    ("-x!**2", "-(factorial(x)**2)"),
    ("(x!)!/2", "factorial(factorial(x))/2"),
    ("2*x!", "2*factorial(x)"),
    ("where(x!=3, 1, 2)", "where(x != 3, 1, 2)"),
    ("where(x! != 3, 1, 2)", "where(factorial(x) != 3, 1, 2)"),
    ("sin(30deg)", "sin(30*(pi/180))"),
    ("30°", "30*(pi/180)"),
    ("x°**2", "(x*(pi/180))**2"),
    ("cos(x°)/30°", "cos(x*(pi/180))/(30*(pi/180))"),
    ("where(0 < x <= 2, x, 1)", "where(0 < x and x <= 2, x, 1)"),
    ("where(3 >= x > y == z, x, 1)", "where(3 >= x and x > y and y == z, x, 1)"),
    ("where(0 < x < 1 or y > 2, x, 1)", "where((0 < x and x < 1) or y > 2, x, 1)"),
    ("hypot(x, y, z)", "hypot(hypot(x, y), z)"),
    ("diff(x**3*y, x)", "(3*x**2)*y"),
    ("diff(x**5, x, 2)", "(4*x**3)*5"),
    ("diff(sin(x*y), y)", "x*cos(x*y)"),
    ("diff(y, x)", "0"),
    ("diff(x*y, x, 0)", "x*y"),
    ("g(a) = diff(a*x, a); g(x)", "x"),
    ("f(a) = a**2; g(a) = diff(f(a), a); g(3)", "2*3"),
    ("sum(diff(x**i, x), i, 1, 2)", "1 + 2*x"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "meant"), [pair for pair in WRITTEN_OUT if pair[1]])
def test_a_text_means_what_is_written_out(text, meant):
    """Precedence, line ends, comments, names that hide others, indices, parameters."""
    expression = parse(text)
    assert text_of(expression) == text_of(parse(meant))
    assert text_of(parse(text_of(expression))) == text_of(expression)


ERRORS = [
    ("u = u + 1; u", "u is defined in terms of itself", "u"),
    ("f(a) = f(a); f(x)", "f is defined in terms of itself", "f"),
    ("u = v; v = x; u", "v is used before it is defined", "v"),
    ("f(a) = g(a); g(a) = a; f(x)", "g is used before it is defined", "g"),
    ("u = x; u = y; u", "u is defined twice", "u"),
    ("f(a) = a; f = x; f", "f is defined twice", "f"),
    ("f(a, a) = a; f(x)", "a is a parameter twice", "a"),
    ("f() = x; f(x)", "f() has no parameter", "()"),
    ("f(2) = x; f(x)", "a function's parameters are names", "2"),
    ("f(a,) = x; f(x)", "a function's parameters are names", ","),
    ("f(a) = a; f", "f is a function of this text: it is called as f(a)", "f"),
    ("f(a) = a; f()", "f takes 1 argument, not 0", "f()"),
    ("f(a) = a; f(x, y)", "f takes 1 argument, not 2", "f(x, y)"),
    ("f(a, b) = a; f(x)", "f takes 2 arguments, not 1", "f(x)"),
    ("f(a) = a(x); f(x)", "a has a value, so a(…) is not a call", "a"),
    ("u = x; u(y)", "u has a value, so u(…) is not a call", "u"),
    ("u = v = x; u", "a definition has one =", "="),
    ("x + y = 3", "what stands on the left of = is not one name", "x + y"),
    ("2 = x; x", "what stands on the left of = is not one name", "2"),
    ("= x; x", "nothing stands on the left of =", "="),
    ("u =; x", "nothing stands on the right of =", "="),
    ("x; y", "a second expression: there is one, after the definitions", "y"),
    ("u = (x; u", "this bracket is not closed", "("),
    ("u = x\nv = (u\nv", "this bracket is not closed", "("),
    ("u = |x; u", "this bar is not closed", "|"),
    ("u = x); u", "this bracket closes nothing", ")"),
    ("u = x > 0; u", "a comparison is not a number", "x > 0"),
    ("u = x +; u", "the expression ends too early", ""),
    ("and = x; x", "and joins conditions: it cannot be defined", "and"),
    ("where(x = 1, 2, 3)", "= defines a name, outside of brackets", "="),
    ("f(x > 0)", "f is not a function", "f"),
    ("f(a) = a; f(x > 0)", "a comparison is not a number", "x > 0"),
    ("sum(x)", "sum(…) brings the rows of a column to one number, and no name has many numbers here",
     "sum(x)"),
    ("mean(x)", "mean(…) brings the rows of a column to one number, and no name has many numbers here", "mean(x)"),
    ("sum(i, i, 1, count())", "count(…) brings the rows of a column to one number, and no name has many numbers here",
     "count()"),
    ("sum(i, i, 1, n)", "a bound of sum is a whole number that is known: it may not depend on a variable", "n"),
    ("sum(i, i, 1, 5/2)", "a bound of sum is a whole number, not 5/2", "5/2"),
    ("sum(i, 2, 1, 3)", "the index of sum is a name: sum(i**2*x, i, 1, 3)", "2"),
    ("sum(i, x + i, 1, 3)", "the index of sum is a name: sum(i**2*x, i, 1, 3)", "x + i"),
    ("2|x|", "| closes nothing here", "|"),
    ("|x|y", "y does not follow what stands before it", "y"),
    ("|x", "this bar is not closed", "|"),
    ("x!!", "this factorial can be read in two ways", "!"),
    ("2x!", "this factorial can be read in two ways", "!"),
    ("2**n!", "this factorial can be read in two ways", "!"),
    ("x!y", "y does not follow what stands before it", "y"),
    ("!x", "! is not expected here", "!"),
    ("where(0 < x > y, 1, 2)", "comparisons in a row go in one direction", ">"),
    ("where(0 != x != y, 1, 2)", "comparisons in a row go in one direction", "!="),
    ("u = x; diff(u**2, u)", "u is a definition: diff goes along a variable or a parameter", "diff(u**2, u)"),
    ("sum(diff(i*x, i), i, 1, 2)", "i is an index: diff goes along a variable or a parameter", "diff(i*x, i)"),
    ("diff(x**2, 2)", "diff goes along a name: diff(x*exp(x), x)", "2"),
    ("diff(x)", "diff is called as diff(e, x[, n])", "diff(x)"),
    ("diff(x, x, -1)", "diff: an order is not negative, as -1 is", "diff(x, x, -1)"),
    ("diff(zetaprime(x), x)", "diff: no derivative of zetaprime along s is known", "diff(zetaprime(x), x)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message", "culprit"), ERRORS)
def test_an_error_is_one_sentence_and_points_at_its_culprit(text, message, culprit):
    """The characters are those of the definition in which it stands."""
    with pytest.raises(GradcliError) as caught:
        parse(text)
    error = caught.value
    assert error.message == message
    assert text[slice(*error.span)].rstrip() == culprit or (culprit == "" and error.span[0] < len(text))


@pytest.mark.parametrize(
    "text", ["x = 3", "x; u = 2", "subject to x > 0; x", "|x||y|", "u = x; y; v = 2", ";", "u = x;"]
)
def test_a_text_without_its_one_expression_at_the_end_is_refused(text):
    """Status 2, and a place where there is text."""
    with pytest.raises(GradcliError) as caught:
        parse(text)
    assert caught.value.status == 2 and (caught.value.span is not None or text == ";")


def test_a_value_for_what_is_defined_is_an_error():
    """Of a value as of a function."""
    for text in ("u = x; u", "u(a) = a; u(x)"):
        with pytest.raises(GradcliError, match="u is defined here, and is also given a value"):
            parse(text, ("u",))


@pytest.mark.parametrize(("text", "remarks"), [
    ("u = x; x", ["u is defined, and not used"]),
    ("u = x; v = u; x", ["u is defined, and not used", "v is defined, and not used"]),
    ("f(a) = a; x", ["f is defined, and not used"]),
    ("u = x; f(a) = a + u; f(1)", []),
    ("e = 2; e*x", ["e is what the text defines, and not the constant (Euler's number)"]),
    ("sin(a) = a; sin(x)", ["sin(…) is the text's own function, and not that of the table"]),
    ("sum(x, i, 3, 1) + x", ["the sum over i from 3 to 1 is empty, and 0"]),
    ("prod(x, i, 3, 1) + x", ["the prod over i from 3 to 1 is empty, and 1"]),
    ("x", []),
    ("x^1/2", ["**1/2 is the power 1, then a division: a root is written **(1/2)"]),
    ("u = x**1/3; u + y^1/3", ["**1/3 is the power 1, then a division: a root is written **(1/3)"]),
    ("x^(1/2) + x^2/3 + x^1/2.5 + x^11/2", []),
    ("x # not x^1/2", []),
    ("x^3 + y^3 - 3xy", ["xy is one name: a product is written x*y"]),
    ("x^3 + y^3 - 3xz + exp(x) + max(x, y)", []),
])  # fmt: skip
def test_what_is_to_be_said_about_a_text_is_said(text, remarks):
    """Notes for names that are not used, constants that are hidden, empty ranges, roots and products that are none."""
    assert list(parse(text).remarks) == remarks


def test_names_of_what_is_not_used_are_no_variables_unless_they_have_values():
    """They are not connected; a value for one of them is no mistake."""
    assert parse("u = x*z; x").variables == ("x",)
    assert parse("u = x*z; x", ("x", "z")).variables == ("x", "z")
    assert parse("f(a) = a*z; x", ("x", "z")).variables == ("x", "z")
    assert parse("f(a) = x; f(y)").variables == ("x",)


@pytest.mark.parametrize("text", [
    "sum(a*i, i, 3, 2) + b", "b + prod(sum(a*i*j, j, 1, 2), i, 3, 2)", "u = sum(a*i, i, 3, 2); u + b",
    "f(x) = x*a; sum(f(i), i, 3, 2) + b",
])  # fmt: skip
def test_names_in_an_empty_sum_are_not_connected(text, run):
    """A value for one is no mistake, and none is no mistake either."""
    assert parse(text).variables == ("b",) and parse(text, ("a", "b")).variables == ("a", "b")
    assert run("grad", text, "--b", 2).status == 0
    ended = run("grad", text, "--a", 1, "--b", 2)
    assert ended.status == 0 and "a: grad none" in ended.out
    assert "a is not connected: it is in nothing that the expression needs" in ended.err
    ended = run("grad", text, "--i", 1, "--b", 2)
    assert ended.status == 2 and "i is not a variable" in ended.err


def test_several_expressions_share_their_definitions():
    """Those of any, above all; errors are about the text in which they stand."""
    whole, terms = outputs_of(["u**2", "u = x*y; u + x"], ())
    assert [text_of(term) for term in terms] == ["(x*y)**2", "x*y + x"]
    assert text_of(parse(whole.text)) == text_of(whole) == "(x*y)**2 + (x*y + x)"
    for texts, message, text, span in (
        (["u = x; u", "u = 3; u"], "u is defined twice", "u = 3; u", (0, 1)),
        (["u = x; u", "u +* 3"], "* is not expected here", "u +* 3", (3, 4)),
        (["u = x; u)", "x"], "this bracket closes nothing", "u = x; u)", (8, 9)),
        (["x) + (y", "u = x; u"], "this bracket closes nothing", "x) + (y", (1, 2)),
    ):
        with pytest.raises(GradcliError) as caught:
            total(texts, ())
        assert (caught.value.message, caught.value.text, caught.value.span) == (message, text, span)


def test_comments_and_line_ends_do_not_join_several_expressions_wrongly():
    """A comment at the end of one does not hide what follows."""
    assert text_of(total(["x # a", "y\n+ 1"], ())) == "x + (y + 1)"


def test_each_part_is_seen_in_terms_of_the_others():
    """What the chain rule multiplies."""
    parts = parts_of(parse("u = x*y; v = x + u; a = 3; u**2*v*a"))
    assert {name: text_of(part) for name, part in parts.items()} == {
        "": "u**2*v*3", "u": "x*y", "v": "x + u"
    }  # fmt: skip


def nested(count, form):
    """*count* definitions, each made of the one before."""
    rows = [f"u{k} = " + form.format(u=f"u{k - 1}", k=k) for k in range(1, count + 1)]
    return "; ".join(["u0 = x", *rows, f"u{count}"])


@pytest.mark.parametrize("form", ["{u}*{u}", "{u} + sin({u})", "where({u} > 0, {u}, -{u})", "f(a) = a"])
def test_definitions_that_use_others_twice_stay_linear(form):
    """Sixty of them are a few nodes each, though written out they are more than fit anywhere."""
    if form == "f(a) = a":
        rows = [f"f{k}(a) = f{k - 1}(a) + f{k - 1}(a)" for k in range(1, 61)]
        expression = parse("; ".join(["f0(a) = a*x", *rows, "f60(y)"]))
    else:
        expression = parse(nested(60, form))
    assert len(expression.nodes) < 400
    assert expression.size == 10**12  # as far as it is counted


def test_ten_thousand_nested_definitions_are_read():
    """Values, functions, and calls within calls: never deeper in Python's stack than a few frames."""
    assert len(parse(nested(10_000, "{u} + {k}")).nodes) == 20_001
    functions = ["f0(a) = a"] + [f"f{k}(a) = f{k - 1}(a) + 1" for k in range(1, 2_001)]
    assert len(parse("; ".join([*functions, "f2000(x)"])).nodes) == 2_002
    assert len(parse("f(a) = a + 1; " + "f(" * 5_000 + "x" + ")" * 5_000).nodes) == 5_002
    assert len(parse("|" * 5_000 + "x" + "|" * 5_000).nodes) == 5_001


def test_three_hundred_variables_are_read():
    """A sum of squares of differences, each by a function of the text's own."""
    text = "d(a, b) = (a - b)**2; " + " + ".join(f"d(x{k}, x{k + 1})" for k in range(299))
    assert len(parse(text).variables) == 300


@pytest.mark.parametrize("text", [
    "sum(i*x, i, 1, 1000000)", "sum(sum(i*j*x, i, 1, 200), j, 1, 200)", "prod(x + i, i, 1, 10**15)",
    "f(n) = sum(i, i, 1, n); f(10**9)",
])  # fmt: skip
def test_sums_of_very_many_terms_are_refused_before_they_are_built(text):
    """The option that allows more is named."""
    with pytest.raises(LimitProblem, match="terms") as caught:
        parse(text)
    assert "--limit terms=N" in caught.value.hint


def test_functions_that_grow_without_end_meet_the_limit():
    """Each call with another argument is another copy."""
    rows = [f"f{k}(a) = f{k - 1}(a + {k}) + f{k - 1}(a - {k}*x)" for k in range(1, 61)]
    text = "; ".join(["f0(a) = sin(a)", *rows, "f60(y)"])
    raise_limits({"nodes": 20_000})
    try:
        with pytest.raises(LimitProblem, match="operations, numbers and names"):
            parse(text)
    finally:
        raise_limits({})


@pytest.mark.parametrize(
    "name", ["sin", "e", "pi", "deg", "sum", "diff", "lr", "format", "x1", "θ", "变数", "E", "where"]
)
def test_any_name_can_be_defined(name):
    """Of functions, constants, options, in any script: as a value, a function, a parameter and an index."""
    for text, meant in (
        (f"{name} = x*y; {name}**2", "(x*y)**2"),
        (f"{name}(a) = a + 1; {name}(x)", "x + 1"),
        (f"f({name}) = {name}*2; f(y)", "y*2"),
        (f"sum({name}*y, {name}, 1, 2)", "1*y + 2*y"),
    ):
        assert text_of(parse(text)) == text_of(parse(meant)), text
