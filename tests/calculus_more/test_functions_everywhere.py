"""Every function of the table at points of all sizes, at integers and halves, and next to them, against mpmath.

GRADCLI_FUNCTION_EXAMPLES says how many points each function is tried at.
"""

from __future__ import annotations

import math
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradcli.calculus.evaluation.gradient_at_point import evaluate, evaluate_digits
from gradcli.calculus.graph.reverse_sweep import program_of, swept
from gradcli.language.errors import DomainProblem, LimitProblem
from gradcli.language.function_table import FUNCTIONS
from gradcli.language.parser import parse
from tests.calculus_more import functions_in_mpmath as truth
from tests.independent import typed
from tests.independent.further_functions import SMOOTH, mp

EXAMPLES = int(os.environ.get("GRADCLI_FUNCTION_EXAMPLES", "1"))
FEW = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)

#: Units in the last place by which a value or derivative may be off: fourteen digits are promised.
ALLOWED = 45.0

#: Functions whose reference is slow, or does not answer, for large arguments: exponents of ten up to which it is asked.
MODERATE = frozenset(
    ("gammainc", "gammaincc", "betainc", "betaincc", "stdtr", "chdtr", "chdtrc", "fdtr", "hyp0f1", "hyp1f1", "hyp2f1",
     "hyperu", "perm", "poch", "harmonic", "rgamma", "gammasgn", "lfactorial", "betaln", "dawson", "erfcx", "erfi",
     "log_ndtr", "hurwitz_zeta", "elliptic_pi", "dilog", "spence", "polylog", "zeta", "zetaprime", "binomial", "beta",
     "polygamma", "gamma", "lgamma", "factorial", "digamma", "trigamma", "lowergamma", "uppergamma", "expint", "e1",
     "elliptic_e", "elliptic_f", "elliptic_k", "ellipkm1", "fresnels", "fresnelc", "airyai", "airybi", "airyaiprime",
     "airybiprime", "shi", "chi", "si", "ci", "ei", "li", "exprel", "root", "legendre", "chebyshev_t", "chebyshev_u",
     "gelu", "mod", "fmod", "boxcox", "boxcox1p")
)  # fmt: skip

#: Functions whose reference is slow at many digits: these are asked at ordinary sizes.
ORDINARY = frozenset(
    ("gammainc", "gammaincc", "hyperu", "hyp1f1", "hyp2f1", "hyp0f1", "perm", "elliptic_pi", "stdtr", "fdtr", "betainc",
     "betaincc", "chdtr", "chdtrc", "besselk", "bessely", "k0", "k1", "k0e", "k1e", "kve", "y0", "y1", "spherical_kn",
     "uppergamma", "lowergamma", "expint", "polylog", "zeta", "zetaprime", "hurwitz_zeta", "elliptic_e", "elliptic_f",
     "binomial", "beta", "polygamma")
)  # fmt: skip

#: Functions of steps: no difference of theirs is a slope where a step is shorter than the distance.
STEPS = frozenset(("trunc", "round", "frac", "floor", "ceil", "mod", "fmod", "sign", "heaviside", "gammasgn"))

#: Functions that are defined here where they are real and usual; mpmath's go further.
NARROWER = frozenset(
    ("hypot", "gammainc", "gammaincc", "chdtr", "chdtrc", "betainc", "betaincc", "fdtr", "stdtr", "hurwitz_zeta", "legendre",
     "chebyshev_t", "chebyshev_u", "hermite", "hermite_e", "laguerre", "genlaguerre", "gegenbauer", "jacobi", "perm",
     "poch", "betaln", "spherical_jn", "spherical_yn", "spherical_in", "spherical_kn", "elliptic_pi", "hyp2f1", "hyperu",
     "boxcox", "boxcox1p", "huber", "huber_loss", "smooth_l1", "smooth_l1_loss", "lfactorial", "binary_cross_entropy",
     "lambertw_lower", "rel_entr", "kl_div", "celu", "bessely", "besselk", "y0", "y1", "k0", "k1", "k0e", "k1e", "kve",
     "ive", "expint", "lowergamma", "uppergamma", "polylog", "beta", "binomial", "root", "xdivy", "harmonic", "spence", "e1",
     "pseudo_huber", "multiply_no_nan", "squareplus", "hyp1f1", "hyp0f1")
)  # fmt: skip

_DIGITS = st.integers(1, 9_999)
_SEAMS = (-6.0, -3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0, 6.0)


def _sizes(smallest: int, largest: int) -> st.SearchStrategy[float]:
    return st.builds(
        lambda m, k, s: s * float(f"{m}e{k}"),
        _DIGITS,
        st.integers(smallest, largest),
        st.sampled_from([1, -1]),
    )


def _coordinates(name: str, largest: int) -> st.SearchStrategy[float]:
    """Numbers of all sizes, integers and halves, and floats next to seams, ends and poles."""
    next_to = st.builds(lambda x, way: math.nextafter(x, way * math.inf), st.sampled_from(_SEAMS[:4] + _SEAMS[5:]),
                        st.sampled_from([1, -1]))  # fmt: skip
    plain = st.integers(-4_000, 4_000).map(lambda n: n / 1_000)
    return (
        plain
        | _sizes(-300 if largest > 2 else -25, largest)
        | _sizes(-3, 0)
        | st.integers(-40, 40).map(lambda n: n / 2)
        | next_to
        | st.sampled_from(_SEAMS)
    )


