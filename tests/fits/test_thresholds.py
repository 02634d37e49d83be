"""Models with corners and jumps: the point that is told is the one whose sum of squares is told, and both sides are looked at.

What is expected is computed with fractions, by trying every cut of the rows.
"""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from gradcli.fitting.models.array_problem import ArrayProblem
from gradcli.fitting.models.fit_problem import FitData, PlainProblem
from gradcli.fitting.models.row_model import compile_model
from gradcli.fitting.solver.kinked_end import falls, sides_of
from gradcli.fitting.solver.threshold_intervals import intervals_of

TIMES = range(7)
TARGET = [Fraction(text) for text in ("1.02", "2.9", "5.2", "6.8", "9.1", "11.2", "12.8")]
ROWS = list(zip(map(Fraction, TIMES), TARGET, strict=True))

#: A model with a threshold, and what multiplies the parameter of each piece.
STEPS = {"where(t<c,a,b)": lambda t: Fraction(1), "where(t<c,a*t,b*t)": lambda t: t}


@pytest.fixture
def data(tmp_path):
    """The file of the rows."""
    file = tmp_path / "w.csv"
    file.write_text("t,y\n" + "".join(f"{t},{float(y)}\n" for t, y in ROWS))
    return file


@pytest.fixture
def fit(run, data):
    """`fit(model, *options)`: its status and its record."""

    def fit(model, *options):
        ended = run("fit", model, "--to", "y", "--data", data, *options, "--format", "json")
        return ended.status, json.loads(ended.out or ended.err.splitlines()[-1])

    return fit


def best(rows, factor):
    """The best parameter of f = p*factor(t) over rows, 0 where none matters, and the sum of squares there."""
    size = sum((factor(t) ** 2 for t, _ in rows), Fraction(0))
    p = sum((factor(t) * y for t, y in rows), Fraction(0)) / size if size else Fraction(0)
    return p, sum(((y - p * factor(t)) ** 2 for t, y in rows), Fraction(0))


def cuts(model):
    """Every cut of the rows: the first row of the second piece, both parameters, and the sum of squares."""
    for place in range(1, len(ROWS)):
        (a, left), (b, right) = best(ROWS[:place], STEPS[model]), best(ROWS[place:], STEPS[model])
        yield place, a, b, left + right


def squares(model, at):
    """The sum of squares at a point of floats, in fractions."""
    a, b, c = (Fraction(at[name]) for name in "abc")
    return sum((y - (a if t < c else b) * STEPS[model](t)) ** 2 for t, y in ROWS)


def near(number, exact, share=1e-15):
    """Whether a float is that fraction but for rounding."""
    return abs(Fraction(number) - exact) <= Fraction(share) * abs(exact)


@pytest.mark.parametrize("model", STEPS)
def test_a_threshold_stands_between_the_rows_of_the_best_cut(model, fit):
    """Inside of its interval, without an error; the others are the least squares of their pieces to the last digits."""
    status, found = fit(model)
    place, a, b, least = min(cuts(model), key=lambda cut: cut[3])
    assert (status, found["status"]) == (1, "plateau")
    assert found["between"] == {"c": [place - 1, place]} and place - 1 < found["at"]["c"] < place
    assert f"every c between {place - 1} and {place} fits equally well" in found["message"]
    assert found["errors"]["c"] is None and found["intervals"]["c"] is None
    assert near(found["at"]["a"], a) and near(found["at"]["b"], b) and near(found["rss"], least)


@pytest.mark.parametrize("model", STEPS)
@pytest.mark.parametrize("start", [1, 2, 3.5])
def test_the_point_is_the_one_whose_sum_of_squares_is_told(model, start, fit, run, data):
    """From a start at a row too, which counts as the condition says; and the session keeps that point."""
    _, found = fit(model, "--c", start, "--start", "given")
    assert near(found["rss"], squares(model, found["at"]))
    kept = run("grad", "--data", data, "--get", "value")
    assert near(float(kept.out), squares(model, found["at"]))
    low, high = found["between"]["c"]
    assert low < found["at"]["c"] < high
    for c in (low + 1e-9, high - 1e-9):
        assert squares(model, {**found["at"], "c": c}) == squares(model, found["at"])
    for c in (low - 1e-9, high + 1e-9):
        changes = model == "where(t<c,a,b)" or c > 0  # both pieces are 0 at t = 0
        assert (squares(model, {**found["at"], "c": c}) != squares(model, found["at"])) == changes


@pytest.mark.parametrize("model", [*STEPS, "a*max(t-c,0)+b", "where(t<exp(c),a,b)"])
@pytest.mark.parametrize("options", [["--residuals"], ["--residuals", "--format", "csv"], ["--plot"]])
def test_what_is_asked_for_beside_such_a_fit_is_answered(model, options, run, data):
    """Residuals, their file, a picture."""
    ended = run("fit", model, "--to", "y", "--data", data, *options, "--c", 1, "--start", "given")
    assert ended.status == 1 and "mistake" not in ended.err
    assert len(ended.out.splitlines()) > 7


