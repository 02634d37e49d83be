"""Fits that are not least squares of one model: robust losses, likelihoods, errors in x, groups, comparisons, pictures."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path

import mpmath
import pytest

from gradcli.fitting.inference.student_t import fisher_tail
from tests.fits.test_linear import written

random.seed(11)
BAD = [
    (x / 5, round(5 * math.exp(-0.06 * x) + 1 + random.gauss(0, 0.05) + 3 * (x % 10 == 3), 4))
    for x in range(50)
]
MODEL = "a*exp(-k*x) + c"


@pytest.fixture
def fit(run, tmp_path):
    """`fit(model, rows, *options)`: the JSON of a fit; status 0."""

    def fit(model, rows, *options, header="x,y"):
        file = written(tmp_path / "rows.csv", header, [tuple(map(str, row)) for row in rows])
        ended = run("fit", *([model] if model else []), "--data", file, *options, "--format", "json")
        assert ended.status == 0, ended
        return json.loads(ended.out)

    return fit


RHO = {
    "huber": lambda z: z if z <= 1 else 2 * math.sqrt(z) - 1, "soft-l1": lambda z: 2 * (math.sqrt(1 + z) - 1),
    "cauchy": math.log1p, "tukey": lambda z: (1 - (1 - z) ** 3) / 3 if z < 1 else 1 / 3,
}  # fmt: skip


@pytest.mark.parametrize("loss", RHO)
def test_robust_fits_end_where_their_loss_is_least(loss, fit):
    """The loss, written out here, is higher at every step away; its scale is that which was given."""
    found = fit(MODEL, BAD, "--to", "y", "--loss", f"{loss}:0.3", "--a", "4", "--k", "0.2", "--c", "0")

    def cost(a, k, c):
        """The sum of c²ρ((r/c)²)."""
        return sum(0.09 * RHO[loss](((y - a * math.exp(-k * x) - c) / 0.3) ** 2) for x, y in BAD)

    at = found["at"]
    least = cost(**at)
    assert (found["loss"]["scale"], found["loss"]["kind"]) == (0.3, loss)
    assert found["loss"]["value"] == pytest.approx(least, rel=1e-12)
    for name in at:
        for step in (1e-3, -1e-3, 1e-5, -1e-5):
            assert cost(**{**at, name: at[name] * (1 + step)}) > least
    assert abs(at["a"] - 5) < 0.1 and abs(at["c"] - 1) < 0.1


def test_a_scale_of_its_own_is_that_of_the_residuals(fit):
    """It is so many times their spread, far below that of least squares."""
    found = fit(MODEL, BAD, "--to", "y", "--loss", "huber")
    plain = fit(MODEL, BAD, "--to", "y")
    assert found["loss"]["scale"] == pytest.approx(1.345 * found["loss"]["spread"], rel=1e-12)
    assert found["loss"]["spread"] < 0.1 * plain["sigma"]
    assert all(found["errors"][name] < 0.2 * plain["errors"][name] for name in "ack")


def test_without_outliers_a_wide_loss_is_least_squares(fit):
    """Huber's with a scale beyond every residual."""
    wide = fit(MODEL, BAD, "--to", "y", "--loss", "huber:100")
    plain = fit(MODEL, BAD, "--to", "y")
    for name in "ack":
        assert wide["at"][name] == pytest.approx(plain["at"][name], rel=1e-6)


