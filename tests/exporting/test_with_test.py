"""The test that `--with-test` adds passes right code and fails wrong code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gradcli.cli import run
from tests.exporting.running import missing, rows
from tests.exporting.running import run as run_file
from tests.exporting.sources import source


@pytest.fixture
def tested(tmp_path, monkeypatch, capsys):
    """The source that the command writes with a test."""
    monkeypatch.setenv("GRADCLI_HOME", str(tmp_path / "home"))

    def ask(*arguments: str) -> str:
        assert run(["code", "--with-test", *arguments]) == 0
        return capsys.readouterr().out

    return ask


def _passes(code: str, folder: Path) -> bool:
    (folder / "code.py").write_text(code, encoding="utf-8")
    return (
        subprocess.run([sys.executable, "code.py"], cwd=folder, capture_output=True, check=False).returncode
        == 0
    )


def test_several_points_are_tried(tested, tmp_path):
    """Code that is right at the point alone fails."""
    code = tested("x**2", "--x", "2")
    assert _passes(code, tmp_path)
    assert code.count("[2.0], ") == 1
    wrong = code.replace("t1 = x*x", "t1 = x + x")
    assert wrong != code
    assert not _passes(wrong, tmp_path)


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("1e-30*x**3", "1e-30*", "1.0001e-30*"),
        ("x**2 + 1e-20*x", "1e-20", "2e-20"),
        ("sin(x) + y", "_sin = _real(math.sin)", "_sin = _real(lambda n: math.sin(n)*(1 + 1e-11))"),
    ],
)
def test_a_small_number_must_be_right_as_well(text, right, wrong, tested, tmp_path):
    """The tolerance is a part of the number, not an absolute one."""
    code = tested(text, *(("--at", "x=1e-25") if "e-" in text else ("--at", "x=1,y=0")))
    assert _passes(code, tmp_path)
    assert right in code
    assert not _passes(code.replace(right, wrong), tmp_path)


def test_a_gradient_that_is_too_short_fails(tested, tmp_path):
    """Lengths are compared."""
    code = tested("x*y", "--x", "2", "--y", "3")
    head, _, tail = code.partition("    return ")
    line, _, rest = tail.partition("\n")
    short = head + "    return " + line[: line.rindex(",")] + "]\n" + rest
    assert _passes(code, tmp_path)
    assert not _passes(short, tmp_path)


@pytest.mark.parametrize("language", ["python", "c", "c++", "javascript", "rust", "fortran", "octave"])
@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("(x+1e17)-1e17+x**2", {"x": 3.0}),
        ("sqrt(x+1) - sqrt(x)", {"x": 1e12}),
        ("sin(1e10*x)", {"x": 3.0}),
        ("1e-300*x", {"x": 1e-5}),
        ("x - x + 2", {"x": 0.1}),
    ],
)
def test_right_code_passes_where_floats_lose_digits(language, text, point, tmp_path):
    """What is wanted is what floats give, as near as rounding lets them."""
    run_file(language, source(language, text, point).code, tmp_path)


def test_a_point_without_a_number_in_floats_is_refused(tmp_path, monkeypatch, capsys):
    """Where the code answers NaN there is nothing to test: status 3, and a sentence."""
    monkeypatch.setenv("GRADCLI_HOME", str(tmp_path / "home"))
    assert run(["code", "x/x**2", "--with-test", "--x", "1e200"]) == 3
    assert "NaN at this point" in capsys.readouterr().err


def test_sql_says_ok_or_wrong():
    """The last column of each row is the verdict."""
    if reason := missing("sql"):
        pytest.skip(reason)
    code = source("sql", "x*sin(x)", {"x": 2.0}).code
    assert [row[-1] for row in rows(code)] == ["ok"]
    assert [row[-1] for row in rows(code.replace("sin(", "cos("))] == ["wrong"]
