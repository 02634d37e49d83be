"""Verdicts of losses over rows, level by level, against what is known of them without any descent."""

from __future__ import annotations

import json
import math

import pytest

from gradcli.shell.problems import row_problem

LOGISTIC = "mean(log(1+exp(-s*(a+b*x))))"

#: The same as it is written elsewhere.
LOGISTICS = [LOGISTIC, "sum(softplus(-s*(a+b*x)))", "mean(-log(sigmoid(s*(a+b*x))))",
             "sum(log(1+exp(a+b*x)) - (s+1)/2*(a+b*x))"]  # fmt: skip


@pytest.fixture
def ended(run, monkeypatch):
    """`ended(expression, at)`: the status and the record of `minimize`, level by level."""
    monkeypatch.setattr(row_problem, "WRITTEN_OUT", 0)

    def ended(expression, at, *more):
        problem = json.dumps({"expression": expression, "at": at})
        done = run("minimize", "-", "--no-save", "--format", "json", *more, text=problem)
        return done.status, json.loads(done.out)

    return ended


@pytest.mark.parametrize(
    ("x", "s"), [([-1, 1, 2, -2], [-1, 1, 1, -1]), ([-3, -1, 2], [-1, -1, 1]), ([1, 2, 3], [1, 1, 1])]
)
def test_classes_that_a_line_parts_have_no_best_one(ended, x, s):
    """s*(a + b*x) is positive in all rows for some a and b, and f falls along them to 0, which it never has."""
    for loss in LOGISTICS:
        status, record = ended(loss, {"x": x, "s": s, "a": 0, "b": 0})
        assert status == 1 and record["status"] == "asymptote", loss
        way = record["direction"]
        assert all(t * (way["a"] + way["b"] * u) > 0 for u, t in zip(x, s, strict=True))


@pytest.mark.parametrize("loss", ["sum(relu(1 - s*(a + b*x)))", "sum(relu(1 - s*(a + b*x))**2)"])
def test_losses_that_are_least_are_not_said_to_fall(ended, loss):
    """A hinge loss is 0 from some length of the direction on, which is the least that it can be."""
    _, record = ended(loss, {"x": [-1, 1, 2, -2], "s": [-1, 1, 1, -1], "a": 0, "b": 0})
    assert record["value"] == 0 and record["status"] not in ("asymptote", "unbounded", "plateau")


def test_classes_that_overlap_have_one(ended):
    """Its slopes are 0 by their formulas, here in plain Python."""
    x, s = [-1, 1, 2, -2, 0.5], [-1, 1, 1, 1, -1]
    status, record = ended(LOGISTIC, {"x": x, "s": s, "a": 0, "b": 0})
    assert status == 0 and record["status"] == "minimum"
    a, b = record["x"]["a"], record["x"]["b"]
    weights = [-t / (1 + math.exp(t * (a + b * u))) for u, t in zip(x, s, strict=True)]
    assert abs(math.fsum(weights)) < 1e-14
    assert abs(math.fsum(w * u for w, u in zip(weights, x, strict=True))) < 1e-14


@pytest.mark.parametrize("power", [1, 2])
@pytest.mark.parametrize("start", [2, 5, 30])
def test_tails_have_no_minimum(ended, power, start):
    """exp(-a*x) falls for ever; its slope and its curvature are as small as one likes."""
    status, record = ended(f"sum(exp(-a*x)**{power})", {"x": [1, 2], "a": start})
    assert status == 1 and record["status"] in ("plateau", "asymptote", "flat", "stalled")


def test_a_weak_pull_makes_a_minimum_of_it(ended):
    """With a square of 1e-9 it is one, however flat."""
    status, record = ended(
        f"{LOGISTIC}+1e-9*(a**2+b**2)", {"x": [-1, 1, 2, -2], "s": [-1, 1, 1, -1], "a": 0, "b": 0}
    )
    assert status == 0 and record["status"] == "minimum"


@pytest.mark.parametrize("size", [1e-30, 1e-12, 1.0, 1e12, 1e200])
def test_a_parabola_is_one_at_any_size(ended, size):
    """A minimum is where it is by the mean of the rows."""
    status, record = ended(f"sum((x-a)**2)*{size!r}", {"x": [1, 2.5, 7], "a": 0})
    assert status == 0 and record["x"]["a"] == pytest.approx(3.5, rel=1e-7)


