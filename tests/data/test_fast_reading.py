"""The reader of large files against the plain one: the same blocks' numbers, or the same error, for every table."""

from __future__ import annotations

import gzip
import os
import random
from pathlib import Path

import pytest

np = pytest.importorskip("numpy", reason="fast reading needs the extra gradcli[data]")
pytest.importorskip("pyarrow", reason="fast reading needs the extra gradcli[data]")

from gradcli.data.readers import fast_delimited  # noqa: E402
from gradcli.data.readers.column_reading import blocks, expected_rows  # noqa: E402
from gradcli.data.readers.read_options import ReadOptions  # noqa: E402
from gradcli.language.errors import GradcliError  # noqa: E402

#: Cells that PyArrow and the plain reader might take for different things.
CELLS = [
    "", "NA", " NA", "NA ", "NaN", "nan", "NAN", "-nan", "nan(1)", "null", "Null", "-", "?", "inf", "-inf", "Infinity",
    "1e400", "-1e400", "1e-400", "5e-324",
    "+5", "+.5", "1.", ".5", "-.5e+3", "1E5", "1e", "1d5", "0x1p3", "0x10", "1_000", "1,5",
    "1 000", " 7 ", "\t7", "7\x0b", "\u00a07", "١٢", "−5", "1\x00", "true", "TRUE", "one", "9007199254740992",
    "9007199254740993", "9007199254740991", "1e17", "123456789012345678", "-0",
    "-0.0", "00012", "0.1" + "0" * 60, "1e5.0", "1.2.3", "--1", "#",
    "é", "1e0x", "1f", "1L", "$1", "5%", "1/2", "=1", "'1'", "`", "\\N", "1\\", "(1)", "1;", "∞", "infinit", "i", "e", "E5",
    ".", "+", "..",
]  # fmt: skip


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    """A few hundred bytes are a piece: every table has several."""
    monkeypatch.setattr(fast_delimited, "PIECE", 300)


def told(path, wanted, options, monkeypatch, is_fast):
    """All numbers, as bits, with those of their rows; or the error's class, sentence and hint."""
    monkeypatch.setattr(fast_delimited, "has_arrow", lambda: is_fast)
    numbers, columns, left = [], [[] for _ in wanted], 0
    try:
        for block in blocks([path], wanted, options):
            numbers += block.numbers
            left += block.left_out
            for column, values in zip(columns, block.values, strict=True):
                column += [float(one).hex() for one in values]
    except GradcliError as error:
        return type(error).__name__, error.message, error.hint
    return numbers, columns, left


def agree(tmp_path, monkeypatch, content, wanted=("x", "y"), **options):
    """Both readers tell the same of a file, whatever becomes of missing cells; what the fast one told last."""
    path = tmp_path / "table.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    for missing in ("error", "skip", "keep"):
        chosen = ReadOptions(missing=missing, **options)
        plain = told(str(path), wanted, chosen, monkeypatch, False)
        fast = told(str(path), wanted, chosen, monkeypatch, True)
        assert fast == plain, content
    return fast


def table(cell, end="\n", sign=",", rows=60, place=40):
    """A table of several pieces with one odd cell."""
    lines = [f"x{sign}note{sign}y"]
    lines += [f"{i}{sign}text {i}{sign}{cell if i == place else i / 8}" for i in range(rows)]
    return end.join(lines) + end


@pytest.mark.parametrize("cell", CELLS)
def test_one_odd_cell(tmp_path, monkeypatch, cell):
    """In the middle of plain ones, with each line end and delimiter, bare and in quotes."""
    for end, sign in (("\n", ";"), ("\r\n", "\t"), ("\r", "|"), ("\n", ",")):
        agree(tmp_path, monkeypatch, table(cell, end, sign))
    agree(tmp_path, monkeypatch, table(f'"{cell}"', sign=";"))
    agree(tmp_path, monkeypatch, table(cell, sign=";").replace(".", ","), decimal=",")


