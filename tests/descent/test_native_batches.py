"""Mini-batches by machine code: the bits, the ends and the sentences of Python's loop."""

from __future__ import annotations

import math
import os
import random
import signal

import pytest

from gradcli.calculus.rows.bound_rows import BoundRows
from gradcli.calculus.rows.row_data import RowData
from gradcli.calculus.rows.row_program import compile_levels
from gradcli.data.batches.batch_order import BatchOrder
from gradcli.data.batches.batch_values import batch_runs
from gradcli.data.batches.stored_columns import HeldColumns
from gradcli.descent.rules.learning_rate_schedules import schedule_of
from gradcli.descent.rules.optimizer_choice import choose
from gradcli.descent.rules.optimizer_state import OptimizerState
from gradcli.descent.steps import native_batches
from gradcli.descent.steps.batch_steps import Batches
from gradcli.descent.steps.optimizer_steps import StepOptions, take_steps
from gradcli.language.errors import GradcliError
from gradcli.language.rows.level_reading import levels_of
from tests.calculus.rows.losses import loss
from tests.descent.test_steps import EVERY, settings_of
from tests.prepared import ALL

pytest.importorskip("llvmlite", reason="native code needs the extra gradcli[native]")

pytestmark = pytest.mark.usefixtures("made")

LINE = "mean((y-a*x-b)**2)"


def columns_of(rows, seed=1):
    """x between -3 and 3, and y beside 2x + 1."""
    source = random.Random(seed)
    x = [source.uniform(-3, 3) for _ in range(rows)]
    return {"x": x, "y": [2 * one + 1 + source.gauss(0, 0.3) for one in x]}


class Rows:
    """A loss over columns, and an order of batches of their rows, begun after *begun* steps."""

    def __init__(self, text, held, size, numbers=("a", "b"), shuffled=True, begun=0):
        lengths = {name: len(one) for name, one in held.items()}
        rows = compile_levels(levels_of([text], lengths, dict.fromkeys(numbers, 1.0)), numbers)
        self.program = BoundRows.of(rows, RowData(held))
        order = BatchOrder(len(held["x"]), size, 3, shuffled)
        whole = RowData(held).columns
        source = HeldColumns(order.rows, tuple(whole.values()))

        def loss_over(step, values, arrays):
            where = f"batch {step}, row {{}}".format
            return BoundRows.of(rows, RowData(dict(zip(whole, values, strict=True)), where=where), arrays)

        def runs(step, shuffler):
            return batch_runs(source, len(whole), order, step, shuffler)

        self.batches = Batches(begun, size, order.batches, tuple(whole), runs, loss_over)

    def alone(self):
        """The same without batches."""
        self.batches = None
        return self

    def steps(self, backend, at, optimizer="sgd", dialect=None, state=None, told=None, **options):
        """Steps, or the error that ends them."""
        chosen = {name: options.pop(name) for name in StepOptions._fields if name in options}
        try:
            return take_steps(
                self.program, "", at, choose(optimizer, dialect, options), StepOptions(**chosen, backend=backend),
                state or OptimizerState(), None if told is None else lambda *one: told.append(one), self.batches,
            )  # fmt: skip
        except GradcliError as problem:
            return type(problem), problem.message, problem.span, problem.hint


def both(rows, *arguments, **options):
    """What native code and Python answer."""
    return [rows.steps(backend, *arguments, **options) for backend in ("native", "python")]


@pytest.mark.parametrize(("name", "dialect"), EVERY)
def test_every_optimizer_has_the_bits_of_python(name, dialect, made):
    """Also clipped, uphill, along one number, with a learning rate that changes, and in the middle of an epoch."""
    rows, at = Rows(LINE, columns_of(50), 8), {"a": 0.1, "b": -0.2}
    ways = [
        {"clip_norm": 2.0, "schedule": schedule_of("step", {"every": 7.0})},
        {"wrt": ("b",), "ascend": True},
        {},
    ]
    for way in ways[EVERY.index((name, dialect)) % 3 :][:1]:
        native, python = both(rows, at, name, dialect, **settings_of(name, dialect, True), **way, steps=40)
        assert native == python, way
    if hasattr(python, "slots"):
        state = OptimizerState(python.slots, 40, 10, python.counts)
        native, python = both(rows, python.after.at, name, dialect, state, steps=33)
        assert native == python
    assert made["native"] or not hasattr(python, "slots")