WEIGHTS = {
    "huber": lambda z: 1 if z <= 1 else 1 / mpmath.sqrt(z), "soft-l1": lambda z: 1 / mpmath.sqrt(1 + z),
    "cauchy": lambda z: 1 / (1 + z), "tukey": lambda z: (1 - z) ** 2 if z < 1 else 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("loss", "tuning"), [("huber", 1.345), ("soft-l1", 1.345), ("cauchy", 2.385), ("tukey", 4.685)]
)
def test_the_digits_of_a_robust_fit_are_those_of_its_equations(fit, loss, tuning):
    """Σ ψ(r/c) ∂f/∂b = 0 with c from the median, solved in 30 digits: at least ten digits are promised, and all are right."""
    found = fit(MODEL, BAD, "--to", "y", "--loss", loss)
    held = None
    if loss == "tukey":  # whose scale is that of the spread where huber ends
        held = tuning * mpmath.mpf(fit(MODEL, BAD, "--to", "y", "--loss", "huber")["loss"]["spread"])
    with mpmath.workdps(30):
        rows = [(mpmath.mpf(repr(x)), mpmath.mpf(repr(y))) for x, y in BAD]

        def equations(a, c, k):
            """The three sums."""
            residuals = [y - (a * mpmath.exp(-k * x) + c) for x, y in rows]
            sizes = sorted(map(abs, residuals))
            scale = held or mpmath.mpf(tuning) * (sizes[24] + sizes[25]) / 2 / mpmath.mpf(
                "0.6744897501960817"
            )
            scores = [WEIGHTS[loss]((r / scale) ** 2) * r for r in residuals]
            falls = [mpmath.exp(-k * x) for x, _ in rows]
            moved = [x * e for (x, _), e in zip(rows, falls, strict=True)]
            return mpmath.fdot(scores, falls), mpmath.fsum(scores), mpmath.fdot(scores, moved)

        truth = mpmath.findroot(equations, [found["at"][name] for name in "ack"], tol=1e-40)
        for name, x in zip("ack", truth, strict=True):
            assert found["digits"][name] >= 10
            assert abs(found["at"][name] / x - 1) < mpmath.mpf(10) ** -found["digits"][name]


COUNTS = [(0, 1), (1, 3), (2, 2), (3, 6), (4, 9), (5, 15), (6, 20)]


def test_a_poisson_likelihood(fit):
    """Its equations hold in 40 digits, and the errors are those of Fisher's information, by hand."""
    found = fit("exp(a+b*x)", COUNTS, "--nll", "model - y*log(model)", "--a", "0", "--b", "0")
    with mpmath.workdps(40):
        a, b = mpmath.findroot(
            lambda a, b: (
                sum(mpmath.exp(a + b * x) - y for x, y in COUNTS),
                sum(x * (mpmath.exp(a + b * x) - y) for x, y in COUNTS),
            ),
            (0.3, 0.4),
        )
        means = [mpmath.exp(a + b * x) for x, _ in COUNTS]
        saa = sum(means)
        sab = sum(m * x for m, (x, _) in zip(means, COUNTS, strict=True))
        sbb = sum(m * x * x for m, (x, _) in zip(means, COUNTS, strict=True))
        det = saa * sbb - sab**2
        assert [found["at"]["a"], found["at"]["b"]] == [float(a), float(b)]
        assert found["errors"]["a"] == pytest.approx(float(mpmath.sqrt(sbb / det)), rel=1e-14)
        assert found["errors"]["b"] == pytest.approx(float(mpmath.sqrt(saa / det)), rel=1e-14)
    assert (found["status"], found["proved"], found["errors_scaled"]) == ("minimum", True, False)
    assert found["aic"] == pytest.approx(2 * found["nll"] + 4)


@pytest.mark.parametrize(("nll", "status"), [
    ("softplus(a*x+b) - y*(a*x+b)", "falling"), ("log(1+exp(a*x+b)) - y*(a*x+b)", "falling"), ("exp(-a*(2*y-1)*x)", "falling"),
    ("(y - a - b)**2", "not-determined"), ("(y - a)**2 + 0*b*x", "not-determined"),
])  # fmt: skip
def test_a_cost_that_falls_for_ever_is_told_from_one_that_is_flat(run, tmp_path, nll, status):
    """Classes that a line parts have no likeliest line: seen in balls along a way. A direction without influence is another."""
    rows = [("-2", "0"), ("-1", "0"), ("-0.5", "0"), ("0.5", "1"), ("2", "1")]
    file = written(tmp_path / "rows.csv", "x,y", rows)
    ended = run("fit", "--nll", nll, "--data", file, "--no-save", "--format", "json")
    found = json.loads(ended.out)
    assert (ended.status, found["status"], found["covariance"]) == (1, status, None)
    assert ("no minimum there" in found["message"]) == (status == "falling")


