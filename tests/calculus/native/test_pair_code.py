"""Double-double arithmetic by machine code: the bits of arrays, with fused operations and without."""

from __future__ import annotations

import random

import pytest
from flint import ctx

from gradcli.calculus.double_double import pair_functions
from gradcli.calculus.double_double.lanes import ArrayLanes
from gradcli.calculus.double_double.pair_arithmetic import Pair
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.calculus.rows.bounds import double_double_rows, native_pairs, pair_steps, sure_rows
from gradcli.calculus.rows.bounds.double_double_rows import Column
from gradcli.calculus.rows.bounds.local_errors import DOUBLE_DOUBLE
from gradcli.calculus.rows.bounds.shared_errors import error_program
from gradcli.calculus.rows.float_blocks import outputs_of
from gradcli.calculus.rows.numbers_in_blocks import Decimals
from gradcli.calculus.rows.row_data import Held, Varying

np = pytest.importorskip("numpy", reason="arrays need the extra gradcli[plot]")
pytest.importorskip("llvmlite", reason="native code needs the extra gradcli[native]")

from gradcli.calculus.native.rows import pair_code  # noqa: E402
from gradcli.calculus.native.rows.pair_code import ROWS, STEP, Operation, PairCode  # noqa: E402
from tests.calculus.rows.test_double_double import angles, anything, exponents, pairs, positives  # noqa: E402
from tests.calculus.rows.test_shared_errors import (  # noqa: E402
    NEST,
    SHARE,
    UNIT,
    check,
    columns_of,
    program_of,
    random_program,
)

ENDS = [
    0.0,
    -0.0,
    np.nan,
    np.inf,
    -np.inf,
    1.0,
    -1.0,
    2.0**20,
    -700.0,
    700.0,
    1e-160,
    1e160,
    1e300,
    5e-324,
    1e-300,
    np.pi,
]


@pytest.fixture(params=[True, False], ids=["fused", "apart"])
def fused(request, monkeypatch):
    monkeypatch.setattr(pair_code, "_has_fused_operations", lambda: request.param)
    pair_code.pair_code.cache_clear()
    yield request.param
    pair_code.pair_code.cache_clear()


def blocked(*parts):
    """Arrays in blocks of rows behind each other."""
    return np.ascontiguousarray(np.concatenate([one.reshape(-1, ROWS) for one in parts], axis=1))


def by_code(operation, *arguments):
    """One operation on as many rows as blocks are full of."""
    code, blocks = PairCode([operation]), len(arguments[0][0]) // ROWS
    given = [blocked(*one) for one in arguments]
    made, second = np.zeros((blocks, 2 * ROWS)), np.zeros((blocks, 2 * ROWS))
    two = operation.name == "sine_and_cosine"
    places = [made, given[0], second if two else given[-1]]
    step = [
        code.places[operation],
        *(one.ctypes.data for one in places),
        *(one.shape[1] * 8 for one in places),
    ]
    assert len(step) == STEP
    code.run(np.array([step], dtype=np.int64), blocks)
    found = [Pair(one[:, :ROWS].ravel(), one[:, ROWS:].ravel()) for one in (made, second)]
    return found if two else found[0]


def whole_blocks(x):
    """Ends, then numbers, then numbers again up to the last row of a block."""
    return np.resize(np.concatenate([ENDS, x]), ROWS * 40)


def same(a, b):
    """Equal bits, but for numbers that are none and the sign of 0; and where second floats are not normal ones."""
    small = (np.abs(a.high) < 1e-250) | ~np.isfinite(a.high)
    return np.array_equal(a.high, b.high, equal_nan=True) and np.array_equal(a.low[~small], b.low[~small])


@pytest.mark.parametrize(
    ("name", "points"),
    [("exp", exponents), ("sigmoid", exponents), ("tanh", exponents), ("log", positives), ("sqrt", positives),
     ("square", anything), ("neg", anything), ("sine_and_cosine", angles)],
)  # fmt: skip
def test_functions_have_the_bits_of_arrays(name, points, fused):
    source = np.random.default_rng(1)
    x = pairs(source, whole_blocks(source.permutation(points(source))))
    found = by_code(Operation(name, pairs=True), x)
    with np.errstate(all="ignore"):
        if name == "sine_and_cosine":
            expected = pair_functions.sine_and_cosine(ArrayLanes(), x)
            assert all(map(same, expected, found))
        else:
            assert same(pair_functions.FUNCTIONS[name](ArrayLanes(), x), found)


