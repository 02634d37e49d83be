"""CSV and TSV: the numbers that were written, and an error with row and column for everything else."""

from __future__ import annotations

import csv
import gzip
import io
import math
import random
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcli.data.readers.column_reading import blocks, header, read_columns
from gradcli.data.readers.fast_delimited import fast_delimited_blocks
from gradcli.data.readers.read_options import ReadOptions
from gradcli.language.errors import (
    DomainProblem,
    GradcliError,
    InputProblem,
    NameProblem,
    UsageProblem,
    ValueProblem,
)

NAN = math.nan


@pytest.fixture
def read(tmp_path):
    """`read(content, wanted, name, **options)`: the columns of a file that holds *content*."""

    def _read(content, wanted, name="points.csv", **options):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        try:
            return read_columns([str(path)], wanted, ReadOptions(**options))
        except GradcliError as error:
            error.message = error.message.replace(f"{tmp_path}/", "")
            raise

    return _read


def same(values, expected):
    """Bit by bit, nan for nan."""
    return len(values) == len(expected) and all(
        struct.pack("<d", one) == struct.pack("<d", two) or (math.isnan(one) and math.isnan(two))
        for one, two in zip(values, expected, strict=True)
    )


@pytest.mark.parametrize(
    ("content", "options"),
    [
        ("x,y\n1,2.5\n-3,4e1\n", {}),
        ("x,y\r\n1,2.5\r\n-3,4e1\r\n", {}),
        ("x,y\r1,2.5\r-3,4e1", {}),
        ("\ufeffx,y\n1,2.5\n-3,4e1", {}),
        ("y,x\n2.5,1\n40,-3\n", {}),
        ("x;y\n1;2,5\n-3;4e1\n", {"decimal": ","}),
        ("x;y\n1;2.5\n-3;40.0\n", {}),
        ("x\ty\n1\t2.5\n-3\t40\n", {}),
        ("x|y\n1|2.5\n-3|40\n", {}),
        ("x:y\n1:2.5\n-3:40\n", {"delimiter": ":"}),
        ("1,2.5\n-3,40\n", {"columns": ("x", "y")}),
        ('"x","y"\n"1","2.5"\n"-3","40"\n', {}),
        ('"x","y"\n"1","2,5"\n"-3","40,0"\n', {"decimal": ",", "delimiter": ";"}),
        ("\n\nx,y\n\n1,2.5\n   \n-3,40\n\n", {}),
        (" x , y \n 1 ,\t2.5\n -3 , 40 \n", {}),
        ("x,note,y\n1,\"a, b\nc\"\"d\",2.5\n-3,\xe9,40\n".encode("latin-1"), {}),
        ("x,y\n+1.,2.5E0\n-3.0,.4e+2\n", {}),
    ],
)  # fmt: skip
def test_every_way_to_write_a_table_is_read(read, content, options):
    """Delimiters, quotes, line ends, byte order mark, blanks, no header, decimal comma, other columns in any bytes."""
    if content.__class__ is str and '"2,5"' in content:
        content = content.replace('","', '";"')
    found = read(content, ("x", "y"), **options)
    assert same(found.values[0], [1.0, -3.0]) and same(found.values[1], [2.5, 40.0])
    assert found.rows == 2 and found.left_out == 0 and found.names == ("x", "y")


