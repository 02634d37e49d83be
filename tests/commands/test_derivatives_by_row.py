"""hessian, jacobian and their products over files: an answer for each row; truths by hand, as fractions and by NumPy."""

import csv
import io
import json
import math
from pathlib import Path
from random import Random

import pytest

TEXT, A = "a*x**3*y + y**2", 0.5


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Files stand where the command is."""
    monkeypatch.chdir(tmp_path)


def table(rows, name="t.csv", header="x,y"):
    Path(name).write_text("\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n")


def answer(run, *words, status=0):
    ended = run(*words, "--format", "json")
    assert ended.status == status, ended.err
    return json.loads(ended.out)


ROWS = [(k / 8, (7 * k % 11) / 4) for k in range(-9, 30)]


def second(x, y):
    """The value and the second derivatives of TEXT along a, x and y: all exact in floats here."""
    return A * x**3 * y + y**2, {
        "a": {"a": 0.0, "x": 3 * x**2 * y, "y": x**3},
        "x": {"a": 3 * x**2 * y, "x": 6 * A * x * y, "y": 3 * A * x**2},
        "y": {"a": x**3, "x": 3 * A * x**2, "y": 2.0},
    }


def test_hessians_are_those_by_hand(run):
    """Each entry in each row, beside the value."""
    table(ROWS)
    found = answer(run, "hessian", TEXT, "--data", "t.csv", "--a", A)
    assert found["rows"] == len(ROWS) and found["data"]["files"][0]["rows"] == len(ROWS)
    for place, row in enumerate(ROWS):
        value, entries = second(*row)
        assert found["value"][place] == value
        assert {x: {y: found["hessian"][x][y][place] for y in "axy"} for x in "axy"} == entries


@pytest.mark.parametrize("rows", [1, 39, 30_000])
def test_products_are_those_by_hand(rows, run):
    """With a direction along numbers and columns, point by point and by NumPy."""
    every = [ROWS[k % len(ROWS)] for k in range(rows)]
    table(every)
    found = answer(run, "hessian", TEXT, "--hvp", "a=2,x=1,y=-1", "--data", "t.csv", "--a", A)
    assert found["direction"] == {"a": 2.0, "x": 1.0, "y": -1.0}
    for place in {*range(0, rows, 997), rows - 1}:
        value, entries = second(*every[place])
        assert found["value"][place] == value
        for name, row in entries.items():
            assert found["hvp"][name][place] == 2 * row["a"] + row["x"] - row["y"]


@pytest.mark.parametrize("rows", [39, 30_000])
def test_jacobians_and_their_products(rows, run):
    """Of three outputs: the table, weights times it, and it times a direction."""
    every = [ROWS[k % len(ROWS)] for k in range(rows)]
    table(every)
    words = ("jacobian", "a*x**2", "x*y - y**2", "y", "--data", "t.csv", "--a", A)
    whole = answer(run, *words)
    vjp = answer(run, *words, "--vjp", "1,2,-4")
    jvp = answer(run, *words, "--jvp", "a=1,y=0.5", "--wrt", "a,x,y")
    for place in {*range(0, rows, 1013), rows - 1}:
        x, y = every[place]
        outputs = [A * x**2, x * y - y**2, y]
        slopes = [
            {"a": x**2, "x": 2 * A * x, "y": 0.0},
            {"a": 0.0, "x": y, "y": x - 2 * y},
            {"a": 0.0, "x": 0.0, "y": 1.0},
        ]
        assert [one[place] for one in whole["value"]] == outputs == [one[place] for one in jvp["value"]]
        assert [{n: one[n][place] for n in "axy"} for one in whole["jacobian"]] == slopes
        assert vjp["value"][place] == outputs[0] + 2 * outputs[1] - 4 * outputs[2]
        for name in "axy":
            weighted = slopes[0][name] + 2 * slopes[1][name] - 4 * slopes[2][name]
            assert vjp["vjp"][name][place] == weighted
        assert [one[place] for one in jvp["jvp"]] == [one["a"] + 0.5 * one["y"] for one in slopes]
    assert vjp["weights"] == [1.0, 2.0, -4.0]


def test_functions_have_their_digits(run):
    """Against mpmath, in every row: all digits that floats have."""
    mpmath = pytest.importorskip("mpmath")
    random = Random(3)
    rows = [(random.uniform(0.1, 4), random.uniform(-3, 3)) for _ in range(60)]
    table([(repr(x), repr(y)) for x, y in rows])
    found = answer(run, "hessian", "exp(-x)*sin(x*y)", "--hvp", "x=1", "--data", "t.csv")["hvp"]
    with mpmath.workdps(40):
        for place, (x, y) in enumerate(rows):

            def f(u, v):
                return mpmath.exp(-u) * mpmath.sin(u * v)

            for name, order in (("x", (2, 0)), ("y", (1, 1))):
                true = mpmath.diff(f, (mpmath.mpf(x), mpmath.mpf(y)), order)
                assert math.isclose(found[name][place], float(true), rel_tol=1e-13), (name, place)


def test_rows_go_out_beside_their_own_cells(run):
    """As CSV with all other columns, JSON lines and TSV; the header names what was asked for."""
    table([("1", "2", "me"), ("4", "5", "=you")], header="x,y,who")
    ended = run("hessian", "log(x)*y", "--hvp", "x=1", "--data", "t.csv", "--format", "csv")
    assert list(csv.reader(io.StringIO(ended.out))) == [
        ["x", "y", "who", "value", "hvp.x", "hvp.y", "problem"],
        ["1", "2", "me", "0.0", "-2.0", "1.0", ""],
        ["4", "5", "=you", repr(5 * math.log(4)), "-0.3125", "0.25", ""],
    ]
    ended = run("jacobian", "x*y", "x", "--data", "t.csv", "--format", "jsonl", "--wrt", "x")
    assert json.loads(ended.out.splitlines()[1]) == {
        "x": 4.0, "y": 5.0, "who": "=you", "f1": 20.0, "f1.x": 5.0, "f2": 4.0, "f2.x": 1.0, "problem": None,
    }  # fmt: skip
    ended = run("jacobian", "x*y", "x", "--vjp", "1,1", "--data", "t.csv", "--out", "o.tsv")
    assert (ended.status, ended.out) == (0, "")
    assert Path("o.tsv").read_text().splitlines()[0] == "x\ty\twho\tvalue\tvjp.x\tvjp.y\tproblem"


def test_parquet_and_arrow(run):
    """Nulls where there is no number, and the reason in `problem`."""
    pyarrow = pytest.importorskip("pyarrow", reason="Parquet needs the extra gradcli[data]")
    from pyarrow import parquet

    parquet.write_table(pyarrow.table({"x": [1.0, -1.0, 4.0], "n": [1, 2, 3]}), "t.parquet")
    ended = run("hessian", "log(x)", "--data", "t.parquet", "--out", "o.parquet")
    assert ended.status == 3 and "row 2: log is not defined" in ended.err
    found = parquet.read_table("o.parquet").to_pydict()
    assert found["n"] == [1, 2, 3] and found["hessian.x.x"] == [-1.0, None, -1 / 16]
    assert [bool(one) for one in found["problem"]] == [False, True, False]


def test_names_that_are_there_and_rows_that_are_not(run):
    """--prefix, --replace, --bad-rows stop, --missing skip, --where."""
    table([(1, 9), (0, 8), ("", 7), (3, 6)], header="x,value")
    words = ("hessian", "log(x)", "--hvp", "x=1", "--data", "t.csv", "--missing", "skip", "--format", "csv")
    assert run(*words).status == 2
    ended = run(*words, "--prefix", "f.")
    assert ended.status == 3 and ended.out.splitlines()[0] == "x,value,f.value,f.hvp.x,f.problem"
    assert len(ended.out.splitlines()) == 4 and "row 2: log is not defined" in ended.err
    assert run(*words, "--replace").out.splitlines()[0] == "x,value,hvp.x,problem"
    stopped = run(*words, "--replace", "--bad-rows", "stop")
    assert stopped.status == 3 and "row 2: log is not defined" in stopped.err
    assert run(*words, "--replace", "--where", "x > 0").status == 0


def test_corners_and_what_is_not_connected(run):
    """Null with a reason, or what --corner and --unconnected choose."""
    table([(0, 2), (1, 3)])
    words = ("jacobian", "abs(x)", "y", "--data", "t.csv")
    found = answer(run, *words, status=3)
    assert found["jacobian"][0]["x"] == [None, 1.0] and "corner" in found["notes"][0]["message"]
    assert answer(run, *words, "--corner", "left")["jacobian"][0]["x"] == [-1.0, 1.0]
    product = ("jacobian", "abs(x)*y", "--vjp", "2", "--data", "t.csv")
    assert answer(run, *product, status=3)["vjp"]["x"] == [None, 6.0]
    assert answer(run, *product, "--corner", "right")["vjp"]["x"] == [4.0, 6.0]
    held = ("hessian", "stop_gradient(y)*x**2", "--data", "t.csv", "--hvp", "x=1,y=1")
    assert answer(run, *held)["hvp"] == {"x": [4.0, 6.0], "y": [None, None]}
    assert answer(run, *held, "--unconnected", "zero")["hvp"]["y"] == [0.0, 0.0]


def test_the_session_on_a_file(run):
    """Without EXPR it is the session's problem, which stays as it is."""
    table([(1, 2), (3, 4)])
    run("grad", "a*x*y**2", "--a", 3, "--x", 1, "--y", 1)
    ended = run("hessian", "--hvp", "y=1", "--data", "t.csv", "--wrt", "y")
    assert ended.status == 2 and "also given a value" in ended.err  # the session's x is a number
    run("grad", "sum(a*x*y**2)", "--a", 3, "--data", "t.csv")
    assert run("session", "--get", "expression").out.strip('"\n') == "sum(a*x*y**2)"


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("hessian", "b*x", "--hvp", "x=1"), 2, "b is neither a column of t.csv nor has a value"),
        (("hessian", "x*y", "--z", "1"), 2, "z is not a variable"),
        (("hessian", "x*y", "--x", "1"), 2, "x is a column of t.csv, and is also given a value"),
        (("hessian", "x*y", "--wrt", "z"), 2, "z"),
        (("hessian", "x*y", "--hvp", "z=1"), 2, "--hvp z: it is not among the variables"),
        (("hessian", "x - mean(x)"), 2, "x has a number in each row"),
        (("jacobian", "x", "y", "--vjp", "1"), 2, "--vjp has 1 weight for 2 outputs"),
        (("hessian", "x*y", "--digits", "20"), 2, "at most 15 digits are computed"),
        (("hessian", "x*y", "--format", "latex"), 2, "LaTeX and --data do not go together"),
        (
            ("hessian", "mean((y - a*x)**2)", "--a", "1", "--prefix", "f."),
            2,
            "--prefix is about answers for each row",
        ),
        (("hessian", "mean((y - a*x)**2)", "--a", "1", "--out", "o.parquet"), 2, "for answers of each row"),
        (("hessian", "x*y", "--limit", "service"), 4, "turns files of data off"),
        (("hessian", "x*y", "--limit", "cells=2", "--format", "json"), 4, "numbers would be held"),
    ],
)
def test_what_does_not_fit_is_a_sentence(words, status, said, run):
    """Names, vectors, and options that are about something else."""
    table([(1, 2), (3, 4)])
    ended = run(*words, "--data", "t.csv")
    assert ended.status == status and said in ended.err and ended.out == ""
    run("grad", "x", "--x", 1)  # with the usual limits again
