"""plot and report of losses over files of more rows than are written out: few samples, each a pass over all rows."""

import json
import math
from pathlib import Path
from random import Random

import pytest

from gradcli.output.pictures.losses import loss_curve, loss_landscape

SQUARES = "mean((y - a*x - b)**2)"
POINT = ("--a", 0.25, "--b", -2)


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Files stand where the command is, and pictures have few samples."""
    monkeypatch.chdir(tmp_path)
    for module in (loss_curve, loss_landscape):
        monkeypatch.setattr(module, "WORK", 6e7)


def table(count=2_000, seed=3):
    random = Random(seed)
    rows = []
    for _ in range(count):
        x = random.gauss(0, 1)
        rows.append((x, 2 * x - 1 + random.gauss(0, 0.3)))
    Path("t.csv").write_text("x,y\n" + "".join(f"{x!r},{y!r}\n" for x, y in rows))
    return rows


def loss(rows, a, b):
    return math.fsum((y - a * x - b) ** 2 for x, y in rows) / len(rows)


def best(rows):
    """The minimum, by the normal equations."""
    n, sx, sy = len(rows), math.fsum(x for x, _ in rows), math.fsum(y for _, y in rows)
    xx, xy = math.fsum(x * x for x, _ in rows), math.fsum(x * y for x, y in rows)
    a = (n * xy - sx * sy) / (n * xx - sx * sx)
    return a, (sy - a * sx) / n


def picture(run, *words, status=0):
    ended = run("plot", *words, "--data", "t.csv", "--format", "json")
    assert ended.status == status, ended.err
    return json.loads(ended.out), ended.err


def test_a_curve(run):
    """Values are the loss over all rows; where its slope changes sign there is a minimum; the tangent is the slope."""
    rows = table()
    found, notes = picture(run, SQUARES, *POINT, "--axes", "a")
    for x, value in list(zip(found["xs"], found["values"], strict=True))[::7]:
        assert value == pytest.approx(loss(rows, x, -2), rel=1e-12)
    n, sx = len(rows), math.fsum(x for x, _ in rows)
    true = (math.fsum(x * y for x, y in rows) + 2 * sx) / math.fsum(x * x for x, _ in rows)
    (lowest,) = [mark for mark in found["marks"] if mark["kind"] == "minimum"]
    assert lowest["x"] == pytest.approx(true, rel=1e-7) and n == 2_000
    assert len(found["xs"]) <= loss_curve.MOST and "samples over 2,000 rows" in notes


def test_a_landscape(run):
    """The same over two numbers, the minimum marked and in sight."""
    rows = table()
    found, notes = picture(run, SQUARES, *POINT)
    assert found["axes"] == ["a", "b"]
    j, i = len(found["ys"]) // 3, len(found["xs"]) // 2
    assert found["values"][j][i] == pytest.approx(loss(rows, found["xs"][i], found["ys"][j]), rel=1e-12)
    (lowest,) = [mark for mark in found["marks"] if mark["kind"] == "minimum"]
    assert (lowest["x"], lowest["y"]) == pytest.approx(best(rows), rel=1e-8)
    assert found["xs"][0] < lowest["x"] < found["xs"][-1] and "not all critical points" in notes


def test_few_samples_where_rows_are_many(run, monkeypatch):
    """Their number follows from that of rows and instructions, and is said."""
    table()
    for module in (loss_curve, loss_landscape):
        monkeypatch.setattr(module, "WORK", 1e5)
    found, notes = picture(run, SQUARES, *POINT)
    assert len(found["xs"]) == len(found["ys"]) == loss_landscape.LEAST
    assert f"drawn from {loss_landscape.LEAST**2} samples" in notes
    found, notes = picture(run, SQUARES, *POINT, "--axes", "b")
    assert len(found["xs"]) <= loss_curve.LEAST + loss_curve.FEW


def test_where_rows_have_no_value(run):
    """Nothing is drawn there, and its share is said."""
    Path("t.csv").write_text("x\n" + "".join(f"{1 + k % 7}\n" for k in range(2_000)))
    found, notes = picture(run, "mean(log(a*x))", "--a", 0.5, "--range", "a=-1:1")
    for x, value in zip(found["xs"], found["values"], strict=True):
        assert (value is None) == (x <= 0)
    assert "f has no value on 5" in notes
    ended = run("plot", "mean(log(a*x))", "--a", -2, "--range", "a=-3:-1", "--data", "t.csv")
    assert ended.status == 3 and "no value anywhere" in ended.err
    found, notes = picture(run, "mean(log(a*x + b))", "--a", 0.5, "--b", 1, "--range", "a=-1:1,b=-4:4")
    for j, y in enumerate(found["ys"]):
        for i, x in enumerate(found["xs"]):
            if abs(x + y) > 1e-9 and abs(7 * x + y) > 1e-9:
                assert (found["values"][j][i] is None) == (x + y <= 0 or 7 * x + y <= 0)


def test_corners_and_jumps_are_no_minima_unless_they_are(run):
    """A corner where the slope changes sign is one; a step has none."""
    Path("t.csv").write_text("x\n" + "".join(f"{k % 5}\n" for k in range(1_300)))
    found, _ = picture(run, "mean(abs(x - a))", "--a", 0.5)
    assert any(
        mark["kind"] == "minimum" and mark["x"] == pytest.approx(2, abs=1e-6) for mark in found["marks"]
    )
    found, _ = picture(run, "mean(where(x > a, a, -a))", "--a", 0.5, "--range", "a=-1:6")
    assert not [mark for mark in found["marks"] if mark["kind"] == "minimum" and mark["x"] > 0]


def test_several_losses(run):
    """A curve each along one number."""
    rows = table()
    found, notes = picture(run, "mean(abs(y - a*x))", "mean((y - a*x)**2)", "--a", 1)
    (other,) = found["others"]
    place = len(other["xs"]) // 2
    assert other["values"][place] == pytest.approx(loss(rows, other["xs"][place], 0), rel=1e-12)
    assert "f1: drawn from" in notes and "f2: drawn from" in notes


def test_the_way_of_a_session(run):
    """Its steps are drawn over the loss, and the page of a report has them as a table, without a number of the file."""
    rows = table()
    run("step", SQUARES, *POINT, "--data", "t.csv", "--lr", 0.2, "--steps", 4)
    found = json.loads(run("plot", "--format", "json").out)
    assert [stop["step"] for stop in found["path"]] == [0, 1, 2, 3, 4]
    assert found["path"][0]["value"] == pytest.approx(loss(rows, 0.25, -2), rel=1e-12)
    assert run("report", "--out", "r.md").status == 0
    page = Path("r.md").read_text()
    assert "f goes 4 steps from a = 0.25, b = -2" in page and "--data t.csv" in page
    assert "$$f = \\frac{1}{n} \\sum_{i}" in page and "sum over rows" in page and "x\\[0\\]" not in page
    assert f"{loss(rows, 0.25, -2):.10g}" in page


@pytest.mark.parametrize("kind", ["html", "tex"])
def test_a_report_of_a_loss(kind, run):
    """It is minimized, and the page says how it ended and how to get there again."""
    rows = table()
    assert run("report", SQUARES, *POINT, "--data", "t.csv", "--out", f"r.{kind}").status == 0
    page = Path(f"r.{kind}").read_text()
    a, b = best(rows)
    assert f"{a:.5f}"[:6] in page and f"{b:.5f}"[:7] in page and "2,000 rows" in page
    assert "minimize" in page and "t.csv" in page


def test_pictures_in_files(run):
    """A page and an SVG, where matplotlib is there."""
    pytest.importorskip("matplotlib")
    table()
    ended = run("plot", SQUARES, *POINT, "--data", "t.csv", "--grid", 12, "--out", "l.svg", "--out", "l.html")
    assert ended.status == 0 and "<svg" in Path("l.svg").read_text()
    page = Path("l.html").read_text()
    assert "144 samples over 2,000 rows" in ended.err and "l.svg" not in page


@pytest.mark.parametrize(
    "words",
    [
        ("minimize",),
        ("step", "--lr", 0.1, "--steps", 3),
        ("compare", "--optimizers", "sgd,adam", "--steps", 20),
    ],
)
def test_pictures_beside_descents(words, run):
    """On the terminal and as a page, over many rows and few."""
    for rows in (2_000, 12):
        table(rows)
        command, *options = words
        ended = run(command, SQUARES, *POINT, "--data", "t.csv", *options, "--plot", "--out", "way.html")
        assert ended.status == 0, ended.err
        assert "└" in ended.out and "mean((y - a*x - b)**2)" in Path("way.html").read_text()


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (
            (SQUARES, *POINT, "--subject-to", "a + b = 1"),
            2,
            "constraints are not drawn over files of so many rows",
        ),
        ((SQUARES, *POINT, "--axes", "x"), 2, "x is not a variable"),
        ((SQUARES, "--a", 1), 2, "b is neither a column of t.csv nor has a value"),
        (("a*x", "--a", 1), 2, "x has a number in each row"),
    ],
)
def test_refused(words, status, message, run):
    """A sentence and a status."""
    table()
    ended = run("plot", *words, "--data", "t.csv")
    assert ended.status == status and message in ended.err, ended.err
