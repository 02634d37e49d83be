"""`report` after `fit`: the fit's page, whose commands are played in a new home and lead there to the last bit."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from zlib import crc32

import pytest

ROWS = """t,y,s,n
0,6.01,0.1,6
1,4.69,0.1,5
2,3.74,0.2,4
3,3.05,0.1,3
4,2.49,0.2,2
5,2.14,0.1,2
6,1.80,0.1,1
7,1.62,0.3,2
"""
DECAY = "a*exp(-k*t) + c"

#: What was typed after `fit`.
FITS = {
    "bare": (DECAY, "--to", "y"),
    "from a start": (DECAY, "--to", "y", "--a", 1, "--k", "1/7", "--c", 0, "--start", "given"),
    "weighed": (DECAY, "--to", "y", "--sigma-y", "s", "--absolute-sigma", "--confidence", 99),
    "held": (DECAY, "--to", "log(y)", "--weights", "1/s", "--fix", "c=1/3", "--bounds", "k=0:1,a=-5:5"),
    "asked more": (DECAY, "--to", "y", "--derive", "half = log(2)/k", "--derive", "two = 2*half", "--predict", "t=[8,9]",
                   "--compare", "a*exp(-k*t)", "--profile"),
    "defined": ("b = a + 1; -b*exp(-k*t) + c", "--to", "y", "--na", "none", "--where", "t < 6"),
    "a text like an option": ("--", "-a*exp(-k*t) + c"),
    "likelihood": ("exp(a + b*t)", "--nll", "model - n*log(model)"),
    "likelihood alone": ("--nll", "-n*a + exp(a)", "--a", "0.5"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Reports and rows lie here."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "decay.csv").write_text(ROWS, encoding="utf-8")


def fitted(run, typed):
    """Play `fit` with its file before the texts."""
    more = ("--to", "y") if typed[0] == "--" else ()
    ended = run("fit", *more, "--data", "decay.csv", *typed)
    assert ended.status in (0, 1), ended.err


def state(run):
    record = json.loads(run("session", "--format", "json").out)
    return {name: record[name] for name in ("expression", "at", "value", "wrt", "steps")}


def page(run, name="page.md"):
    """The text of a report."""
    ended = run("report", "--out", name)
    assert ended.status == 0, ended.err
    return Path(name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FITS)
def test_the_commands_lead_there_in_a_new_home(name, run, tmp_path, monkeypatch):
    """The same problem at the same point to the last bit, and the same page."""
    monkeypatch.setattr("gradcli.shell.fits.fit_page._drawing", lambda *_: None)
    fitted(run, FITS[name])
    kept, text = state(run), page(run)
    lines = re.search(r"## Again\n\n```\n(.*?)\n```", text, re.DOTALL).group(1).splitlines()
    monkeypatch.setenv("GRADCLI_HOME", str(tmp_path / "another"))
    for line in lines:
        assert run(*shlex.split(line)[1:]).status == 0
    assert len(lines) == 2 and state(run) == kept
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == text


def test_a_page_has_all_that_the_fit_says(run, tmp_path):
    """Estimates, errors, intervals of both kinds, correlation, measures, predictions, verdict, picture."""
    pytest.importorskip("matplotlib")
    fitted(run, FITS["asked more"])
    record = json.loads(run("fit", *FITS["asked more"], "--data", "decay.csv", "--format", "json").out)
    text = page(run)
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert headings == [
        "Fit", "Estimates", "Correlation", "Measures", "Predictions", "How it ended", "Picture", "Again",
    ]  # fmt: skip
    for one in ("a", "c", "k"):
        low, high = record["profile"][one]
        assert f"| {one} | {record['at'][one]:.10g} | {record['errors'][one]:.10g} |" in text
        assert f"{low:.6g} to {high:.6g}" in text
    assert f"{record['correlation']['a']['k']:.4g}" in text and "How it ended\n\nStart: none given" in text
    assert (
        r"$$\frac{\partial f}{\partial k} = " in text and "Minimum: a minimum of the sum of squares" in text
    )
    assert (tmp_path / "page-fit.png").read_bytes().startswith(b"\x89PNG")


def test_each_kind_of_page_stands_alone(run, tmp_path):
    """HTML has its picture within it, LaTeX beside it; pdflatex sets it where there is one."""
    pytest.importorskip("matplotlib")
    fitted(run, FITS["weighed"])
    assert 'src="data:image/svg+xml;base64,' in page(run, "page.html")
    text = page(run, "page.tex")
    assert text.count(r"\begin{") == text.count(r"\end{") and (tmp_path / "page-fit.pdf").exists()
    if shutil.which("pdflatex"):
        command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"]
        assert subprocess.run(command, capture_output=True, cwd=tmp_path, check=False).returncode == 0


def test_a_step_makes_it_a_descent_again_and_undo_a_fit(run):
    """What moved the point since is a way on the sum of squares; a step that is undone leaves the fit."""
    fitted(run, FITS["bare"])
    assert "## Estimates" in page(run)
    assert run("step", "--lr", 0.001).status == 0
    assert "## Descent" in page(run)
    assert run("session", "undo").status == 0
    assert "## Estimates" in page(run)


def test_a_question_that_was_forged_is_not_asked(run, environment, tmp_path):
    """What a fit was asked may name a file: an edited question opens nothing."""
    fitted(run, FITS["asked more"])
    (tmp_path / "secret.csv").write_text("t\n3\n", encoding="utf-8")
    (place,) = Path(environment["GRADCLI_HOME"]).glob("gradcli.db")
    with closing(sqlite3.connect(place)) as connection, connection:
        for row, text in connection.execute("SELECT id, state FROM states").fetchall():
            fields = json.loads("{" + text.partition(",")[2])
            asked = json.loads(fields["settings"]["fit"][0])
            asked["options"]["predict"] = str(tmp_path / "secret.csv")
            fields["settings"]["fit"][0] = json.dumps(asked)
            body = json.dumps(fields, separators=(",", ":"))
            kept = f'{{"crc":{crc32(body.encode())},{body[1:]}'
            connection.execute("UPDATE states SET state = ? WHERE id = ?", (kept, row))
    ended = run("report", "--out", "page.md")
    assert ended.status == 4 and "was not asked by this user" in ended.err
