"""hessian of a loss over files of more rows than are written out: truths as fractions, by mpmath, by formulas."""

import json
import math
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from gradcli.calculus.rows.bounds.bounded_hessian import Bounded
from gradcli.shell.problems.row_problem import WRITTEN_OUT

UNIT = 2.0**-53


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Files stand where the command is."""
    monkeypatch.chdir(tmp_path)


def table(rows, name="t.csv"):
    Path(name).write_text("x,y\n" + "".join(f"{x!r},{y!r}\n" for x, y in rows))


def answer(run, *words, status=0):
    ended = run("hessian", *words, "--data", "t.csv", "--format", "json")
    assert ended.status == status, ended.err
    return json.loads(ended.out)


def points(count, seed=4):
    random = Random(seed)
    return [(random.gauss(0.5, 1.0), random.gauss(-1, 2)) for _ in range(count)]


def near(found, path, number, true):
    """Within the bound that is said."""
    assert abs(Fraction(number) - true) <= Fraction(found["errors"][path]) + Fraction(math.ulp(number)) / 2, (
        path
    )


@pytest.mark.parametrize("rows", [2_000, 15_000])
def test_entries_are_exact_sums(rows, run):
    """In plain Python and in arrays: the Hessian of a polynomial in fractions, within its bounds and close."""
    every = points(rows)
    table(every)
    found = answer(run, "sum((y - a*x - b*x**2)**2) + a**2*b", "--a", 0.5, "--b", -2)
    moments = [sum(Fraction(x) ** k for x, _ in every) for k in range(5)]
    true = {
        "a": {"a": 2 * moments[2] - 4, "b": 2 * moments[3] + 1},
        "b": {"a": 2 * moments[3] + 1, "b": 2 * moments[4]},
    }
    assert found["rows"] == rows and rows * 34 > WRITTEN_OUT and found["definiteness"] == "positive definite"
    for x in "ab":
        for y in "ab":
            near(found, f"hessian.{x}.{y}", found["hessian"][x][y], true[x][y])
            assert math.isclose(found["hessian"][x][y], true[x][y], rel_tol=1e-13)
    trace, determinant = (
        true["a"]["a"] + true["b"]["b"],
        true["a"]["a"] * true["b"]["b"] - true["a"]["b"] ** 2,
    )
    assert math.isclose(sum(found["eigenvalues"]), trace, rel_tol=1e-12)
    assert math.isclose(math.prod(found["eigenvalues"]), determinant, rel_tol=1e-10)
    assert math.isclose(found["condition"], found["eigenvalues"][1] / found["eigenvalues"][0], rel_tol=1e-12)


def test_levels_within_levels(run):
    """a*std(a*x + b*y): from the variances and the covariance of the columns, by hand."""
    every = points(3_000)
    table(every)
    found = answer(run, "a*std(a*x + b*y)", "--a", 0.5, "--b", -2)["hessian"]
    n = len(every)
    mx, my = (sum(map(Fraction, column)) / n for column in zip(*every, strict=True))
    xx = sum((Fraction(x) - mx) ** 2 for x, _ in every) / n
    yy = sum((Fraction(y) - my) ** 2 for _, y in every) / n
    xy = sum((Fraction(x) - mx) * (Fraction(y) - my) for x, y in every) / n
    a, b = Fraction(1, 2), Fraction(-2)
    s = math.sqrt(a * a * xx + 2 * a * b * xy + b * b * yy)
    p, q = float(a * xx + b * xy), float(a * xy + b * yy)
    rest = float(xx * yy - xy * xy) / s**3
    assert math.isclose(found["a"]["a"], 2 * p / s + 0.5 * rest * 4, rel_tol=1e-11)
    assert math.isclose(found["a"]["b"], q / s + 0.5 * rest * 1.0, rel_tol=1e-11)
    assert math.isclose(found["b"]["b"], 0.5 * rest * 0.25, rel_tol=1e-9)


def test_a_logistic_loss_has_the_digits_that_it_says(run):
    """Against mpmath, within the bounds."""
    mpmath = pytest.importorskip("mpmath")
    every = points(1_500)
    table(every)
    found = answer(run, "mean(log(1 + exp(-y*(a*x + b))))", "--a", 0.25, "--b", 0.5)
    with mpmath.workdps(40):
        true = [mpmath.mpf(0)] * 3
        for x, y in every:
            z = mpmath.mpf(y) * (mpmath.mpf(x) / 4 + mpmath.mpf(1) / 2)
            w = mpmath.mpf(y) ** 2 / (2 + mpmath.exp(z) + mpmath.exp(-z)) / len(every)
            true = [true[0] + w * mpmath.mpf(x) ** 2, true[1] + w * mpmath.mpf(x), true[2] + w]
        for (x, y), number in zip(("aa", "ab", "bb"), true, strict=True):
            entry, error = found["hessian"][x][y], found["errors"][f"hessian.{x}.{y}"]
            assert abs(mpmath.mpf(entry) - number) <= error < 1e-11 * abs(entry)


def test_products(run):
    """The matrix times a direction, in JSON, text and CSV."""
    table(points(2_000))
    words = ("sum((y - a*x - b*x**2)**2)", "--a", 0.5, "--b", -2)
    matrix = answer(run, *words)["hessian"]
    found = answer(run, *words, "--hvp", "a=2,b=-1")
    assert found["direction"] == {"a": 2.0, "b": -1.0} and "hessian" not in found
    for x in "ab":
        assert math.isclose(found["hvp"][x], 2 * matrix[x]["a"] - matrix[x]["b"], rel_tol=1e-12)
    text = run("hessian", *words, "--hvp", "a=2,b=-1", "--data", "t.csv").out
    assert "names: a, b variables; x, y columns of 2,000 rows" in text and "a: hvp " in text
    rows = run("hessian", *words, "--hvp", "a=1", "--data", "t.csv", "--format", "csv").out.splitlines()
    assert rows[0] == "row,hvp" and len(rows) == 3
    rows = run("hessian", *words, "--data", "t.csv", "--format", "csv").out.splitlines()
    assert rows[0] == "row,column,entry,value" and len(rows) == 5


def test_the_text_shows_only_what_is_sure(run):
    """An entry whose terms cancel has fewer digits, or is not told from 0."""
    table([(x, y) for x, _ in points(1_000) for y in (1.0, -1.0)])
    found = answer(run, "sum(y*exp(a*x))", "--a", 0.5)
    assert found["hessian"]["a"]["a"] == 0.0 and "not decided" in found["notes"][-1]["message"]
    assert float(found["undecided"]["hessian.a.a"]) < 1e-9 and found["definiteness"] == "not decided"


def test_corners_and_rows_without_second_derivatives(run):
    """No matrix, the reason, and status 3."""
    table([(float(k % 7), float(k % 5)) for k in range(2_000)])
    found = answer(run, "mean(abs(x - a)*y)", "--a", 3, status=3)
    assert found["hessian"] is None and "corner" in found["notes"][0]["message"]
    found = answer(run, "mean((x - a)**1.5*y)", "--a", 0, status=3)
    assert (
        found["hessian"] is None
        and "a second derivative has no value in row 1" in found["notes"][-1]["message"]
    )
    ended = run("hessian", "mean(log(x - a))", "--a", 0, "--data", "t.csv")
    assert ended.status == 3 and "in row 1" in ended.err


def test_the_session_and_its_files(run):
    """Without EXPR and without --data; on a held-out file."""
    table(points(2_000))
    run("grad", "mean((y - a*x)**2)", "--a", 0.5, "--data", "t.csv")
    own = json.loads(run("hessian", "--format", "json").out)
    assert own["rows"] == 2_000 and own["hessian"]["a"]["a"] > 0
    table(points(3_000, 9), "o.csv")
    other = json.loads(run("hessian", "--data", "o.csv", "--format", "json").out)
    assert other["rows"] == 3_000 and other["hessian"]["a"]["a"] != own["hessian"]["a"]["a"]


def test_what_has_no_sums_says_how_many_rows_there_may_be(run):
    """The least of all rows, along what is asked for."""
    table(points(4_000))
    ended = run("hessian", "max(a*x)", "--a", 1, "--data", "t.csv")
    assert ended.status == 4 and "writes each row out" in ended.err
    assert run("hessian", "sum(a**2*x) + max(y)", "--a", 1, "--data", "t.csv").status == 0


def test_bounded_numbers_hold_the_truth():
    """Sums and products of numbers with errors, against fractions."""
    random = Random(6)
    for _ in range(2_000):
        true = [Fraction(random.uniform(-2, 2)) for _ in range(2)]
        a, b = (Bounded(float(x) + random.choice([0, 1e-12, -3e-9]), 0.0) for x in true)
        a, b = (
            one._replace(error=float(abs(Fraction(one.number) - x)) / UNIT * (1 + 1e-15))
            for one, x in zip((a, b), true, strict=True)
        )
        for found, number in ((a.plus(b), true[0] + true[1]), (a.times(b), true[0] * true[1])):
            assert abs(Fraction(found.number) - number) <= Fraction(found.error) * Fraction(UNIT)
