"""Lines as they are typed by people who come from elsewhere: what is said of each was read and decided by a person.

typed_lines.tsv has a line typed, the characters that are pointed at, and a part of what is said of them; `= text` for a
line that is read, and `-` where no function may be guessed. They come from NumPy, PyTorch, TensorFlow, JAX, spreadsheets,
pocket calculators, computer algebra, programs and textbooks.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from gradcli.language.errors import GradcliError
from gradcli.language.expression_text import text_of
from gradcli.language.hints.foreign_notations import NOTATIONS
from gradcli.language.parser import parse

LINES = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "typed_lines.tsv").read_text(encoding="utf-8").splitlines()
]


def test_there_are_enough_of_them():
    """Three hundred that are refused, and each once."""
    assert sum(not said.startswith("= ") for _, _, said in LINES) >= 300
    assert len({typed for typed, _, _ in LINES}) == len(LINES)


@pytest.mark.parametrize(("typed", "culprit", "said"), LINES)
def test_what_is_said_of_a_typed_line(typed, culprit, said):
    """The culprit's characters, and what to write instead."""
    if said.startswith("= "):
        assert text_of(parse(typed)) == said[2:]
        return
    with pytest.raises(GradcliError) as caught:
        parse(typed)
    error = caught.value
    told = f"{error.message}\n{error.hint or ''}"
    if said == "-":
        assert "did you mean" not in told
    else:
        assert said in told
    if error.span is not None and error.text == typed:
        assert typed[slice(*error.span)] == culprit


#: What cannot stand in a file of lines: invisible characters.
INVISIBLE = [
    ("x\u200b+1", "U+200B"),
    ("x\u00ad+1", "U+00AD"),
    ("\ufeffx", "U+FEFF"),
    ("x\u200e+1", "U+200E"),
    ("x\u2062y", "U+2062"),
]


@pytest.mark.parametrize(("typed", "named"), INVISIBLE)
def test_an_invisible_character_is_named(typed, named):
    """By its number, and what it is; the hint has the text without it."""
    if typed[0] == "\ufeff":
        typed = " " + typed
    with pytest.raises(GradcliError) as caught:
        parse(typed)
    assert named in caught.value.message and caught.value.hint.startswith("delete it")
    assert ord(typed[caught.value.span[0]]) == int(named[2:], 16)


def test_a_text_that_a_row_matches_has_one_of_its_signs():
    """Rows are passed over by their signs: none that holds, in the lines and in slips of them."""
    source, matched = random.Random(30), set()
    characters = sorted({one for typed, _, _ in LINES for one in typed})
    for typed, _, _ in LINES:
        place = source.randrange(len(typed) + 1)
        for text in (
            typed,
            typed[:place] + source.choice(characters) + typed[place:],
            typed[:place] + typed[place + 1 :],
        ):
            for row in NOTATIONS:
                if re.search(row.pattern, text):
                    matched.add(row.pattern)
                    assert any(sign in text for sign in row.signs), (row.pattern, text)
    assert len(matched) > 0.85 * len(NOTATIONS)


@pytest.mark.parametrize("typed", ["x +", "(x", "x + * y", "2xy", "sin 2x", "3*x + sinn(y)", "x y z", "x^2y"])
def test_few_rows_are_looked_at_for_a_short_text(typed):
    """Each of which has a pattern to compile."""
    assert sum(any(sign in typed for sign in row.signs) for row in NOTATIONS) <= 6
