"""Columns level by level against the same text written out, NumPy's extended precision, and themselves in other orders."""

from __future__ import annotations

import json
import math
import os
import random
from array import array
from fractions import Fraction

import pytest

from gradcli.calculus.backends import float_backend
from gradcli.calculus.evaluation.gradient_at_point import evaluate
from gradcli.calculus.rows.bound_rows import BoundRows
from gradcli.calculus.rows.row_data import RowData
from gradcli.calculus.rows.row_evaluation import RowEvaluation
from gradcli.calculus.rows.row_program import compile_levels, rows_from_data, rows_to_data
from gradcli.calculus.rows.sided_slopes import NOTHING
from gradcli.calculus.tables.hessian_table import hessian_of
from gradcli.descent.objective.hessian_function import hessian
from gradcli.language.errors import DomainProblem, GradcliError, NameProblem, ValueProblem
from gradcli.language.rows.level_reading import levels_of
from tests.calculus.rows.losses import _ARITHMETIC, NUMBERS, by_rows, columns, loss, written_out

UNIT = 2.0**-53
SEEDS = range(int(os.environ.get("GRADCLI_ROWS", "90")))


def slopes_of(answer, rows):
    """All slopes by the names that they have written out."""
    found = {name: answer.slopes.get(name, NOTHING) for name in NUMBERS}
    for column, slopes in answer.columns.items():
        found |= {f"{column}[{row}]": one for row, one in enumerate(slopes.each())}
    return found


@pytest.mark.parametrize("arrays", [False, True], ids=["floats", "arrays"])
@pytest.mark.parametrize("seed", SEEDS)
def test_level_by_level_is_what_is_written_out(seed, arrays):
    """Value and all partials are nearer to the truth than the bound says, and the bound is small."""
    text, held = loss(seed), columns(seed, 4)
    program, point = written_out(text, held)
    truth = evaluate(program, text, point)
    answer = by_rows(text, held, arrays=arrays).at(NUMBERS, bounds=True)
    last = abs(float(truth.value)) * 4 * UNIT  # what the truth itself is rounded by
    assert abs(answer.value - float(truth.value)) <= answer.error + last, text
    assert answer.error < 1e-8 * (1 + abs(answer.value)), text
    found = slopes_of(answer, 4)
    for name, partial in truth.partials.items():
        right = float(partial or 0.0)
        assert abs(found[name].left - right) <= found[name].error * UNIT + abs(right) * 4 * UNIT, (text, name)
        assert found[name].error * UNIT < 1e-7 * (1 + abs(right)), (text, name)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_operations_have_the_same_bits(seed):
    """A value of + - * / sqrt and sums: written out, over rows in Python, and in arrays."""
    text = loss(
        seed,
        ("sum({0})", "mean({0})", "var({0})", "norm(1+({0})**2)", "dot({0},{1})", "max({0})"),
        _ARITHMETIC,
    )
    held = columns(seed, 5)
    program, point = written_out(text, held, ())
    try:
        numbers = [point[name] for name in program.variables]
        right = float_backend.run(program, numbers, program.value - program.first + 1)[program.value]
    except ArithmeticError:
        with pytest.raises(DomainProblem):
            by_rows(text, held, (), False).at(NUMBERS)
        return
    assert by_rows(text, held, (), False).at(NUMBERS).value == right, text
    assert by_rows(text, held, (), True).at(NUMBERS).value == right, text


@pytest.mark.parametrize("arrays", [False, True], ids=["floats", "arrays"])
def test_extended_precision_is_within_the_bound(arrays):
    """A loss over 60,000 rows near its minimum, where a gradient's terms cancel."""
    numpy = pytest.importorskip("numpy")
    source = numpy.random.default_rng(7)
    x = source.uniform(-2, 2, 60_000)
    y = 0.6875 * x + 1.3125 + source.normal(0, 0.1, x.size)
    answer = by_rows("mean((y-a*x-b)**2)", {"x": x.tolist(), "y": y.tolist()}, ("a", "b"), arrays).at(
        NUMBERS, bounds=True
    )
    wide = [part.astype(numpy.longdouble) for part in (x, y)]
    rest = wide[1] - numpy.longdouble(0.6875) * wide[0] - numpy.longdouble(1.3125)
    assert abs(answer.value - (rest**2).mean()) <= answer.error
    for name, right in (("a", -2 * (rest * wide[0]).mean()), ("b", -2 * rest.mean())):
        assert abs(answer.slopes[name].left - right) <= answer.slopes[name].error * UNIT


