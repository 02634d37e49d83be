"""What pictures say of functions whose features are known: none is invented, and none is missed."""

from __future__ import annotations

import re

import pytest

from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.output.pictures.curve_picture import curve_picture
from gradcli.output.pictures.landscape_picture import landscape_picture
from gradcli.output.pictures.legend import legend
from gradcli.output.pictures.picture_description import NAMED, described
from gradcli.output.pictures.scene import SIGNS
from tests.output.pictures.known_features import CURVES, HIMMELBLAU, LANDSCAPES

LABEL = "|".join((
    "minimum", "maximum", "saddle", "degenerate", "corner", "infinite slope", "jump", "pole", "hole", "domain ends",
    "no limit", "very steep near",
))  # fmt: skip


def drawn(text, ends):
    """The curve of a text over a range."""
    program = compile_text([text], ()).program
    return curve_picture(program, f"f = {text}", "x", {}, within=(float(ends[0]), float(ends[1])))


def seen(text, ends, size=(60, 40)):
    """The landscape of a text over a square."""
    program, side = compile_text([text], ()).program, (float(ends[0]), float(ends[1]))
    within = {"x": side, "y": side}
    return landscape_picture(program, f"f = {text}", ("x", "y"), {}, size, within=within)


def told(words):
    """Label and first number of each feature that a text names."""
    return [
        (label, float(x))
        for label, x in re.findall(rf"({LABEL})(?: at)? x = (\S+?)(?=[,;.]?(?:\s|$))", words)
    ]


@pytest.mark.parametrize(("text", "ends", "features"), CURVES, ids=[text for text, *_ in CURVES])
def test_a_curve_has_the_features_that_it_has(text, ends, features):
    """Marks, legend and alt text name each of them once, at its place, and nothing else."""
    picture = drawn(text, ends)
    lines = " ".join(legend(picture.marks, "x", 70, 60, 0, (12, 5)))
    for named in ([(mark.label, mark.x) for mark in picture.marks], told(lines), told(described(picture))):
        assert [label for label, _ in named] == [label for label, _ in features]
        for (_, x), (_, place) in zip(named, features, strict=True):
            assert place is None or x == pytest.approx(place, rel=1e-3, abs=1e-3)
    for mark, (_, place) in zip(picture.marks, features, strict=True):
        assert place is None or mark.x == pytest.approx(place, rel=1e-7, abs=1e-7)


@pytest.mark.parametrize(
    ("text", "ends", "points", "complete", "broken"), LANDSCAPES, ids=[text for text, *_ in LANDSCAPES]
)
def test_a_landscape_marks_what_there_is_or_says_that_there_may_be_more(text, ends, points, complete, broken):
    """All critical points in the frame, proved, or a note; contours end where f breaks off, and a note says so."""
    picture = seen(text, ends)
    assert [mark.kind for mark in picture.marks] == [kind for kind, *_ in points]
    for mark, (_, x, y) in zip(picture.marks, points, strict=True):
        assert (mark.x, mark.y) == pytest.approx((x, y), abs=1e-4)
    assert complete is None or complete != any("not all critical points" in note for note in picture.notes)
    assert broken == any("contours stop" in note for note in picture.notes) == bool(picture.breaks)
    words = described(picture)
    assert len(re.findall(rf"(?:{LABEL}) at x = ", words)) == min(len(points), NAMED)
    assert "f lies between" not in words or "at the points drawn f lies between" in words


def test_all_of_a_landscape_is_marked_in_a_frame_that_it_chooses(run):
    """Himmelblau's four minima, four saddles and one maximum, whatever the range."""
    program = compile_text(["(x**2+y-11)**2+(x+y**2-7)**2"], ()).program
    picture = landscape_picture(program, "f", ("x", "y"), {"x": 0.0, "y": 0.0}, (60, 40), within={})
    inside = [
        (kind, x, y)
        for kind, x, y in HIMMELBLAU
        if picture.xs[0] <= x <= picture.xs[-1] and picture.ys[0] <= y <= picture.ys[-1]
    ]
    marks = [mark for mark in picture.marks if mark.kind != "point"]
    assert len(marks) == len(inside) >= 1 and picture.notes == ()