def test_a_report_of_such_a_fit_is_written(run, data, tmp_path):
    """With its picture in it."""
    run("fit", "where(t<c,a*t,b*t)", "--to", "y", "--data", data)
    assert run("report", "--out", tmp_path / "page.md").status == 0
    assert "| c | 2.5 | none |" in (tmp_path / "page.md").read_text()


def test_a_prediction_at_the_threshold_has_a_value_and_no_error(fit):
    """Of the piece that the condition says; one at rows apart has its error."""
    _, found = fit("where(t<c,a,b)", "--c", 1, "--start", "given", "--predict", "t=[0.5,1]")
    at, beside = found["predictions"]
    assert found["at"]["c"] == 0.5 and near(at["value"], Fraction(8)) and at["error"] is None
    assert near(beside["value"], Fraction(8)) and beside["error"] > 0


def test_a_prediction_from_undetermined_parameters_has_a_value_and_no_error(fit):
    """On the line that all members of the flat family are, at rows and between."""
    _, found = fit("a*max(t-c,0)+b", "--predict", "t=[0,1,2.5]")
    slope, intercept = line()
    for one in found["predictions"]:
        assert near(one["value"], slope * Fraction(one["t"]) + intercept, 1e-14) and one["error"] is None


def test_a_fixed_threshold_is_no_corner(fit):
    """Every row has its piece, so that the minimum is certified, and predictions at it have errors."""
    status, found = fit("where(t<c,a,b)", "--fix", "c=3", "--predict", "t=[3]")
    (a, _), (b, _) = best(ROWS[:3], STEPS["where(t<c,a,b)"]), best(ROWS[3:], STEPS["where(t<c,a,b)"])
    assert (status, found["proved"]) == (0, True)
    assert near(found["at"]["a"], a) and near(found["at"]["b"], b)
    assert near(found["predictions"][0]["value"], b) and found["predictions"][0]["error"] > 0


def line():
    """Slope and intercept of the rows, by the normal equations."""
    n, t, y = len(ROWS), sum(t for t, _ in ROWS), sum(y for _, y in ROWS)
    slope = (n * sum(t * y for t, y in ROWS) - t * y) / (n * sum(t * t for t, _ in ROWS) - t * t)
    return slope, (y - slope * t) / n


def test_linear_parameters_are_right_to_the_digits_shown(run, data):
    """Also where others are not determined: beyond all rows a*abs(t - c) + b is a line."""
    ended = run("fit", "a*abs(t-c)+b", "--c", 2, "--start", "given", "--to", "y", "--data", data)
    assert (ended.status, line()[0]) == (1, Fraction(349, 175))
    assert "a: 1.994285714," in ended.out  # 1.99428571428…


@pytest.mark.parametrize("model", ["a*max(t-c,0)+b", "a*relu(t-c)+b"])
def test_the_end_of_a_flat_family_is_no_minimum(model, fit):
    """At c = 0 the model is a line on one side, where b and c only matter together."""
    status, found = fit(model)
    assert (status, found["status"], found["at"]["c"]) == (1, "not-determined", 0.0)
    assert "b and c only matter together" in found["message"] and "below c = 0" in found["message"]
    assert (found["errors"]["b"], found["errors"]["c"]) == (None, None)
    slope, intercept = line()
    assert near(found["at"]["a"], slope) and near(found["at"]["b"], intercept, 1e-14)


#: Rows of which Σ(y - a|t - c|)² is least at the third.
FOLD = [Fraction(text) for text in ("2.1", "1.2", "-0.5", "0.8", "2.3")]


def least(c):
    """The least sum of squares of a|t - c| over these rows for a c, and the a."""
    p, value = best(list(enumerate(FOLD)), lambda t: abs(t - c))
    return value, p


def test_a_minimum_at_a_corner(fit, data):
    """Along c it rises on both sides."""
    data.write_text("t,y\n" + "".join(f"{t},{float(y)}\n" for t, y in enumerate(FOLD)))
    status, found = fit("a*abs(t-c)")
    value, a = least(Fraction(2))
    assert a == Fraction(27, 25) and all(least(2 + Fraction(k, 1000))[0] > value for k in (-50, -1, 1, 50))
    assert (status, found["status"], found["at"]["c"]) == (0, "minimum", 2.0)
    assert near(found["at"]["a"], a) and near(found["rss"], value)
    assert "at a corner of the model, c = 2" in found["message"] and not found["proved"]