#: So many rows, and batches of so many: no batch has more rows than there are.
SIZES = sorted({(rows, min(size, rows)) for rows in (1, 7, 8, 9, 100, 700) for size in (1, 3, 8, 64, 600)})

#: Each size in both orders; by default in one of them, in turn.
ORDERS = [
    (*size, shuffled) for k, size in enumerate(SIZES) for shuffled in ((True, False) if ALL else (k % 2 > 0,))
]


@pytest.mark.parametrize(("rows", "size", "shuffled"), ORDERS)
def test_batches_of_all_sizes_have_the_bits_of_python(rows, size, shuffled, made):
    """Also the last one of an epoch, those of more rows than a block of machine code has, and of one row."""
    numbers = {"a": 0.3, "b": 0.1}
    native, python = both(Rows(LINE, columns_of(rows), size, shuffled=shuffled), numbers, lr=0.01, steps=30)
    assert native == python
    assert made["native"] == 30


def test_pools_are_run_through_one_after_the_other(monkeypatch):
    """Batches that begin in one pool and end in the next; a session that goes on in the middle."""
    from gradcli.data.batches import batch_order

    monkeypatch.setattr(batch_order, "BLOCK", 8)
    monkeypatch.setattr(batch_order, "POOL", 32)
    for begun in (0, 5):
        rows = Rows(LINE, columns_of(101), 7, begun=begun)
        state = OptimizerState({}, begun + 9, 0, {})
        batch_order.pools.cache_clear()
        native, python = both(rows, {"a": 0.3, "b": 0.1}, state=state, lr=0.01, steps=40)
        assert native == python
    batch_order.pools.cache_clear()


