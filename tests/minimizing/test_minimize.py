"""`minimize` and `maximize` from the shell: how they end, what they remember, what they trace."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

ROSENBROCK = "100*(y-x**2)**2+(1-x)**2"


def record(ended):
    return json.loads(ended.out)


def test_a_minimum_is_status_0_with_a_positive_definite_hessian(run):
    """Rosenbrock's minimum (1, 1) is found from its published start, and proved by eigenvalues."""
    ended = run("minimize", ROSENBROCK, "--x", "-1.2", "--y", 1, "--format", "json")
    answer = record(ended)
    assert ended.status == 0
    assert answer["status"] == "minimum" and answer["success"] is True
    assert answer["x"] == pytest.approx({"x": 1, "y": 1}, abs=1e-7)
    assert answer["fun"] == pytest.approx(0, abs=1e-12)
    assert min(answer["eigenvalues"]) > 0
    assert answer["norm"] <= 1e-8


def test_the_tutorial_has_no_minimum_but_a_saddle(run):
    """On x²+xy+3 the answer is no, and names the saddle at (0, 0) with eigenvalues 1 ± √2."""
    ended = run("minimize", "x**2+x*y+3", "--x", 5, "--y", 3)
    assert ended.status == 1
    assert "no least value" in ended.out and "saddle at x = 0, y = 0" in ended.out
    assert "-0.414214" in ended.out and "2.41421" in ended.out


def test_a_rate_beyond_the_limit_diverges_and_a_better_one_is_named(run):
    """x² with rate 3 diverges, for 2/λmax is 1; the suggested rate reaches the minimum."""
    ended = run("minimize", "x**2", "--x", 1, "--optimizer", "sgd", "--lr", 3, "--format", "json")
    assert ended.status == 1 and record(ended)["status"] == "diverging"
    rate = record(ended)["suggested_lr"]
    again = run("minimize", "x**2", "--x", 1, "--optimizer", "sgd", "--lr", rate)
    assert again.status == 0


def test_bounds_hold_and_their_multipliers_have_a_sign(run):
    """(x-3)² on x ≤ 1 ends at the bound, where the slope -4 presses upward."""
    ended = run("minimize", "(x-3)**2", "--x", 0, "--bounds", "x=:1", "--format", "json")
    answer = record(ended)
    assert (ended.status, answer["status"], answer["x"]) == (0, "minimum-on-bound", {"x": 1.0})
    assert answer["multipliers"] == {"x": -4.0}


def test_maximize_goes_uphill(run):
    """The maximum of 3 - (x-1)² is 3, at 1, where the second derivative is -2."""
    ended = run("maximize", "3-(x-1)**2", "--x", 5, "--format", "json")
    answer = record(ended)
    assert (ended.status, answer["status"]) == (0, "maximum")
    assert answer["fun"] == pytest.approx(3) and answer["x"]["x"] == pytest.approx(1)
    assert answer["eigenvalues"] == pytest.approx([-2])


def test_restarts_list_distinct_minima(run):
    """(x²-1)² + y² has its two minima at x = ±1, and both are found from a box."""
    ended = run("minimize", "(x**2-1)**2+y**2", "--restarts", 12, "--box", "x=-2:2,y=-2:2", "--seed", 1,
                "--format", "json")  # fmt: skip
    found = sorted(round(one["at"]["x"], 6) for one in record(ended)["found"])
    assert ended.status == 0 and found == [-1, 1]


def test_restarts_with_one_seed_are_the_same_every_time(run):
    """The seed fixes the random points: two runs agree to the last bit."""
    line = (
        "minimize",
        "sin(3*x)+x**2/10",
        "--restarts",
        5,
        "--box",
        "x=-5:5",
        "--seed",
        7,
        "--format",
        "json",
    )
    assert run(*line, "--dry-run").out == run(*line, "--dry-run").out


def test_the_session_keeps_the_best_point_and_undo_goes_back_to_before(run):
    """minimize moves the session to the minimum as one deed, which undo takes back as one."""
    run("grad", "(x-2)**2", "--x", 5)
    run("minimize")
    assert float(run("session", "--get", "at.x").out) == pytest.approx(2)
    run("session", "undo")
    assert run("session", "--get", "at.x").out == "5.0\n"


def test_dry_run_leaves_the_session_alone(run):
    """With --dry-run the session stays where it was."""
    run("grad", "(x-2)**2", "--x", 5)
    run("minimize", "--dry-run")
    assert run("session", "--get", "at.x").out == "5.0\n"


def test_a_trace_has_every_kth_step(run, tmp_path):
    """--every 10 writes the start, the steps 10, 20, … and nothing between."""
    file = tmp_path / "path.csv"
    run("minimize", "x**4", "--x", 1, "--optimizer", "sgd", "--lr", 0.01, "--max-steps", 50, "--trace", file,
        "--every", 10)  # fmt: skip
    steps = [line.split(",")[0] for line in file.read_text().splitlines()]
    assert steps == ["step", "0", "10", "20", "30", "40", "50"]


