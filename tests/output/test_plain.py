"""The plain painter: the tutorial's lines, for awk."""

from __future__ import annotations

from hypothesis import given

from gradcli.output.painters.plain_text import plain
from gradcli.output.text.document import Table, line

from .drawing import documents, wild

COLUMNS = ("variable", "grad", "value", "formula")
ROW = (("variable", "x"), ("gradient", "13"), ("value", "5"), ("formula", "2*x + y"))


def test_a_row_has_the_shape_of_the_tutorial():
    """First cell, colon, and pairs of column and cell."""
    assert plain([Table(COLUMNS, (ROW,))]) == "x: grad 13, value 5, formula 2*x + y\n"


def test_an_empty_cell_is_left_out():
    """No column is named without something to say about it."""
    row = (ROW[0], ("gradient", ""), ROW[2], ("formula", ""))
    assert plain([Table(COLUMNS, (row,))]) == "x: value 5\n"


def test_a_row_that_says_nothing_still_names_its_subject():
    """A row of empty cells is its subject and a colon."""
    assert plain([Table(("variable", "grad"), ((ROW[0], ("gradient", "")),))]) == "x:\n"


def test_a_row_without_a_subject_is_its_pairs():
    """No colon stands at the beginning of a line."""
    assert plain([Table(("", "grad"), ((("text", ""), ("gradient", "13")),))]) == "grad 13\n"


def test_a_line_is_its_joined_words():
    """Words bring their own spaces."""
    assert plain([line("f = ", ("formula", "x*y"), " = 15")]) == "f = x*y = 15\n"


def test_a_caption_stands_above_its_rows():
    """A caption has a line of its own."""
    assert plain([Table(COLUMNS, (ROW,), "step 1")]).splitlines()[0] == "step 1"


def test_an_empty_document_prints_nothing():
    """Not even a newline."""
    assert plain([]) == ""


@given(documents(wild))
def test_plain_text_has_one_printable_line_per_row(document):
    """Whatever the words hold, no escape, no line break and no lone surrogate of theirs gets out."""
    drawn = plain(document)
    assert all(text.isprintable() for text in drawn.split("\n"))
    rows = sum(len(part.rows) + bool(part.caption) if isinstance(part, Table) else 1 for part in document)
    assert drawn.count("\n") == rows
    drawn.encode()
