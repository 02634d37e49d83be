"""Killed is killed: nothing is committed after the one who asked is gone, and no signal ends in a traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gradcli.memory.database import open_store
from gradcli.memory.session_history import history

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and processes of POSIX")

#: Steps that take far longer than any of these tests, and are committed in one piece at the end.
LONG = ["step", "--lr", "1e-9", "--steps", "400000000"]

#: What a child does where Linux does not help it: nothing of Linux's own is there.
WITHOUT_LINUX = "import fcntl, sys\nfor name in ('F_SETSIG',): fcntl.__dict__.pop(name, None)\n"


def started(
    home: Path, arguments: list[str], before: str = "", text: str | None = None
) -> subprocess.Popen[str]:
    """A command line in a process group of its own; *before* is done in it first."""
    script = f"{before}\nimport sys\nfrom gradcli.__main__ import main\nsys.argv[0] = 'gradcli'\nmain()"
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env={**os.environ, "GRADCLI_HOME": str(home)}, start_new_session=True,
    )  # fmt: skip


def done(home: Path, arguments: list[str], before: str = "", text: str = "") -> tuple[int, str, str]:
    """The status and both outputs of a command line that is let alone."""
    with started(home, arguments, before) as process:
        out, err = process.communicate(text)
    return process.returncode, out, err


def child_of(process: subprocess.Popen[str]) -> int:
    """The number of the child, once there is one."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        if found:
            return int(found[0])
        time.sleep(0.01)
    raise AssertionError("there is no child")


