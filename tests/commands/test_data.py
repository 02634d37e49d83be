"""`--data FILE`: columns of files in grad, minimize, maximize and compare; truths by fractions, NumPy and the csv module."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import random
import re
import shlex
import tracemalloc
from fractions import Fraction
from pathlib import Path

import pytest

from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.data.readers.read_options import ReadOptions
from gradcli.shell.files.file_columns import DataRequest, named_columns
from gradcli.shell.problems.problem import Problem
from gradcli.shell.tables.file_table import gradient_table

LOSS = "mean((y - a*x - b)**2)"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Files stand where the command is."""
    monkeypatch.chdir(tmp_path)


def written(name, text):
    """A file in the folder of the test."""
    Path(name).write_text(text, encoding="utf-8", newline="")


def table(name, header, rows):
    """A file of rows."""
    written(name, "\n".join([header, *(",".join(map(repr, row)) for row in rows)]) + "\n")


def answer(run, *arguments):
    """The JSON of a command that is done."""
    ended = run(*arguments, "--format", "json")
    assert ended.status == 0, ended.err
    return json.loads(ended.out)


def points(count, seed=1):
    """Rows of two floats."""
    chance = random.Random(seed)
    return [(chance.gauss(0, 2), chance.gauss(1, 3)) for _ in range(count)]


def exact_loss(rows, a, b):
    """The mean square and its two partials as fractions, of the floats in the rows."""
    gaps = [Fraction(y) - a * Fraction(x) - b for x, y in rows]
    count = len(rows)
    along = sum(-2 * gap * Fraction(x) for gap, (x, _) in zip(gaps, rows, strict=True))
    return sum(gap * gap for gap in gaps) / count, along / count, sum(-2 * gap for gap in gaps) / count


@pytest.mark.parametrize("count", [1, 2, 7, 300])
def test_a_loss_is_that_of_fractions(count, run):
    """Value and partials within the bounds that JSON has, which are small."""
    rows = points(count, count)
    table("p.csv", "x,y", rows)
    found = answer(run, "grad", LOSS, "--data", "p.csv", "--a", "0.25", "--b", "-2")
    truth = exact_loss(rows, Fraction(1, 4), Fraction(-2))
    numbers = [found["value"], found["gradient"]["a"], found["gradient"]["b"]]
    bounds = [found["errors"][path] for path in ("value", "gradient.a", "gradient.b")]
    for number, true, bound in zip(numbers, truth, bounds, strict=True):
        assert abs(Fraction(number) - true) <= Fraction(bound) <= Fraction(1, 10**10)
    assert found["rows"] == count
    assert found["data"] == {"files": [{"file": "p.csv", "rows": count}], "left_out": 0}
    assert set(found["at"]) == set(found["gradient"]) == {"a", "b"}


def test_the_order_of_rows_and_files_changes_no_bit(run):
    """Sums are exact."""
    rows, chance = points(500), random.Random(3)
    table("all.csv", "x,y", rows)
    whole = answer(run, "grad", LOSS, "--data", "all.csv", "--a", "2", "--b", "0.5")
    for number in range(5):
        chance.shuffle(rows)
        cut = chance.randrange(1, 499)
        table(f"one{number}.csv", "x,y", rows[:cut])
        table(f"two{number}.csv", "y,x", [(y, x) for x, y in rows[cut:]])
        found = answer(
            run,
            "grad",
            LOSS,
            "--data",
            f"two{number}.csv",
            "--data",
            f"one{number}.csv",
            "--a",
            "2",
            "--b",
            "0.5",
        )
        assert (found["value"], found["gradient"]) == (whole["value"], whole["gradient"])
        assert [one["rows"] for one in found["data"]["files"]] == [500 - cut, cut]


def test_many_rows_are_what_numpy_says(run):
    """200,000 rows against long doubles; the minimum against the normal equations."""
    np = pytest.importorskip("numpy")
    x = np.random.default_rng(5).normal(size=200_000)
    y = 2 * x + 1 + np.random.default_rng(6).normal(size=200_000) / 10
    table("big.csv", "x,y", zip(x.tolist(), y.tolist(), strict=True))
    found = answer(run, "grad", LOSS, "--data", "big.csv", "--a", "0.3", "--b", "-2")
    gap = y.astype(np.longdouble) - np.longdouble(0.3) * x + 2
    assert found["value"] == pytest.approx(float((gap**2).mean()), rel=1e-14)
    assert found["gradient"]["a"] == pytest.approx(float((-2 * gap * x).mean()), rel=1e-13)
    least = answer(run, "minimize", LOSS, "--data", "big.csv", "--a", "0", "--b", "0")
    slope, constant = np.polyfit(x, y, 1)
    assert least["status"] == "minimum" and least["rows"] == 200_000
    assert least["kept"] == least["x"]
    assert least["x"] == pytest.approx({"a": slope, "b": constant}, rel=1e-9)


