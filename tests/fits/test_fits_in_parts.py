"""Fits whose rows are in parts elsewhere: the reference sets by sums alone, and one answer for every cut of the rows."""

from __future__ import annotations

import json
import random

import pytest

from gradcli.fitting.inference import relative_curvature
from gradcli.shell.engines import parted_rows
from gradcli.shell.fits import fit_extras
from gradcli.shell.fits.questions import fit_rows, parted_fit_rows, row_counts
from tests.fits.reference_sets import FOLDER, SETS, arguments, digits, least_digits
from tests.fits.test_many_rows import MODEL, made
from tests.prepared import ALL

#: What is the same in every digit with an engine and without.
END = (
    "at", "status", "message", "errors", "intervals", "covariance", "correlation", "rss", "chi2", "sigma", "r_squared",
    "adjusted_r_squared", "aic", "bic", "condition", "digits", "rows", "dof", "data", "notes", "t", "p", "undetermined",
)  # fmt: skip


class Here:
    """An engine that does in this process, at once, what workers do."""

    threads, remark, memory = 2, None, 10**9

    def begin(self, function, *arguments):
        """What comes of it in the place of a task."""
        return function(*arguments)

    def each(self, jobs, together=None):
        """The jobs in another order than they came in."""
        found = [(number, function(*arguments)) for number, (function, arguments) in enumerate(jobs)]
        return iter(random.Random(len(found)).sample(found, len(found)))


@pytest.fixture
def parts(monkeypatch):
    """Few rows are as many as a million, and the engine is `Here`."""
    monkeypatch.setattr(row_counts, "IN_BALLS", 0)
    for module in (parted_fit_rows, fit_extras):
        monkeypatch.setattr(module, "LOOKED_AT", 0)
    monkeypatch.setattr(parted_fit_rows, "MOST", 0)
    monkeypatch.setattr(relative_curvature, "MOST", 0)
    monkeypatch.setattr(parted_rows, "engine_of", lambda asked: Here())
    return monkeypatch


def both(run, *typed):
    """The records of a fit in this process and with an engine."""
    return [json.loads(run(*typed, *more, "--format", "json").out) for more in ((), ("--engine", "dask"))]


#: The sets of many parameters take as long as all others; what is theirs is tested without parts.
SUMMED = [one for one in SETS if ALL or one["name"] not in ("ENSO", "Gauss1")]


@pytest.mark.parametrize("one", SUMMED, ids=[one["name"] for one in SUMMED])
def test_reference_sets_by_sums(one, run, parts):
    """The end is the same to the last bit, and every digit that is called right is certified."""
    here, there = both(run, *arguments(one, "start2"))
    assert {name: there[name] for name in END} == {name: here[name] for name in END}
    assert there["status"] == "minimum" and not there["proved"]
    for name, count in there["digits"].items():
        assert digits(there["at"][name], one["certified"][name]) >= min(count, 10)
    assert least_digits(there["errors"], one["se"]) > 5


def written(folder, rows, cuts):
    """Files of the rows, cut at these places."""
    files = list[str]()
    for number, (first, end) in enumerate(zip([0, *cuts], [*cuts, len(rows)], strict=True)):
        path = folder / f"{number}-of-{len(cuts)}.csv"
        path.write_text("x,y\n" + "".join(f"{x!r},{y!r}\n" for x, y in rows[first:end]))
        files += ["--data", str(path)]
    return files


@pytest.mark.parametrize("arrays", [False, True])
def test_no_cut_and_no_order_shows(arrays, run, parts, tmp_path):
    """Shuffled rows in files of any size, held or read anew, with a start: the same end, and its text."""
    if arrays:
        pytest.importorskip("numpy")
        parts.setattr(fit_rows, "ARRAYS", 100)
    typed = ("fit", MODEL, "--to", "y", "--sigma-y", "0.05 + x/100", "--at", "a=4,k=0.2,c=0", "--no-save")
    rows, source, seen = made(600), random.Random(2), set()
    for way in range(8 if ALL else 5):
        cuts = sorted(source.sample(range(1, 600), way))
        (tmp_path / str(way)).mkdir()
        files = written(tmp_path / str(way), source.sample(rows, 600), cuts)
        found = json.loads(run(*typed, *files, "--engine", "dask", "--cache", str(source.choice((0, 5_000, 10**8))),
                               "--format", "json").out)  # fmt: skip
        seen.add(repr({name: found[name] for name in END if name != "data"}))
    assert len(seen) == 1


