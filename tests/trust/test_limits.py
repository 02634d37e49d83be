"""What can explode is bounded before it starts, and time runs out even where Python cannot look."""

from __future__ import annotations

import io
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from gradcli.calculus.effort.time_budget import OutOfTime, seconds
from gradcli.cli import run
from gradcli.language.errors import LimitProblem
from gradcli.language.limits import LIMITS, raise_limits
from gradcli.language.parser import parse
from gradcli.shell.process.timeout import clock_stopped, in_time, within_timeout
from tests import prepared
from tests.prepared import ALL

from .watching import hostile, watched

POSIX = pytest.mark.skipif(os.name != "posix", reason="alarms and child processes of POSIX")


def gradcli(home: Path, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return prepared.run("gradcli", *arguments, text=text, env={**os.environ, "GRADCLI_HOME": str(home)})


#: The name of a limit, and what is refused for it.
REFUSED = [
        ("digits", ["grad", "x", "--x", "1", "--digits", "1000000"]),
        ("number", ["grad", "9" * 2000]),
        ("number", ["grad", "x" + "⁹" * 2000, "--x", "1"]),
        ("number", ["grad", "x", "--x", "9" * 2000]),
        ("exponent", ["grad", "1e99999", "--x", "1"]),
        ("nodes", ["grad", "x+x+x+x", "--x", "1", "--limit", "nodes=3"]),
        ("terms", ["grad", "sum(i*x, i, 1, 1000000)", "--x", "1"]),
        ("length", ["grad", "x+x+x+x", "--x", "1", "--limit", "length=3"]),
        ("effort", ["grad", "expint(1e15,x)", "--x", "1000", "--digits", "60", "--limit", "effort=0.2"]),
        ("order", ["grad", "sin(x)", "--order", "61"]),
        ("order", ["grad", "sin(x)", "--wrt", ",".join("x" * 61)]),
        ("order", ["taylor", "sin(x)", "--order", "1000000000"]),
        ("derivatives", ["taylor", "x+y+z+a+b+c+d", "--order", "9"]),
        ("operations", ["grad", "tan(x)**x", "--order", "40", "--x", "1", *(() if ALL else ("--limit", "operations=20000"))]),
        ("entries", ["hessian", "+".join(f"x{i}" for i in range(501))]),
        ("entries", ["jacobian", "x+y", "x-y", "--limit", "entries=3"]),
        ("unknowns", ["critical", "+".join(f"x{i}**2" for i in range(13))]),
        ("explained", ["explain", "+".join(f"x**{i}" for i in range(130))]),
        ("levels", ["explain", "sin(" * 70 + "x" + ")" * 70]),
        ("derivation", ["explain", "*".join(f"sin(x+{i})" for i in range(70))]),
        ("samples", ["plot", "x", "--grid", "5000", "--out", "page.html"]),
        ("pixels", ["plot", "x", "--size", "90x90", "--limit", "pixels=100"]),
        ("rows", ["explain", "--backprop", "x*y+z", "--at", "x=1,y=2,z=3", "--limit", "rows=4"]),
]  # fmt: skip

#: Limits that refuse nothing: what is left out is said, or is ended from outside. Each has a test of its own.
OTHERS = {
    "memory", "formulas", "eigenvalues", "boxes", "input", "time",
    "data-rows", "cells", "expansion", "files", "groups",  # tests/data/test_doors_of_data.py
}  # fmt: skip


@pytest.mark.parametrize(("name", "arguments"), REFUSED)
def test_a_limit_is_named_with_what_raises_it(name: str, arguments: list[str], tmp_path: Path) -> None:
    """Status 4 within seconds, and a hint that says which --limit allows more."""
    own = ["--no-save"] if arguments[0] == "grad" else []
    (answer,), _ = watched([{"args": [*arguments, *own]}], tmp_path)
    assert answer["seconds"] < 20
    assert answer["status"] == 4, answer
    assert f"--limit {name}=" in answer["err"]


@POSIX
def test_memory_is_bounded(tmp_path: Path) -> None:
    """Beyond --limit memory the calculation ends with status 4 and a sentence, not with the machine on its knees."""
    text = "+".join(["x*y"] * 100_000)
    done = gradcli(tmp_path, "grad", "-", "--x", "1", "--y", "2", "--limit", "memory=150", text=text)
    assert done.returncode == 4
    assert "gradcli: line 1: the calculation needs more memory than it may have" in done.stderr
    assert "--limit memory=" in done.stderr
    assert "Traceback" not in done.stderr


def test_sympy_gets_as_much_time_as_it_is_given(tmp_path: Path) -> None:
    """Out of time there is no formula, and no other one in its place; a command with more time has it."""
    text = "*".join(f"sin(x**{i} + 1)" for i in range(1, 20))
    hurried = ["--limit", "formulas=0.001"]
    jobs = [{"args": ["grad", text, "--get", "formulas.x", *extra]} for extra in ([], hurried, [], hurried)]
    answers, _ = watched(jobs, tmp_path, fresh=True)
    statuses = [answer["status"] for answer in answers]
    assert statuses[0] == statuses[2] == 0
    assert answers[0]["out"] == answers[2]["out"]
    for answer in answers[1::2]:
        # What was kept whole may be shown; what a clock stopped is said.
        assert answer["out"] in ("", answers[0]["out"])
        assert answer["status"] == 4 or answer["out"]
        assert answer["status"] == 0 or "not written within 0.001 s" in answer["err"]


def test_no_other_formula_is_shown_where_a_clock_stops_sympy(tmp_path: Path) -> None:
    """The numbers stand, the formulas are missing, and a note says why."""
    text = "*".join(f"sin(x**{i} + 1)" for i in range(1, 60))
    job = {"args": ["grad", text, "--x", "1", "--limit", "formulas=0.001", "--format", "json"]}
    (answer,), _ = watched([job], tmp_path, fresh=True)
    found = json.loads(answer["out"])
    assert answer["status"] == 0
    assert found["formulas"] == {"x": None}
    assert found["gradient"]["x"] is not None
    assert "not written within 0.001 s" in found["notes"][0]["message"]


@POSIX
def test_the_end_of_memory_is_told_with_none_left(tmp_path: Path) -> None:
    """What fills the memory in small pieces is let go before anything is loaded to say so."""
    script = (
        "import sys; from gradcli import cli; from gradcli.commands import grad\n"
        "def greedy(*_):\n"
        "    held = []\n"
        "    while True: held.append({'x': len(held)})\n"
        "grad.answer_problem = greedy\n"
        "sys.argv = ['gradcli', 'grad', 'x', '--x', '1', '--limit', 'memory=300']; cli.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "GRADCLI_HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 4
    assert done.stderr.startswith("gradcli: the calculation needs more memory than it may have")
    assert "--limit memory=" in done.stderr


def test_every_limit_can_be_set() -> None:
    """What --limit sets is what is checked, and another command line begins with the table's limits again."""
    try:
        raise_limits({"nodes": 4})
        with pytest.raises(LimitProblem, match="may have 4 operations"):
            parse("a+b+c+d")
        raise_limits({})
        parse("a+b+c+d")
    finally:
        raise_limits({})
    assert all(
        limit.default > 0 for name, limit in LIMITS.items() if name != "time"
    )  # which has none unless it is set
    assert all(limit.service > 0 and limit.meaning for limit in LIMITS.values())


def test_every_limit_has_a_test_that_meets_it() -> None:
    """No name of the table is accepted and ignored."""
    assert {name for name, _ in REFUSED} | OTHERS == set(LIMITS)


def test_more_variables_than_eigenvalues_are_asked_for(tmp_path: Path) -> None:
    """The Hessian is given, and a note says what was left out and by which limit."""
    jobs = [
        {"args": ["hessian", "x*y", "--at", "x=1,y=2", *more]} for more in ([], ["--limit", "eigenvalues=1"])
    ]
    (whole, bare), _ = watched(jobs, tmp_path)
    assert "eigenvalues: -1 1" in whole["out"]
    assert bare["status"] == 0
    assert "eigenvalues:" not in bare["out"]
    assert "--limit eigenvalues=" in bare["out"] + bare["err"]


def test_every_limit_is_in_the_manual() -> None:
    """`gradcli help limits` names each limit with its number."""
    manual = (Path(__file__).parents[2] / "gradcli" / "guide" / "limits.md").read_text()
    stated = dict(re.findall(r"^\| `([a-z-]+)` \| ([\d,]+) \| [\d,]+ \| ", manual, re.MULTILINE))
    assert stated == {name: f"{limit.default:,.0f}" for name, limit in LIMITS.items()}


@pytest.mark.parametrize("text", ["x**(10**9)", "x**10**9-x**10**9", "2**10**8*x-2**10**8*x+x"])
def test_large_powers_stay_possible(text: str, tmp_path: Path) -> None:
    """A large exponent alone is no reason to refuse: powers are taken, not multiplied out."""
    (answer,), _ = watched([{"args": ["grad", text, "--x", "1.5", "--digits", "30", "--no-save"]}], tmp_path)
    assert answer["status"] in (0, 3)
    assert answer["seconds"] < 20


def test_no_explosion_takes_long(tmp_path: Path) -> None:
    """Without --timeout every explosion of the corpus is answered or refused in seconds."""
    texts = [text for kind, text in hostile() if kind == "explosions"]
    jobs = [
        {"args": ["grad", text, "--at", "x=1.25", "--no-save", "--limit", f"effort={0.5 if ALL else 0.15}"]}
        for text in texts
    ]
    answers, _ = watched(jobs, tmp_path)
    slow = [(text, a["seconds"]) for text, a in zip(texts, answers, strict=True) if a["seconds"] > 30]
    assert slow == []
    assert {a["status"] for a in answers} <= {0, 2, 3, 4}


@POSIX
def test_time_runs_out(tmp_path: Path) -> None:
    """--timeout ends a calculation with status 4, a sentence and a record, and the session stays where it was."""
    assert gradcli(tmp_path, "step", "x**2", "--x", "5", "--lr", "0.1").returncode == 0
    for extra in ([], ["--format", "json"]):
        done = gradcli(
            tmp_path, "step", "--steps", "100000000", "--backend", "python", "--timeout", "0.5", *extra
        )
        assert done.returncode == 4, done
        assert "gradcli: time ran out after 0.5 s" in done.stderr
        assert ('"kind": "limit"' in done.stderr) == bool(extra)
    steps = gradcli(tmp_path, "session", "--get", "steps").stdout
    assert steps == "1\n"


@POSIX
def test_time_runs_out_inside_of_c(tmp_path: Path) -> None:
    """A loop in C that never looks at signals is ended from outside, a second after its time."""
    script = (
        "import sys; from gradcli import cli; from gradcli.commands import grad\n"
        "grad.answer_problem = lambda *args: sum(range(10**12))\n"  # a minute and more without one Python instruction
        "sys.argv = ['gradcli', 'grad', 'x', '--x', '1', '--timeout', '0.3', '--format', 'json']; cli.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "GRADCLI_HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 4, done
    assert done.stderr.startswith("gradcli: time ran out")
    assert json.loads(done.stderr.splitlines()[-1])["error"]["status"] == 4


@POSIX
def test_each_piped_problem_has_its_own_time(tmp_path: Path) -> None:
    """One that takes too long becomes an error record in its place, and the stream goes on."""
    lines = ["x**2", "expint(1e15,x)", '{"expression": "x*y", "at": {"y": "expint(1e15,1000)"}}', "x+1"]
    done = gradcli(
        tmp_path, "grad", "-", "--x", "1000", "--timeout", "3", "--format", "jsonl", text="\n".join(lines)
    )
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record.get("value", record.get("error", {}).get("status")) for record in records] == [
        1000000.0,
        4,
        4,
        1001.0,
    ]
    assert done.returncode == 4


@POSIX
@pytest.mark.parametrize(
    "arguments",
    [
        ["hessian", "-", "--x", "1000", "--digits", "60"],
        ["step", "-", "--dry-run", "--x", "1000"],
        ["check", "-", "--x", "1000"],
        ["apply", "-", "--dry-run"],
    ],
)
def test_every_piped_problem_has_a_time(arguments: list[str], tmp_path: Path) -> None:
    """Whatever command reads it, time runs out."""
    record = {"expression": "expint(1e15,x)", "at": {"x": 1000}, "gradient": {"x": 1}}
    done = gradcli(tmp_path, *arguments, "--timeout", "0.1", text=json.dumps(record))
    assert done.returncode == 4, done
    assert "time ran out after 0.1 s\n" in done.stderr


@POSIX
def test_waiting_costs_no_time() -> None:
    """The clock stands while a text is still coming, and goes on afterwards."""
    with pytest.raises(LimitProblem, match="time ran out"), within_timeout(0.4):
        with clock_stopped():
            time.sleep(0.8)
        arrived = True
        time.sleep(5)
    assert arrived


def test_what_is_piped_has_a_time_by_default() -> None:
    """Without --timeout there is none for what is typed, and sixty seconds for what is read from -."""
    assert default_time(["hessian", "x**2", "--x", "1"], "") is None
    assert default_time(["hessian", "-"], "x**2") == pytest.approx(60, abs=2)
    assert default_time(["check", "x**2", "--claims", "-"], "x = 2*x") == pytest.approx(60, abs=2)
    assert default_time(["grad", "-", "--x", "1"], "x**2") == pytest.approx(60, abs=2)


def default_time(arguments: list[str], text: str) -> float | None:
    """The seconds until the alarm when a command looks into its memory, None without an alarm."""
    seen: list[float] = []

    def looking(*_: object) -> None:
        seen.append(signal.getitimer(signal.ITIMER_REAL)[0])

    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as home:
        patch.setenv("GRADCLI_HOME", home)
        patch.setattr("sys.stdin", io.StringIO(text))
        patch.setattr("gradcli.memory.program_library.lookup", looking)
        assert run(arguments) == 0
    assert seen
    return seen[-1] or None


@POSIX
def test_a_budget_holds_in_long_loops_over_integers() -> None:
    """Python looks at alarms inside its multiplication of big integers: sympy's powers end on time."""
    with pytest.raises(OutOfTime), seconds(0.3):
        len(str(7 ** (10**8)))


@POSIX
def test_budgets_nest() -> None:
    """The budget that ends first rings, whether it is the inner or the outer one, and the outer goes on after."""

    class Outer(BaseException):
        pass

    for inner_wall in (False, True):
        for outer_wall in (False, True):
            with pytest.raises(Outer), seconds(0.1, Outer, wall=outer_wall), seconds(5, wall=inner_wall):
                busy(3)
            with pytest.raises(Outer), seconds(0.3, Outer, wall=outer_wall):
                with pytest.raises(OutOfTime), seconds(0.1, wall=inner_wall):
                    busy(3)
                busy(3)


def busy(cpu: float) -> None:
    end = time.process_time() + cpu
    while time.process_time() < end:
        pass


@POSIX
def test_a_budget_counts_what_is_calculated_and_not_what_is_waited_for() -> None:
    """On a busy machine a calculation gets as far as on an idle one."""
    with seconds(0.2):
        time.sleep(0.5)
        slept = True
    assert slept
    with pytest.raises(OutOfTime), seconds(0.2, wall=True):
        time.sleep(5)


@POSIX
def test_an_alarm_in_the_garbage_collector_rings_again(capsys) -> None:
    """Where nobody can catch it, it is neither lost nor shown: Python prints what is raised in a finalizer, and goes on."""
    began, hook = [], sys.unraisablehook

    class Slow:
        def __del__(self) -> None:
            began.append(1)
            busy(2)

    with pytest.raises(OutOfTime), seconds(0.1):
        Slow()
        busy(10)
    assert began
    assert sys.unraisablehook is hook
    assert capsys.readouterr().err == ""


@POSIX
@pytest.mark.parametrize(
    "text", ["besseli(-1,x)", "besselj(-3,x)", "bessely(-2,x)", "besselk(-2,x)", "besseli(-30,1)*x"]
)
def test_negative_orders_are_answered(text: str, tmp_path: Path) -> None:
    """mpmath's series for Bessel functions of negative whole orders do not always end; ours do."""
    (answer,), _ = watched([{"args": ["grad", text, "--x", "1.5", "--no-save"]}], tmp_path)
    assert answer["status"] == 0
    assert answer["seconds"] < 20


def test_no_option_takes_what_is_no_number(tmp_path: Path) -> None:
    """nan is in no range, and infinity in none either."""
    options = [
        ["grad", "x", "--x", "1", "--timeout"],
        ["step", "x**2", "--x", "1", "--clip-norm"],
        ["step", "x**2", "--x", "1", "--clip-value"],
        ["minimize", "x**2", "--x", "1", "--tol"],
        ["compare", "x**2", "--x", "1", "--tol"],
        ["check", "x**2", "--claim", "x=2", "--x", "1", "--atol"],
        ["check", "x**2", "--claim", "x=2", "--x", "1", "--rtol"],
        ["check", "x**2", "--eps"],
    ]
    given = [[*option, number] for option in options for number in ("nan", "NaN", "inf", "1e999", "-inf")]
    answers, _ = watched([{"args": arguments} for arguments in given], tmp_path)
    for (*_, option, number), answer in zip(given, answers, strict=True):
        assert answer["status"] == 2, answer
        assert answer["err"].startswith(f"gradcli: {option} {number}: it must be "), answer


@POSIX
def test_a_budget_may_be_of_any_size(tmp_path: Path) -> None:
    """None at all is used up at once; one beyond what the system's alarms can do does no harm."""
    jobs = [
        {"args": ["grad", "expint(1e15,x)", "--x", "1000", "--digits", "60", "--limit", "effort=0"]},
        {"args": ["grad", "besselj(1,x)", "--x", "1", "--limit", "effort=999999999999999"]},
        {"args": ["grad", "besselj(1,x)", "--x", "1", "--timeout", "1e300"]},
    ]
    none, much, more = watched(jobs, tmp_path)[0]
    assert (none["status"], much["status"], more["status"]) == (4, 0, 0)
    assert none["err"].startswith("gradcli: expint is too hard to compute")


@POSIX
def test_an_alarm_on_the_way_out_is_no_mistake() -> None:
    """Whenever it rings: the answer, or the sentence; and no alarm is left behind, nor anybody who would listen to it."""
    chance, before, ends = random.Random(1), signal.getsignal(signal.SIGALRM), set()
    for _ in range(4000):
        late = time.perf_counter() + 2e-4 + chance.uniform(-6e-5, 6e-5)

        def work(late: float = late) -> str:
            while time.perf_counter() < late:
                pass
            return "done"

        try:
            ends.add(in_time(work, 2e-4))
        except LimitProblem as error:
            ends.add(error.message)
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
        assert signal.getsignal(signal.SIGALRM) is before
    assert ends == {"done", "time ran out after 0.0002 s"}


@POSIX
def test_an_alarm_on_the_way_in_leaves_none_behind() -> None:
    """Time that is over before the block has begun, as on a busy machine: the clock is stopped all the same."""
    before = signal.getsignal(signal.SIGALRM)
    for _ in range(100):
        with pytest.raises(LimitProblem, match="time ran out"):
            in_time(lambda: time.sleep(1), 1e-6)
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
        assert signal.getsignal(signal.SIGALRM) is before
