"""Fits: of thirty rows as a whole command, of ten million rows per iteration."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator

from tests.benchmarks.peers import Peers
from tests.benchmarks.places import Place
from tests.benchmarks.report import NO_BAR, Row
from tests.benchmarks.timing import fixed, in_turn, processor

#: Rows of an iteration, and iterations in a process.
ROWS, ROUNDS = 10_000_000, 5

MODEL = "a*exp(-k*x) + c"


def fits(place: Place, peers: Peers, runs: int) -> Iterator[Row]:
    """Thirty rows, known model; seconds of processor. Ten million rows by three parameters, an iteration."""
    del peers
    chance = random.Random(1)
    with (place.folder / "thirty.csv").open("w") as file:
        file.write("x,y\n")
        file.writelines(
            f"{k / 3:.4f},{5 * math.exp(-0.3 * k / 3) + 1 + chance.gauss(0, 0.05):.6f}\n" for k in range(30)
        )
    typed = [*place.gradcli, "fit", MODEL, "--to", "y", "--data", str(place.folder / "thirty.csv")]
    start = ["--a", "4", "--k", "0.2", "--c", "0"]
    commands = {
        "bare": fixed(place.program("bare_click", "3")),
        "start": fixed([*typed, *start, "--no-save"]),
        "given": fixed([*typed, *start, "--start", "given", "--no-save"]),
        "none": fixed([*typed, "--no-save"]),
        "kept": fixed([*typed, *start]),
    }
    seconds = in_turn(place, commands, runs, processor)
    bare, what = "a bare click program that prints a number", "`fit` of 30 rows, known model"
    yield Row(f"{what}, from a start", bare, seconds["start"], seconds["bare"], "≤ 3")
    yield Row(f"{what}, `--start given`", bare, seconds["given"], seconds["bare"], "≤ 3")
    yield Row(f"{what}, without a start", bare, seconds["none"], seconds["bare"], NO_BAR)
    yield Row(f"{what}, kept in a session", bare, seconds["kept"], seconds["bare"], NO_BAR)
    made = [
        json.loads(place.output(place.program("fit_by_hand", str(ROWS), str(ROUNDS))))
        for _ in range(max(2, runs // 5))
    ]
    ours, hand, blocks = ([one[name] for one in made] for name in ("gradcli", "numpy", "numpy in blocks"))
    what = "an iteration of a fit, 10 million rows, 3 parameters"
    yield Row(what, "NumPy over whole arrays, written by hand", ours, hand, "≤ 1.3")
    yield Row(what, "NumPy in blocks, written by hand", ours, blocks, NO_BAR)
