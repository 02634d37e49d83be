"""A session against a model of it: new problems, steps, undoing, and real commands killed at random moments.

GRADCLI_KILLS=500 kills five hundred `gradcli step`; the default is a taste of it. GRADCLI_SEED repeats a run.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from gradcli.cli import run
from gradcli.memory.sessions import current, history
from gradcli.memory.store import open_store

KILLS = int(os.environ.get("GRADCLI_KILLS", "12"))
SEED = int(os.environ.get("GRADCLI_SEED", "7"))
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
TEXT = "x**2+x*y+3"


def command(home: Path, *arguments: str) -> tuple[int, str]:
    """A command line in this process: its status, and what it printed."""
    out, err = io.StringIO(), io.StringIO()
    before, os.environ["GRADCLI_HOME"] = os.environ.get("GRADCLI_HOME"), str(home)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = run(arguments)
    finally:
        if before is None:
            del os.environ["GRADCLI_HOME"]
        else:
            os.environ["GRADCLI_HOME"] = before
    assert "Traceback" not in err.getvalue()
    return status, out.getvalue()


def started(home: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "GRADCLI_HOME": str(home)}
    return subprocess.Popen(
        [sys.executable, "-m", "gradcli", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def killed(home: Path, delay: float, *arguments: str) -> bool:
    """Kill a command after *delay* seconds; whether it had acknowledged its step until then."""
    process = started(home, *arguments)
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


class Session(RuleBasedStateMachine):
    """One entry for every problem and every step: the point, and the steps so far."""

    @initialize()
    def nothing(self) -> None:
        self.home = Path(tempfile.mkdtemp())
        self.entries: list[tuple[float, float, int]] = []

    def teardown(self) -> None:
        shutil.rmtree(self.home)

    @rule(x=st.integers(-9, 9), y=st.integers(-9, 9))
    def begin(self, x: int, y: int) -> None:
        assert command(self.home, "grad", TEXT, f"--x={x}", f"--y={y}")[0] == 0
        if not self.entries or self.entries[-1] != (x, y, 0):
            self.entries.append((x, y, 0))

    @rule(count=st.integers(1, 4), rate=st.sampled_from([0.125, 0.25]))
    def step(self, count: int, rate: float) -> None:
        status, _ = command(self.home, "step", "--steps", str(count), "--lr", str(rate))
        assert status == (0 if self.entries else 4)
        for _ in range(count if self.entries else 0):
            x, y, steps = self.entries[-1]
            self.entries.append((x - rate * (2 * x + y), y - rate * x, steps + 1))

    @rule(x=st.integers(-9, 9))
    def a_step_that_fails(self, x: int) -> None:
        """An error on the way leaves no trace."""
        assert command(self.home, "step", "log(x)", f"--x={-abs(x)}")[0] in (3, 4)
        assert command(self.home, "step", "--nope", "1")[0] in (2, 4)

    @rule()
    def only_looking(self) -> None:
        """A dry run and an unsaved gradient change nothing."""
        command(self.home, "step", "--dry-run", "--lr", "0.5")
        assert command(self.home, "grad", "x**3", "--x", "1", "--no-save")[0] == 0

    @rule(count=st.integers(1, 6))
    def undo(self, count: int) -> None:
        status, _ = command(self.home, "session", "undo", str(count))
        assert (status == 0) == (count < len(self.entries))
        if status == 0:
            del self.entries[-count:]

    @rule(delay=st.floats(0, 0.25))
    def kill(self, delay: float) -> None:
        if os.name != "posix" or not self.entries:
            return
        said = killed(self.home, delay, "step", "--lr", "0.25", "--get", "step")
        x, y, steps = self.entries[-1]
        there = steps_in(self.home)
        assert there in ((steps + 1,) if said else (steps, steps + 1))
        if there == steps + 1:
            self.entries.append((x - 0.25 * (2 * x + y), y - 0.25 * x, steps + 1))

    @invariant()
    def agrees(self) -> None:
        with open_store(str(self.home)) as store:
            head = current(store, "default")
        if not self.entries:
            assert head is None
            return
        assert head is not None
        x, y, steps = self.entries[-1]
        assert head.steps == steps
        assert [head.at["x"], head.at["y"]] == pytest.approx([x, y], rel=1e-9, abs=1e-9)


EXAMPLES = int(os.environ.get("GRADCLI_EXAMPLES", "8"))
Session.TestCase.settings = settings(
    max_examples=EXAMPLES, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
TestSession = Session.TestCase


@POSIX
def test_a_killed_step_is_done_or_not_done(tmp_path: Path) -> None:
    """SIGKILL at random moments of real commands: what was acknowledged is there, at most the one in flight is more."""
    chance = random.Random(SEED)
    assert command(tmp_path, "grad", TEXT, "--x", "5", "--y", "3")[0] == 0
    there, tally = 0, {"acknowledged": 0, "done but unsaid": 0, "not done": 0}
    longest = 0.15
    for _ in range(KILLS):
        begun = time.monotonic()
        said = killed(tmp_path, chance.uniform(0.02, longest), "step", "--lr", "0.001", "--get", "step")
        now = steps_in(tmp_path)
        assert now - there in ((1,) if said else (0, 1))
        tally["acknowledged" if said else "done but unsaid" if now > there else "not done"] += 1
        longest = min(max(longest * (0.97 if said else 1.03), 0.1), 1.0) if begun else longest
        there = now
    with open_store(str(tmp_path)) as store:
        assert [state.steps for state in history(store, "default")] == list(range(there + 1))
    print(f"GRADCLI_SEED={SEED}: {KILLS} kills, {tally}, none lost")


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
