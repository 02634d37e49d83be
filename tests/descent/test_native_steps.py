"""Steps by machine code: the bits, the ends and the sentences of Python's loop."""

from __future__ import annotations

import math
import os
import random
import signal
import time

import pytest

from gradcli.calculus.native import machine_code, native_support
from gradcli.descent.rules.learning_rate_schedules import SCHEDULES, schedule_of
from gradcli.descent.steps import native_loop, native_steps
from gradcli.language.errors import GradcliError
from gradcli.language.limits import LIMITS, raise_limits
from tests.descent.problems import descend
from tests.descent.test_steps import EVERY, ROSENBROCK, START, settings_of

pytest.importorskip("llvmlite", reason="native code needs the extra gradcli[native]")

pytestmark = pytest.mark.usefixtures("made")

WAYS = [
    {}, {"clip_norm": 5.0}, {"clip_value": 4.0}, {"clip_norm": 2.0, "clip_value": 1.5, "ascend": True},
    {"bounds": {"x": (-1.0, None), "y": (None, 0.75)}}, {"wrt": ("y",)}, {"schedule": schedule_of("step", {"every": 7.0})},
]  # fmt: skip


def both(text, at, optimizer="sgd", dialect=None, **options):
    """What native code and Python answer: a run, or the error."""
    found = []
    for backend in ("native", "python"):
        try:
            found.append(descend(text, at, optimizer, dialect, **options, backend=backend))
        except GradcliError as problem:
            found.append((type(problem), problem.message, problem.span, problem.hint))
    return found


@pytest.mark.parametrize("full", [False, True], ids=["plain", "full"])
@pytest.mark.parametrize(("name", "dialect"), EVERY)
def test_every_optimizer_has_the_bits_of_python(name, dialect, full, made):
    """Also clipped, uphill, within bounds, along one variable, and going on with slots that are there."""
    settings, turn = settings_of(name, dialect, full), EVERY.index((name, dialect)) % 3
    for way in (WAYS[0], *WAYS[1 + turn :: 3]) if full else WAYS[:1]:
        native, python = both(ROSENBROCK, START, name, dialect, **settings, **way, steps=60)
        assert native == python, way
        if isinstance(python, tuple) and isinstance(python[0], type):
            continue
        going = {"slots": python.slots, "counts": python.counts, "taken": 60, "since": 20}
        on = both(ROSENBROCK, python.after.at, name, dialect, **settings, **way, **going, steps=45)
        assert on[0] == on[1], way
    assert made["native"]


@pytest.mark.parametrize("kind", SCHEDULES)
def test_schedules_have_the_bits_of_python(kind, made):
    """Learning rates that change, counted from where the optimizer began."""
    for given in ({}, {name: value / 3 for name, value in SCHEDULES[kind].defaults.items()}):
        for begun in ({}, {"taken": 1234, "since": 1000}):
            options = {"schedule": schedule_of(kind, given), "lr": 0.0007, **begun}
            native, python = both(ROSENBROCK, START, **options, steps=300)
            assert native == python
    assert made["native"]


ENDS = [
    ("log(x)+x**2", {"x": 0.5}, 0.4), ("x**4", {"x": 3.0}, 1.0), ("exp(x)", {"x": 3.0}, -300.0),
    ("sqrt(x)+x", {"x": 1.0}, 0.3), ("1/x+x", {"x": 1e-3}, 1e-9), ("(-x)**1.5", {"x": -1.0}, -0.2),
    ("abs(x)+x**2", {"x": 1.0}, 0.25), ("max(x,y)+x**2+y**2", {"x": 1.0, "y": 1.0}, 0.05), ("x**2", {"x": 1.0}, 1e300),
    ("lgamma(x)+hypot(x,2)", {"x": 3.0}, 0.01), ("floor(x)*x", {"x": 2.5}, 0.3), ("besselj(0,x)", {"x": 1.0}, 0.05),
    ("where(x>0,sqrt(x),x**2)", {"x": 1.0}, 0.05), ("x*0+5", {"x": 1.0}, 0.1), ("exp(1000*x)", {"x": 0.7}, -1e-300),
    ("1e300*x**2+y", {"x": 1.0, "y": 1.0}, 1e-10), ("tan(x)", {"x": 1.5}, 1e-3), ("sum(x*i, i, 1, 9)+x**2", {"x": 3.0}, 0.1),
    ("exp(sum(sin(x*i)/i, i, 1, 40))", {"x": 0.3}, 0.001), ("3*log(x)+y", {"x": 0.5, "y": 1.0}, 0.01),
    ("y-log1p(x)", {"x": 0.5, "y": 1.0}, -0.1), ("2*exp(x)+cos(y)", {"x": 700.0, "y": 1.0}, 1e-306),
    ("tanh(x)*4+abs(y)", {"x": 0.1, "y": 0.3}, 0.1), ("5*exp(x)", {"x": 540.0}, 1e-240),
    ("log(x)+log(y)", {"x": 1.0, "y": -1.0}, 0.1),
    ("softplus(x)+sigmoid(y)+relu(x)", {"x": 0.1, "y": 0.3}, 0.1), ("log(x)/y+log(x)", {"x": 0.3, "y": 2.0}, 0.02),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "rate"), ENDS, ids=[end[0] for end in ENDS])
def test_descents_end_where_pythons_end_and_say_the_same(text, at, rate):
    """Outside of the domain, overflows, corners on the way, parts that only Python carries out: at the same step."""
    for optimizer in ("sgd", "adam"):
        native, python = both(text, at, optimizer, "tf1", lr=rate, steps=150)
        assert native == python


