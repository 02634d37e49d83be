"""`gradcli check`: claims on the command line and in files, statuses for CI."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from gradcli.cli import run

F = "x**2+x*y+3"


@pytest.fixture
def said(tmp_path, monkeypatch, capsys):
    """Runs a command line in a home of its own: status, stdout, stderr."""
    monkeypatch.setenv("GRADCLI_HOME", str(tmp_path / "home"))

    def ask(*arguments):
        status = run(arguments)
        out, err = capsys.readouterr()
        return status, out, err

    return ask


def test_right_claims_are_status_0(said):
    """Each gets its line."""
    status, out, _ = said("check", F, "--claim", "x=2*x+y", "--claim", "y=x")
    assert status == 0
    assert out.count("proved by sympy") == 2


def test_a_wrong_claim_is_status_1(said):
    """The partial, a counterexample and the slip are told."""
    status, out, _ = said("check", F, "--claim", "x=2*x", "--claim", "y=x")
    assert status == 1
    assert "x: 2*x is wrong" in out
    assert "at x = 2, y = 3: claimed 4, actual 7" in out
    assert "the term x*y is missing" in out


def test_json_tells_the_same(said):
    """right, and one record per claim."""
    _, out, _ = said("check", F, "--claim", "x=2*x", "--format", "json")
    record = json.loads(out)
    assert record["right"] is False
    assert record["checks"][0]["at"] == {"x": "2", "y": "3"}
    assert said("check", F, "--claim", "x=2*x", "--get", "checks.0.verdict")[1] == "wrong\n"


@pytest.mark.parametrize(
    "content",
    [
        "x = 2*x + y\n\n# the other one\ny = x\n",
        '{"x": "2*x + y", "y": "x"}',
        '{"formulas": {"x": "2*x + y", "y": "x"}}',
    ],
)
def test_claims_come_from_files(said, tmp_path, content):
    """Lines with comments, JSON, and what `grad --format json` writes."""
    (file := tmp_path / "claims").write_text(content)
    status, out, _ = said("check", F, "--claims", str(file))
    assert status == 0
    assert out.count("right") == 2


def test_a_missing_file_is_status_4(said):
    """A file that cannot be read is a matter of the surroundings."""
    status, _, err = said("check", F, "--claims", "/nowhere/claims")
    assert status == 4
    assert "/nowhere/claims" in err


@pytest.mark.parametrize("claim", ["x", "=2*x", "x=", "z=1", "x=2*", "x=w"])
def test_what_is_no_claim_is_status_2(said, claim):
    """And says so."""
    assert said("check", F, "--claim", claim)[0] == 2


def test_without_claims_gradcli_is_checked(said):
    """Formula, program and differences agree."""
    status, out, _ = said("check", F)
    assert status == 0
    assert out.count("formula, program, differences agree to 40 digits at 12 points") == 2


def test_the_session_is_checked_without_an_expression(said):
    """Numbers are compared at the session's point."""
    said("grad", F, "--x", "5", "--y", "3")
    assert said("check", "--claim", "x=13", "--claim", "y=5")[0] == 0
    assert said("check", "--claim", "x=13.2")[0] == 1


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ((), 0),
        (("--like", "python"), 1),
        (("--rtol", "1e-6", "--atol", "0"), 1),
        (("--like", "numpy"), 1),
        (("--atol", "1"), 0),
    ],
)
def test_tolerances_follow_the_convention(said, options, status):
    """13.001 is near enough for PyTorch's gradcheck and for nobody else."""
    assert said("check", F, "--claim", "x=13.001", "--x", "5", "--y", "3", *options)[0] == status


def test_undecided_is_not_right(said):
    """CI must not take it for a yes."""
    status, out, _ = said("check", "log(sin(x)-2)", "--claim", "x=1")
    assert status == 1
    assert "undecided" in out


def test_a_known_check_loads_no_sympy(said, tmp_path):
    """The second time the verdict comes from the library."""
    said("check", F, "--claim", "x=2*x+y")
    program = (
        "import sys; from gradcli.cli import run; "
        f"status = run(['check', {F!r}, '--claim', 'x=2*x+y']); "
        "sys.exit(status or ('sympy' in sys.modules) * 9 or ('rich' in sys.modules) * 8)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, capture_output=True).returncode == 0
