"""A signal that ends a stream's child costs the problem in whose midst it came, and no other, and none twice."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from pathlib import Path

import pytest

from .test_killed import child_of, done, needs_proc, started

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and processes of POSIX")

#: In the child: a problem with a variable called `boom` ends its process by signal boom, as a mistake in C would.
BOOM = (
    "import os, re\nfrom gradcli.shell.derivatives import gradient_stream\nfrom gradcli.shell.problems import problem_stream\n"
    "real = gradient_stream.problem_of\n"
    "def problem_of(document, *given):\n"
    "    if found := re.match(r'boom_(\\d+)', document.text): os.kill(os.getpid(), int(found[1]))\n"
    "    return real(document, *given)\n"
    "gradient_stream.problem_of = problem_stream.problem_of = problem_of\n"
)
JSONL = ["grad", "-", "--format", "jsonl", "--no-save"]


def problem(number: int) -> str:
    return json.dumps({"expression": "x**2", "at": {"x": number}})


def said(out: str) -> list[float | str]:
    """The value of each record, or the message of its error."""
    records = [json.loads(line) for line in out.splitlines()]
    return [record["value"] if "value" in record else record["error"]["message"] for record in records]


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT])
def test_the_problem_that_ends_a_child_is_an_error_in_its_place(number, home):
    """First, twice in a row, in the middle, and last without the end of its line: all others have their answers."""
    boom = f"boom_{int(number)}"
    lines = [
        boom,
        problem(1),
        boom,
        boom,
        problem(2),
        "x+",
        '{"expression": "x**2",',
        '"at": {"x": 3}}',
        problem(4),
        boom,
    ]
    status, out, err = done(home, JSONL, BOOM, "\n".join(lines))
    ended = f"the calculation was ended by signal {int(number)}"
    assert said(out) == [ended, 1, ended, ended, 4, "the expression ends too early", 9, 16, ended]
    assert (status, err) == (4, "")


def test_none_of_many_is_lost_and_none_answered_twice(home):
    """Over the borders of what is read at a time, with problems of several lines: 6,000 answers, each in its place."""
    chance, lines, wanted = random.Random(3), [], []
    for k in range(6000):
        kind = chance.random()
        if kind < 0.001 or k in (5, 5999):
            lines.append("boom_11" + " " * chance.randrange(200))
            wanted.append("the calculation was ended by signal 11")
            continue
        lines.append(problem(k) if kind < 0.9 else problem(k).replace(", ", ",\n"))
        wanted.append(k * k)
    status, out, _ = done(home, JSONL, BOOM, "\n".join(lines))
    assert said(out) == wanted
    assert 1 < wanted.count("the calculation was ended by signal 11") < 20
    assert status == 4


@pytest.mark.parametrize("command", ["grad", "hessian"])
def test_a_table_has_one_header_and_errors_are_told_once(command, home):
    """CSV and text: the header of before is not written again, and every error stands on stderr one time."""
    lines = "x**2\nx+\nboom_11\nx**3\n"
    status, out, err = done(home, [command, "-", "--format", "csv", "--x", "3"], BOOM, lines)
    assert len([line for line in out.splitlines() if not line[-1].isdigit()]) == 1
    assert (status, err.count("too early"), err.count("ended by signal 11")) == (4, 1, 1)
    status, out, err = done(home, [command, "-", "--x", "3"], BOOM, lines)
    alone = [done(home, [command, text, "--x", "3"])[1] for text in ("x**2", "x**3")]
    assert out == "".join(alone)
    assert (status, err.count("too early"), err.count("ended by signal 11")) == (4, 1, 1)


def test_time_that_runs_out_in_c_costs_one_problem(home):
    """Where no alarm is looked at the parent ends the child; the others are answered all the same."""
    deaf = BOOM.replace("os.kill(os.getpid(), int(found[1]))", "sum(range(10**12))")
    status, out, _ = done(home, [*JSONL, "--timeout", "1"], deaf, f"{problem(1)}\nboom_0\n{problem(2)}\n")
    assert said(out) == [1, "time ran out", 4]
    assert status == 4


@needs_proc
def test_a_child_that_is_killed_while_it_waits_is_not_replaced(home):
    """It was in the midst of no problem, so somebody wants it gone: that is told, with what it costs."""
    with started(home, JSONL) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(problem(1) + "\n")
        process.stdin.flush()
        assert said(process.stdout.readline()) == [1]
        child = child_of(process)
        while "pipe" not in _waits_for(child):
            time.sleep(0.02)
        os.kill(child, signal.SIGKILL)
        assert process.wait() == 4
        assert "hint: what followed it on standard input was not answered" in process.stderr.read()


def _waits_for(number: int) -> str:
    """What the kernel says that a process sleeps in; `pipe` where it does not say."""
    try:
        place = Path(f"/proc/{number}/wchan").read_text()
    except OSError:
        return "pipe"
    return place if place not in ("", "0") else "pipe"


def test_what_is_too_long_to_be_kept_is_told(home):
    """Of a line of more than the page holds the rest is not answered, and that is said; the next lines go on as before."""
    long = "x" + " " * 2**21
    status, out, err = done(home, [*JSONL, "--x", "2"], BOOM, f"{long}\nboom_11\nx\n")
    assert said(out) == [2]
    assert "what followed it on standard input was not answered" in err
    assert status == 4
    _, out, _ = done(
        home, [*JSONL, "--x", "2"], BOOM, f"{long}\n" + f"x{' ' * 2000}\n" * 100 + "boom_11\nx**2\n"
    )
    assert said(out) == [2] * 101 + ["the calculation was ended by signal 11", 4]
