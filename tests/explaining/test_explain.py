"""`gradcli explain`: the command around derivations and tables."""

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


def test_text_has_a_line_per_rule(said):
    """From the derivative to be taken to the formula."""
    status, out, _ = said("explain", F)
    assert status == 0
    assert out.splitlines()[0] == "∂f/∂x = ∂/∂x(x**2 + x*y + 3)"
    assert out.splitlines()[-2:] == ["  = x", "      constant: c' = 0: it does not depend on y"]


def test_json_ends_in_the_formula_of_grad(said):
    """The derivation's formula is the one that grad prints."""
    record = json.loads(said("explain", "x*sin(x**2)", "--format", "json")[1])
    formulas = json.loads(said("grad", "x*sin(x**2)", "--format", "json")[1])["formulas"]
    (found,) = record["derivations"]
    assert found["formula"] == formulas["x"]
    assert found["steps"][-1]["text"] == formulas["x"]


def test_markdown_and_latex(said):
    """A table for one, an align environment per partial for the other."""
    assert "| `2*x + y` | constant:" in said("explain", F, "--format", "markdown")[1]
    out = said("explain", F, "--format", "latex")[1]
    assert out.count(r"\begin{align*}") == 2
    assert r"={}& 2 x + y && \text{constant}" in out


def test_wrt_and_depth(said):
    """One variable, the outer rules only."""
    _, out, _ = said("explain", "y*sin(x**2)", "--wrt", "x", "--depth", "0")
    assert out.count("∂f/∂") == 1
    assert "in one step" in out


def test_backprop_is_a_table_at_the_point(said):
    """Text, CSV, JSON, Markdown and LaTeX say the same."""
    arguments = ("explain", F, "--backprop", "--x", "5", "--y", "3")
    assert "v2: is x*y, expression x*y, value 15, local ∂/∂x=3 ∂/∂y=5, adjoint 1" in said(*arguments)[1]
    assert json.loads(said(*arguments, "--format", "json")[1])["nodes"][0]["adjoint"] == "13"
    assert said(*arguments, "--format", "csv")[1].startswith(
        "node,operation,expression,value,local,adjoint\n"
    )
    assert "| `x` |  | `x` | `5` |  | `13` |" in said(*arguments, "--format", "markdown")[1]
    assert r"\begin{tabular}" in said(*arguments, "--format", "latex")[1]


def test_the_session_is_explained_without_an_expression(said):
    """Where it stands."""
    said("grad", F, "--x", "5", "--y", "3")
    assert "adjoint 13" in said("explain", "--backprop")[1]
    assert said("explain")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(("x**2", "--backprop"), 2), (("x**2", "--backprop", "--x", "1", "--depth", "2"), 2),
     (("log(x)", "--backprop", "--x=-1"), 3),
     (("zeta(s)*besselj(s, 2)",), 3), (("+".join(["sin(x)"] * 200),), 4), (("x**2", "--wrt", "z"), 2)],
)  # fmt: skip
def test_what_cannot_be_explained_says_why(said, arguments, status):
    """With the status of its kind."""
    found, out, err = said("explain", *arguments)
    assert (found, out) == (status, "")
    assert err.startswith("gradcli: ")


def test_names_cannot_leave_their_cell(said):
    """Whatever a name is, Markdown and LaTeX hold it as text."""
    out = said("explain", "a_b_c**2 + é*λ_1", "--format", "latex")[1]
    assert r"a_{b\_c}" in out
    assert "| `" in said("explain", "abs(x_1) + where(x_1 > 1, x_1, 2)", "--format", "markdown")[1]


def test_a_known_derivation_loads_no_sympy(said):
    """The second time it comes from the library."""
    said("explain", F)
    program = (
        f"import sys; from gradcli.cli import run; status = run(['explain', {F!r}]); "
        "sys.exit(status or ('sympy' in sys.modules) * 9 or ('rich' in sys.modules) * 8)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, capture_output=True).returncode == 0
