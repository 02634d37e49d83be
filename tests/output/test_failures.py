"""Errors: the sentence, the caret under the culprit, the hint; and the same facts for scripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcli.language.errors import DomainProblem, NameProblem, SyntaxProblem
from gradcli.output.painters.plain_text import plain
from gradcli.output.painters.rich_text import terminal
from gradcli.output.results.error_document import failure_record, failure_text

from .drawing import columns, wild


def drawn(text, span, width=80):
    """The text and its carets, as lines."""
    return plain(failure_text(SyntaxProblem("no", text=text, span=span), width)).split("\n")[1:-1]


def test_an_error_is_a_sentence_a_caret_and_a_hint():
    """The form of the contract with the shell, to the letter."""
    error = DomainProblem(
        "log is not defined at x = -1: its argument must be positive",
        text="3*log(x) + y",
        span=(2, 8),
        hint="choose x > 0",
    )
    assert plain(failure_text(error)) == (
        "gradcli: log is not defined at x = -1: its argument must be positive\n"
        "  3*log(x) + y\n"
        "    ^^^^^^\n"
        "hint: choose x > 0\n"
    )


def test_an_error_without_a_text_is_its_sentence():
    """Nothing is drawn where there is nothing to point at."""
    assert plain(failure_text(NameProblem("no variable y"))) == "gradcli: no variable y\n"
    assert plain(failure_text(NameProblem("no variable y", text="x"))) == "gradcli: no variable y\n"


POINTED = [
    ("2+*3", (2, 3), ["  2+*3", "    ^"]),
    ("x + ", (4, 4), ["  x + ", "      ^"]),
    ("x", (1, 2), ["  x", "   ^"]),
    ("", (0, 0), ["  ", "  ^"]),
    ("x", (5, 9), ["  x", "   ^"]),
    ("abc", (1, 1), ["  abc", "   ^"]),
    ("変数*foo", (3, 6), ["  変数*foo", "       ^^^"]),
    ("変数", (1, 2), ["  変数", "    ^^"]),
    ("e\u0301*q", (3, 4), ["  e\u0301*q", "    ^"]),
    ("e\u0301*q", (1, 2), ["  e\u0301*q", "  ^"]),
    ("\u0301q", (1, 2), ["  \u0301q", "   ^"]),
    ("a\tb", (2, 3), ["  a␉b", "    ^"]),
    ("\x1b[31mq", (5, 6), ["  ␛[31mq", "       ^"]),
    ("a\nb +* c\nd", (5, 6), ["  b +* c", "     ^"]),
    ("a +\nb", (2, 5), ["  a +", "    ^"]),
    ("a\nb", (1, 2), ["  a", "   ^"]),
]


@pytest.mark.parametrize(("text", "span", "lines"), POINTED)
def test_carets_stand_under_the_culprit(text, span, lines):
    """Wide, combining and control characters, many lines, and culprits behind the end."""
    assert drawn(text, span) == lines


def test_a_long_text_is_cut_around_its_culprit():
    """Only what fits is shown, and an ellipsis says that there is more."""
    text = "1+" * 100 + "foo(x)" + "*2" * 100
    shown, carets = drawn(text, (200, 206), width=40)
    assert shown == "  …+1+1+1+1+1+1+1+foo(x)*2*2*2*2*2*2*2*…"
    assert shown[carets.index("^") :].startswith("foo(x)") and carets.count("^") == 6


def test_a_long_text_is_cut_on_one_side_only_where_it_can_be():
    """A culprit near an end shows that end."""
    assert drawn("foo + " * 30, (0, 3), width=30)[0].startswith("  foo")
    assert drawn("foo + " * 30 + "bar", (180, 183), width=30)[0].endswith("bar")


@given(wild, st.integers(-3, 40), st.integers(0, 40), st.sampled_from([12, 40, 80]))
def test_a_failure_fits_its_width_whatever_the_text(text, start, length, width):
    """Two lines, no wider than asked, the carets within the text or one behind it."""
    shown, carets = drawn(text, (start, start + length), width)
    assert columns(shown) <= width and columns(carets) <= width
    assert carets.strip() and set(carets.strip()) == {"^"}
    assert columns(carets) <= columns(shown) + 1


@given(st.text("ab*+変π", min_size=1, max_size=200), st.data())
def test_the_carets_cover_the_culprit_and_nothing_else(text, data):
    """Reading off the columns above the carets gives the culprit back, or how it begins."""
    start = data.draw(st.integers(0, len(text) - 1))
    stop = data.draw(st.integers(start + 1, len(text)))
    shown, carets = drawn(text, (start, stop), 40)
    grid = "".join(mark + "\0" * (columns(mark) - 1) for mark in shown)
    above = "".join(mark for mark, caret in zip(grid, carets, strict=False) if caret == "^").replace("\0", "")
    assert above and text[start:stop].startswith(above)
    assert above == text[start:stop] or grid[len(carets)] == "…"


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_failure_keeps_its_carets_on_a_terminal(width):
    """The terminal painter neither wraps nor moves the line of carets."""
    error = SyntaxProblem("no", text="1+" * 100 + "foo(x)" + "*2" * 100, span=(200, 206))
    document = failure_text(error, width)
    assert terminal(document, width, False) == plain(document)


def test_a_record_has_all_the_facts():
    """What a script needs: kind, message, hint, span, status; null where there is none."""
    error = DomainProblem("no value", text="log(x)", span=(0, 6))
    facts = {"kind": "domain", "message": "no value", "hint": None, "span": [0, 6], "status": 3}
    assert failure_record(error) == {"error": facts}
    assert failure_record(SyntaxProblem("no", hint="h")) == {
        "error": {"kind": "syntax", "message": "no", "hint": "h", "span": None, "status": 2}
    }
