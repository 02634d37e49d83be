"""Rows by machine code: the numbers of Python's floats to the last bit, on one processor or several."""

from __future__ import annotations

import math
import os
import random
import signal
import time
from array import array

import pytest

from gradcli.calculus.native import native_support
from gradcli.calculus.native.rows import native_rows
from gradcli.calculus.native.rows.native_rows import NativeRows
from gradcli.calculus.rows.bound_rows import BoundRows
from gradcli.calculus.rows.numbers_in_blocks import NumbersInBlocks
from gradcli.calculus.rows.row_data import RowData
from gradcli.calculus.rows.row_evaluation import RowEvaluation
from gradcli.calculus.rows.row_hessian import RowHessian
from gradcli.calculus.rows.row_program import compile_levels
from gradcli.language.errors import GradcliError
from gradcli.language.rows.level_reading import levels_of
from tests.calculus.rows.losses import NUMBERS, columns, loss

pytest.importorskip("llvmlite", reason="native code needs the extra gradcli[native]")

from gradcli.calculus.native.rows import row_passes


@pytest.fixture
def passed(monkeypatch):
    """Counts the passes over rows by machine code, and those with wide sums."""
    counted = {"passes": 0, "wide": 0}
    plain = row_passes.RowPasses.sums

    def counting(passes, *arguments, wide=False):
        counted["passes"] += 1
        counted["wide"] += wide
        return plain(passes, *arguments, wide=wide)

    monkeypatch.setattr(row_passes.RowPasses, "sums", counting)
    return counted


def both(text, held, at=NUMBERS, corner="none"):
    """What machine code and Python's floats answer for the slopes along numbers."""
    rows = compile_levels(levels_of([text], {name: len(one) for name, one in held.items()}, at), tuple(at))
    found = []
    for native in (NativeRows("native"), None):
        evaluation = RowEvaluation(rows, RowData(held), False, native)
        try:
            answer = evaluation.at(at, corner)
            found.append(
                (answer.value, {name: one[:2] for name, one in answer.slopes.items()}, answer.corners)
            )
        except GradcliError as problem:
            found.append((problem.message, problem.span))
    return [repr(one) for one in found]


