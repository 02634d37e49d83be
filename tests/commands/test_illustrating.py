"""Pictures beside answers, and on a terminal while a descent lasts."""

from __future__ import annotations

import itertools
import json
import os
import pty
import re
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
        ended.status == 0 and ended.out.startswith("{") and "1 step leads" in file.read_text(encoding="utf-8")
    )


@pytest.mark.parametrize("command", [("step",), ("minimize",), ("compare",)])
@pytest.mark.parametrize("manner", [("--format", "json"), ("--get", "value")])
def test_a_picture_never_enters_what_a_script_reads(run, command, manner):
    """--plot with a machine format is refused, before anything is computed or remembered."""
    ended = run(*command, "x**2", "--x", 3, "--plot", *manner)
    assert (
        ended.status == 2 and "--out FILE.svg" in ended.err and ended.out == "" and run("session").status == 4
    )


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


def test_live_over_files_draws_the_loss_while_it_falls(environment, tmp_path):
    """Over all rows, against the step; the answer follows it."""
    rows = "\n".join(f"{x / 100},{2 * x / 100 + 1}" for x in range(1, 400))
    (tmp_path / "points.csv").write_text(f"x,y\n{rows}\n")
    command = ["gradcli", "minimize", "mean((y - a*x - b)**2)", "--data", "points.csv", "--a", "0", "--b", "0", "--live",
               "--optimizer", "sgd", "--lr", "0.01"]  # fmt: skip
    status, text = on_terminal(command, environment, tmp_path)
    final = text.rpartition("\x1b[J")[2]
    assert status == 0
    assert "f = mean((y - a*x - b)**2)" in final
    assert "|∇f|" in final
    assert "minimum" in final


def test_live_steps_draw_the_losses_of_epochs(environment, tmp_path):
    """Over all rows where an epoch of mini-batches ends; the steps are those without it, to the last bit."""
    rows = "\n".join(f"{x / 100},{2 * x / 100 + 1}" for x in range(1, 400))
    (tmp_path / "points.csv").write_text(f"x,y\n{rows}\n")
    command = ["gradcli", "step", "mean((y - a*x - b)**2)", "--data", "points.csv", "--a", "0", "--b", "0", "--lr", "0.01",
               "--batch", "40", "--epochs", "30"]  # fmt: skip
    status, text = on_terminal([*command, "--live"], environment, tmp_path)
    final = text.rpartition("\x1b[J")[2]
    assert status == 0
    assert "f = mean((y - a*x - b)**2)" in final and "|∇f|" in final
    point = ["gradcli", "session", "--format", "json"]
    found = []
    for words in (point, [*command, "--format", "json"], point):
        ended = subprocess.run(
            words, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
        )
        found.append(json.loads(ended.stdout).get("at"))
    assert found[0] == found[1] == found[2]


def test_live_steps_draw_the_way(environment, tmp_path):
    """A landscape with the way so far; without a terminal a note, and the same steps."""
    command = ["gradcli", "step", *VALLEY[2:], "--lr", "0.001", "--steps", "300"]
    status, text = on_terminal(command, environment, tmp_path)
    assert status == 0 and "f = (1-x)**2" in text.rpartition("\x1b[J")[2]
    ended = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "--live draws on a terminal" in ended.stderr and "\x1b" not in ended.stdout
    assert "by: sgd lr 0.001" in ended.stdout and "point x" not in text.rpartition("steps 1 to 300")[2]


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
        while (chunk := os.read(main, 65536)) and time.monotonic() < deadline + 60:
            seen += chunk
    except OSError:
        pass
    os.close(main)
    assert process.wait(60) == 130
    assert seen.rfind(b"\x1b[?25h") > seen.rfind(b"\x1b[?25l")


def test_colours_and_size_are_the_terminals(forked_environment, tmp_path):
    """On a terminal the picture is as wide as it is, in colour unless NO_COLOR."""
    command = ["gradcli", "plot", "x**2+y**2", "--x", "1", "--y", "1"]
    environment = {**forked_environment, "TERM": "xterm-256color"}
    for columns in (40, 120):
        _, coloured = on_terminal(command, environment, tmp_path, columns)
        _, plain = on_terminal(command, {**environment, "NO_COLOR": "1"}, tmp_path, columns)
        assert "\x1b[38;5;" in coloured and "\x1b" not in plain
        assert max(map(len, plain.splitlines())) == columns and len(plain.splitlines()) == 49


def test_a_session_remembers_the_way_of_a_descent(run, tmp_path):
    """What `plot` shows afterwards are the points that `--trace` wrote, the start among them."""
    rows = run("minimize", "(x-1)**2+x*y+y**2", "--x", 3, "--y", 2, "--trace", "-").out.splitlines()
    traced = [[float(cell) for cell in row.split(",")] for row in rows if row[0].isdigit()]
    file = tmp_path / "way.html"
    assert run("plot", "--out", file).status == 0
    points = [[stop["step"], stop["x"], stop["y"]] for stop in way_in(file)]
    assert points[0] == [0, 3, 2]
    assert len(points) == len(traced)
    for point, row in zip(points, traced, strict=True):
        assert point == pytest.approx([row[0], row[2], row[3]], rel=1e-5, abs=1e-5)


