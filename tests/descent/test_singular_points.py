"""Critical points whose Hessian is singular: what they are by hand, and what shows it."""

from __future__ import annotations

import json

import pytest

#: f, the kind of its point at 0 or at what is given, and a part of the sentence that shows it.
TRUTHS = [
    ("x**4", "minimum", "rises with the fourth power"), ("2-x**6", "maximum", "falls with the sixth power"),
    ("x**5", "saddle", "falls along x = -1"), ("x**2+y**4", "minimum", "fourth power"),
    ("x**2-y**4", "saddle", "a curve that begins in the direction x = 0, y = 1"), ("-x**2-y**6", "maximum", "sixth power"),
    # Along every line through 0 it rises, along y = 2*x**2 it falls (Peano).
    ("(y-x**2)*(y-3*x**2)", "saddle", "a curve that begins in the direction x = 1, y = 0"),
    ("(y-x**2)**2+x**8", "minimum", "eighth power"), ("x**3-3*x*y**2", "saddle", "falls along a curve"),
    ("x**4+x**2*y**2+y**4", "minimum", "nowhere lower"), ("x**4-3*x**2*y**2+y**4", "saddle", "falls along a curve"),
    ("exp(-x**4)", "maximum", "falls with the fourth power"), ("cos(x)-1+x**2/2", "minimum", "fourth power"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "shown"), TRUTHS)
def test_what_higher_derivatives_show_is_told(run, text, kind, shown):
    """With the evidence in a note."""
    record = json.loads(run("critical", "--format", "json", "--", text).out)
    (point,) = [one for one in record["points"] if not any(one["at"].values())]
    assert point["kind"] == kind and 0.0 in point["eigenvalues"]
    said = [note["message"] for note in record["notes"]]
    assert [one for one in said if f"a {kind} at" in one and shown in one]


def test_numbers_are_what_was_typed(run):
    """The double next to 0.1 is not where the slope is 0."""
    record = json.loads(run("critical", "(x-a)**4", "--a", "0.1", "--format", "json").out)
    assert [(point["kind"], point["exact"]) for point in record["points"]] == [("minimum", {"x": "1/10"})]


@pytest.mark.parametrize("text", ["x*abs(x)", "x+sin(x)", "x**2*y**2"])
def test_what_is_not_shown_stays_degenerate(run, text):
    """Without second derivatives, at places that are no rationals, and where f does not change along a line."""
    ended = run("critical", text, "--box", "-4:4")
    assert "degenerate" in ended.out + ended.err
    assert "minimum" not in ended.out and "saddle" not in ended.out