def test_random_rates_and_places_end_the_same():
    """Tiny and huge rates, from everywhere: values, errors and notes."""
    rng = random.Random(int(os.environ.get("GRADCLI_SEED", "3")))
    texts = [
        ROSENBROCK,
        "log(x)*y+y**2",
        "exp(x*y)-x",
        "tanh(x)*sin(y)+x**2*y",
        "sqrt(x**2+y**2)",
        "atan2(y,x)+mod(x,2)*y",
    ]
    for _ in range(int(os.environ.get("GRADCLI_NATIVE", "100")) // 4):
        at = {
            name: rng.choice((rng.uniform(-3, 3), rng.gauss(0, 1) * 10 ** rng.uniform(-200, 200)))
            for name in "xy"
        }
        rate = 10 ** rng.uniform(-12, 12) if rng.random() < 0.5 else 10 ** rng.uniform(-300, 300)
        options = {"lr": rate, "steps": rng.randint(21, 90)} | rng.choice(WAYS)
        optimizer = rng.choice(("sgd", "adam", "rmsprop"))
        native, python = both(rng.choice(texts), at, optimizer, **options)
        assert native == python, (at, options)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("count", [20, 60])
def test_many_variables_have_the_bits_of_python(count, optimizer, made):
    """States that do not fit into registers change places between two halves of a memory."""
    text = "+".join(f"100*(x{i + 1}-x{i}**2)**2+(1-x{i})**2" for i in range(count))
    at = {f"x{i}": -1.2 + 0.05 * i for i in range(count + 1)}
    for steps in (41, 42):
        native, python = both(
            text, at, optimizer, lr=0.0005, steps=steps, wrt=[f"x{i}" for i in range(1, count)]
        )
        assert native == python
    assert made["native"]


def test_rolled_steps_have_the_bits_of_python(monkeypatch):
    """Optimizers with all that they can do, the lines rolled into loops."""
    monkeypatch.setattr(native_loop, "STRAIGHT", 0)
    text = "+".join(f"100*(x{i + 1}-x{i}**2)**2+(1-x{i})**2*exp(-x{i}/9)" for i in range(7))
    at = {f"x{i}": -1.2 + 0.05 * i for i in range(8)}
    for name, dialect in EVERY[::3]:
        settings = settings_of(name, dialect, True)
        for way in (
            {},
            {"clip_norm": 5.0, "schedule": schedule_of("cosine")},
            {"bounds": {"x3": (0.0, 0.5)}, "ascend": True},
        ):
            native, python = both(text, at, name, dialect, **settings, **way, steps=33)
            assert native == python, (name, dialect, way)


def test_chunks_change_nothing_and_interrupts_come_between_them(monkeypatch):
    """Steps are handed over in chunks; an alarm rings between two of them."""
    whole = descend(ROSENBROCK, START, "adam", lr=0.001, steps=5000, backend="native")
    monkeypatch.setattr(native_loop, "CHUNK", 2e4)
    assert descend(ROSENBROCK, START, "adam", lr=0.001, steps=5000, backend="native") == whole

    class Rung(BaseException):
        pass

    def ring(*_):
        raise Rung

    monkeypatch.setattr(native_loop, "CHUNK", 20e6)
    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        begun = time.process_time()
        with pytest.raises(Rung):
            descend(ROSENBROCK, START, "adam", lr=1e-9, steps=10**12, backend="native")
        assert time.process_time() - begun < 60
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_a_few_steps_are_native_where_that_is_asked_for(made):
    """One step as well."""
    for steps in (0, 1, 2, 20):
        native, python = both(ROSENBROCK, START, "adam", lr=0.01, steps=steps)
        assert native == python
    assert made["native"] == 23


def test_native_code_is_made_where_it_pays_and_nowhere_else(made):
    """By the number of instructions and steps alone."""
    descend(ROSENBROCK, START, lr=0.001, steps=1000)
    assert made["native"] == 0
    descend(ROSENBROCK, START, lr=0.001, steps=3_000_000)
    assert made["native"] == 3_000_000


@pytest.mark.parametrize("why", ["missing", "service", "memory", "pages", "long", "broken"])
def test_without_native_code_python_takes_the_steps_and_says_why_where_it_was_asked_for(
    why, monkeypatch, made
):
    """The same result; the note is there for `native` alone."""
    plain = descend(ROSENBROCK, START, lr=0.001, steps=30, backend="python")
    if why == "missing":
        monkeypatch.setattr(native_support, "_is_installed", lambda: False)
    elif why == "memory":
        monkeypatch.setattr(native_support, "_address_space_left", lambda: 0.1)
    elif why == "pages":
        monkeypatch.setattr(native_support, "_pages_may_run", lambda: False)
    elif why == "long":
        monkeypatch.setattr(native_support, "MOST_LINES", 10)
    elif why == "broken":
        monkeypatch.setattr(native_loop, "MachineCode", lambda *_, **__: (_ for _ in ()).throw(OSError))
    else:
        raise_limits({name: row.service for name, row in LIMITS.items()})
    monkeypatch.setattr(native_steps, "pays", lambda *_: True)
    monkeypatch.setattr(machine_code, "pays", lambda *_: True)
    try:
        quiet = descend(ROSENBROCK, START, lr=0.001, steps=30)
        told = descend(ROSENBROCK, START, lr=0.001, steps=30, backend="native")
    finally:
        raise_limits({})
    assert quiet == plain
    assert told._replace(notes=()) == plain
    assert [note.kind for note in told.notes] == ["backend"]
    assert made["native"] == 0


def test_slots_that_have_become_infinite_stay_so():
    """As in the libraries: the step is Python's where that begins, and what is said is the same."""
    native, python = both("1e160*x", {"x": 1.0}, "adam", lr=1.0, steps=400)
    assert native == python
    assert any(note.kind == "overflow" for note in python.notes)
    assert math.isinf(python.slots["v"]["x"])