def test_the_way_of_restarts_is_that_of_the_best(run, tmp_path):
    """Traced and remembered alike: it ends where the lowest minimum is, and its last step is the last of all."""
    ended = run(
        "minimize", "(x**2-4)**2+x", "--box", "x=-5:5", "--restarts", 5, "--trace", tmp_path / "way.csv"
    )
    header, *rows = (tmp_path / "way.csv").read_text().splitlines()
    assert header == "step,value,x,grad.x" and rows[0].startswith("0,")
    file = tmp_path / "way.html"
    assert run("plot", "--out", file).status == 0
    points = way_in(file)
    assert f"steps: {points[-1]['step']}," in ended.out
    assert float(rows[-1].split(",")[2]) == pytest.approx(-2.0305466, abs=1e-6)
    assert points[-1]["x"] == pytest.approx(-2.0305466, abs=1e-4)


def test_the_way_of_a_long_descent_is_thinned(run, tmp_path):
    """Two hundred points at the most, evenly spaced but for the last."""
    run("minimize", "x**4", "--x", 2, "--optimizer", "sgd", "--lr", 0.001, "--max-steps", 3000)
    file = tmp_path / "way.html"
    assert run("plot", "--out", file).status == 0
    steps = [point["step"] for point in way_in(file)]
    assert 100 <= len(steps) <= 201 and (steps[0], steps[-1]) == (0, 3000)
    assert len({after - before for before, after in itertools.pairwise(steps[:-1])}) == 1


def test_a_descent_goes_on_from_the_way_before(run, tmp_path):
    """Steps, a descent, steps: one way, no point of it twice."""
    run("step", "x**2+y**2", "--x", 3, "--y", 2, "--steps", 2, "--lr", 0.1)
    first = run("minimize", "--max-steps", 1, "--optimizer", "sgd", "--lr", 0.05)
    assert first.status == 1
    run("step", "--lr", 0.1)
    file = tmp_path / "way.html"
    assert run("plot", "--out", file).status == 0
    assert [point["step"] for point in way_in(file)] == [0, 1, 2, 3, 4]


def way_in(file):
    """The points of the way in a page."""
    data = json.loads(
        re.search(r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', file.read_text(), re.S)[1]
    )
    return data["path"]


@pytest.mark.parametrize("expression", ["x", "x*y"])
@pytest.mark.parametrize(
    "how", [("--size", "60x16"), ("--out", "far.html"), ("--range", "x=0:1", "--out", "far.html")]
)
def test_what_lies_beyond_every_picture_is_refused(run, tmp_path, monkeypatch, expression, how):
    """A point at the end of floats has no range around it; a report goes without the picture and says why."""
    monkeypatch.chdir(tmp_path)
    point = ["--at", "x=-1e308,y=1" if "y" in expression else "x=-1e308"]
    ended = run("plot", expression, *point, *how)
    assert ended.status == 2
    assert "x = -1e+308 cannot be drawn: a picture ends at" in ended.err
    assert run("report", expression, *point, "--out", "far.md").status == 0
    assert "X = -1e+308 cannot be drawn" in (tmp_path / "far.md").read_text(encoding="utf-8")


def test_live_frames_leave_nothing_behind(environment, tmp_path):
    """All frames but the last are drawn on the terminal's other screen: not one of them scrolls into its history."""
    slow = ["--optimizer", "sgd", "--lr", "1e-6", "--max-steps", "60000", "--dry-run"]
    _, text = on_terminal([*VALLEY, *slow], environment, tmp_path)
    before, _, after = text.rpartition("\x1b[?1049l")
    assert before.partition("\x1b[?1049h")[0].count("f = (1-x)**2") == 0
    assert before.count("\x1b[?1049h") == 1 and after.count("f = (1-x)**2") == 1


def test_long_ways_are_thinned(run, tmp_path):
    """A session and a page keep as many points of a long descent as can be seen, its ends with them."""
    file, descent = tmp_path / "way.html", ("x**2+y**2", "--x", 3, "--y", 2, "--lr", 1e-5)
    limits = ("--optimizer", "sgd", "--max-steps", 20_000)
    run("minimize", *descent, *limits, "--plot-out", file)
    assert 500 < len(way_in(file)) <= 2_001 and way_in(file)[-1]["step"] == 20_000
    assert run("plot", "--out", file).status == 0 and len(way_in(file)) <= 201
    run("step", *descent, "--steps", 20_000)
    assert run("plot", "--out", file).status == 0
    assert len(way_in(file)) <= 2_001 and [way_in(file)[i]["step"] for i in (0, -1)] == [0, 20_000]


def test_variables_that_are_not_there_cannot_be_drawn(run):
    """--wrt of names that are none of the expression's, also beside a value for one."""
    said = run("plot", "sin(x)*exp(y)", "--x", "1.5", "--y", "0.5", "--wrt", "python")
    assert said.status == 2
    assert "--wrt python: it is not a variable of the expression" in said.err
    said = run("plot", "sin(x)*exp(y)", "--at", "x=1.5,y=0.5,z=3", "--wrt", "z")
    assert said.status == 2
    assert "nothing of it is in the expression" in said.err
