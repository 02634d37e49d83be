"""What is measured against what, and the ratio to stay below."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.constraints import constraints
from tests.benchmarks.engines import engines
from tests.benchmarks.fits import fits
from tests.benchmarks.native_batches import native_rows
from tests.benchmarks.native_steps import native, sizes
from tests.benchmarks.peers import Peers
from tests.benchmarks.places import Place
from tests.benchmarks.report import NO_BAR, Row
from tests.benchmarks.tables import tables
from tests.benchmarks.timing import Command, fixed, in_turn, once, processor

Section = Callable[[Place, Peers, int], Iterator[Row]]

EXPRESSION = "x**2+x*y+3"
POINT = ("--x", "5", "--y", "3")


def rosenbrock(count: int) -> dict[str, object]:
    """The Rosenbrock problem of *count* variables, as gradcli reads it."""
    terms = (f"100*(x{i + 1} - x{i}**2)**2 + (1 - x{i})**2" for i in range(1, count))
    return {"expression": " + ".join(terms), "at": {f"x{i}": 0.5 + i / count for i in range(1, count + 1)}}


#: What a start is measured against.
BARE = "a bare click program that prints a number"


def startup(place: Place, peers: Peers, runs: int) -> Iterator[Row]:
    """Whole processes that have little to do, beside a click program that only prints a number; seconds of processor."""
    del peers
    place.output([*place.gradcli, "grad", EXPRESSION, *POINT])
    seconds = in_turn(place, {
        "bare": fixed(place.program("bare_click", "3")),
        "grad": fixed([*place.gradcli, "grad", EXPRESSION, *POINT]),
        "step": fixed([*place.gradcli, "step", "--lr", "0.001"]),
        "help": fixed([*place.gradcli, "--help"]),
    }, runs, processor)  # fmt: skip
    yield Row("`grad`, known expression, plain output", BARE, seconds["grad"], seconds["bare"], "≤ 1.15")
    yield Row("`step` in a session", BARE, seconds["step"], seconds["bare"], "≤ 1.25")
    yield Row("`--help`", BARE, seconds["help"], seconds["bare"], "≤ 1.25")


#: Commands that want numbers alone of an expression E that was never seen.
NUMBERS: dict[str, Callable[[str], list[str]]] = {
    "`grad --get gradient.x`": lambda text: ["grad", text, *POINT, "--get", "gradient.x"],
    "`step`": lambda text: ["step", text, *POINT, "--lr", "0.001"],
    "`hessian --get hessian.x.x`": lambda text: ["hessian", text, *POINT, "--get", "hessian.x.x"],
    "`minimize`": lambda text: ["minimize", f"{text}+y**2", *POINT],
}


def unseen(place: Place, peers: Peers, runs: int) -> Iterator[Row]:
    """Expressions never seen before, another constant at every run: numbers alone, and with formulas; seconds of processor."""
    del peers
    commands = {
        name: Command(lambda run, make=make: [*place.gradcli, *make(f"{EXPRESSION}+{run + 7}")])
        for name, make in NUMBERS.items()
    }
    balls = Command(
        lambda run: [
            *place.gradcli,
            "grad",
            f"{EXPRESSION}+{run + 7}/7",
            *POINT,
            "--digits",
            "30",
            "--get",
            "value",
        ]
    )
    seconds = in_turn(place, {
        "bare": fixed(place.program("bare_click", "3")), **commands, "balls": balls,
        "gradcli": Command(lambda run: [*place.gradcli, "grad", f"{EXPRESSION}+sin(x)*{run + 7}", *POINT]),
        "sympy": Command(lambda run: place.program("sympy_gradient", str(run + 7))),
    }, runs, processor)  # fmt: skip
    for name in NUMBERS:
        yield Row(f"{name}, expression never seen", BARE, seconds[name], seconds["bare"], "≤ 1.6")
    yield Row(
        "`grad --digits 30`, expression never seen, in balls", BARE, seconds["balls"], seconds["bare"], NO_BAR
    )
    what = "`grad` with formulas, expression never seen"
    yield Row(what, "the shortest sympy script", seconds["gradcli"], seconds["sympy"], "≤ 0.8")


def neighbours(place: Place, peers: Peers, runs: int) -> Iterator[Row]:
    """The same gradient from other calculators of the shell."""
    ours = [*place.gradcli, "grad", EXPRESSION, *POINT]
    place.output(ours)
    found = {name: fixed(command) for name, command in peers.calculators().items()}
    seconds = in_turn(place, {"gradcli": fixed(ours), **found}, runs)
    for name in found:
        bar = "< 1" if name in ("qalc", "maxima") else NO_BAR
        yield Row("`grad`, known expression", name, seconds["gradcli"], seconds[name], bar)


def many_variables(place: Place, peers: Peers, runs: int) -> Iterator[Row]:
    """Rosenbrock's function of 1000 and of 2000 variables, never seen: a memory of its own for each run."""
    files = {count: _written(place, f"rosenbrock{count}.json", [rosenbrock(count)]) for count in (1000, 2000)}
    fresh = ["sh", "-c", 'GRADCLI_HOME="$(mktemp -d "$GRADCLI_HOME.XXXXXX")" exec "$0" "$@"']
    command = [*fresh, *place.gradcli, "grad", "-", "--format", "json"]
    commands = {str(count): fixed(command, files[count]) for count in files}
    if python := peers.python("casadi"):
        commands["casadi"] = fixed(place.program("casadi_rosenbrock", "1000", python=python))
    seconds = in_turn(place, commands, runs)
    what = "Rosenbrock, 1000 variables, never seen, `--format json`"
    yield Row(
        "the same with 2000 variables",
        "gradcli with 1000 variables",
        seconds["2000"],
        seconds["1000"],
        "≤ 2.3",
    )
    if "casadi" in seconds:
        yield Row(what, "CasADi, a script", seconds["1000"], seconds["casadi"], NO_BAR)
    slow = once(place, fixed(place.program("sympy_rosenbrock", "1000")))
    yield Row(
        what, "sympy, `diff` per variable (one run)", seconds["1000"], [slow] * len(seconds["1000"]), "≤ 1/50"
    )


