"""What rounding leaves open level by level: ties, corners, ends of domains, and slopes that stand on rounded sums."""

from __future__ import annotations

import json
import random
from fractions import Fraction

import pytest

from gradcli.shell.problems import row_problem

#: A loss, its numbers, whose decimals lie on a corner, a tie or an end, and the names along which it has no slope.
ON_AN_EDGE = [
    ("sum(abs(x*y-a))", {"x": [0.1, 0.3], "y": [3, 1], "a": 0.3}, "a x y"),
    ("max(x*y)", {"x": [0.1, 0.3], "y": [3, 1]}, "x y"),
    ("min(-x*y)*a", {"x": [0.1, 0.3], "y": [3, 1], "a": 2}, "x y"),
    ("sum(abs(x-mean(x)))", {"x": [0.1, 0.2, 0.3]}, "x"),
    ("abs(mean(x)-0.2)", {"x": [0.1, 0.2, 0.3]}, "x"),
    ("sum(relu(x-mean(x)))", {"x": [0.1, 0.2, 0.3]}, "x"),
    ("max(abs(x-mean(x)))", {"x": [0.1, 0.2, 0.3]}, "x"),
    ("sum(floor(x*y*10))", {"x": [0.1, 0.3], "y": [3, 1]}, "x y"),
    ("sum(where(x*y<a,x,2*x))", {"x": [0.1, 0.3], "y": [3, 1], "a": 0.3}, "a y"),
    ("sum(mod(x*y,a))", {"x": [0.1, 0.3], "y": [3, 1], "a": 0.3}, "a x y"),
]

#: Losses of sums that are computed with rounding, and lie on an end, a jump or a corner of what is made of them.
ON_AN_END = [
    ("log(sum(x))", {"x": [0.1, 0.2, -0.3]}), ("1/sum(x)", {"x": [0.1, 0.2, -0.3]}),
    ("sum(log(x-a))", {"x": [0.3, 0.4], "a": 0.3}), ("sum(1/(x*y-a))", {"x": [0.1, 0.3], "y": [3, 1], "a": 0.3}),
    ("floor(sum(x)*10)", {"x": [0.1, 0.2, 0.3]}), ("sum(sign(x-mean(x)))", {"x": [0.1, 0.2, 0.3]}),
    ("sqrt(sum(x))", {"x": [0.1, 0.2, -0.3]}), ("std(x)*a", {"x": [0.1, 0.1, 0.1], "a": 2}),
    ("norm(x - mean(x))", {"x": [0.7, 0.7, 0.7]}), ("sqrt(sum(x) - 1e-30)*a", {"x": [0.1, 0.2, -0.3], "a": 1}),
    ("abs(sum(x)*a)", {"x": [0.1, 0.2, -0.3], "a": 2}), ("sqrt(sum(exp(x)) - a)", {"x": [0, 0.5], "a": 2.648721270700128}),
]  # fmt: skip

#: Losses in which rows are compared with single ones, themselves among them.
WITH_ITSELF = [
    ("sum(abs(x - x[0]))", {"x": [1, 3, 2]}), ("sum(max(x[i], x[1])*a, i, 0, count()-1)", {"x": [1, 3, 5], "a": 2}),
    ("sum(max(x, max(x)))", {"x": [0.1, 0.3, 0.2]}), ("sum(abs(x - min(x)))", {"x": [0.1, 0.3, 0.2]}),
    ("sum(where(x < x[1], x, 2*x[1]))", {"x": [1, 3, 5]}), ("sum(relu(x[2] - x)*x)", {"x": [1, 3, 2]}),
    ("sum(relu(x - x[0]))", {"x": [1, 1, 2]}),
]  # fmt: skip


@pytest.fixture(params=[False, True], ids=["floats", "arrays"])
def by_levels(run, monkeypatch, request):
    """`by_levels(expression, at)`: status and record of `grad`, level by level."""
    from gradcli.calculus.rows import row_evaluation

    if request.param:
        pytest.importorskip("numpy")
        monkeypatch.setattr(row_evaluation, "MANY", 0)
    monkeypatch.setattr(row_problem, "WRITTEN_OUT", 0)

    def by_levels(expression, at):
        problem = json.dumps({"expression": expression, "at": at})
        ended = run("grad", "-", "--no-save", "--format", "json", text=problem)
        record = json.loads(ended.out)
        assert "rows" in record or "error" in record
        return ended.status, record

    return by_levels


@pytest.mark.parametrize(("expression", "at", "names"), ON_AN_EDGE)
def test_no_slope_is_told_where_decimals_lie_on_an_edge(by_levels, expression, at, names):
    """The floats of the decimals lie beside the edge, on a side that says nothing."""
    status, record = by_levels(expression, at)
    assert status == 3
    for name in names.split():
        partial = record["gradient"][name]
        assert partial is None or None in partial, name


