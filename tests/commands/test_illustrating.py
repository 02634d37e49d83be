"""Pictures beside answers, and on a terminal while a descent lasts."""

from __future__ import annotations

import os
import pty
import signal
import struct
import subprocess
import termios
import time

import pytest

fcntl = pytest.importorskip("fcntl")

from tests.commands.terminals import on_terminal  # noqa: E402

#: Slow enough to be watched: thousands of steps along a curved valley.
VALLEY = ["gradcli", "minimize", "(1-x)**2+100*(y-x**2)**2", "--x=-1.2", "--y", "1", "--live"]


def test_a_step_draws_the_way_below_its_answer(run):
    """The text stays what it is; the picture follows."""
    plain = run("step", "x**2+y**2", "--x", 3, "--y", 2, "--steps", 3, "--lr", 0.1, "--dry-run")
    drawn = run("step", "x**2+y**2", "--x", 3, "--y", 2, "--steps", 3, "--lr", 0.1, "--plot")
    assert drawn.out.startswith(plain.out) and "▼ minimum x = 0, y = 0" in drawn.out


def test_a_dry_run_draws_its_own_steps(run):
    """What is not remembered can be seen all the same."""
    ended = run("step", "x**2", "--x", 3, "--steps", 2, "--lr", 0.1, "--dry-run", "--plot")
    assert "f = x**2" in ended.out and "● point x = 1.92" in ended.out and run("session").status == 4


def test_minimize_draws_its_steps(run):
    """The way of a descent has its numbers, and ends at the minimum."""
    ended = run("minimize", "(x-1)**2+x*y+y**2", "--x", 3, "--y", 2, "--plot")
    assert (
        ended.status == 0
        and ended.out.startswith("minimum:")
        and "▼ minimum x = 1.3333, y = -0.66667" in ended.out
    )


def test_compare_draws_one_curve_per_optimizer(run, tmp_path):
    """Each has its letter, on the terminal and in the legend."""
    file = tmp_path / "compare.html"
    ended = run("compare", "(x-1)**2+y**4", "--x", 5, "--y", 3, "--lr", 0.01, "--plot", "--plot-out", file)
    assert ended.status == 0 and "A sgd torch, lr 0.01   B rmsprop torch, lr 0.01" in ended.out
    assert file.read_text(encoding="utf-8").count('"name"') == 3


def test_a_file_may_go_with_a_machine_format(run, tmp_path):
    """What a script reads stays clean."""
    file = tmp_path / "way.html"
    ended = run("step", "x**2+y**2", "--x", 3, "--y", 2, "--lr", 0.1, "--format", "json", "--plot-out", file)
    assert (
        ended.status == 0 and ended.out.startswith("{") and "1 steps lead" in file.read_text(encoding="utf-8")
    )


@pytest.mark.parametrize("command", [("step",), ("minimize",), ("compare",)])
@pytest.mark.parametrize("manner", [("--format", "json"), ("--get", "value")])
def test_a_picture_never_enters_what_a_script_reads(run, command, manner):
    """--plot with a machine format is refused, before anything is computed or remembered."""
    ended = run(*command, "x**2", "--x", 3, "--plot", *manner)
    assert ended.status == 2 and "--plot-out" in ended.err and ended.out == "" and run("session").status == 4


def test_an_unknown_kind_of_file_is_refused_before_the_descent(run):
    """The session does not move for a picture that cannot be drawn."""
    ended = run("step", "x**2", "--x", 3, "--lr", 0.1, "--plot-out", "way.doc")
    assert ended.status == 2 and run("session").status == 4


def test_live_without_a_terminal_says_so(run):
    """The descent is done all the same."""
    ended = run("minimize", "x**2", "--x", 3, "--live")
    assert ended.status == 0 and "--live draws on a terminal" in ended.err and "\x1b" not in ended.out


def test_live_leaves_one_clean_frame(environment, tmp_path):
    """The last frame stays above the answer, and the cursor is shown again."""
    status, text = on_terminal([*VALLEY, "--optimizer", "adam", "--lr", "0.05"], environment, tmp_path)
    assert status in (0, 1)
    final = text.rpartition("\x1b[J")[2]
    assert (
        final.count("f = (1-x)**2") == 1
        and "│" in final
        and text.rfind("\x1b[?25h") > text.rfind("\x1b[?25l") > -1
    )


def test_ctrl_c_leaves_the_terminal_as_it_was(environment, tmp_path):
    """The cursor comes back, whatever the moment."""
    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 80, 0, 0))
    command = [*VALLEY, "--optimizer", "sgd", "--lr", "1e-6", "--max-steps", "100000000", "--dry-run"]
    process = subprocess.Popen(
        command, stdin=side, stdout=side, stderr=subprocess.DEVNULL, cwd=tmp_path, start_new_session=True,
        env={**environment, "TERM": "xterm-256color"},
    )  # fmt: skip
    os.close(side)
    seen, deadline = b"", time.monotonic() + 60
    while seen.count(b"\x1b[J") < 2 and time.monotonic() < deadline:
        seen += os.read(main, 65536)
    os.killpg(process.pid, signal.SIGINT)
    try:
        while chunk := os.read(main, 65536):
            seen += chunk
    except OSError:
        pass
    os.close(main)
    assert process.wait(60) == 130
    assert seen.rfind(b"\x1b[?25h") > seen.rfind(b"\x1b[?25l")


def test_colours_and_size_are_the_terminals(environment, tmp_path):
    """On a terminal the picture is as wide as it is, in colour unless NO_COLOR."""
    command = ["gradcli", "plot", "x**2+y**2", "--x", "1", "--y", "1"]
    environment = {**environment, "TERM": "xterm-256color"}
    for columns in (40, 120):
        _, coloured = on_terminal(command, environment, tmp_path, columns)
        _, plain = on_terminal(command, {**environment, "NO_COLOR": "1"}, tmp_path, columns)
        assert "\x1b[38;5;" in coloured and "\x1b" not in plain
        assert max(map(len, plain.splitlines())) == columns and len(plain.splitlines()) == 49
