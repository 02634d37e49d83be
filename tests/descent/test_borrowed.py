"""L-BFGS-B by SciPy: its way, our verdict."""

import json
import sys

import pytest

ROSENBROCK = ("minimize", "100*(y-x**2)**2+(1-x)**2", "--x=-1.2", "--y", 1, "--optimizer", "l-bfgs-b")


def test_scipy_makes_the_way_and_the_verdict_is_ours(run):
    """Rosenbrock's minimum is found, with a gradient below the tolerance and a positive definite Hessian."""
    pytest.importorskip("scipy", reason="the extra scipy is not installed")
    ended = run(*ROSENBROCK, "--format", "json")
    answer = json.loads(ended.out)
    assert (ended.status, answer["status"]) == (0, "minimum")
    assert answer["norm"] <= 1e-8 and min(answer["eigenvalues"]) > 0
    assert answer["x"] == pytest.approx({"x": 1, "y": 1})


def test_bounds_hold(run):
    """(x-3)² on x ≤ 1 ends at the bound."""
    pytest.importorskip("scipy", reason="the extra scipy is not installed")
    ended = run(
        "minimize", "(x-3)**2", "--x", 0, "--bounds", "x=:1", "--optimizer", "l-bfgs-b", "--get", "status"
    )
    assert (ended.status, ended.out) == (0, "minimum-on-bound\n")


def test_without_scipy_the_extra_is_named(run, monkeypatch):
    """Status 4, and what to install."""
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    ended = run(*ROSENBROCK)
    assert ended.status == 4 and "gradcli[scipy]" in ended.err
