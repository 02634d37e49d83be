"""Random expressions in every language at hand answer what `grad` answers, or refuse what it refuses.

`GRADCLI_EXPORTS=500 pytest -n0 -s tests/exporting/test_agreement.py` tries 500 expressions in each language, and prints the
counts; by default it is a sample.
"""

from __future__ import annotations

import math
import os
from collections import Counter
from pathlib import Path

import pytest

from gradcli.calculus.exporting.languages.export import LANGUAGES
from tests.exporting.agreement import Undecided, truth, verdict
from tests.exporting.batches import Case, answers, compiled
from tests.exporting.function_cases import function_cases
from tests.exporting.random_expressions import cases, functions_of, has
from tests.exporting.running import missing

COUNT = int(os.environ.get("GRADCLI_EXPORTS", "0"))
SAMPLE = 10

RUN = [name for name in LANGUAGES if name not in ("matlab", "julia")]

#: What may come out: of NaN at a corner where f is smooth all the same only few, as the comment says.
GOOD = {"right", "refused", "excused", "lost", "undecided", "library", "tied"}


@pytest.mark.parametrize("language", RUN)
def test_random_expressions_answer_what_grad_answers(language: str, tmp_path: Path) -> None:
    """At ordinary, extreme, undefined and corner points: the same numbers, or the same kind of refusal."""
    if reason := missing(language):
        pytest.skip(reason)
    counts = _tried(language, _chosen(language), tmp_path)
    if COUNT:
        print(f"\n{language}: {dict(counts)}")
    assert counts["tied"] <= 0.03 * counts.total()


def _chosen(language: str) -> list[Case]:
    """By default the same expressions in all languages, so that `grad` is asked once."""
    if COUNT:
        return cases(language, functions_of(language), COUNT, f"all of {language}")
    return cases(language, functions_of("rust"), SAMPLE, "shared")


def _tried(language: str, chosen: list[Case], folder: Path) -> Counter[str]:
    counts: Counter[str] = Counter()
    for case, found in zip(chosen, answers(language, chosen, folder), strict=True):
        for point, numbers in zip(case.points, found, strict=True):
            try:
                what = verdict(case, point, numbers)
            except Undecided:
                what = "undecided"
            counts[what] += 1
            assert what in GOOD, (
                what,
                case.text,
                point,
                numbers,
                truth(case.text, case.compiled.program, point),
            )
    return counts


#: Where each function is tried by itself in any case, and at how many points.
FEW = {"numpy": 1}


@pytest.mark.parametrize("language", RUN)
def test_each_function_by_itself_answers_what_grad_answers(language: str, tmp_path: Path) -> None:
    """Old and new, at ordinary, extreme, undefined and corner points, orders and counts of several sizes."""
    if reason := missing(language):
        pytest.skip(reason)
    if not COUNT and language not in FEW:
        pytest.skip("GRADCLI_EXPORTS tries each function in all languages")
    chosen = [case for case in function_cases(44 if COUNT else FEW[language]) if has(language, case.text)]
    counts = _tried(language, chosen, tmp_path)
    if COUNT:
        print(f"\n{language}: {len(chosen)} calls, {dict(counts)}")