@pytest.mark.parametrize(
    ("nll", "count", "status"),
    [
        ("where(y > a, y - a, 3.3*(a - y))", 12, "not-reached"),
        ("abs(y - a)", 11, "not-reached"),
        ("abs(y - a)", 12, "not-determined"),
    ],
)
def test_a_corner_is_not_flat(run, tmp_path, nll, count, status):
    """A quantile has a corner at a row, and no second derivatives; between two rows in the middle nothing changes indeed."""
    rows = [(str(k), repr(1.1 + k + 0.1 * math.sin(k))) for k in range(count)]
    file = written(tmp_path / "rows.csv", "x,y", rows)
    start = "6.3" if count == 12 and "abs" in nll else "3"
    ended = run("fit", "--nll", nll, "--data", file, "--a", start, "--no-save", "--format", "json")
    found = json.loads(ended.out)
    assert (ended.status, found["status"]) == (1, status), found
    assert ("does not change" in found["message"]) == (status == "not-determined")


@pytest.mark.parametrize("loss", RHO)
@pytest.mark.parametrize("far", ["1e90", "1e160"])
def test_a_row_that_is_far_off_leaves_no_exception(run, tmp_path, loss, far):
    """Squares of it are too large, or the others decide."""
    rows = [(str(k), repr(2 * k + 1 + 0.1 * math.sin(5 * k))) for k in range(12)] + [("5.5", far)]
    file = written(tmp_path / "rows.csv", "x,y", rows)
    ended = run("fit", "a*x+b", "--to", "y", "--data", file, "--loss", loss, "--no-save", "--format", "json")
    assert ended.status in ((0,) if far == "1e90" else (3,)), ended
    if far == "1e90":
        assert json.loads(ended.out)["at"]["a"] == pytest.approx(2, rel=0.02)


@pytest.mark.parametrize("count", [12, 4500])
@pytest.mark.parametrize(
    ("y", "s", "said"),
    [("1e200", "1", "too large"), ("1", "1e200", "too small"), ("1", "1e-200", "weights are too large")],
)
def test_squares_beyond_floats_are_said(run, tmp_path, count, y, s, said):
    """Of what is fitted, or of its standard deviation; without warnings of a library's."""
    rows = [(str(k), f"{k % 7 + 1}{y[1:]}", s) for k in range(count)]
    file = written(tmp_path / "rows.csv", "x,y,s", rows)
    ended = run("fit", "a*x+b", "--to", "y", "--data", file, "--sigma-y", "s", "--no-save")
    assert ended.status == 3 and said in ended.err and "Warning" not in ended.err, ended


def test_one_wide_row_is_said_with_its_number(run, tmp_path):
    """For a picture, and for errors in x."""
    rows = [(str(k), repr(2.0 * k + 1 + k % 2), "1e200" if k == 3 else "1") for k in range(12)]
    file = written(tmp_path / "rows.csv", "x,y,s", rows)
    for more in (("--out", str(tmp_path / "p.svg")), ("--sigma-x", "0.1")):
        ended = run("fit", "a*x+b", "--to", "y", "--data", file, "--sigma-y", "s", "--no-save", *more)
        assert ended.status == 3 and "row 4: it is 1e+200" in ended.err, ended


def test_groups_read_their_file_once(run, tmp_path, monkeypatch):
    """However many groups there are."""
    from gradcli.data.readers import typed_cells

    read, own = [], typed_cells.typed_cells
    monkeypatch.setattr(typed_cells, "typed_cells", lambda *typed: read.append(typed[0]) or own(*typed))
    rows = [(str(g), str(x), repr(g + 2 * x + 0.1 * math.sin(9 * x + g))) for g in range(5) for x in range(6)]
    file = written(tmp_path / "rows.csv", "g,x,y", rows)
    ended = run("fit", "a*x+b", "--to", "y", "--data", file, "--by", "g", "--no-save", "--format", "json")
    assert all(one["proved"] for one in json.loads(ended.out)["groups"]) and len(read) == 1