def test_an_answer_for_each_row(run):
    """Value and partials of every row within some units of the last place, in every format the same."""
    rows = points(400, 9)
    table("p.csv", "x,y", rows)
    asked = ("grad", "exp(-x**2)*sin(x*y)", "--data", "p.csv", "--format")
    found = [dict(row) for row in csv.DictReader(io.StringIO(run(*asked, "csv").out))]
    assert len(found) == 400
    for (x, y), row in zip(rows, found, strict=True):
        bell, wave, turn = math.exp(-x * x), math.sin(x * y), math.cos(x * y)
        assert (float(row["x"]), float(row["y"]), row["problem"]) == (x, y, "")
        near = {"rel": 1e-11, "abs": 1e-15}
        assert float(row["value"]) == pytest.approx(bell * wave, **near)
        assert float(row["grad.x"]) == pytest.approx(bell * (y * turn - 2 * x * wave), **near)
        assert float(row["grad.y"]) == pytest.approx(bell * x * turn, **near)
    lines = [json.loads(line) for line in run(*asked, "jsonl").out.splitlines()]
    whole = json.loads(run(*asked, "json").out)
    for name in ("x", "y", "value", "grad.x", "grad.y"):
        assert [line[name] for line in lines] == [float(row[name]) for row in found]
    assert whole["value"] == [line["value"] for line in lines] and whole["rows"] == 400
    assert whole["gradient"]["y"] == [line["grad.y"] for line in lines] and whole["at"] == {}
    assert len(run(*asked, "text").out.splitlines()) == 400 + 2


@pytest.mark.parametrize(
    "text", ["(x + 1e9) - 1e9 - x*0", "x*y - y*x + 1e-30*x", "(1 - cos(x*1e-8))/x**2", "a*x - 0.3*x"]
)
def test_rows_have_the_digits_of_one_point(text, run):
    """Where floats cancel, a row is looked at as closely as the same floats one by one."""
    rows = [(1.5, 0.25), (-0.7, 3.0), (1e-3, 1e8), (0.1, 0.2)]
    table("p.csv", "x,y", rows)
    beside = ("--a", "0.3") if "a*" in text else ()
    ended = run("grad", text, "--data", "p.csv", "--format", "jsonl", *beside)
    for (x, y), line in zip(rows, map(json.loads, ended.out.splitlines()), strict=True):
        at = {"x": str(Fraction(x)), "y": str(Fraction(y))}
        at = {name: value for name, value in at.items() if name in text}
        point = [word for name, value in at.items() for word in (f"--{name}", value)]
        one = answer(run, "grad", text, *point, *beside, "--no-save")
        assert line["value"] == one["value"]
        assert {name: line[f"grad.{name}"] for name in one["gradient"]} == one["gradient"]


def test_rows_without_a_value_are_counted_and_three_are_named(run):
    """Their cells are empty, the others stand; status 3."""
    rows = [(float(number % 5),) for number in range(100)]
    table("p.csv", "x", rows)
    ended = run("grad", "log(x)", "--data", "p.csv", "--format", "csv", "--no-save")
    found = list(csv.DictReader(io.StringIO(ended.out)))
    assert ended.status == 3 and len(found) == 100
    assert [row["problem"] != "" for row in found] == [x == 0 for (x,) in rows]
    assert all((row["value"] == "") == (row["problem"] != "") for row in found)
    assert re.findall(r"row (\d+):", ended.err) == ["1", "6", "11"] and "and 17 more of 100 rows" in ended.err
    loss = run("grad", "sum(log(x))", "--data", "p.csv")
    assert loss.status == 3 and loss.out == "" and "in row 1, at x = 0" in loss.err
    assert "20 rows have no value: 1, 6, 11, …" in loss.err


@pytest.mark.parametrize(("text", "said"), [
    ("sum(log(x))", "3 rows have no value: 1, 2, 3"), ("mean(exp(1000*a - x))", "too large for a float"),
    ("log(mean(x))", "log is not defined: its argument"), ("a/(sum(x) + 6)", "not defined at a = 1: the divisor is 0"),
    ("max(sqrt(x))", "sqrt is not defined"),
])  # fmt: skip
def test_no_row_at_all_has_a_value(text, said, run):
    """Also the one row of what is made of all of them."""
    written("p.csv", "x\n-1\n-2\n-3\n")
    ended = run("grad", f"{text} + 0*a", "--data", "p.csv", "--a", 1)
    assert (ended.status, ended.out) == (3, "") and said in ended.err and "#" not in ended.err


def test_rows_are_numbered_as_in_their_files(run):
    """Also behind rows that are left out, and in the second file."""
    written("one.csv", "x\n1\nNA\n2\n")
    written("two.csv", "x\n3\n\nNA\n-1\n")
    asked = ("--data", "one.csv", "--data", "two.csv", "--missing", "skip", "--no-save")
    ended = run("grad", "log(x)", *asked, "--format", "jsonl")
    assert ended.status == 3 and len(ended.out.splitlines()) == 4
    assert "row 3 of two.csv: log is not defined at x = -1" in ended.err
    assert "2 rows with missing cells are left out" in ended.err
    assert "in row 3 of two.csv, at x = -1" in run("grad", "sum(log(x))", *asked).err


