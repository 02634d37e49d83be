"""Workers of Dask beside one process, whole commands: starting, reading and merging counted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from shutil import which

from tests.benchmarks.peers import Peers
from tests.benchmarks.places import Place
from tests.benchmarks.report import NO_BAR, Row
from tests.benchmarks.timing import Command, fixed, in_turn

#: Rows of the Parquet file; GRADCLI_ROWS_OF_ENGINES says others.
ROWS = int(os.environ.get("GRADCLI_ROWS_OF_ENGINES", "20000000"))

#: e = sin(e)*x + cos(e), thirty times.
NEST = "; ".join(["e0 = a*x", *(f"e{i + 1} = sin(e{i})*x + cos(e{i})" for i in range(30))])

ENGINE = ("--engine", "dask", "--engine-workers", "2")


def engines(place: Place, peers: Peers, runs: int) -> Iterator[Row]:
    """A loss and a table of points, each by two workers of one thread and by one process."""
    import numpy as np
    import pyarrow as pa
    from pyarrow import parquet

    file = place.folder / "x.parquet"
    with parquet.ParquetWriter(file, pa.schema([("x", pa.float64())]), use_dictionary=False) as writer:
        for start in range(0, ROWS, 500_000):
            column = np.random.default_rng(start).uniform(0, 0.5, min(500_000, ROWS - start))
            writer.write_table(pa.table({"x": column}))
    data = ("--data", str(file), "--a", "0.3", "--no-save")
    loss = [*place.gradcli, "grad", f"{NEST}; mean(e30)", *data, "--get", "gradient.a"]
    table = [*place.gradcli, "grad", f"{NEST}; e30", *data]
    alone = (
        ["taskset", "-c", "0"] if which("taskset") else []
    )  # a pass has a thread for each processor otherwise
    one = in_turn(place, {"one": fixed([*alone, *loss]), "two": fixed([*loss, *ENGINE])}, runs)
    rows = f"{ROWS / 1e6:g} million rows"
    yield Row(
        f"loss and gradient of the 30-fold nest, {rows}, two workers",
        "one process of one thread",
        one["two"],
        one["one"],
        "≤ 0.625",
    )
    folders = (f"{place.folder}/parts-{run}/" for run in range(10**6))

    def parted(_: int) -> list[str]:
        return [*table, *ENGINE, "--out", next(folders)]

    commands = {
        "one": fixed([*table, "--out", str(place.folder / "whole.parquet")]),
        "two": Command(parted),
    }
    both = in_turn(place, commands, runs)
    yield Row(f"table of points of the same, {rows}, part files of two workers", "one file of one process", both["two"],
              both["one"], NO_BAR)  # fmt: skip
