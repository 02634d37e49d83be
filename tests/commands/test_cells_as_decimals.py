"""A cell of a file is its decimal: what is a tie of typed numbers is one of cells, whichever way rows are gone over."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from pathlib import Path

import pytest

from gradcli.calculus.backends.error_propagation import UNIT
from gradcli.calculus.backends.rounding_error import constant_error
from gradcli.calculus.program.typed_numbers import shortest_decimal, text_of
from gradcli.calculus.rows import row_evaluation
from gradcli.shell.tables import answered_blocks, derivative_answer

X, Y = ("0.1", "0.2", "0.3", "0.4", "2.675", "-0.3"), ("1.1", "2.2", "6.8", "0.3", "0.1", "0.7")

#: Losses with ties in some row at a = 6.8, which are ties of decimals and hardly any of doubles.
LOSSES = (
    "sum(where(x <= 0.1, y, 0))*a", "a*sum(floor(10*x)*y)", "mean(abs(y - a))", "mean(floor(y - a))", "sum(1/(y - a))",
    "sum(sqrt(abs(y - a)))", "sum(max(x, a - 6.5))", "sum(log(y - a + 6.7))", "sum((y - a*where(x >= 0.3, 1, 0))**2)",
    "sum(where(x + 0.1 == 0.3, a**2, a))", "sum(sign(y - a)*a)", "sum(relu(y - a))", "max(y - a)", "min(abs(y - a))",
    "sum(mod(10*x, 1)*a)", "sum(abs(10*x - 3)*a)", "sum(a*sqrt(10*x + 3))", "sum(log(x + 0.3)*a)", "sum((y - a)/(10*x - 3))",
    "sum(a*where(x - 0.1 >= 0.2, 1, 0))", "sum(ceil(10*x)*a)", "sum(min(y, a)**2)",
)  # fmt: skip

#: Expressions with an answer in each row, and ties in some.
BY_ROW = (
    "a*where(x == 0.1, 1, 0)", "a*where(10*x >= 3, y, 0)", "abs(y - a)", "floor(10*x)*a", "a/(10*x - 3)", "a*sqrt(10*x + 3)",
    "log(x + 0.3)*a", "max(y, a)", "sign(x - 0.2)*a", "a*(x + 0.1 - 0.3)", "relu(y - a)", "where(x - 0.1 >= 0.2, a, y)",
)  # fmt: skip


@pytest.fixture
def files(tmp_path, monkeypatch):
    """The columns as separated text and as lines of JSON."""
    monkeypatch.chdir(tmp_path)
    rows = list(zip(X, Y, strict=True))
    Path("t.csv").write_text("x,y\n" + "".join(f"{x},{y}\n" for x, y in rows))
    Path("t.jsonl").write_text("".join(f'{{"x": {x}, "y": {y}}}\n' for x, y in rows))


@pytest.fixture(params=["python", "numpy"])
def carried_out(request, monkeypatch):
    """Rows in plain Python, and in arrays; losses over files by passes however few their rows are."""
    monkeypatch.setattr(derivative_answer, "WRITTEN_OUT", 0)
    if request.param == "numpy":
        pytest.importorskip("numpy", reason="arrays need the extra gradcli[plot]")
        monkeypatch.setattr(row_evaluation, "MANY", 0)
        monkeypatch.setattr(answered_blocks, "MANY", 0)


def answered(run, command, text, *where):
    """The status, the value and the derivatives of a command."""
    ended = run(command, text, "--a", "6.8", *where, "--format", "json", "--session", where[0].strip("-"))
    found = json.loads(ended.out) if ended.out else {}
    return ended.status, {name: found.get(name) for name in ("value", "gradient", "hessian", "jacobian")}


#: What typed columns answered: the same whichever way rows of files are gone over, and most of it formulas.
TYPED = {}


def columns_of(text):
    """The columns in an expression."""
    return [name for name in "xy" if name in text.replace("max", "")]


def near(found):
    """The same with numbers to 14 digits: sums over rows are rounded once, and those written out at each term."""
    if isinstance(found, dict):
        return {name: near(one) for name, one in found.items()}
    if isinstance(found, list):
        return [near(one) for one in found]
    return pytest.approx(found, rel=1e-14, abs=1e-300) if isinstance(found, float) else found


@pytest.mark.usefixtures("files", "carried_out")
@pytest.mark.parametrize("text", LOSSES)
@pytest.mark.parametrize("command", ["grad", "hessian", "jacobian"])
def test_files_are_answered_as_typed_columns_are(command, text, run):
    """The same status, the same value, the same derivatives, and the same partials that are none."""
    lists = [
        word for name in columns_of(text) for word in (f"--{name}", f"[{','.join({'x': X, 'y': Y}[name])}]")
    ]
    if (command, text) not in TYPED:
        TYPED[command, text] = answered(run, command, text, *lists, "--wrt", "a")
    typed = TYPED[command, text]
    csv = answered(run, command, text, "--data", "t.csv")
    assert answered(run, command, text, "--data", "t.jsonl") == csv
    if command == "hessian" and typed[0] == 3:  # of a loss without slopes a file has no Hessian at all
        assert csv[0] == 3 and csv[1]["value"] == near(typed[1]["value"])
    else:
        assert csv == (typed[0], near(typed[1]))


@pytest.mark.usefixtures("files", "carried_out")
@pytest.mark.parametrize("text", BY_ROW)
def test_rows_of_files_are_answered_as_points_are(text, run):
    """Each row has the numbers of its point typed, and none where that has none."""
    names = [name for name in ("a", *columns_of(text)) if name in text.replace("max", "")]
    wanted = ("--a", "6.8", "--wrt", ",".join(names))
    ended = run("grad", text, "--data", "t.csv", *wanted, "--format", "jsonl")
    statuses = set()
    for line, x, y in zip(map(json.loads, ended.out.splitlines()), X, Y, strict=True):
        values = [word for name in columns_of(text) for word in (f"--{name}", {"x": x, "y": y}[name])]
        alone = run("grad", text, *wanted, *values, "--format", "json")
        point = json.loads(alone.out) if alone.out else {"value": None, "gradient": dict.fromkeys(names)}
        assert line["value"] == near(point["value"]), (x, y)
        assert [line[f"grad.{name}"] for name in names] == [
            near(point["gradient"][name]) for name in names
        ], (x, y)
        assert bool(line["problem"]) == (alone.status != 0), (x, y)
        statuses.add(alone.status)
    assert ended.status == max(statuses)


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(("condition", "kept"), [
    ("x - 0.1 >= 0.2", 3), ("10*x == floor(10*x)", 5), ("x + 0.1 == 0.3", 1), ("1/(x + 0.5) > 0", 6), ("3*x <= 0.3", 2),
])  # fmt: skip
def test_conditions_are_of_decimals(condition, kept, run):
    """Where floats would have it otherwise as well."""
    ended = run(
        "grad", "a*sum(x - x + 1)", "--data", "t.csv", "--a", 1, "--where", condition, "--get", "value"
    )
    assert float(ended.out) == kept


@pytest.mark.usefixtures("files", "carried_out")
def test_long_cells_and_computed_numbers(run):
    """A cell that a program wrote is the shortest decimal of its double, and a computed number meets it there."""
    cell = repr(0.1 + 0.2)
    Path("long.csv").write_text(f"y\n{cell}\n0.1\n")
    assert run("grad", "sum(1/(y - a))", "--data", "long.csv", "--a", cell).status == 3
    assert run("grad", "sum(1/(y - a))", "--data", "long.csv", "--a", "0.3").status == 0
    Path("odd.csv").write_text("y\n0.1\n6.8\n12.7\n")
    least = run("minimize", "mean(abs(y - a))", "--data", "odd.csv", "--a", 1, "--format", "json")
    assert "minimum-at-corner" in least.out
    after = run("grad", "--format", "json")
    assert after.status == 3 and json.loads(after.out)["at"] == {"a": 6.8}


@pytest.mark.usefixtures("carried_out")
def test_doubles_of_parquet_are_cells_as_well(run, tmp_path, monkeypatch):
    """A column means the same in each kind of file."""
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    monkeypatch.chdir(tmp_path)
    parquet.write_table(pyarrow.table({"x": [0.1, 0.2, 0.3, 0.4], "y": [1.0, 2.0, 3.0, 4.0]}), "q.parquet")
    ended = run(
        "grad", "a*sum(where(x <= 0.1, y, 0))", "--data", "q.parquet", "--a", 1, "--get", "gradient.a"
    )
    assert ended.out == "1.0\n"
    run("minimize", "sum((y - a*where(x >= 0.3, 1, 0))**2)", "--data", "q.parquet", "--a", 0)
    assert run("grad", "--get", "value").out == "5.5\n"
    run("fit", "b*where(x >= 0.3, 1, 0) + d", "--to", "y", "--data", "q.parquet")
    assert run("grad", "--get", "value").out == "1.0\n"


def test_a_condition_that_keeps_no_row_says_so(run, tmp_path, monkeypatch):
    """And how many there were; a file without rows has none."""
    monkeypatch.chdir(tmp_path)
    Path("three.csv").write_text("x,y\n1,2\n2,4.5\n3,6\n")
    Path("none.csv").write_text("x,y\n")
    words = ("grad", "mean((y - a*x)**2)", "--a", 1, "--where", "x > 5", "--data")
    ended = run(*words, "three.csv")
    assert (ended.status, ended.err) == (
        3,
        "gradcli: --where x > 5: it keeps none of the 3 rows of three.csv\n",
    )
    ended = run(*words, "none.csv")
    assert (ended.status, ended.err) == (3, "gradcli: none.csv has no rows in which x > 5\n")


def test_decimals_of_fifteen_digits_come_back():
    """And what is said of how far their doubles are from them is no less than that."""
    source, far = random.Random(5), 0
    texts = [
        "500000000.00002",
        "500000000.00033",
        "123456789.000976",
        "0.1",
        "1e23",
        "-2.5",
        "4.0009765625",
        "3e-320",
    ]
    for _ in range(20_000):
        whole, digits = source.choice((1, 10, 500_000_000)), source.randrange(1, 7)
        texts.append(f"{whole + source.randrange(2**20) / 2**20:.{digits}f}")
    for text in texts:
        x = float(text)
        cell = shortest_decimal(x)
        assert Fraction(text_of(cell) or x) == Fraction(text)
        gap = abs(Fraction(text) - Fraction(x))
        assert gap <= Fraction(constant_error(text, x)) * Fraction(UNIT)
        far += gap > 0
    assert far > 10_000


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize(
    "text", ["where(y >= x, y, x)", "where(x - 0.1 >= 0.2, y, 2*x)", "where(3*x <= 0.3, x*y, x**2)"]
)
@pytest.mark.parametrize("product", [(), ("--hvp", "x=1,y=0")])
def test_second_derivatives_by_row_end_where_slopes_do(text, many, product, run, tmp_path, monkeypatch):
    """Where a row lies on a seam its table has no numbers, though each piece has some: as a point typed."""
    if many:
        pytest.importorskip("numpy", reason="arrays need the extra gradcli[plot]")
        monkeypatch.setattr(answered_blocks, "MANY", 0)
    rows = (("0.29", "0.29"), ("0.3", "1"), ("0.1", "0.2"), ("1", "2"))
    file = tmp_path / "t.csv"
    file.write_text("x,y\n" + "".join(f"{x},{y}\n" for x, y in rows))
    wrt = () if product else ("--wrt", "x,y")
    ended = run("hessian", text, "--data", file, *wrt, *product, "--format", "jsonl")
    assert ended.status == 3
    for line, (x, y) in zip(map(json.loads, ended.out.splitlines()), rows, strict=True):
        alone = json.loads(run("hessian", text, "--x", x, "--y", y, *wrt, *product, "--format", "json").out)
        if product:
            typed = {f"hvp.{name}": alone["hvp"][name] for name in "xy"}
        else:
            typed = {f"hessian.{a}.{b}": alone["hessian"][a][b] for a, b in ("xx", "xy", "yy")}
        assert {name: line[name] for name in typed} == near(typed), (x, y)
        assert bool(line["problem"]) == (None in typed.values())