def test_a_normal_likelihood_without_a_model(fit):
    """Mean and standard deviation, with the errors that every textbook has."""
    ys = [2.1, 3.4, 1.9, 2.7, 4.1, 3.3]
    found = fit(None, [(0, y) for y in ys], "--nll", "log(s) + (y-m)**2/(2*s**2)", "--m", "0", "--s", "1")
    mean = math.fsum(ys) / 6
    sigma = math.sqrt(math.fsum((y - mean) ** 2 for y in ys) / 6)
    assert [found["at"]["m"], found["at"]["s"]] == pytest.approx([mean, sigma], rel=1e-14)
    assert [found["errors"]["m"], found["errors"]["s"]] == pytest.approx(
        [sigma / math.sqrt(6), sigma / math.sqrt(12)]
    )


#: Pearson's points with York's weights, and the published line (York et al. 2004, Am. J. Phys. 72, table II).
YORK = list(zip(
    [0, 0.9, 1.8, 2.6, 3.3, 4.4, 5.2, 6.1, 6.5, 7.4], [5.9, 5.4, 4.4, 4.6, 3.5, 3.7, 2.8, 2.8, 2.4, 1.5],
    [1000, 1000, 500, 800, 200, 80, 60, 20, 1.8, 1], [1, 1.8, 4, 8, 20, 20, 70, 70, 100, 500], strict=True,
))  # fmt: skip


def test_errors_in_both_columns(fit):
    """The published intercept, slope and sum of squares."""
    found = fit(
        "a + b*x", YORK, "--to", "y", "--sigma-x", "1/sqrt(wx)", "--sigma-y", "1/sqrt(wy)", header="x,y,wx,wy"
    )
    assert found["at"]["a"] == pytest.approx(5.47991022403, rel=1e-10)
    assert found["at"]["b"] == pytest.approx(-0.48053340745, rel=1e-10)
    assert found["chi2"] == pytest.approx(11.8663531941, rel=1e-10)
    with mpmath.workdps(30):
        rows = [[mpmath.mpf(repr(one)) for one in row] for row in YORK]

        def cost(a, b):
            """The sum of squares of a line, over its variance at each point."""
            return mpmath.fsum((y - a - b * x) ** 2 / (1 / wy + b * b / wx) for x, y, wx, wy in rows)

        start = (found["at"]["a"], found["at"]["b"])
        slopes = [
            lambda a, b: mpmath.diff(cost, (a, b), (1, 0)),
            lambda a, b: mpmath.diff(cost, (a, b), (0, 1)),
        ]
        truth = mpmath.findroot(slopes, start)
        for name, x in zip("ab", truth, strict=True):
            assert found["digits"][name] >= 10
            assert abs(found["at"][name] / x - 1) < mpmath.mpf(10) ** -found["digits"][name]


def test_a_row_at_the_top_of_its_own_cost_is_shifted(fit):
    """Where the curve is level along x a row is nearest at either side: the least distances, here by a scan and a root."""
    rows = [(-3, 9.1), (-2, 3.9), (-1, 1.05), (0, 0.6), (1, 0.95), (2, 4.1), (3, 8.9)]
    found = fit("a*x^2", rows, "--to", "y", "--sigma-x", "0.5", "--sigma-y", "0.1", "--absolute-sigma")

    def cost(a):
        """The sum of the least squared distances."""
        whole = mpmath.mpf(0)
        for x, y in rows:

            def one(d, x=x, y=y):
                return ((y - a * (x + d) ** 2) / 0.1) ** 2 + (d / 0.5) ** 2

            begin = min((k / 100 for k in range(-300, 301)), key=one)
            whole += one(mpmath.findroot(lambda d, one=one: mpmath.diff(one, d), begin))
        return whole

    a = found["at"]["a"]
    assert found["chi2"] == pytest.approx(float(cost(a)), rel=1e-10) and found["chi2"] < 2.33
    assert all(cost(a + step) > cost(a) for step in (1e-3, -1e-3, 0.04, -0.04))


