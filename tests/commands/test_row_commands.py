"""Commands on columns of many rows: the same answers as written out, quickly, and sentences where there is none."""

from __future__ import annotations

import json
import random

import pytest

from gradcli.calculus.rows import array_blocks
from gradcli.calculus.rows.careful_rows import CarefulRows
from gradcli.descent.verdicts import written_rows
from gradcli.shell.problems import row_problem

FIT = "mean((y - a*x - b)**2)"


def points(count, seed=1):
    """Columns x and y as a fit has them: decimals of four places."""
    source = random.Random(seed)
    x = [round(source.uniform(-2, 2), 4) for _ in range(count)]
    return {"x": x, "y": [round(2 * u + 1 + source.gauss(0, 0.1), 4) for u in x]}


def problem(expression, count=6, **at):
    """A JSON problem with these columns; *at*: what else has a value, or takes a column's place."""
    held = {name: numbers for name, numbers in points(count).items() if name in expression}
    return json.dumps({"expression": expression, "at": {**held, **at}})


@pytest.fixture
def both(run, monkeypatch):
    """`both(*arguments, text=…)`: the record of a command by rows, and written out."""

    def both(*arguments, text, more=()):
        found = []
        for most in (0, 10**9):
            monkeypatch.setattr(row_problem, "WRITTEN_OUT", most)
            ended = run(*arguments, "--session", f"of{most}", *more, "--format", "json", text=text)
            found.append((ended.status, json.loads(ended.out)))
        (status, rows), (other, written) = found
        assert status == other
        return rows, written

    return both


LOSSES = [
    (FIT, {"a": 0.3, "b": -2}), ("sum((x-1)**2)", {}), ("var(x) + std(y)*a", {"a": 3}), ("logsumexp(a*x)", {"a": 0.1}),
    ("sum(100*(x[i+1]-x[i]**2)**2 + (1-x[i])**2, i, 0, count()-2)", {}), ("m = mean(x); sum((x-m)*y)*a", {"a": 1}),
    ("min(x)*a + max(y)", {"a": 2}),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "at"), LOSSES)
def test_grad_answers_as_it_does_written_out(both, expression, at):
    """Value, gradient along numbers and columns, norm."""
    rows, written = both("grad", "-", text=problem(expression, **at))
    assert rows["rows"] == 6 and "rows" not in written
    assert rows["value"] == pytest.approx(written["value"], rel=1e-14)
    assert rows["gradient"].keys() == written["gradient"].keys()
    for name, partial in written["gradient"].items():
        assert rows["gradient"][name] == pytest.approx(partial, rel=1e-12, abs=1e-15), name
    assert rows["norm"] == pytest.approx(written["norm"], rel=1e-13)
    assert rows["at"] == written["at"] and rows["expression"] == written["expression"]
    assert all(0 <= error < 1e-11 for error in rows["errors"].values())


def test_every_format_has_the_numbers(run):
    """LaTeX, tables, one number of a column."""
    text = problem(FIT, 3000, a=1, b=1)
    found = json.loads(run("grad", "-", "--format", "json", text=text).out)
    latex = run("grad", "-", "--format", "latex", text=text).out
    assert latex.startswith("\\begin{align*}") and f"{found['gradient']['a']:.10g}"[:10] in latex
    rows = run("grad", "-", "--format", "csv", text=text).out.splitlines()
    assert len(rows) == 6003 and rows[1].startswith(f"a,1.0,{found['gradient']['a']!r},")
    picked = run("grad", "-", "--get", "gradient.x.2", text=text).out
    assert float(picked) == found["gradient"]["x"][2]


def test_a_choice_of_variables_is_a_choice_of_columns(both):
    """--wrt x has the column and nothing else."""
    rows, written = both("grad", "-", "--wrt", "x", text=problem(FIT, a=1, b=1))
    assert rows["wrt"] == written["wrt"] == ["x"]
    assert rows["gradient"]["x"] == pytest.approx(written["gradient"]["x"], rel=1e-12)