def programs(place: Place, peers: Peers, runs: int) -> Iterator[Row]:
    """The compiled programs themselves, in one process."""
    del peers
    found = [json.loads(place.output(place.program("programs"))) for _ in range(runs)]
    both, value = ([one[name] for one in found] for name in ("value and gradient", "value"))
    yield Row(
        "Rosenbrock, 1000 variables: value and gradient", "value alone, same backend", both, value, "≤ 4"
    )
    deep, half = ([one[name] for one in found] for name in ("depth 60", "depth 30"))
    yield Row("`e = sin(e)*x + cos(e)`, 60-fold", "30-fold", deep, half, "≤ 2.2", "instructions")
    corner, smooth = ([one[name] for one in found] for name in ("corner", "smooth"))
    yield Row(
        "an evaluation where four terms tie (Jamil and Yang's Quintic)",
        "one at a smooth point",
        corner,
        smooth,
        "≤ 20",
    )


def descents(place: Place, peers: Peers, runs: int) -> Iterator[Row]:
    """One step of a descent on Rosenbrock's function of two variables: long runs less short ones."""
    begin = [*place.gradcli, "step", "100*(y-x**2)**2+(1-x)**2", "--x=-1.2", "--y", "1", "--lr", "0.0001"]
    seconds = in_turn(place, {
        "ours": fixed([*begin, "--steps", "1000000"]), "our start": fixed([*begin, "--steps", "1"]),
        "loop": fixed(place.program("descent_by_hand", "1000000")),
        "start": fixed(place.program("descent_by_hand", "1")),
    }, runs)  # fmt: skip
    ours = _each(seconds["ours"], seconds["our start"], 1_000_000)
    loop = _each(seconds["loop"], seconds["start"], 1_000_000)
    what = "one step of `step --steps 1000000`, Rosenbrock(2)"
    yield Row(what, "a hand-written Python loop", ours, loop, "≤ 2")
    frameworks = (("torch", "PyTorch, SGD with autograd", "≤ 1/50"), ("tensorflow", "a TensorFlow 1 session", "≤ 1/50"),
                  ("jax", "JAX, a jitted step", NO_BAR))  # fmt: skip
    for package, name, bar in frameworks:
        if python := peers.python(package):
            theirs = [
                float(place.output(place.program(f"{package}_steps", python=python)).split()[-1])
                for _ in ours
            ]
            yield Row(what, name, ours, theirs, bar)


def streams(place: Place, peers: Peers, runs: int) -> Iterator[Row]:
    """100,000 points of one expression, as JSON lines."""
    del peers
    source = random.Random(1)
    points = ({"x": source.uniform(-5, 5), "y": source.uniform(-5, 5)} for _ in range(100_000))
    file = _written(place, "points.jsonl", ({"expression": EXPRESSION, "at": point} for point in points))
    seconds = in_turn(place, {
        "ours": fixed([*place.gradcli, "grad", "-", "--format", "jsonl"], file),
        "loop": fixed(place.program("lines_by_hand"), file),
    }, runs)  # fmt: skip
    yield Row("`grad -`, 100,000 points of one expression", "a hand-written loop over the same JSON lines",
              seconds["ours"], seconds["loop"], "≤ 2.5")  # fmt: skip


def _written(place: Place, name: str, records: object) -> Path:
    file = place.folder / name
    with file.open("w") as stream:
        stream.writelines(json.dumps(record) + "\n" for record in records)  # type: ignore[attr-defined]
    return file


def _each(long: list[float], short: list[float], count: int) -> list[float]:
    return [(a - b) / count for a, b in zip(long, short, strict=True)]


SECTIONS: dict[str, Section] = {
    "startup": startup,
    "unseen": unseen,
    "neighbours": neighbours,
    "streams": streams,
    "programs": programs,
    "descents": descents,
    "many variables": many_variables,
    "tables": tables,
    "fits": fits,
    "constraints": constraints,
    "engines": engines,
    "native": native,
    "native sizes": sizes,
    "native rows": native_rows,
}