def alive(number: int) -> bool:
    """Whether a process is there and no mere entry that nobody has asked for."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def ended(number: int) -> bool:
    """Whether a process ends within half a minute."""
    end = time.monotonic() + 30
    while alive(number) and time.monotonic() < end:
        time.sleep(0.02)
    return not alive(number)


def states(home: Path) -> list[int]:
    with open_store(str(home)) as store:
        found = [state.steps for state in history(store, "default")]
        assert store.notices == []
    return found


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes in /proc")


@needs_proc
@pytest.mark.parametrize("before", ["", WITHOUT_LINUX], ids=["linux", "without linux"])
@pytest.mark.parametrize("door", ["--timeout", "-"])
def test_a_child_ends_with_its_parent(door, before, home):
    """`kill -9` of the command ends what it has begun, and nothing is committed afterwards."""
    assert done(home, ["step", "x**2", "--x", "5", "--lr", "1e-9"])[0] == 0
    typed = [*LONG, "--timeout", "600"] if door == "--timeout" else ["step", "-", *LONG[1:]]
    with started(home, typed, before) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps({"expression": "x**2", "at": {"x": 5}}) + "\n")
        process.stdin.close()
        child = child_of(process)
        time.sleep(0.6)
        assert alive(child)
        process.kill()
    assert ended(child)
    assert states(home) == [1]


@needs_proc
def test_a_child_in_the_midst_of_c_ends_as_well(home):
    """Where Python does not look at anything for a minute, the system ends it."""
    busy = "from gradcli.commands import grad\ngrad.answer_problem = lambda *_: sum(range(10**12))\n"
    with started(home, ["grad", "x", "--x", "1", "--timeout", "600"], busy) as process:
        child = child_of(process)
        time.sleep(0.6)
        process.kill()
    assert ended(child)


@needs_proc
def test_a_child_looks_once_more_before_it_commits(home):
    """A child that nothing has told still does not commit what nobody waits for."""
    untold = (
        "import os, time\nfrom gradcli.calculus.effort import parent_watch\nfrom gradcli.commands import step\n"
        "parent_watch._killed_by_the_system = lambda *_: True\n"  # says that it has told the system, and has not
        "real = step.step_session\n"
        "def moved(*given):\n"
        "    result = real(*given)\n"
        "    here = os.getppid()\n"
        "    print('ready', flush=True)\n"
        "    while os.getppid() == here: time.sleep(0.01)\n"
        "    return result\n"
        "step.step_session = moved\n"
    )
    with started(home, ["step", "x**2", "--x", "5", "--lr", "0.1", "--timeout", "600"], untold) as process:
        child = child_of(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.kill()
    assert ended(child)
    assert states(home) == []


def test_a_child_that_is_let_alone_commits(home):
    """The same commands do then what they were asked."""
    assert done(home, ["step", "x**2", "--x", "5", "--lr", "0.1", "--timeout", "60"])[0] == 0
    assert done(home, ["step", "--lr", "0.1", "--steps", "3", "--timeout", "60"], WITHOUT_LINUX)[0] == 0
    assert states(home) == [1, 4]


#: Ends for a process that was sent SIGTERM: by the signal, or with the sentence of a parent whose child it has ended.
TERMINATED = {(-15, ""), (4, "gradcli: the calculation was ended by signal 15\n")}


@pytest.mark.parametrize("delay", [0.05, 0.1, 0.2, 0.4])
def test_sigterm_to_the_group_is_no_mistake(delay, home):
    """Parent and child hear of it together, in whatever order they end."""
    with started(home, ["step", "x**2", "--x", "5", *LONG[1:], "--timeout", "600"]) as process:
        time.sleep(delay)
        os.killpg(process.pid, signal.SIGTERM)
        _, err = process.communicate()
    assert (process.returncode, err) in TERMINATED


#: Sends Ctrl-C to its own process when the n-th module is looked for after gradcli's first.
AT_IMPORT = (
    "import os, signal, sys\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "class Presser:\n"
    "    left = {count}\n"
    "    def find_spec(self, name, *_):\n"
    "        if name.startswith('gradcli.') and name != 'gradcli.__main__' or Presser.left < {count}:\n"
    "            Presser.left -= 1\n"
    "            if Presser.left == 0: os.kill(os.getpid(), signal.SIGINT)\n"
    "sys.meta_path.insert(0, Presser())\n"
)


@pytest.mark.parametrize("count", [1, 3, 8, 21, 60, 120])
@pytest.mark.parametrize("door", [[], ["--timeout", "60"]], ids=["plain", "--timeout"])
def test_ctrl_c_while_modules_are_loaded_is_a_sentence(count, door, home):
    """From gradcli's own first line on, whatever is being imported."""
    if door and count % 3:
        return
    status, out, err = done(home, ["grad", "x**2*sin(x)", "--x", "3", *door], AT_IMPORT.format(count=count))
    assert err.strip() in ("gradcli: interrupted", "")
    # How Python itself ends where an interrupt came in the midst of a text that it runs is SIGINT.
    assert (status in (130, -2)) if err else (status == 0 and out)


def test_ctrl_c_on_the_way_out_changes_nothing(home):
    """When all is said Ctrl-C comes too late, and is no traceback of what Python does to end."""
    late = (
        "import atexit, os, signal, sys\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "atexit.register(os.kill, os.getpid(), signal.SIGINT)\n"
    )
    assert done(home, ["grad", "x**2", "--x", "3", "--get", "value"], late) == (0, "9.0\n", "")


@pytest.mark.parametrize(
    ("text", "memory"),
    [("(" * 300_000 + "x" + ")" * 300_000, 200), ("+".join(f"sin(x+{i})" for i in range(30_000)), 120)],
    ids=["nested", "wide"],
)
def test_the_end_of_memory_is_one_problems_alone(text, memory, home):
    """It is a record in its place, and what follows is answered."""
    arguments = ["grad", "-", "--x", "3", "--format", "jsonl", "--limit", f"memory={memory}"]
    _, out, err = done(home, arguments, text=f"x**3\n{text}\nx**2\n")
    records = [json.loads(line) for line in out.splitlines()]
    assert [record.get("value") or record["error"]["kind"] for record in records] == [27.0, "limit", 9.0]
    assert "memory" in records[1]["error"]["message"]
    assert err == ""


BUDGETS = range(40, 110, int(os.environ.get("GRADCLI_BUDGETS", "24")))