def test_a_corner_of_a_row_is_said(run):
    """Its partial is null, its value stands; --corner chooses."""
    written("p.csv", "x\n2\n3\n")
    lines = [
        json.loads(one)
        for one in run("grad", "abs(x - 2)", "--data", "p.csv", "--format", "jsonl").out.splitlines()
    ]
    assert [line["value"] for line in lines] == [0, 1] and [line["grad.x"] for line in lines] == [None, 1]
    assert "corner" in lines[0]["problem"] and lines[1]["problem"] is None
    least = run("grad", "abs(x - 2)", "--data", "p.csv", "--format", "jsonl", "--corner", "least")
    assert least.status == 0 and json.loads(least.out.splitlines()[0])["grad.x"] == 0
    whole = run("grad", "abs(mean(x) - a)", "--data", "p.csv", "--a", 2.5)
    assert whole.status == 3 and "abs(mean(x) - a) has a corner: along a" in whole.err
    loss = run("grad", "sum(abs(x - a))", "--data", "p.csv", "--a", 2)
    assert loss.status == 3 and "corner in row 1" in loss.err


SPELLED = "e,gamma,a,x y,=cmd,pi,data,na,é\n1,2,3,4,5,6,7,8,9\n2,3,4,5,6,7,8,9,10\n"


@pytest.mark.parametrize(("text", "options", "value", "note"), [
    ("sum(a*e)", (), 7 * math.e, "e is the constant"),
    ("sum(a*e)", ("--column", "e=e"), 11, ""),
    ("sum(a*pi)", (), 7 * math.pi, "pi is the constant"),
    ("sum(gamma(a))", (), 8, "gamma is the function"),
    ("sum(gamma*a)", (), 18, ""),
    ("sum(gamma(a)*g)", ("--column", "g=gamma"), 2 * 2 + 6 * 3, ""),
    ("gamma = 3*a; sum(gamma)", (), 21, "gamma is what the text defines"),
    ("gamma(t) = 3*t; sum(gamma(a))", (), 21, "gamma is what the text defines"),
    ("f(a) = 2*a; sum(f(gamma))", (), 10, ""),
    ("sum(a[e], e, 0, 1) + 0*sum(gamma)", (), 7, "e is the constant"),
    ("sum(u - v)", ("--column", "u=x y", "--column", "v==cmd"), -2, ""),
    ("sum(a)", ("--column", "a=gamma"), 5, ""),
    ("sum(data + na)", (), 32, ""),
    ("sum(na)", ("--na", "-999"), 17, ""),
    ("sum(é)", (), 19, ""),
    ("sum(e\u0301)", (), 19, ""),
])  # fmt: skip
def test_a_header_does_not_change_what_a_text_means(text, options, value, note, run):
    """Constants, called functions and definitions win over columns, and it is said; --column means the column."""
    written("odd.csv", SPELLED)
    ended = run("grad", text, "--data", "odd.csv", *options, "--no-save", "--format", "json")
    assert ended.status == 0, ended.err
    assert json.loads(ended.out)["value"] == pytest.approx(value, rel=1e-14)
    assert note in ended.err if note else "and not the column" not in ended.err


@pytest.mark.parametrize(("content", "hint"), [
    ("1,2\n2,3\n", "its first row holds numbers"), ("# of a lab\nx,y\n1,2\n", "its first line is # of a lab"),
    ("x y\n1 2\n", 'its one column is called "x y": --delimiter " "'),
    ("Time (s),y\n1,2\n", '--column t="Time (s)" calls a column t'),
])  # fmt: skip
def test_what_a_file_seems_to_be_instead_is_told(run, tmp_path, content, hint):
    """One without names, with remarks in front, with blanks between its cells, with units in its names."""
    (tmp_path / "p.csv").write_text(content)
    ended = run("grad", "mean((y - a*t)**2)", "--data", tmp_path / "p.csv", "--a", "1")
    assert ended.status == 2 and hint in ended.err


