"""Small sentences: how many steps there are, what stands between cells, what a picture needs, how a Lagrangian is written."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("legs", [[1, 1, 1], [1], [4], [2, 3]])
def test_undo_says_how_many_steps_there_are(run, legs):
    """So many can be taken back, and one more cannot."""
    run("grad", "x**2", "--x", "1")
    for steps in legs:
        run("step", "--lr", "0.1", "--steps", str(steps))
    there = sum(legs)
    said = f"session default has {there} step{'s' * (there > 1)} to take back, and not {there + 1}\n"
    assert run("session", "undo", str(there + 1)).err == f"gradcli: {said}"
    assert run("session", "undo", str(there)).status == 0


def test_a_file_with_blanks_between_cells_has_a_hint(run, tmp_path):
    (tmp_path / "b.csv").write_text("1 2\n3 4\n")
    asked = ("grad", "sum(x*a)", "--data", tmp_path / "b.csv", "--columns", "x,y", "--a", "1")
    assert 'hint: --delimiter " " for cells with blanks between them' in run(*asked).err
    assert run(*asked, "--delimiter", " ").out.startswith("value: 4\n")


def test_a_header_in_another_encoding_has_a_hint(run, tmp_path):
    (tmp_path / "l.csv").write_bytes("höhe,y\n1,2\n".encode("latin-1"))
    ended = run("grad", "sum(y*a)", "--data", tmp_path / "l.csv", "--a", "1")
    assert "hint: save it as UTF-8, or use iconv" in ended.err


def test_a_picture_too_small_to_see_is_refused(run):
    ended = run("plot", "x**2", "--x", "1", "--size", "19x8")
    assert (ended.status, ended.out) == (2, "")
    assert run("plot", "x**2", "--x", "1", "--size", "20x8").status == 0


def test_a_lagrangian_is_written_with_minus(run):
    shown = run("explain", "x*y", "--subject-to", "x + y == 1", "--x", "0", "--y", "0").out
    assert "∂f/∂x = ∂/∂x(x*y - λ*(" in shown
    assert "+ -λ" not in shown


def test_what_moves_is_expanded_around_0_and_what_is_held_needs_a_value(run):
    ended = run("taylor", "exp(x)*y", "--wrt", "x", "--y", "2")
    assert (ended.status, ended.err) == (0, "note: expanded around x = 0\n")
    assert ended.out.startswith("taylor 2: 2 + 2*x + x**2\n")
    assert run("taylor", "exp(x)*y", "--wrt", "x", "--x", "1").err.startswith("gradcli: y has no value\n")


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        (["x*y", "x/y", "floor(x)"], "  x/y\n  ^^^\n"),
        (["log(y)", "x"], "  log(y)\n  ^^^^^^\n"),
        (["x", "1 + x/y"], "  1 + x/y\n      ^^^\n"),
        (["x/y"], "  x/y\n  ^^^\n"),
    ],
)
def test_an_output_without_a_value_is_quoted_as_it_was_typed(run, texts, shown):
    ended = run("jacobian", *texts, "--x", "3", "--y", "0")
    assert ended.status == 3
    assert shown in ended.err
    assert ") + (" not in ended.err


def test_a_corner_on_the_way_is_said_with_its_place(run, tmp_path):
    (tmp_path / "i.csv").write_text("y\n1\n2\n3\n")
    ended = run("minimize", "abs(a)+mean((y-a)**2)", "--data", tmp_path / "i.csv", "--a", "0")
    assert ended.err.startswith(
        "note: abs(a) has a corner at a = 0: along a, slope -5 on the left, -3 on the right\n"
    )
