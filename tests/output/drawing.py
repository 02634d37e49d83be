"""What the tests of the painters share: documents made at random, and the width of text on a terminal."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import strategies as st

from gradcli.output.text.document import Line, Table

ROLES = ["text", "variable", "value", "gradient", "formula", "before", "after", "name", "note", "culprit"]
SGR = re.compile(r"\x1b\[[0-9;]*m")

#: Any text at all: control characters, escape sequences, markup, direction marks, lone surrogates.
wild = st.one_of(
    st.text(max_size=30),
    st.text("\x1b\x9b[]31m;\r\n\t\x07\u202e\u200b\u2028 red/x", max_size=30),
    st.text(st.characters(min_codepoint=0xD7F0, max_codepoint=0xE00F), max_size=5),
)
#: Text whose width is not disputed: ASCII, Greek, wide characters, combining marks after a letter.
glyph = st.sampled_from([*"abcxyz0123456789+-*/()[]., ", "π", "∂", "変", "数", "e\u0301"])
tame = st.lists(glyph, max_size=90).map("".join)


def documents(text):
    """Documents of lines and of tables, two to five columns wide, all of whose text is drawn from *text*."""
    word = st.tuples(st.sampled_from(ROLES), text)
    line = st.builds(Line, st.lists(word, max_size=4).map(tuple), st.sampled_from([0, 0, 2, 12]))
    table = st.integers(2, 5).flatmap(
        lambda count: st.builds(
            Table,
            st.tuples(*[text] * count),
            st.lists(st.tuples(*[word] * count), max_size=3).map(tuple),
            text,
        )
    )
    return st.lists(line | table, max_size=3)


def columns(text):
    """The columns of a terminal that *text* takes."""
    return sum(
        0
        if unicodedata.category(character) in ("Mn", "Me")
        else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )


def ink(text):
    """The characters of *text* that leave ink, in order."""
    return "".join(text.split())