SINES = [(p, math.sin(p)) for p in (-1, 1, -2, 2, 0.5, -0.5)]


def test_a_greatest_distance_is_no_minimum(run, tmp_path):
    """At b = π the squares are greatest, and their slope is 0."""
    file = written(tmp_path / "rows.csv", "p,y", [tuple(map(str, row)) for row in SINES])
    typed = ("--to", "y", "--data", file, "--sigma-y", "0.1", "--sigma-x", "0.01", "--no-save")
    ended = run("fit", "sin(b+p)", *typed, "--b", "pi", "--start", "given", "--format", "json")
    assert (ended.status, json.loads(ended.out)["status"]) == (1, "not-reached")
    ended = run("fit", "sin(b+p)", *typed, "--b", "0.5", "--format", "json")
    found = json.loads(ended.out)
    assert (ended.status, found["status"]) == (0, "minimum") and abs(found["at"]["b"]) < 1e-9


def test_no_error_in_x_is_weighted_least_squares(fit):
    """The limit of small standard deviations."""
    near = fit(
        "a + b*x", YORK, "--to", "y", "--sigma-x", "1e-9", "--sigma-y", "1/sqrt(wy)", header="x,y,wx,wy"
    )
    plain = fit("a + b*x", YORK, "--to", "y", "--sigma-y", "1/sqrt(wy)", header="x,y,wx,wy")
    assert [near["at"][n] for n in "ab"] == pytest.approx([plain["at"][n] for n in "ab"], rel=1e-9)


GROUPS = [(g, x, round(a * math.exp(-0.3 * x) + 1 + 0.01 * math.sin(9 * x + g), 4))
          for g, a in ((1, 5), (2.5, 3)) for x in range(9)]  # fmt: skip


def test_groups_are_fitted_one_by_one(fit, run, tmp_path):
    """As if each were a file of its own; CSV has the group's number first."""
    found = fit(MODEL, GROUPS, "--to", "y", "--by", "g", header="g,x,y")
    assert [one["group"] for one in found["groups"]] == [{"g": 1.0}, {"g": 2.5}]
    for one, g in zip(found["groups"], (1, 2.5), strict=True):
        alone = fit(MODEL, [row for row in GROUPS if row[0] == g], "--to", "y", header="g,x,y")
        assert (one["at"], one["errors"], one["rss"]) == (alone["at"], alone["errors"], alone["rss"])
    file = written(tmp_path / "g.csv", "g,x,y", [tuple(map(str, row)) for row in GROUPS])
    lines = run("fit", MODEL, "--to", "y", "--data", file, "--by", "g", "--format", "csv").out.splitlines()
    assert lines[0].startswith("g,parameter,value") and len(lines) == 7


NAMED = [("yellow 10" if g == 1 else "yellow 9", x, y) for g, x, y in GROUPS]


def test_groups_may_have_words(fit, run, tmp_path):
    """The same fits as of numbers, in the order in which people sort them; a cell that is no word is refused."""
    found = fit(MODEL, NAMED, "--to", "y", "--by", "g", header="g,x,y")
    numbers = fit(MODEL, GROUPS, "--to", "y", "--by", "g", header="g,x,y")
    assert [one["group"]["g"] for one in found["groups"]] == ["yellow 9", "yellow 10"]
    assert [one["at"] for one in found["groups"]] == [one["at"] for one in reversed(numbers["groups"])]
    shared = fit(MODEL, NAMED, "--to", "y", "--by", "g", "--share", "k,c", header="g,x,y")
    plain = fit(MODEL, GROUPS, "--to", "y", "--by", "g", "--share", "k,c", header="g,x,y")
    assert shared["groups"] == [
        {"group": {"g": "yellow 9"}, "number": 1},
        {"group": {"g": "yellow 10"}, "number": 2},
    ]
    assert plain["groups"] == [{"group": {"g": 1.0}, "number": 1}, {"group": {"g": 2.5}, "number": 2}]
    assert shared["at"]["k"] == pytest.approx(plain["at"]["k"], rel=1e-13)
    assert (shared["at"]["a_1"], shared["at"]["a_2"]) == pytest.approx(
        (plain["at"]["a_2"], plain["at"]["a_1"]), rel=1e-13
    )
    file = written(tmp_path / "g.csv", "g,x,y", [tuple(map(str, row)) for row in [*NAMED, ("", 1, 2)]])
    ended = run("fit", MODEL, "--to", "y", "--data", file, "--by", "g")
    assert ended.status == 2 and "row 19, column g: a group is called by" in ended.err


