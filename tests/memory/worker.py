"""A process that remembers, to be killed, starved or raced by the tests. Run: worker.py JOB HOME [COUNT]."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

# Run as a file: the tests' own folder is on the path.
from states import a_state

from gradcli.language.errors import SessionProblem
from gradcli.memory.database import Store, open_store
from gradcli.memory.program_library import keep
from gradcli.memory.session_history import HeadChanged, current, history, remember


def say(word: object) -> None:
    """Acknowledge on stdout, at once."""
    print(word, flush=True)


def one_step(store: Store) -> int:
    """Take one step from the head there is, again where another process was faster; answer with the count."""
    while True:
        head = current(store, "s")
        steps = head.steps + 1 if head else 1
        try:
            state = a_state(
                kind="step", steps=steps, taken=1, slots={"pad": {"p" * (steps % 7 * 700 + 1): 0}}
            )
            return remember(store, "s", state, after=head.id if head else 0).steps
        except HeadChanged:
            continue


def forever(home: Path) -> None:
    """Step until killed, each step acknowledged, with programs kept in between as `grad` does."""
    say("ready")
    while True:
        with open_store(home) as store:
            steps = one_step(store)
            say(steps)
            keep(store, f"key {steps % 50}", "program " * 200)


def count(home: Path, times: int) -> None:
    """Step so many times, each with a store of its own as a command has."""
    for _ in range(times):
        with open_store(home) as store:
            say(one_step(store))


def insist(home: Path, times: int) -> None:
    """Step so many times, and where that is refused try again, as a user would."""
    while times:
        try:
            with open_store(home) as store:
                say(one_step(store))
            times -= 1
        except SessionProblem as problem:
            print(problem.message, file=sys.stderr)


def fill(home: Path) -> None:
    """Step until it is refused, and report: what was acknowledged, what is there, and what was said."""
    steps, sentence = 0, ""
    try:
        with open_store(home) as store:
            while True:
                steps = one_step(store)
    except SessionProblem as problem:
        sentence = problem.message
    with open_store(home) as store:
        there = [state.steps for state in history(store, "s")]
    say(json.dumps({"acknowledged": steps, "there": there, "sentence": sentence}))


def fill_limited(home: Path) -> None:
    """The same where no file may grow beyond 100 kB, which the system reports as a failed write."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    fill(home)


def look(home: Path) -> None:
    """Read, then try to write, and report both."""
    with open_store(home) as store:
        keep(store, "new", "program")
        head = current(store, "s")
        try:
            one_step(store)
            sentence = ""
        except SessionProblem as problem:
            sentence = problem.message
    say(json.dumps({"steps": head.steps if head else 0, "sentence": sentence}))


if __name__ == "__main__":
    job, home, *rest = sys.argv[1:]
    jobs = {
        "forever": forever,
        "count": count,
        "insist": insist,
        "fill": fill,
        "fill_limited": fill_limited,
        "look": look,
    }
    jobs[job](Path(home), *map(int, rest))