@pytest.mark.parametrize("name", ["add", "sub", "mul", "gate", "div"])
def test_operations_have_the_bits_of_arrays(name, fused):
    source = np.random.default_rng(2)
    x, y = (pairs(source, whole_blocks(source.permutation(anything(source)))) for _ in range(2))
    y = Pair(source.permutation(y.high), np.zeros(len(y.high)))
    with np.errstate(all="ignore"):
        expected = pair_functions.FUNCTIONS[name](ArrayLanes(), x, y)
        usual = np.isfinite(expected.high) & (np.abs(x.high) < 1e150) & (np.abs(expected.high) > 1e-150)
        found = by_code(Operation(name, pairs=True), x, y)
    assert usual.sum() > 2_000 and not np.isfinite(found.high[~np.isfinite(expected.high)]).all()
    assert same(Pair(*(one[usual] for one in expected)), Pair(*(one[usual] for one in found)))


@pytest.mark.parametrize("name", ["add", "sub", "mul", "div", "max", "neg", "abs", "sin", "cos"])
def test_operations_on_floats_are_those_of_the_bounds(name):
    """No number is less than 0 or greater; sines and cosines to a few last places."""
    from gradcli.calculus.backends.numpy_backend import operation

    source = np.random.default_rng(3)
    x, y = (whole_blocks(source.normal(size=4_000)) for _ in range(2))
    y = source.permutation(y)
    arguments = (x, y) if name in ("add", "sub", "mul", "div", "max") else (x,)
    found = by_code(Operation(name, pairs=False), *((one, np.zeros(len(one))) for one in arguments)).high
    with np.errstate(all="ignore"):
        expected = np.maximum(x, y) if name == "max" else operation(name)(*arguments)
    if name in ("sin", "cos"):
        expected = np.where(
            (np.abs(x) < 2.0**20) & ((np.abs(expected) > 1e-12) | (x == expected)), expected, np.nan
        )
        assert np.allclose(found, expected, rtol=1e-15, atol=1e-17, equal_nan=True)
    elif name == "div":
        assert (
            np.array_equal(found[y != 0], expected[y != 0], equal_nan=True)
            and not np.isfinite(found[y == 0]).any()
        )
    else:
        assert np.array_equal(found, expected, equal_nan=True)


def in_both(program, columns, count):
    """The outputs of a program and their bounds by machine code, and by arrays, of which the outputs are pairs."""
    exact = frozenset(i for i, one in enumerate(columns) if isinstance(one.error, float) and not one.error)
    bounds = error_program(program, exact, DOUBLE_DOUBLE)
    found = native_pairs.NativePairs(program, bounds).run(
        [x.pair for x in columns], [x.error for x in columns], count
    )
    slots, errors = double_double_rows.slots_with_errors(program, bounds, columns)
    return found, native_pairs.Answers([slots[i] for i in outputs_of(program)], errors)


@pytest.mark.parametrize("seed", range(3))
def test_programs_have_the_numbers_and_bounds_of_arrays(seed, fused):
    """Of inputs in each row and shared ones; no bound is below the error."""
    before, source, checked = ctx.prec, random.Random(seed), 0
    ctx.prec = 700
    for _ in range(25):
        program, (x, y) = random_program(source), columns_of(source)
        kind = source.random()
        y = Pair(0.3, 2e-17) if kind < 0.3 else Pair(y, np.zeros(len(y)))
        errors = [np.abs(x) * 2.0 ** source.randint(-40, 30), source.choice((0.0, abs(y.high) * 1e-9))]
        given = [Pair(x, np.zeros(len(x))), y]
        columns = [Column(one, e * (UNIT / DOUBLE_DOUBLE.unit)) for one, e in zip(given, errors, strict=True)]
        if any(op == "log1p" for op, *_ in program.code):
            continue
        native, arrays = in_both(program, columns, len(x))
        for one, other in zip(native.numbers, arrays.numbers, strict=True):
            usual = np.isfinite(one) & np.isfinite(other.high) & (np.abs(one) > 1e-150)
            assert np.array_equal(one[usual], np.broadcast_to(other.high, one.shape)[usual])
        for one, other in zip(native.errors, arrays.errors, strict=True):
            usual = np.isfinite(one) & np.isfinite(other)
            assert np.allclose(one[usual], np.broadcast_to(other, one.shape)[usual], rtol=1e-9)
        wide = [Pair(*(np.broadcast_to(part, len(x)) for part in one)) for one in given]
        checked += check(program, wide, errors, arrays.numbers, native.errors, source, DOUBLE_DOUBLE.unit)
    ctx.prec = before
    assert checked > 1_500


