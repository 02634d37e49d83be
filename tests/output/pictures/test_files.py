"""Pictures in files: what they contain, and what is said where they cannot be made."""

from __future__ import annotations

import struct
import sys

import pytest

#: A name longer than a small picture is wide.
LONG = "the_temperature_of_the_first_of_all_the_furnaces_of_the_plant"


@pytest.fixture
def matplotlib():
    """Skips where the extra is not installed."""
    return pytest.importorskip("matplotlib", reason="files need the extra gradcli[plot]")


@pytest.fixture
def descent(run):
    """A session that has gone four steps."""
    run("grad", "x**2+x*y+3", "--x", 5, "--y", 3)
    run("step", "--lr", 0.1)
    return run("step", "--steps", 3)


def test_a_png_has_the_size_that_was_asked_for(matplotlib, run, tmp_path):
    """Pixels are pixels."""
    file = tmp_path / "curve.png"
    assert run("plot", "x**2", "--x", 1, "--out", file, "--size", "640x480").status == 0
    content = file.read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", content[16:24]) == (640, 480)


def test_an_svg_has_way_arrows_levels_and_marks(matplotlib, run, descent, tmp_path):
    """The parts of a landscape are groups with names, and its words are text."""
    file = tmp_path / "landscape.svg"
    assert run("plot", "--out", file, "--grid", 30).status == 0
    text = file.read_text(encoding="utf-8")
    assert all(f'id="{part}"' in text for part in ("path", "gradient", "point"))
    assert "f = x**2+x*y+3" in text and ">4</text>" in text.replace("\n", "")


def test_an_svg_of_a_curve_names_its_corner(matplotlib, run, tmp_path):
    """Curve, derivative, tangent and corner are there."""
    file = tmp_path / "curve.svg"
    run("plot", "abs(x)", "--x", 1, "--out", file)
    text = file.read_text(encoding="utf-8")
    assert all(f'id="{part}"' in text for part in ("curve", "derivative", "tangent", "corner"))
    assert "corner: x = 0" in text


def test_the_same_picture_is_the_same_file(matplotlib, run, tmp_path):
    """No date and no random name is part of it."""
    files = [tmp_path / "one.svg", tmp_path / "two.svg"]
    for file in files:
        run("plot", "x*y", "--x", 1, "--y", 1, "--out", file, "--grid", 20)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_convergence_goes_to_a_pdf(matplotlib, run, descent, tmp_path):
    """Every kind of picture can be written in every kind of file."""
    file = tmp_path / "convergence.pdf"
    assert run("plot", "--convergence", "--out", file).status == 0
    assert file.read_bytes().startswith(b"%PDF")


def test_an_expression_is_no_markup(matplotlib, run, tmp_path):
    """Underscores and dollars of a name stay as they are."""
    assert run("plot", "x_1**2+a_b_c", "--at", "x_1=1,a_b_c=2", "--out", tmp_path / "names.png").status == 0


def test_without_matplotlib_the_message_names_the_extra(run, monkeypatch, tmp_path):
    """Status 4: the surroundings lack something."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    ended = run("plot", "x**2", "--out", tmp_path / "x.png")
    assert ended.status == 4 and 'pip install "gradcli[plot]"' in ended.err
    assert not (tmp_path / "x.png").exists()


def test_the_terminal_needs_no_extra(run, monkeypatch):
    """Without NumPy the picture is drawn point by point, and is the same."""
    from gradcli.calculus.sampling import sampler

    with_arrays = run("plot", "x**2-y**2", "--x", 1, "--y", 1).out
    monkeypatch.setattr(sampler, "has_arrays", lambda: False)
    monkeypatch.setitem(sys.modules, "numpy", None)
    assert run("plot", "x**2-y**2", "--x", 1, "--y", 1).out == with_arrays


@pytest.mark.parametrize("name", ["picture", "picture.doc", ".png.exe"])
def test_an_unknown_kind_of_file_is_refused(run, name):
    """The kinds that there are, are named."""
    ended = run("plot", "x**2", "--out", name)
    assert ended.status == 2 and "NAME.png" in ended.err


def test_a_file_that_cannot_be_written_is_said(matplotlib, run, tmp_path):
    """The name and the reason are in the message; status 4."""
    ended = run("plot", "x**2", "--out", tmp_path / "no" / "such.png")
    assert ended.status == 4 and "cannot be written" in ended.err


def test_arrows_point_where_a_step_would_go(matplotlib):
    """On the paper an arrow lies along −∇f, whatever the shape of the axes."""
    from matplotlib.figure import Figure

    from gradcli.output.pictures.matplotlib_figure import _arrows
    from gradcli.output.pictures.scene import LandscapePicture

    side, wide = [i / 20 for i in range(21)], [i / 2 for i in range(21)]
    ones, twos = [[1.0] * 21] * 21, [[2.0] * 21] * 21
    axes = Figure(figsize=(8, 4)).subplots()
    _arrows(axes, LandscapePicture("f", ("x", "y"), wide, side, ones, (ones, twos), (), (), (), ()))
    (quiver,) = axes.collections
    assert quiver.angles == "xy" and axes.get_xlim() == (0, 10) and axes.get_ylim() == (0, 1)
    assert (quiver.V / quiver.U).tolist() == pytest.approx([2.0] * 225) and (quiver.U < 0).all()


@pytest.mark.parametrize("size", ["200x200", "400x300", "600x400", "1200x900"])
@pytest.mark.parametrize(
    "expression",
    [
        [f"{LONG}**2+the_pressure_in_the_vessel", f"--{LONG}", 1, "--the_pressure_in_the_vessel", 2],
        ["1e-300*(x**2+y**2)", "--x", 1, "--y", 2],
        ["温度**2+圧力", "--温度", 5, "--圧力", 3],
    ],
)  # fmt: skip
def test_no_picture_makes_python_complain(matplotlib, run, tmp_path, size, expression):
    """Small sizes, long and foreign names, tiny numbers: nothing but the file comes out."""
    ended = run("plot", *expression, "--size", size, "--grid", 20, "--out", tmp_path / "a.png")
    assert ended.status == 0 and ended.err == ""


@pytest.mark.parametrize(
    ("size", "dpi"), [("2400x1800", 150), ("900x600", 100), ("800x900", 100), ("300x1000", 72), ("1000x300", 72)]
)  # fmt: skip
def test_letters_grow_with_a_picture_until_it_is_eight_inches_wide_and_six_high(
    matplotlib, run, tmp_path, size, dpi
):
    """The dots of an inch, as the file itself says: as many as make 8 by 6 inches of it, between 72 and 150."""
    file = tmp_path / "curve.png"
    assert run("plot", "x**2", "--x", 1, "--out", file, "--size", size, "--grid", 10).status == 0
    content = file.read_bytes()
    place = content.index(b"pHYs") + 4
    across, upwards, unit = struct.unpack(">IIB", content[place : place + 9])
    assert unit == 1  # to the metre
    assert across == upwards == pytest.approx(dpi / 0.0254, abs=1)