def test_the_fast_reader_is_the_one_that_reads(tmp_path, monkeypatch):
    """Plain pieces never reach the plain reader: what is compared here are two readers."""
    monkeypatch.setattr(fast_delimited, "batches_of", None)
    path = tmp_path / "table.csv"
    path.write_text("\ufeff\n" + table("1.5").replace("x,note", '"x","a\n""note"""'))
    numbers, (xs, ys), _ = told(str(path), ("x", "y"), ReadOptions(), monkeypatch, True)
    assert (
        numbers == list(range(1, 61)) and xs == [float(i).hex() for i in range(60)] and ys[1] == (0.125).hex()
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[:30] + [""] * 3 + lines[30:],
        lambda lines: [*lines[:30], "  ", *lines[30:]],
        lambda lines: ["", "  ", *lines],
        lambda lines: [*lines[:30], "1,2", *lines[30:]],
        lambda lines: [*lines[:30], "1,2,3,4", *lines[30:]],
        lambda lines: lines[:1] + [line + ",9" for line in lines[1:]],
        lambda lines: [*lines[:30], '1,"a\nb",3', '2,"a ""b"" c",3', *lines[30:]],
        lambda lines: [*lines[:30], '1,"a"b,3', *lines[30:]],
        lambda lines: [*lines[:50], '1,"a,3', *lines[50:]],
        lambda lines: [*lines[:30], "1," + "a" * 2000 + ",3", *lines[30:]],
        lambda lines: [*lines[:30], '1,"' + "a" * 2000 + '",3', *lines[30:]],
        lambda lines: [*lines[:30], "1,\udce9,3", *lines[30:]],
        lambda lines: ["\ufeff" + lines[0], *lines[1:]],
        lambda lines: ['"x","a', 'b""",y', *lines[1:]],
        lambda lines: ["", '"x","",y', *lines[1:30], "oops,1,2", *lines[30:]],
        lambda lines: ["x,y,x", *lines[1:]],
        lambda lines: ["a,b,c", *lines[1:]],
        lambda lines: [lines[0], *lines[1:3], "NA,x,1", *lines[3:30], "oops,x,1", *lines[30:]],
        lambda lines: [lines[0]] + ["NA,x,NA"] * 70,
        lambda lines: [lines[0]] + ["0,x,-0.0"] * 70,
    ],
)  # fmt: skip
def test_tables_with_something_odd(tmp_path, monkeypatch, change):
    """Blank lines, other numbers of cells, quotes with line ends, long lines, other bytes, marks, headers."""
    lines = change(table("1.5").splitlines())
    for end in ("\n", "\r\n", "\r"):
        for last in ("", end):
            content = (end.join(lines) + last).encode("utf-8", "surrogateescape")
            for rows in (7, 65_536):
                agree(tmp_path, monkeypatch, content, rows=rows)


def test_no_header_one_column_and_the_same_column_twice(tmp_path, monkeypatch):
    """Names from outside; a column of numbers alone with empty lines; wanted names in any order, or none."""
    body = "".join(f"{i},{i * i}\n" for i in range(100))
    assert agree(tmp_path, monkeypatch, body, columns=("x", "y"))[0] == list(range(1, 101))
    assert agree(tmp_path, monkeypatch, "\ufeff\n" + body, columns=("x", "y"))[0] == list(range(1, 101))
    agree(tmp_path, monkeypatch, body, columns=("x", "y", "z"))
    single = "x\n" + "".join(f"{i}\n\n" for i in range(200))
    assert agree(tmp_path, monkeypatch, single, ("x",))[0] == list(range(1, 201))
    agree(tmp_path, monkeypatch, single, ("x", "x"))
    assert agree(tmp_path, monkeypatch, single, ())[0] == list(range(1, 201))


def test_random_tables(tmp_path, monkeypatch):
    """Made of odd and plain cells, rows, ends and delimiters, with and without quotes."""
    source = random.Random(int(os.environ.get("GRADCLI_SEED", "32")))
    for _ in range(int(os.environ.get("GRADCLI_TABLES", "75"))):
        sign, end = source.choice(",;\t|"), source.choice(["\n", "\r\n", "\r"])
        odd = source.choice((0.0, 0.002, 0.02))
        lines = [sign.join("xyz")]
        for i in range(source.choice((30, 80))):
            cells = [source.choice(CELLS) if source.random() < odd else repr(source.gauss(0, 10.0**source.randint(-9, 9)))
                     for _ in range(3)]  # fmt: skip
            if source.random() < odd:
                cells[2] = source.choice(['"a"', '"a\n1"', '""', "a" * 500, '"'])
            lines.append(sign.join(cells) if source.random() >= odd / 4 else str(i))
        content = (end.join(lines) + source.choice(["", end])).encode()
        agree(
            tmp_path,
            monkeypatch,
            content,
            rows=source.choice((5, 1000)),
            delimiter=source.choice((None, sign)),
        )


def test_about_how_many_rows_files_have(tmp_path, monkeypatch):
    """Parquet says it, text tells by its first lines; what is compressed as a whole, or has other batches, does not."""
    import pyarrow
    from pyarrow import feather, parquet

    monkeypatch.chdir(tmp_path)
    lines = "x,y\n" + "".join(f"{i},{i / 7}\n" for i in range(40_000))
    Path("a.csv").write_text(lines)
    Path("empty.csv").write_text("")
    with gzip.open("a.csv.gz", "wt") as stream:
        stream.write(lines)
    table = pyarrow.table({"x": [1.0] * 1_234})
    parquet.write_table(table, "a.parquet")
    feather.write_feather(table, "a.arrow")
    assert 38_000 < expected_rows(["a.csv"]) < 46_000
    assert 39_200 < expected_rows(["a.csv", "a.parquet"]) < 47_300
    assert expected_rows(["a.parquet"]) == 1_234
    assert [expected_rows(["a.csv", other]) for other in ("a.csv.gz", "a.arrow")] == [0, 0]
    assert expected_rows(["empty.csv"]) == 0
