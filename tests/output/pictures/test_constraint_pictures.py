"""Pictures under constraints show where they hold, and say nothing that is not so; the truth is worked out by hand."""

from __future__ import annotations

import json
import math
import re

import pytest

from gradcli.output.pictures.picture_description import described
from gradcli.shell.plots.constrained_plot import limits_of
from gradcli.shell.plots.plot_request import draw, plot_request
from gradcli.shell.problems.problem import Problem


def picture(text, constraints, at=None, ranges=None, axes="x,y", size=(41, 41)):
    """The picture of a text under constraints."""
    from gradcli.calculus.formulas.texts.compiler import compile_text
    from gradcli.language.constraints.constraint_names import names_beside, text_over

    at = at or {}
    first = compile_text([text], tuple(at), None, formulas=False)
    more = names_beside([text], constraints, at, first.program.variables)
    compiled = compile_text([text_over([text], more)], tuple(at), None, formulas=False)
    want = plot_request(compiled, at, [], axes, ranges or {}, None)
    limits = limits_of(Problem((text,), at, None, None, tuple(constraints)))
    return draw(want._replace(limits=limits._replace(at=at)), False, size)


@pytest.mark.parametrize(
    ("constraint", "left"),
    [
        ("x**2 + y**2 = 1", lambda x, y: x * x + y * y - 1),
        ("x**2 + y**2 <= 1", lambda x, y: x * x + y * y - 1),
        ("1 >= x + y**3", lambda x, y: x + y**3 - 1),
        ("exp(x) = 1 + y", lambda x, y: math.exp(x) - 1 - y),
    ],
)
def test_borders_lie_on_their_constraint(constraint, left):
    """Within what straight pieces of a cell may miss of a curve."""
    found = picture("x + y", [constraint], ranges={"x": (-1.5, 1.5), "y": (-1.5, 1.5)}, size=(121, 121))
    pieces = found.borders[0].pieces
    assert pieces and all(abs(left(*end)) < 2e-3 for piece in pieces for end in piece)


def test_what_does_not_hold_is_dotted_there_alone():
    """Sample by sample, of inequalities written either way, and of one that has no value."""
    found = picture(
        "x*y", ["x**2 + y**2 <= 8", "x >= 0", "log(y + 3) <= 5"], ranges={"x": (-4, 4), "y": (-4, 4)}
    )
    for j, y in enumerate(found.ys):
        for i, x in enumerate(found.xs):
            holds = x * x + y * y <= 8 and x >= 0 and y > -3 and math.log(y + 3) <= 5
            assert found.outside[j][i] == (not holds), (x, y)


def test_an_equation_dots_nothing():
    """It holds nowhere but on its curve."""
    assert picture("x*y", ["x**2 + y**2 = 8"]).outside == ()


def test_a_curve_that_only_touches_is_not_drawn_and_that_is_said():
    """(x - y)**2 = 0 does not change sign between samples."""
    found = picture("x + y", ["(x - y)**2 = 0"], ranges={"x": (-1, 1), "y": (-1.03, 1)})
    assert not found.borders[0].pieces and any(
        "no curve is drawn for (x - y)**2 = 0" in note for note in found.notes
    )


def test_no_border_crosses_a_pole():
    """1/x = 0 has no solution, though its sign changes."""
    found = picture("x + y", ["1/x = 0"], ranges={"x": (-1, 1.05), "y": (-1, 1)})
    assert not found.borders[0].pieces


def test_gradients_at_the_answer_add_up():
    """∇f is the sum of λ times the constraints' gradients, with the multipliers of the convention."""
    found = picture("x**2 + y**2", ["x + y = 1", "x <= 0.2"], {"x": 0.2, "y": 0.8})
    (f,) = [one for one in found.pulls if one.kind == "f"]
    rest = [one for one in found.pulls if one.kind == "constraint"]
    assert (f.u, f.v) == pytest.approx((0.4, 1.6))
    assert sum(one.u for one in rest) == pytest.approx(f.u) and sum(one.v for one in rest) == pytest.approx(
        f.v
    )
    assert [float(one.label.rpartition("= ")[2]) for one in rest] == pytest.approx([1.6, -1.2])


