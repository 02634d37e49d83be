"""Pages of the guide as documents."""

from __future__ import annotations

import re

import pytest

from gradcli.output.painters.rich_text import terminal
from gradcli.output.results.manual_document import manual
from gradcli.output.text.document import Line, Table

from ..readme.markdown import GUIDE

PAGE = """# Title

A paragraph of `code` and **strong** words
that goes on.

- an item that is long enough to be wrapped below its own words
- `two`
1. three

| a | b |
|---|---|
| `x` | one \\| two |

<!-- a remark -->
```console
$ gradcli grad "a|b"

- not an item
```
"""


def words(part):
    """The text of a line."""
    return "".join(text for _, text in part.words)


def test_each_kind_of_block():
    """Heading, paragraph, items, table, code; a remark is left out."""
    parts = manual(PAGE)
    assert [words(part) if isinstance(part, Line) else part.columns for part in parts] == [
        "Title", "", "A paragraph of code and strong words that goes on.", "",
        "• an item that is long enough to be wrapped below its own words", "• two", "1. three", "",
        ("a", "b"), "", '  $ gradcli grad "a|b"', "  ", "  - not an item",
    ]  # fmt: skip
    assert parts[0].words == (("heading", "Title"),)
    assert ("formula", "code") in parts[2].words and ("heading", "strong") in parts[2].words
    (table,) = (part for part in parts if isinstance(part, Table))
    assert table.rows == ((("formula", "x"), ("text", "one | two")),)


def test_items_hang():
    """The further lines of an item stand below its words."""
    rows = terminal(manual(PAGE), 24, False).splitlines()
    start = rows.index("• an item that is long")
    assert rows[start : start + 4] == [
        "• an item that is long",
        "  enough to be wrapped",
        "  below its own words",
        "• two",
    ]


@pytest.mark.parametrize("columns", [20, 40, 80, 200])
@pytest.mark.parametrize("path", sorted(GUIDE.glob("*.md")), ids=lambda path: path.stem)
def test_pages_fit_and_lose_nothing(path, columns):
    """Every width, and each word of the page is there, in its order, but for the marks."""
    page = path.read_text(encoding="utf-8")
    drawn = terminal(manual(page), columns, False)
    assert max(map(len, drawn.splitlines())) <= columns
    if columns < 200:
        return
    prose = re.sub(r"<!--.*?-->|^```\w*$|^\|[-| ]*\|$", "", page, flags=re.DOTALL | re.MULTILINE)
    said = "".join(re.findall(r"\w+", prose))
    assert "".join(re.findall(r"\w+", drawn)) == said
