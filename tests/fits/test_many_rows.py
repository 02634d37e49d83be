"""Fits of many rows: on arrays and in floats alone, against the same in balls; and the pieces that they are made of."""

from __future__ import annotations

import json
import math
import random

import pytest

from gradcli.fitting.models.fit_problem import FitData, PlainProblem
from gradcli.fitting.models.row_model import compile_model
from gradcli.fitting.models.row_sums import RowSums
from gradcli.fitting.models.squares_program import Measured
from gradcli.fitting.models.summed_squares import SummedSquares
from gradcli.fitting.models.triangles import damped_step, factored, merged, restricted, singular_values
from gradcli.fitting.solver.levenberg_marquardt import Box, descend
from gradcli.fitting.solver.variable_projection import descend_separably
from gradcli.shell.fits.questions import fit_rows, row_counts
from tests.fits.test_linear import written

MODEL = "a*exp(-k*x) + c"


def made(count, seed=3):
    """Rows of a decay with noise."""
    random.seed(seed)
    return [
        (k * 10 / count, round(5 * math.exp(-3 * k / count) + 1 + random.gauss(0, 0.05), 6))
        for k in range(count)
    ]


@pytest.fixture
def file(tmp_path):
    """A file of 600 rows."""
    return written(tmp_path / "rows.csv", "x,y", [(repr(x), repr(y)) for x, y in made(600)])


def answer(run, file, *options):
    """The JSON of the fit."""
    ended = run("fit", MODEL, "--to", "y", "--data", file, *options, "--format", "json")
    assert ended.status == 0
    return json.loads(ended.out)


@pytest.mark.parametrize("arrays", [False, True])
def test_floats_alone_give_the_digits_that_they_promise(arrays, run, file, monkeypatch):
    """Every digit that is called right is one of the answer in balls, and there are at least ten."""
    if arrays:
        pytest.importorskip("numpy")
        monkeypatch.setattr(fit_rows, "ARRAYS", 100)
    balls = answer(run, file)
    monkeypatch.setattr(row_counts, "IN_BALLS", 0)
    floats = answer(run, file)
    assert (balls["proved"], floats["proved"], floats["status"]) == (True, False, "minimum")
    assert "in floats" in floats["message"]
    for name, count in floats["digits"].items():
        assert count >= 10
        assert abs(floats["at"][name] / balls["at"][name] - 1) < 10.0**-count
        assert floats["errors"][name] == pytest.approx(balls["errors"][name], rel=1e-9)
    assert floats["rss"] == pytest.approx(balls["rss"], rel=1e-12)


@pytest.mark.parametrize(
    "options",
    [[], ["--sigma-y", "0.05+x/100"], ["--a", "1", "--k", "1", "--c", "0"], ["--bounds", "k=0:0.2"]],
)
def test_arrays_answer_as_lists_do(options, run, file, monkeypatch):
    """The same minimum to the last place: it is one in balls."""
    pytest.importorskip("numpy")
    plain = answer(run, file, *options)
    monkeypatch.setattr(fit_rows, "ARRAYS", 100)
    arrays = answer(run, file, *options)
    assert (arrays["at"], arrays["errors"], arrays["rss"]) == (plain["at"], plain["errors"], plain["rss"])
    assert arrays["r_squared"] == pytest.approx(plain["r_squared"], rel=1e-12)


def test_arrays_name_the_row_without_a_value(run, file, monkeypatch):
    """As lists do, for what is fitted, its weights, and the model."""
    pytest.importorskip("numpy")
    typed = ["fit", "a*x + b", "--data", file]
    wrong = [["--to", "log(y-2)"], ["--to", "y", "--weights", "1-x/3"], ["--to", "y", "--sigma-y", "x"]]
    before = [run(*typed, *more) for more in wrong] + [run("fit", "a*log(x-1)", "--to", "y", "--data", file)]
    monkeypatch.setattr(fit_rows, "ARRAYS", 100)
    after = [run(*typed, *more) for more in wrong] + [run("fit", "a*log(x-1)", "--to", "y", "--data", file)]
    assert after == before
    assert all(ended.status == 3 and "row" in ended.err for ended in before)


