"""The part of an expression that a note names has itself what the note says."""

from __future__ import annotations

import json

import pytest

from gradcli.calculus.evaluation.gradient_at_point import evaluate
from gradcli.calculus.formulas.texts.compiler import compile_text


def noted(text: str, at: dict[str, float]):
    return evaluate(compile_text([text], at).program, text, at).notes


@pytest.mark.parametrize(
    ("text", "part", "kind"),
    [
        ("floor(x)+abs(x)", "floor(x)", "jump"),
        ("abs(x)+floor(x)", "floor(x)", "jump"),
        ("floor(x)+max(x,0)", "floor(x)", "jump"),
        ("abs(x-1/2)*hardshrink(x-1/2)", "hardshrink(x-1/2)", "jump"),
        ("cbrt(x**2)+abs(x)", "cbrt(x**2)", "infinite"),
        ("floor(x)+abs(x)+cbrt(x)", "cbrt(x)", "infinite"),
        ("abs(x)+sqrt(abs(x))", "sqrt(abs(x))", "infinite"),
        ("relu6(x)*2+x*sqrt(x)", "x*sqrt(x)", "edge"),
        ("abs(x)+abs(x**3)", "abs(x)", "corner"),
        ("abs(x**3)+abs(x)", "abs(x)", "corner"),
        ("x*abs(x)+max(x,0)", "max(x,0)", "corner"),
        ("exp(abs(x))+x", "abs(x)", "corner"),
        ("cbrt(x)*cbrt(x**2)+abs(x)", "abs(x)", "corner"),
        ("(x+floor(x))**2", "floor(x)", "jump"),
        ("cbrt(x**3)+cbrt(abs(x)**3)", "cbrt(abs(x)**3)", "corner"),
    ],
)
def test_the_named_part_has_what_is_said_of_it(text, part, kind):
    """Alone it has the same kind of note."""
    (note,) = noted(text, {"x": 0.0})
    assert (text[slice(*note.span)], note.kind) == (part, kind)
    (alone,) = noted(part, {"x": 0.0})
    assert alone.kind == kind


def test_each_variable_has_a_part_of_its_own():
    """|a| has no corner along b, and |y - x| none that is left beside max(x, 0) where x alone moves it."""
    text = "abs(x**3)*y + abs(y) + max(x + y, y)"
    notes = noted(text, {"x": 0.0, "y": 0.0})
    assert {note.variable: text[slice(*note.span)] for note in notes} == {
        "x": "max(x + y, y)", "y": "abs(y)",
    }  # fmt: skip


def test_where_no_part_has_it_alone_the_whole_is_named(run):
    """The second derivative is infinite: that of x*cbrt(x**2) is, cbrt(x**2) and |x| have no such part."""
    text = "x*cbrt(x**2)+x*abs(x)"
    answer = run("hessian", text, "--x", "0")
    assert answer.status == 3
    assert answer.err.startswith(f"note: {text} has an infinite slope at x = 0")
    assert answer.err.endswith("(of the partial along x)\n")


def test_long_sums_name_the_first_tie_that_the_variable_leaves():
    names = [f"x{i}" for i in range(40)]
    text = "+".join(f"abs({name})" for name in names)
    notes = noted(text, dict.fromkeys(names, 0.0))
    assert [text[slice(*note.span)] for note in notes] == [f"abs({name})" for name in names]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("mean((y-a*t-b)**2)+0.5*(abs(a)+abs(b))", {"a": "abs(a) has a corner", "b": "abs(b) has a corner"}),
        ("mean(y)+floor(a)+abs(b)", {"a": "floor(a) jumps", "b": "abs(b) has a corner"}),
        ("mean(abs(y - a - 2))+abs(b)", {"a": "abs(y - a - 2) has a corner in row 2", "b": "abs(b) has a corner"}),
        ("max(a*y)+abs(b)", {"a": "several rows have the greatest number: a corner", "b": "abs(b) has a corner"}),
    ],
)  # fmt: skip
def test_over_rows_each_variable_has_a_part_of_its_own(run, tmp_path, text, parts):
    (tmp_path / "d.csv").write_text("t,y\n0,1\n1,2\n2,4\n")
    answer = run("grad", text, "--data", str(tmp_path / "d.csv"), "--a", "0", "--b", "0", "--format", "json")
    notes = {note["variable"]: note["message"] for note in json.loads(answer.out)["notes"]}
    assert {name: message.split(":")[0] for name, message in notes.items()} == {
        name: part.split(":")[0] for name, part in parts.items()
    }
