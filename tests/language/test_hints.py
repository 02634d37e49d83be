"""The tables of what is typed elsewhere: every row says something that the language reads, and nothing is guessed."""

from __future__ import annotations

import math
import random
import re
import string
from statistics import NormalDist

import mpmath
import pytest

from gradcli.calculus.evaluation.gradient_at_point import evaluate
from gradcli.calculus.graph.reverse_sweep import compile_value
from gradcli.language.errors import GradcliError, NameProblem, SyntaxProblem
from gradcli.language.function_table import FUNCTIONS, NEVER_VARIABLES, SPELLINGS
from gradcli.language.hints.foreign_answers import ANSWERS, MODULES
from gradcli.language.hints.foreign_characters import CHARACTERS
from gradcli.language.hints.foreign_functions import DEFINED, PARAMETERS, RENAMED, SPELLED
from gradcli.language.hints.foreign_notations import NOTATIONS
from gradcli.language.hints.glued_names import unglued
from gradcli.language.hints.likely_name import likely
from gradcli.language.hints.notation_advice import notation_advice
from gradcli.language.hints.tex_text import text_of_tex
from gradcli.language.hints.typed_arguments import filled
from gradcli.language.parser import parse
from tests.conftest import command_line

NORMAL = NormalDist()

#: A function elsewhere -> its value by the standard library or mpmath, and arguments.
ELSEWHERE = {
    "sind": (lambda x: math.sin(math.radians(x)), (30,)), "cosd": (lambda x: math.cos(math.radians(x)), (25,)),
    "atand": (lambda x: math.degrees(math.atan(x)), (2,)), "cube": (lambda x: x**3, (1.5,)), "inv": (lambda x: 1 / x, (3,)),
    "quotient": (lambda x, y: x // y, (7.5, 2)), "fix": (math.trunc, (-2.7,)), "rint": (round, (2.6,)),
    "copysign": (math.copysign, (3, -2)), "isqrt": (lambda x: math.isqrt(int(x)), (17,)), "fpart": (lambda x: x % 1, (2.75,)),
    "log1m": (lambda x: math.log1p(-x), (0.3,)), "xlogx": (lambda x: x * math.log(x), (2.5,)),
    "antilog": (lambda x: 10**x, (1.5,)),
    "logdiffexp": (lambda x, y: math.log(math.exp(x) - math.exp(y)), (2, 1)),
    "haversine": (lambda x: (1 - math.cos(x)) / 2, (0.7,)),
    "gd": (lambda x: math.asin(math.tanh(x)), (0.8,)), "sinhc": (lambda x: math.sinh(x) / x, (0.5,)),
    "jinc": (lambda x: float(mpmath.besselj(1, x)) / x, (1.3,)),
    "wrightomega": (lambda x: float(mpmath.lambertw(math.exp(x))), (0.4,)),
    "pnorm": (NORMAL.cdf, (0.7,)), "normsdist": (NORMAL.cdf, (-1.2,)), "qfunc": (lambda x: 1 - NORMAL.cdf(x), (0.7,)),
    "dnorm": (NORMAL.pdf, (0.4,)), "qnorm": (NORMAL.inv_cdf, (0.2,)), "rgamma": (lambda x: float(mpmath.rgamma(x)), (2.5,)),
    "poch": (lambda x, n: float(mpmath.rf(x, n)), (2.5, 3)),
    "fallingfactorial": (lambda x, n: float(mpmath.ff(x, n)), (5.5, 2)),
    "zetac": (lambda x: float(mpmath.zeta(x)) - 1, (3,)), "altzeta": (lambda x: float(mpmath.altzeta(x)), (3,)),
    "exp1": (lambda x: float(mpmath.e1(x)), (1.5,)), "fma": (lambda x, y, z: x * y + z, (2, 3, 4)),
    "xroot": (lambda n, x: x ** (1 / n), (3, 27)),
    "sqrtpi": (lambda x: math.sqrt(math.pi * x), (2,)), "saturate": (lambda x: min(max(x, 0), 1), (1.5,)),
    "logbase": (math.log, (8, 2)),
    "bce": (lambda p, y: -math.log(p), (0.3, 1)), "softmax": (lambda a, b: 1 / (1 + math.exp(b - a)), (0.5, 2)),
    "bcewithlogits": (lambda z, y: math.log1p(math.exp(-z)), (0.7, 1)), "mse": (lambda a, b: (a - b) ** 2, (1.5, 4)),
    "crossentropy": (lambda a, b: math.log1p(math.exp(b - a)), (0.3, 0.9)),
    "gaussian": (lambda x, m, s: NormalDist(m, s).pdf(x), (1, 2, 3)),
    "hinge": (lambda y, p: max(0, 1 - y * p), (-1, 0.4)),
    "factorial2": (lambda n: float(mpmath.fac2(n)), (6,)),
    "smoothstep": (lambda t: 3 * t**2 - 2 * t**3, (0.3,)),
    "polyval": (lambda a, b, c, x: a * x**2 + b * x + c, (1, 2, 3, 4)), "catalan": (lambda n: 42, (5,)),
}  # fmt: skip


def value(text, point):
    """The value of *text* at *point*."""
    return float(evaluate(compile_value(text, list(point)), text, point).value)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_is_to_be_written_has_the_value(name):
    """The proposed text, computed here, and the function itself, computed elsewhere."""
    function, arguments = ELSEWHERE[name]
    letters = "abcdef"[: len(arguments)]
    if name in DEFINED:
        parameters, text = DEFINED[name]
        letters = parameters.split(", ")
    else:
        text = filled(SPELLED[name], list(letters))
    assert value(text, dict(zip(letters, map(float, arguments), strict=True))) == pytest.approx(
        function(*arguments), rel=1e-12
    )


def test_every_spelled_text_is_read():
    """With names in its places, with sums, and with nothing that could be repeated."""
    for name, template in SPELLED.items():
        places = 1 + max((int(digit) for digit in re.findall(r"\{(\d)", template)), default=-1)
        for argument in ("x", "x + 1", "-x", "2*x", "\x1b"):
            text = filled(template, [argument] * places)
            assert parse(text).variables, name
            assert "\x1b" not in text


def test_every_definition_is_read_with_its_parameters():
    """The meaning names all of the parameters and nothing else, but for those that a dropout keeps."""
    for name, (parameters, meaning) in DEFINED.items():
        given = parameters.split(", ")
        assert set(parse(meaning, given).variables) <= set(given), name
        assert len(set(given)) == len(given)


def test_functions_that_are_named_exist():
    """Targets of other names, and the parameters that are shown."""
    assert set(RENAMED.values()) <= set(FUNCTIONS)
    assert set(PARAMETERS) <= set(FUNCTIONS)
    assert set(SPELLINGS) >= NEVER_VARIABLES
    for name, parameters in PARAMETERS.items():
        parse(f"{name}({parameters})")


def test_no_name_stands_in_two_tables():
    """Else the second would never be read."""
    tables = [set(ANSWERS), set(SPELLED), set(DEFINED), set(RENAMED)]
    for i, one in enumerate(tables):
        for other in tables[i + 1 :]:
            assert not one & other


def test_names_are_in_the_form_in_which_they_are_asked_for():
    """Lower case without underscores, or as they are typed where capitals or signs matter."""
    for table in (ANSWERS, SPELLED, DEFINED, RENAMED):
        for name in table:
            assert (
                name == name.casefold().replace("_", "")
                or name.upper() == name
                or not name.isascii()
                or name[:1].isupper()
            ), name
    assert all(name == name.casefold() for name in MODULES)


def test_hints_are_one_sentence():
    """Without a full stop, and with no place left open."""
    said = [(answer.message, answer.hint) for answer in ANSWERS.values()]
    said += [(row.message, row.hint) for row in NOTATIONS] + [
        (row.message, row.otherwise) for row in NOTATIONS
    ]
    said += [("", hint) for hint in CHARACTERS.values()]
    for message, hint in said:
        assert not message.endswith(".") and not hint.endswith("."), hint
    for row in NOTATIONS:
        assert "{" not in row.otherwise, row.otherwise
        places = set(re.findall(r"\{(\w+)", row.hint + row.message)) - {"call", "element"}
        assert places <= set(re.compile(row.pattern).groupindex), row.hint


@pytest.mark.parametrize(("typed", "known", "meant"), [
    ("sinn", SPELLINGS, "sin"), ("SIN", SPELLINGS, "sin"), ("tahn", SPELLINGS, "tanh"),
    ("LeakyReLU", SPELLINGS, "leaky_relu"),
    ("heavyside", SPELLINGS, "heaviside"), ("sigmod", SPELLINGS, "sigmoid"), ("piece", SPELLINGS, "piecewise"),
    ("epx", SPELLINGS, "exp"),
    ("mse", SPELLINGS, None), ("foo", SPELLINGS, None), ("conv2d", SPELLINGS, None), ("softmax", SPELLINGS, None),
    ("int", SPELLINGS, None),
    ("erf2", SPELLINGS, None), ("oct", SPELLINGS, None), ("sgm", SPELLINGS, None), ("bess", SPELLINGS, None),
    ("mean", SPELLINGS, None),
])  # fmt: skip
def test_a_name_is_guessed_only_where_it_is_nearly_sure(typed, known, meant):
    """Capitals, letters that changed places, one slip in a long name, a beginning; and no likeness beyond them."""
    assert likely(typed, known, 4, known) == meant


def test_two_that_could_be_meant_are_none():
    """But two spellings of one meaning are no doubt."""
    assert likely("rate3", ["rate1", "rate2"]) is None
    assert likely("ab", ["abc", "abd"]) is None
    assert (
        likely("arcsim", {"arcsin": "asin", "asin": "asin"}, 4, {"arcsin": "asin", "asin": "asin"})
        == "arcsin"
    )
    assert likely("form", ["format", "formula"]) is None


#: Names for which the guess is right.
RIGHT = {
    "Li": "li", "Piecewise": "piecewise", "Pow": "pow", "degree": "degrees", "radian": "radians", "hurwitz": "hurwitzzeta",
    "laguerre_poly": "laguerre_polynomial_l", "legendre_p": "legendrep", "legendre_poly": "legendre_polynomial_p",
}  # fmt: skip


def test_no_function_of_other_libraries_is_taken_for_one_here():
    """Two thousand names of Python, NumPy, SciPy, mpmath and sympy: no guess by likeness but those that are right."""
    numpy, special, sympy = (pytest.importorskip(name) for name in ("numpy", "scipy.special", "sympy"))
    names = {
        name
        for module in (math, mpmath, numpy, special, sympy, numpy.linalg)
        for name in dir(module)
        if name[0] != "_"
    }
    names = {name for name in names if len(name) > 1} - set(SPELLINGS)
    assert len(names) > 1500
    guessed = {}
    for name in names:
        with pytest.raises(GradcliError) as caught:
            parse(f"{name}(x)")
        found = re.fullmatch(r"did you mean (\w+)\(…\)\?", caught.value.hint or "")
        if found and found[1] != name.casefold():
            guessed[name] = found[1]
    assert guessed.items() <= RIGHT.items()


@pytest.mark.parametrize(("glued", "meant"), [
    ("sinx", "sin(x)"), ("cos2x", "cos(2*x)"), ("sin2pix", "sin(2*pi*x)"), ("tanθ", "tan(θ)"), ("lnx", "ln(x)"),
    ("xlnx", "x*ln(x)"),
    ("sinxcosx", "sin(x)*cos(x)"), ("expx1", "exp(x1)"), ("arctanxy", "arctan(x*y)"), ("sqrtx", "sqrt(x)"),
    ("sinhx", "sinh(x)"),
    ("costheta", "cos(theta)"), ("sin10t", "sin(10*t)"),
])  # fmt: skip
def test_a_function_glued_to_a_variable_is_taken_apart(glued, meant):
    """And what it is taken apart into is read as a function of its variables; a value makes it a variable."""
    assert unglued(glued) == meant
    assert parse(meant).shape()
    with pytest.raises(NameProblem) as caught:
        parse(f"1 + {glued}")
    assert caught.value.text[slice(*caught.value.span)] == glued and meant in caught.value.hint
    assert parse(f"1 + {glued}", (glued,)).variables == (glued,)


NAMES = (
    "cost tank sink sing single since basin tangent cosine sine expected expense expo logits login logo logn log_x sin_x x_sin "
    "lnorm kiln sint1a explain exposure costs tanks span art part start sqrt2 exp1 cos_theta logsigma logalpha abstract absx1 "
    "alogx sincos insulin resin cousin login2 catalog tan_0 E1 sin2 cos0 expval"
)


@pytest.mark.parametrize("name", NAMES.split())
def test_names_in_which_a_function_stands_by_chance_are_variables(name):
    """Words, names with a joint, names with a number."""
    assert parse(f"2*{name} + 1").variables == (name,)


@pytest.mark.parametrize("name", sorted(set(SPELLINGS) - NEVER_VARIABLES - set("√∛")))
def test_no_other_function_of_the_table_is_refused_as_a_variable(name):
    """A new function never breaks a text in which its name was a variable."""
    assert parse(f"2*{name} + x").variables == tuple(sorted({name, "x"})) or name in ("and", "or")


def test_a_name_is_refused_also_where_it_once_had_a_value(run):
    """The library of compiled programs keeps the two apart."""
    assert run("grad", "sinx**2", "--sinx", 2).status == 0
    assert run("grad", "sinx**2").status == 2
    assert run("grad", "sin*2", "--at", "sin=2").status == 0
    assert run("grad", "sin*2").status == 2


@pytest.mark.parametrize(("tex", "meant"), [
    (r"\frac{x}{y}", "x/y"), (r"\frac{x+1}{2y}", "(x+1)/(2y)"), (r"2\frac{1}{x}", "2(1/x)"), (r"\sqrt{x^2}", "sqrt(x^2)"),
    (r"\sqrt[3]{x}", "root(x, 3)"), (r"e^{-x^2}", "e^(-x^2)"), (r"\sin\left(x\right)", "sin(x)"), (r"\sin x", "sin(x)"),
    (r"\sin^2 x", "sin(x)^2"), (r"x \cdot y", "x*y"), (r"2\pi r", "2*pi*r"), (r"\frac{\frac{a}{b}}{c}", "(a/b)/c"),
    (r"$x^{2y}$", "x^(2y)"), (r"\cos^{-1}(x)", "acos(x)"),
])  # fmt: skip
def test_tex_is_written_in_the_language(tex, meant):
    """And the language reads it."""
    assert text_of_tex(tex) == meant
    parse(meant)


def test_tex_that_has_no_text_here_is_left_alone():
    """Integrals, sums, limits, environments."""
    for tex in (
        r"\int x dx",
        r"\sum_{i=1}^n i",
        r"\lim_{x\to0} x",
        r"\begin{cases}x\end{cases}",
        r"x_{i=1}",
        "{",
        r"\\",
    ):
        assert text_of_tex(tex) is None


PIECES = (
    "x", "y", "2", "3.5", "sin", "np", "f", "d/dx", "(", ")", "[", "]", "{", "}", "+", "-", "*", "/", "^", "**", "//", "%", ",",
    ".", "..", ":", "::", ";", "=", "==", ":=", "->", "=>", "<", ">", "<=", "?", "!", "'", '"', "|", "&&", "||", "@", "$", "\\",
    "\\frac{", " ", " ", " if ", " else ", " at ", " of ", "lambda ", "∂", "∫", "⌊", "⌋", "“", "—", "\u200b", "²", "⁻¹", "√",
    "½",
    "_", "~", "#", "`", "€", "变", "e\u0301", "\x1b[31m", "\u202e", "\n", "\t", "\udcff", "where(", "lim ", "0x1", "1e5", "pi",
    "mod", "log_", "exp",
)  # fmt: skip


def test_whatever_is_typed_is_refused_with_a_sentence():
    """Random texts: an error of ours, whose culprit lies in the text, and whose hint has nothing that a terminal obeys."""
    source = random.Random(30)
    for _ in range(4000):
        text = "".join(source.choice(PIECES) for _ in range(source.randint(1, 9)))
        try:
            parse(text)
        except GradcliError as error:
            assert isinstance(error, SyntaxProblem | NameProblem)
            if error.span is not None:
                start, end = error.span
                assert 0 <= start < end <= len(text) + 1, text
            assert not set(error.hint or "") & set("\x1b\u202e\n\t\udcff\u200b"), text


@pytest.mark.parametrize("text", [
    "x" * 300 + " y", "(" * 200 + "x^^2", "sin " * 200, "x if " * 100, "a:" * 200, "1," * 200, "{" * 150, "? : " * 100,
    "if x then " * 60, "lambda " * 80, "\\frac{" * 60, "'" * 200, "np." * 120, "x^" * 100 + "%",
])  # fmt: skip
def test_only_what_stands_near_is_looked_at(text):
    """A hint is sought among a bounded number of characters, whatever the length of the text."""
    seen = []
    for middle in (text, text * 40):
        with pytest.raises(GradcliError) as caught:
            parse(middle)
        seen.append(caught.value)
    assert seen[1].span is None or seen[1].span[1] <= len(text) * 40 + 1


def test_the_culprit_is_where_it_is_in_a_long_text():
    """The place in the whole text, not in what was looked at."""
    text = string.ascii_lowercase[0] + "+x" * 200 + " + np.exp(x)" + "+y" * 300
    with pytest.raises(SyntaxProblem) as caught:
        parse(text)
    assert text[slice(*caught.value.span)] == "np." and caught.value.hint == "write exp(x)"


def test_a_hint_knows_nothing_of_a_text_without_a_row():
    """None, and the error is as it was."""
    assert notation_advice("x +", (3, 4), SPELLINGS) is None


@pytest.mark.parametrize(("arguments", "said"), [
    (("minimize", "x^2", "--x", "1", "--bounds", "1 > x > 0"), "--bounds x=0:1"),
    (("minimize", "x^2", "--x", "1", "--bounds=x<=3"), "--bounds x=:3"),
    (("minimize", "x^2", "--x", "1", "--bounds", "x=(0, 2)"), "--bounds x=0:2"),
    (("minimize", "x*y", "--x", "1", "--y", "2", "--bounds", "0<x<1 and y>2"), "--bounds x=0:1,y=2:"),
    (("plot", "x^2", "--range", "-1 < x < 1"), "--range x=-1:1"),
    (("grad", "abc+y", "--abc7", "--y", "1"), "--abc 7"),
    (("jacobian", "x", "x^2", "--x", "1", "--vjp", "x=1,y=2"), "--vjp 1,2"),
    (("gradient", "x"), "gradcli grad"), (("optimise", "x"), "gradcli minimize"), (("log",), "gradcli session history"),
    (("π*r",), 'gradcli grad "π*r"'), (("series", "x"), "gradcli taylor"), (("sgd",), "gradcli step"),
    (("zzz",), "commands are"),
])  # fmt: skip
def test_options_and_commands_that_were_meant_otherwise(arguments, said):
    """What was meant is in the hint."""
    ended = command_line(arguments)
    assert ended.status == 2 and (said or "") in ended.err and "Traceback" not in ended.err