def test_shared_parameters_are_those_of_one_fit(fit):
    """As the model with a switch, written out by hand."""
    shared = fit(MODEL, GROUPS, "--to", "y", "--by", "g", "--share", "k,c", header="g,x,y")
    switch = fit("where(g < 2, p, q)*exp(-k*x) + c", GROUPS, "--to", "y", header="g,x,y")
    assert [shared["at"][n] for n in ("a_1", "a_2", "c", "k")] == pytest.approx(
        [switch["at"][n] for n in "pqck"], rel=1e-13
    )
    assert shared["rss"] == pytest.approx(switch["rss"], rel=1e-13)


def test_models_are_compared(fit):
    """F by hand, its p, and the difference of the criteria."""
    rows = [row[1:] for row in GROUPS[:9]]
    found = fit(MODEL, rows, "--to", "y", "--compare", "a*exp(-k*x)")
    other = fit("a*exp(-k*x)", rows, "--to", "y")
    one = found["comparison"]
    ratio = (other["rss"] - found["rss"]) / (found["rss"] / 6)
    assert (one["at"], one["rss"]) == (other["at"], other["rss"])
    assert one["f"] == pytest.approx(ratio, rel=1e-12) and one["p"] == fisher_tail(one["f"], 1, 6)
    assert one["aic_difference"] == pytest.approx(other["aic"] - found["aic"])


def test_data_at_the_seam_of_a_model(fit):
    """A row exactly where pieces meet has slopes along the parameters of its piece."""
    rows = [(0, 1.0), (1, 2.1), (2, 2.9), (3, 7.0), (4, 7.2)]
    found = fit("where(x < 3, a + b*x, c)", rows, "--to", "y")
    assert found["at"]["c"] == pytest.approx(7.1)
    line = fit("a + b*x", rows[:3], "--to", "y")
    assert [found["at"][n] for n in "ab"] == pytest.approx([line["at"][n] for n in "ab"], rel=1e-14)


def test_a_fit_is_the_sessions_problem(fit, run):
    """`grad` and `step` go on from it: the slopes of its sum of squares are 0."""
    found = fit(MODEL, BAD, "--to", "y")
    assert float(run("grad", "--get", "value").out) == pytest.approx(found["rss"], rel=1e-12)
    assert abs(float(run("grad", "--get", "gradient.k").out)) < 1e-9 * found["rss"]
    assert run("step", "--lr", "1e-6").status == 0


def test_it_is_drawn(run, tmp_path):
    """On a terminal's lines, and into files of every kind; several fits are not."""
    pytest.importorskip("matplotlib")
    file = written(tmp_path / "rows.csv", "x,y", [tuple(map(str, row)) for row in BAD])
    typed = ["fit", MODEL, "--to", "y", "--data", file, "--no-save"]
    drawn = run(*typed, "--plot").out
    assert "residuals" in drawn and drawn.count("•") > 30
    names = [tmp_path / f"p.{kind}" for kind in ("png", "svg", "pdf", "html")]
    ended = run(*typed, *(word for name in names for word in ("--out", name)))
    assert ended.status == 0 and ended.out.startswith("a: ")
    assert [name.read_bytes()[:4] for name in names[:3]] == [b"\x89PNG", b"<?xm", b"%PDF"]
    page = names[3].read_text()
    assert "data:image/svg+xml;base64," in page and "<td>" in page
    assert run(*typed, "--by", "x", "--plot").status == 2


