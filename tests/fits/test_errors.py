"""What follows from a fit: intervals, profiles, quantities made of parameters, predictions, curvature, rows one by one."""

from __future__ import annotations

import json
import math
import random
from fractions import Fraction

import mpmath
import pytest

from gradcli.fitting.inference.student_t import (
    chi_square_tail,
    fisher_quantile,
    fisher_tail,
    normal_quantile,
    student_quantile,
    student_tail,
)
from tests.fits.reference_sets import FOLDER
from tests.fits.test_linear import exact, written

#: Reaction velocities over concentrations (Bates & Watts 1988, table A1.3, treated enzyme).
ENZYME = [(0.02, 76), (0.02, 47), (0.06, 97), (0.06, 107), (0.11, 123), (0.11, 139), (0.22, 159), (0.22, 152), (0.56, 191),
          (0.56, 201), (1.10, 207), (1.10, 200)]  # fmt: skip


@pytest.fixture
def fitted(run, tmp_path):
    """`fitted(model, rows, *options)`: the JSON of a fit of y over rows of x and y."""

    def fitted(model, rows, *options, header="x,y"):
        file = written(tmp_path / "rows.csv", header, [tuple(map(str, row)) for row in rows])
        ended = run("fit", model, "--to", "y", "--data", file, *options, "--format", "json")
        assert ended.status == 0, ended
        return json.loads(ended.out)

    return fitted


@pytest.mark.parametrize("dof", [1, 2, 5, 12, 30, 200])
@pytest.mark.parametrize("t", [0.1, 1, 2.5, 40])
def test_tails_of_student(dof, t):
    """Against the density, integrated in many digits."""
    with mpmath.workdps(30):
        c = (
            mpmath.gamma((dof + 1) / mpmath.mpf(2))
            / mpmath.sqrt(dof * mpmath.pi)
            / mpmath.gamma(mpmath.mpf(dof) / 2)
        )
        tail = 1 - 2 * c * mpmath.quad(
            lambda x: (1 + x * x / dof) ** (-(dof + 1) / mpmath.mpf(2)), [0, t / 2, t]
        )
        assert student_tail(t, dof) == pytest.approx(float(tail), rel=1e-12)
        assert student_tail(-t, dof) == student_tail(t, dof)


def test_other_tails_and_quantiles():
    """Against the incomplete gamma function, known relations, and printed tables."""
    assert chi_square_tail(4.2, 3) == pytest.approx(
        float(mpmath.gammainc(1.5, 2.1, regularized=True)), rel=1e-13
    )
    assert fisher_tail(2.5**2, 1, 7) == pytest.approx(student_tail(2.5, 7), rel=1e-13)
    assert fisher_quantile(0.95, 1, 9) == pytest.approx(student_quantile(0.95, 9) ** 2, rel=1e-13)
    assert (round(student_quantile(0.95, 12), 4), round(normal_quantile(0.95), 6)) == (2.1788, 1.959964)
    assert student_quantile(0.95, 1) == pytest.approx(math.tan(math.pi * 0.475), rel=1e-14)
    assert round(fisher_quantile(0.95, 2, 10), 3) == 4.103


def test_the_enzyme_has_the_published_numbers(fitted):
    """Estimates, errors and relative curvatures as printed (Venables & Ripley 2002, section 8.3)."""
    found = fitted("Vm*x/(K+x)", ENZYME, "--Vm", "200", "--K", "0.1")
    assert [round(found["at"]["Vm"], 1), round(found["at"]["K"], 4)] == [212.7, 0.0641]
    assert [round(found["errors"]["Vm"], 3), round(found["errors"]["K"], 6)] == [6.947, 0.008281]
    assert [round(found["curvature"]["effects"], 4), round(found["curvature"]["intrinsic"], 3)] == [
        0.2121,
        0.092,
    ]
    assert (round(found["sigma"], 2), found["dof"]) == (10.93, 10)


def test_a_linear_model_is_not_curved(fitted):
    """Both curvatures are 0, and the profile is Student's interval."""
    found = fitted("a*x + b", [(1, 2.1), (2, 3.9), (3, 6.3), (4, 7.7), (5, 10.2)], "--profile")
    assert found["curvature"] == {"intrinsic": 0.0, "effects": 0.0}
    for name in "ab":
        assert found["profile"][name] == pytest.approx(found["intervals"][name], rel=1e-7)


