"""`python -m tests.benchmarks`: measure everything, print the ratios, write them as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.benchmarks.comparisons import SECTIONS
from tests.benchmarks.machine import described
from tests.benchmarks.peers import Peers
from tests.benchmarks.places import Place
from tests.benchmarks.report import Row, table


def main() -> None:
    """Run the sections that were asked for."""
    options = _options()
    rows: list[Row] = []
    machine = described()
    print(machine, flush=True)
    with Place() as place:
        peers = Peers(options.peer_python)
        for name in options.sections or SECTIONS:
            for row in SECTIONS[name](place, peers, max(2, round(options.runs * _SHARE.get(name, 1)))):
                rows.append(row)
                print(f"  {row.sentence()}", file=sys.stderr, flush=True)
    print(table(rows))
    for skipped in sorted(peers.skipped):
        print(f"skipped: {skipped}")
    if options.json:
        Path(options.json).write_text(json.dumps(_record(machine, rows, peers), indent=1) + "\n")


#: How many of the runs the slower sections make.
_SHARE = {
    "unseen": 0.5,
    "neighbours": 0.5,
    "many variables": 0.2,
    "descents": 0.2,
    "streams": 0.2,
    "programs": 0.2,
    "tables": 0.2,
    "engines": 0.1,
    "native": 0.3,
    "native sizes": 0.3,
    "native rows": 0.3,
}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "sections", nargs="*", metavar="SECTION", help=f"all, or some of: {', '.join(SECTIONS)}"
    )
    parser.add_argument("--json", metavar="FILE", help="write every measured number there")
    parser.add_argument("--runs", type=int, default=25, metavar="N", help="runs of each quick command (25)")
    parser.add_argument(
        "--peer-python", action="append", default=[], metavar="PATH",
        help="another Python in which to look for casadi, torch, jax and tensorflow; may be given several times",
    )  # fmt: skip
    options = parser.parse_args()
    if unknown := [name for name in options.sections if name not in SECTIONS]:
        parser.error(f"there is no section {unknown[0]}; there are {', '.join(SECTIONS)}")
    return options


def _record(machine: str, rows: list[Row], peers: Peers) -> dict[str, object]:
    return {"machine": machine, "skipped": sorted(peers.skipped), "rows": [row.record() for row in rows]}


main()