#: Expressions whose kind was wrong once, and points of them.
KNOWN = {
    "mod(x+1, y+2)": [(5.0, 1.0), (-3.5, 0.25)],
    "acot(x)": [(0.0,), (-0.5,)],
    "log10(x)*x": [(-0.6,), (0.0,), (10.0,)],
    "sqrt(tanh(x/y))": [(1.0, 0.0), (1.0, 2.0)],
    "(y/(x/y))**3": [(0.0, 2.0), (1.0, 0.0), (2.0, 3.0)],
    "factorial(x)": [(-1.0,), (-3.0,), (2.0,), (-2.5,)],
    "gamma(x)": [(0.0,), (-1.0,), (-2.5,), (3.5,)],
    "trigamma(x)": [(-49.7,), (-2.0,), (0.3,), (1e16,)],
    "where(x<0, x, trigamma(x))": [(-1.0,), (-2.5,), (2.0,)],
    "mod(x, 0.3)": [(1.7,), (-1.7,)],
    "mod(x, 0.375)": [(1e17,), (-1e17,)],
    "expm1(x) + elu(y)": [(-800.0, -800.0), (-1500.0, 1.0), (1e-9, -1e-9)],
    "sqrt(x**2)": [(1e300,), (0.0,), (-3.0,)],
    "cbrt(x**2) + sqrt(y**4)": [(1e200, 1e100), (-8.0, -3.0), (0.0, 1.0)],
    "x/sqrt(y*y)": [(1e300, 1e300), (1.0, -2.0)],
    "ci(x) + chi(y)": [(-1.0, 2.0), (1.0, -2.0), (1.0, 2.0)],
    "x + besselj(0, log(x))": [(-3.0,), (3.0,), (0.2,)],
    "besselj(1, x) + besseli(1, x)": [(-2.5,), (2.5,)],
    "where(log(x) < 0, 1, 2)": [(-1.0,), (0.5,), (3.0,)],
    "where(0.5/x >= 1, y, y)": [(0.0, 3.0), (0.25, 3.0)],
    "min(1/x, y)": [(0.0, 3.0), (1.0, 3.0)],
    "log(x)**y": [(-1.0, 0.0), (3.0, 0.0)],
    "atan2(y, x)": [(0.0, 0.0), (-1.0, 0.0), (2.0, -3.0)],
    "exp(-1/x)": [(0.0,), (1e-300,)],
    "stop_gradient(log(x))*y": [(-1.0, 2.0), (2.0, 3.0)],
    "sinpi(2)*x + cospi(0.5) + round(2.5)*y + stop_gradient(floor(3.5))*x": [(1.0, 2.0)],
    "divide_no_nan(3/2, harmonic(y))": [(0.0,), (1.0,)],
    "ceil(poch(y, 2))": [(2.0,), (1.5,)],
    "gamma(x) + digamma(y)": [(0.3, 0.2), (150.5, -40.3), (-3.7, 1e10), (171.0, 12.0)],
    "erf(x) + erfc(y)": [(0.3, 0.2), (-2.5, 3.5), (1e-9, 20.0), (0.0, -7.0)],
    "erfcx(x)": [(7.9,), (8.1,), (1e4,), (1e17,), (1e155,), (-3.0,)], "dawson(x)": [(7.9,), (8.1,), (1e6,), (-20.0,)],
    "binomial(x, y)": [(1000000.25, 0.37), (1e17, -0.5), (1200.5, 1190.25), (5.0, 2.0), (-2.5, 0.5)],
    "beta(x, y)": [(-0.83, 1000000.25), (1e9, 3.5), (2.0, 3.0), (-1.5, 0.25)],
    "spherical_jn(1, x)": [(1e-300,), (0.0,), (1e-4,), (-2.5,)], "spherical_in(0, x)": [(1e-300,), (0.0,), (2.5,)],
    "ndtri(x)": [(1e-300,), (1e-8,), (0.3,), (0.9,)], "lgamma(x)": [(1e300,), (0.25,), (1e17,)],
    "legendre(3, x) + chebyshev_u(1, y)": [(1e-20, 1e-8), (0.3, -2.0)], "hermite(0, x)*x": [(0.5,), (0.0,)],
    "hyp1f1(0.5, 1.5, x)": [(1e17,), (2.5,), (-1e3,)],
    "gammasgn(x)*x": [(-745.2,), (-1.5,), (2.0,), (-3.0,)], "log_ndtr(x)": [(710.5,), (-40.0,), (1e17,), (1e300,)],
    "abs(normpdf(x))": [(1e17,), (2.0,)], "mod(x, 1/3)": [(2.0,), (0.5,)], "softplus(fmod(x, y/3))": [(0.5, 0.5), (0.5, 0.7)],
    "round(mod(x, 1)/tandg(x))": [(-2.0,), (0.5,)], "sign(trunc(x))*y": [(-1.0, 2.0), (1.5, 2.0), (0.5, 3.0)],
}  # fmt: skip


@pytest.mark.parametrize("language", RUN)
def test_what_was_wrong_once_is_right_or_refused(language: str, tmp_path: Path) -> None:
    """Brackets, poles, ends of domains, mod of large numbers, overflow on the way."""
    if reason := missing(language):
        pytest.skip(reason)
    _tried(language, _cases(language, KNOWN), tmp_path)