@pytest.mark.parametrize("memory", BUDGETS)
def test_a_budget_that_shrinks_costs_the_answers_that_do_not_fit(memory, home):
    """Wherever in the reader memory ends: a record for each line, and nothing that looks like a mistake of ours.

    Python itself may not survive it: then another child goes on behind that line.

    GRADCLI_BUDGETS=1 tries every megabyte.
    """
    text = "+".join(f"sin(x+{i})" for i in range(1500))
    arguments = ["grad", "-", "--x", "3", "--format", "jsonl", "--limit", f"memory={memory}", "--no-save"]
    status, out, err = done(home, arguments, text=f"x**3\n{text}\nx**2\n")
    assert "mistake" not in err
    records = [json.loads(line) for line in out.splitlines()]
    given = [record.get("value") or record["error"]["kind"] for record in records]
    assert len(given) == 3, (out, err)
    assert given[0] in (27.0, "limit") and given[2] in (9.0, "limit")
    assert status == (4 if "limit" in given else 0)


def descendants(number: int) -> list[int]:
    """The numbers of the children of a process, and of theirs."""
    try:
        children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
    except OSError:
        return []
    return [one for child in map(int, children) for one in (child, *descendants(child))]


@needs_proc
@pytest.mark.parametrize("door", [[], ["--timeout", "600"]], ids=["plain", "--timeout"])
def test_a_child_of_a_child_ends_as_well(door, home):
    """What takes long in a special function runs in a child of its own; it does not outlive the command either."""
    slow = (
        "from gradcli.calculus.balls import child_process as child\nfrom gradcli.calculus.program.instructions import TooHard\n"
        "from gradcli.language.limits import raise_limits\n"
        "from gradcli.commands import grad\n"
        "grad.answer_problem = lambda *_: child.in_child(lambda: sum(range(10**12)), [])\n"
    )
    arguments = ["grad", "x", "--x", "1", "--limit", "effort=600", "--no-save", *door]
    with started(home, arguments, slow) as process:
        end = time.monotonic() + 60
        while len(family := descendants(process.pid)) < 1 + len(door) // 2 and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(0.3)
        assert family and all(map(alive, family))
        process.kill()
    assert all(map(ended, family))


def test_time_does_not_run_out_in_the_midst_of_a_library(home, tmp_path):
    """Half of a library would spoil every problem after it: it is loaded to its end, and what follows is answered."""
    (tmp_path / "slow.py").write_text("import time\ntime.sleep(1.2)\ndef same(answer): return answer\n")
    slow = (
        f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\nfrom gradcli.shell.derivatives import gradient_stream\n"
        "real = gradient_stream.answer_problem\n"
        "def answered(*given):\n"
        "    import slow\n"
        "    return slow.same(real(*given))\n"
        "gradient_stream.answer_problem = answered\n"
    )
    arguments = ["grad", "-", "--x", "3", "--format", "jsonl", "--timeout", "0.5"]
    for text in ("x**2\n", "x**3\n", "x**4\n"):  # known from now on, and quick
        assert done(home, ["grad", "-", "--x", "3"], text=text)[0] == 0
    _, out, err = done(home, arguments, slow, "x**2\nx**3\nx**4\n")
    given = [json.loads(line).get("value") for line in out.splitlines()]
    assert len(given) == 3 and err == ""
    assert 27.0 in given or 81.0 in given


def test_what_half_a_library_raises_is_a_consequence():
    """After memory has ended once, odd errors are told as what they come from; before it they are mistakes of ours."""
    from gradcli.shell.process import memory_limit

    assert not memory_limit.is_exhaustion(AttributeError("'module' has no attribute"))
    try:
        memory_limit.exhausted(MemoryError())
        assert memory_limit.is_exhaustion(AttributeError("'module' has no attribute"))
        assert not memory_limit.is_exhaustion(ValueError("an answer of its own"))
    finally:
        memory_limit._ended.clear()