def test_orders_and_blocks_show_in_no_bit(monkeypatch):
    """Twenty orders and sizes of blocks of rows whose sums are ill-conditioned, by both backends."""
    from gradcli.calculus.rows import array_blocks, float_blocks

    source = random.Random(3)
    rows = [
        (source.uniform(-1, 1) * 10.0 ** source.randint(-12, 12), source.uniform(-1, 1)) for _ in range(700)
    ]
    rows += [(-x, y) for x, y in rows[:600]]
    seen = set()
    for turn in range(20):
        source.shuffle(rows)
        monkeypatch.setattr(float_blocks, "BLOCK", source.randint(1, 900))
        monkeypatch.setattr(array_blocks, "BLOCK", source.randint(1, 900))
        held = {"x": [x for x, _ in rows], "y": [y for _, y in rows]}
        answer = by_rows("sum(x*(1+a*y)) + mean(x*y*b)**2 + max(x*y)", held, ("a", "b"), turn % 2 == 0).at(
            NUMBERS
        )
        seen.add((answer.value, answer.slopes["a"].left, answer.slopes["b"].left))
    assert len(seen) == 1


CORNERS = [
    ("sum(abs(x-a))", "a"), ("mean(abs(x-a))*b", "a"), ("min(x*a)", "a"), ("max(abs(x-1)*a)", "a"), ("max(x)", "x[0]"),
    ("min((x-1)*a + x**2)", "a"), ("-sum(abs(x-a))", "a"), ("sum(relu(x-1)*a)", "x[1]"), ("abs(mean(x)-1.5)", "x[0]"),
    ("max(y*a)", "a"),
]  # fmt: skip


@pytest.mark.parametrize("rule", ["none", "left", "right"])
@pytest.mark.parametrize("arrays", [False, True], ids=["floats", "arrays"])
@pytest.mark.parametrize(("text", "name"), CORNERS)
def test_corners_are_those_of_the_text_written_out(text, name, arrays, rule, monkeypatch):
    """Slopes on both sides, also where rows tie for a minimum or a maximum."""
    held = {"x": [2.0, 1.0, 2.0, 1.0], "y": [1.0, -1.0, 1.0, 0.0]}
    monkeypatch.setitem(NUMBERS, "a", 1.0)
    program, point = written_out(text, held)
    truth = evaluate(program, text, point, rule)
    sides = {note.variable: (note.left, note.right) for note in truth.notes}
    one = slopes_of(by_rows(text, held, arrays=arrays).at(NUMBERS, rule), 4)[name]
    if name in sides:
        assert (one.left, one.right) == pytest.approx(sides[name])
        assert one.left != one.right
    else:
        assert one.is_one and one.left == float(truth.partials[name])


def test_a_row_without_a_value_is_named_and_all_are_counted():
    """By its number, with the numbers that it has, and the characters of the sub-expression."""
    for arrays in (False, True):
        with pytest.raises(DomainProblem) as caught:
            by_rows("mean(log(x-a)*y)", {"x": [3.0, 0.5, 2.0, -1.0], "y": [1.0] * 4}, arrays=arrays).at(
                NUMBERS
            )
        assert "log is not defined in row 1" in caught.value.message and "x = 0.5" in caught.value.message
        assert caught.value.message.endswith("2 rows have no value: 1, 3")
        assert caught.value.span == (5, 13) and "#" not in caught.value.message


def test_many_rows_without_a_value_are_only_counted():
    """The first three are named; none of the others costs a look with more digits."""
    with pytest.raises(DomainProblem, match="5,000 rows have no value: 0, 1, 2, …"):
        by_rows("sum(log(-x))", {"x": [1.0 + i for i in range(5000)]}, (), False).at(NUMBERS)