def test_outputs_may_be_inputs_and_constants():
    """And a sine may be alone; rows are as many as they are."""
    program = program_of([("sin", 0), ("mul", 4, 2)], ("x", "y"), ("0.1", "3"))
    program = program._replace(gradient=(0, 1, 2, 3, 4))
    for count in (1, ROWS - 1, ROWS, 3 * ROWS + 5):
        x = np.linspace(-2, 2, count)
        native, arrays = in_both(program, [Column(Pair(x, 0 * x), 0.0), Column(Pair(1.5, 0.0), 7.0)], count)
        expected = (*(one.high for one in arrays.numbers), *arrays.errors)
        for one, other in zip((*native.numbers, *native.errors), expected, strict=True):
            assert len(one) == count and np.allclose(one, other, rtol=1e-14, atol=0)
        assert (
            (native.numbers[1] == x).all()
            and (native.numbers[2] == 1.5).all()
            and (native.numbers[3] == 0.1).all()
        )
        assert (native.errors[2] >= 7.0).all() and (native.errors[4] == 0).all()


def test_places_are_taken_again_only_when_nobody_needs_them():
    """Each step's values lie apart from all others that are still to be read."""
    program = compile_text((NEST,), ("x",), formulas=False).program
    bounds = error_program(program, frozenset(), DOUBLE_DOUBLE)
    steps = pair_steps.steps_of(program, bounds)
    area = pair_steps.scratch(steps, set())
    assert area.size < 0.3 * sum(one.width for step in steps for one in step.results)
    last = {one: i for i, step in enumerate(steps) for one in step.arguments}
    held = dict[int, tuple[pair_steps.Value, int]]()
    for i, step in enumerate(steps):
        for one in step.arguments:
            if one in area.offsets:
                assert all(held[word][0] == one for word in words(area, one))
        for one in step.results:
            for word in words(area, one):
                assert word not in held or held[word][1] < i
                held[word] = one, last.get(one, i)
        assert max(held) < area.size


def words(area, one):
    return range(area.offsets[one], area.offsets[one] + one.width, 8)


@pytest.mark.parametrize("rows", [1_000, 10**9])
def test_large_tables_have_machine_code_for_rows_in_doubt(rows, monkeypatch):
    """With the same numbers as arrays make; small ones are not worth it."""
    program = compile_text(("x*a - 0.1*x*a*10 + sin(x - a)*1e-9",), ("x", "a"), formulas=False).program
    x, asked = np.random.default_rng(7).normal(size=3_000), list[int]()
    bindings = {"x": Varying(x, Decimals(x), "x"), "a": Held(0.7, 0.7, given="0.7")}
    run = native_pairs.NativePairs.run
    monkeypatch.setattr(native_pairs.NativePairs, "run", lambda *a: asked.append(1) or run(*a))
    found = []
    for numbers_of in (
        sure_rows.numbers_in_blocks(program),
        sure_rows.numbers_in_blocks(program).natively([bindings[n] for n in program.variables], 10**9),
    ):
        if numbers_of.is_native:
            numbers_of._rows = rows
        found.append(
            sure_rows.sure_rows(program, [bindings[n] for n in program.variables], len(x), SHARE, numbers_of)
        )
    assert bool(asked) is (rows > 10**6) and found[0].doubtful == found[1].doubtful
    assert len(found[0].doubtful) < 5
    for one, other in zip(found[0].outputs, found[1].outputs, strict=True):
        assert np.array_equal(one, other)


def test_few_rows_in_doubt_of_a_large_table_are_computed_so_too():
    """Where there is no machine code for them, balls are asked; both say the same."""
    program = compile_text(("x - 0.1*x*10 + y",), ("x", "y"), (), formulas=False).program
    x = np.random.default_rng(8).normal(size=2_000)
    y = np.where(np.arange(2_000) % 500 == 3, 1e-12, 1.0)
    bindings = {"x": Varying(x), "y": Varying(y, Decimals(y), "y")}
    given = [bindings[name] for name in program.variables]
    plain = sure_rows.numbers_in_blocks(program)
    assert sure_rows.sure_rows(program, given, 2_000, SHARE, plain).doubtful == [3, 503, 1_003, 1_503]
    found = sure_rows.sure_rows(program, given, 2_000, SHARE, plain.natively(given, 10**9))
    assert found.doubtful == [] and (found.outputs[0][3::500] == 1e-12).all()