@pytest.mark.parametrize(("arguments", "status", "said"), [
    (("sum(a*x)", "--a", "1", "--x", "3"), 2, "x is a column of p.csv, and is also given a value"),
    (("sum(a*x)", "--at", "x=3,a=1"), 2, "x is a column of p.csv, and is also given a value"),
    (("sum(a*x)", "--a", "1", "--x", "[1,2]"), 2, "x is a column of p.csv, and is also given a value"),
    (("sum(a*x)", "--a", "[1,2]"), 2, "a has typed numbers"),
    (("sum(a*x)",), 2, "a is neither a column of p.csv nor has a value"),
    (("sum(alph*x)", "--alpha", "1"), 2, "did you mean alpha?"),
    (("sum(weigth*x)",), 2, "did you mean weight?"),
    (("sum(weigth)",), 2, "did you mean weight?"),
    (("a*weigth + x", "--a", "1"), 2, "did you mean weight?"),
    (("sum(x) + b", "--b", "1", "--c", "2"), 2, "c is not a variable of the expression"),
    (("b**2", "--b", "1"), 2, "the expression names no column of p.csv"),
    (("sum(a*x)", "--a", "1", "--wrt", "x"), 2, "x is a column of p.csv"),
    (("sum(a*x)", "--a", "1", "--wrt", "z"), 2, "--wrt z"),
    (("sum(a*x)", "--a", "1", "--column", "q=x"), 2, "q: it is not in the expression"),
    (("sum(a*q)", "--a", "1", "--column", "q=wight"), 2, "p.csv has no column wight"),
    (("sum(a*q)", "--a", "1", "--column", "q"), 2, "NAME=HEADER"),
    (("sum(a*q)", "--a", "1", "--column", "2q=x"), 2, "is not a name"),
    (("sum(a*q)", "--a", "1", "--column", "q=x", "--column", "q=y"), 2, "q is there twice"),
    (("sum(a*x)", "--a", "1", "--digits", "30"), 2, "--digits 30"),
    (("sum(a*x)", "--a", "1±0.1"), 2, "±"),
    (("sum(a*x)", "--a", "1", "--along", "a=1"), 2, "--along and --data do not go together"),
    (("sum(a*x)", "--a", "1", "--order", "2"), 2, "--order and --data do not go together"),
    (("sum(a*x)", "--a", "1", "--wrt", "a,a"), 2, "a name twice"),
    (("sum(a*x)", "--a", "1", "--format", "latex"), 2, "LaTeX"),
    (("sum(a*x)", "--a", "1", "--formulas", "defined"), 2, "--formulas"),
    (("sum(a*x)", "--a", "1", "--decimal", ";"), 2, "decimal sign"),
    (("sum(a*x)", "--a", "1", "--delimiter", "ab"), 2, "cannot stand between cells"),
    (("sum(a*x)", "--a", "1", "--columns", "x,x"), 2, "x is there twice"),
    (("x - mean(x)",), 2, "its rows depend on each other"),
    (("prod(x[i], i, 0, 3)",), 2, "no row 3"), (("b*prod(x[i], i, 0, 2)",), 2, "b is neither a column"),
    (("a*prod(x[i], i, 0, 2)", "--a", "1", "--b", "2"), 2, "b is not a variable"),
    (("a*prod(x[i], i, 0, 2)", "--a", "1", "--wrt", "x"), 2, "x is a column of p.csv"),
    (("sum(x[i+9], i, 0, 2)",), 2, "no row 9"),
    (("sum(a*x", "--a", "1"), 2, "not closed"),
    (("sum(a*x)", "--a", "1", "--limit", "service"), 4, "service turns files of data off"),
    (("a*x", "--a", "1", "--limit", "cells=2", "--format", "json"), 4, "numbers would be held"),
    (("sum(a*x)", "--a", "1", "--limit", "data-rows=2"), 4, "rows would be read"),
    (("a*x", "--a", "1", "--limit", "data-rows=2"), 4, "rows would be read"),
    (("sum(a*x)", "--a", "1", "--data", "p.csv"), 2, "read twice"),
    (("sum(a*x)", "--a", "1", "--data", "q.csv", "--limit", "files=1"), 4, "files would be read"),
])  # fmt: skip
def test_what_does_not_fit_is_a_sentence(arguments, status, said, run):
    """And nothing on stdout."""
    written("p.csv", "x,y,weight\n1,2,3\n2,3,4\n3,4,5\n")
    written("q.csv", "x,y,weight\n1,2,3\n")
    ended = run("grad", *arguments, "--data", "p.csv")
    assert (ended.status, ended.out) == (status, "") and said in ended.err


@pytest.mark.parametrize(("name", "content", "status", "said"), [
    ("p.csv", "", 4, "p.csv is empty"), ("p.csv", "x\n", 3, "p.csv has no rows"), ("p.csv", "x\nNA\n", 3, "cell is missing"),
    ("p.csv", "x\ninf\n", 2, "is not finite"), ("p.csv", "x\none\n", 2, '"one" is no number'),
    ("p.csv", "x\n0x10\n", 2, "is no number"), ("p.csv", "x\n1,5\n", 4, "2 cells where there is 1 column"),
    ("p.csv", "x,x\n1,2\n", 2, "two columns are called x"), ("p.dat", "x\n1\n", 2, "does not say what it holds"),
    ("p.jsonl", '{"x": "1"}\n', 2, "text and no number"), ("p.csv", "x\n9007199254740993\n", 2, "no float is equal"),
])  # fmt: skip
@pytest.mark.parametrize("command", ["grad", "minimize", "compare"])
def test_broken_files(name, content, status, said, command, run):
    """A sentence with the file, and where it is about a cell its row and column."""
    written(name, content)
    ended = run(command, "sum((x - a)**2)", "--data", name, "--a", 1)
    assert (ended.status, ended.out) == (status, "") and said in ended.err and name in ended.err