def test_a_side_that_falls_is_seen():
    """At the second row, with the best a there: towards the third the sum of squares is lower."""
    model = compile_model("a*abs(t-c)", {"t", "a", "c"}, {"t"})
    problem = PlainProblem(model, FitData({"t": [0.0, 1.0, 2.0, 3.0, 4.0]}, list(map(float, FOLD)), None, {}))
    value, a = least(Fraction(1))
    x = [float(a), 1.0]
    above, below = sides_of(problem, x, [0, 1], problem.linearize(x).triangle)
    assert least(Fraction(1001, 1000))[0] < value < least(Fraction(999, 1000))[0]
    assert (above.name, above.sign, below.sign) == ("c", 1, -1)
    assert falls(above, [0, 1], problem.names, float(value))
    assert not falls(below, [0, 1], problem.names, float(value))


@pytest.mark.parametrize(("bounds", "between"), [("c=2.2:2.8", [2.2, 2.8]), ("c=2.2:3.4", [3, 3.4])])
def test_a_threshold_stays_within_its_bounds(bounds, between, fit):
    """It is at none of them: there is no slope towards any."""
    status, found = fit("where(t<c,a,b)", "--bounds", bounds)
    assert (status, found["status"], found["between"]["c"]) == (1, "plateau", between)
    assert between[0] < found["at"]["c"] < between[1]
    assert near(found["rss"], squares("where(t<c,a,b)", found["at"]))


def test_a_corner_at_a_bound_has_one_side(fit):
    """With c >= 0 the end of the flat family is a minimum within the bounds, and errors are those of the line."""
    status, found = fit("a*max(t-c,0)+b", "--bounds", "c=0:5")
    assert (status, found["status"], found["at"]["c"]) == (0, "minimum-on-bound", 0.0)
    slope, intercept = line()
    rest = sum((y - slope * t - intercept) ** 2 for t, y in ROWS)
    assert near(found["rss"], rest, 1e-12) and found["errors"]["c"] is None
    assert found["errors"]["a"] == pytest.approx(float(rest / 5 / 28) ** 0.5, rel=1e-6)  # Σ(t - 3)² = 28


def test_a_point_between_two_jumps_is_called_none_of_a_minimum(fit):
    """sign is 0 at the fourth row alone: no c beside it is as good."""
    status, found = fit("a+b*sign(t-c)")
    left, right = sum(TARGET[:3]), sum(TARGET[4:])
    assert near(found["at"]["a"], sum(TARGET) / 7) and near(found["at"]["b"], (right - left) / 6)
    assert (status, found["status"], found["at"]["c"], found["errors"]["c"]) == (1, "not-reached", 3.0, None)
    assert "beside which the sum of squares is higher" in found["message"]


@pytest.mark.parametrize(
    ("text", "c", "interval"),
    [
        ("where(t<c,1,2)", 2.5, (2, 3)), ("where(t<c,1,2)", 2.0, (1, 2)), ("where(t<=c,1,2)", 2.0, (2, 3)),
        ("where(2*t+1<c/3,1,2)", 10.0, (9, 15)), ("where(t/4>c,1,2)", 0.3, (0.25, 0.5)), ("max(t-c,0)", 9.0, (6, None)),
        ("where(t<c and t>1,1,2)", -3.0, (None, 0)), ("sign(t*t-c)", 5.0, (4, 9)), ("where(-t<c,1,2)", 0.0, (-1, 0)),
    ],
)  # fmt: skip
def test_intervals_are_those_between_which_no_row_changes(text, c, interval):
    """Their ends by hand; `interval` has None for no end."""
    problem, find = problem_of(text)
    found = find([c], 0)
    assert tuple(None if abs(end) == float("inf") else end for end in found) == interval
    assert problem.value([found.middle]) == problem.value([c])


@pytest.mark.parametrize(
    ("text", "c"),
    [("where(t<exp(c),1,2)", 1.0), ("floor(t/c)", 0.4), ("where(t<c,c,2)", 2.5), ("sign(t-c)", 2.0)],
)
def test_no_interval_is_made_up(text, c):
    """Where what is compared is no line in the parameter, where f depends on it, and where no side is as the point."""
    assert problem_of(text)[1]([c], 0) is None


def problem_of(text):
    """The problem of a model over the rows, and what finds its intervals."""
    model = compile_model(text, {"t", "c"}, {"t"})
    rows = FitData({"t": [float(t) for t in TIMES]}, list(map(float, TARGET)), None, {})
    return PlainProblem(model, rows), intervals_of(model, rows, ["c"])


