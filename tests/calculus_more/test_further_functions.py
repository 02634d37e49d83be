"""What further functions are beside their numbers: formulas, LaTeX, proofs, corners, code, other readings of a call."""

from __future__ import annotations

import pytest

from gradcli.calculus.checking.symbolic_proof import proved
from gradcli.calculus.evaluation.gradient_at_point import evaluate
from gradcli.calculus.exporting.languages.export import LANGUAGES
from gradcli.calculus.formulas.texts.compiler import compile_text, latex_text
from gradcli.language.errors import NameProblem
from gradcli.language.parser import parse
from tests.exporting.sources import has, source

#: Expression → its derivative along x, as it is shown.
FORMULAS = {
    "softsign(x)": "1/(abs(x) + 1)**2",
    "logaddexp(x, y)": "sigmoid(x - y)",
    "huber(x)": "min(max(x, -1), 1)",
    "xlogy(x, y)": "log(y)",
    "entr(x)": "-log(x) - 1",
    "hard_sigmoid(x)": "where(x + 3 > 0 and x + 3 < 6, 1/6, 0)",
    "tanhshrink(x)": "tanh(x)**2",
    "sinpi(x)": "pi*cospi(x)",
    "log_ndtr(x)": "sqrt(2/pi)/erfcx(-sqrt(2)*x/2)",
    "legendre(3, x)": "gegenbauer(2, 3/2, x)",
    "round(x)": "0",
    "bce_with_logits(x, y)": "sigmoid(x) - y",
    "selu(x)": "1.0507009873554804934193349852946*where(x > 0, 1, 1.6732632423543772848170429916717*exp(x))",
}


@pytest.mark.parametrize(("text", "formula"), FORMULAS.items())
def test_the_formula_is_short(text, formula):
    """As a person writes it: without the meaning's own corners, its decimals as the row has them."""
    assert compile_text([text], ()).formulas["x"] == formula


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("ndtr(x)", r"\Phi\left(x\right)"),
        ("legendre(3, x)", r"P_{3}\left(x\right)"),
        ("hyp2f1(1, 2, 3, x)", r"{}_{2}F_{1}\left(1, 2, 3, x\right)"),
        ("harmonic(x)", "H_{x}"),
        ("mish(x)", r"\operatorname{mish}\left(x\right)"),
    ],
)
def test_latex_has_the_symbols_of_the_field(text, latex):
    """And the upright name where there is none."""
    assert latex_text([text], ())[""] == latex


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("logaddexp(x, y)", "exp(x)/(exp(x) + exp(y))"),
        ("huber(x)", "where(abs(x) < 1, x, sign(x))"),
        ("relu6(x)", "where(x > 0 and x < 6, 1, 0)"),
        ("versin(x)", "sin(x)"),
    ],
)
def test_a_right_claim_is_proved(text, claim):
    """By what the function means, case by case; a wrong one is not."""
    assert proved(parse(text), "x", claim)
    assert not proved(parse(text), "x", f"({claim})*2")


#: Call, place of its corner, and what TensorFlow, PyTorch and JAX answer there.
CORNERS = [
    ("relu6(x)", 0.0, (0, 0, 0)), ("relu6(x)", 6.0, (0, 0, 0)), ("hardtanh(x)", 1.0, (1, 0, 1)),
    ("hardtanh(x)", -1.0, (1, 0, 1)), ("hard_sigmoid(x)", 3.0, (0, 0, 0)), ("hard_swish(x)", 3.0, (1, 1.5, 1)),
    ("hard_swish(x)", -3.0, (0, -0.5, 0)), ("selu(x)", 0.0, (1.0507009873554805, 1.7580993408473768, 1.7580993408473768)),
    ("hardshrink(x)", 0.5, (0, 0, 0)), ("i0e(x)", 0.0, (0, 0, 0)), ("celu(x, 2)", 0.0, (1, 1, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "answers"), CORNERS)
def test_frameworks_answer_at_corners_as_they_were_measured(text, place, answers):
    """TensorFlow 2.21 and JAX 0.10 were asked, PyTorch's kernels were read."""
    program = compile_text([text], ["x"]).program
    found = [
        evaluate(program, text, {"x": place}, corner).partials["x"] for corner in ("tf1", "torch", "jax")
    ]
    assert found == list(answers)


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name not in ("numpy",)])
def test_code_of_a_polynomial_of_a_number_s_order_needs_no_library(language):
    """Its recurrence is written out; an order that is a variable is refused where there is no such word."""
    texts = [
        "legendre(4, x)",
        "chebyshev_t(5, x)",
        "hermite(3, x)",
        "laguerre(2, x)",
        "gegenbauer(3, 0.5, x)",
    ]
    assert all(has(language, f"{text} + y") for text in texts)
    assert not has(language, "legendre(y, x)")


def test_code_of_a_polynomial_is_its_recurrence():
    """In Python, run: value and gradient of P₄."""
    names: dict[str, object] = {}
    exec(source("python", "legendre(4, x)", {"x": 0.3}).code, names)
    value, (slope,) = names["f_and_gradient"](0.3)
    assert value == pytest.approx((35 * 0.3**4 - 30 * 0.3**2 + 3) / 8, rel=1e-14)
    assert slope == pytest.approx((140 * 0.3**3 - 60 * 0.3) / 8, rel=1e-14)


@pytest.mark.parametrize(
    ("text", "op"),
    [("zeta(s, a)", "hurwitz_zeta"), ("zeta(s)", "zeta"), ("lambertw(x, -1)", "lambertw_lower"),
     ("lambertw(x, 0)", "lambertw"), ("LambertW(x, −1)", "lambertw_lower")],
)  # fmt: skip
def test_some_calls_mean_another_function_by_their_arguments(text, op):
    """The second zeta function and the second branch."""
    assert parse(text).nodes[-1].op == op


@pytest.mark.parametrize(
    "text", ["lambertw(x, 1)", "lambertw(x, y)", "lambertw(x, -2)", "lambertw(x, 0-1)", "lambertw(x, -x)"]
)
def test_a_branch_that_is_not_real_is_refused(text):
    """With a sentence that names those that are."""
    with pytest.raises(NameProblem, match="the branch of lambertw is 0 or -1"):
        parse(text)


def test_code_has_a_number_where_only_a_meaning_counts_steps():
    """The parity in cospi is no seam of it: beside a seam that is typed its code has a value."""
    names: dict[str, object] = {}
    exec(source("python", "multiply_no_nan(x, y) + 2*cospi(x)", {"x": 0.25, "y": 2.0}).code, names)
    value, (slope, _) = names["f_and_gradient"](0.25, 2.0)
    assert value == pytest.approx(0.5 + 2**0.5, rel=1e-14)
    assert slope == pytest.approx(2 - 2**0.5 * 3.141592653589793, rel=1e-14)