def test_what_is_no_regular_file_is_not_read(run):
    """A pipe does not wait, a folder is refused, and standard input where a session would remember it."""
    os.mkfifo("pipe.csv")
    Path("folder.csv").mkdir()
    for name, status in (
        ("pipe.csv", 4),
        ("folder.csv", 4),
        ("nowhere.csv", 4),
        ("no-*.csv", 4),
        ("/dev/null", 2),
    ):
        ended = run("grad", "sum(x)", "--data", name)
        assert (ended.status, ended.out) == (status, ""), name
    ended = run("minimize", "sum((x - a)**2)", "--a", 1, "--data", "-")
    assert (ended.status, ended.out) == (2, "")


def test_every_spelling_of_missing(run):
    """Left out with --missing skip, counted, and an error otherwise; --na replaces the list."""
    spellings = ["", "NA", "NaN", "nan", "null", "None", "-", "?"]
    written("p.csv", "x,y\n" + "".join(f"{one},1\n" for one in spellings) + "5,1\n")
    ended = run("grad", "sum(x*a)", "--data", "p.csv", "--a", 1, "--missing", "skip", "--format", "json")
    found = json.loads(ended.out)
    assert (found["value"], found["rows"], found["data"]["left_out"]) == (5, 1, 8)
    assert "8 rows with missing cells are left out" in ended.err
    assert run("grad", "sum(y*a)", "--data", "p.csv", "--a", 1, "--get", "value").out == "9.0\n"
    assert run("grad", "sum(x*a)", "--data", "p.csv", "--a", 1).status == 3
    assert run("grad", "sum(x*a)", "--data", "p.csv", "--a", 1, "--missing", "skip", "--na", "NA").status == 2
    none = run(
        "grad",
        "sum(x*a)",
        "--data",
        "p.csv",
        "--a",
        1,
        "--missing",
        "skip",
        "--na",
        ",".join([*spellings[1:], "5"]),
    )
    assert none.status == 3 and "has no rows: 9 rows" in none.err


def test_files_without_header_with_commas(run):
    """--columns names the columns; a semicolon is found by itself, a bar is said."""
    written("p.csv", "1,5;2\n2,5;3\n")
    written("q.csv", "1,5|2\n2,5|3\n")
    written("r.txt", "1,5 2\n2,5 3\n")
    written("s.txt", "1,5\t2\n2,5\t3\n")
    apart = {"p.csv": (), "q.csv": ("|",), "r.txt": (" ",), "s.txt": ("\t",)}
    for name, sign in (*apart.items(), ("s.txt", ("tab",)), ("s.txt", ("\\t",))):
        more = ("--delimiter", *sign) if sign else ()
        asked = ("sum(u*v*a)", "--data", name, "--columns", "u,v", "--decimal", ",", "--a", 1, *more)
        assert answer(run, "grad", *asked)["value"] == 1.5 * 2 + 2.5 * 3
        assert answer(run, "minimize", "sum((u*a - v)**2)", *asked[1:])["x"]["a"] == pytest.approx(10.5 / 8.5)


def test_descents_go_along_the_numbers(run):
    """From a point, from a box, uphill; --wrt holds the others, bounds hold."""
    rows = points(60, 2)
    table("p.csv", "x,y", rows)
    count = len(rows)
    sx, sy = sum(x for x, _ in rows), sum(y for _, y in rows)
    sxx, sxy = sum(x * x for x, _ in rows), sum(x * y for x, y in rows)
    a = (count * sxy - sx * sy) / (count * sxx - sx * sx)
    b = (sy - a * sx) / count
    least = {"a": pytest.approx(a, abs=1e-8), "b": pytest.approx(b, abs=1e-8)}
    start = ("--data", "p.csv", "--a", "0", "--b", "0")
    assert answer(run, "minimize", LOSS, *start)["x"] == least
    assert answer(run, "maximize", f"-{LOSS}", *start)["x"] == least
    boxed = ("--data", "p.csv", "--box", "a=-3:3,b=-3:3", "--restarts", "3")
    assert answer(run, "minimize", LOSS, *boxed)["x"] == least
    held = answer(run, "minimize", LOSS, *start, "--wrt", "b")
    assert held["x"] == {"a": 0, "b": pytest.approx(sy / count)} and held["wrt"] == ["b"]
    bound = answer(run, "minimize", LOSS, *start, "--bounds", f"a={a + 1}:")
    assert bound["x"]["a"] == a + 1
    first = answer(run, "compare", LOSS, *start, "--optimizers", "sgd", "--lr", "0.05", "--steps", "3")
    x = y = 0.0
    for _ in range(3):
        _, da, db = exact_loss(rows, Fraction(x), Fraction(y))
        x, y = x - 0.05 * float(da), y - 0.05 * float(db)
    assert first["results"][0]["at"] == pytest.approx({"a": x, "b": y}, rel=1e-12)
    assert first["rows"] == count and first["data"]["files"] == [{"file": "p.csv", "rows": count}]


