"""The parts that terminal pictures are drawn with: dots, contours, round numbers, legends."""

from __future__ import annotations

import math

import pytest

from gradcli.output.pictures.braille_canvas import COLOURS, Canvas, painted
from gradcli.output.pictures.contours import segments
from gradcli.output.pictures.convergence_picture import _range, convergence_picture, transformed
from gradcli.output.pictures.legend import legend
from gradcli.output.pictures.scales import digits_within, extent, left_out, levels, ticks
from gradcli.output.pictures.scene import SIGNS, Mark, Series
from gradcli.output.pictures.terminal_frame import Frame, margin_for, scale_marks
from gradcli.output.text.document import columns_of
from tests.output.drawing import SGR

AXIS = [i / 10 - 2 for i in range(41)]
BOWL = [[x * x + y * y for x in AXIS] for y in AXIS]


def test_a_dot_is_one_eighth_of_a_cell():
    """Two columns and four rows of dots share a character."""
    canvas = Canvas(2, 1)
    canvas.dot(0, 0, "curve")
    canvas.dot(3, 3, "curve")
    assert canvas.lines(0) == ["⠁⢀"]


def test_a_text_covers_dots_and_nothing_is_drawn_outside():
    """Texts stand above lines; what is outside of the canvas is left out."""
    canvas = Canvas(3, 1)
    canvas.line(-100, 0, 100, 0, "curve")
    canvas.put(1, 0, "ab\x1b", "path")
    canvas.dot(99, 99, "curve")
    assert canvas.lines(0) == ["⠉ab"]


def test_a_line_from_far_away_is_cut_where_the_canvas_begins():
    """Even a line of a million dots costs no more than those that are seen."""
    canvas = Canvas(4, 2)
    canvas.line(-1e6, -1e6, 1e6, 1e6, "curve")
    assert canvas.lines(0)[0].startswith("⠑⢄")


def test_colour_changes_no_character():
    """The plain picture is the coloured one without its escape sequences."""
    canvas = Canvas(12, 2)
    canvas.line(0, 0, 23, 7, "curve")
    canvas.put(2, 0, "f = 1", "point")
    for colours in (16, 256):
        coloured = canvas.lines(colours)
        assert [SGR.sub("", line) for line in coloured] == canvas.lines(0)
        assert coloured[0].endswith("\x1b[0m")


def test_every_kind_of_mark_has_a_sign_and_a_colour():
    """Marks differ in shape or stand where they cannot be mistaken, and each role can be painted."""
    assert set(SIGNS) <= set(COLOURS)
    assert (
        len({SIGNS[kind] for kind in ("point", "minimum", "maximum", "saddle", "corner", "hole", "pole")})
        == 7
    )
    assert painted("x", "minimum", 0) == "x"


def test_contours_of_a_bowl_are_circles():
    """Each end of each piece lies on the level, up to the bend within one cell."""
    pieces = list(segments(AXIS, AXIS, BOWL, 1.0))
    assert pieces
    assert all(math.hypot(*end) == pytest.approx(1, abs=2e-3) for piece in pieces for end in piece)


def test_contours_leave_out_what_has_no_value():
    """A cell with a corner outside of the domain has no line."""
    rows = [[math.nan if x < 0 else value for x, value in zip(AXIS, row, strict=True)] for row in BOWL]
    pieces = list(segments(AXIS, AXIS, rows, 1.0))
    assert pieces and all(end[0] >= 0 for piece in pieces for end in piece)


def test_a_saddle_cell_has_two_pieces():
    """Where two opposite corners are above the level, the middle decides which belong together."""
    assert len(list(segments([0.0, 1.0], [0.0, 1.0], [[1.0, 0.0], [0.0, 1.0]], 0.4))) == 2


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-7.3, 12), (1e-9, 3e-9), (1e6, 1e6 + 1), (-1e300, 1e300)])
def test_ticks_are_round_and_inside(low, high):
    """No tick lies outside of its axis, and there are not too many."""
    found = ticks(low, high, 5)
    assert 1 <= len(found) <= 6 and all(
        low - 1e-9 * (high - low) <= tick <= high * (1 + 1e-9) for tick in found
    )


def test_levels_are_even_on_a_plane_and_dense_in_a_valley():
    """Heights that few places have do not use up the levels."""
    assert levels([float(i) for i in range(101)], even=10) == tuple(float(i) for i in range(10, 100, 10))
    found = levels([1.0001**i + i for i in range(1000)] + [1e9])
    assert len(found) >= 8 and found[-1] < 2000
    assert levels([float(i) for i in range(101)], [34.5, 49.9], 10) == (
        10,
        20,
        30,
        34.5,
        40,
        49.9,
        60,
        70,
        80,
        90,
    )
    assert levels([1.0, 1.0]) == () and levels([math.nan]) == ()


def test_a_flat_curve_still_has_a_range():
    """A constant is drawn in the middle."""
    assert extent([3.0, 3.0], open_ended=False) == (1.5, 4.5)
    assert extent([math.nan], open_ended=False) == (-1, 1)


def test_a_legend_counts_what_has_no_room():
    """The point comes first, and nothing is silently dropped."""
    marks = [Mark("minimum", float(i), 1.0, "minimum") for i in range(9)] + [Mark("point", 1.0, 2.0, "point")]
    lines = legend(marks, "x", 60, 2, 0)
    assert len(lines) == 2 and lines[0].startswith("● point x = 1, f = 2") and lines[1].endswith("more")
    assert all(len(line) <= 60 for line in lines)


