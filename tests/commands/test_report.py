"""`gradcli report`: everything that belongs to a handout is in it, in each of its kinds."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest


@pytest.fixture
def descent(run):
    """A session that has gone four steps with two optimizers."""
    run("grad", "x**2+x*y/2+y**2", "--x", 5, "--y", 3)
    run("step", "--lr", 0.1)
    return run("step", "--steps", 3, "--optimizer", "adam", "--lr", 0.5)


@pytest.fixture
def written(run, tmp_path, monkeypatch):
    """`written("report.md", …)`: the text of a report."""
    monkeypatch.chdir(tmp_path)

    def written(name, *arguments):
        ended = run("report", *arguments, "--out", name)
        assert ended.status == 0, ended.err
        return (tmp_path / name).read_text(encoding="utf-8")

    return written


def test_a_markdown_report_has_every_section(descent, written):
    """Problem, formulas, derivation, descent, ending, pictures, commands, versions."""
    pytest.importorskip("matplotlib")
    text = written("report.md")
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert headings == ["Problem", "Formulas", "Derivation", "Descent", "How it ended", "Pictures", "Again"]
    assert r"$$f = x^{2} + \frac{x y}{2} + y^{2}$$" in text and "| 0 | 5 | 3 | 41.5 |" in text
    assert re.search(r"gradcli \S+, sympy \S+, Python \S+", text)


def test_the_pictures_of_a_report_lie_beside_it(descent, written, tmp_path):
    """Each picture that the text names is a file."""
    pytest.importorskip("matplotlib")
    text = written("report.md")
    files = re.findall(r"\]\((.*?)\)$", text, re.MULTILINE)
    assert files == ["report-landscape.png", "report-convergence.png"]
    assert all((tmp_path / file).read_bytes().startswith(b"\x89PNG") for file in files)


def test_without_matplotlib_markdown_shows_what_a_terminal_shows(descent, written, monkeypatch):
    """The picture is drawn with characters then."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    text = written("report.md")
    assert "▼ minimum x = 0, y = 0" in text and "![" not in text


def test_the_commands_of_a_report_lead_there_again(descent, written, shell, run):
    """They are played in a shell, and the session stands at the same point to the last bit."""
    text = written("report.html")
    lines = re.search(r"<h2>Again</h2>\n<pre>(.*?)</pre>", text, re.DOTALL).group(1)
    commands = lines.replace("&#x27;", "'").splitlines()[:-1]
    before = run("session", "--format", "json", "--get", "at").out
    assert len(commands) == 3 and run("session", "rm", "default").status == 0
    assert shell(" && ".join(commands)).status == 0
    assert run("session", "--format", "json", "--get", "at").out == before


def test_a_problem_without_steps_is_minimized(written, run):
    """The report says how that ended; the session is not touched."""
    text = written("report.html", "(x-1)**2+(y+2)**2", "--x", 5, "--y", 3)
    assert "minimum: a minimum at x = 1, y = -2" in text and "<math" in text
    assert run("session").status == 4


def test_who_went_last_is_named(written, run):
    """An optimizer, or the command that chose its own steps; one step is one step."""
    run("step", "x**2", "--x", 4, "--lr", 0.5)
    assert "f goes 1 step from x = 4, the last of them by sgd." in written("report.md")
    run("minimize", "x**4+x", "--x", 1)
    assert " steps from x = 1, the last of them by gradcli minimize." in written("report.md")


def test_a_way_that_goes_on_is_not_said_to_have_ended(descent, written):
    """Somebody may take another step."""
    assert "Not at its end yet: after 4 steps the norm of the gradient is" in written("report.html")


def test_a_latex_report_is_complete(descent, written, tmp_path):
    """It has a preamble, an end, displayed formulas and its pictures; pdflatex sets it where there is one."""
    pytest.importorskip("matplotlib")
    text = written("report.tex")
    assert text.startswith(r"\documentclass") and text.rstrip().endswith(r"\end{document}")
    assert r"\frac{\partial f}{\partial x}" in text and (tmp_path / "report-landscape.pdf").exists()
    assert text.count(r"\begin{") == text.count(r"\end{")
    if shutil.which("pdflatex"):
        command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "report.tex"]
        assert subprocess.run(command, capture_output=True, cwd=tmp_path, check=False).returncode == 0


def test_one_variable_gets_a_curve_and_five_get_a_slice(written):
    """The picture suits the problem; --axes says which two."""
    assert 'data-kind="curve"' in written("one.html", "x**4-x", "--x", 2)
    text = written("five.html", "a**2+b**2+c**2+d**2+e_**2", "--at", "a=1,b=2,c=3,d=4,e_=5", "--axes", "c,d")
    assert "d from" in text and "Contours of" in text


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("x**2", "--x", 1, "--out", "report.doc"), 2, "NAME.html"),
        (("x**2", "--x", 1), 2, "--out"),
        (("x*y", "--x", 1, "--out", "report.html"), 2, "y has no value"),
        (("log(x)", "--x=-1", "--out", "report.html"), 3, "log is not defined"),
        (("x**2", "--x", 1, "--out", "no/such/report.html"), 4, "cannot be written"),
        (("--out", "report.html"), 4, "does not exist"),
    ],
)
def test_what_cannot_be_reported_is_said(run, arguments, status, said):
    """The contract with the shell holds here too."""
    ended = run("report", *arguments)
    assert ended.status == status and said in ended.err
