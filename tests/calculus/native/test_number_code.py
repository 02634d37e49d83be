"""Rows by machine code: the numbers of Python's floats in each row, or a row that is refused.

By the C library's functions of one number they have the same bits; by those of several numbers four last places at most
are between them and the truth.
"""

from __future__ import annotations

import math
import random
import struct
from array import array

import pytest
from flint import arb, ctx

from gradcli.calculus.backends import float_backend
from gradcli.calculus.backends.rounding_error import ROUNDINGS
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.calculus.rows.array_blocks import LOOSE
from gradcli.calculus.rows.bounds import block_numbers, sure_rows
from gradcli.calculus.rows.row_data import Held, Varying
from tests.calculus.native.random_programs import number, random_program

pytest.importorskip("llvmlite", reason="native code needs the extra gradcli[native]")

from gradcli.calculus.native import vector_calls
from gradcli.calculus.native.library_calls import ONE_NUMBER, TWO_NUMBERS, address
from gradcli.calculus.native.machine_lines import Unsuitable
from gradcli.calculus.native.machine_operations import library
from gradcli.calculus.native.rows import number_code, vector_lines

np = pytest.importorskip("numpy", reason="arrays need the extra gradcli[plot]")

ROWS = 150


def in_python(program, point):
    """The slots by Python's floats; None where there are none."""
    try:
        return float_backend.run(program, point)
    except (ValueError, ArithmeticError):
        return None


def bits(x):
    return struct.pack("<d", x)


@pytest.fixture
def one_by_one(monkeypatch):
    """The C library's functions of one number."""
    monkeypatch.setattr(vector_lines, "vector_function", lambda _: None)


@pytest.mark.parametrize("seed", range(10))
def test_rows_have_the_bits_of_python(seed, one_by_one):
    """Random programs over the whole table, some variables held: what is not refused is what Python computes."""
    rng, sure, made = random.Random(seed), 0, 0
    while made < 12:
        program = random_program(rng)
        count = len(program.variables)
        varying = sorted(rng.sample(range(count), rng.randint(1, count)))
        columns = {i: array("d", [number(rng) for _ in range(ROWS)]) for i in varying}
        held = {i: number(rng) for i in range(count) if i not in varying}
        slots = [program.value, program.first + len(program.code) - 1]
        try:
            code = number_code.RowNumbers(program, varying, slots)
        except (Unsuitable, ValueError, ArithmeticError):
            continue
        made += 1
        into = [array("d", [math.pi]) * ROWS for _ in slots]
        refused = code.fill([columns[i] for i in varying], list(held.values()), ROWS, into)
        for row in {*range(ROWS)} - {*refused}:
            point = [columns[i][row] if i in columns else held[i] for i in range(count)]
            plain = in_python(program, point)
            assert plain is not None
            assert [bits(one[row]) for one in into] == [bits(plain[slot]) for slot in slots]
            sure += 1
    assert sure > 3 * ROWS


def test_only_rows_without_numbers_are_refused(one_by_one):
    """They are found one by one in a block of others, and where all are such."""
    program = compile_text(("log(x) + a/y",), ("x", "y", "a"), formulas=False).program
    names = program.variables
    x, y = np.linspace(1, 2, 4_000), np.linspace(-3, -1, 4_000)
    x[[0, 517, 3_999]], y[[3, 517]] = [-1.0, 0.0, -2.0], 0.0
    columns = {"x": x, "y": y}
    varying = [i for i, name in enumerate(names) if name in columns]
    code = number_code.RowNumbers(program, varying, [program.value])
    into = np.empty(4_000)
    assert code.fill([columns[names[i]] for i in varying], [0.5], 4_000, [into]) == [0, 3, 517, 3_999]
    assert into[500] == math.log(x[500]) + 0.5 / y[500]
    assert code.fill([-np.abs(x) if names[i] == "x" else y for i in varying], [0.5], 4_000, [into]) == [
        *range(4_000)
    ]


@pytest.mark.parametrize(
    "text",
    ["exp(-x**2)*sin(x*y) + log(1 + x*x + y*y)", "x + 0*y", "log(x + 3)*y", "x/(y - 1)", "3 + 0*x", "sqrt(x - y)*x", "x*y*a"],
)  # fmt: skip
def test_sure_rows_are_those_of_python(text, one_by_one, monkeypatch):
    """Values and slopes of rows that are not in doubt; constants, variables and slots that are two outputs among them."""
    monkeypatch.setattr(block_numbers, "pays", lambda *_: True)
    program = compile_text((text,), ("x", "y", "a"), formulas=False).program
    random = np.random.default_rng(5)
    columns = {"x": random.normal(size=3_000), "y": np.round(random.normal(size=3_000), 1)}
    bindings = [Varying(columns[n]) if n in columns else Held(0.75) for n in program.variables]
    numbers_of = sure_rows.numbers_in_blocks(program).natively(bindings, 3_000)
    assert numbers_of.is_native
    found = sure_rows.sure_rows(program, bindings, 3_000, 1e-11 * 2**53, numbers_of)
    slots = [program.value, *(g for g in program.gradient if g is not None)]
    in_doubt = {*found.doubtful}
    assert len(in_doubt) < 2_900
    for row in range(3_000):
        point = [one.numbers[row] if isinstance(one, Varying) else one.value for one in bindings]
        plain = in_python(program, list(map(float, point)))
        if plain is None:
            assert row in in_doubt
        elif row not in in_doubt:
            assert [one[row] for one in found.outputs] == [plain[slot] for slot in slots]