def test_rows_that_overflow_on_the_way_have_their_value():
    """1/(1+exp(1000)) is 0 to all digits, and exp(1000) is no float."""
    held = {"x": [1000.0, 0.0, 1000.0]}
    for arrays in (False, True):
        assert by_rows("sum(1/(1+exp(x)))", held, (), arrays).at(NUMBERS).value == 0.5


ELEMENTS = [
    "sum(100*(x[i+1]-x[i]**2)**2 + (1-x[i])**2, i, 0, count()-2)", "sum(x[count()-1-i]*y[i]*i, i, 0, count()-1)",
    "x[0]*x[count()-1]*a + sum(x[2*i], i, 0, (count()-2)/2)", "sum(a*i, i, 1, count()) + mean(y)",
    "sum(x[i]*x[i+3]*y[0], i, 0, count()-4)", "sum(x[i], i, 0, count()-7) + b*mean(x)", "sum(sum(x*x[j], j, 0, 2))",
    "mean(diff(sin(a*x), x))", "u = x*x; sum(diff(u**2, x))", "sum(x-y)*count()/(count()+1)",
]  # fmt: skip


@pytest.mark.parametrize("text", ELEMENTS)
def test_elements_and_indices(text):
    """Shifted, mirrored, single and strided rows, whole gradients."""
    held = columns(5, 6)
    program, point = written_out(text, held)
    truth = evaluate(program, text, point)
    for arrays in (False, True):
        answer = by_rows(text, held, arrays=arrays).at(NUMBERS, bounds=True)
        found = slopes_of(answer, 6)
        assert answer.value == pytest.approx(float(truth.value), rel=1e-14)
        for name, partial in truth.partials.items():
            assert found[name].left == pytest.approx(float(partial or 0.0), rel=1e-13, abs=1e-300), name


def test_a_row_that_there_is_not():
    """Beyond the end, before the beginning, and between two."""
    for text in ("x[6]*a", "sum(x[i+1], i, 0, count()-1)", "sum(x[i-1], i, 0, 2*count())"):
        with pytest.raises(NameProblem, match="and no row"):
            by_rows(text, columns(1, 6)).at(NUMBERS)
    with pytest.raises(GradcliError, match="whole number"):
        by_rows("sum(x[i], i, 0, count()/4)", columns(1, 6)).at(NUMBERS)
    with pytest.raises(ValueProblem, match="x has 6 numbers and y has 5"):
        by_rows("sum(x*y)", {"x": [1.0] * 6, "y": [1.0] * 5}).at(NUMBERS)
    with pytest.raises(ValueProblem, match="divide by the 2 rows less 2"):
        by_rows("var(x, 2)", {"x": [1.0, 2.0]}).at(NUMBERS)


@pytest.mark.parametrize("seed", range(25))
def test_second_derivatives_are_those_of_the_text_written_out(seed):
    """Along the numbers, through all levels; there are none where a minimum or maximum depends on them."""
    text, held = (
        loss(seed, ("sum({0})", "mean({0})", "var({0})", "norm(1+({0})**2)", "logsumexp({0})")),
        columns(seed, 4),
    )
    rows = compile_levels(levels_of([text], {"x": 4, "y": 4}, NUMBERS), ("a", "b"))
    _, point = written_out(text, held)
    bound = BoundRows.of(rows, RowData(held))
    names = list(bound.numbers)
    right = hessian(hessian_of([text], list(point), names, formulas=False), point)
    found = bound.hessian(NUMBERS, names)
    size = max(abs(x) for line in right for x in line)
    for line, here in zip(right, found, strict=True):
        assert here == pytest.approx(line, rel=1e-7, abs=1e-9 * size), text


def test_programs_are_plain_data_and_do_not_grow_with_the_rows():
    """What is kept reads back as what it was, and is the same for 10 rows and for a million."""
    sizes = []
    for rows in (10, 1_000_000):
        levels = levels_of(["mean((x-mean(x))**2) + sum(x[i]*x[i+1], i, 0, count()-2)"], {"x": rows}, NUMBERS)
        program = compile_levels(levels)
        data = json.loads(json.dumps(rows_to_data(program)))
        assert rows_from_data(data) == program
        sizes.append(data)
    assert sizes[0] == sizes[1]


