"""Functions that swing or vanish far out have their values there, against mpmath in enough digits."""

from __future__ import annotations

import mpmath
import pytest

from gradcli.calculus.evaluation.gradient_at_point import evaluate, evaluate_digits
from gradcli.calculus.graph.reverse_sweep import program_of, swept
from gradcli.language.errors import DomainProblem
from gradcli.language.parser import parse

mp = mpmath.mp.clone()
mp.dps = 400


def _bessely_1(x):
    """Hankel's expansion (Abramowitz & Stegun 9.2.6 and 9.2.9, 9.2.10), off by less than x**-4; mpmath takes seconds."""
    square, phase = (8 * x) ** 2, x - 3 * mp.pi / 4
    even, odd = 1 + 15 / (2 * square), (3 - 315 / (6 * square)) / (8 * x)
    return mp.sqrt(2 / (mp.pi * x)) * (even * mp.sin(phase) + odd * mp.cos(phase))


#: What swings: its argument is taken down by whole turns, for which mpmath is given the digits.
SWINGING = {
    "besselj(0, x)": lambda x: mp.besselj(0, x), "besselj(3, x)": lambda x: mp.besselj(3, x),
    "bessely(1, x)": _bessely_1, "ci(x)": mp.ci,
    "spherical_jn(0, x)": lambda x: mp.sin(x) / x, "spherical_yn(0, x)": lambda x: -mp.cos(x) / x,
}  # fmt: skip
VANISHING = ["besselk(0, x)", "besselk(2.5, x)", "rgamma(x)", "ei(-x)", "spherical_kn(1, x)", "expint(1, x)"]


def _answer(text, x):
    expression = parse(text)
    return evaluate(program_of(swept(expression), expression.variables), text, {"x": x})


@pytest.mark.parametrize("x", ["1e20", "1e155", "7e299"])
@pytest.mark.parametrize("text", SWINGING)
def test_what_swings_has_its_value(text, x):
    """To fourteen digits, the slope as well."""
    found, function = _answer(text, x), SWINGING[text]
    with mp.workdps(80 + int(x.partition("e")[2])):  # whole turns, and digits beside them
        for number, wanted in (
            (found.value, function(mp.mpf(x))),
            (found.partials["x"], mp.diff(function, mp.mpf(x))),
        ):
            assert abs(mp.mpf(number) - wanted) <= abs(wanted) * mp.mpf("1e-14"), (text, x, number)


@pytest.mark.parametrize(("x", "power"), [("1e17", 2), ("1e30", 1), ("1e60", 1), ("200", "e")])
def test_exponentials_have_a_size_however_small(x, power):
    """Their logarithm is what they were made of, and their sign is known: a corner at 0 is none for them."""
    inside = "exp(x)" if power == "e" else f"x**{power}"
    text = f"abs(exp(-{inside}))"
    expression = parse(text)
    found = evaluate_digits(program_of(swept(expression), expression.variables), text, {"x": x}, 30)
    with mp.workdps(200):
        at = mp.mpf(x)
        size = mp.exp(at) if power == "e" else at**power
        slope = size if power == "e" else power * at ** (power - 1)
        digits, _, exponent = found.value.partition("e")
        assert abs((mp.log(mp.mpf(digits)) + int(exponent) * mp.log(10)) / -size - 1) < mp.mpf("1e-25") / size
        digits, _, exponent = found.partials["x"].partition("e")
        slope_size = mp.log(-mp.mpf(digits)) + int(exponent) * mp.log(10)
        assert abs(slope_size - (mp.log(slope) - size)) < mp.mpf("1e-25")


@pytest.mark.parametrize("x", ["1e19", "1e155"])
@pytest.mark.parametrize("text", VANISHING)
def test_what_vanishes_is_0_in_floats(text, x):
    """Below the smallest float, and its slope too."""
    found = _answer(text, x)
    assert (found.value, found.partials["x"]) == (0, 0)


def test_what_grows_is_said_to():
    """There the result is too large, and that is true."""
    for text in ("besseli(0, x)", "spherical_in(1, x)", "gamma(x)", "ei(x)"):
        with pytest.raises(DomainProblem, match="too large"):
            _answer(text, "1e155")