#: Smooth where a corner is on the way: what the slope is there, by hand.
SMOOTH = {
    "x*abs(x)": [((0.0,), 0.0)], "relu(x)**2": [((0.0,), 0.0)], "elu(x)": [((0.0,), 1.0)], "max(x, x)": [((2.0,), 1.0)],
    "heaviside(x)*x**2": [((0.0,), 0.0)], "abs(x)**3": [((0.0,), 0.0)], "x**2*sign(x)": [((0.0,), 0.0)],
    "where(x<1, x**2, 2*x-1)": [((1.0,), 2.0)], "max(x**2, x**4)": [((0.0,), 0.0)], "abs(x)-abs(x)+x": [((0.0,), 1.0)],
    "clip(x, 1, x)": [((3.0,), 1.0)], "hypot(x, 0)**2": [((0.0,), 0.0)], "mod(x, x)": [((3.0,), 0.0)],
    "where(x>0, x*x, 0)*2 + x": [((0.0,), 1.0)], "min(x, 2)*(x-2)**2": [((2.0,), 0.0)], "sincprime(x)": [((0.0,), -1 / 3)],
    "sqrt(x**4)": [((0.0,), 0.0)], "abs(x)-abs(2*x)/2": [((0.0,), 0.0)], "abs(x)-2*abs(3*x)+5*abs(x)": [((0.0,), 0.0)],
    "floor(mod(x,1))": [((1.0,), 0.0), ((-2.0,), 0.0)], "floor(frac(x))": [((2.0,), 0.0)], "floor(floor(x)/2)": [((3.0,), 0.0)],
    "floor(x)*(floor(x)-1)": [((1.0,), 0.0)], "abs(floor(x)-1.5)": [((2.0,), 0.0)], "sign(floor(x))": [((2.0,), 0.0)],
    "where(floor(x)==1,x,x)": [((1.0,), 1.0)], "where(floor(x)<2,4*x-4,x**2)": [((2.0,), 4.0)],
    "max(sign(x),2)": [((0.0,), 0.0)],
    "floor(clip(x,0,1))": [((5.0,), 0.0), ((-5.0,), 0.0)], "mod(relu(x),3)": [((-1.0,), 0.0)],
    "round(max(x,2))": [((1.0,), 0.0)],
    "cospi(2*floor(x))": [((1.0,), 0.0)], "sign(sign(x)/2+1)": [((0.0,), 0.0)], "ceil(where(x<=0.5,1,2))": [((0.0,), 0.0)],
    "cbrt(x**3)": [((0.0,), 1.0)],
    "where(x<0, -x, x)*x": [((0.0,), 0.0)],
    "where(x<0, -x, x)**2": [((0.0,), 0.0)],
    "cbrt(x**6) + (x**4)**0.5": [((0.0,), 0.0)],
    "(x**2)**(3/2)": [((0.0,), 0.0)],
    "sqrt(x**6)*2": [((0.0,), 0.0)],
    "sqrt((x-1)**4)": [((1.0,), 0.0)],
    "si(x)": [((0.0,), 1.0)], "shi(x)": [((0.0,), 1.0)], "elliptic_k(x)": [((0.0,), 0.39269908169872414)],
    "elliptic_e(x)": [((0.0,), -0.39269908169872414)], "elliptic_k(2*x)": [((5e-9,), 0.7853981722331776)],
    "sinpi(x)": [((0.0,), math.pi), ((0.5,), 0.0), ((1.0,), -math.pi), ((-2.5,), 0.0)],
    "cospi(x)": [((0.0,), 0.0), ((0.5,), -math.pi), ((-1.0,), 0.0), ((-2.5,), math.pi)],
    "cosdg(x)*tandg(x)": [((0.0,), math.pi / 180), ((180.0,), -math.pi / 180)], "sinpi(abs(x))": [((0.5,), 0.0)],
    "round(x)+x": [((1.0,), 1.0), ((-2.0,), 1.0)], "trunc(x)": [((0.0,), 0.0)], "frac(x)": [((0.0,), 1.0)],
    "fmod(x, 2)": [((0.0,), 1.0)], "stop_gradient(floor(x))*x": [((2.0,), 2.0)],
    "stop_gradient(where(x>1, x, 2))*x": [((1.0,), 2.0)], "h = stop_gradient(sign(x)); h*x + sinpi(x)": [((0.0,), math.pi)],
}  # fmt: skip

