"""Commands → seconds: run in turn, so that what slows the machine slows all of them alike."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from tests.benchmarks.places import Place


class Command(NamedTuple):
    """A process to measure: its arguments (made anew for each run), and the file it reads, if any."""

    arguments: Callable[[int], Sequence[str]]
    stdin: Path | None = None


def fixed(arguments: Sequence[str], stdin: Path | None = None) -> Command:
    """The same command at every run."""
    return Command(lambda _: arguments, stdin)


Clock = Callable[[], float]


def processor() -> float:
    """The processor's seconds of all processes that have ended here: however busy the machine is."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def in_turn(
    place: Place, commands: Mapping[str, Command], runs: int, clock: Clock = perf_counter
) -> dict[str, list[float]]:
    """Seconds of each run of each command, a round of all of them at a time; a first round is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for run in range(runs + 1):
        for name, command in commands.items():
            took = once(place, command, run, clock)
            if run:
                seconds[name].append(took)
    return seconds


def once(place: Place, command: Command, run: int = 0, clock: Clock = perf_counter) -> float:
    """Seconds from start to end of one process, its output written to nowhere."""
    arguments = list(command.arguments(run))
    with (command.stdin or Path("/dev/null")).open("rb") as stdin:
        start = clock()
        ended = subprocess.run(
            arguments, env=place.environment, cwd=place.folder, stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            check=False,
        )  # fmt: skip
        took = clock() - start
    if ended.returncode:
        sys.exit(
            f"{' '.join(arguments)[:200]} ended with status {ended.returncode}:\n{ended.stderr.decode()[-2000:]}"
        )
    return took