@pytest.mark.parametrize(("expression", "at"), ON_AN_END + WITH_ITSELF)
def test_sums_of_decimals_are_what_they_are(by_levels, run, monkeypatch, expression, at):
    """Values, refusals and partials are those of the text written out, whose sums are rationals."""
    status, record = by_levels(expression, at)
    monkeypatch.setattr(row_problem, "WRITTEN_OUT", 10_000)
    problem = json.dumps({"expression": expression, "at": at})
    ended = run("grad", "-", "--no-save", "--format", "json", text=problem)
    whole = json.loads(ended.out)
    assert status == ended.status and ("error" in record) == ("error" in whole)
    assert "error" in record or "rows" not in whole
    if "error" not in record:
        assert record["value"] == pytest.approx(whole["value"], rel=1e-13, abs=0)
        assert record["gradient"] == whole["gradient"]


def test_an_end_that_rounding_leaves_open_is_told_so(by_levels, monkeypatch):
    """Where there is too much to do for rationals: the sentence says what is open, and no name that nobody gave."""
    from gradcli.calculus.rows import row_in_balls

    monkeypatch.setattr(row_in_balls, "MOST_WORK", 0)
    _, record = by_levels("log(sum(x))", {"x": [0.1, 0.2, -0.3]})
    assert (
        record["error"]["message"]
        == "whether log is defined is not decided: the sums over the rows are rounded"
    )


@pytest.mark.parametrize("seed", range(12))
def test_slopes_of_the_greatest_row_are_within_their_bounds(by_levels, seed):
    """max(y*sum(x)*a) in fractions: the slope along the row that has it is the sum, which is rounded."""
    source = random.Random(seed)
    at = {
        "x": [round(source.uniform(-1, 2), 15) for _ in range(5)], "y": [round(source.uniform(1, 2), 12) for _ in range(5)],
        "a": round(source.uniform(1, 2), 7),
    }  # fmt: skip
    _, record = by_levels("max(y*sum(x)*a)", at)
    exact = {name: [Fraction(str(x)) for x in at[name]] for name in "xy"}
    a, whole = Fraction(str(at["a"])), sum(exact["x"])
    row = max(range(5), key=lambda i: exact["y"][i] * whole * a)
    right = {
        "value": exact["y"][row] * whole * a,
        "a": exact["y"][row] * whole,
        "x": exact["y"][row] * a,
        "y": whole * a,
    }
    found = {name: record["gradient"][name] for name in ("a", "x", "y")}
    numbers = {"value": record["value"], "a": found["a"], "x": found["x"][0], "y": found["y"][row]}
    for name, number in numbers.items():
        error = record["errors"]["value" if name == "value" else f"gradient.{name}"]
        assert abs(Fraction(number) - right[name]) <= Fraction(error), name
        assert error <= 1e-14 * (1 + abs(number)), name


def test_all_rows_that_have_the_greatest_number_are_at_the_corner(by_levels):
    """However many they are."""
    _, record = by_levels("max(x)*a", {"x": [1, 0] * 1500, "a": 2})
    assert record["gradient"]["x"] == [None, 0.0] * 1500
    assert record["gradient"]["a"] == 1.0


def test_decimals_of_many_places_are_what_they_are(by_levels, run):
    """Their floats are equal; a difference that floats do not have is no 0."""
    _, record = by_levels("max(x)", {"x": [1.0, 0.5]})
    assert record["gradient"]["x"] == [1.0, 0.0]
    text = "[0.5000000000000000001, 0.5000000000000000001]"
    ended = run("grad", "sum(x-a)", "--x", text, "--a", "0.5", "--no-save", "--format", "json")
    record = json.loads(ended.out)
    assert "value" in record["undecided"] and record["errors"]["value"] >= 2e-19


def test_a_bound_is_of_the_number_that_min_takes(by_levels):
    """The other one is larger than all else, and so is its error."""
    _, record = by_levels("sum(min(exp(x), a))", {"x": [3, 80.1, 90.7], "a": 1.5})
    assert record["value"] == pytest.approx(4.5, rel=1e-14) and record["errors"]["value"] < 1e-14


@pytest.mark.parametrize("power", [1, 2, 3, 7])
def test_powers_of_numbers_next_to_zero_have_bounds(by_levels, power):
    """Of decimals that relu takes to 0, and of one that is nearly 0."""
    x = [-0.3, 0.1, -2.1, 1e-9, 0.7]
    _, record = by_levels(f"sum(relu(x)**{power}) + sum(x**{power})", {"x": x})
    exact = [Fraction(str(number)) for number in x]
    right = sum(max(number, 0) ** power + number**power for number in exact)
    assert abs(Fraction(record["value"]) - right) <= Fraction(record["errors"]["value"])
    assert record["errors"]["value"] < 1e-14 * (1 + abs(record["value"]))


def test_a_sum_that_is_a_float_is_exact(by_levels):
    """Sums and means of whole numbers leave nothing open: corners and ends are found where they are."""
    status, record = by_levels("log(sum(x) - 6)", {"x": [1, 2, 3]})
    assert status == 3 and "log is not defined" in record["error"]["message"]
    _, record = by_levels("abs(mean(x) - 2)*a", {"x": [1, 2, 3], "a": 2})
    assert record["value"] == 0 and "undecided" not in record
    corner = next(note for note in record["notes"] if note["variable"] == "x")
    assert corner["left"] == pytest.approx(-2 / 3, rel=1e-12) and corner["right"] == pytest.approx(
        2 / 3, rel=1e-12
    )