def test_random_losses_have_the_bits_of_python(made):
    """Levels within levels, nested functions, sums that cancel; least and greatest numbers are Python's."""
    for seed in range(max(int(os.environ.get("GRADCLI_NATIVE", "100")) // 12, 1)):
        text = loss(seed)
        rows = Rows(text, columns_of(20, seed), 6)
        for at in ({"a": 0.6875, "b": 1.3125}, {"a": 0.0, "b": -0.0}):
            native, python = both(rows, at, "adam", lr=0.01, steps=6)
            assert without_notes(native) == without_notes(python), text
    assert made["native"] > 50


ENDS = [
    ("mean(log(a*x+b)**2)", 0.4), ("sum(exp(a*x+b))", 3.0), ("mean(abs(y-a*x-b))", 0.3), ("mean(relu(a*x))", 0.1),
    ("mean((y-a*x-b)**2)", 1e200), ("sum(1e308*a*x**2)", 1e-300), ("sqrt(mean((a*x)**2))+b", 0.5), ("mean(y)*0+a*b", 0.1),
    ("sum(sqrt(a*x+b))", 0.1), ("mean(floor(a*x)*x)+a", 0.1), ("mean(lgamma(2+x**2)*a)+b**2", 0.1), ("max(a*x)+b", 0.1),
    ("mean(besselj(0,a*x))*b", 0.1), ("mean(a*x/(b-1))", 0.1), ("norm(y-a*x)*b", 1.0),
    ("mean(sum(sin(i*a*x), i, 1, 30))+b", 0.01),
    ("a*b", 0.1), ("count()*a+sum(x)*b**2", 0.01), ("mean(x*a)*mean(y*b)+var(y-a*x)", 0.02), ("logsumexp(a*x)+b**2", 0.1),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rate"), ENDS, ids=[end[0] for end in ENDS])
def test_steps_end_where_pythons_end_and_say_the_same(text, rate):
    """Outside of the domain, overflows, corners, parts that only Python carries out: at the same step, in the same row."""
    odd, optimizers = ENDS.index((text, rate)) % 2, ("sgd", "adam")
    for k, held in enumerate(
        (columns_of(30), {"x": [0.0, 1.0, -1.0, 2.0] * 5, "y": [1.0, -0.0, 0.0, 3.0] * 5})
    ):
        rows = Rows(text, held, 4)
        for optimizer in optimizers if ALL else (optimizers[k ^ odd],):
            native, python = both(rows, {"a": 1.0, "b": 1.0}, optimizer, "tf1", lr=rate, steps=40)
            assert without_notes(native) == without_notes(python)


def without_notes(run):
    """All but the note that Python took the steps."""
    if not hasattr(run, "notes"):
        return run
    return run._replace(notes=tuple(one for one in run.notes if one.kind != "backend"))


def test_sums_whose_rounding_is_hard_to_tell_are_pythons():
    """Terms that cancel to what lies next to the middle of two floats, or far below them."""
    tiny = 2.0**-120
    held = {"x": [1.0, 2.0**-53, tiny, 1e16, -1e16, 1e300, -1e300, 3.0], "y": [1.0] * 8}
    for size in (8, 4, 2):
        rows = Rows("sum(a*x)+b", held, size, shuffled=False)
        native, python = both(rows, {"a": 1.0, "b": 0.0}, lr=2.0**-40, steps=12)
        assert native == python


def test_epochs_are_told_as_in_python():
    """Each at its end, and the last point."""
    rows, found = Rows(LINE, columns_of(50), 8), []
    for backend in ("native", "python"):
        told = []
        rows.steps(backend, {"a": 0.1, "b": 0.2}, lr=0.01, steps=40, told=told)
        found.append(told)
    assert found[0] == found[1] and [number for number, _ in found[0]] == [7, 14, 21, 28, 35, 40]


def test_interrupts_come_between_chunks():
    """However many steps there are."""

    class Rung(BaseException):
        pass

    def ring(*_):
        raise Rung

    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(Rung):
            Rows(LINE, columns_of(5000), 64).steps("native", {"a": 0.1, "b": 0.2}, lr=1e-9, steps=10**12)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_native_code_is_made_where_it_pays(made):
    """By the number of steps, rows and instructions alone."""
    rows, at = Rows(LINE, columns_of(50), 8), {"a": 0.1, "b": 0.2}
    rows.steps("auto", at, lr=0.01, steps=100)
    assert made["native"] == 0
    run = rows.steps("auto", at, lr=0.01, steps=30_000)
    assert made["native"] == 30_000 and math.isfinite(run.after.value)


def test_what_python_takes_is_said_where_native_code_was_asked_for(monkeypatch):
    """Least numbers of all rows, and a machine without LLVM."""
    at = {"a": 0.1, "b": 0.2}
    (note,) = Rows("max(a*x)+b", columns_of(9), 3).steps("native", at, lr=0.01, steps=4).notes
    assert note.kind == "backend" and "sums" in note.message
    monkeypatch.setattr(native_batches, "obstacle", lambda lines: "it is not there")
    (note,) = Rows(LINE, columns_of(9), 3).steps("native", at, lr=0.01, steps=4).notes
    assert "it is not there" in note.message


@pytest.mark.parametrize(("name", "dialect"), EVERY[::3])
def test_steps_over_all_rows_have_the_bits_of_python(name, dialect, made):
    """Without batches: the same loop, each step over all rows."""
    rows, at = Rows("mean((y-a*x-b)**2)+sum(x)*a/9", columns_of(700), 8), {"a": 0.1, "b": -0.2}
    native, python = both(rows.alone(), at, name, dialect, **settings_of(name, dialect, True), steps=25)
    assert native == python
    assert made["native"] == 25


def test_steps_over_all_rows_end_where_pythons_do(made):
    """With what each backend says where it is not there, and without rows at all."""
    rows, at = Rows("mean(log(a*x+b)**2)", columns_of(30), 8).alone(), {"a": 1.0, "b": 9.0}
    native, python = both(rows, at, lr=0.7, steps=60)
    assert native == python
    assert rows.steps("numpy", at, lr=1e-3, steps=3) == rows.steps("auto", at, lr=1e-3, steps=3)
    least = Rows("max(a*x)+b", columns_of(9), 3).alone()
    (note,) = least.steps("native", at, lr=0.01, steps=4).notes
    assert note.kind == "backend" and "sums" in note.message
    assert least.steps("native", at, lr=0.01, steps=4)._replace(notes=()) == least.steps(
        "python", at, lr=0.01, steps=4
    )