#: Where the functions are compared: between these, and at some sizes of their own.
RANGES = {"acosh": (1.0, 40.0), "log": (1e-3, 40.0), "log2": (1e-3, 40.0), "log10": (1e-3, 40.0), "log1p": (-0.99, 40.0),
          **dict.fromkeys(("acos", "asin", "atanh"), (-0.999, 0.999)), "pow": (0.1, 9.0)}  # fmt: skip


@pytest.fixture
def precise():
    """Balls of 200 bits."""
    before = ctx.prec
    ctx.prec = 200
    yield
    ctx.prec = before


def points(name, count):
    low, high = RANGES.get(name, (-20.0, 20.0))
    random = np.random.default_rng(7)
    spread = random.uniform(low, high, size=count)
    if name in ("sin", "cos", "tan", "exp"):
        spread[::5] = random.uniform(-300, 300, size=len(spread[::5]))
    near = np.clip(
        random.normal(size=len(spread[1::5])) * 10.0 ** random.integers(-9, 0, size=len(spread[1::5])),
        low,
        high,
    )
    spread[1::5] = near if low <= 0 else 1 + np.abs(near) * 1e-3
    return spread


@pytest.mark.parametrize("letter", ["e", "d", "b"])
def test_functions_of_several_numbers_are_off_by_four_last_places_at_most(letter, precise, monkeypatch):
    """What bounds of rows count on, beside what a function of one number may be off by: by balls of 200 bits."""
    needs = {letter: needs for _, letter, needs in vector_calls._WIDTHS}[letter]
    has = pytest.importorskip("llvmlite.binding").get_host_cpu_features()
    if vector_calls._library() is None or not all(has.get(one) for one in needs):
        pytest.skip("neither the library nor the processor has them")
    width = {letter: width for width, letter, _ in vector_calls._WIDTHS}[letter]
    monkeypatch.setattr(vector_calls, "_kind", lambda: (width, letter))
    monkeypatch.setattr(vector_lines, "vector_function", vector_calls.vector_function.__wrapped__)
    looked_at = 0
    for name in (*ONE_NUMBER, *TWO_NUMBERS):
        if address(name) is None or vector_calls.vector_function.__wrapped__(address(name)) is None:
            continue
        row = number_code.RowLines()
        given = [row.column() for _ in range(1 if name in ONE_NUMBER else 2)]
        row.outputs = [library(row.lines, name, *given)]
        columns, into = (
            [points(name, 1_000), np.random.default_rng(8).uniform(-3, 3, 1_000)][: len(given)],
            np.empty(1_000),
        )
        number_code.RowFunction(row).fill(columns, [], 1_000, [into])
        for *x, found in zip(*map(np.ndarray.tolist, columns), into.tolist(), strict=True):
            true = in_balls(name, [arb(one) for one in x])
            assert abs(arb(found) - true) < (ROUNDINGS[name][0] + LOOSE) * arb(2.0**-53) * abs(true), (
                name,
                x,
            )
        looked_at += 1
    assert looked_at >= 4


def in_balls(name, x):
    names = {"cbrt": lambda one: one.root(3) if one > 0 else -(-one).root(3), "log2": lambda one: one.log() / arb(2).log(),
             "log10": lambda one: one.log() / arb(10).log(), "atan2": arb.atan2,
             "pow": lambda a, b: a**b, "fmod": None}  # fmt: skip
    return names[name](*x) if name in names else getattr(x[0], name)()


@pytest.fixture(params=[8, 4, 2])
def register(request, monkeypatch):
    """Of so many numbers, with functions of as many where the processor has them."""
    kinds = {width: (width, letter) for width, letter, _ in vector_calls._WIDTHS}
    if vector_calls._library() is not None and vector_calls._kind()[0] >= request.param:
        monkeypatch.setattr(vector_calls, "_kind", lambda: kinds[request.param])
        monkeypatch.setattr(vector_lines, "vector_function", vector_calls.vector_function.__wrapped__)
    monkeypatch.setattr(vector_lines, "numbers_of_a_register", lambda: request.param)
    vector_lines.lanes.cache_clear()
    yield
    vector_lines.lanes.cache_clear()


def test_a_row_is_the_same_wherever_it_stands(register):
    """In blocks of every size, as the first, the last or between rows without numbers."""
    program = compile_text(("exp(x)*sin(a*x) + log(x)",), ("x", "a"), formulas=False).program
    varying = [program.variables.index("x")]
    slots = [program.value, program.gradient[varying[0]]]
    code = number_code.RowNumbers(program, varying, slots)
    x = np.random.default_rng(3).normal(size=100) + 1.5
    whole = [np.empty(100) for _ in slots]
    refused = code.fill([x], [0.7], 100, whole)
    assert refused == np.flatnonzero(x <= 0).tolist() and 0 < len(refused) < 40
    for first in range(0, 60, 7):
        for count in range(1, 40):
            into, rows = [np.full(count, 7.0) for _ in slots], slice(first, first + count)
            assert code.fill([x[rows]], [0.7], count, into) == [i for i in range(count) if x[first + i] <= 0]
            for one, all_rows in zip(into, whole, strict=True):
                assert one.tobytes() == all_rows[rows].tobytes()
    assert code.fill([x[:0]], [0.7], 0, [np.empty(0)] * 2) == []
