"""Documents are words with roles, and no character of them steers a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given

from gradcli.output.text.document import Line, line, visible

from .drawing import wild

VISIBLE = [
    ("plain π 変数", "plain π 変数"),
    ("\x1b[31mred", "␛[31mred"),
    ("a\tb\nc\rd\0", "a␉b␊c␍d␀"),
    ("\x7f\x9b", "␡�"),
    ("\u202ereversed\u200b", "�reversed�"),
    ("a\u00a0b\u2028c", "a b c"),
    ("\ud800", "�"),
]


@pytest.mark.parametrize(("text", "shown"), VISIBLE)
def test_what_would_steer_a_terminal_is_made_visible(text, shown):
    """Pictures for control characters, a replacement for the rest."""
    assert visible(text) == shown


@given(wild)
def test_visible_text_is_printable_and_as_long(text):
    """One character for one, so that carets stay where they belong."""
    shown = visible(text)
    assert shown.isprintable() and len(shown) == len(text) and visible(shown) == shown


def test_a_bare_string_is_text():
    """A line takes words with a role, and strings that play the role `text`."""
    assert line("f = ", ("formula", "2*x")) == Line((("text", "f = "), ("formula", "2*x")))