def test_no_forged_data_is_a_program():
    """Other shapes, names that nothing gives, numbers that are none."""
    data = rows_to_data(compile_levels(levels_of(["mean(x*a)"], {"x": 3}, NUMBERS)))
    for place in range(len(data)):
        for other in (None, 7, "x", [], [[1]], {"x": 1}):
            forged = [*data[:place], other, *data[place + 1 :]]
            try:
                found = rows_from_data(forged)
            except ValueError:
                continue
            assert found.levels == rows_from_data(data).levels, (place, other)
    strange = json.loads(json.dumps(data).replace('"#1"', '"#7"', 1))
    with pytest.raises(ValueError, match="no program of rows"):
        rows_from_data(strange)


def chain(kind):
    """Sixty definitions, each of which uses the one before twice: of what varies by row, and of functions."""
    if kind == "values":
        lines = ["u0 = x/2", *(f"u{k + 1} = u{k}*u{k}" for k in range(60))]
        return "; ".join([*lines, "sum(u60)"])
    lines = ["f0(t) = t/2", *(f"f{k + 1}(t) = f{k}(t)*f{k}(t)" for k in range(60))]
    return "; ".join([*lines, "sum(f60(x))"])


@pytest.mark.parametrize("kind", ["values", "functions"])
def test_sixty_definitions_stay_linear(kind):
    """And have the value that they say."""
    found = by_rows(chain(kind), {"x": [2.0, 2.0, 1.0]}, arrays=False)
    assert found.rows.size < 400 and found.rows.instructions < 400
    assert found.at(NUMBERS).value == 2.0


def test_reductions_nest_as_deep_as_they_are_written():
    """Five deep, one pass for each; one row alone; a column of equal numbers."""
    text = "mean(x*mean(x+sum(x*max(x-min(x*a)))))"
    for rows in (1, 2, 9):
        held = columns(rows, rows)
        program, point = written_out(text, held)
        found = by_rows(text, held, (), False)
        assert len(found.rows.levels) == 5
        assert (
            found.at(NUMBERS).value
            == float_backend.run(program, [point[n] for n in program.variables])[program.value]
        )
    assert by_rows("std(x)+b*0", {"x": [3.0] * 5}, (), False).at(NUMBERS).value == 0.0


def test_sums_too_large_for_a_float():
    """A sentence, and no infinity; what only passes above the largest float has its value."""
    assert by_rows("sum(x)", {"x": [1e308, 1e308, -1e308]}, ()).at(NUMBERS).value == 1e308
    with pytest.raises(DomainProblem, match="too large for a float"):
        by_rows("sum(x)", {"x": [1e308, 1e308]}, ()).at(NUMBERS)
    assert math.isinf(by_rows("1e-300/(1+sum(x))", {"x": [1.0]}, ()).at(NUMBERS).value) is False


def test_a_row_that_is_a_single_point_has_the_error_of_such_an_answer():
    """The slope 0.4/(0.4 + b)**2 is a difference of near numbers, and the condition is one that floats leave alone."""
    text = "min(where(sqrt(where(0.1 > 0.7, a, b)) < (x - y)/relu(x), where(0.3 <= b, b, y)/(0.4 + b), 2*b**2*x))"
    data = RowData(
        {"x": array("d", [0.3, 0.7, 0.4]), "y": array("d", [-0.25, 1.0, 2.675])}, {}, decimals=True
    )
    program = compile_levels(levels_of((text,), {"x": 3, "y": 3}, {}), ("b",))
    for place in range(60):
        b = 2.5 + place / 97
        answer = RowEvaluation(program, data).at({"a": 2.0, "b": b}, bounds=True)
        rest, found = Fraction("0.4") + Fraction(repr(b)), answer.slopes["b"]
        assert abs(Fraction(found.left) - Fraction("0.4") / rest**2) <= Fraction(found.error) / 2**53
        assert abs(Fraction(answer.value) - Fraction(repr(b)) / rest) <= Fraction(answer.error)