@pytest.mark.parametrize(
    "options",
    [
        ["--weights", "where(x < 1, 0, x)", "--profile"],
        ["--bounds", "k=0:0.2", "--derive", "half=log(2)/k", "--predict", "x=[1,2]"],
        ["--fix", "c=1", "--absolute-sigma", "--sigma-y", "0.05", "--compare", "a + b*x"],
        ["--where", "x > 2", "--start", "given", "--at", "a=5,k=0.3,c=1", "--confidence", "99"],
    ],
)
def test_the_text_is_the_same(options, run, parts, tmp_path):
    """With everything that goes with an engine."""
    typed = ["fit", MODEL, "--to", "y", *written(tmp_path, made(600), [250]), *options, "--no-save"]
    assert run(*typed, "--engine", "dask") == run(*typed)
    assert run(*typed).status == 0


@pytest.mark.parametrize("arrays", [False, True])
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--to", "log(y - 2)"], "--to: row 65 of 1-of-1.csv: log is not defined"),
        (["--to", "y", "--weights", "3 - x"], "--weights: row 182 of 0-of-1.csv: it is"),
        (["--to", "y", "--sigma-y", "x"], "--sigma-y: row 1 of 0-of-1.csv: it is 0"),
        (["--to", "y", "--weights", "0*x"], "every row has the weight 0"),
    ],
)
def test_the_row_without_a_number_is_named_alike(arrays, options, words, run, parts, tmp_path):
    """What is fitted, and its weights."""
    if arrays:
        pytest.importorskip("numpy")
        parts.setattr(fit_rows, "ARRAYS", 100)
    typed = ["fit", MODEL, *written(tmp_path, made(600), [250]), *options]
    here, there = run(*typed), run(*typed, "--engine", "dask")
    assert there == here and there.status == 3 and words in there.err


def test_the_row_in_which_the_model_has_no_value_is_named_alike(run, parts, tmp_path):
    """One that has values says the same too."""
    files = written(tmp_path, made(600), [250])
    for model, status in (("a*log(x - 1)", 3), ("a*exp(-exp(b)*x)", 0)):
        typed = ["fit", model, "--to", "y", *files, "--no-save"]
        here, there = run(*typed), run(*typed, "--engine", "dask")
        assert there == here and there.status == status


@pytest.mark.parametrize("arrays", [False, True])
def test_likelihoods_are_summed_alike(arrays, run, parts, tmp_path):
    """A normal one and Poisson's: all of the record."""
    if arrays:
        pytest.importorskip("numpy")
        parts.setattr(fit_rows, "ARRAYS", 100)
    files = written(tmp_path, made(600), [100, 300])
    costs = (
        ("log(s) + (y-model)**2/(2*s**2)", "a=4,k=0.2,c=0.5,s=0.1"),
        ("model - y*log(model)", "a=4,k=0.2,c=0.5"),
    )
    for nll, start in costs:
        here, there = both(run, "fit", MODEL, "--nll", nll, *files, "--at", start, "--no-save")
        assert there == here and there["status"] == "minimum"


@pytest.mark.parametrize(
    "options", [["--by", "x"], ["--loss", "huber"], ["--residuals"], ["--sigma-x", "0.1", "--sigma-y", "0.1"]]
)
def test_what_needs_single_rows_is_refused(options, run, parts):
    """With what works in its place."""
    ended = run("fit", "a*x", "--to", "y", "--data", FOLDER / "DanWood.csv", *options, "--engine", "dask")
    assert ended.status == 2 and options[0] in ended.err and "what works" in ended.err


def test_few_rows_are_certified_with_an_engine_too(run, monkeypatch):
    """They are read here: the same text, with the certificate and the outliers."""
    monkeypatch.setattr(parted_rows, "engine_of", lambda asked: Here())
    typed = arguments(SETS[0], "start2", "--no-save")
    ended = run(*typed, "--engine", "dask")
    assert ended == run(*typed) and "in balls" in ended.out


def test_a_session_keeps_a_fit_in_parts(run, parts, tmp_path):
    """And goes on from it, with the engine and without."""
    files = written(tmp_path, made(600), [250])
    ended = run("fit", MODEL, "--to", "y", *files, "--engine", "dask", "--format", "json")
    value = json.loads(run("grad", "--format", "json").out)["value"]
    assert value == pytest.approx(json.loads(ended.out)["rss"], rel=1e-14)
