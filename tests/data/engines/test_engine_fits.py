"""Fits with two workers of Dask against one process: the same text, held columns and files that are read anew."""

from __future__ import annotations

import pytest

from gradcli.fitting.inference import relative_curvature
from gradcli.shell.fits import fit_extras
from gradcli.shell.fits.questions import parted_fit_rows, row_counts
from tests.data.engines.test_engine_losses import csv, parquet, points

numpy = pytest.importorskip("numpy")
pytest.importorskip("pyarrow")
pytest.importorskip("distributed")


@pytest.fixture
def many(monkeypatch):
    """Five thousand rows are many."""
    monkeypatch.setattr(row_counts, "IN_BALLS", 0)
    for module in (parted_fit_rows, relative_curvature):
        monkeypatch.setattr(module, "MOST", 0)
    for module in (parted_fit_rows, fit_extras):
        monkeypatch.setattr(module, "LOOKED_AT", 0)


@pytest.mark.parametrize(
    "options",
    [
        ["--to", "y"],
        ["--to", "exp(y/9)", "--sigma-y", "1 + x**2", "--predict", "x=[1,2]", "--cache", "0"],
        ["--nll", "(y - model)**2/2", "--at", "a=0,b=0", "--where", "x > 0"],
    ],
)
def test_workers_fit_as_one_process_does(options, run, cluster, in_folder, many):
    """Both streams and the status; the session does not remember the engine."""
    x, y = points(5_000)
    csv(in_folder / "one.csv", x[:1500], y[:1500])
    parquet(in_folder / "two.parquet", x[1500:], y[1500:], 700)
    typed = ["fit", "a + b*exp(x/9)", *options, "--data", "one.csv", "--data", "two.parquet"]
    plain = [one for one in typed if one not in ("--cache", "0")] if "--cache" in options else typed
    here, there = run(*plain, "--session", "here"), run(*typed, *cluster.options, "--session", "there")
    assert there == here and here.status == 0
    assert run("grad", "--session", "there") == run("grad", "--session", "here")


def test_a_file_that_no_fit_can_read_is_named_alike(run, cluster, in_folder, many):
    """A cell that is no number, in the second file."""
    (in_folder / "a.csv").write_text("x,y\n1,2\n3,4\n")
    (in_folder / "b.csv").write_text("x,y\n1,2\n3,spam\n")
    typed = ["fit", "a*x", "--to", "y", "--data", "a.csv", "--data", "b.csv"]
    here, there = run(*typed), run(*typed, *cluster.options)
    assert there == here and "b.csv, row 2" in here.err