def _points(name: str) -> st.SearchStrategy[tuple[float, ...]]:
    row = FUNCTIONS[name]
    count = row.most or 3
    ranges = (SMOOTH.get(name, []) + [(0.0, 1.0)] * count)[:count]
    whole = st.integers(0, 6).map(float)
    anything = _coordinates(name, 2 if name in MODERATE or row.group.startswith("Bessel") else 300)
    fixed = st.integers(1, 20).map(lambda n: n / 4)
    orders = ("besselj", "bessely", "besseli", "besselk", "polygamma", "expint", "polylog")
    return st.tuples(
        *(whole if (low == high == 3) or (k == 0 and name in orders) else fixed if low == high else anything
          for k, (low, high) in enumerate(ranges))
    )  # fmt: skip


def _near(found: object, wanted: object, what: str) -> None:
    nearest = float(wanted)  # type: ignore[arg-type]  # mpmath's
    if math.isinf(nearest):
        return
    assert isinstance(found, float), what
    assert abs(mp.mpf(found) - wanted) <= ALLOWED * math.ulp(nearest), f"{what}: {found!r}, not {nearest!r}"


def _compared(name: str, point: tuple[float, ...]) -> None:
    letters = "xyzw"[: len(point)]
    text, texts = f"{name}({', '.join(letters)})", [repr(x) for x in point]
    expression = parse(text, letters)
    program = program_of(swept(expression), expression.variables)
    try:
        wanted = truth.value(name, texts)
    except truth.Unsettled:
        return
    try:
        found = evaluate(program, text, dict(zip(letters, map(typed, point), strict=True)))
    except LimitProblem:
        return
    except DomainProblem as problem:
        large = "too large" in problem.message or "not decided" in problem.message
        assert wanted is None or large or name in NARROWER, (
            f"{text} at {point}: {problem.message}, and not {wanted}"
        )
        return
    assert wanted is not None or name in NARROWER, f"{text} at {point}: {found.value}, and there is none"
    if wanted is None:
        return
    _near(found.value, wanted, f"{text} at {point}")
    for index, letter in enumerate(letters):
        if found.partials.get(letter) is not None and name not in STEPS:
            try:
                along = truth.slope(name, texts, index)
            except truth.Unsettled:
                continue
            _near(found.partials[letter], along, f"{text} at {point} along {letter}")


@pytest.mark.parametrize("name", truth.names())
def test_value_and_slopes_are_mpmaths(name):
    """To fourteen digits wherever mpmath answers, and no value where it has none."""

    @FEW
    @given(_points(name))
    def agree(point):
        _compared(name, point)

    agree()


#: Where the formulas that one writes first lose their digits.
NAIVE = [
    ("log_ndtr", ("-40",)), ("erfcx", ("50",)), ("log_sigmoid", ("-800",)), ("gammaincc", ("3", "60")), ("mish", ("-60",)),
    ("xlogy", ("3", "1.0000001")), ("logsumexp", ("900", "901")), ("sinpi", ("1000000.25",)), ("kl_div", ("0.5", "0.50001")),
    ("logaddexp", ("-745", "-746")), ("ndtri", ("1e-60",)), ("erfcinv", ("1e-50",)), ("tanhshrink", ("1e-5",)),
    ("squareplus", ("-1e8", "4")), ("logcosh", ("1e-9",)), ("logcosh", ("-900",)),
    ("bce_with_logits", ("-750", "1")), ("cosm1", ("1e-9",)), ("betaln", ("1e6", "2")),
    ("stdtr", ("3", "-1e6")), ("dawson", ("1e6",)), ("exprel", ("1e-9",)),
    ("i0e", ("750",)), ("boxcox", ("1.0001", "1e-9")), ("gelu_tanh", ("-7",)), ("celu", ("-1e-9", "0.5")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "point"), NAIVE, ids=[f"{name}({', '.join(point)})" for name, point in NAIVE]
)
def test_what_naive_formulas_lose_is_there(name, point):
    """Thirty digits; floats to four units in the last place times the condition, slopes to fourteen digits."""
    letters = "xyz"[: len(point)]
    text = f"{name}({', '.join(letters)})"
    expression = parse(text, letters)
    program = program_of(swept(expression), expression.variables)
    at = dict(zip(letters, point, strict=True))
    floats, digits = evaluate(program, text, at), evaluate_digits(program, text, at, 30)
    wanted = {"": truth.value(name, point)} | {
        letter: truth.slope(name, point, index)
        for index, letter in enumerate(letters)
        if digits.partials.get(letter) is not None
    }
    condition = sum(
        abs(mp.mpf(at[letter]) * along / wanted[""]) for letter, along in wanted.items() if letter
    )
    for letter, number in wanted.items():
        float_, digit = ((answer.partials[letter] if letter else answer.value) for answer in (floats, digits))
        units = ALLOWED if letter else min(ALLOWED, 4 * max(1, condition))
        with mp.workdps(60):
            assert abs(mp.mpf(digit) - number) <= abs(number) * mp.mpf(10) ** -truth.SHARED, (letter, digit)
            assert abs(mp.mpf(float_) - number) <= units * math.ulp(float(number)), (letter, float_)
