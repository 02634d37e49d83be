"""`grad --data` row by row: the file's own cells beside the answers, in every format, of few rows and of many."""

import csv
import io
import json
import math
import random
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

TEXT = "exp(-x**2)*sin(x*y)"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Files stand where the command is."""
    monkeypatch.chdir(tmp_path)


def written(name, text, **how):
    Path(name).write_bytes(text.encode("utf-8", **how))


def rows_of(text, delimiter=","):
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def by_hand(x, y):
    bell, wave, turn = math.exp(-x * x), math.sin(x * y), math.cos(x * y)
    return bell * wave, bell * (y * turn - 2 * x * wave), bell * x * turn


ODD = 'id,x,"my, col",y\n"a ""b""",1.50,=cmd,2\n"two\nlines",1e0,+3,4\n ü ,0.10,NA,-7\n'


@pytest.mark.parametrize(("format_", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_own_cells_are_what_they_were(format_, delimiter, run):
    """Quotes, line ends within them, blanks, signs and spellings of numbers; the answer stands behind."""
    written("p.csv", ODD)
    found = rows_of(run("grad", TEXT, "--data", "p.csv", "--format", format_, "--no-save").out, delimiter)
    before = rows_of(ODD)
    assert [row[:4] for row in found] == before
    assert found[0][4:] == ["value", "grad.x", "grad.y", "problem"]
    for row, own in zip(found[1:], before[1:], strict=True):
        assert list(map(float, row[4:7])) == pytest.approx(by_hand(float(own[1]), float(own[3])), rel=1e-12)


def test_apostrophes_only_where_they_were_asked_for(run):
    """--spreadsheet is for cells of the file as well."""
    written("p.csv", "x,t\n1,=cmd\n")
    assert "1,=cmd,1.0" in run("grad", "x", "--data", "p.csv", "--format", "csv").out
    assert "1,'=cmd,1.0" in run("grad", "x", "--data", "p.csv", "--format", "csv", "--spreadsheet").out


def test_json_lines_keep_keys_and_kinds(run):
    """Objects, lists and truth values beside the numbers; a key that only some lines have."""
    lines = ['{"x": 2, "k": [1, {"a": null}], "t": "é"}', '{"x": 3.5, "late": true}']
    written("p.jsonl", "\n".join(lines) + "\n")
    found = [
        json.loads(line)
        for line in run("grad", "x**2", "--data", "p.jsonl", "--format", "jsonl").out.splitlines()
    ]
    for line, one in zip(lines, found, strict=True):
        assert {**json.loads(line), "value": one["value"], "grad.x": one["grad.x"], "problem": None} == one
    assert [one["value"] for one in found] == [4, 12.25]


@pytest.mark.parametrize("kind", ["parquet", "arrow"])
def test_files_of_columns_keep_their_types(kind, run):
    """Integers, text, dates, lists, nulls; and what was written is read again."""
    pyarrow = pytest.importorskip("pyarrow")
    from datetime import date

    from pyarrow import ipc, parquet

    table = pyarrow.table(
        {"x": [1.0, None, 3.0], "n": pyarrow.array([1, 2, 3], pyarrow.int16()), "t": ["a", None, "c"],
         "d": [date(2020, 1, 2)] * 3, "l": [[1], [], None]}
    )  # fmt: skip
    parquet.write_table(table, "p.parquet")
    out = f"q.{kind}"
    assert (
        run("grad", "x**3", "--data", "p.parquet", "--missing", "skip", "--out", out, "--no-save").status == 0
    )
    back = parquet.read_table(out) if kind == "parquet" else ipc.open_file(out).read_all()
    assert back.select(table.schema.names).equals(table.take([0, 2]))
    assert back.column("value").to_pylist() == [1, 27] and back.column("grad.x").to_pylist() == [3, 27]
    assert back.column("problem").null_count == 2
    text = rows_of(run("grad", "x**3", "--data", "p.parquet", "--missing", "skip", "--format", "csv").out)
    assert text[2][:5] == ["3.0", "3", "c", "2020-01-02", ""]
    again = json.loads(run("grad", "sum(value)", "--data", out, "--format", "json").out)
    assert again["value"] == 28


def test_text_as_columns(run):
    """CSV to Parquet: what was read as doubles, everything else as the text that it was."""
    parquet = pytest.importorskip("pyarrow.parquet")
    written("p.csv", "id,x\n007,1.5\n,2\n")
    assert run("grad", "log(x - 1.5)", "--data", "p.csv", "--out", "q.parquet").status == 3
    assert parquet.read_table("q.parquet").to_pylist() == [
        {"id": "007", "x": 1.5, "value": None, "grad.x": None,
         "problem": "log is not defined at x = 1.5: its argument must be positive"},
        {"id": "", "x": 2.0, "value": math.log(0.5), "grad.x": 2.0, "problem": None},
    ]  # fmt: skip
    assert run("grad", "x", "--data", "p.csv", "--out", "rows", "--out-format", "parquet").status == 0
    assert parquet.read_table("rows").column("value").to_pylist() == [1.5, 2]


def test_names_that_are_there_already(run):
    """Asked about; --prefix and --replace answer."""
    written("p.csv", "x,value,grad.x\n1,7,8\n")
    ended = run("grad", "x**2", "--data", "p.csv", "--format", "csv")
    assert (
        ended.status == 2 and "value is a column" in ended.err and "--prefix" in ended.err and not ended.out
    )
    rows = rows_of(run("grad", "x**2", "--data", "p.csv", "--format", "csv", "--prefix", "f.").out)
    assert rows == [
        ["x", "value", "grad.x", "f.value", "f.grad.x", "f.problem"],
        ["1", "7", "8", "1.0", "2.0", ""],
    ]
    rows = rows_of(run("grad", "x**2", "--data", "p.csv", "--format", "csv", "--replace").out)
    assert rows == [["x", "value", "grad.x", "problem"], ["1", "1.0", "2.0", ""]]
    (line,) = run("grad", "x**2", "--data", "p.csv", "--format", "jsonl", "--replace").out.splitlines()
    assert json.loads(line) == {"x": 1, "value": 1, "grad.x": 2, "problem": None}
    for option in (("--prefix", "f."), ("--replace",)):
        assert "a loss is one number" in run("grad", "sum(x*a)", "--data", "p.csv", "--a", 1, *option).err


def test_several_files_need_the_same_columns(run):
    """Said before a row is written."""
    written("a.csv", "x,t\n1,p\n")
    written("b.csv", "x,t\n2,q\n")
    written("c.csv", "x,s\n3,r\n")
    assert rows_of(run("grad", "x", "--data", "a.csv", "--data", "b.csv", "--format", "csv").out)[2][:2] == [
        "2",
        "q",
    ]
    ended = run("grad", "x", "--data", "a.csv", "--data", "c.csv", "--format", "csv")
    assert (ended.status, ended.out) == (2, "") and "c.csv has no column t" in ended.err


def test_a_loss_is_no_table(run):
    """A Parquet file of one is refused, and without --data the ending is not known."""
    written("p.csv", "x\n1\n")
    assert (
        "a loss is one number"
        in run("grad", "sum(a*x)", "--data", "p.csv", "--a", 1, "--out", "g.parquet").err
    )
    assert run("grad", "x**2", "--x", 1, "--out", "g.parquet").status == 2
    assert not Path("g.parquet").exists()
    assert "--out-format is about" in run("grad", "x", "--data", "p.csv", "--out-format", "csv").err


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_many_rows_are_right_to_eleven_digits(ending, run, tmp_path):
    """Where the difference of near numbers loses digits they are computed again; truths as fractions of the cells."""
    pytest.importorskip("pyarrow")
    chance = random.Random(3)
    rows = [(chance.uniform(-2, 2), chance.choice([chance.uniform(-2, 2), 0.0])) for _ in range(40_000)]
    rows = [(x, x * (1 + y * 2.0**-40) if number % 7 == 0 else y) for number, (x, y) in enumerate(rows)]
    written("p.csv", "x,y\n" + "".join(f"{x!r},{y!r}\n" for x, y in rows))
    run("grad", "x**3 - y**3 + x*y*(x - y)", "--data", "p.csv", "--out", f"q.{ending}", "--no-save")
    if ending == "csv":
        found = [list(map(float, row[2:5])) for row in rows_of(Path("q.csv").read_text())[1:]]
    else:
        from pyarrow import parquet

        columns = parquet.read_table("q.parquet").select(["value", "grad.x", "grad.y"]).to_pydict().values()
        found = [list(row) for row in zip(*columns, strict=True)]
    assert len(found) == len(rows)
    for (x, y), numbers in (
        list(zip(rows, found, strict=True))[::7] + list(zip(rows, found, strict=True))[1::31]
    ):
        p, q = Fraction(repr(x)), Fraction(repr(y))
        for truth, number in zip((p**3 - q**3 + p * q * (p - q), 3 * p * p + 2 * p * q - q * q, -3 * q * q + p * p
                                  - 2 * p * q), numbers, strict=True):  # fmt: skip
            assert abs(Fraction(number) - truth) <= abs(truth) * Fraction(1, 10**11)


def test_many_rows_by_machine_code(run, monkeypatch):
    """Files that say how many rows they have: eleven digits of all values are right, and of most all but the last."""
    pytest.importorskip("llvmlite")
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    from gradcli.calculus.rows.bounds import block_numbers
    from gradcli.shell.tables import table_folder

    chance, made = random.Random(3), []
    plain = block_numbers.BlockNumbers.natively
    monkeypatch.setattr(block_numbers, "pays", lambda nanoseconds, *_: nanoseconds > 0)
    monkeypatch.setattr(
        block_numbers.BlockNumbers, "natively", lambda *given: made.append(plain(*given)) or made[-1]
    )
    x, y = ([chance.gauss(0, 1) for _ in range(70_000)] for _ in "xy")
    x[60_000] = 1e200
    parquet.write_table(pyarrow.table({"x": x, "y": y}), "p.parquet")
    ended = run("grad", f"{TEXT} + log(x + 9)", "--data", "p.parquet", "--out", "q.parquet", "--no-save")
    assert ended.status == 0
    assert [one.is_native for one in made] == [True]
    table, near = parquet.read_table("q.parquet"), 0
    assert table.column("x").to_pylist() == x
    for own, other, value in zip(x, y, table.column("value").to_pylist(), strict=True):
        known = by_hand(own, other)[0] + math.log(own + 9)
        assert value == pytest.approx(known, rel=1e-11, abs=0)
        near += abs(value - known) <= 4 * math.ulp(known)
    assert near > 69_000
    parts = ("grad", f"{TEXT} + log(x + 9)", "--data", "p.parquet", "--out", "parts/", "--no-save")
    assert run(*parts).status == 0
    assert [one.is_native for one in made] == [True, True]
    assert parquet.read_table("parts/part-00000.parquet").equals(table)
    monkeypatch.setattr(table_folder, "obstacle", lambda _: "llvmlite is not installed")
    refused = run(*parts)
    assert refused.status == 2 and "machine code computes one of both" in refused.err
    shutil.rmtree("parts")
    assert run(*parts).status == 0 and not made[2].is_native


def test_many_rows_with_corners_and_without_values(run):
    """Rows that arrays cannot answer are those of single points."""
    written("p.csv", "x\n" + "".join(f"{number % 500 - 2}\n" for number in range(60_000)))
    ended = run("grad", "abs(x) + log(x + 1) + x*x*x*x", "--data", "p.csv", "--format", "csv", "--no-save")
    found = rows_of(ended.out)[1:]
    assert ended.status == 3 and len(found) == 60_000
    for row in found[:5] + found[-500:]:
        x = float(row[0])
        if x <= -1:
            assert row[1:3] == ["", ""] and "log is not defined" in row[3]
        elif x == 0:
            assert row[1:3] == ["0.0", ""] and "corner" in row[3]
        else:
            assert row[3] == "" and float(row[1]) == pytest.approx(abs(x) + math.log(x + 1) + x**4, rel=1e-14)


CHOSEN = "x,y,g,t\n" + "".join(f"{k % 11},{k * k % 7},{k % 3},t{k}\n" for k in range(400))


@pytest.mark.parametrize(("conditions", "holds"), [
    (("x > 3",), lambda x, y, g: x > 3), (("1 < x <= 5 and g != 0",), lambda x, y, g: 1 < x <= 5 and g != 0),
    (("x*y >= 8", "g == 1"), lambda x, y, g: x * y >= 8 and g == 1), (("x < y or g == 2",), lambda x, y, g: x < y or g == 2),
])  # fmt: skip
def test_rows_that_count(conditions, holds, run):
    """Tables and losses have those alone; the condition's columns need not be in the expression; the session keeps it."""
    written("p.csv", CHOSEN)
    where = [word for one in conditions for word in ("--where", one)]
    rows = [row for row in rows_of(CHOSEN)[1:] if holds(*map(int, row[:3]))]
    found = rows_of(run("grad", "x**2", "--data", "p.csv", *where, "--format", "csv", "--no-save").out)
    assert [row[:4] for row in found[1:]] == rows and [float(row[4]) for row in found[1:]] == [
        int(r[0]) ** 2 for r in rows
    ]
    loss = json.loads(run("grad", "sum(a*x)", "--data", "p.csv", "--a", 2, *where, "--format", "json").out)
    assert (loss["value"], loss["rows"]) == (2 * sum(int(row[0]) for row in rows), len(rows))
    assert json.loads(run("step", "--format", "json").out)["rows"] == len(rows)


def test_conditions_that_are_none(run):
    """A caret under what is wrong in it; names that are no columns; rows in which it means nothing."""
    written("p.csv", CHOSEN)
    for condition, status, said in (
        ("x >", 2, "x >\n     ^"), ("x", 2, "it is no comparison"), ("z > 1", 2, "z is no column of p.csv"),
        ("log(x) > 0", 3, "neither true nor false in row 1 of p.csv"), ("x > 100", 3, "it keeps none of the 400 rows of p.csv"),
    ):  # fmt: skip
        ended = run("grad", "sum(a*x)", "--data", "p.csv", "--a", 1, "--where", condition)
        assert ended.status == status and said in ended.err, condition
    assert "--where is about files of data" in run("grad", "x", "--x", 1, "--where", "x > 0").err


def test_conditions_of_many_rows(run):
    """By arrays, the same rows."""
    pytest.importorskip("numpy")
    rows = [(k % 997) / 31 for k in range(60_000)]
    written("p.csv", "x\n" + "".join(f"{x!r}\n" for x in rows))
    found = json.loads(run("grad", "sum(a*x)", "--data", "p.csv", "--a", 1, "--where", "x*x - 3*x > 1 and x < 20", "--format",
                           "json").out)  # fmt: skip
    kept = [x for x in rows if x * x - 3 * x > 1 and x < 20]
    assert (found["rows"], found["value"]) == (len(kept), math.fsum(kept))


def test_stdout_has_the_format_that_is_said(run):
    """`--out -` beside --out-format: rows as in a file, Parquet for a pipe alone."""
    pytest.importorskip("pyarrow")
    from pyarrow import parquet

    written("p.csv", "x\n1\n3\n")
    run("grad", "x**2", "--data", "p.csv", "--out", "q.csv", "--no-save")
    assert (
        run("grad", "x**2", "--data", "p.csv", "--out", "-", "--out-format", "csv").out
        == Path("q.csv").read_text()
    )
    words = ["grad", "x**2", "--data", "p.csv", "--out", "-", "--out-format", "parquet", "--no-save"]
    ended = subprocess.run([sys.executable, "-m", "gradcli", *words], capture_output=True, check=True)
    found = parquet.read_table(io.BytesIO(ended.stdout)).to_pydict()
    assert found == {"x": [1.0, 3.0], "value": [1.0, 9.0], "grad.x": [2.0, 6.0], "problem": [None, None]}
    refused = run("grad", "sum(x**2)", "--data", "p.csv", "--out", "-", "--out-format", "parquet")
    assert refused.status == 2 and not refused.out


def piped(content, *words):
    """`gradcli` with bytes on standard input, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "gradcli", *words], input=content, capture_output=True, check=False
    )


def test_columns_come_from_standard_input():
    """In every format, told by its first bytes; what one command writes another one reads."""
    pytest.importorskip("pyarrow")
    forms = {
        "csv": b"x,y\n1,2\n3,4\n", "tsv": b"x\ty\n1\t2\n3\t4\n",
        "jsonl": b'{"x": 1, "y": 2}\n{"x": 3, "y": 4}\n',
    }  # fmt: skip
    first = ("grad", "x*y", "--data", "-", "--out", "-", "--out-format")
    for content in forms.values():
        assert piped(content, *first, "csv").stdout == b"x,y,value,grad.x,grad.y,problem\n" + (
            b"1,2,2.0,2.0,1.0,\n3,4,12.0,4.0,3.0,\n"
        )
    for form in ("parquet", "arrow"):
        between = piped(forms["csv"], *first, form).stdout
        again = piped(between, "grad", "x**2", "--data", "-", "--replace", "--format", "csv")
        assert (
            again.stdout == b"x,y,grad.y,value,grad.x,problem\n1.0,2.0,1.0,1.0,2.0,\n3.0,4.0,3.0,9.0,6.0,\n"
        )
        assert again.returncode == 0
    loss = piped(forms["csv"], "grad", "sum(a*x)", "--a", "2", "--data", "-", "--get", "value")
    assert loss.stdout == b"8.0\n" and b"not remembered" in loss.stderr


@pytest.mark.parametrize(
    ("content", "words", "said"),
    [
        (b"x\n1\n", ("grad", "-", "--data", "-"), "the expression or the columns, and not both"),
        (b"x\n1\n", ("minimize", "sum((a-x)^2)", "--a", "2", "--data", "-"), "standard input is read once"),
        (b"x\n1\n", ("grad", "x", "--data", "-", "--data", "p.csv"), "standard input is read alone"),
        (b"x\n1\n", ("grad", "x", "--data", "-", "--out", "parts/"), "standard input is read once"),
        (b"\x1f\x8b\x08\x00", ("grad", "x", "--data", "-"), "gunzip -c FILE"),
        (b"\x28\xb5\x2f\xfd", ("grad", "x", "--data", "-"), "unzstd -c FILE"),
    ],
)
def test_standard_input_is_read_by_one(content, words, said):
    ended = piped(content, *words)
    assert ended.returncode == 2 and said in ended.stderr.decode() and not ended.stdout


def test_rows_of_standard_input_are_named():
    ended = piped(b"x\n1\nfoo\n", "grad", "x**2", "--data", "-")
    assert ended.returncode == 2 and "standard input, row 2 (line 3), column x" in ended.stderr.decode()
    assert piped(b"", "grad", "x**2", "--data", "-").returncode == 4
    turned_off = piped(b"x\n1\n", "grad", "x**2", "--data", "-", "--limit", "service")
    assert turned_off.returncode == 4 and b"turns files of data off" in turned_off.stderr
