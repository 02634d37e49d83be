"""Bands: no point of a curve or of its slope lies outside of its strip, and the pictures have them."""

from __future__ import annotations

import math
import re

import pytest

from gradcli.calculus.backends import float_backend
from gradcli.calculus.graph.derivative_programs import derived
from gradcli.descent.proofs.ranges.value_bands import PIECES, value_bands

from .searching import question

CURVES = [
    ("x*sin(x)", "x=0:9"), ("1/x", "x=-1:2"), ("sqrt(x)*sin(5*x)", "x=-1:3"), ("where(x<1,x,x-5)", "x=-1:3"),
    ("abs(x)-max(x,0.3)", "x=-1:1"), ("floor(x)+x", "x=-2:2"), ("tan(x)", "x=1:4"), ("exp(x^2)/(1+x^4)", "x=-3:3"),
    ("log(x)*x", "x=-0.5:4"), ("x", "x=1e-300:2e-300"), ("1e300*x", "x=-1:1"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "box"), CURVES, ids=[text for text, _ in CURVES])
@pytest.mark.parametrize("gap", [None, 0.05])
def test_every_sample_lies_in_its_strip(text, box, gap):
    """Of f and of its slope, over the whole side."""
    asked = question(text, box)
    bands = value_bands(asked, "x", gap)
    low, high = (float(end) for end in asked.ends["x"])
    whole = derived(asked.program, ("x",))
    for number in range(401):
        x = low + (high - low) * (number + 0.37) / 401.5
        try:
            slots = float_backend.run(whole.program, [x])
        except (ValueError, ArithmeticError):
            continue
        for band, slot in ((bands.value, whole.value), (bands.slope, whole.slopes[0])):
            y = float(slots[slot])
            over = [one for one in band if one.start <= x <= one.end]
            near = 1e-9 * (1e-300 + abs(y))
            assert over and any(one.lower - near <= y <= one.upper + near for one in over), (x, y)


def test_a_gap_makes_strips_narrow():
    """Each as near to the curve in it as asked for: x**2 on a piece has its ends at the piece's, or at 0."""
    bands = value_bands(question("(x-1)*(x+1)", "x=-3:3"), "x", 1e-3)
    assert len(bands.value) == PIECES and bands.wide == 0
    for one in bands.value:
        ends = one.start**2 - 1, one.end**2 - 1
        assert min(ends) - 1e-3 <= one.lower <= min(ends) and max(ends) <= one.upper <= max(ends) + 1e-3


def test_a_pole_is_in_a_strip_without_ends():
    """And what has no value has none."""
    value = value_bands(question("1/x", "x=-1:1.5"), "x", None).value
    assert any(math.isinf(one.lower) and math.isinf(one.upper) for one in value if one.start <= 0 <= one.end)
    assert all(one.end >= 0 for one in value_bands(question("sqrt(x)", "x=-1:1"), "x", None).value)


def test_pictures_have_the_band(run, tmp_path):
    """On the terminal, in files and on pages; of a held variable too."""
    drawn = run("range", "a*x*sin(x)", "--a", "2", "--box", "x=0:9", "--plot")
    assert drawn.status == 0 and drawn.out.splitlines()[5] == "f = a*x*sin(x) at a = 2" and "f′" in drawn.out
    page = tmp_path / "band.html"
    assert run("range", "x**2", "--box", "x=-1:2", "--gap", "1e-9", "--out", page).status == 0
    text = page.read_text(encoding="utf-8")
    strips = re.search(r'"band": (\[\[.*?\]\])', text)
    assert strips and strips[1].count("[") == PIECES + 1 and '"slope_band"' in text
    assert "the strips in which both must lie, as was proved" in text
    told = run("range", "sin(50*x)*exp(9*x)", "--box", "x=0:2", "--gap", "1e-6", "--plot")
    assert re.search(r"the band may reach more than 1e-06 beyond f in \d+ of 64 strips", told.err)


@pytest.mark.parametrize(("words", "says"), [
    (("x*y", "--box", "x=0:1,y=0:1", "--plot"), "the box has x, y"), (("x", "--box", "x=1:1", "--plot"), "each is one point"),
    (("x", "--box", "x=0:1", "--plot", "--format", "json"), "--plot draws below the text"),
])  # fmt: skip
def test_what_cannot_be_drawn_is_refused(words, says, run):
    """Before anything is searched."""
    ended = run("range", *words)
    assert (ended.status, ended.out) == (2, "") and says in ended.err
