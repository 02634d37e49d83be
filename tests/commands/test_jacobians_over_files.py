"""jacobian of losses over files of more rows than are written out, and products with it: truths as fractions, by hand."""

import json
import math
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from gradcli.shell.problems.row_problem import WRITTEN_OUT
from gradcli.shell.tables import derivative_answer

F1, F2, F3 = "sum((y - a*x - b*x**2)**2)", "a**2*c", "mean(c*y) - b"
POINT = {"a": Fraction(1, 2), "b": Fraction(-2), "c": Fraction(3)}
AT = ("--a", 0.5, "--b", -2, "--c", 3)


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Files stand where the command is."""
    monkeypatch.chdir(tmp_path)


def table(count, seed=4):
    """A file of so many rows, and its rows as fractions."""
    random = Random(seed)
    rows = [(random.gauss(0.5, 1.0), random.gauss(-1, 2)) for _ in range(count)]
    Path("t.csv").write_text("x,y\n" + "".join(f"{x!r},{y!r}\n" for x, y in rows))
    return [(Fraction(x), Fraction(y)) for x, y in rows]


def by_hand(rows):
    """Values and derivatives of the three outputs."""
    a, b, c = POINT.values()
    errors = [(x, y - a * x - b * x * x) for x, y in rows]
    mean = sum(y for _, y in rows) / len(rows)
    matrix = [
        {"a": sum(-2 * x * e for x, e in errors), "b": sum(-2 * x * x * e for x, e in errors), "c": Fraction(0)},
        {"a": 2 * a * c, "b": Fraction(0), "c": a * a},
        {"a": Fraction(0), "b": Fraction(-1), "c": mean},
    ]  # fmt: skip
    return [sum(e * e for _, e in errors), a * a * c, c * mean - b], matrix


def answer(run, *words, status=0, file="t.csv"):
    ended = run("jacobian", *words, "--data", file, "--format", "json")
    assert ended.status == status, ended.err
    return json.loads(ended.out)


def near(found, path, number, true):
    """Within the bound that is said, which is small."""
    error = Fraction(found["errors"][path])
    assert abs(Fraction(number) - true) <= error + Fraction(math.ulp(number)) / 2, path
    assert error <= abs(true) / 10**12 + Fraction(1, 10**300), path


@pytest.mark.parametrize("rows", [700, 9_000])
class TestNumbers:
    """In plain Python and in arrays."""

    def test_the_matrix(self, rows, run):
        """Each entry is the exact sum to within its bound."""
        every = table(rows)
        values, matrix = by_hand(every)
        found = answer(run, F1, F2, F3, *AT)
        assert found["rows"] == rows and rows * len(F1 + F2 + F3) > WRITTEN_OUT
        assert found["wrt"] == ["a", "b", "c"] and found["data"]["files"] == [{"file": "t.csv", "rows": rows}]
        for i in range(3):
            near(found, f"value.{i}", found["value"][i], values[i])
            for name in "abc":
                near(found, f"jacobian.{i}.{name}", found["jacobian"][i][name], matrix[i][name])

    def test_products(self, rows, run):
        """Weights times the matrix, the matrix times a direction: decimals as they are typed."""
        values, matrix = by_hand(table(rows))
        weights = (Fraction(1), Fraction(-2), Fraction(1, 10))
        found = answer(run, F1, F2, F3, *AT, "--vjp", "1,-2,0.1")
        near(found, "value", found["value"], sum(w * v for w, v in zip(weights, values, strict=True)))
        for name in "abc":
            true = sum(w * row[name] for w, row in zip(weights, matrix, strict=True))
            near(found, f"vjp.{name}", found["vjp"][name], true)
        found = answer(run, F1, F2, F3, *AT, "--jvp", "a=0.1,b=1")
        for i in range(3):
            near(found, f"jvp.{i}", found["jvp"][i], matrix[i]["a"] / 10 + matrix[i]["b"])


def test_few_rows_and_many_say_the_same(run):
    """One output, written out and by rows: its slopes, and formulas of either kind."""
    table(10)
    few = answer(run, F1, *AT[:4])
    table(1_500)
    many = answer(run, F1, *AT[:4])
    assert few.keys() <= many.keys()
    assert many["formulas"][0]["a"].startswith("sum(") and "x[0]" in few["formulas"][0]["a"]
    text = run("jacobian", F1, *AT[:4], "--data", "t.csv").out
    assert "names: a, b variables; x, y columns of 1,500 rows" in text and "formulas f1: a sum(" in text


def test_outputs_share_definitions(run):
    """A definition of the first is known to the others; formulas too."""
    rows = table(1_000)
    found = answer(run, "u = y - a*x; mean(u**2)", "sum(u) + b", "--a", 2, "--b", 1)
    error = [(x, y - 2 * x) for x, y in rows]
    assert math.isclose(found["jacobian"][0]["a"], -2 * sum(x * e for x, e in error) / 1000, rel_tol=1e-14)
    assert math.isclose(found["jacobian"][1]["a"], -sum(x for x, _ in rows), rel_tol=1e-14)
    assert found["jacobian"][1]["b"] == 1 and found["formulas"][1] == {"a": "sum(-x)", "b": "1"}


def test_corners_and_missing_names(run, monkeypatch):
    """A corner is null and named with its output, or chosen; what nothing depends on is null, or 0 where that is asked for."""
    monkeypatch.setattr(
        derivative_answer, "WRITTEN_OUT", 0
    )  # every row is a corner, and each is looked at by itself
    table(60)
    words = ("mean(abs(a*x))", "sum(x) + stop_gradient(b)", "--a", 0, "--b", 1)
    found = answer(run, *words, status=3)
    assert found["jacobian"] == [{"a": None, "b": None}, {"a": 0.0, "b": None}]
    kinds = {note["kind"]: note["message"] for note in found["notes"]}
    assert (
        kinds["corner"].startswith("f1: abs(a*x) has a corner in row 1")
        and "b is not" in kinds["unconnected"]
    )
    chosen = answer(run, *words, "--corner", "right", "--unconnected", "zero")
    assert chosen["jacobian"][0]["a"] > 0.5 and chosen["jacobian"][1] == {"a": 0.0, "b": 0.0}
    assert answer(run, *words, "--jvp", "b=1", "--unconnected", "zero")["jvp"] == [0.0, 0.0]
    answer(run, *words, "--jvp", "a=1", "--unconnected", "zero", status=3)


def test_the_sessions_problem(run):
    """Without EXPR it is the session's loss over its files."""
    rows = table(2_000)
    run("grad", "mean((y - a*x)**2)", "--data", "t.csv", "--a", 1)
    found = json.loads(run("jacobian", "--format", "json").out)
    true = sum(-2 * x * (y - x) for x, y in rows) / 2000
    assert math.isclose(found["jacobian"][0]["a"], true, rel_tol=1e-13)
    assert math.isclose(
        json.loads(run("jacobian", "--vjp", "2", "--format", "json").out)["vjp"]["a"], 2 * true
    )