@pytest.mark.parametrize("rows", [1, 2, 3, 1000])
def test_blocks_have_the_numbers_of_their_rows(tmp_path, rows):
    """Blocks of any size, one after the other, several files too; other columns and their order do not matter."""
    first, second = tmp_path / "a.csv", tmp_path / "b.tsv"
    first.write_text("x,y\n" + "".join(f"{i},{i * i}\n" for i in range(5)))
    second.write_text("y\tz\tx\n" + "".join(f"{i * i}\t?\t{i}\n" for i in range(5, 7)))
    found = list(blocks([str(first), str(second)], ("y", "x"), ReadOptions(rows=rows)))
    assert [number for block in found for number in block.numbers] == [1, 2, 3, 4, 5, 1, 2]
    assert [one for block in found for one in block.values[0]] == [i * i for i in range(7)]
    assert max(len(block.numbers) for block in found) == min(rows, 5)
    whole = read_columns([str(first), str(second)], ("x",), ReadOptions(rows=rows))
    assert list(whole.values[0]) == list(range(7))
    assert whole.files == ((str(first), 5), (str(second), 2))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(*[st.floats(allow_nan=False, allow_infinity=False)] * 2, st.text()), max_size=8),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_the_csv_module_writes_is_read_bit_by_bit(rows, delimiter, end):
    """All floats, with any text in quotes beside them."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(["x", "note", "y"])
    writer.writerows([x, note, y] for x, y, note in rows)
    stream = io.BytesIO(text.getvalue().encode("utf-8", "surrogatepass"))
    found = list(fast_delimited_blocks(stream, "rows", "csv", ("x", "y"), ReadOptions(delimiter=delimiter)))
    for place in (0, 1):
        assert same([v for block in found for v in block.values[place]], [row[place] for row in rows])


@pytest.mark.parametrize(
    "cell",
    ["1_000", "1,000", "١٢", "0x10", "1e", "e5", "--1", "+-1", "1 2", "one", "TRUE", "true", "yes", "N/A", "NAN", "nil",
     "$5", "5%", "1e5.0", "1.2.3", ".", "+", "1+1", "=cmd", "½", "1\x00", "2024-01-01", "1;2", "Nan", "none", "1d5", "1f"],
)  # fmt: skip
def test_what_is_no_number_is_refused_with_row_and_column(read, cell):
    """Never is a word turned into a number: what Python's float or another program would read is not enough."""
    with pytest.raises(ValueProblem) as caught:
        read(f'x;y\n1;2\n\n3;"{cell}"\n4;5\n', ("x", "y"), delimiter=";")
    assert caught.value.message.startswith(f'points.csv, row 2 (line 4), column y: "{cell}" ')
    assert caught.value.status == 2


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("inf", "is not finite"), ("-Infinity", "is not finite"), ("∞", "is not finite"),
        ("1e999", "is too large for a float"), ("9" * 400, "too large for a float"),
        ("9007199254740993", "no float is equal to the whole number"), ("-9007199254740993", "no float is equal"),
        ("9" * 20_000, "…\" is too large for a float"), ("x" * 9000, "…\" is no number"),
        ("2,5", "has a comma where a point is expected"),
    ],
)  # fmt: skip
def test_numbers_without_a_float_say_why(read, cell, sentence):
    """Infinite, too large, whole numbers between two floats, and the wrong decimal sign."""
    with pytest.raises(ValueProblem, match=sentence) as caught:
        read(f'x\n1\n"{cell}"\n', ("x",))
    assert "row 2 (line 3), column x" in caught.value.message and len(caught.value.message) < 150


def test_numbers_at_the_ends_are_the_nearest_floats(read):
    """Whole numbers that floats have, however long; decimals of any length; what is too small is 0."""
    cells = ["9007199254740992", "100000000000000000000", "-9007199254740994", "5e-324", "2e-324", "1e-999", "0.1" + "0" * 3000,
             "0" * 5000 + "12", "-00009007199254740994",
             "1.7976931348623157e308", "9007199254740993.0", "-0", "-0.0", "0.30000000000000004", "1e22", "1e23"]  # fmt: skip
    assert same(read("x\n" + "\n".join(cells), ("x",)).values[0], [float(cell) for cell in cells])


def test_a_point_beside_decimal_commas_is_refused(read):
    """1.234 may be a thousand there."""
    with pytest.raises(ValueProblem, match="a point where only a comma is expected"):
        read("x;y\n1,5;1.234\n", ("x", "y"), decimal=",")


@pytest.mark.parametrize("spelling", ["", "NA", "NaN", "nan", "null", "None", "-", "?", " NA ", '""'])
def test_missing_cells_end_are_left_out_or_are_kept(read, spelling):
    """Every spelling: an error with row and column and status 3, a row less, or nan."""
    content = f"x,y\n1,2\n3,{spelling}\n5,6\n{spelling or 'NA'},8\n"
    with pytest.raises(DomainProblem) as caught:
        read(content, ("x", "y"))
    assert caught.value.message == "points.csv, row 2 (line 3), column y: the cell is missing"
    assert (caught.value.status, caught.value.hint) == (
        3,
        "--missing skip leaves out rows with missing cells",
    )
    skipped = read(content, ("x", "y"), missing="skip")
    assert [list(one) for one in skipped.values] == [[1.0, 5.0], [2.0, 6.0]]
    assert (skipped.rows, skipped.left_out) == (2, 2)
    kept = read(content, ("x", "y"), missing="keep")
    assert same(kept.values[0], [1, 3, 5, NAN]) and same(kept.values[1], [2, NAN, 6, 8]) and kept.rows == 4
    assert list(read(content, ("x",), missing="skip").values[0]) == [1.0, 3.0, 5.0]