def test_steps_are_the_same_steps(both, run):
    """Of an optimizer with slots, along the numbers; the next one goes on, and undo goes back."""
    rows, written = both(
        "step", "-", "--optimizer", "adam", "--lr", 0.1, "--steps", 3, text=problem(FIT, a=0, b=0)
    )
    for name in ("a", "b"):
        assert rows["at"][name] == pytest.approx(written["at"][name], rel=1e-13)
    assert rows["after"]["value"] == pytest.approx(written["after"]["value"], rel=1e-13)
    assert rows["at"]["x"] == written["at"]["x"] and rows["slots"].keys() == written["slots"].keys()
    on, _ = json.loads(run("step", "--session", "of0", "--format", "json").out), None
    assert on["step"] == 4 and on["before"]["at"]["a"] == rows["after"]["at"]["a"]


def test_columns_move(both):
    """A column is one variable with many numbers: steps, their slots, a clip by the whole norm."""
    more = ("--wrt", "x", "--lr", 0.1, "--momentum", 0.9, "--steps", 2, "--clip-norm", 1)
    rows, written = both("step", "-", text=problem("sum((x-1)**2) + a", a=1), more=more)
    assert rows["at"]["x"] == pytest.approx(written["at"]["x"], rel=1e-13)
    assert rows["at"]["a"] == written["at"]["a"] == 1


MINIMA = [(FIT, {"a": 0, "b": 0}), ("mean(log(1+exp(-y*(a+b*x)))) + a**2 + b**2", {"a": 0, "b": 0})]


@pytest.mark.parametrize(("expression", "at"), MINIMA)
def test_minima_are_the_same_minima(both, expression, at):
    """By rows the verdict says what it rests on."""
    rows, written = both("minimize", "-", text=problem(expression, **at))
    assert rows["status"] == written["status"] == "minimum"
    for name, number in written["x"].items():
        assert rows["x"][name] == pytest.approx(number, rel=1e-7, abs=1e-7)
    assert "summed over 6 rows in floating point" in rows["message"]


def test_what_a_minimum_along_columns_is_called(run, monkeypatch):
    """No second derivatives are taken along columns, and nothing more is said than is known."""
    monkeypatch.setattr(row_problem, "WRITTEN_OUT", 0)
    ended = run("minimize", "-", "--format", "json", text=problem("sum((x-1)**4 + (x-1)**2)"))
    found = json.loads(ended.out)
    assert (ended.status, found["status"]) == (1, "unclassified")
    assert found["x"]["x"] == pytest.approx([1] * 6, abs=1e-7)
    assert "second derivatives along columns are not taken" in found["message"]


def test_what_is_no_minimum_is_called_none(run, monkeypatch):
    """A saddle, a maximum, f without end, and no second derivatives."""
    monkeypatch.setattr(row_problem, "WRITTEN_OUT", 0)
    ended = run("minimize", "-", "--format", "json", text=problem("mean(x**2)*a*b", a=0, b=0))
    assert (ended.status, json.loads(ended.out)["status"]) == (1, "saddle")
    ended = run("minimize", "-", "--format", "json", text=problem("-mean(x**2)*a", a=1))
    assert (ended.status, json.loads(ended.out)["status"]) == (1, "unbounded")
    ended = run("maximize", "-", "--format", "json", text=problem("-mean((x-a)**2)", a=3))
    assert (ended.status, json.loads(ended.out)["status"]) == (0, "maximum")


def test_a_direction_without_curvature_is_flat(run, monkeypatch):
    """f does not depend on b; what rounding makes of its second derivative is no evidence, and few rows show that f is flat."""
    monkeypatch.setattr(row_problem, "WRITTEN_OUT", 0)
    text = problem("std(y - a*x - b)", 40, a=0, b=1)
    found = json.loads(run("minimize", "-", "--format", "json", text=text).out)
    assert found["status"] == "minimum" and "does not change along a = 0, b = 1" in found["message"]
    monkeypatch.setattr(written_rows, "FEW", 0)
    ended = run("minimize", "-", "--format", "json", text=text)
    assert (ended.status, json.loads(ended.out)["status"]) == (1, "flat")


