"""`explain --subject-to` and reports in LaTeX: the problem, what it is subject to, its Lagrangian."""

from __future__ import annotations


def test_the_problem_stands_before_the_derivations(run):
    """Relations, strict ones as typed, multipliers as commands: nothing that LaTeX's fonts do not have."""
    ended = run("explain", "x**2 + y**2", "--st", "x + y = 1; x >= y/2; z < 3", "--format", "latex")
    lines = ended.out.splitlines()
    assert lines[:5] == [
        r"\begin{align*}", r"\text{extremize} \quad & x^{2} + y^{2} \\", r"\text{subject to} \quad & x + y = 1 \\",
        r" \quad & x \ge \frac{y}{2} \\", r" \quad & z < 3 \\",
    ]  # fmt: skip
    assert r"- {\lambda}_{1} \left(x + y - 1\right) - {\lambda}_{2}" in lines[5]
    assert ended.out.isascii() and ended.out.count(r"\begin{align*}") == ended.out.count(r"\end{align*}")


def test_one_multiplier_has_no_number(run):
    """λ alone, and definitions of f stay outside of the constraint."""
    ended = run("explain", "u = x*y; u**2", "--st", "x + y = 1", "--format", "latex")
    assert r"{\lambda} \left(x + y - 1\right)" in ended.out and ended.out.isascii()


def test_a_report_in_latex_says_subject_to(run, tmp_path):
    """As formulas."""
    import pytest

    pytest.importorskip("matplotlib")
    out = tmp_path / "r.tex"
    assert run("report", "x*y", "--st", "x**2 + y**2 <= 8", "--x", 1, "--y", -2, "--out", out).status == 0
    assert r"\text{subject to} \quad & x^{2} + y^{2} \le 8" in out.read_text(encoding="utf-8")