def test_where_nothing_balances_the_gradient_along_the_constraints_is_drawn():
    """At (1, 0) of x + y = 1 it is (1, -1)."""
    found = picture("x**2 + y**2", ["x + y = 1"], {"x": 1.0, "y": 0.0})
    (along,) = [one for one in found.pulls if one.kind == "along"]
    assert (along.u, along.v) == pytest.approx((1.0, -1.0))


def test_a_point_that_breaks_constraints_has_no_arrows():
    """Nothing is said of multipliers there."""
    assert picture("x**2 + y**2", ["x + y = 1"], {"x": 1.0, "y": 1.0}).pulls == ()


def test_a_singular_point_has_no_multiplier():
    """x on x³ = y²: ∇f alone."""
    found = picture("x", ["x**3 = y**2"], {"x": 0.0, "y": 0.0})
    assert [one.kind for one in found.pulls] == ["f"]
    assert any(mark.label.startswith("absolute minimum on x**3 = y**2") for mark in found.marks)


def test_extrema_of_f_alone_are_not_marked_where_constraints_do_not_hold():
    """x² has its minimum at 0, and on x >= 1 at 1."""
    found = picture("x**2", ["x >= 1"], axes="x")
    kinds = {(mark.kind, round(mark.x, 9), mark.label) for mark in found.marks}
    assert kinds == {("minimum", 1.0, "absolute minimum on x >= 1")}
    (only,) = found.outside
    assert only[0] == found.xs[0] and only[1] == pytest.approx(1.0, abs=1e-9)


def test_words_name_constraints_dots_and_arrows():
    """The alternative text of a page and of files."""
    words = described(picture("x**2 + y**2", ["x + y = 1", "x >= 0.2"], {"x": 0.5, "y": 0.5}))
    for part in ("subject to x + y = 1; x >= 0.2", "Thick: the curves of x + y = 1; x >= 0.2", "Dotted: where an inequality",
                 "Arrows at x = 0.5, y = 0.5: ∇f: (1, 1); λ∇(x + y = 1), λ = 1: (1, 1)"):  # fmt: skip
        assert part in words, (part, words)


@pytest.mark.parametrize("columns", [40, 90])
def test_a_terminal_shows_them_within_its_columns(columns, run):
    """Borders, dots and legends, at 40 columns as well, without colour."""
    ended = run("plot", "x**2 + y**2", "--st", "x + y = 1; x >= 0.2", "--size", f"{columns}x24")
    lines = ended.out.splitlines()
    assert ended.status == 0 and max(map(len, lines)) <= columns and "\x1b" not in ended.out
    assert "·" in ended.out and "━ x + y = 1" in ended.out


def test_files_and_pages_have_them(run, tmp_path):
    """SVG has each border, the dots and the arrows as elements; a page the same as data."""
    pytest.importorskip("matplotlib")
    svg, page = tmp_path / "a.svg", tmp_path / "a.html"
    ended = run(
        "plot", "x*y", "--st", "x**2 + y**2 <= 8; x >= 0", "--x", 2, "--y", -2, "--out", svg, "--out", page
    )
    assert ended.status == 0, ended.err
    drawn = svg.read_text(encoding="utf-8")
    assert all(
        f'id="{name}' in drawn for name in ("border1", "border2", "outside", "pull-f", "pull-constraint")
    )
    data = json.loads(
        re.search(r'<script type="application/json">(.*?)</script>', page.read_text(encoding="utf-8"))[1]
    )
    assert [one["text"] for one in data["borders"]] == ["x**2 + y**2 <= 8", "x >= 0"]
    assert any(map(any, data["outside"])) and {one["kind"] for one in data["pulls"]} == {"f", "constraint"}


def test_a_session_is_drawn_with_its_constraints(run):
    """After minimize, and with the variables that constraints alone have."""
    run("minimize", "x", "--st", "x**3 = y**2", "--x", 1, "--y", 1, "--dry-run")
    run("step", "x", "--st", "x**3 = y**2", "--x", 1, "--y", 1, "--lr", 0.1)
    ended = run("plot", "--size", "60x12")
    assert ended.status == 0 and "f = x subject to x**3 = y**2" in ended.out and "left aside" not in ended.err
    assert run("plot", "x", "x**2", "--st", "x >= 1").status == 2
