"""Rows in parts, each of which answers for itself as data, against one pass over all rows: the same bits."""

from __future__ import annotations

import json
import random
from itertools import pairwise

import pytest

from gradcli.calculus.rows.bound_rows import BoundRows
from gradcli.calculus.rows.level_parts import part_from_data, part_to_data
from gradcli.calculus.rows.part_questions import PartPasses, answered, question_from_data
from gradcli.calculus.rows.row_data import Elsewhere, RowData
from gradcli.calculus.rows.row_evaluation import RowEvaluation
from gradcli.calculus.rows.row_program import compile_levels
from gradcli.language.errors import DomainProblem
from gradcli.language.rows.level_reading import levels_of
from tests.calculus.rows.losses import NUMBERS, columns, loss


def parted(held, cuts, *, decimals=False):
    """The same columns as parts that end at *cuts*: each answers in JSON, with its rows by the numbers of all rows."""
    rows = len(next(iter(held.values())))
    ends = [0, *sorted(cuts), rows]

    def ask(question):
        text = json.dumps(question)
        for start, stop in pairwise(ends):
            part = {name: numbers[start:stop] for name, numbers in held.items()}
            found = answered(
                question_from_data(json.loads(text)), part, lambda row, first=start: f"row {first + row}"
            )
            yield json.loads(json.dumps(part_to_data(found)))

    return RowData({name: Elsewhere(rows) for name in held}, passes=PartPasses(ask), decimals=decimals)


def program(text, held, wrt=tuple(NUMBERS)):
    """The program of a loss whose columns stand still."""
    return compile_levels(levels_of([text], {name: len(x) for name, x in held.items()}, NUMBERS), wrt)


def both(text, held, cuts, *, arrays):
    """One pass, and parts."""
    found = program(text, held)
    return RowEvaluation(found, RowData(held), arrays), RowEvaluation(found, parted(held, cuts), arrays)


@pytest.mark.parametrize("arrays", [False, True], ids=["floats", "arrays"])
@pytest.mark.parametrize("seed", range(16))
def test_parts_have_the_bits_of_the_whole(seed, arrays):
    """Value, slopes and the bounds of their errors, wherever the rows are cut, with parts that have none."""
    held, source = columns(seed, 40), random.Random(seed)
    cuts = [source.randint(0, 40) for _ in range(source.randint(0, 6))]
    one, parts = both(loss(seed), held, cuts, arrays=arrays)
    for bounds in (False, True):
        assert parts.at(NUMBERS, bounds=bounds) == one.at(NUMBERS, bounds=bounds)


@pytest.mark.parametrize("arrays", [False, True], ids=["floats", "arrays"])
@pytest.mark.parametrize(("text", "value"), [
    ("sum(where(x + 0.1 == 0.3, a, 1))", 3.6), ("sum(floor(10*x))*a", 4.2), ("max(abs(x - a))", 0.3), ("min(x - a)", -0.2),
    ("max(where(x - 0.1 >= 0.2, a*x, 0))", 0.18),
])  # fmt: skip
def test_parts_of_files_have_their_decimals(text, value, arrays):
    """What doubles of cells are not, and how many corners there are, wherever the rows are cut."""
    held = {"x": [0.1, 0.2, 0.3, 0.2, 0.6]}
    numbers = {"a": 0.3} | {name: 0.0 for name in NUMBERS if name != "a"}
    found = program(text, held, ("a",))
    one = RowEvaluation(found, RowData(held, decimals=True), arrays).at(numbers, bounds=True)
    assert one.value == pytest.approx(value, rel=1e-15) and one.error < 1e-14
    for cuts in ((), (1,), (2, 3), (1, 2, 3, 4)):
        parts = RowEvaluation(found, parted(held, cuts, decimals=True), arrays).at(numbers, bounds=True)
        assert (parts.value, parts.slopes["a"].left, parts.slopes["a"].right) == (
            one.value, one.slopes["a"].left, one.slopes["a"].right,
        )  # fmt: skip


@pytest.mark.parametrize("arrays", [False, True], ids=["floats", "arrays"])
@pytest.mark.parametrize("seed", range(12))
def test_second_derivatives_have_the_bits_of_the_whole(seed, arrays):
    """The Hessian, its noise and all."""
    text = loss(seed, ("sum({0})", "mean({0})", "var({0})", "dot({0},{1})"))
    held = columns(seed, 30)
    one, parts = both(text, held, (7, 11), arrays=arrays)
    found = [BoundRows.of(program(text, held), each.data) for each in (one, parts)]
    for made, evaluation in zip(found, (one, parts), strict=True):
        made.evaluation = evaluation
    assert found[1].hessian(NUMBERS, ["a", "b"]) == found[0].hessian(NUMBERS, ["a", "b"])