@pytest.mark.parametrize(("options", "said"), [
    (("--prove", "--box", "a=-1:1"), "--prove"),
    (("--lr", "safe", "--box", "a=-1:1", "--optimizer", "sgd"), "--lr safe"),
])  # fmt: skip
def test_descents_refuse_what_they_do_not_do_over_files(options, said, run):
    """Before anything is read."""
    ended = run("minimize", "sum((a - x)**2)", "--data", "nowhere.csv", "--a", 1, *options)
    assert ended.status == 2 and said in ended.err and "do not go together" in ended.err


def test_the_session_stays_as_it_is(run):
    """It is said, unless nothing was to be remembered; without EXPR its problem is answered over the file."""
    written("p.csv", "x,y\n1,2\n2,5\n")
    run("grad", "a**2", "--a", 3)
    before = run("session").out
    assert "not remembered: the session stays as it is" in run("grad", "a*x", "--data", "p.csv", "--a", 1).err
    assert "not remembered" not in run("grad", "sum(a*x)", "--data", "p.csv", "--a", 1, "--no-save").err
    assert (
        "not remembered"
        not in run("minimize", "sum((y-a*x)**2)", "--data", "p.csv", "--a", 1, "--dry-run").err
    )
    assert run("session").out == before
    run("grad", "sum((y - a*x)**2)", "--x", "[1]", "--y", "[4]", "--a", 2)
    assert answer(run, "grad", "--data", "p.csv")["value"] == 0 + 1
    assert answer(run, "grad", "--data", "p.csv", "--a", 3)["value"] == 1 + 1
    assert answer(run, "minimize", "--data", "p.csv")["x"]["a"] == pytest.approx(12 / 5)
    assert run("grad", "--data", "p.csv", "--x", 3).status == 2


def test_problems_in_json_name_no_file(run):
    """`data` in one is an answer's key; the file stands on the command line, and `-` is one problem."""
    written("p.csv", "x\n1\n2\n")
    problem = json.dumps({"expression": "sum(a*x)", "at": {"a": 2}, "data": "p.csv", "rows": 7})
    assert run("grad", "-", text=problem).status == 2
    assert json.loads(run("grad", "-", "--data", "p.csv", "--format", "json", text=problem).out)["value"] == 6
    listed = json.dumps({"expression": "sum(a*x)", "at": {"a": 2}, "data": {"files": [{"file": "p.csv"}]}})
    assert "p.csv" not in run("grad", "-", text=listed).err
    taken = json.dumps({"expression": "sum(a*x)", "at": {"a": 2, "x": [1]}})
    assert "also given a value" in run("grad", "-", "--data", "p.csv", text=taken).err
    least = run("minimize", "sum((x - a)**2)", "--data", "p.csv", "--a", 0, "--format", "json").out
    written("q.csv", "x\n3\n")
    again = json.loads(run("grad", "-", "--data", "q.csv", "--format", "json", text=least).out)
    assert again["value"] == pytest.approx(1.5**2) and again["rows"] == 1


def test_names_of_options_and_of_columns(run):
    """A variable called data is asked about where --data has a number; behind -- nothing is an option."""
    written("p.csv", "data,x\n1,2\n")
    assert "--data is an option of grad, and data is a variable" in run("grad", "data**2", "--data", 5).err
    assert run("grad", "data**2", "--data", "p.csv", "--get", "value").out == "[1.0]\n"
    assert run("grad", "data**2", "--at", "data=5", "--get", "value").out == "25.0\n"
    assert run("grad", "sum(x)", "--", "--data", "p.csv").status == 2
    for option, value in (
        ("--column", "q=x"),
        ("--missing", "skip"),
        ("--na", "NA"),
        ("--decimal", ","),
        ("--delimiter", ";"),
    ):
        for command in ("grad", "minimize", "compare"):
            ended = run(command, "x**2", "--x", 1, option, value)
            assert ended.status == 2 and f"{option} is about files of data" in ended.err
    assert "--columns is about files of data" in run("minimize", "x**2", "--x", 1, "--columns", "x").err


@pytest.mark.parametrize("command", ["taylor", "critical", "code", "explain", "range"])
def test_other_commands_have_no_such_option(command, run):
    """So that none is accepted and ignored."""
    written("p.csv", "x\n1\n")
    assert "--data" not in run(command, "--help").out
    assert run(command, "sum(x)", "--data", "p.csv").status == 2


