"""`report` and `compare` under constraints."""

from __future__ import annotations

import json
import re
import shlex

import pytest


@pytest.mark.parametrize("kind", ["md", "html", "tex"])
def test_a_report_tells_constraints_and_multipliers(kind, run, tmp_path):
    """The table, the residual, the verdict: -1/2 for the disc of radius √8, by hand."""
    pytest.importorskip("matplotlib")
    out = tmp_path / f"r.{kind}"
    ended = run("report", "x*y", "--st", "x**2 + y**2 <= 8; x >= 0", "--x", 1, "--y", -2, "--out", out)
    assert ended.status == 0, ended.err
    text = out.read_text(encoding="utf-8")
    for part in (
        "minimum-on-constraint",
        "Constraints",
        "-0.5",
        "multiplier",
        "residual of the KKT equations",
    ):
        assert part in text, part


def _commands(text):
    return [line for line in re.search(r"## Again\n\n```\n(.*?)```", text, re.DOTALL)[1].splitlines() if line]


@pytest.mark.parametrize(
    "first",
    [
        ("minimize", "x**2 + y**2 subject to x + y = 1", "--x", "1", "--y", "0"),
        ("step", "x**2 + y**2", "--st", "-x - y = -1", "--x", "1", "--y", "0", "--lr", "0.1", "--steps", "3"),
        ("minimize", "x", "--st", "x**3 = y**2", "--st", "x >= 0.1", "--x", "1", "--y", "1"),
    ],
)
def test_its_commands_lead_there_again(first, run, tmp_path):
    """Played in another session they end at the same point, under the same constraints."""
    pytest.importorskip("matplotlib")
    assert run(*first).status == 0
    out = tmp_path / "r.md"
    assert run("report", "--out", out).status == 0
    lines = _commands(out.read_text(encoding="utf-8"))
    before = json.loads(run("session", "--format", "json").out)
    for line in lines[:-1]:
        words = shlex.split(line)[1:]
        assert run(*words, "--session", "again").status == 0, line
    after = json.loads(run("session", "--session", "again", "--format", "json").out)
    assert after["at"] == before["at"] and after["constraints"] == before["constraints"]


def test_a_report_of_a_typed_problem_poses_it_with_its_constraints(run, tmp_path):
    """minimize and report, each with --subject-to."""
    pytest.importorskip("matplotlib")
    out = tmp_path / "r.md"
    assert run("report", "x**2 + y**2", "--st", "x + y = 1", "--x", 1, "--y", 0, "--out", out).status == 0
    lines = _commands(out.read_text(encoding="utf-8"))
    assert len(lines) == 2 and all("--subject-to 'x + y = 1'" in line for line in lines)
    assert run(*shlex.split(lines[0])[1:], "--get", "value").out == "0.5\n"


def test_compare_keeps_constraints(run):
    """Each method ends on x + y = 1, and f there is at least 1/2; one that cannot keep them says so."""
    ended = run("compare", "x**2 + y**2", "--st", "x + y = 1", "--x", 1, "--y", 0, "--lr", 0.1,
                "--optimizers", "sgd,adam,sqp,bfgs", "--steps", 50, "--format", "json")  # fmt: skip
    found = json.loads(ended.out)
    assert found["constraints"] == ["x + y = 1"]
    results = {one["optimizer"]: one for one in found["results"]}
    for name in ("sgd", "adam", "sqp"):
        at = results[name]["at"]
        assert abs(at["x"] + at["y"] - 1) <= 1e-12 and results[name]["value"] >= 0.5 - 1e-12
        assert results[name]["violation"] <= 1e-12
    assert results["sqp"]["outcome"] == "minimum-on-constraint" and results["sqp"]["value"] == 0.5
    assert results["bfgs"]["message"] == "bfgs does not keep constraints"


def test_sgd_in_a_comparison_is_step(run):
    """The same ten steps, to the last bit."""
    words = ("x**2 + y**2", "--st", "x + y = 1", "--x", 1, "--y", 0, "--lr", 0.1)
    stepped = json.loads(run("step", *words, "--steps", 10, "--format", "json").out)
    compared = json.loads(
        run("compare", *words, "--optimizers", "sgd", "--steps", 10, "--format", "json").out
    )
    assert compared["results"][0]["at"] == stepped["at"]


def test_what_compare_does_not_take(run):
    """--tol beside constraints, and methods under constraints without any."""
    assert run("compare", "x**2", "--st", "x >= 1", "--x", 3, "--tol", 1e-3).status == 2
    assert run("compare", "x**2", "--x", 3, "--optimizers", "sqp").status == 2


def test_steps_move_variables_that_only_constraints_have(run):
    """x on x³ = y² from (1, 1): after the step the constraint holds."""
    ended = run("step", "x", "--st", "x**3 = y**2", "--x", 1, "--y", 1, "--lr", 0.1, "--format", "json")
    at = json.loads(ended.out)["at"]
    assert abs(at["x"] ** 3 - at["y"] ** 2) <= 1e-12 and at["x"] < 1 and at["y"] != 1
    assert run("step").status == 0
    assert json.loads(run("session", "undo", "--format", "json").out)["at"] == at


def test_critical_points_with_held_variables_in_constraints(run):
    """x + z with z = 3: the disc's ends are the extrema, and there are no others."""
    ended = run("critical", "x + z", "--st", "x**2 + y**2 <= 4; z >= x*y", "--z", 3, "--format", "json")
    found = json.loads(ended.out)
    assert found["complete"] and [point["at"]["x"] for point in found["points"]] == [-2.0, 2.0]


def test_searched_corners_are_told_to_all_digits(run):
    """x*y where x >= 0, x² + y² <= 8 and a third constraint is no polynomial: the corner (0, √8), and 0 is 0."""
    ended = run("critical", "x*y", "--st", "x**2 + y**2 <= 8; x >= 0; log(y + 3) <= 5", "--box", "x=-4:4,y=-4:4",
                "--format", "json")  # fmt: skip
    corners = [p["at"] for p in json.loads(ended.out)["points"] if p["active"] == [0, 1]]
    assert corners == [{"x": 0.0, "y": -(8**0.5)}, {"x": 0.0, "y": 8**0.5}]