@pytest.mark.parametrize("cuts", [(), (1,), (2, 2, 3), (1, 2, 3, 4, 5)])
@pytest.mark.parametrize(
    "text",
    [
        "sum(abs(x - a)*y)", "sum(abs(x - a)) + max(x*a)", "max(a*x + 0*y)", "min(abs(x - b)*a)", "mean(max(a, x))",
        "sum(abs(x - a) + sqrt(y))*max(b*y)", "max(mean(x)*a*y + b) + a",
    ],
)  # fmt: skip
def test_corners_are_the_same_in_parts(text, cuts):
    """Slopes on both sides, ties of rows in different parts, and where the first corner is."""
    held = {"x": [1.0, 0.6875, 3.0, 0.6875, 3.0, 2.0], "y": [4.0, 1.0, 4.0, 2.0, 2.5, 4.0]}
    one, parts = both(text, held, cuts, arrays=False)
    for corner in ("none", "least", "left", "tf1"):
        found, right = parts.at(NUMBERS, corner, bounds=True), one.at(NUMBERS, corner, bounds=True)
        assert repr(found) == repr(right)


@pytest.mark.parametrize("cuts", [(), (3,), (200,), (100, 150, 300, 420), (450,)])
@pytest.mark.parametrize("lost", [[5], [2, 3, 4, 5], range(100, 400), range(500)])
def test_rows_without_a_value_are_named_and_counted_alike(cuts, lost):
    """The first by their numbers in the whole, and all of them counted."""
    held = {"x": [-1.0 if row in lost else 2.0 for row in range(500)], "y": [1.0] * 500}
    said = []
    for evaluation in both("mean(log(x)*a + y)", held, cuts, arrays=False):
        with pytest.raises(DomainProblem) as raised:
            evaluation.at(NUMBERS)
        said.append((raised.value.message, raised.value.span, raised.value.hint))
    assert said[0] == said[1]


def test_a_sum_that_is_too_large_says_so():
    """As one pass does, though no part's is."""
    held = {"x": [1e308, 1e308, 1.0], "y": [1.0] * 3}
    for evaluation in both("sum(x)*a + sum(y)", held, (1, 2), arrays=False):
        with pytest.raises(DomainProblem, match="too large"):
            evaluation.at(NUMBERS)


@pytest.mark.parametrize(
    "data",
    [
        None, [], {}, {"totals": [], "corners": [], "near": None},
        {"totals": [[1, 2]], "corners": [], "near": None, "doubt": []},
        {"totals": [], "corners": [], "near": [1], "doubt": [0, 0, 0, [], None]},
    ],
)  # fmt: skip
def test_what_is_no_part_is_refused(data):
    """ValueError and nothing else."""
    with pytest.raises(ValueError):
        part_from_data(data)


@pytest.mark.parametrize("change", [None, 0, "sum", {"held": 1}, "program"])
def test_what_is_no_question_is_refused(change):
    """A program is checked where it arrives."""
    held, asked = columns(1, 3), []
    data = parted(held, ())
    data.passes._ask = lambda question: asked.append(question) or iter(())
    with pytest.raises(IndexError):
        RowEvaluation(program("sum(x*a)", held), data).at(NUMBERS)
    question = asked[0]
    if change == "program":
        question[0] = [*question[0][:2], [["system", 0]], *question[0][3:]]
    with pytest.raises(ValueError):
        question_from_data(question if change == "program" else change)


def test_rows_that_leave_the_floats_are_as_many_in_parts():
    """Far from the first point log(1 - sigmoid(z)) has values in balls alone: both say so, and at the same point."""
    held = {"x": [0.5 + k / 100 for k in range(60)], "y": [2.0] * 60}
    found = compile_levels(levels_of(["mean(bce(sigmoid(w*x), y))"], {"x": 60, "y": 60}, {"w": 0.0}), ("w",))
    one, parts = RowEvaluation(found, RowData(held)), RowEvaluation(found, parted(held, [7, 30]))
    for evaluation in (one, parts):
        assert evaluation.at({"w": 0.1}).value < 10
        with pytest.raises(DomainProblem, match="more than 20 rows have no value in floats there"):
            evaluation.at({"w": 200.0})
        evaluation.at({"w": 200.0}, bounds=True)  # an answer that is shown looks at every row
