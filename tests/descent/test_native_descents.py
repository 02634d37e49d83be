"""Descents whose evaluations are machine code: the same way, the same ending, the same words."""

from __future__ import annotations

import pytest

from gradcli.calculus.native import native_evaluation
from gradcli.descent.minimization.minimizer import minimize
from gradcli.descent.minimization.plan import Plan, choose_method
from gradcli.descent.steps import program_runs
from gradcli.language.errors import GradcliError
from tests.descent.problems import compiled

pytest.importorskip("llvmlite", reason="native code needs the extra gradcli[native]")

PROBLEMS = [
    ("100*(y-x**2)**2+(1-x)**2", {"x": -1.2, "y": 1.0}), ("abs(x)+(y-1)**2", {"x": 2.0, "y": 3.0}),
    ("log(x)+1/x+y**4", {"x": 5.0, "y": 1.0}), ("x**3-3*x", {"x": -3.0}), ("exp(x)", {"x": 1.0}),
    ("sqrt(x)+y**2", {"x": 1.0, "y": 1.0}), ("-x**2", {"x": 1.0}), ("hypot(x,y)+lgamma(x+5)", {"x": 3.0, "y": 4.0}),
]  # fmt: skip


@pytest.fixture(autouse=True)
def forgotten():
    """No program is remembered from another test."""
    program_runs._last.clear()


@pytest.mark.parametrize("method", ["bfgs", "newton"])
@pytest.mark.parametrize(("text", "at"), PROBLEMS, ids=[text for text, _ in PROBLEMS])
def test_descents_end_as_with_python(text, at, method):
    """Points, values, verdicts, counts and errors."""
    found = []
    for backend in ("native", "python"):
        try:
            outcome = minimize(
                compiled(text), text, at, Plan(choose_method(method), max_steps=60, backend=backend)
            )
            found.append(outcome)
        except GradcliError as problem:
            found.append((problem.message, problem.span))
    assert found[0] == found[1]


def long_text(terms):
    return "+".join(f"(a*{i}/7+b*{(i * i) % 11}-sin({i}*c)-{i % 5})**2" for i in range(terms))


def test_machine_code_is_made_once_it_pays(monkeypatch):
    """After so many evaluations of so long a program; restarts go on with it."""
    made = []
    plain = native_evaluation.NativeProgram
    monkeypatch.setattr(native_evaluation, "NativeProgram", lambda *a, **k: made.append(1) or plain(*a, **k))
    program = compiled(long_text(150))
    point = [0.3, -0.2, 0.1]
    python = program_runs.ProgramRun(program, "python")
    run = program_runs.run_of(program)
    asked, expected = 0, python(*point)
    while not run.is_native:
        assert run(*point) == expected
        asked += 1
        assert asked < 20_000
    assert asked > 100
    assert run(*point) == expected
    assert program_runs.run_of(program) is run
    assert not python.is_native


def test_short_programs_stay_with_python():
    """A call of machine code costs more than they do."""
    run = program_runs.run_of(compiled("100*(y-x**2)**2+(1-x)**2"))
    for _ in range(50_000):
        run(1.0, 2.0)
    assert not run.is_native


def test_without_native_code_the_descent_says_so(monkeypatch):
    """Where it was asked for."""
    monkeypatch.setattr(program_runs, "obstacle", lambda _: "it is not there")
    text, at = PROBLEMS[0]
    told = minimize(compiled(text), text, at, Plan(choose_method(), backend="native"))
    assert [note.kind for note in told.notes] == ["backend"]
    program_runs._last.clear()
    plain = minimize(compiled(text), text, at, Plan(choose_method()))
    assert told._replace(notes=()) == plain