def test_another_list_of_missing_cells_replaces_the_usual_one(read):
    """-999 is missing then, and NA is no number."""
    kept = read('x\n-999\n""\n-99\n', ("x",), missing="keep", spellings=("-999", "n/a"))
    assert same(kept.values[0], [NAN, NAN, -99.0])
    with pytest.raises(ValueProblem, match='"NA" is no number'):
        read("x\nNA\n", ("x",), spellings=("n/a",))


@pytest.mark.parametrize("rows", [1, 2, 100])
def test_the_first_error_of_the_file_is_the_one_that_is_said(read, rows):
    """Whatever the blocks and the order of the columns, a missing cell or a word."""
    content = "a,b,c\n1,2,3\n1,NA,3\nx,2,y\n1,z,3\n"
    for wanted in (("a", "b", "c"), ("c", "b", "a"), ("b",)):
        with pytest.raises(DomainProblem, match=r"row 2 \(line 3\), column b"):
            read(content, wanted, rows=rows)
        with pytest.raises(
            ValueProblem, match="row 3 .line 4., column" if "a" in wanted else "row 4 .line 5., column b"
        ):
            read(content, wanted, rows=rows, missing="skip")


@pytest.mark.parametrize("missing", ["error", "skip", "keep"])
def test_rows_that_were_left_out_keep_the_numbers_of_the_others(tmp_path, missing):
    """Rows are counted as they stand in the file."""
    path = tmp_path / "rows.csv"
    path.write_text("x\n1\n2\n" if missing == "error" else "x\n1\nNA\n3\nNA\n5\n")
    found = list(blocks([str(path)], ("x",), ReadOptions(missing=missing, rows=2)))
    numbers = [number for block in found for number in block.numbers]
    assert numbers == {"error": [1, 2], "skip": [1, 3, 5], "keep": [1, 2, 3, 4, 5]}[missing]


@pytest.mark.parametrize(
    ("content", "kind", "sentence"),
    [
        ("", InputProblem, "points.csv is empty"),
        ("\n \n", InputProblem, "points.csv is empty"),
        ("x,y\n1,2\n3\n", InputProblem, "points.csv, line 3: 1 cell where there are 2 columns"),
        ("x,y\n1,2\n3,4,5\n", InputProblem, "points.csv, line 3: 3 cells where there are 2 columns"),
        ('x,y\n1,"2\n3,4\n', InputProblem, "points.csv, line 3: a quote does not end"),
        ('x,y\n1,"2"3\n', InputProblem, "points.csv, line 2: a quote does not end, or a cell goes on after it"),
        ("x,y,x\n1,2,3\n", NameProblem, "points.csv: two columns are called x"),
        ("x, x \n1,2\n", NameProblem, "points.csv: two columns are called x"),
        ("é,é\n1,2\n", NameProblem, "points.csv: two columns are called é"),
        ("\xe9,x\n1,2\n".encode("latin-1"), InputProblem, "points.csv: the name of column 1 is not UTF-8 text"),
        ("x,y\n1,2\n".encode("utf-16"), InputProblem, "points.csv is not UTF-8 text"),
        ("x,y\n1,2\n".encode("utf-16-be"), InputProblem, "points.csv is not UTF-8 text"),
        ("x,y\n1,2\n".encode("utf-32"), InputProblem, "points.csv is not UTF-8 text"),
        ("a,b\n1,2\n", NameProblem, "points.csv has no column x"),
        ("x,y\n1," + "2" * 200_000 + "\n", InputProblem, "points.csv, line 2: a cell is too long"),
    ],
)  # fmt: skip
def test_broken_files_are_a_sentence(read, content, kind, sentence):
    """Empty, ragged, cut off, in another encoding, with a name twice or not at all."""
    with pytest.raises(kind) as caught:
        read(content, ("x",))
    assert caught.value.message.startswith(sentence)