def test_a_median_is_a_minimum_at_a_corner(run, monkeypatch):
    """f rises on both sides of it."""
    monkeypatch.setattr(row_problem, "WRITTEN_OUT", 0)
    text = json.dumps({"expression": "sum(abs(x-a))", "at": {"x": [1, 2, 3, 7, 20], "a": 3}})
    ended = run("minimize", "-", "--format", "json", text=text)
    found = json.loads(ended.out)
    assert (ended.status, found["status"], found["x"]["a"]) == (0, "minimum-at-corner", 3)


def labelled(count, labels, seed=3):
    """A column of numbers and one of labels, drawn by a logistic law; labels: what 0 and 1 are called."""
    source = random.Random(seed)
    x = [round(source.gauss(0, 1), 3) for _ in range(count)]
    return {"x": x, "y": [labels[source.random() < 1 / (1 + 2.718 ** -(1.2 * u + 0.3))] for u in x]}


def described(expression, columns, **at):
    """A JSON problem with these columns and numbers."""
    return json.dumps({"expression": expression, "at": {**columns, **at}})


def test_conditions_on_columns_are_no_seams_along_numbers(run, monkeypatch):
    """Each row of a cross entropy has y = 0 or 1 - y = 0; its minimum is that of the logits' loss."""
    monkeypatch.setattr(row_problem, "WRITTEN_OUT", 0)
    columns, ends = labelled(60, (0, 1)), []
    for loss in ("mean(bce(sigmoid(w*x + b), y))", "mean(bce_with_logits(w*x + b, y))"):
        ended = run("minimize", "-", "--format", "json", text=described(loss, columns, w=0, b=0))
        ends.append(json.loads(ended.out))
        assert ended.status == 0 and ends[-1]["status"] == "minimum"
    assert ends[0]["at"]["w"] == pytest.approx(ends[1]["at"]["w"], rel=1e-7)
    chosen = run("minimize", "-", "--format", "json",
                 text=described("sum(where(y == 0, (a*x - 1)**2, (a*x)**2))", columns, a=1))  # fmt: skip
    zeros = sum(x for x, y in zip(columns["x"], columns["y"], strict=True) if y == 0)
    assert json.loads(chosen.out)["status"] == "minimum"
    assert json.loads(chosen.out)["at"]["a"] == pytest.approx(
        zeros / sum(x * x for x in columns["x"]), rel=1e-9
    )


def test_a_descent_does_not_follow_rows_that_leave_the_floats(run, monkeypatch):
    """With labels 0 and 2 the loss falls to where log(1 - sigmoid) has no value in floats, row by row: soon given up."""
    monkeypatch.setattr(row_problem, "WRITTEN_OUT", 0)
    looked = []
    monkeypatch.setattr(
        "gradcli.calculus.rows.careful_rows.CarefulRows._evaluated",
        lambda self, row, given, of=CarefulRows._evaluated: looked.append(row) or of(self, row, given),
    )
    text = described("mean(bce(sigmoid(w*x + b), y))", labelled(200, (0, 2)), w=0, b=0)
    ended = run("minimize", "-", "--format", "json", text=text)
    assert ended.status == 1
    assert len(looked) < 20_000  # all rows at all points would be more than 80,000


def test_compare_and_apply(both, run):
    """The other commands that move a point."""
    rows, written = both("compare", "-", "--lr", 0.1, text=problem(FIT, a=0, b=0))
    for one, other in zip(rows["results"], written["results"], strict=True):
        assert one["value"] == pytest.approx(other["value"], rel=1e-6)
    data = json.loads(problem(FIT, a=0, b=0))
    data["gradient"] = {"a": 1, "b": 2}
    rows, written = both("apply", "-", "--lr", 0.5, text=json.dumps(data))
    assert rows["at"]["a"] == written["at"]["a"] == -0.5
    assert rows["after"]["value"] == pytest.approx(written["after"]["value"], rel=1e-13)