def test_answers_of_rows_go_into_files(run):
    """--out, beside what stands on stdout; nothing is left where a later row ends it."""
    written("p.csv", "x\n1\n2\n")
    ended = run(
        "grad", "x**2", "--data", "p.csv", "--out", "g.csv", "--out", "g.jsonl", "--out", "-", "--no-save"
    )
    assert ended.status == 0 and len(ended.out.splitlines()) == 3
    assert Path("g.csv").read_text(encoding="utf-8") == "x,value,grad.x,problem\n1,1.0,2.0,\n2,4.0,4.0,\n"
    assert [json.loads(line)["value"] for line in Path("g.jsonl").read_text().splitlines()] == [1, 4]
    written("bad.csv", "x\n" + "1\n" * 70_000 + "one\n")
    assert run("grad", "x", "--data", "bad.csv", "--out", "h.csv").status == 2
    assert not Path("h.csv").exists()


def test_memory_does_not_grow_with_the_rows():
    """Eight times the rows take no more of it: a block is answered, and forgotten."""
    peaks = []
    for count in (1_500, 12_000):
        written("p.csv", "x\n" + "".join(f"{number / 7}\n" for number in range(count)))
        columns = named_columns(DataRequest(("p.csv",), {}, ReadOptions(rows=500)), ("x*x + 1",), ())
        compiled = compile_text(("x*x + 1",), ("x",), formulas=False)
        rows = gradient_table(compiled, Problem(("x*x + 1",), {}), columns, "none")
        tracemalloc.start()
        assert sum(1 for _ in rows) == rows.rows == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]


def test_the_first_bad_row_may_end_it(run):
    """--bad-rows stop; of a loss, and without files, the option says nothing."""
    written("p.csv", "x\n1\n0\n-1\n")
    ended = run(
        "grad", "log(x)", "--data", "p.csv", "--bad-rows", "stop", "--format", "csv", "--out", "g.csv"
    )
    assert ended.status == 3 and "p.csv, row 2: log is not defined at x = 0" in ended.err
    assert not Path("g.csv").exists()
    assert run("grad", "log(x)", "--data", "p.csv", "--bad-rows", "null").status == 3
    assert run("grad", "x + 2", "--data", "p.csv", "--bad-rows", "stop").status == 0
    assert "one number" in run("grad", "sum(x)", "--data", "p.csv", "--bad-rows", "stop").err
    assert "about files of data" in run("grad", "x", "--x", 1, "--bad-rows", "stop").err


def test_files_of_other_kinds(run):
    """Compressed text, JSON lines, and columns that PyArrow reads, are the same rows."""
    import gzip

    written("p.csv", "x,y\n1.5,2\n,3\n4,5\n")
    Path("q.csv.gz").write_bytes(gzip.compress(b"y\tx\n2\t1.5\n3\tNA\n5\t4\n"))
    written("r.jsonl", '{"x": 1.5, "y": 2}\n{"y": 3}\n{"x": 4, "y": 5}\n')
    names = ["p.csv", "q.csv.gz", "r.jsonl"]
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        pass
    else:
        parquet.write_table(pyarrow.table({"x": [1.5, None, 4.0], "y": [2, 3, 5]}), "s.parquet")
        names.append("s.parquet")
    for name in names:
        found = answer(run, "grad", "sum(a*x*y)", "--data", name, "--a", 2, "--missing", "skip")
        assert (found["value"], found["gradient"]["a"], found["data"]["left_out"]) == (46, 23, 1)
        rows = run("grad", "x*y", "--data", name, "--missing", "skip", "--format", "csv").out
        assert sorted(rows.splitlines()[1].split(",")) == sorted(["1.5", "2", "3.0", "2.0", "1.5", ""])
    whole = answer(
        run, "grad", "sum(a*x*y)", *(w for n in names for w in ("--data", n)), "--a", 2, "--missing", "skip"
    )
    assert whole["value"] == 46 * len(names) and whole["data"]["left_out"] == len(names)


def test_text_of_rows_on_a_terminal_and_in_files(run, monkeypatch):
    """Nobody is shown more than 40 rows there; a file has all of them, and no colour."""
    written("p.csv", "x\n" + "1\n" * 60)
    ended = run("grad", "x**2", "--data", "p.csv", "--out", "g.txt", "--color", "always", "--no-save")
    assert ended.out == "" and len(Path("g.txt").read_text().splitlines()) == 61
    assert "\x1b" not in Path("g.txt").read_text()
    monkeypatch.setattr("gradcli.shell.tables.table_of_files.most_rows", lambda: 40)
    shown = run("grad", "x**2", "--data", "p.csv", "--no-save").out
    assert "… and 20 more rows" in shown and "\n41:" not in shown
    assert run("grad", "x**2", "--data", "p.csv", "--out", "g.tex").status == 2


