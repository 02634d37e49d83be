"""check of losses over files: claims that are right and wrong by hand, over rows that are written out and over many more."""

import json
import math
from pathlib import Path
from random import Random

import pytest

from gradcli.calculus.checking.losses.checked_loss import Told, written
from gradcli.calculus.checking.losses.proof_over_rows import proved_over_rows
from gradcli.language.rows.level_reading import levels_of

SQUARES = "mean((y - a*x - b)**2)"
LOGISTIC = "mean(log(1 + exp(-s*(a*x + b)))) + c*a**2"
POINT = ("--a", 0.3, "--b", -2)


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Files stand where the command is."""
    monkeypatch.chdir(tmp_path)


def table(count, seed=3):
    random = Random(seed)
    rows = []
    for _ in range(count):
        x = round(random.gauss(0, 1), 6)
        rows.append((x, round(2 * x - 1 + random.gauss(0, 0.3), 6), random.choice((-1, 1))))
    Path("t.csv").write_text("x,y,s\n" + "".join(f"{x},{y},{s}\n" for x, y, s in rows))
    return rows


def checks(run, *words, status=0):
    ended = run("check", *words, "--data", "t.csv", "--format", "json")
    assert ended.status == status, ended.err
    return json.loads(ended.out)["checks"]


RIGHT = [
    (SQUARES, "a=mean(-2*x*(y - a*x - b))"), (SQUARES, "b=2*(b + a*mean(x) - mean(y))"),
    (SQUARES, "b=-2*sum(y - a*x - b)/count()"),
    (SQUARES, "a=2*a*mean(x**2) + 2*b*mean(x) - 2*mean(x*y)"),
    ("mean(abs(y - a*x - b))", "a=mean(-x*sign(y - a*x - b))"),
    ("mean(abs(y - a*x - b))", "b=mean(where(y - a*x - b > 0, -1, 1))"),
    (LOGISTIC, "a=2*c*a - mean(s*x*sigmoid(-s*(a*x + b)))"), (LOGISTIC, "a=mean(-s*x/(1 + exp(s*(a*x + b)))) + 2*c*a"),
    ("u = y - a*x; sum(u**2)", "a=-2*sum(x*u)"), ("mean((a*x - mean(a*x))**2)", "a=2*a*(mean(x**2) - mean(x)**2)"),
    ("a**2*b + sum(x)", "a=2*a*b"), ("mean(x)*a", "a=mean(x)"), ("log(sum(exp(a*x)))", "a=sum(x*exp(a*x))/sum(exp(a*x))"),
]  # fmt: skip

WRONG = [
    (SQUARES, "a=mean(2*x*(y - a*x - b))"), (SQUARES, "a=sum(-2*x*(y - a*x - b))"), (SQUARES, "a=mean(-2*(y - a*x - b))"),
    (SQUARES, "b=2*(b + a*mean(x) - mean(y)) + 1e-9"), (LOGISTIC, "a=mean(-s*x/(1 + exp(s*(a*x + b)))) + c*a"),
    ("mean(abs(y - a*x - b))", "a=mean(x*sign(y - a*x - b))"), ("mean((a*x - mean(a*x))**2)", "a=2*a*mean(x**2)"),
    ("log(sum(exp(a*x)))", "a=mean(x*exp(a*x))/sum(exp(a*x))"),
]  # fmt: skip


def sides(loss, claim):
    lengths, names = dict.fromkeys("xys", 1000), "abc"
    return levels_of((loss,), lengths, names), levels_of((claim,), lengths, names)


@pytest.mark.parametrize(("loss", "said"), RIGHT)
def test_what_is_right_is_proved(loss, said):
    """For any rows, and any number of them."""
    along, _, claim = said.partition("=")
    definitions, _, expression = loss.rpartition(";")
    claim = f"{definitions}; {claim}" if definitions else claim
    assert expression and proved_over_rows(*sides(loss, claim), along)


@pytest.mark.parametrize(("loss", "said"), WRONG)
def test_what_is_wrong_is_never_proved(loss, said):
    """Nor what is right for one row alone."""
    along, _, claim = said.partition("=")
    assert proved_over_rows(*sides(loss, claim), along) is False


def test_right_and_wrong_over_many_rows(run):
    """Each of them, with the numbers at the point, status 1 where one is wrong; the counterexample is one."""
    rows = table(2_000)
    found = checks(
        run,
        SQUARES,
        *POINT,
        *(word for loss, one in RIGHT[:4] for word in ("--claim", one) if loss == SQUARES),
    )
    assert [one["verdict"] for one in found] == ["proved"] * 4
    assert all(one["rows"] == 2_000 and one["points"] == 12 and one["digits"] >= 10 for one in found)
    true = math.fsum(-2 * x * (y - 0.3 * x + 2) for x, y, _ in rows) / 2000
    assert float(found[0]["actual"]) == pytest.approx(true, rel=1e-11) and found[0]["at"] == {
        "a": "0.3",
        "b": "-2",
    }
    said = [one for loss, one in WRONG if loss == SQUARES]
    found = checks(run, SQUARES, *POINT, *(word for one in said for word in ("--claim", one)), status=1)
    for one in found:
        assert one["verdict"] == "wrong" and one["claimed"] != one["actual"]
        a, b = float(one["at"]["a"]), float(one["at"]["b"])
        terms = [-2 * (y - a * x - b) * (x if one["variable"] == "a" else 1) for x, y, _ in rows]
        assert float(one["actual"]) == pytest.approx(math.fsum(terms) / 2000, rel=1e-9)
    assert found[0]["slip"] == "the sign is turned around"
    assert found[1]["slip"] == "the divisor count() is lost"


def test_a_claim_for_these_rows_alone_is_right_over_them(run):
    """Sums that were made by hand: no proof, but equal over the rows of the file."""
    Path("t.csv").write_text("x,y\n" + "1,2\n3,4\n" * 500)
    (found,) = checks(run, "mean((y - a*x)**2)", "--a", 2, "--claim", "a=10*a - 14")
    assert found["verdict"] == "equal" and found["points"] == 12
    (found,) = checks(run, "mean((y - a*x)**2)", "--a", 2, "--claim", "a=10*a - 14.0000001", status=1)
    assert found["verdict"] == "wrong"


def test_a_number_is_about_the_point(run):
    """Within the tolerance, or not."""
    Path("t.csv").write_text("x,y\n" + "1,2\n3,4\n" * 500)
    words = ("mean((y - a*x)**2)", "--a", 2, "--claim")
    assert [one["verdict"] for one in checks(run, *words, "a=6.0001")] == ["close"]
    assert [one["verdict"] for one in checks(run, *words, "a=6.1", status=1)] == ["wrong"]
    assert [one["verdict"] for one in checks(run, *words, "a=6.0001", "--like", "python", status=1)] == [
        "wrong"
    ]


@pytest.mark.parametrize(
    ("loss", "routes"),
    [
        (SQUARES, ["formula", "program", "differences"]), (LOGISTIC, ["formula", "program", "differences"]),
        ("a*std(a*x + b*y) + c", ["formula", "program", "differences"]),
        ("max(a*x + b) + c*min(y)", ["program", "differences"]),
        ("sum((a*x[i+1] - b*x[i])**2, i, 0, count()-2)*c", ["program", "differences"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("rows", [60, 3_000])
def test_own_gradients_agree_along_their_routes(loss, routes, rows, run):
    """Without claims: the formula and the program over all rows, differences over some of them."""
    table(rows)
    numbers = [word for name in "abc" if name in loss.replace("abs", "") for word in (f"--{name}", "0.5")]
    for one in checks(run, loss, *numbers, "--points", 3):
        assert one["verdict"] == "agree" and list(one["routes"]) == routes and one["digits"] >= 8
        assert one["rows"] == rows and one["sampled"] <= rows


def test_differences_in_floats_too(run):
    """--eps, as PyTorch's gradcheck takes them."""
    table(1_000)
    found = checks(run, SQUARES, *POINT, "--eps", "1e-6")
    assert all("eps" in one["routes"] and one["verdict"] == "agree" for one in found)


