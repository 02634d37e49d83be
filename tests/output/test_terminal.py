"""The terminal painter: everything is said, within the width, with colour or without."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcli.output.painters.rich_text import STYLES, terminal
from gradcli.output.text.document import Table, line

from .drawing import ROLES, SGR, columns, documents, ink, tame, wild

COLUMNS = ("variable", "grad", "value", "formula")
LONG = "x**2 + x*y + 3 + sin(x)*cos(y) + exp(-x**2 - y**2)"
TABLE = Table(
    COLUMNS,
    (
        (("variable", "x"), ("gradient", "-1.234567891e-100"), ("value", "5"), ("formula", LONG)),
        (("variable", "weight"), ("gradient", "13"), ("value", "3.75"), ("formula", "x")),
    ),
)
widths = st.sampled_from([40, 80, 200])


def test_a_table_is_drawn_in_columns():
    """Header, rule and rows; numbers are ranged right."""
    assert terminal([TABLE], 200, False).splitlines() == [
        "variable                grad   value   formula",
        "─" * (8 + 3 + 17 + 3 + 5 + 3 + len(LONG)),
        f"x          -1.234567891e-100       5   {LONG}",
        "weight                    13    3.75   x",
    ]


def test_a_formula_wraps_within_its_column():
    """At 80 columns the numbers keep their lines and the formula goes on below itself."""
    drawn = terminal([TABLE], 80, False).splitlines()
    assert drawn[2].startswith("x          -1.234567891e-100       5   x**2")
    assert drawn[3].startswith(" " * 39) and drawn[3][39] != " "


def test_a_table_without_room_becomes_blocks():
    """At 40 columns each row is a block of labelled lines, and the formula is indented under itself."""
    assert terminal([TABLE], 40, False).splitlines() == [
        "x",
        "  grad     -1.234567891e-100",
        "  value    5",
        "  formula  x**2 + x*y + 3 +",
        "           sin(x)*cos(y) + exp(-x**2 -",
        "           y**2)",
        "weight",
        "  grad     13",
        "  value    3.75",
        "  formula  x",
    ]


def test_a_small_table_stays_a_table_at_40_columns():
    """The tutorial's table has room on the narrowest terminal."""
    row = (("variable", "x"), ("gradient", "13"), ("value", "5"), ("formula", "2*x + y"))
    assert "x            13       5   2*x + y" in terminal([Table(COLUMNS, (row,))], 40, False)


def test_a_caption_stands_above_its_table():
    """The first line is the caption."""
    assert terminal([TABLE._replace(caption="after 10 steps")], 80, False).startswith(
        "after 10 steps\nvariable"
    )


def test_markup_is_only_text():
    """What looks like rich's markup or an emoji code is printed as it stands."""
    assert terminal([line("[red]x[/red] :smile: [/]")], 80, True) == "[red]x[/red] :smile: [/]\n"


@pytest.mark.parametrize("role", sorted(STYLES))
def test_a_styled_role_is_coloured_only_on_request(role):
    """Every style of the table reaches the terminal, and none without colour."""
    assert SGR.search(terminal([line((role, "x"))], 80, True))
    assert terminal([line((role, "x"))], 80, False) == "x\n"


@pytest.mark.parametrize("name", ["NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM"])
def test_the_environment_changes_nothing(monkeypatch, name):
    """Colour and width are the caller's decision, who has read the environment already."""
    before = terminal([TABLE], 80, True), terminal([TABLE], 80, False)
    monkeypatch.setenv(name, "dumb" if name == "TERM" else "20")
    assert (terminal([TABLE], 80, True), terminal([TABLE], 80, False)) == before


@given(documents(wild), widths)
def test_no_escape_gets_out_without_colour(document, width):
    """Whatever the words hold, every line drawn is printable and can be encoded."""
    drawn = terminal(document, width, False)
    assert all(text.isprintable() for text in drawn.split("\n"))
    drawn.encode()


@given(documents(wild), widths)
def test_colour_adds_nothing_but_colour(document, width):
    """Without its colours the coloured drawing is the other one, and words add no escape of their own."""
    bare = SGR.sub("", terminal(document, width, True))
    assert [text.rstrip() for text in bare.split("\n")] == [
        text.rstrip() for text in terminal(document, width, False).split("\n")
    ]


@given(documents(tame), widths)
def test_the_width_is_respected(document, width):
    """No line is wider than the terminal."""
    assert all(columns(text) <= width for text in terminal(document, width, False).split("\n"))


@given(st.lists(st.tuples(st.sampled_from(ROLES), tame), min_size=1, max_size=4), widths)
def test_nothing_is_cut_off_a_table(cells, width):
    """Every character of every cell is drawn, in the order of its cell."""
    row = (("variable", "x"), *cells)
    headers = ("variable", *(f"c{index}" for index in range(len(cells))))
    drawn = terminal([Table(headers, (row,))], width, False)
    for character in {mark for _, text in cells for mark in ink(text)} - set("cvariable0123 x"):
        assert drawn.count(character) == sum(text.count(character) for _, text in cells)


@given(st.text("0123456789", min_size=50, max_size=600), widths)
def test_a_long_number_keeps_its_digits(number, width):
    """A number wider than the terminal is folded, never shortened."""
    table = Table(("variable", "grad"), ((("variable", "x"), ("gradient", number)),))
    drawn = terminal([table], width, False)
    assert ink("".join(character for character in drawn if character in "0123456789")) == number