def test_only_digits_that_are_right_are_shown(run):
    """Terms that cancel: what is left has few digits; what is not told from 0 is 0, with the bound in a note."""
    x = [0.1, 0.2, -0.3] * 3000
    ended = run("grad", "-", text=json.dumps({"expression": "sum(x)*a", "at": {"x": x, "a": 1}}))
    assert "value: 0\n" in ended.out and "not decided" in ended.err
    found = json.loads(run("grad", "-", "--format", "json",
                           text=json.dumps({"expression": "sum(x)*a", "at": {"x": x, "a": 1}})).out)  # fmt: skip
    assert found["value"] == 0 and set(found["undecided"]) == {"value", "gradient.a"}
    x = [1e15 + 0.3, -1e15, *([0.25] * 9000)]
    ended = run(
        "grad", "-", "--wrt", "a", text=json.dumps({"expression": "sum(x)*a", "at": {"x": x, "a": 1}})
    )
    shown = float(ended.out.split("value: ")[1].split()[0])
    assert abs(shown - 2250.3) < 1 and len(str(shown)) < 9


def test_more_rows_than_are_written_out(run):
    """On standard input, in blocks; the rows are counted, the numbers of the arrays are all there."""
    count = 25_000
    assert count > max(row_problem.WRITTEN_OUT, array_blocks.BLOCK)
    text = problem(FIT, count, a=2, b=1)
    ended = run("grad", "-", text=text)
    assert ended.status == 0 and "… 24,995 more]" in ended.out
    found = json.loads(run("grad", "-", "--format", "json", text=text).out)
    assert found["rows"] == len(found["gradient"]["x"]) == count
    ended = run("minimize", text="")
    assert "minimum: a minimum at a = 2.00" in ended.out and "25,000 rows" in ended.out


def test_rows_without_a_value(run):
    """Counted, the first three named, with a caret under the sub-expression."""
    ended = run(
        "grad", "-", text=json.dumps({"expression": "sum(log(x))", "at": {"x": [1, -2, 0, 3, -5, -6] * 900}})
    )
    assert ended.status == 3 and ended.out == ""
    assert "log is not defined in row 1, at x = -2" in ended.err
    assert "3,600 rows have no value: 1, 2, 4, …" in ended.err and "^^^^^^" in ended.err


def test_a_corner_has_a_note(run):
    """With the row, the slopes on both sides, and status 3; few rows have one, for each is looked at by itself."""
    columns = [1, 2, 3, 4, 5] * 10 + [1, 2, 4, 5] * 1240
    text = json.dumps({"expression": "sum(abs(x-a))", "at": {"x": columns, "a": 3}})
    ended = run("grad", "-", "--wrt", "a", text=text)
    assert ended.status == 3 and "a: grad none" in ended.out
    assert "abs(x-a) has a corner in row 2: along a, slope -10 on the left, 10 on the right" in ended.err
    assert "a: grad 10" in run("grad", "-", "--wrt", "a", "--corner", "right", text=text).out


def test_names_and_limits(run):
    """Names that are not there, lengths that differ, more rows than are allowed."""
    text = problem(FIT, 5000, a=1, b=1, c=1)
    ended = run("grad", "-", text=text)
    assert ended.status == 2 and "c is not a variable" in ended.err
    assert "b has no value" in run("grad", "-", text=problem(FIT, 5000, a=1)).err
    ended = run("grad", "-", "--limit", "data-rows=100", text=problem(FIT, 5000, a=1, b=1))
    assert ended.status == 4 and "columns may have 100 rows, and one has 5,000" in ended.err
    data = json.loads(problem(FIT, 5000, a=1, b=1))
    data["at"]["y"] = data["at"]["y"][1:]
    ended = run("grad", "-", text=json.dumps(data))
    assert ended.status == 2 and "columns have one length" in ended.err


def test_the_library_keeps_one_program_for_all_lengths(run, monkeypatch):
    """The second length finds what the first has compiled."""
    from gradcli.calculus.rows import row_program

    run("grad", "-", "--wrt", "a", text=problem(FIT, 3000, a=1, b=1))

    def never(*arguments):
        raise AssertionError(arguments)

    monkeypatch.setattr(row_program, "compile_levels", never)
    assert run("grad", "-", "--wrt", "a", text=problem(FIT, 4000, a=1, b=1)).status == 0