def test_random_losses_have_the_bits_of_python(passed):
    """Sums of all kinds, sums over an index and shifted rows among them; columns of more than a block."""
    for seed in range(max(int(os.environ.get("GRADCLI_NATIVE", "100")) // 6, 1)):
        native, python = both(loss(seed), columns(seed, 30 if seed % 5 else 1500))
        assert native == python, loss(seed)
    for text in (
        "sum(x[i]*x[i+1]*a, i, 0, count() - 2)",
        "sum(a*i*x[count()-1-i], i, 0, count() - 1)",
        "sum(sin(a*x[2*i]), i, 0, 9)",
    ):
        native, python = both(text, columns(3, 40))
        assert native == python, text
    assert passed["passes"] > 20


def test_rows_are_shared_among_processors(monkeypatch, passed):
    """The sums do not show how many there are, nor in which order they end."""
    held = columns(1, 5000)
    expected = both("mean((y-a*x-b)**2*exp(-x))", held)[1]
    monkeypatch.setattr(row_passes, "CHUNK", 64)
    for processors in (1, 2, 5):
        monkeypatch.setattr(row_passes, "_processors", lambda count, number=processors: number)
        assert both("mean((y-a*x-b)**2*exp(-x))", held) == [expected, expected]


FAILING = [
    "sum(log(x)*a)", "sum(sqrt(x-1)*a)", "mean(abs(x-2)*a+relu(a*x-2))", "sum(1/(x-b))*a", "sum(exp(400*x)*a)",
    "mean(max(a*x,2*a))",
    "sum(1e308*x*a)", "mean(floor(x)*a)", "sum(x**a)", "sum(where(x > 0, log(x), x)*a)",
]  # fmt: skip


@pytest.mark.parametrize("text", FAILING)
def test_rows_that_are_refused_are_pythons(text):
    """Outside of the domain, corners, overflows, in one of many rows or in all: the same numbers, or the same sentence."""
    source = random.Random(5)
    many = [source.uniform(0.5, 1.5) for _ in range(3000)]
    for bad in ([], [2.0], [-1.0, 0.0], [0.0] * 700):
        held = {"x": [*many[:1000], *bad, *many[1000:]]}
        native, python = both(text, held, {"a": 1.0, "b": 2.0})
        assert native == python, bad


def test_sums_that_cancel_are_added_up_wider_and_then_by_python(passed):
    """Terms of which only the last bits are left, and terms of all exponents."""
    source = random.Random(7)
    x = [source.gauss(0, 1) for _ in range(4000)]
    cancelled = {"x": [*x, *(-one for one in x), *(source.gauss(0, 1) * 1e-24 for _ in range(100))]}
    native, python = both("sum(a*x)", cancelled)
    assert native == python
    assert passed["wide"]
    spread = [2.0 ** source.randint(-1000, 900) for _ in range(300)]
    native, python = both("sum(x)*a", {"x": [*spread, 2.0**-53, 1.0, *(-one for one in spread)]})
    assert native == python
    ties = {"x": [1.0, 2.0**-53, 2.0**-400, 1e200, -1e200]}
    native, python = both("sum(x)*a", ties)
    assert native == python


@pytest.mark.parametrize(
    "text", ["mean((y-a*x-b)**2)", "var(y*exp(a*x))+b**2", "sum(log(1+exp(-(a*x+b)*y)))", "max(a*x)*b"]
)
def test_second_derivatives_have_the_bits_of_python(text, passed):
    """Their sums over the rows, by machine code and by Python; in a loss with a least number as well."""
    held = columns(4, 600)
    rows = compile_levels(levels_of([text], {"x": 600, "y": 600}, NUMBERS), ("a", "b"))
    found = [
        RowHessian(rows, RowEvaluation(rows, RowData(held), False, native), ("a", "b")).at(NUMBERS)
        for native in (NativeRows("native"), None)
    ]
    assert found[0] == found[1]
    assert passed["passes"] or text == "max(a*x)*b"


def test_columns_of_all_kinds_are_read():
    """Arrays of the standard library, NumPy's that lie apart, or cannot be written to, or hold whole numbers."""
    np = pytest.importorskip("numpy")
    x, at = [float(i % 17) for i in range(400)], {"a": 0.3}
    rows = compile_levels(levels_of(["sum(sin(a*x))"], {"x": 400}, at), ("a",))
    apart = np.array([one for number in x for one in (number, 0.0)])[::2]
    fixed = np.array(x)
    fixed.setflags(write=False)
    found = set()
    for column in (
        x,
        array("d", x),
        apart,
        fixed,
        np.array(x, dtype=np.int32),
        np.array(x, dtype=np.float32),
    ):
        evaluation = RowEvaluation(rows, RowData({"x": column}), None, NativeRows("native"))
        answer = evaluation.at(at)
        found.add((answer.value, answer.slopes["a"].left))
    assert len(found) == 1
    read = NumbersInBlocks(lambda start, stop: array("d", x[start:stop]), range(400))
    evaluation = RowEvaluation(rows, RowData({"x": read}), None, NativeRows("native"))
    answer = evaluation.at(at)
    assert (answer.value, answer.slopes["a"].left) in found
    assert evaluation.native.missing  # what is not in memory is read block by block, and not here


def test_a_program_of_rows_is_carried_out_as_was_asked(monkeypatch, passed):
    """By each backend, with the reason where it is not."""
    held = columns(2, 300)
    rows = compile_levels(levels_of(["mean((y-a*x-b)**2)"], {"x": 300, "y": 300}, NUMBERS), ("a", "b"))
    program = BoundRows.of(rows, RowData(held))
    expected = program.run(0.25, 0.5)
    for backend in native_support.BACKENDS:
        assert program.by(backend).run(0.25, 0.5) == expected
        assert program.by(backend).missing(backend) == ""
        assert program.by(backend) is program.by(backend)
    assert passed["passes"] == 1
    monkeypatch.setattr(native_rows, "obstacle", lambda lines: "it is not there")
    other = BoundRows.of(rows, RowData(held)).by("native")
    assert other.run(0.25, 0.5) == expected and other.missing("native") == "it is not there"
    least = compile_levels(levels_of(["max(a*x)+b"], {"x": 300}, NUMBERS), ("a", "b"))
    other = BoundRows.of(least, RowData(held)).by("native")
    assert other.run(0.25, 0.5) and "sums" in other.missing("native")


def test_machine_code_is_made_once_rows_have_cost_what_it_costs(passed):
    """By the number of rows, instructions and evaluations alone."""
    held = columns(2, 2000)
    rows = compile_levels(levels_of(["mean((y-a*x-b)**2)"], {"x": 2000, "y": 2000}, NUMBERS), ("a", "b"))
    program = BoundRows.of(rows, RowData(held)).by("auto")
    first = program.run(0.25, 0.5)
    assert passed["passes"] == 0
    while not passed["passes"]:
        assert program.run(0.25, 0.5) == first
    assert program.run(0.25, 0.5) == first and passed["passes"] == 2


def test_interrupts_end_all_processors(monkeypatch):
    """Between chunks, and nothing goes on adding: a thread that only just starts finds that it is stopped."""
    working, together = [], row_passes._together

    def watched(workers, *rest):
        working[:] = workers
        together(workers, *rest)

    class Rung(BaseException):
        pass

    def ring(*_):
        raise Rung

    monkeypatch.setattr(row_passes, "_processors", lambda count: 3)
    monkeypatch.setattr(row_passes, "_together", watched)
    x = array("d", [0.5]) * 4_000_000
    rows = compile_levels(levels_of(["sum(sin(a*x)*exp(cos(a*x)))"], {"x": len(x)}, NUMBERS), ("a",))
    evaluation = RowEvaluation(rows, RowData({"x": x}), False, NativeRows("native"))
    before = signal.signal(signal.SIGALRM, ring)
    try:
        with pytest.raises(Rung):
            signal.setitimer(signal.ITIMER_REAL, 0.5)
            while True:
                evaluation.at(NUMBERS)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    ended = [list(one._sums) for one in working]
    time.sleep(0.3)
    assert len(ended) == 3 and [list(one._sums) for one in working] == ended
    assert math.isfinite(evaluation.at(NUMBERS).value)
