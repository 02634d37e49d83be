"""The document of a check: each way to the gradient with its number where they differ."""

from __future__ import annotations

from gradcli.output.painters.plain_text import plain
from gradcli.output.results.check_document import verdict_document

ROUTES = {
    "variable": "x",
    "routes": ["formula", "program", "differences"],
    "verdict": "wrong",
    "at": {"x": "0.5", "y": "2"},
    "values": {"formula": "1.5", "program": "1.5", "differences": "1.25"},
    "points": 5,
    "digits": 40,
}


def test_routes_that_differ_are_shown_with_their_numbers():
    """The place, and below it a line for each route."""
    text = plain(verdict_document("x*y", [ROUTES]))
    lines = [line.strip() for line in text.splitlines()]
    assert "x: the routes differ at x = 0.5, y = 2" in lines
    assert [line for line in lines if line.split(":")[0] in ROUTES["routes"]] == [
        "formula: 1.5", "program: 1.5", "differences: 1.25",
    ]  # fmt: skip
