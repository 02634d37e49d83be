"""Rows in native code against PyTorch and NumPy, seconds of the processor."""

from __future__ import annotations

import importlib.util
import json
import random
from collections.abc import Iterator

from tests.benchmarks.peers import Peers
from tests.benchmarks.places import Place
from tests.benchmarks.report import Row
from tests.benchmarks.timing import fixed, in_turn, processor

LOSS = "mean((y-a*x-b-c*x**2)**2)"


def native_rows(place: Place, peers: Peers, runs: int) -> Iterator[Row]:
    """A million steps along batches, less one; and one evaluation of 10 million rows."""
    if importlib.util.find_spec("llvmlite") is None:
        peers.skipped.add("llvmlite is not installed: native code was not measured")
        return
    if python := peers.python("torch"):
        begin = [*place.gradcli, "step", LOSS, "--data", str(_points(place)), "--batch", "64", "--lr", "0.01",
                 "--at", "a=0,b=0,c=0", "--backend", "native", "--dry-run"]  # fmt: skip
        seconds = in_turn(place, {
            "many": fixed([*begin, "--steps", "1000000"]), "one": fixed([*begin, "--steps", "1"]),
        }, runs, processor)  # fmt: skip
        ours = [(a - b) / 1_000_000 for a, b in zip(seconds["many"], seconds["one"], strict=True)]
        theirs = [
            float(place.output(place.program("torch_batches", python=python)).split()[-1]) for _ in ours
        ]
        what = "one step along a batch of 64 rows, three parameters, of `step --steps 1000000`"
        yield Row(what, "PyTorch's SGD on tensors", ours, theirs, "≤ 1/50")
    if importlib.util.find_spec("numpy") is not None:
        found = json.loads(place.output(place.program("rows_in_arrays", str(runs))))
        what = "a value and three slopes of 10 million rows, exact sums, all processors"
        yield Row(what, "NumPy in blocks, plain sums", found["native"], found["by hand"], "≤ 0.7")


def _points(place: Place) -> object:
    source, file = random.Random(1), place.folder / "batches.csv"
    with file.open("w") as stream:
        stream.write("x,y\n")
        for _ in range(10_000):
            x = source.uniform(-3, 3)
            stream.write(f"{x:.6f},{2 * x + 1 + source.gauss(0, 0.3):.6f}\n")
    return file