def test_text_and_the_session(run):
    """The sentences, without the numbers of the columns; the session's loss over its files."""
    table(2_000)
    run("grad", SQUARES, "--data", "t.csv", *POINT)
    text = run("check").out
    assert "formula, program, differences agree to " in text and "over 2,000 rows, differences over " in text
    ended = run("check", "--claim", "a=mean(-2*x*(y - a*x - b))")
    assert "is right: proved by sympy for any rows, and equal at 12 points over 2,000 rows to " in ended.out
    assert "at a = 0.3, b = -2: claimed " in ended.out and "x[0]" not in ended.out
    rows = run("check", "--format", "csv").out.splitlines()
    assert rows[0].startswith("variable,formula,routes,verdict,rows") and len(rows) == 3


def test_no_point_has_a_slope(run):
    """Undecided, status 1."""
    Path("t.csv").write_text("x\n" + "-1.5\n" * 900)
    (found,) = checks(run, "mean(log(x)*a)", "--a", 1, status=1)
    assert found["verdict"] == "undecided" and found["points"] == 0
    (found,) = checks(run, "mean(log(x)*a)", "--a", 1, "--claim", "a=1/(a-a)", status=1)
    assert found["verdict"] == "undecided"


def test_a_claim_without_values(run):
    """Wrong where the partial has one."""
    table(900)
    (found,) = checks(run, "mean(x)*a", "--a", 1, "--claim", "a=log(-abs(a))", status=1)
    assert found["verdict"] == "wrong" and found["claimed"] is None and "no value" in found["note"]


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        ("x=2", "--claim x: x is a column of files"), ("q=2", "--claim q: it is not a variable"),
        ("a=mean(z*a)", "the claim has z, which the expression has not"), ("a=2*x", "x has a number in each row"),
        ("a=mean(x", "this bracket is not closed"), ("a=mean(s)*a", "the claim has s, which the expression has not"),
    ],
)  # fmt: skip
def test_refused(claim, message, run):
    """A sentence and status 2."""
    table(900)
    ended = run("check", SQUARES, *POINT, "--data", "t.csv", "--claim", claim)
    assert ended.status == 2 and message in ended.err


