"""Steps in native code against C: what a person writes, and the program's own instructions; seconds of processor."""

from __future__ import annotations

import importlib.util
import json
import math
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import NamedTuple

from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.descent.rules.optimizer_choice import choose
from gradcli.descent.steps.native_steps import native_loop
from gradcli.descent.steps.optimizer_steps import slots_in_order
from gradcli.descent.steps.step_evaluator import StepEvaluator
from gradcli.descent.steps.step_problem import State, step_problem
from tests.benchmarks.peers import Peers
from tests.benchmarks.places import PROGRAMS, Place
from tests.benchmarks.report import Row
from tests.benchmarks.timing import fixed, in_turn, processor

#: Flags of the C compiler: what it computes is what is written.
FLAGS = ("-O2", "-ffp-contract=off")


class Problem(NamedTuple):
    """What is stepped, as gradcli reads it; how many steps, the name of it in steps_by_hand.c, and the bar."""

    what: str
    expression: str
    at: dict[str, float]
    steps: int
    by_hand: str
    bar: str
    optimizer: str = "sgd"
    settings: tuple[tuple[str, float], ...] = (("lr", 0.001),)


ROSENBROCK, START = "100*(y-x**2)**2+(1-x)**2", {"x": -1.2, "y": 1.0}
MANY = "+".join(f"100*(x{i + 1}-x{i}**2)**2+(1-x{i})**2" for i in range(999))
ROWS = [(i - 9) / 8 * (1 if i % 3 else -1) for i in range(20)]
LOGISTIC = "+".join(f"log(1+exp(-(a*({row!r})+b)))" for row in ROWS)
FUNCTIONS = "exp(-x**2-y**2)*sin(x)+log(1+x**2)+tanh(y)**2"

PROBLEMS = (
    Problem("Rosenbrock(2), sgd", ROSENBROCK, START, 100_000_000, "sgd", "≤ 2"),
    Problem("Rosenbrock(2), momentum", ROSENBROCK, START, 100_000_000, "momentum", "≤ 2",
            settings=(("lr", 0.001), ("momentum", 0.9))),
    Problem("Rosenbrock(2), adam", ROSENBROCK, START, 20_000_000, "adam", "≤ 2", "adam"),
    Problem("Rosenbrock(1000), sgd", MANY, {f"x{i}": 0.5 for i in range(1000)}, 1_000_000, "many", "≤ 2.5",
            settings=(("lr", 0.0005),)),
    Problem("logistic loss of 20 rows", LOGISTIC, {"a": 0.1, "b": 0.2}, 10_000_000, "logistic", "≤ 1.5"),
    Problem("exp, sin, log, tanh", FUNCTIONS, {"x": 0.3, "y": 0.4}, 50_000_000, "functions", "≤ 1.5"),
)  # fmt: skip


def native(place: Place, peers: Peers, runs: int) -> Iterator[Row]:
    """Whole commands, `step --steps N`, each against both programs in C."""
    compiler = which("cc")
    if compiler is None or importlib.util.find_spec("llvmlite") is None:
        peers.skipped.add("llvmlite or cc is not installed: native code was not measured")
        return
    by_hand = _built(place, compiler, PROGRAMS / "steps_by_hand.c")
    for problem in PROBLEMS:
        file = place.folder / "problem.json"
        file.write_text(json.dumps(problem._asdict() | {"settings": dict(problem.settings)}))
        own = place.folder / f"own_{problem.by_hand}.c"
        own.write_text(place.output(place.program("own_instructions", str(file))))
        seconds = in_turn(place, {
            "ours": fixed(_command(place, problem)),
            "hand": fixed([str(by_hand), problem.by_hand, str(problem.steps)]),
            "own": fixed([str(_built(place, compiler, own)), str(problem.steps)]),
        }, runs, processor)  # fmt: skip
        what = f"`step --steps {problem.steps}`, {problem.what}, the whole command"
        yield Row(what, "C by hand, `cc -O2`", seconds["ours"], seconds["hand"], problem.bar)
        yield Row(what, "the same instructions as C", seconds["ours"], seconds["own"], "≤ 1.4")
    yield from _beside_jax(place, peers, runs)


def _beside_jax(place: Place, peers: Peers, runs: int) -> Iterator[Row]:
    """One step of many: those of the first problem less one, against a loop that JAX has compiled whole."""
    python = peers.python("jax")
    if python is None:
        return
    problem = PROBLEMS[0]
    alone = place.program("jax_whole_loop", python=python)
    seconds = in_turn(place, {
        "many": fixed(_command(place, problem)), "one": fixed(_command(place, problem._replace(steps=1))),
    }, runs, processor)  # fmt: skip
    ours = [(a - b) / problem.steps for a, b in zip(seconds["many"], seconds["one"], strict=True)]
    theirs = [float(place.output(alone).split()[-1]) for _ in ours]
    yield Row(
        f"one step of `step --steps {problem.steps}`, {problem.what}",
        "JAX, the loop jitted",
        ours,
        theirs,
        "≤ 0.8",
    )


def sizes(place: Place, peers: Peers, runs: int) -> Iterator[Row]:
    """As few steps as `--backend auto` takes in native code, against Python: there they must not take longer."""
    if importlib.util.find_spec("llvmlite") is None:
        peers.skipped.add("llvmlite is not installed: native code was not measured")
        return
    for problem in PROBLEMS:
        steps = _fewest(problem)
        shown = problem._replace(steps=steps)
        seconds = in_turn(place, {
            "native": fixed([*_command(place, shown), "--backend", "native"]),
            "python": fixed([*_command(place, shown), "--backend", "python"]),
        }, runs, processor)  # fmt: skip
        what = f"{problem.what}, {steps} steps in native code, the least that auto takes so"
        yield Row(what, "the same in Python", seconds["native"], seconds["python"], "≤ 1")


def _fewest(problem: Problem) -> int:
    """Up to one part in a thousand, by bisection."""
    program = compile_text([problem.expression], (), formulas=False)
    course = step_problem(
        program.program, program.text, choose(problem.optimizer, None, dict(problem.settings))
    )
    state = State(tuple(problem.at.values()), slots_in_order(course, {}), 0, (0,) * len(course.moving))
    low, high = 0, 10**9
    while high - low > high // 1000 + 1:
        middle = (low + high) // 2
        taken = native_loop(StepEvaluator(course, {}), state, middle, "auto") is not None
        low, high = (low, middle) if taken else (middle, high)
    return high


def _command(place: Place, problem: Problem) -> list[str]:
    options = [f"--{name}={value}" for name, value in problem.settings]
    text = place.folder / "expression.txt"
    text.write_text(problem.expression)
    at = ",".join(f"{name}={value}" for name, value in problem.at.items())
    assert all(map(math.isfinite, problem.at.values()))
    return [
        *place.gradcli, "step", f"@{text}", "--at", at, "--optimizer", problem.optimizer, *options,
        "--steps", str(problem.steps), "--dry-run",
    ]  # fmt: skip


def _built(place: Place, compiler: str, source: Path) -> Path:
    program = place.folder / source.stem
    place.output([compiler, *FLAGS, "-o", str(program), str(source), "-lm"])
    return program