def test_what_floats_leave_open_names_no_direction(ended):
    """f is 1/6 from a = 2 to 13/6, and higher elsewhere: nothing falls there."""
    _, record = ended("mean(abs(y-a*x))", {"x": [1, 2, 3], "y": [2, 4, 6.5], "a": 1})
    assert record["value"] == pytest.approx(1 / 6, rel=1e-15)
    assert "falls on along" not in record["message"]


def test_a_cone_has_no_gradient_at_its_tip(ended):
    """norm(y - a*x) is |a - 2|*sqrt(14): 0 times a slope without end is no slope."""
    _, record = ended("norm(y-a*x)", {"x": [1, 2, 3], "y": [2, 4, 6], "a": 1})
    assert "the gradient is 0" not in record["message"]


#: Losses over the rows of a file, whose minima are known by hand: the median, and lines of Chebyshev and Laplace.
LINE = "t,y\n0,1.02\n1,2.9\n2,5.2\n3,6.8\n4,9.1\n5,11.2\n6,12.8\n"
CORNERS = [
    ("mean(abs(y-a*t-b))", LINE, {"a": 0, "b": 0}, {"a": 2.02, "b": 1.02}, 0.14),
    ("max(abs(y-a*t-b))", LINE, {"a": 1, "b": 1}, {"a": 2, "b": 1}, 0.2),
    ("sum(abs(y-a))", LINE, {"a": 1}, {"a": 6.8}, 23.98),
    ("sum(abs(y-a))", "y\n1\n2\n3\n", {"a": 0.3}, {"a": 2}, 2),
    ("sum(abs(y-a))", "y\n1\n2\n3\n", {"a": 1}, {"a": 2}, 2),
    ("max(abs(y-a))", "y\n1\n2\n9\n", {"a": 0.3}, {"a": 5}, 4),
]


@pytest.mark.parametrize(("loss", "rows", "start", "x", "value"), CORNERS)
def test_corners_over_few_rows_of_a_file_are_minima(run, home, loss, rows, start, x, value):
    """Few rows get the certificate that typed columns get; a maximization of -f is told as well."""
    file = home.parent / "rows.csv"
    file.write_text(rows)
    at = [word for name, number in start.items() for word in (f"--{name}", str(number))]
    for command, text, sign in (("minimize", loss, 1), ("maximize", f"-{loss}", -1)):
        done = run(command, text, "--data", str(file), *at, "--format", "json")
        record = json.loads(done.out)
        assert (done.status, record["status"]) == (0, f"{command[:4]}mum-at-corner")
        assert record["x"] == pytest.approx(x, rel=1e-14) and record["value"] == pytest.approx(
            sign * value, rel=1e-14
        )


@pytest.mark.parametrize("start", [0.3, 100, -3e5])
def test_a_median_of_many_rows_is_found(run, home, start):
    """The middle one of 5,001 numbers k/7 is 2500/7, whatever their order: as many are above it as below."""
    file = home.parent / "rows.csv"
    file.write_text("\n".join(["y", *(repr((i * 7919) % 5001 / 7) for i in range(5001))]))
    done = run("minimize", "sum(abs(y-a))", "--data", str(file), f"--a={start}", "--format", "json")
    record = json.loads(done.out)
    assert (done.status, record["status"], record["x"]["a"]) == (0, "minimum-at-corner", 2500 / 7)


def test_sums_of_numbers_that_only_their_sum_tells_apart(run, home):
    """mean((y - a - b)²) is least all along a + b = mean(y): few rows of a file are told what typed ones are."""
    file = home.parent / "rows.csv"
    file.write_text("y\n1\n2\n6\n")
    done = run("minimize", "mean((y-a-b)**2)", "--data", str(file), "--a=0", "--b=1", "--format", "json")
    record = json.loads(done.out)
    assert (done.status, record["status"]) == (0, "minimum")
    assert record["x"]["a"] + record["x"]["b"] == pytest.approx(3, rel=1e-14)
    assert record["eigenvalues"][0] == 0 and record["eigenvalues"][1] == pytest.approx(4, rel=1e-14)