def test_a_header_alone_has_columns_of_no_rows(read):
    """A file without rows is none that is broken."""
    found = read("x,y\n", ("y",))
    assert found.rows == 0 and list(found.values[0]) == []


def test_the_nearest_column_is_named(read):
    """A slip, a file without a header, or the list of what there is."""
    for content, hint in (
        ("height,width\n1,2\n", "did you mean height?"),
        ("1,2.5\n3,4\n", "its first row holds numbers: a file without a header needs names for its columns"),
        ("p,q,\n1,2,3\n", "its columns are p, q, (no name)"),
        (",".join(f"c{i}" for i in range(20)), "its columns are c0, c1, c2, c3, c4, c5, c6, c7 and 12 more"),
    ):
        with pytest.raises(NameProblem) as caught:
            read(content, ("heigth",))
        assert caught.value.hint == hint


def test_headers_are_names_of_any_kind(read):
    """Stripped, composed, quoted; columns without a name are allowed beside others."""
    content = ',, my column ,=cmd,"a,b",e\u0301,gamma\n0,0,1,2,3,4,5\n'
    found = read(content, ("my column", "=cmd", "a,b", "é", "gamma", "e\u0301"))
    assert [list(one) for one in found.values] == [[1], [2], [3], [4], [5], [4]]


def test_a_header_can_be_asked_for(tmp_path):
    """In the file's order; compressed as well."""
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"b, a ,\n1,2,3\n"))
    assert header(str(path)) == ("b", "a", "")
    assert list(read_columns([str(path)], ("a",)).values[0]) == [2.0]


@pytest.mark.parametrize(
    "options",
    [{"decimal": ";"}, {"delimiter": "::"}, {"delimiter": ""}, {"delimiter": "5"}, {"delimiter": '"'}, {"delimiter": "\n"},
     {"delimiter": "."}, {"rows": 0}, {"format": "xls"}],
)  # fmt: skip
def test_options_that_cannot_be(read, options):
    """UsageProblem before the file is opened."""
    with pytest.raises(UsageProblem):
        read("x\n1\n", ("x",), **options)


def test_a_large_table_in_plain_python(read):
    """Twenty thousand rows with some of every kind of trouble that is none, against what was written."""
    source, cells, expected = random.Random(3), [], []
    for _ in range(20_000):
        number = math.ldexp(source.uniform(-1, 1), source.randint(-80, 80))
        cells.append(source.choice((f" {number!r}", f"{number!r}", f'"{number!r}"', f"{number:.17E}")))
        expected.append(number)
    cells[7777], expected[7777] = "", NAN
    content = "x,y\n" + "".join(f"{cell},0\n" for cell in cells)
    assert same(read(content, ("x",), missing="keep", rows=1000).values[0], expected)


def test_commas_in_quotes_are_decimal_where_commas_stand_between_cells(read):
    """All numbers with a decimal comma are in quotes; one without has cells too many."""
    text = 'x,y\n"1,5",2\n3,"-0,25"\n4,5\n'
    columns = read(text, ("x", "y"), decimal=",", delimiter=",")
    assert [list(one) for one in columns.values] == [[1.5, 3.0, 4.0], [2.0, -0.25, 5.0]]
    with pytest.raises(InputProblem, match="3 cells where there are 2 columns"):
        read("x,y\n1,5,2\n", ("x", "y"), decimal=",", delimiter=",")


@pytest.mark.parametrize(
    ("text", "options", "hint"),
    [
        ('x,y\n"1,5",2\n', {}, "--decimal , reads it; where commas stand between the cells as well: --decimal , --delimiter ,"),
        ('x,y\n"12,000",2\n', {}, "commas between thousands are not read: write the number without them"),
        ('x,y\n"-1,234,567",2\n', {}, "commas between thousands are not read: write the number without them"),
        ("x,y\n1,2\n", {"columns": ("x", "y")}, "the first line looks like a header: leave --columns out"),
        ("x,y\n1,2\n", {"columns": ("x", "b")}, "the first line looks like a header: leave --columns out"),
        ("1,2\none,2\n", {"columns": ("x", "y")}, '--na "one" --missing skip leaves out rows with such cells'),
    ],
)  # fmt: skip
def test_a_hint_says_what_helps(read, text, options, hint):
    with pytest.raises(ValueProblem) as caught:
        read(text, ("x",), **options)
    assert caught.value.hint == hint