@pytest.mark.parametrize("text", ["where(t<c,a,b)", "a*max(t-c,0)+b", "a*abs(t-c)+b", "a*floor(t-c)+b"])
def test_arrays_have_the_same_values_and_slopes_at_rows(text):
    """A row exactly at a corner or a jump has the value that the text says."""
    import numpy as np

    model = compile_model(text, {"t", "a", "b", "c"}, {"t"})
    plain = FitData({"t": [float(t) for t in TIMES]}, list(map(float, TARGET)), None, {})
    arrays = FitData({"t": np.array(plain.columns["t"])}, np.array(plain.target), None, {})
    one, other = PlainProblem(model, plain), ArrayProblem(model, arrays)
    at = [1.5, 0.25, 3.0]
    a, b, c = map(Fraction, at)
    f = {
        "where(t<c,a,b)": lambda t: a if t < c else b, "a*max(t-c,0)+b": lambda t: a * max(t - c, 0) + b,
        "a*abs(t-c)+b": lambda t: a * abs(t - c) + b, "a*floor(t-c)+b": lambda t: a * (t - c) + b,
    }[text]  # fmt: skip
    exact = sum((y - f(t)) ** 2 for t, y in ROWS)
    assert near(one.value(at), exact, 1e-14) and near(other.value(at), exact, 1e-14)
    for left, right in zip(one.slopes(at), other.slopes(at), strict=True):
        assert list(left) == list(right)


@pytest.mark.parametrize(
    ("model", "row", "condition"),
    [
        ("a*log(t)+b", 1, "t > 0"), ("a*sqrt(t-1)+b", 1, "t-1 >= 0"), ("a/t+b", 1, "t != 0"), ("a*asin(t)+b", 3, "abs(t) <= 1"),
        ("u = t-1; a*log(u)+b", 1, "t-1 > 0"), ("a*t**-0.5+b", 1, "t > 0"), ("log(k)*log(2*t-1)", 1, "2*t-1 > 0"),
    ],
)  # fmt: skip
def test_a_row_without_a_value_for_any_parameters(model, row, condition, fit):
    """It is named with what leaves it out, and then the fit is carried out."""
    status, found = fit(model)
    assert (status, found["error"]["hint"]) == (3, f'--where "{condition}" leaves it out')
    assert f"row {row}:" in found["error"]["message"]
    status, found = fit(model, "--where", condition)
    assert status < 2 and found["rows"] < len(ROWS)


def test_a_row_that_other_parameters_give_a_value_has_the_hint_of_a_start(fit):
    """log(t - 1) at t = 0."""
    status, found = fit("a*log(t-c)+b", "--c", 1, "--start", "given")
    assert (status, found["error"]["hint"]) == (3, "--NAME VALUE is another start")


@pytest.mark.parametrize(("degree", "told"), [(5, True), (6, False), (7, False)])
def test_criteria_need_a_degree_of_freedom(degree, told, fit, run, data):
    """A polynomial through all rows leaves rounding alone, of which there is no likelihood."""
    model = " + ".join(
        f"{name}*t**{power}" for power, name in zip(range(degree + 1), "abcdfhkl", strict=False)
    )
    _, found = fit(model)
    assert found["dof"] == max(6 - degree, 0)
    assert ((found["aic"] is not None), (found["bic"] is not None)) == (told, told)
    assert ("AIC" in run("fit", model, "--to", "y", "--data", data).out) == told


#: Rows that a threshold parts, a start beside it, and the middle between the rows that it parts.
PARTED = (
    ("1.227,-0.9 2.499,-1.09 3.339,2.35 4.375,2.37 4.766,2.44 4.87,2.42 5.752,2.46 5.855,2.33", (-0.844, 2.15, 3.58), 2.919),
    ("0.9,0.555 1.9,0.541 2.4,0.934 3.4,0.837 3.8,2.66 4.1,2.338 4.5,2.938 5.2,2.562", (0.601, 2.74, 3.28), 3.6),
)  # fmt: skip


@pytest.mark.parametrize(("rows", "start", "middle"), PARTED)
def test_a_threshold_is_found_beyond_the_rows_next_to_its_start(rows, start, middle, run, tmp_path):
    """The best of all cuts of the rows, though the sum of squares has no slope along it; --start given stays where it is."""
    file = tmp_path / "cut.csv"
    file.write_text("t,y\n" + rows.replace(" ", "\n") + "\n")
    numbers = [float(row.partition(",")[2]) for row in rows.split()]
    values = [word for pair in zip(("--a", "--b", "--c"), start, strict=True) for word in pair]
    words = ("fit", "where(t < c, a, b)", "--to", "y", "--data", file, *values, "--format", "json")
    found = json.loads(run(*words).out)

    def squares(part):
        return sum((y - sum(part) / len(part)) ** 2 for y in part)

    least = min(squares(numbers[:cut]) + squares(numbers[cut:]) for cut in range(1, len(numbers)))
    assert found["rss"] == pytest.approx(least) and found["at"]["c"] == middle
    given = json.loads(run(*words, "--start", "given").out)
    assert given["rss"] > 2 * least
