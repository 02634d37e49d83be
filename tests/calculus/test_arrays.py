"""The array backend against the float backend: the same numbers, and nan exactly where floats refuse."""

from __future__ import annotations

import math

import pytest

np = pytest.importorskip("numpy", reason="the array backend needs the extra gradcli[plot]")

from gradcli.calculus.backends import numpy_backend  # noqa: E402
from gradcli.calculus.backends.float_backend import float_operation, run  # noqa: E402
from gradcli.calculus.graph.reverse_sweep import program_of, swept  # noqa: E402
from gradcli.calculus.program.instructions import ARITY, NAMES, SPECIAL  # noqa: E402
from gradcli.language.function_table import FUNCTIONS  # noqa: E402
from gradcli.language.parser import parse  # noqa: E402

AXIS = [-2.5, -2.0, -1.0, -0.5, -0.0, 0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0]
LARGE = [-1e300, -800.0, 800.0, 1e300]


def refused(operation, arguments):
    """What a float operation answers: its number, or the class of its refusal."""
    try:
        return float(operation(*arguments))
    except OverflowError:
        return OverflowError
    except (ValueError, ArithmeticError):
        return ValueError


def program(text):
    """The gradient program of a text."""
    expression = parse(text)
    return program_of(swept(expression), expression.variables)


def points(arity, axis):
    """Every point of a grid, one column per argument."""
    return [column.ravel() for column in np.meshgrid(*[axis] * arity)]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in SPECIAL])
def test_every_instruction_agrees_with_floats(name):
    """An instruction has the floats' number where they have one, and nan where they refuse."""
    arity = ARITY.get(name, 1)
    columns = points(arity, AXIS if arity > 1 else AXIS + LARGE)
    with np.errstate(all="ignore"):
        found = numpy_backend.operation(name)(*columns)
    for arguments, number in zip(zip(*columns, strict=True), found, strict=True):
        expected = refused(float_operation(name), map(float, arguments))
        if expected is ValueError:
            assert math.isnan(number), arguments
        elif expected is not OverflowError:
            assert number == pytest.approx(expected, rel=1e-12, abs=1e-14, nan_ok=True), arguments


@pytest.mark.parametrize("name", NAMES)
def test_no_instruction_makes_a_number_of_nan(name):
    """What has no value on the way has none at the end; only a piece that is not taken may be missing."""
    if name in ("select", "gate"):
        pytest.skip("these two are made to leave a missing piece out")
    nans = [np.full(2, np.nan)] * ARITY.get(name, 1)
    with np.errstate(all="ignore"):
        assert np.isnan(numpy_backend.operation(name)(*nans)).all()


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_and_its_gradient_agree_with_floats(name):
    """The program of each function of the table has the same value and partials in both backends."""
    row = FUNCTIONS[name]
    if name in ("where", "piecewise"):
        pytest.skip("pieces have tests of their own")
    text = f"{name}({', '.join('xyzw'[: max(row.fewest, 1)])})"
    code, axis = program(text), AXIS[::2] if any(op in SPECIAL for op, *_ in program(text).code) else AXIS
    axis = axis[::3] if row.fewest > 2 else axis
    columns = points(len(code.variables), axis)
    found = numpy_backend.field(code, columns)
    for index, point in enumerate(zip(*columns, strict=True)):
        try:
            slots = run(code, list(map(float, point)))
        except (ValueError, ArithmeticError):
            continue
        if math.isnan(slots[code.value]):
            continue  # what has no value has no slope
        for slot, numbers in zip((code.value, *code.gradient), (found.value, *found.partials), strict=True):
            if slot is not None and math.isfinite(slots[slot]):
                assert numbers[index] == pytest.approx(slots[slot], rel=1e-9, abs=1e-12), (name, point)


@pytest.mark.parametrize(
    ("text", "holes"),
    [
        ("log(x)", [0, 1, 2]),
        ("1/x", [2]),
        ("1/(1/x)", [2]),
        ("x/x", [2]),
        ("exp(log(x))", [0, 1, 2]),
        ("log(x)**0", [0, 1, 2]),
        ("sqrt(x)", [0, 1]),
        ("where(x > 0, log(x), 1)", []),
        ("where(log(x) > 0, 1, 2)", [0, 1, 2]),
    ],
)
def test_a_point_outside_the_domain_is_nan(text, holes):
    """f is evaluated as typed, so a refusal on the way is nan at the end; untaken pieces do not count."""
    found = numpy_backend.field(program(text), [np.array([-2.0, -1.0, 0.0, 1.0, 2.0])])
    assert np.flatnonzero(np.isnan(found.value)).tolist() == holes


def test_a_corner_has_a_value_and_no_slope():
    """The value of |x| is drawn at 0 though its derivative is not."""
    found = numpy_backend.field(program("abs(x)"), [np.array([-1.0, 0.0, 1.0])])
    assert found.value.tolist() == [1, 0, 1]
    assert found.partials[0][[0, 2]].tolist() == [-1, 1] and math.isnan(found.partials[0][1])


def test_the_gradient_of_an_untaken_piece_does_not_spoil_the_taken_one():
    """A guarded instruction may fail where its piece is not taken."""
    found = numpy_backend.field(program("where(x > 0, sqrt(x), x**2)"), [np.array([-2.0, 4.0])])
    assert found.value.tolist() == [4, 2] and found.partials[0].tolist() == [-4, 0.25]


def test_what_is_only_too_large_on_the_way_has_its_limit():
    """1/exp(1000) is 0 to a float, and an infinite end result is left out."""
    assert numpy_backend.field(program("1/exp(x)"), [np.array([1000.0])]).value.tolist() == [0]
    assert np.isnan(numpy_backend.field(program("exp(x)"), [np.array([1000.0])]).value).all()


def test_a_constant_is_as_large_as_its_points():
    """Expressions without their variables still have a value at each point."""
    field = numpy_backend.field(program("x - x + 2"), [np.zeros((3, 4))])
    assert field.value.shape == (3, 4) and (field.value == 2).all()
