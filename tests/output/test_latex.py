"""Text in LaTeX stands as it was typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from gradcli.language.latex_escapes import latex_text

from .drawing import wild

SET = [
    ("x_1 & 50% #$", r"x\_1 \& 50\% \#\$"),
    (r"\input{a}", r"\textbackslash{}input\{a\}"),
    ("x^2~y", r"x\textasciicircum{}2\textasciitilde{}y"),
    ("a<b|c>d", r"a\textless{}b\textbar{}c\textgreater{}d"),
    ("x---y", "x-{}-{}-y"),
    ("a\nb\x1b", "a b "),
    ("π 変", "π 変"),
]


@pytest.mark.parametrize(("text", "latex"), SET)
def test_specials_are_escaped(text, latex):
    """No character of the text is a command, and none joins another in a ligature."""
    assert latex_text(text) == latex


@given(wild)
def test_no_text_is_a_command(text):
    """Without our own commands and escapes no special character is left, nor a line break."""
    rest = re.sub(r"\\text[a-z]+\{\}|\\[{}$&#_%]|-\{\}", "", latex_text(text))
    assert not set(rest) & set("\\{}$&#_%~^") and "--" not in rest
    assert rest.isprintable()
