"""Tables of points: a formula and its partials in every row of a file, beside those who are made for tables."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.peers import Peers
from tests.benchmarks.places import Place
from tests.benchmarks.report import NO_BAR, Row
from tests.benchmarks.timing import Command, fixed, in_turn

TEXT = "exp(-x**2)*sin(x*y) + log(1 + x*x + y*y)"

#: e = sin(e)*x + cos(e), thirty times: its digits are lost in every sixteenth row, which others do not say.
NEST = "; ".join(["e0 = x", *(f"e{i + 1} = sin(e{i})*x + cos(e{i})" for i in range(30)), "e30"])

#: Rows of the Parquet file, and of the CSV file.
ROWS, LINES = 10_000_000, 1_000_000


def tables(place: Place, peers: Peers, runs: int) -> Iterator[Row]:
    """Parquet to Parquet, CSV to CSV, and four times the rows; wall time of whole commands."""
    source, quarter, lines = _files(place.folder)
    others = {name: python for name in ("duckdb", "polars") if (python := peers.python(name))}
    commands = {"gradcli": _ours(place, source, "o.parquet"), "quarter": _ours(place, quarter, "q.parquet"),
                "numpy": fixed(place.program("table_by_hand", "numpy", source, "n.parquet"))}  # fmt: skip
    for name, python in others.items():
        commands[name] = fixed(place.program("table_by_hand", name, source, f"{name}.parquet", python=python))
    seconds = in_turn(place, commands, runs)
    what = "value and two partials, 10 million rows, Parquet to Parquet"
    for name in others:
        yield Row(what, f"{name}, written by hand", seconds["gradcli"], seconds[name], "≤ 1.1")
    yield Row(what, "NumPy in blocks, written by hand", seconds["gradcli"], seconds["numpy"], NO_BAR)
    yield Row("four times the rows", "gradcli itself", seconds["gradcli"], seconds["quarter"], "≤ 4.3")
    commands = {"gradcli": _ours(place, source, "e.parquet", NEST)}
    for name, python in others.items():
        commands[name] = fixed(
            place.program("table_by_hand", name, source, f"{name}e.parquet", "nest", python=python)
        )
    seconds = in_turn(place, commands, max(2, runs // 2))
    for name in others:
        yield Row("the 30-fold nest and its slope, 10 million rows, Parquet to Parquet", f"{name}, written by hand",
                  seconds["gradcli"], seconds[name], "≤ 1.0")  # fmt: skip
    yield from _losses(place, peers, runs)
    commands = {"gradcli": _ours(place, lines, "o.csv")}
    for name, python in others.items():
        commands[name] = fixed(place.program("table_by_hand", name, lines, f"{name}.csv", python=python))
    seconds = in_turn(place, commands, runs)
    for name in others:
        yield Row("the same, 1 million rows, CSV to CSV", f"{name}, written by hand", seconds["gradcli"], seconds[name],
                  "≤ 2" if name == "polars" else NO_BAR)  # fmt: skip


def _losses(place: Place, peers: Peers, runs: int) -> Iterator[Row]:
    """A loss and its slopes over rows in memory, by machine code and by NumPy."""
    jax = peers.python("jax")
    seconds: dict[str, list[list[float]]] = {
        "gradcli": [],
        "arrays": [],
        "numpy": [],
        **({"jax": []} if jax else {}),
    }
    for _ in range(runs):
        for name, found in seconds.items():
            python = jax if jax and name == "jax" else sys.executable
            told = place.output(place.program("loss_over_rows", name, str(ROWS), python=python))
            found.append(list(map(float, told.split())))
    others = {"numpy": ("NumPy by hand, whole arrays, one thread", "≤ 1.2"), "jax": ("JAX, jitted", "≤ 2")}
    for i, where in enumerate(("far from the minimum", "at the minimum")):
        what = f"a loss and three slopes, 10 million rows in memory, {where}"
        found = {name: [one[i] for one in every] for name, every in seconds.items()}
        for name in seconds.keys() & others.keys():
            other, bar = others[name]
            yield Row(what, other, found["gradcli"], found[name], bar)
        without = f"{what}, without machine code"
        yield Row(without, others["numpy"][0], found["arrays"], found["numpy"], NO_BAR)


def _ours(place: Place, source: str, target: str, text: str = TEXT) -> Command:
    return fixed(
        [*place.gradcli, "grad", text, "--data", source, "--out", str(place.folder / target), "--no-save"]
    )


def _files(folder: Path) -> tuple[str, str, str]:
    """A Parquet file, one of a quarter of its rows, and a CSV file."""
    import numpy as np
    import pyarrow as pa
    from pyarrow import parquet

    normal = np.random.default_rng(1).normal
    for name, rows in (("p.parquet", ROWS), ("r.parquet", ROWS // 4)):
        columns = {"x": normal(size=rows), "y": normal(size=rows)}
        parquet.write_table(pa.table(columns), folder / name, use_dictionary=False)
    chance = random.Random(1)
    with (folder / "p.csv").open("w") as stream:
        stream.write("x,y\n")
        stream.writelines(f"{chance.gauss(0, 1)!r},{chance.gauss(0, 1)!r}\n" for _ in range(LINES))
    return str(folder / "p.parquet"), str(folder / "r.parquet"), str(folder / "p.csv")