@pytest.mark.parametrize("level", [90, 95])
def test_profiles_end_where_the_sum_of_squares_says(level, run):
    """b1*(1 - exp(-b2*x)) with b1 eliminated by hand: at both ends the rise is t² s², in 40 digits."""
    file = FOLDER / "BoxBOD.csv"
    found = json.loads(run("fit", "b1*(1-exp(-b2*x))", "--to", "y", "--data", file, "--b1", "100", "--b2", "0.75",
                           "--profile", "--confidence", level, "--format", "json").out)  # fmt: skip
    rows = [tuple(map(mpmath.mpf, line.split(","))) for line in file.read_text().split()[1:]]
    if file.read_text().startswith("y"):
        rows = [(x, y) for y, x in rows]

    def least(b):
        """The sum of squares, least along b1."""
        g = [1 - mpmath.exp(-b * x) for x, _ in rows]
        a = sum(y * one for (_, y), one in zip(rows, g, strict=True)) / sum(one * one for one in g)
        return sum((y - a * one) ** 2 for (_, y), one in zip(rows, g, strict=True))

    with mpmath.workdps(40):
        s2 = mpmath.mpf(found["rss"]) / 4
        for end in found["profile"]["b2"]:
            rise = (least(mpmath.mpf(end)) - mpmath.mpf(found["rss"])) / s2
            assert float(rise) == pytest.approx(student_quantile(level / 100, 4) ** 2, rel=1e-6)
    low, high = found["profile"]["b2"]
    assert high - found["at"]["b2"] > 1.3 * (found["at"]["b2"] - low)  # it is not symmetrical


def test_where_the_tangent_misleads_it_is_said(run):
    """A note names --profile; with it there is none."""
    typed = [
        "fit",
        "b1*(1-exp(-b2*x))",
        "--to",
        "y",
        "--data",
        FOLDER / "BoxBOD.csv",
        "--b1",
        "100",
        "--b2",
        "0.75",
    ]
    assert "Student's t misleads, --profile holds" in run(*typed).err
    assert "misleads" not in run(*typed, "--profile").err


@pytest.mark.parametrize(("places", "noise", "told"), [
    ([k / 4 for k in range(1, 31)], 0.5, False), ([1, 2, 3, 4, 5, 6], 1.5, True), ([k / 10 for k in range(1, 31)], 1.5, True),
])  # fmt: skip
def test_it_is_said_where_simulations_say_so(run, tmp_path, places, noise, told):
    """Simulations hold in 95 % of sets of the first kind, in 90 % and fewer of the others, which end too early."""
    random.seed(7)
    rows = [(f"{x:g}", f"{10 * (1 - math.exp(-0.4 * x)) + random.gauss(0, noise):.5f}") for x in places]
    file = tmp_path / "rows.csv"
    file.write_text("x,y\n" + "".join(f"{x},{y}\n" for x, y in rows), encoding="utf-8")
    ended = run("fit", "a*(1-exp(-b*x))", "--to", "y", "--data", file, "--a", 10, "--b", 0.4, "--no-save")
    assert ended.status == 0 and ("misleads" in ended.err) is told


def test_an_open_profile_has_no_end(fitted):
    """A rate that the rows do not bound above."""
    rows = [(1, 9.8), (2, 10.3), (3, 9.9), (4, 10.2), (5, 9.9)]
    found = fitted("a*(1-exp(-b*x))", rows, "--a", "10", "--b", "3", "--profile")
    low, high = found["profile"]["b"]
    assert low is not None and high is None


LINE = [("1", "2.1"), ("2", "3.9"), ("3", "6.3"), ("4", "7.7"), ("5", "10.2")]


def line_fit():
    """The exact line: coefficients a, b, their unscaled covariance, s²."""
    design = [[Fraction(x), Fraction(1)] for x, _ in LINE]
    (a, b), _, rss = exact(design, [Fraction(y) for _, y in LINE])
    sxx, sx, n = sum(x * x for x, _ in design), sum(x for x, _ in design), len(design)
    det = sxx * n - sx * sx
    return a, b, [[n / det, -sx / det], [-sx / det, sxx / det]], rss / (n - 2)