def test_no_contour_crosses_a_line_of_poles():
    """Both ends of each piece have one sign of y for x/y, and every label is a number that f has on that side."""
    from gradcli.output.pictures.contours import segments

    picture = seen("x/y", (-1, 1))
    breaks = frozenset(picture.breaks)
    pieces = [
        piece
        for level in picture.levels
        for piece in segments(picture.xs, picture.ys, picture.values, level, breaks)
    ]
    assert pieces and all(a[1] * b[1] >= -1e-9 for a, b in pieces)


@pytest.mark.parametrize("ends", [(-2.5, 2), (-2, 2.5), (0, 3)])
def test_no_line_is_drawn_through_a_jump(ends):
    """Neither inside of the range nor at its ends: neighbours that are joined have one value of floor."""
    picture = drawn("floor(x)", ends)
    joined = [
        (a, b)
        for a, b in zip(picture.values, picture.values[1:], strict=False)
        if a == a and b == b  # noqa: PLR0124  (nan alone differs from itself)
    ]
    assert joined and all(a == b for a, b in joined)


def test_the_top_of_a_spike_is_seen():
    """Samples come closer together until they show it, however narrow it is."""
    for width, x in ((1e3, 0.3), (1e6, 0.7317), (1e9, -1.23456)):
        picture = drawn(f"exp(-({width!r}*(x-{x!r}))**2)", (-2, 2))
        assert max(value for value in picture.values if value == value) == 1  # noqa: PLR0124
        beside = [
            value for at, value in zip(picture.xs, picture.values, strict=True) if 0 < abs(at - x) < 1 / width
        ]
        assert len(beside) >= 4 and min(beside) < 0.7


def test_numbers_up_to_the_end_of_floats_are_drawn():
    """What is cut is called large; it is no gap in the domain."""
    picture = drawn("exp(x)", (-800, 800))
    assert max(v for v in picture.values if v == v) > 1e306 and not picture.marks  # noqa: PLR0124
    assert picture.notes == ("f is larger than 1e+307 in size on 5.66 % of the range: cut off",)
    assert drawn("1e200*x", (-5, 5)).heights[1] > 5e200 and drawn("1e200*x", (-5, 5)).notes == ()
    assert drawn("1e306*sin(x)", (-5, 5)).heights[1] > 1e306


def test_floats_that_overflow_on_the_way_leave_no_gap():
    """exp(x)/exp(x-1) is e everywhere, also where exp(x) is too large for a float."""
    picture = drawn("exp(x)/exp(x-1)", (0, 1000))
    assert picture.notes == () and all(value == pytest.approx(2.718281828) for value in picture.values)


def test_a_constant_shows_its_value(run):
    """In the picture, in its note and in words: there are no contours to tell it."""
    ended = run("plot", "3+0*x+0*y", "--size", "60x12")
    assert "f = 3\n" in ended.out and "f is 3 at every point drawn" in ended.err
    assert "f is 3 at every point drawn" in described(seen("3+0*x+0*y", (-1, 1)))


def test_what_is_too_much_to_be_looked_at_is_said():
    """sin(1/x) turns infinitely often: not all of that can be marked."""
    picture = drawn("sin(1/x)", (-1, 1))
    assert "not all extrema may be marked: there are too many of them" in picture.notes
    assert [mark.x for mark in picture.marks if mark.kind == "gap"] == [0]
    assert "; and " in described(picture) and " more." in described(picture)


def test_every_kind_of_mark_is_known_to_every_painter():
    """Terminal, files and page have a shape for each."""
    from pathlib import Path

    from gradcli.output.pages import html_page
    from gradcli.output.pictures.matplotlib_annotations import MARKERS

    script = (Path(html_page.__file__).parent / "page.js").read_text(encoding="utf-8")
    assert set(SIGNS) == set(MARKERS)
    assert all(f"{kind}: " in script for kind in SIGNS if kind != "hole")


def test_a_report_of_great_numbers_is_written(run, tmp_path):
    """What is near the end of floats is drawn and told."""
    for name, text in (("a.html", "1e200*x**2"), ("b.html", "1e300*x**2"), ("c.html", "1e200*(x**2+y**2)")):
        point = ["--x", 3, *(["--y", 2] if "y" in text else [])]
        ended = run("report", text, *point, "--out", tmp_path / name)
        assert ended.status == 0, ended.err
