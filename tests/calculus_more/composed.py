"""Expressions made of calls from the whole table of functions, points of their domains, and differences."""

from __future__ import annotations

import re

from hypothesis import strategies as st
from mpmath import mp, mpf

from tests.calculus.ranges import CALLS
from tests.independent import typed

DIGITS, STEP = 60, mpf(10) ** -14

#: All but stop_gradient: that one is what its differences are not.
EACH = [call for name, calls in CALLS.items() if name != "stop_gradient" for call in calls]

#: How two calls A and B come together.
_WAYS = (
    "({A})*({B})", "({A}) + ({B})*({A})", "sin({A})*({B})", "({A})/(2 + sigmoid({B}))", "exp(-({A})**2)*({B})",
    "where({A} > {B}, ({A})*({B}), ({B})**3)", "({A} - {B})**2", "hypot({A}, {B} + 9)",
)  # fmt: skip


@st.composite
def problems(draw):
    """A text made of two calls with variables of their own, and a point at which it is smooth."""
    (a, ranges), (b, others) = draw(st.sampled_from(EACH)), draw(st.sampled_from(EACH))
    renamed = {"x": "u", "y": "v", "z": "s", "w": "t"}
    b = re.sub(r"\b[xyzw]\b", lambda match: renamed[match[0]], b)
    point = draw(point_in({**ranges, **{renamed[name]: span for name, span in others.items()}}))
    point = {
        name: typed(x + 0.000_37 * (name in "uvst")) for name, x in point.items()
    }  # never at a tie of A and B
    return draw(st.sampled_from(_WAYS)).format(A=a, B=b), point


def point_in(ranges):
    """A point within *ranges*, of decimals with three places."""
    return st.fixed_dictionaries({
        name: st.integers(round(low * 1000), round(high * 1000)).map(lambda n: typed(n / 1000))
        for name, (low, high) in ranges.items()
    })  # fmt: skip


def moved(point, name, sign):
    """The point with one variable STEP further, as decimal texts of all digits."""
    with mp.workdps(DIGITS):
        return {
            n: mp.nstr(mpf(repr(x)) + (STEP * sign if n == name else 0), DIGITS) for n, x in point.items()
        }


def difference(function, point, name, reach=1):
    """The central difference of *function*, from points to lists of decimal texts, along *name*: about 26 digits.

    reach: steps to each side. Its error grows with reach**2, so that two of them tell how good the nearer one is.
    """
    with mp.workdps(DIGITS):
        after, before = function(moved(point, name, reach)), function(moved(point, name, -reach))
        return [
            None if None in (a, b) else (mpf(a) - mpf(b)) / (2 * reach * STEP)
            for a, b in zip(after, before, strict=True)
        ]


def near(a, b, tolerance):
    """Whether two numbers agree, relative to the larger one or to 1."""
    with mp.workdps(DIGITS):
        return abs(mpf(a) - mpf(b)) <= tolerance * max(1, abs(mpf(a)), abs(mpf(b)))