def test_what_has_no_levels_is_written_out_for_few_rows(run):
    """Products over rows and derivatives of what is made of all rows; many rows, and descents, are a sentence."""
    rows = [(1.5, 2.0), (-0.25, 3.0), (4.0, 0.5)]
    table("p.csv", "x,y", rows)
    found = answer(run, "grad", "a**2*prod(x[i] + a, i, 0, count()-1)", "--data", "p.csv", "--a", "0.5")
    a, product = Fraction(1, 2), Fraction(2) * Fraction(1, 4) * Fraction(9, 2)
    slope = 2 * a * product + a**2 * product * (1 / Fraction(2) + 4 + Fraction(2, 9))
    assert (found["value"], found["gradient"]) == (float(a**2 * product), {"a": float(slope)})
    assert found["at"] == {"a": 0.5} and found["rows"] == 3 and found["data"]["left_out"] == 0
    turned = answer(run, "grad", "diff(sum((a*x - y)**2), a)", "--data", "p.csv", "--a", "2")
    assert turned["value"] == sum(2 * (2 * x - y) * x for x, y in rows)
    assert turned["gradient"] == {"a": 2 * sum(x * x for x, _ in rows)}
    alone = answer(run, "grad", "prod(x[i], i, 0, 2)", "--data", "p.csv")
    assert (alone["value"], alone["gradient"], alone["norm"]) == (-1.5, {}, 0)
    assert run("minimize", "prod(x[i] + a, i, 0, count()-1)**2", "--data", "p.csv", "--a", 1).status == 2
    table("big.csv", "x", [(1.0,)] * 2000)
    ended = run("grad", "a*prod(x[i], i, 0, count()-1)", "--data", "big.csv", "--a", 1)
    assert ended.status == 2 and "not answered over files of data: a product over the rows" in ended.err


def test_libraries_that_do_not_fit_into_memory_are_not_loaded(shell):
    """NumPy's algebra would end the process: the same answer comes without it, and what needs PyArrow is a sentence."""
    pyarrow = pytest.importorskip("pyarrow", reason="the extra data is not installed")
    rows = [(float(row), float(row % 7)) for row in range(50_000)]
    table("points.csv", "x,y", rows)
    command = f'gradcli grad "{LOSS}" --data points.csv --a 1 --b 2 --no-save --format json'
    small, large = shell(f"{command} --limit memory=220"), shell(command)
    assert (small.status, small.err) == (0, large.err)
    assert json.loads(small.out) == json.loads(large.out)
    from pyarrow import parquet

    columns = {"x": [x for x, _ in rows], "y": [y for _, y in rows]}
    parquet.write_table(pyarrow.table(columns), "points.parquet")
    refused = shell(command.replace(".csv", ".parquet") + " --limit memory=220")
    assert (refused.status, refused.out) == (4, "")
    assert refused.err.splitlines()[0].endswith("and PyArrow 600 megabytes of address space")


def test_sentences_name_no_option_that_files_do_not_have(run):
    """More digits are not for files, and a number of a column is not held constant where nothing moves."""
    written("large.csv", "x\n1e200\n1e250\n")
    ended = run("grad", "sum(x*x)", "--data", "large.csv")
    assert ended.status == 3 and "too large" in ended.err and "--digits" not in ended.err
    written("three.csv", "x\n1\n2\n3\n")
    ended = run("grad", "prod(x[i], i, 0, count()-1)", "--data", "three.csv", "--no-save")
    assert ended.status == 0 and "not connected" not in ended.err


def test_a_file_in_the_place_of_an_expression(run):
    """One that is there and has rows is --data's; one that is not is --out's."""
    written("p.csv", "x,y\n1,2\n")
    for command in ("grad", "minimize", "fit"):
        ended = run(command, "a*x", "p.csv", *(("--to", "y") if command == "fit" else ()))
        assert ended.status == 2 and "hint: did you mean --data p.csv?" in ended.err, command
    assert "hint: did you mean --out q.csv?" in run("grad", "a*x", "q.csv").err


@pytest.mark.parametrize("condition", ["g == 1", 'g == "b"', "t > 0 and g != 'a'"])
def test_a_condition_about_words_says_what_conditions_are(run, condition):
    written("w.csv", "t,y,g\n0,1,a\n1,3,a\n2,5,b\n")
    ended = run("grad", "sum(y - c*t)", "--c", "1", "--data", "w.csv", "--where", condition)
    assert ended.status == 2
    assert (
        "hint: --where compares numbers; groups by the words of a column: gradcli fit … --by COLUMN"
        in ended.err
    )


def test_a_word_elsewhere_keeps_its_hint_beside_a_condition(run):
    written("w.csv", "t,y,g\n0,1,1\n1,three,2\n")
    ended = run("grad", "sum(y - c*t)", "--c", "1", "--data", "w.csv", "--where", "g > 0")
    assert 'hint: --na "three" --missing skip leaves out rows with such cells' in ended.err


def test_a_header_in_a_hint_is_one_word_of_a_shell(run, tmp_path):
    """Whoever pastes the hint names the column, and runs nothing that the file's author wrote."""
    header = "x $(touch pwned) `id` \\"
    (tmp_path / "evil.csv").write_text(f"{header},y\n1,2\n2,3\n")
    ended = run("grad", "mean(x*y)", "--data", str(tmp_path / "evil.csv"))
    assert ended.status == 2
    assert f"hint: --column x={shlex.quote(header)} calls a column x" in ended.err
