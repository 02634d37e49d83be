"""Options beside --subject-to: --data, --tol, and those that have no place there."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def points(tmp_path):
    """Three points of a line, nearly."""
    file = tmp_path / "points.csv"
    file.write_text("x,y\n1,2\n2,3\n3,5\n", encoding="utf-8")
    return file


def test_a_loss_over_files_under_a_constraint(points, run):
    """a*x + b with a + b = 1: b = 1 - a leaves Σ(y - 1 - a(x - 1))², least at a = 10/5 = 2, by hand."""
    words = ("mean((y - a*x - b)**2)", "--st", "a + b = 1", "--data", points, "--at", "a=0,b=0")
    found = json.loads(run("minimize", *words, "--format", "json").out)
    assert found["status"] == "minimum-on-constraint"
    assert found["at"] == pytest.approx({"a": 2.0, "b": -1.0}) and found["value"] == pytest.approx(1 / 3)
    # Raised to 1 + t: a = 2 - t, b = -1 + 2t up to first order, and the mean falls by 2/3.
    assert found["constraints"][0]["multiplier"] == pytest.approx(-2 / 3)
    again = run("minimize", "--get", "value")
    assert again.status == 0 and float(again.out) == pytest.approx(1 / 3)


def test_steps_and_comparisons_over_files_under_a_constraint(points, run):
    """A step of the projected gradient by hand; optimizers end where `minimize` does; and that point is optimal."""
    words = ("mean((y - a*x - b)**2)", "--st", "a + b = 1", "--data", points, "--at")
    # At (1, 0) the residuals are 1, 1, 2: the gradient is (-6, -8/3), and along (1, -1) it is -5/3 of that.
    found = json.loads(run("step", *words, "a=1,b=0", "--lr", "0.1", "--format", "json").out)
    moved = found["at"]
    assert {name: moved[name] for name in "ab"} == pytest.approx({"a": 1 + 1 / 6, "b": -1 / 6})
    again = json.loads(run("step", "--lr", "0.1", "--format", "json").out)
    moved = again["at"]
    assert moved["a"] + moved["b"] == pytest.approx(1, abs=1e-12) and moved["a"] > 1 + 1 / 6
    race = json.loads(
        run("compare", *words, "a=1,b=0", "--optimizers", "sgd,sqp", "--lr", "0.1", "--format", "json").out
    )
    assert race["at"] == {"a": 1, "b": 0}
    for one in race["results"]:
        assert one["outcome"] == "minimum-on-constraint"
        assert one["at"] == pytest.approx({"a": 2, "b": -1}, abs=1e-5)
    ended = run("check", *words, "a=2,b=-1", "--kkt", "--format", "json")
    assert ended.status == 0 and json.loads(ended.out)["at"] == {"a": 2, "b": -1}
    assert run("check", *words, "a=1,b=0", "--kkt").status == 1


def test_batches_keep_no_constraint(points, run):
    """Constraints are kept over all rows, and `grad` over files has none: a sentence each."""
    words = ("mean((y - a*x - b)**2)", "--st", "a + b = 1", "--data", points, "--at", "a=1,b=0")
    for first, more in (
        ("step", ("--batch", 2)),
        ("compare", ("--optimizers", "sgd", "--batch", 2)),
        ("grad", ()),
    ):
        ended = run(first, *words, *more)
        assert ended.status == 2 and "do not go together" in ended.err


def test_many_rows_are_refused_in_a_sentence(tmp_path, run):
    """Rows are written out: there is a limit, and the sentence names it."""
    file = tmp_path / "many.csv"
    file.write_text("x,y\n" + "1,2\n" * 30_000, encoding="utf-8")
    ended = run("minimize", "sum((y - a*x - b)**2)", "--st", "a + b = 1", "--data", file, "--at", "a=0,b=0")
    assert ended.status == 4 and "writes each row out" in ended.err


@pytest.mark.parametrize("tol", ["1e3", "1e-3", "1e-300"])
def test_tol_says_where_newton_takes_over_and_not_what_the_point_is(tol, run):
    """The same minimum whatever it is."""
    words = ("(1 - x)**2 + 100*(y - x**2)**2", "--st", "x + y = 3", "--x", -1, "--y", 1, "--format", "json")
    plain = json.loads(run("minimize", *words).out)
    found = json.loads(run("minimize", *words, "--tol", tol).out)
    assert found["status"] == plain["status"] == "minimum-on-constraint"
    assert found["value"] == plain["value"] or abs(found["value"] - plain["value"]) > 1
    assert found["kkt_residual"] < 1e-50


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("--lr", "0.1"), "gradcli step --st"),
        (("--corner", "left"), "pieces"),
    ],
)
def test_what_has_no_place_says_what_has(words, hint, run):
    """A sentence and where to go instead."""
    ended = run("minimize", "x**2", "--st", "x >= 1", "--x", 3, *words)
    assert ended.status == 2 and "do not go together" in ended.err and hint in ended.err


@pytest.mark.parametrize(
    "command",
    [
        ["grad"], ["step", "--lr", "0.1"], ["minimize"], ["compare", "--lr", "0.1"], ["check", "--kkt"],
        ["explain"], ["minimize", "--prove", "--box", "x=0:2,y=0:2"],
    ],
)  # fmt: skip
def test_a_definition_that_only_constraints_use_is_used(run, command):
    """It is used, also by way of another one; one that nothing uses is told of."""
    at = [] if command[0] == "explain" else ["--x", "0.4", "--y", "0.3"]
    typed = [command[0], "a = 1; b = a+1; c = 3; x^2+y^2", "--st", "b*x+y >= 1", *at, *command[1:]]
    told = run(*typed).err
    assert "a is defined" not in told and "b is defined" not in told
    unused = run(*typed[:1], "a = 1; x^2+y^2", "--st", "x+y >= 1", *at, *command[1:]).err
    assert command[0] in ("check", "explain") or "a is defined, and not used" in unused


@pytest.mark.parametrize("command", ["minimize", "grad"])
def test_options_behind_two_hyphens_are_told_where_they_belong(run, command):
    """`minimize -- "-x" --st "x <= 1"`: they stand before the hyphens."""
    told = run(command, "--", "-x", "--st", "x <= 1", "--x", "0")
    assert told.status == 2 and "--st stands behind --, where nothing is an option any more" in told.err
    assert f'gradcli {command} --st … -- "-x"' in told.err
