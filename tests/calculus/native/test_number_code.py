"""Rows by machine code: the numbers of Python's floats to the last bit in each row, or a row that is refused."""

from __future__ import annotations

import math
import random
import struct
from array import array

import pytest

from gradcli.calculus.backends import float_backend
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.calculus.rows.bounds import block_numbers, sure_rows
from gradcli.calculus.rows.row_data import Held, Varying
from tests.calculus.native.random_programs import number, random_program

pytest.importorskip("llvmlite", reason="native code needs the extra gradcli[native]")

from gradcli.calculus.native.machine_lines import Unsuitable
from gradcli.calculus.native.rows import number_code

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


@pytest.mark.parametrize("seed", range(10))
def test_rows_have_the_bits_of_python(seed, monkeypatch):
    """Random programs over the whole table, some variables held: what is not refused is what Python computes."""
    monkeypatch.setattr(number_code, "REFUSED", 2.0)
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


def test_only_rows_without_numbers_are_refused():
    """They are found one by one in a block of others; where most are such, none is looked for."""
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
    assert code.fill([-x if names[i] == "x" else y for i in varying], [0.5], 4_000, [into]) is None


@pytest.mark.parametrize(
    "text",
    ["exp(-x**2)*sin(x*y) + log(1 + x*x + y*y)", "x + 0*y", "log(x + 3)*y", "x/(y - 1)", "3 + 0*x", "sqrt(x - y)*x", "x*y*a"],
)  # fmt: skip
def test_sure_rows_are_those_of_python(text, monkeypatch):
    """Values and slopes of rows that are not in doubt; constants, variables and slots that are two outputs among them."""
    monkeypatch.setattr(block_numbers, "pays", lambda *_: True)
    program = compile_text((text,), ("x", "y", "a"), formulas=False).program
    random = np.random.default_rng(5)
    columns = {"x": random.normal(size=3_000), "y": np.round(random.normal(size=3_000), 1)}
    bindings = [Varying(columns[n]) if n in columns else Held(0.75) for n in program.variables]
    varying = [i for i, one in enumerate(bindings) if isinstance(one, Varying)]
    numbers_of = sure_rows.numbers_in_blocks(program).natively(varying, 3_000)
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