@pytest.mark.parametrize(("command", "key"), [("jacobian", "jacobian"), ("hessian", "hessian")])
def test_a_stream_of_problems(command, key, run):
    """Each line over all rows of the file, and a bad one has its error in its place."""
    rows = table(3_000)
    lines = [{"expression": "mean(a*x*a)", "at": {"a": 2}}, {"expression": "mean(a*x"}]
    ended = run(command, "-", "--data", "t.csv", "--format", "jsonl", text="\n".join(map(json.dumps, lines)))
    first, second = map(json.loads, ended.out.splitlines())
    mean = float(sum(x for x, _ in rows) / 3000)
    found = first[key][0]["a"] / 4 if command == "jacobian" else first[key]["a"]["a"] / 2
    assert math.isclose(found, mean, rel_tol=1e-13) and first["rows"] == 3000
    assert second["error"]["kind"] == "syntax" and ended.status == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("mean(a*x)", "a*x"), "mean(a*x) is one number for all rows, and another EXPR has one in each row"),
        (("mean(a*x)", "a", "--vjp", "1"), "--vjp has 1 weight for 2 outputs"),
        (("mean(a*x)", "a", "--jvp", "c=1"), "--jvp c: it is not among the variables"),
        (("mean(a*x)", "a", "--digits", "20"), "numbers of files are floats"),
        (("mean(a*x)", "a", "--format", "latex"), "LaTeX and --data do not go together"),
        (("mean(a*x)", "a", "--prefix", "p"), "--prefix is about answers for each row"),
    ],
)
def test_refused(words, message, run):
    """A sentence and status 2."""
    table(3_000)
    ended = run("jacobian", *words, "--data", "t.csv", "--a", 1)
    assert ended.status == 2 and message in ended.err


def test_an_output_without_a_value(run):
    """It is named where it stands, status 3."""
    table(3_000)
    ended = run("jacobian", "mean(a*x)", "log(a)", "--data", "t.csv", "--a", -1)
    assert ended.status == 3 and "log is not defined at a = -1" in ended.err
