"""CSV and TSV: what is written reads back, and no spreadsheet runs it."""

from __future__ import annotations

import csv
import io
import itertools

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gradcli.language.errors import UsageProblem
from gradcli.output.painters.csv_text import separated

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.text(',"\t\n\r ab;', max_size=8)
delimiters = st.sampled_from([",", "\t"])


def back(lines, delimiter):
    """The rows as Python's csv module reads them, the header first."""
    return list(csv.reader(io.StringIO("".join(lines), newline=""), delimiter=delimiter, strict=True))


@given(st.lists(st.floats(), min_size=1, max_size=5), delimiters)
def test_floats_read_back_bit_for_bit(values, delimiter):
    """Every float, not only the finite ones."""
    row = {f"v{index}": value for index, value in enumerate(values)}
    header, cells = back(separated([row], delimiter), delimiter)
    assert header == list(row) and [repr(float(cell)) for cell in cells] == [repr(value) for value in values]


@given(st.lists(st.lists(text, min_size=2, max_size=2), min_size=1, max_size=4), delimiters)
def test_text_reads_back(rows, delimiter):
    """Delimiters, quotes and line breaks within text are quoted, in TSV as well."""
    cells = [[cell.lstrip("=@+-＝＠＋－\t\r\n") for cell in row] for row in rows]
    lines = separated([dict(zip("ab", row, strict=True)) for row in cells], delimiter)
    assert back(lines, delimiter) == [["a", "b"], *cells]


@given(text)
def test_text_reads_back_but_for_one_apostrophe(cell):
    """Text that a spreadsheet would run is changed by one apostrophe in front and by nothing else."""
    assert back(separated([{"a": cell}], ","), ",")[1][0] in (cell, "'" + cell)


@given(text)
def test_no_cell_begins_like_a_reaching_formula(cell):
    """No cell begins with = or @, and none that begins with a sign can call a program or leave its sheet."""
    read = back(separated([{"a": cell}], ","), ",")[1][0]
    assume(read)
    assert read[0] not in "=@＝＠\t\r\n"
    assert read[0] not in "+-＋－" or not set("|\"':") & set(read)


@pytest.mark.parametrize(
    "formula", ["-2*x", "+x", "-where(x<=0, 1, y)", "-where(x!=0, 1, y)", "-5", "-1e-300", "-π"]
)
def test_our_own_formulas_and_numbers_read_back(formula):
    """Round trip comes first for what gradcli itself prints, signs in front included."""
    assert back(separated([{"formula": formula}], ","), ",")[1] == [formula]


@pytest.mark.parametrize(
    "attack",
    [
        "=1+1",
        "@SUM(A1)",
        "+cmd|' /C calc'!A1",
        "-2+3+cmd|' /C calc'!A1",
        '-HYPERLINK("http://example.org")',
        "\t=1",
        "\r=1",
        "＝1+1",
        "-Sheet2!A1",
        "+[book]A1",
    ],
)
def test_a_spreadsheet_formula_is_made_text(attack):
    """The known ways to run something from a cell are disarmed by an apostrophe."""
    assert back(separated([{attack: attack}], ","), ",") == [["'" + attack], ["'" + attack]]


def test_cells_of_all_kinds():
    """None is empty, truth is lower case, counts are whole, lists and mappings are JSON."""
    row = {"a": None, "b": True, "c": 3, "d": [1.0, None], "e": "x,y", "f": 1e22}
    assert list(separated([row], ",")) == ["a,b,c,d,e,f\n", ',true,3,"[1.0, null]","x,y",1e+22\n']


def test_a_lone_empty_cell_is_still_a_row():
    """A row that would be an empty line is written as an empty quoted cell."""
    assert list(separated([{"a": None}], ",")) == ["a\n", '""\n']


def test_a_lone_surrogate_is_replaced():
    """What has no UTF-8 cannot be written; the row is written without it."""
    assert "".join(separated([{"a": "x\ud800"}], ",")).encode() == b"a\nx?\n"


def test_no_rows_give_no_header():
    """Without a first row there are no keys."""
    assert list(separated([], ",")) == []


def test_a_missing_key_is_an_empty_cell():
    """A later row may say less than the first."""
    assert list(separated([{"a": 1, "b": 2}, {"b": 3}], "\t")) == ["a\tb\n", "1\t2\n", "\t3\n"]


def test_a_strange_key_is_refused():
    """A row that does not fit under the header is an error, not a loss."""
    with pytest.raises(UsageProblem, match="a row has c, which"):
        list(separated([{"a": 1}, {"a": 1, "c": 2}], ","))


def test_rows_are_written_as_they_come():
    """An endless stream of rows gives its first lines at once."""
    endless = ({"n": count} for count in itertools.count())
    assert list(itertools.islice(separated(endless, ","), 3)) == ["n\n", "0\n", "1\n"]