@pytest.mark.parametrize("columns", [20, 33, 40, 61, 80, 200])
@pytest.mark.parametrize("rows", [1, 2, 3])
def test_no_line_of_a_legend_is_wider_than_the_terminal(columns, rows):
    """Whatever the marks, nothing wraps, and none is lost without being counted."""
    marks = [Mark("maximum", 1.23456 * i, -9.87654e-7, "infinite slope") for i in range(7)]
    lines = legend(marks, "x", columns, rows, 0)
    assert len(lines) <= rows and all(len(line) <= columns for line in lines)
    counted = int(lines[-1].rpartition("and ")[2].split()[0]) if lines[-1].endswith("more") else 0
    assert sum(line.count("▲") for line in lines) + counted == 7


def test_what_falls_over_decades_is_drawn_logarithmically():
    """A negative f never is, and a norm that reaches 0 is left out there."""
    steps = list(range(5))
    picture = convergence_picture("", [Series("a", steps, [1e4, 1e2, 1, 1e-2, 1e-4], [5, 4, 3, 2, 1.0])])
    assert picture.logarithmic == (True, False)
    below = convergence_picture("", [Series("a", steps, [9.0, 5, 1, -1, -2], [1e3, 1, 1e-3, 1e-6, 0])])
    assert below.logarithmic == (False, True)
    assert math.isnan(transformed([0.0], True)[0]) and transformed([100.0], True) == [2]


@pytest.mark.parametrize("numbers", [[0.0, 1.0, 5.0], [-3.0, -3.0], [1e-9, 2e-9], [1e300, -1e300]])
def test_every_point_of_a_descent_lies_within_its_picture(numbers):
    """There is air below the lowest and above the highest."""
    low, high = _range(numbers)
    assert low < min(numbers) <= max(numbers) < high


@pytest.mark.parametrize("rows", [8, 14, 23, 49, 90])
def test_no_number_beside_an_axis_is_cut_off(rows):
    """On a panel of any height each number stands there whole."""
    ends = (-0.45, 3.45)
    frame = Frame(60, rows, (0.0, 1.0), ends, margin=margin_for((ends, rows - 2)))
    frame.scale("x")
    numbers = [float(line.partition("┤")[0]) for line in frame.lines(0) if "┤" in line]
    assert len(numbers) >= 1 and numbers == sorted(set(numbers), reverse=True)
    assert all(y in ticks(*ends, rows) or y in ticks(*ends, scale_marks(rows - 2)) for y in numbers)


@pytest.mark.parametrize(
    ("low", "high", "digits"),
    [(0, 5, 4), (4, 5, 4), (1e6, 1e6 + 10, 9), (-1e7, -1e7 + 1, 11), (3, 3, 4), (1, math.inf, 4)],
)
def test_numbers_of_a_narrow_range_are_told_apart(low, high, digits):
    """What both ends share takes digits that the rest needs."""
    assert digits_within(low, high) == digits


def test_a_narrow_range_has_numbers_that_differ(run):
    """Ticks, contours and the places of marks."""
    drawn = run("plot", "3+1e-6*(x**2+y**2)", "--range", "x=10000:10001", "--range", "y=1:2").out
    assert "103.002" in drawn and "103.018" in drawn
    drawn = run("plot", "1e7+sin(x)/10", "--range", "x=1000000:1000010", "--size", "80x20").out
    assert "10000000.1┤" in drawn and "1000004" in drawn and "x = 1000001.928" in drawn


def test_wide_characters_take_two_cells():
    """Names in Chinese or Japanese keep the rows as wide as they are; half of one leaves a blank."""
    canvas = Canvas(6, 1)
    canvas.put(0, 0, "温度", "text")
    assert not canvas.free(1, 0, 1) and canvas.lines(0) == ["温度"]
    canvas.put(1, 0, "x", "text")
    assert canvas.lines(0) == [" x度"]


@pytest.mark.parametrize(("width", "height"), [(40, 20), (80, 23)])
def test_no_row_is_wider_than_the_terminal(run, width, height):
    """Whatever the names are made of."""
    drawn = run("plot", "温度**2+圧力*温度", "--温度", 5, "--圧力", 3, "--size", f"{width}x{height}").out
    rows = drawn.splitlines()
    assert len(rows) == height and max(map(columns_of, rows)) <= width and "圧力" in rows[-3] + rows[-2]


def test_what_is_left_out_has_its_reason():
    """No value, or one too large to be drawn; a few points are not rounded to none."""
    assert left_out(0, 0, "range") == ()
    assert left_out(1, 0, "range") == ("f has no value anywhere in this range",)
    assert left_out(0.25, 0.25, "picture") == (
        "f has no value on 25 % of the picture: left out",
        "f is larger than 1e+307 in size on 25 % of the picture: cut off",
    )
    assert "less than 0.1 %" in left_out(1e-4, 0, "picture")[0]


@pytest.mark.parametrize("arrays", [True, False])
def test_values_too_large_to_draw_are_called_so(run, monkeypatch, arrays):
    """They are no gap in the domain, with NumPy or without."""
    monkeypatch.setattr("gradcli.calculus.sampling.sampler.has_arrays", lambda: arrays)
    said = run("plot", "1e300*x**8", "--x", 1, "--range", "x=-10:10").err
    assert "f is larger than 1e+307 in size on" in said and "no value" not in said