def test_numbers_are_written_to_where_they_differ():
    """No digit more than is certain."""
    assert written(Told(1.23456789012345, 0.0)) == "1.23456789012"
    assert written(Told(1.23456789012345, 1e-6)) == "1.2346"
    assert written(Told(1.0, 2.0)) == "0"
    near, far = Told(1.0000000000000002, 0.0), Told(1.0, 0.0)
    assert written(near, [far]) != written(far, [near])
    assert Told(1.0, 1e-9).is_apart(Told(1.1, 1e-9)) and not Told(1.0, 0.06).is_apart(Told(1.1, 0.06))
    assert Told(1.0, 1e-9).digits(Told(1.0, 1e-9)) == 8


def test_slopes_that_nearly_cancel_agree_beside_conditions_that_floats_do_not_take(run):
    """Of b/(0.4 + b): a row that is answered as a single point is off by what such answers may be, and not by less."""
    Path("t.csv").write_text("x,y\n0.3,-0.25\n0.7,1\n0.4,2.675\n2.3,0.001\n6.8,1.10\n")
    loss = "min(where(sqrt(where(0.1 > 0.7, a, b)) < (x - y)/relu(x), where(0.3 <= b, b, y)/(0.4 + b), 2*b**2*x))"
    found = checks(run, loss, "--a", 0.35, "--b", -0.3)
    assert [one["verdict"] for one in found] == ["agree", "agree"]
