"""A session against a model of it: problems, steps, gradients from elsewhere, descents, undoing, and commands killed at random.

GRADCLI_KILLS=500 kills five hundred commands, in equal parts at each of their doors; the default is a taste of it.
GRADCLI_SEED repeats a run.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gradcli.cli import run
from gradcli.memory.database import open_store
from gradcli.memory.session_history import current, history

KILLS = int(os.environ.get("GRADCLI_KILLS", "12"))
SEED = int(os.environ.get("GRADCLI_SEED", "7"))
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
TEXT = "x**2+x*y+3"
BOWL = "(x-1)**2+2*(y+2)**2"

#: The gradients of both, worked out by hand.
SLOPES = {TEXT: lambda x, y: (2 * x + y, x), BOWL: lambda x, y: (2 * (x - 1), 4 * (y + 2))}


def command(home: Path, *arguments: str, text: str = "") -> tuple[int, str]:
    """A command line in this process: its status, and what it printed."""
    out, err = io.StringIO(), io.StringIO()
    stdin, sys.stdin = sys.stdin, io.StringIO(text)
    before, os.environ["GRADCLI_HOME"] = os.environ.get("GRADCLI_HOME"), str(home)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = run(arguments)
    finally:
        sys.stdin = stdin
        if before is None:
            del os.environ["GRADCLI_HOME"]
        else:
            os.environ["GRADCLI_HOME"] = before
    assert "Traceback" not in err.getvalue()
    return status, out.getvalue()


def started(home: Path, *arguments: str, text: str = "") -> subprocess.Popen[str]:
    environment = {**os.environ, "GRADCLI_HOME": str(home)}
    process = subprocess.Popen(
        [sys.executable, "-m", "gradcli", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdin is not None
    process.stdin.write(text)  # less than a pipe holds
    process.stdin.flush()
    return process


def killed(home: Path, delay: float, *arguments: str, text: str = "") -> bool:
    """Kill a command after *delay* seconds; whether it had acknowledged its step until then."""
    process = started(home, *arguments, text=text)
    assert process.stdin is not None
    process.stdin.close()
    process.stdin = None
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    out, err = process.communicate(timeout=60)
    assert err == ""
    return out.endswith("\n")


def steps_in(home: Path) -> int:
    with open_store(str(home)) as store:
        head = current(store, "default")
        assert store.notices == []
        return head.steps if head else 0


class Entry(NamedTuple):
    """What the model knows of one entry of the history."""

    text: str
    x: float
    y: float
    steps: int

    def moved(self, slopes: tuple[float, float], rate: float) -> Entry:
        """The entry after a step against *slopes*."""
        return self._replace(x=self.x - rate * slopes[0], y=self.y - rate * slopes[1], steps=self.steps + 1)

    def stepped(self, rate: float) -> Entry:
        """The entry after a step of gradient descent."""
        return self.moved(SLOPES[self.text](self.x, self.y), rate)


class Session(RuleBasedStateMachine):
    """One entry for every problem, every step and every descent: the point, and the steps so far."""

    @initialize()
    def nothing(self) -> None:
        self.home = Path(tempfile.mkdtemp())
        self.entries: list[Entry] = []

    def teardown(self) -> None:
        shutil.rmtree(self.home)

    @rule(text=st.sampled_from([TEXT, BOWL]), x=st.integers(-9, 9), y=st.integers(-9, 9))
    def begin(self, text: str, x: int, y: int) -> None:
        assert command(self.home, "grad", text, f"--x={x}", f"--y={y}")[0] == 0
        if not self.entries or self.entries[-1] != (text, x, y, 0):
            self.entries.append(Entry(text, x, y, 0))

    @rule(count=st.integers(1, 4), rate=st.sampled_from([0.125, 0.25]))
    def step(self, count: int, rate: float) -> None:
        status, _ = command(self.home, "step", "--steps", str(count), "--lr", str(rate))
        assert status == (0 if self.entries else 4)
        for _ in range(count if self.entries else 0):
            self.entries.append(self.entries[-1].stepped(rate))

    @rule(slopes=st.tuples(st.integers(-9, 9), st.integers(-9, 9)), rate=st.sampled_from([0.125, 0.25]))
    def apply(self, slopes: tuple[int, int], rate: float) -> None:
        """Gradients from elsewhere move the point as well."""
        status, _ = command(self.home, "apply", "-", "--lr", str(rate), text=_record(slopes))
        assert status == (0 if self.entries else 4)
        if self.entries:
            self.entries.append(self.entries[-1].moved(slopes, rate))

    @precondition(lambda self: self.entries and self.entries[-1].text == BOWL)
    @rule(optimizer=st.sampled_from(["auto", "newton", "sgd"]))
    def minimize(self, optimizer: str) -> None:
        """A descent is one entry, at the minimum that the formula has, after as many steps as it says."""
        how = [] if optimizer == "auto" else ["--optimizer", optimizer]
        status, out = command(self.home, "minimize", "--format", "json", *how)
        assert status == 0
        self.entries.append(Entry(BOWL, 1, -2, self.entries[-1].steps + json.loads(out)["nit"]))

    @rule(x=st.integers(-9, 9))
    def a_step_that_fails(self, x: int) -> None:
        """An error on the way leaves no trace."""
        assert command(self.home, "step", "log(x)", f"--x={-abs(x)}")[0] in (3, 4)
        assert command(self.home, "step", "--nope", "1")[0] in (2, 4)
        assert command(self.home, "apply", "-", "--lr", "0.5", text='{"gradient": {"z": 1}}')[0] in (2, 4)
        assert command(self.home, "minimize", "log(x)", f"--x={-abs(x)}")[0] in (3, 4)

    @rule()
    def only_looking(self) -> None:
        """A dry run and an unsaved gradient change nothing."""
        command(self.home, "step", "--dry-run", "--lr", "0.5")
        command(self.home, "apply", "-", "--dry-run", text=_record((1, 1)))
        command(self.home, "minimize", "--dry-run", "--max-steps", "5")
        assert command(self.home, "grad", "x**3", "--x", "1", "--no-save")[0] == 0

    @rule(count=st.integers(1, 6))
    def undo(self, count: int) -> None:
        status, _ = command(self.home, "session", "undo", str(count))
        assert (status == 0) == (count < len(self.entries))
        if status == 0:
            del self.entries[-count:]

    @rule(
        delay=st.floats(0, 0.25), what=st.sampled_from(["step", "apply", "minimize"]),
        door=st.sampled_from([[], ["--timeout", "300"]]),
    )  # fmt: skip
    def kill(self, delay: float, what: str, door: list[str]) -> None:
        """A killed command has done all of its work or none of it, and all of it where it said so."""
        if os.name != "posix" or not self.entries or (what == "minimize" and self.entries[-1].text != BOWL):
            return
        last, (before, _) = self.entries[-1], self._length()
        if what == "step":
            said = killed(self.home, delay, "step", "--lr", "0.25", "--get", "step", *door)
            after = last.stepped(0.25)
        elif what == "apply":
            said = killed(
                self.home, delay, "apply", "-", "--lr", "0.25", "--get", "step", *door, text=_record((3, -2))
            )
            after = last.moved((3, -2), 0.25)
        else:
            said = killed(self.home, delay, "minimize", "--get", "nit", *door)
            after = Entry(BOWL, 1, -2, -1)
        count, head = self._length()
        assert count - before in ((1,) if said else (0, 1))
        if count > before:
            self.entries.append(after if after.steps >= 0 else after._replace(steps=head.steps))

    def _length(self) -> tuple[int, Any]:
        with open_store(str(self.home)) as store:
            states = list(history(store, "default"))
            assert store.notices == []
        return len(states), states[-1]

    @invariant()
    def agrees(self) -> None:
        with open_store(str(self.home)) as store:
            head = current(store, "default")
        if not self.entries:
            assert head is None
            return
        assert head is not None
        text, x, y, steps = self.entries[-1]
        assert (head.expressions, head.steps) == ((text,), steps)
        assert [head.at["x"], head.at["y"]] == pytest.approx([x, y], rel=1e-6, abs=1e-6)


def _record(slopes: tuple[int, int]) -> str:
    return json.dumps({"gradient": dict(zip("xy", slopes, strict=True))})


EXAMPLES = int(os.environ.get("GRADCLI_EXAMPLES", "8"))
Session.TestCase.settings = settings(
    max_examples=EXAMPLES, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
TestSession = Session.TestCase


#: The doors of a command, and what is typed there to take a step; the kills are divided among them.
DOORS = {
    "plain": ["step"],
    "--timeout": ["step", "--timeout", "300"],
    "-": ["step", "-"],
    "- and --timeout": ["step", "-", "--timeout", "300"],
    "many steps": ["step", "--steps", "200000", "--timeout", "300"],
    "a descent": ["minimize", "--optimizer", "sgd", "--max-steps", "4000", "--timeout", "300"],
}


@POSIX
@pytest.mark.parametrize("door", DOORS)
def test_a_killed_command_is_done_or_not_done(door: str, tmp_path: Path) -> None:
    """SIGKILL at random moments of real commands: what was acknowledged is there, at most the one in flight is more.

    And nothing is committed afterwards: a child that goes on without its parent would step behind the caller's back.
    """
    chance = random.Random(f"{SEED} {door}")
    assert command(tmp_path, "grad", TEXT, "--x", "5", "--y", "3")[0] == 0
    text = json.dumps({"expression": TEXT, "at": {"x": 5, "y": 3}}) if "-" in DOORS[door] else ""
    typed = [*DOORS[door], "--lr", "1e-7", "--get", "nit" if door == "a descent" else "step"]
    there, tally, longest = 1, {"acknowledged": 0, "done but unsaid": 0, "not done": 0}, 1.0
    for _ in range(max(1, KILLS // len(DOORS))):
        said, then = killed_and_looked(tmp_path, chance.uniform(0.02, longest), typed, text)
        now = states_in(tmp_path)
        assert now == then, "committed after the kill"
        assert now - there in ((1,) if said else (0, 1))
        tally["acknowledged" if said else "done but unsaid" if now > there else "not done"] += 1
        longest = min(max(longest * (0.93 if said else 1.07), 0.2), 5.0)
        there = now
    print(
        f"GRADCLI_SEED={SEED}: {max(1, KILLS // len(DOORS))} kills at {door}, {tally}, none lost, none late"
    )


def killed_and_looked(home: Path, delay: float, arguments: list[str], text: str) -> tuple[bool, int]:
    """Kill a command after *delay* seconds; whether it had acknowledged its step, and the states a moment later.

    The answer comes when nobody is left who could write to its outputs.
    """
    process = started(home, *arguments, text=text)
    assert process.stdin is not None
    process.stdin.close()
    process.stdin = None
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    time.sleep(0.15)
    then = states_in(home)
    out, err = process.communicate(timeout=120)
    assert err.replace("note: ", "") == "" or "steps" in err or "descent" in err
    return out.endswith("\n"), then


def states_in(home: Path) -> int:
    with open_store(str(home)) as store:
        found = history(store, "default")
        assert store.notices == []
        return len(found)


def test_parallel_commands_lose_no_step(tmp_path: Path) -> None:
    """Processes that step on one session at once are served one after the other, and the count is exact."""
    assert command(tmp_path, "grad", TEXT, "--x", "5", "--y", "3")[0] == 0
    rounds = max(1, KILLS // 10)
    for _ in range(rounds):
        processes = [started(tmp_path, "step", "--lr", "0.001", "--get", "step") for _ in range(8)]
        outs = [process.communicate(timeout=120)[0] for process in processes]
        assert [process.returncode for process in processes] == [0] * 8
        assert len(set(outs)) == 8
    assert steps_in(tmp_path) == 8 * rounds
