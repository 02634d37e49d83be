"""What fits of other programs are complained of: each ends with a sentence, and with errors that are right or none."""

from __future__ import annotations

import json
import math
import random

import pytest

from tests.fits.test_linear import written


@pytest.fixture
def fit(run, tmp_path):
    """`fit(model, rows, *options)`: the model fitted to y over rows of x and y; status, JSON (or its error), text."""

    def fit(model, rows, *options, to="y", header="x,y"):
        file = tmp_path / "rows.csv"
        file.write_text("\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n")
        typed = ["fit", model, "--to", to, "--data", file, *options]
        ended, text = run(*typed, "--format", "json"), run(*typed)
        assert text.status == ended.status
        return ended.status, json.loads(ended.out or ended.err.splitlines()[-1]), text

    return fit


DECAY = [(k, round(5 * math.exp(-0.3 * k) + 1 + 0.05 * math.sin(7 * k), 3)) for k in range(12)]


def test_a_parameter_that_ends_at_exactly_zero(fit):
    """It is 0, with an error, and no share of it."""
    rows = [(x, y + 0.01 * (x * x == 1)) for x, y in [(-2, 3), (-1, 1.5), (0, 1), (1, 1.5), (2, 3)]]
    status, found, text = fit("a*x + b*x**2 + c", rows, "--a", "1", "--b", "1", "--c", "0")
    assert (status, found["at"]["a"], found["t"]["a"]) == (0, 0.0, 0.0)
    assert found["errors"]["a"] > 0 and found["p"]["a"] == 1.0
    assert "a: 0, ± 0.00" in text.out


def test_a_parameter_without_influence(fit):
    """It is named, the others have their errors, and the status is 1."""
    status, found, _ = fit("a*x + b + 0*c", DECAY)
    _, plain, _ = fit("a*x + b", DECAY)
    assert (status, found["status"]) == (1, "not-determined")
    assert "c has no influence" in found["message"] and found["undetermined"] == [{"c": 1.0}]
    assert found["errors"]["c"] is None
    assert found["errors"]["a"] == pytest.approx(plain["errors"]["a"], rel=1e-9)
    assert found["dof"] == plain["dof"]


def test_two_that_only_matter_together(fit):
    """An infinite covariance elsewhere: here both are named, with the direction along which nothing changes."""
    status, found, _ = fit("a*b*x + c", DECAY, "--a", "1", "--b", "-1", "--c", "0")
    assert (status, found["status"]) == (1, "not-determined")
    assert "a and b only matter together" in found["message"]
    (direction,) = found["undetermined"]
    a, b = found["at"]["a"], found["at"]["b"]
    assert direction["a"] * b + direction["b"] * a == pytest.approx(0, abs=1e-8)  # the product stays
    assert (found["errors"]["a"], found["errors"]["b"], found["covariance"] and found["correlation"]) == (
        None,
        None,
        None,
    )
    assert found["errors"]["c"] > 0


def test_perfect_data(fit):
    """A sum of squares of 0 is one, and is said to say nothing of the errors."""
    status, found, text = fit("a*x + b", [(x, 2 * x + 1) for x in range(6)])
    assert (status, found["rss"], found["at"]) == (0, 0.0, {"a": 2.0, "b": 1.0})
    assert (found["aic"], found["r_squared"]) == (None, 1.0)
    assert "goes through every row" in text.err


@pytest.mark.parametrize(("rows", "dof"), [([(1, 2)], 0), ([(1, 2), (2, 5)], 0)])
def test_more_parameters_than_rows(fit, rows, dof):
    """Both numbers are said, and no error is made up."""
    status, found, text = fit("a*x**2 + b*x + c", rows)
    assert (status, found["status"], found["dof"]) == (1, "not-determined", dof)
    assert f"3 parameters and {len(rows)} row" in found["message"]
    assert set(found["errors"].values()) == {None}
    assert "no degree of freedom" in text.out


def test_as_many_parameters_as_rows(fit):
    """The line through two points is a minimum, of which no error is known."""
    status, found, _ = fit("a*x + b", [(1, 2), (2, 5)])
    assert (status, found["at"], found["sigma"]) == (0, {"a": 3.0, "b": -1.0}, None)
    assert set(found["errors"].values()) == {None}


def test_a_constant_column(fit):
    """Slope and intercept cannot be told apart."""
    status, found, _ = fit("a*x + b", [(3, 2.1), (3, 1.9), (3, 2.3)])
    assert (status, found["status"]) == (1, "not-determined")
    assert "a and b only matter together" in found["message"]


def test_a_constant_target(fit):
    """There is nothing to explain: no R²."""
    _, found, _ = fit("a*x + b", [(1, 2), (2, 2), (3, 2)])
    assert (found["at"], found["r_squared"]) == ({"a": 0.0, "b": 2.0}, None)