def test_derived_quantities_have_errors_from_the_whole_covariance(fitted):
    """Where the line crosses 0, by hand in fractions; and a quantity that uses one before it."""
    found = fitted("a*x + b", LINE, "--derive", "x0 = -b/a", "--derive", "twice = 2*x0")["derived"]
    a, b, c, s2 = line_fit()
    ga, gb = b / a**2, -1 / a
    variance = s2 * (ga * ga * c[0][0] + 2 * ga * gb * c[0][1] + gb * gb * c[1][1])
    assert found["x0"]["value"] == float(-b / a)
    assert found["x0"]["error"] == pytest.approx(math.sqrt(variance), rel=1e-14)
    assert found["twice"]["error"] == pytest.approx(2 * math.sqrt(variance), rel=1e-14)
    t = student_quantile(0.95, 3)
    assert found["x0"]["interval"][1] == pytest.approx(float(-b / a) + t * math.sqrt(variance), rel=1e-12)


def test_predictions_have_both_bands(fitted, run, tmp_path):
    """By hand in fractions, from typed numbers and from a file."""
    found = fitted("a*x + b", LINE, "--predict", "x=[0,10]")["predictions"]
    a, b, c, s2 = line_fit()
    t = student_quantile(0.95, 3)
    for one, x in zip(found, (0, 10), strict=True):
        variance = s2 * (x * x * c[0][0] + 2 * x * c[0][1] + c[1][1])
        assert one["value"] == pytest.approx(float(a * x + b), abs=1e-15)
        assert one["error"] == pytest.approx(math.sqrt(variance), rel=1e-14)
        assert one["high"] - one["value"] == pytest.approx(t * math.sqrt(variance), rel=1e-12)
        assert one["prediction_high"] - one["value"] == pytest.approx(t * math.sqrt(variance + s2), rel=1e-12)
    other = written(tmp_path / "new.csv", "z,x", [("9", "0"), ("9", "10")])
    assert fitted("a*x + b", LINE, "--predict", str(other))["predictions"] == found
    rows = written(tmp_path / "rows.csv", "x,y", LINE)
    csv = run("fit", "a*x + b", "--to", "y", "--data", rows, "--predict", "x=[0,10]", "--format", "csv").out
    assert csv.splitlines()[0] == "x,value,error,low,high,prediction_low,prediction_high"
    assert len(csv.splitlines()) == 3


@pytest.mark.parametrize(("options", "said"), [
    (["--derive", "t=log(2)/q"], "q is no parameter"), (["--derive", "log(2)"], "NAME = EXPR"),
    (["--derive", "a=2"], "it is there already"), (["--predict", "z=[1,2]"], "z: it is no column"),
    (["--predict", "nofile.csv"], "nofile.csv"), (["--loss", "hubert"], "did you mean huber"),
    (["--loss", "linear:2"], "no scale"),
    (["--by", "z"], "z: it is no column"), (["--share", "a"], "--by COLUMN"), (["--sigma-x", "1"], "--sigma-y"),
    (["--plot", "--format", "json"], "--plot draws"), (["--compare", "exp(x)"], "no parameter"),
    (["--nll", "x"], "--to and --nll"), (["--out", "a.xyz"], "a.xyz"), (["--loss", "huber", "--profile"], "--profile"),
])  # fmt: skip
def test_what_does_not_fit_together_is_said(options, said, run, tmp_path):
    """One sentence, status 2 (4 for a file that is not there), and no answer."""
    rows = written(tmp_path / "rows.csv", "x,y", LINE)
    ended = run("fit", "a*x + b", "--to", "y", "--data", rows, *options)
    assert ended.status in (2, 4) and ended.out == ""
    assert ended.err.startswith("gradcli: ") and said in ended.err


def test_rows_one_by_one(fitted):
    """Leverages of a line by hand; they add up to the parameters; a gross row is called an outlier."""
    found = fitted("a*x + b", LINE, "--residuals")["residuals"]
    xs = [Fraction(x) for x, _ in LINE]
    mean, spread = sum(xs) / 5, sum((x - sum(xs) / 5) ** 2 for x in xs)
    assert [one["leverage"] for one in found] == pytest.approx(
        [float(Fraction(1, 5) + (x - mean) ** 2 / spread) for x in xs]
    )
    assert sum(one["leverage"] for one in found) == pytest.approx(2)
    rows = [(x, 2 * x + (x * 7 % 3) / 10) for x in range(12)]
    rows[6] = (6, 30)
    whole = fitted("a*x + b", rows)
    assert [one["row"] for one in whole["outliers"]] == ["7"]
    without = fitted("a*x + b", rows[:6] + rows[7:])
    deleted = 30 - (without["at"]["a"] * 6 + without["at"]["b"])
    leverage = whole["outliers"][0]["leverage"]
    error = without["sigma"] / math.sqrt(1 - leverage)
    assert whole["outliers"][0]["studentized"] == pytest.approx(deleted / error, rel=1e-9)
