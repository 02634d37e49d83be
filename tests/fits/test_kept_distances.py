"""Fits with errors in their columns that sessions keep: the sum of squared distances as an expression over the files."""

from __future__ import annotations

import json
import math
from pathlib import Path

import mpmath
import pytest

from tests.fits.test_other_costs import YORK

ROWS = [
    (t, 5 * math.exp(-0.3 * t) + 1 + 0.05 * math.sin(7 * t), 0.02 * (t % 3), 0.5 * t + 1) for t in range(9)
]


@pytest.fixture
def kept(run, tmp_path, monkeypatch):
    """A fit of a file that the session keeps, and what `grad` says of it."""
    monkeypatch.chdir(tmp_path)

    def kept(model, rows, header, *options):
        lines = [header, *(",".join(map(repr, row)) for row in rows)]
        Path("rows.csv").write_text("\n".join(lines) + "\n")
        ended = run("fit", model, "--to", "y", "--data", "rows.csv", *options, "--format", "json")
        assert "not remembered" not in ended.err, ended.err
        return json.loads(ended.out), json.loads(run("grad", "--format", "json").out)

    return kept


def least_distance(f, row, spread_y, spread_x):
    """The least squared distance of a point from a curve, by mpmath."""
    x, y = (mpmath.mpf(repr(one)) for one in row[:2])
    if not spread_x:
        return ((y - f(x)) / spread_y) ** 2

    def slope(d):
        return mpmath.diff(lambda e: ((y - f(x + e)) / spread_y) ** 2 + (e / spread_x) ** 2, d)

    d = mpmath.findroot(slope, 0)
    return ((y - f(x + d)) / spread_y) ** 2 + (d / spread_x) ** 2


def test_a_line_is_kept(kept):
    """York's: the published sum of squares, where nothing is left to descend."""
    found, here = kept("a + b*x", YORK, "x,y,wx,wy", "--sigma-x", "1/sqrt(wx)", "--sigma-y", "1/sqrt(wy)")
    assert here["value"] == pytest.approx(11.8663531941, rel=1e-10)
    assert here["at"] == found["at"] and max(map(abs, here["gradient"].values())) < 1e-6


@pytest.mark.parametrize(
    "model",
    [
        "a*exp(-k*t) + c",
        "u = k*t; w = exp(-u); a*w + c",
        "h(z) = a*exp(-z); h(k*t) + c",
        "w = k*1; h(w) = a*exp(-w); h(w*t) + c",
    ],
)
def test_a_curve_is_kept(model, kept, run):
    """At the fit and beside it the sum is that of the least distances; rows without an error in t are among them."""
    found, here = kept(
        model, ROWS, "t,y,s,v", "--sigma-x", "s", "--sigma-y", "0.05", "--a", "5", "--k", "0.3", "--c", "1"
    )
    assert here["value"] == pytest.approx(found["chi2"], rel=1e-10)
    assert max(map(abs, here["gradient"].values())) < 1e-5 * found["chi2"]
    beside = json.loads(run("grad", "--k", "0.31", "--format", "json").out)
    at = beside["at"]
    with mpmath.workdps(30):
        whole = mpmath.fsum(
            least_distance(lambda t: at["a"] * mpmath.exp(-at["k"] * t) + at["c"], row, 0.05, row[2])
            for row in ROWS
        )
    assert beside["value"] == pytest.approx(float(whole), rel=1e-9)
    ended = json.loads(run("minimize", "--format", "json").out)
    assert ended["x"] == pytest.approx(found["at"], rel=1e-7)


def test_two_columns_are_kept(kept):
    """Both shifted at once, one of them called as a name that the text makes."""
    found, here = kept(
        "a*exp(-0.3*t) + curve*v", ROWS, "t,y,s,v", "--sigma-x", "t=0.1", "--sigma-x", "v=0.05+t/100", "--sigma-y", "0.05"
    )  # fmt: skip
    assert here["value"] == pytest.approx(found["chi2"], rel=1e-10)
    assert max(map(abs, here["gradient"].values())) < 1e-5 * found["chi2"]


def test_a_report_leads_there_again_and_changed_files_are_told(kept, run):
    """As with other fits."""
    typed = ("--sigma-x", "0.02", "--sigma-y", "0.05", "--a", "5", "--k", "0.3", "--c", "1")
    found, _ = kept("a*exp(-k*t) + c", ROWS, "t,y,s,v", *typed)
    assert run("report", "--out", "r.md").status == 0
    page = Path("r.md").read_text()
    assert "--sigma-x 0.02" in page and repr(found["at"]["k"])[:9] in page
    with Path("rows.csv").open("a") as file:
        file.write("9,1.4,0,5.5\n")
    assert "rows.csv has changed" in run("grad").err


def test_shifts_that_do_not_settle_are_the_reason(run, tmp_path):
    """Where each row has a value and a slope, and rounds of shifts go on for ever."""
    lines = ["x,y", *(f"{k / 2},{1.1 + k + 0.1 * math.sin(k)}" for k in range(12))]
    (tmp_path / "rows.csv").write_text("\n".join(lines) + "\n")
    typed = ("--to", "y", "--data", str(tmp_path / "rows.csv"), "--sigma-y", "1", "--sigma-x", "3")
    ended = run("fit", "sin(x)+a", *typed, "--no-save")
    assert ended.status == 3 and "do not settle" in ended.err


def test_shifts_to_which_no_round_leads_are_not_kept(run, tmp_path, monkeypatch):
    """From none, the row at x = 0 stays where it is, and the best shift is elsewhere."""
    monkeypatch.chdir(tmp_path)
    Path("rows.csv").write_text("x,y\n-2,3.9\n-1,1.05\n0,0.6\n1,0.95\n2,4.1\n")
    typed = ("--to", "y", "--data", "rows.csv", "--sigma-x", "0.5", "--sigma-y", "0.1")
    ended = run("fit", "a*x^2", *typed)
    assert ended.status == 0 and "cannot be written out" in ended.err


@pytest.mark.parametrize("model", ["h(z) = a*exp(-z*t); h(k) + c", "w = 2*k; h(k) = a*exp(-w*k); h(t) + c"])
def test_what_cannot_be_written_out_is_not_kept(model, run, tmp_path, monkeypatch):
    """A function of the model's that has the column in it, or a definition with the name of its own parameter."""
    monkeypatch.chdir(tmp_path)
    lines = ["t,y,s,v", *(",".join(map(repr, row)) for row in ROWS)]
    Path("rows.csv").write_text("\n".join(lines) + "\n")
    typed = (
        "--to",
        "y",
        "--data",
        "rows.csv",
        "--sigma-x",
        "t=0.02",
        "--sigma-y",
        "0.05",
        "--a",
        "5",
        "--k",
        "0.3",
        "--c",
        "1",
    )
    ended = run("fit", model, *typed)
    assert ended.status == 0 and "cannot be written out" in ended.err