def test_missing_cells(fit):
    """An error with the row; --missing skip leaves such rows out, and says so."""
    rows = [(1, 2), (2, "nan"), (3, 4.2), (4, 5.1)]
    status, found, _ = fit("a*x + b", rows)
    assert status == 3 and "row 2" in found["error"]["message"]
    status, found, text = fit("a*x + b", rows, "--missing", "skip")
    assert (status, found["rows"], found["data"]["left_out"]) == (0, 3, 1)
    assert "1 row with a missing cell is left out" in text.err


def test_a_start_on_a_plateau(fit):
    """Told apart from a model without a minimum, and left behind where that is allowed."""
    start = ["--a", "1", "--k", "10000", "--c", "0"]
    status, found, _ = fit("a*exp(-k*x) + c", DECAY, *start, "--start", "given")
    assert (status, found["status"]) == (1, "plateau")
    assert "k has no influence on any row here" in found["message"]
    status, found, text = fit("a*exp(-k*x) + c", DECAY, *start)
    assert (status, found["status"]) == (0, "minimum")
    assert "from yours rss" in text.out and "better found from" in text.out
    assert found["start"]["from_start"]["rss"] > 10 * found["rss"]


def test_a_start_outside_the_domain(fit):
    """Status 3 with the row and the reason; elsewhere something better is found, and that is said."""
    rows = [(x, round(2 * math.log(x + 3) + 1 + 0.01 * (x % 3), 3)) for x in range(9)]
    start = ["--a", "1", "--b=-5", "--c", "0"]
    status, found, _ = fit("a*log(x + b) + c", rows, *start, "--start", "given")
    assert status == 3 and "row 1: log is not defined" in found["error"]["message"]
    status, found, text = fit("a*log(x + b) + c", rows, *start)
    assert (status, found["start"]["from_start"]["rss"]) == (0, None)
    assert "from yours no value" in text.out


def test_no_start_has_a_value(fit):
    """The reason is that of the first row."""
    status, found, _ = fit("a*log(x) + b", [(-1, 1), (2, 3), (4, 6)])
    assert status == 3 and "log is not defined at x = -1" in found["error"]["message"]


def test_a_fit_on_a_bound(fit):
    """The bound is named, the others are fitted with it, and it has no error."""
    status, found, text = fit("a*exp(-k*x) + c", DECAY, "--bounds", "k=0:0.2")
    assert (status, found["status"], found["at"]["k"]) == (0, "minimum-on-bound", 0.2)
    _, held, _ = fit("a*exp(-k*x) + c", DECAY, "--fix", "k=0.2")
    assert [found["at"][n] for n in "ac"] == pytest.approx([held["at"][n] for n in "ac"], rel=1e-14)
    assert [found["errors"][n] for n in "ac"] == pytest.approx([held["errors"][n] for n in "ac"], rel=1e-12)
    assert found["errors"]["k"] is None and "k: 0.2, ± at its bound" in text.out


def test_bounds_that_do_not_hold_change_nothing(fit):
    """The same minimum as without."""
    _, within, _ = fit("a*exp(-k*x) + c", DECAY, "--bounds", "k=0:9,a=0:100")
    _, plain, _ = fit("a*exp(-k*x) + c", DECAY)
    assert within["status"] == "minimum"
    assert (within["at"], within["errors"]) == (plain["at"], plain["errors"])


def test_a_model_whose_sum_of_squares_only_falls(fit):
    """A straight line wants a and 1/b without end: no minimum is claimed."""
    random.seed(2)
    rows = [(x, round(x + 0.01 * x * x + random.gauss(0, 0.001), 5)) for x in range(1, 10)]
    status, found, _ = fit("a*(1 - exp(-b*x))", rows, "--a", "1", "--b", "1", "--bounds", "b=0:")
    assert status == 1 or found["status"] == "minimum-on-bound"
    status, found, _ = fit("a/(1 + exp(-x/b))", [(1, 1), (2, 1), (3, 1.0), (4, 1)], "--a", "2", "--b", "1")
    assert status == 1 and found["status"] in ("falling", "plateau", "not-reached", "not-determined")


def test_fixed_and_tied_parameters(fit):
    """What is fixed is not counted; a definition ties one parameter to another."""
    _, found, text = fit("a*exp(-k*x) + c", DECAY, "--fix", "c=1")
    assert (found["fixed"], found["parameters"], found["dof"]) == ({"c": 1.0}, ["a", "k"], 10)
    assert "c: 1, ± fixed" in text.out
    _, tied, _ = fit("b = 2*a; a*x + b", DECAY)
    _, plain, _ = fit("a*(x + 2)", DECAY)
    assert (tied["at"], tied["errors"]) == (plain["at"], plain["errors"])


