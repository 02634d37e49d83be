"""The greatest of numbers of which two are one has no corner where these meet."""

from __future__ import annotations

import json

import pytest


@pytest.mark.parametrize(("text", "constraint", "start", "value"), [
    ("max(x, x, 1) + x*y", "y = y**2; -1 <= x <= 2", (0.5, -1), 4.0),
    ("-min(y, y, 1) + x", "x + y <= 2; y >= -3", (0, 0.5), 8.0),
    ("max(x, x)*y", "x**2 + y**2 <= 8", (0.5, 1), 4.0),
])  # fmt: skip
def test_a_maximum_is_found_under_constraints(text, constraint, start, value, run):
    """From a start at which the number itself is not the greatest, too."""
    ended = run("maximize", text, "--st", constraint, "--x", start[0], "--y", start[1], "--format", "json")
    assert (ended.status, json.loads(ended.out)["value"]) == (0, pytest.approx(value))


def test_no_corner_is_in_doubt_without_constraints(run):
    """It is flat there, and least."""
    found = json.loads(run("minimize", "max(x, x, 1)", "--x", 0.5, "--format", "json").out)
    assert (found["status"], found["value"]) == ("minimum", 1.0)