#: Corners and jumps, some of which look smooth where one side alone is seen.
CORNERED = {
    "abs(x)": (0.0,),
    "sqrt(x**2)": (0.0,),
    "(x**4)**0.25": (0.0,), "x*sign(x)": (0.0,), "x*heaviside(x)": (0.0,), "abs(x)+abs(-x)": (0.0,), "sign(x)**2": (0.0,),
    "sinc(sign(x))": (0.0,), "log1p(mod(2, x))**4": (2.0,), "x*floor(x)": (2.0,), "where(x<0, 0, 1)": (0.0,),
    "where(x<=0, x, 2*x)": (0.0,), "max(x, 2*x)": (0.0,), "relu(x)": (0.0,), "hypot(x, 0)": (0.0,), "mod(x, 2)": (4.0,),
    "floor(x)": (3.0,), "ceil(x)*x": (1.0,), "where(x==1, 5, x)": (1.0,), "where(x<0, x-1, x)": (0.0,),
    "where(x>=2, 3, 0.5)": (2.0,), "where(x<0, -x, x)": (0.0,), "where(x>0, x, -x)": (0.0,),
    "round(x)": (0.5,), "trunc(x)": (1.0,), "frac(x)": (-1.0,), "fmod(x, 2)": (2.0,), "sinpi(floor(x)/2)": (1.0,),
    "sign(trunc(x))": (-1.0,), "round(frac(x))": (3.0,), "round(mod(x,1)/tandg(x))": (-2.0,), "round(sign(x))": (0.0,),
    "sign(floor(x))": (1.0,), "floor(floor(x)/2)": (2.0,), "max(sign(x),0.9)": (0.0,), "min(heaviside(x),0.01)": (0.0,),
    "abs(floor(x)-1.5)": (3.0,), "relu(floor(x)-0.5)": (1.0,), "clip(floor(x),1.9,5)": (2.0,), "floor(sign(x)/2)": (0.0,),
    "where(floor(x)<2,x,2*x-2)": (2.0,), "where(sign(x)>0.5,1,2)": (0.0,), "mod(floor(x),2)": (2.0,),
    "floor(clip(x,0,1))": (1.0,),
    "gammasgn(floor(x)-0.5)": (0.0,), "sign(sign(x))": (0.0,), "abs(sign(x))": (0.0,), "heaviside(sign(-x))": (0.0,),
    "floor(floor(x**2)/2)": (2.0,), "trunc(0.5)/trunc(x)": (1.0,), "abs(x)-2*abs(3*x)+4*abs(x)": (0.0,),
    "stop_gradient(floor(x)) + floor(x)": (2.0,), "sinpi(abs(x))": (0.0,),
    "where(x<0 or x>1, -x, x)": (0.0,), "where(x**2<1, 1-x**2, x**2-1)": (-1.0,),
}  # fmt: skip


@pytest.mark.parametrize("language", RUN)
def test_smooth_points_have_their_slope_and_corners_none(language: str, tmp_path: Path) -> None:
    """Where both sides agree there is a slope; where they do not, NaN beside the value."""
    if reason := missing(language):
        pytest.skip(reason)
    smooth = _cases(language, {text: [point for point, _ in rows] for text, rows in SMOOTH.items()})
    for case, found in zip(smooth, answers(language, smooth, tmp_path), strict=True):
        for (point, slope), (value, partial) in zip(SMOOTH[case.text], found, strict=True):
            assert partial == pytest.approx(slope, rel=1e-12, abs=1e-15), (case.text, point)
            assert not math.isnan(value)
    corners = _cases(language, {text: [point] for text, point in CORNERED.items()})
    for case, found in zip(corners, answers(language, corners, tmp_path), strict=True):
        ((value, partial),) = found
        assert not math.isnan(value), case.text
        assert math.isnan(partial), case.text


def _cases(language: str, texts: dict[str, list[tuple[float, ...]]]) -> list[Case]:
    """Those that the language has."""
    return [
        Case(text, compiled(text), tuple(points)) for text, points in texts.items() if has(language, text)
    ]