ROBUST = {
    "huber": lambda z: z if z <= 1 else 2 * math.sqrt(z) - 1,
    "soft-l1": lambda z: 2 * (math.sqrt(1 + z) - 1),
    "cauchy": lambda z: math.log(1 + z),
    "tukey": lambda z: (1 - (1 - z) ** 3) / 3 if z < 1 else 1 / 3,
}


def _far_rows():
    """Rows about 5*exp(-0.3*t) + 1, two of them far off."""
    rows = [(t, 5 * math.exp(-0.3 * t) + 1 + 0.05 * math.sin(7 * t)) for t in range(20)]
    return [(t, y + 3 if t in (4, 15) else y) for t, y in rows]


@pytest.mark.parametrize("loss", ROBUST)
@pytest.mark.parametrize("scale", ["", ":0.2"])
class TestRobustEnds:
    """A fit by another loss: its end is certified at its scale, and the session goes on from it."""

    def _fit(self, run, loss, scale):
        rows = _far_rows()
        Path("far.csv").write_text("t,y\n" + "".join(f"{t},{y!r}\n" for t, y in rows))
        words = ("a*exp(-k*t) + c", "--to", "y", "--data", "far.csv", "--loss", f"{loss}{scale}")
        ended = run("fit", *words, "--a", 4, "--k", 0.2, "--c", 0, "--format", "json")
        assert ended.status == 0 and "not remembered" not in ended.err
        return rows, json.loads(ended.out)

    def test_no_nearby_point_is_lower(self, loss, scale, run, tmp_path, monkeypatch):
        """The gradient of the cost by mpmath is nothing where it ended, and its Hessian is positive definite."""
        monkeypatch.chdir(tmp_path)
        rows, found = self._fit(run, loss, scale)
        assert found["status"] == "minimum" and found["message"].endswith("(in balls)")
        c = mpmath.mpf(found["loss"]["scale"])

        def rho(z):
            if loss == "huber":
                return z if z <= 1 else 2 * mpmath.sqrt(z) - 1
            if loss == "soft-l1":
                return 2 * (mpmath.sqrt(1 + z) - 1)
            if loss == "cauchy":
                return mpmath.log(1 + z)
            return (1 - (1 - z) ** 3) / 3 if z < 1 else mpmath.mpf(1) / 3

        def cost(a, k, b):
            return sum(
                c * c * rho(((mpmath.mpf(repr(y)) - a * mpmath.exp(-k * t) - b) / c) ** 2) for t, y in rows
            )

        with mpmath.workdps(50):
            at = [mpmath.mpf(found["at"][name]) for name in "akc"]
            size = max(abs(mpmath.diff(cost, at, order)) for order in ((2, 0, 0), (0, 2, 0), (0, 0, 2)))
            for order in ((1, 0, 0), (0, 1, 0), (0, 0, 1)):
                assert abs(mpmath.diff(cost, at, order)) <= size * mpmath.mpf(10) ** -14

    def test_the_session_goes_on(self, loss, scale, run, tmp_path, monkeypatch):
        """Its problem is the cost at the scale: there is nothing left to descend, and another point is worse."""
        monkeypatch.chdir(tmp_path)
        rows, found = self._fit(run, loss, scale)
        c = found["loss"]["scale"]

        def cost(at):
            residuals = (y - at["a"] * math.exp(-at["k"] * t) - at["c"] for t, y in rows)
            return math.fsum(c * c * ROBUST[loss]((r / c) ** 2) for r in residuals)

        here = json.loads(run("grad", "--format", "json").out)
        assert here["value"] == pytest.approx(cost(found["at"]), rel=1e-12)
        assert max(map(abs, here["gradient"].values())) <= 1e-9
        ended = json.loads(run("minimize", "--a", found["at"]["a"] + 0.01, "--format", "json").out)
        assert ended["x"] == pytest.approx(found["at"], rel=1e-6)
        if not scale:
            assert run("plot", "--axes", "a,k", "--size", "60x12").status == 0