def test_a_trace_in_json_lines_holds_point_value_and_gradient(run, tmp_path):
    """Each line of a .jsonl trace is one stage, with all digits."""
    file = tmp_path / "path.jsonl"
    run("minimize", "x**2", "--x", 1, "--optimizer", "sgd", "--lr", 0.25, "--max-steps", 2, "--trace", file)
    start, first = map(json.loads, file.read_text().splitlines()[:2])
    assert start == {"step": 0, "at": {"x": 1.0}, "value": 1.0, "gradient": {"x": 2.0}}
    assert first == {"step": 1, "at": {"x": 0.5}, "value": 0.25, "gradient": {"x": 1.0}}


@pytest.mark.parametrize(("options", "start"), [
    (["minimize", "(x-1)**2", "--x", 3], [0, 4, 3, 4]),
    (["minimize", "(x-1)**2", "--x", 1], [0, 0, 1, 0]),  # no step is needed
    (["maximize", "-(x-1)**2", "--x", 3], [0, -4, 3, -4]),
    (["minimize", "(x-1)**2", "--x", 3, "--bounds", "x=4:9"], [0, 9, 4, 6]),  # where the bounds let it begin
    (["minimize", "(x-1)**2", "--x", 3, "--optimizer", "adam", "--every", 7, "--max-steps", 20], [0, 4, 3, 4]),
    (["step", "(x-1)**2", "--x", 3, "--steps", 5, "--every", 7], [0, 4, 3, 4]),
    (["step", "(x-1)**2", "--x", 3, "--steps", 0], [0, 4, 3, 4]),
    (["step", "(x-1)**2", "--x", 3, "--ascend", "--dry-run"], [0, 4, 3, 4]),
])  # fmt: skip
def test_a_trace_begins_with_the_start(options, start, run):
    """Row 0: the point, f and its slope there, however the descent goes on."""
    rows = run(*options, "--trace", "-", "--format", "jsonl").out.splitlines()
    assert rows[0] == "step,value,x,grad.x" and [float(cell) for cell in rows[1].split(",")] == start


def test_the_trace_of_later_steps_begins_where_they_did(run, tmp_path):
    """The last row of one file is the first one of the next."""
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    run("step", "x**2*y", "--x", 5, "--y", 2, "--lr", 0.01, "--steps", 3, "--trace", files[0])
    run("step", "--steps", 4, "--every", 5, "--trace", files[1])
    first, then = (file.read_text().splitlines()[1:] for file in files)
    assert [row.split(",")[0] for row in first] == ["0", "1", "2", "3"] and first[-1] == then[0]
    assert [row.split(",")[0] for row in then] == ["3", "5"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--lr", "fast"], "a number or auto"),
        (["--schedule", "cosine"], "needs a fixed rate"),
        (["--lr", "0.1"], "chooses its own step lengths"),
        (["--optimizer", "adm"], "did you mean adam"),
        (["--schedule", "steep", "--lr", "0.1", "--optimizer", "sgd"], "not a schedule"),
        (["--bounds", "x=3"], "NAME=LOW:HIGH"),
        (["--bounds", "z=0:1"], "z"),
        (["--restarts", "3"], "needs --box"),
        (["--box", "x=0:"], "both ends"),
        (["--momentum", "0.9"], "has no settings"),
    ],
)
def test_impossible_wishes_are_usage_errors(run, arguments, says):
    """Status 2, one sentence, and a hint of what would do."""
    ended = run("minimize", "x**2", "--x", 1, *arguments)
    assert ended.status == 2 and ended.out == ""
    assert says in ended.err


def test_interrupted_keeps_the_best_point(environment, home):
    """Ctrl-C is status 130, and the session stands where the descent had come."""
    line = ["minimize", ROSENBROCK, "--x", "-1.2", "--y", "1", "--optimizer", "sgd", "--lr", "0.000001",
            "--max-steps", "1000000000"]  # fmt: skip
    for wait in (1, 4, 16, 64):  # until it has begun: how long that takes is the machine's affair
        child = subprocess.Popen([sys.executable, "-m", "gradcli", *line], env=environment, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE)  # fmt: skip
        time.sleep(wait)
        os.kill(child.pid, signal.SIGINT)
        out, _ = child.communicate(timeout=300)
        if b"stopped after" in out:
            break
    assert child.returncode == 130
    shown = subprocess.run([sys.executable, "-m", "gradcli", "session", "--get", "value"], env=environment,
                           capture_output=True, text=True, check=True)  # fmt: skip
    assert float(shown.stdout) < 24.2