@pytest.mark.parametrize(("model", "options", "status", "said"), [
    ("a*exp(-k*X)", [], 2, "X may be the column x or a parameter"), ("a*x", ["--to", "z"], 2, "z is no column"),
    ("a*x", ["--b", "1"], 2, "b is no parameter"), ("exp(x)", [], 2, "no parameter to be fitted"),
    ("a*x", ["--fix", "a=1"], 2, "no parameter to be fitted"), ("a*x", ["--x", "1"], 2, "x is a column"),
    ("a*mean(x)", [], 2, "mean"), ("a*x +", [], 2, ""), ("a*x", ["--bounds", "a=2:1"], 2, "not below"),
    ("a*x", ["--absolute-sigma"], 2, "--sigma-y"), ("a*x", ["--sigma-y", "x", "--weights", "x"], 2, "both"),
    ("a*x", ["--sigma-y", "x"], 3, "row 1: it is 0"), ("a*x", ["--weights", "x-1"], 3, "row 1"),
    ("a*x", ["--sigma-y", "s"], 2, "s is no column"), ("a*x", ["--confidence", "100"], 2, "100"),
    ("a*x", ["--a", "1", "--fix", "a=1"], 2, "a has a start and is fixed"),
])  # fmt: skip
def test_what_is_not_understood(model, options, status, said, run, tmp_path):
    """One sentence each, and nothing is fitted."""
    file = tmp_path / "rows.csv"
    file.write_text("x,y\n" + "\n".join(f"{x},{y}" for x, y in DECAY) + "\n")
    to = [] if "--to" in options else ["--to", "y"]
    ended = run("fit", model, *to, "--data", file, *options)
    assert (ended.status, ended.out) == (status, "")
    assert ended.err.startswith("gradcli: ") and said in ended.err


def test_what_is_missing_is_asked_for(run, tmp_path):
    """No file, no target, no model, two models."""
    file = tmp_path / "rows.csv"
    file.write_text("x,y\n1,2\n")
    for typed in (["a*x", "--to", "y"], ["a*x", "--data", file], ["--to", "y", "--data", file],
                  ["a*x", "b*x", "--to", "y", "--data", file]):  # fmt: skip
        ended = run("fit", *typed)
        assert (ended.status, ended.out) == (2, "") and "hint:" in ended.err


@pytest.mark.parametrize(("typed", "status", "said"), [
    (("a*exp(-k*z)", "--to", "y"), 2, "the model names no column of"),
    (("a", "--to", "y"), 0, "rows.csv (x, y): it is one number for all rows"),
    (("a*x", "--to", "y", "--loss", "huber:q"), 2, "--loss huber:q: the scale is not a number"),
    (("a*x", "--to", "y", "--predict", "x"), 2, '--predict "x=[1,2]", or a file'),
    (("a*x", "--to", "y", "--predict", "z=1"), 2, "its columns are x"),
    (("a*x", "--to", "y", "--confidence", "0.95"), 0, "--confidence 95 has those of 95 %"),
    (("y = a*x + b",), 2, 'gradcli fit "a*x + b" --to y'), (("b = 2*a; a*x + b",), 2, "nothing says what is fitted"),
    (("a + e*x", "--to", "y"), 0, "e is the constant 2.718…, and no parameter: --e 1 makes it one"),
    (("a*x", "--nll", "(y - modle)**2"), 2, "in EXPR it is called model"),
])  # fmt: skip
def test_what_was_probably_meant_is_said(run, tmp_path, typed, status, said):
    """Each is a slip of a person who has not used it before."""
    file = written(tmp_path / "rows.csv", "x,y", [("1", "2.1"), ("2", "3.9"), ("3", "6.2")])
    ended = run("fit", *typed, "--data", file, "--no-save")
    assert ended.status == status and said in ended.err and "----" not in ended.err


@pytest.mark.parametrize("model", ["a*e**(-x)", "e = a; e*x", "a*exp(x)", "a*e^(b*x)"])
def test_bases_and_definitions_are_what_they_are(run, tmp_path, model):
    """Nothing is said of Euler's number where it is one, and of a name that the text defines."""
    file = written(tmp_path / "rows.csv", "x,y", [("1", "2.1"), ("2", "3.9"), ("3", "6.2")])
    assert "constant" not in run("fit", model, "--to", "y", "--data", file, "--no-save").err


def test_a_larger_model_that_ends_worse_has_no_f(fit):
    """The one does not hold the other."""
    status, found, _ = fit("a*exp(-k*x) + c", DECAY, "--compare", "p + q*sin(5*x) + r*cos(5*x) + s*sin(9*x)")
    beside = found["comparison"]
    assert status == 0 and beside["rss"] > found["rss"] and beside["dof"] < found["dof"]
    assert (beside["f"], beside["p"]) == (None, None)


def test_a_column_that_the_model_defines_is_said_to_be_one(fit):
    """Not taken for a slip of the fingers."""
    status, _, text = fit("y = a*x; y + b", DECAY)
    assert status == 2 and "y is a column, and the model defines a y of its own" in text.err
    assert "did you mean" not in text.err