def test_a_report_of_another_loss(run, tmp_path, monkeypatch):
    """Its page leads there again."""
    monkeypatch.chdir(tmp_path)
    rows = _far_rows()
    Path("far.csv").write_text("t,y\n" + "".join(f"{t},{y!r}\n" for t, y in rows))
    words = ("a*exp(-k*t) + c", "--to", "y", "--data", "far.csv", "--a", 4, "--k", 0.2, "--c", 0)
    assert run("fit", *words, "--loss", "huber").status == 0
    assert run("report", "--out", "r.md").status == 0
    page = Path("r.md").read_text()
    assert "--loss huber" in page and "minimum of the huber loss at this scale" in page


def test_a_loss_whose_whole_steps_go_too_far_is_followed_to_its_minimum(fit):
    """Six rows at a peak: steps of Gauss and Newton lead away from it; beside the zeros of the slopes in 40 digits."""
    rows = [(1.3, 0.57259), (2.8, 2.96451), (3.0, 3.53266), (3.0, 3.49099), (5.8, 0.26901), (5.9, 0.40371)]
    found = fit(
        "a*exp(-(x-m)**2/(2*s**2))+c", rows, "--to", "y", "--loss", "soft-l1:0.065", "--a", 3.26, "--c", 0.477, "--m", 2.64,
        "--s", 0.641,
    )  # fmt: skip
    assert found["status"] == "minimum" and "in balls" in found["message"]

    def slopes(a, c, m, s):
        left = [0, 0, 0, 0]
        for x, y in ((mpmath.mpf(str(x)), mpmath.mpf(str(y))) for x, y in rows):
            bell = mpmath.exp(-((x - m) ** 2) / (2 * s**2))
            r = a * bell + c - y
            psi = r / mpmath.sqrt(1 + (r / mpmath.mpf("0.065")) ** 2)
            parts = (bell, 1, a * bell * (x - m) / s**2, a * bell * (x - m) ** 2 / s**3)
            left = [one + psi * part for one, part in zip(left, parts, strict=True)]
        return left

    with mpmath.workdps(40):
        zero = mpmath.findroot(slopes, [mpmath.mpf(found["at"][name]) for name in "acms"])
    for name, at in zip("acms", zero, strict=True):
        assert found["at"][name] == pytest.approx(float(at), rel=1e-14)


@pytest.mark.parametrize("loss", ["huber", "soft-l1", "cauchy"])
def test_a_threshold_with_a_loss_has_the_levels_of_that_loss(loss, run, tmp_path):
    """Each level by itself, where Σψ is 0, by bisection; the threshold is told, and leaves the others their errors."""
    low, high = (0.1, 0.2, 0.15, 0.05, 0.9), (3.0, 3.1, 2.9, 3.05, 2.2, 3.2)
    rows = [(str(x), str(y)) for x, y in enumerate((*low, *high))]
    file = written(tmp_path / "step.csv", "x,y", rows)
    ended = run("fit", "where(x < m, a, b)", "--to", "y", "--data", file, "--loss", f"{loss}:0.1", "--m", 4.6,
                "--a", 0, "--b", 3, "--format", "json")  # fmt: skip
    found = json.loads(ended.out)
    assert (found["status"], found["at"]["m"], found["dof"]) == ("plateau", 4.5, 9)
    assert found["errors"]["m"] is None and found["errors"]["a"] > 0 and found["errors"]["b"] > 0
    psi = {
        "huber": lambda z: max(-1.0, min(1.0, z)), "soft-l1": lambda z: z / math.sqrt(1 + z * z),
        "cauchy": lambda z: z / (1 + z * z),
    }[loss]  # fmt: skip
    for name, numbers, between in (("a", low, (0.0, 0.3)), ("b", high, (2.8, 3.3))):
        ends = list(between)
        for _ in range(60):
            middle = sum(ends) / 2
            ends[sum(psi((y - middle) / 0.1) for y in numbers) <= 0] = middle
        assert found["at"][name] == pytest.approx(ends[0], abs=1e-9), name