def random_matrix(rows, columns, seed):
    """Columns of random numbers of sizes that differ by decades, and a right side."""
    random.seed(seed)
    return [[random.gauss(0, 1) * 10 ** (3 * j) for _ in range(rows)] for j in range(columns)], [
        random.gauss(0, 1) for _ in range(rows)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_triangles_solve_least_squares(seed):
    """Without damping the step's residuals are orthogonal to every column; what it takes off is what it foretells."""
    columns, right = random_matrix(12, 4, seed)
    step, taken = damped_step(factored(columns, right), [1.0] * 4, 0.0)
    left = [r - sum(d * c[i] for d, c in zip(step, columns, strict=True)) for i, r in enumerate(right)]
    for column in columns:
        across = math.fsum(a * b for a, b in zip(column, left, strict=True))
        assert abs(across) < 1e-13 * math.hypot(*column) * math.hypot(*right)
    assert taken == pytest.approx(math.hypot(*right) ** 2 - math.hypot(*left) ** 2, rel=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_triangles_of_blocks_are_those_of_the_whole(seed):
    """Merged from two halves, and restricted to some columns."""
    columns, right = random_matrix(14, 3, seed)
    halves = [factored([c[part] for c in columns], right[part]) for part in (slice(0, 6), slice(6, 14))]
    whole = factored(columns, right)
    both = merged(halves)
    assert damped_step(both, [1.0] * 3, 0.1)[0] == pytest.approx(
        damped_step(whole, [1.0] * 3, 0.1)[0], rel=1e-10
    )
    assert both.rest == pytest.approx(whole.rest, rel=1e-12)
    some = factored([columns[2], columns[0]], right)
    kept = restricted(whole, [2, 0])
    assert damped_step(kept, [1.0] * 2, 0.0)[0] == pytest.approx(
        damped_step(some, [1.0] * 2, 0.0)[0], rel=1e-10
    )


def test_dependent_columns_are_seen():
    """A column that is a sum of others has a row of zeros, and a singular value of 0."""
    columns, right = random_matrix(10, 2, 8)
    triple = factored([*columns, [a + b for a, b in zip(*columns, strict=True)]], right)
    assert triple.rows[2] == [0.0, 0.0, 0.0] and triple.right[2] == 0.0
    assert singular_values(triple).values[0] < 1e-15


def test_both_descents_end_at_one_minimum():
    """All parameters together, and with the linear ones eliminated."""
    rows = made(40)
    model = compile_model(MODEL, ["a", "k", "c"], ["x"])
    assert model.linear() == {"a", "c"}
    problem = PlainProblem(model, FitData({"x": [x for x, _ in rows]}, [y for _, y in rows], None, {}))
    box = Box([-math.inf] * 3, [math.inf] * 3)
    start = [{"a": 1.0, "c": 0.0, "k": 1.0}[name] for name in problem.names]
    together = descend(problem, start, box, 200)
    linear = [j for j, name in enumerate(problem.names) if name != "k"]
    apart = descend_separably(problem, start, linear, box, 200)
    assert (together.ended, apart.ended) == ("converged", "converged")
    assert together.x == pytest.approx(apart.x, rel=1e-6)


def test_many_scales_are_survived():
    """Parameters of 1e-6 and 1e6 beside each other, from a start that is a thousand times off."""
    rows = [(k * 1e5, 3e6 * (1 - math.exp(-2e-6 * k * 1e5)) + 10 * math.sin(k)) for k in range(30)]
    model = compile_model("a*(1-exp(-b*x))", ["a", "b"], ["x"])
    problem = PlainProblem(model, FitData({"x": [x for x, _ in rows]}, [y for _, y in rows], None, {}))
    end = descend(problem, [3e3, 2e-9], Box([-math.inf] * 2, [math.inf] * 2), 500)
    assert end.ended == "converged"
    assert end.x == pytest.approx([3e6, 2e-6], rel=1e-3)


def test_likelihoods_in_floats_give_the_digits_that_they_promise(run, file, monkeypatch):
    """Those of a normal likelihood, against the same in balls."""
    typed = [
        "fit",
        MODEL,
        "--nll",
        "log(s) + (y-model)**2/(2*s**2)",
        "--data",
        file,
        "--at",
        "a=4,k=0.2,c=0.5,s=0.1",
    ]
    balls = json.loads(run(*typed, "--format", "json").out)
    monkeypatch.setattr(row_counts, "IN_BALLS", 0)
    floats = json.loads(run(*typed, "--format", "json").out)
    assert (balls["proved"], floats["proved"], floats["status"]) == (True, False, "minimum")
    for name, count in floats["digits"].items():
        assert count >= 6
        assert abs(floats["at"][name] / balls["at"][name] - 1) < 10.0**-count
        assert floats["errors"][name] == pytest.approx(balls["errors"][name], rel=1e-6)


@pytest.fixture
def sines(tmp_path, monkeypatch):
    """A file of y = sin(p) in pairs about 0, with balls out of reach."""
    monkeypatch.setattr(row_counts, "IN_BALLS", 0)
    places = [sign * (k + 1) / 32 for k in range(64) for sign in (1, -1)]
    return written(tmp_path / "sines.csv", "p,y", [(repr(p), repr(math.sin(p))) for p in places])


def test_a_greatest_sum_of_squares_is_no_minimum(run, sines):
    """At b = π there is no slope, and the sum is greatest: by exact sums of second derivatives."""
    typed = ("--b", "pi", "--start", "given", "--format", "json")
    ended = run("fit", "sin(b+p)", "--to", "y", "--data", sines, *typed)
    found = json.loads(ended.out)
    assert (ended.status, found["status"]) == (1, "not-reached") and "negative definite" in found["message"]


def test_a_saddle_is_told_from_a_minimum(run, sines):
    """At b = π and a = 0, where one direction falls and one rises."""
    typed = ("--b", "pi", "--a", "0", "--start", "given", "--format", "json")
    ended = run("fit", "sin(b+p)+a*p^2", "--to", "y", "--data", sines, *typed)
    assert (ended.status, json.loads(ended.out)["status"]) == (1, "saddle")


def test_a_sum_of_squares_of_nothing_is_a_minimum(run, sines):
    """It cannot fall."""
    ended = run("fit", "sin(b+p)", "--to", "y", "--data", sines, "--b", "0.5", "--format", "json")
    found = json.loads(ended.out)
    assert (ended.status, found["status"], found["rss"], found["at"]["b"]) == (0, "minimum", 0, 0)


@pytest.mark.parametrize("in_balls", [None, 0])
def test_squares_that_vanish_have_no_verdict(in_balls, run, tmp_path, monkeypatch):
    """Those of 1e-162, which are 0 in floats; with a target of 0 alone the sum is 0 indeed."""
    if in_balls is not None:
        monkeypatch.setattr(row_counts, "IN_BALLS", in_balls)
    rows = [(str(k), f"{2 * k + 1.1 + k % 2}e-162") for k in range(12)]
    typed = ("--to", "y", "--no-save", "--format", "json")
    ended = run("fit", "a*x+b", "--data", written(tmp_path / "t.csv", "x,y", rows), *typed)
    assert (ended.status, json.loads(ended.out)["status"]) == (1, "not-reached")
    assert "goes through every row" not in ended.err
    ended = run(
        "fit", "a*x+b", "--data", written(tmp_path / "t.csv", "x,y", [(x, "0") for x, _ in rows]), *typed
    )
    assert (ended.status, json.loads(ended.out)["rss"]) == (0, 0)


def test_sums_beside_a_corner_stand_for_its_slopes_alone():
    """Where a row has no value there is no sum, although there is one next to it."""
    columns = {"x": [0.0, 1.0, 2.0], "y": [1.0, 2.0, 4.0]}
    measured = Measured(compile_model("y", [], ["y"]).program, None, deviation=False)

    def made(text):
        """The sum of squares of a model of x."""
        sums = RowSums(columns, 3, arrays=False)
        data = FitData({"x": columns["x"]}, columns["y"], None, {})
        return SummedSquares(compile_model(text, ["b"], ["x"]), measured, sums, data)

    assert made("log(b + x)").value([0.0]) is None
    assert made("log(b + x)").value([1e-18]) is not None
    assert made("abs(b - x)").value([1.0]) == pytest.approx(0 + 4 + 9)
