"""The commands of a report are played in a new home: they lead to the same point, slots and sentences, to the last bit."""

from __future__ import annotations

import json
import re
import shlex

import pytest

Q = ("x**2+x*y/2+y**2", "--x", 5, "--y", 3)
MANY = ("sin(3*x)+x**2/10+y**2", "--x", 1, "--y", 0.3)

#: What was typed, one command a row; text for standard input behind a |.
WAYS = {
    "one step": [("step", "x**2", "--x", 4, "--lr", 0.3)],
    "along one": [("grad", *Q), ("step", "--lr", 0.1, "--wrt", "x")],
    "resting and coming back": [("grad", *Q), ("step", "--lr", 0.1, "--momentum", 0.9, "--steps", 3),
                                ("step", "--wrt", "x"), ("step", "--wrt", "x,y"), ("step", "--wrt", "y", "--steps", 30)],
    "stopped": [("grad", *Q, "--stop", "y"), ("step", "--lr", 0.1), ("step", "--steps", 2)],
    "optimizers": [("grad", *Q), ("step", "--optimizer", "adam", "--lr", 0.1, "--steps", 3),
                   ("step", "--optimizer", "rmsprop", "--dialect", "tf1"), ("step", "--centered"),
                   ("step", "--optimizer", "ftrl", "--ftrl-beta", 0.3, "--l1", 0.01)],
    "settings": [("step", *Q, "--lr", 0.1, "--momentum", 0.9), ("step", "--momentum", 0), ("step", "--momentum", 0.9),
                 ("step", "--nesterov", "--weight-decay", 0.01), ("step", "--no-nesterov", "--lr", "1e-3")],
    "moved": [("grad", *Q), ("step", "--lr", 0.1), ("step", "--x", "1/3", "--optimizer", "adamw", "--amsgrad")],
    "clipped uphill": [("step", *Q, "--lr", 0.1, "--ascend", "--clip-norm", 0.7, "--clip-value", 0.6, "--steps", 2)],
    "from a corner": [("step", "abs(x)+y**2", "--x", 0, "--y", 1, "--lr", 0.1), ("step", "--corner", "right")],
    "constants": [("step", "x**2-y", "--x", "sqrt(2)", "--y", "1e-300", "--lr", 0.1)],
    "undone": [("grad", *Q), ("step", "--optimizer", "adam", "--steps", 5), ("session", "undo", 2), ("step", "--wrt", "y")],
    "applied": [("grad", *Q), ("step", "--optimizer", "adam", "--lr", 0.1),
                ("apply", "-", '|{"gradient": {"x": 2.5, "y": null}}'),
                ("apply", "-", "--lr", 0.2, '|{"at": {"y": 0.1}, "gradient": {"x": 0.1, "y": -7}}'), ("step",)],
    "applied first": [("apply", "-", "--lr", 0.5, '|{"expression": "µ**2", "at": {"µ": 3}, "gradient": {"µ": 1}}')],
    "minimized": [("minimize", *Q)],
    "minimized from a session": [("grad", *Q), ("step", "--lr", 0.1, "--optimizer", "adam"), ("minimize", "--tol", 1e-3),
                                 ("step",), ("step", "--x", 2), ("minimize", "--wrt", "x", "--x", "0.1")],
    "on a bound": [("minimize", "(x+1)**2+y**2", "--x", 3, "--y", 1, "--bounds", "x=1:")],
    "there already": [("minimize", "x**2", "--x", 0)],
    "maximized": [("maximize", "-x**4+x", "--x=-1", "--optimizer", "sgd", "--lr", 0.05, "--max-steps", 30)],
    "at a rate": [("minimize", *Q, "--optimizer", "adam", "--dialect", "tf1", "--lr", 0.3, "--schedule",
                   "cosine:over=50,floor=0.1", "--max-steps", 70, "--beta1", 0.8)],
    "restarted": [("minimize", MANY[0], "--restarts", 4, "--box", "x=-3:3,y=-1:1", "--seed", 3)],
    "restarted from a session": [("grad", *MANY), ("minimize", "--restarts", 2, "--box", "x=-3:3"),
                                 ("minimize", MANY[0], "--restarts", 2, "--box", "x=-3:3,y=0:1")],
    "strange texts": [("step", "-x**2+3", "--x", 4, "--lr", 0.3), ("minimize", "--", "--x+x**2", )],
    "two outputs": [("step", "x**2", "x-y**2", "--sum", "--x", 4, "--y", 1, "--lr", 0.1), ("step", "--steps", 2)],
    "an option's name": [("step", "lr**2+tol", "--at", "lr=2,tol=1", "--lr", 0.1)],
    "nothing but grad": [("grad", *Q)],
    "nothing but grad along one": [("grad", *Q, "--wrt", "x")],
    "a new problem": [("step", "x**4", "--x", 1), ("step", *Q, "--lr", 0.2), ("minimize",)],
    "infinite slots": [("step", "1e160*x+y**2", "--x", 1e-10, "--y", 1, "--optimizer", "adam"), ("step",)],
}  # fmt: skip


@pytest.fixture(autouse=True)
def plain(tmp_path, monkeypatch):
    """Reports are written here, and without their pictures, which take most of the time."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("gradcli.shell.reports.report_sections._pictures", lambda *_: [])


@pytest.fixture
def play(run):
    """`play(commands)`: each in turn; what it reads stands behind a |."""

    def play(commands):
        for command in commands:
            *words, last = command
            reads = isinstance(last, str) and last.startswith("|")
            ended = run(*words, *([] if reads else [last]), text=last[1:] if reads else "")
            assert ended.status in (0, 1, 2), ended.err

    return play


def again(line):
    """A command line of a report as one of the rows above."""
    if line.startswith("echo "):
        text, _, line = line.partition(" | ")
        return (*shlex.split(line)[1:], "|" + shlex.split(text)[1])
    return tuple(shlex.split(line)[1:])


def state(run):
    record = json.loads(run("session", "--format", "json").out)
    return {
        name: record.get(name) for name in ("at", "value", "steps", "slots", "counts", "verdict", "optimizer")
    }


@pytest.mark.parametrize("name", WAYS)
def test_the_commands_lead_there_in_a_new_home(name, play, run, tmp_path, monkeypatch):
    """The same state to the last bit, and the same report."""
    play(WAYS[name])
    kept = state(run)
    assert run("report", "--out", "page.md").status == 0
    text = (tmp_path / "page.md").read_text(encoding="utf-8")
    *commands, last = re.search(r"## Again\n\n```\n(.*?)\n```", text, re.DOTALL).group(1).splitlines()
    monkeypatch.setenv("GRADCLI_HOME", str(tmp_path / "another"))
    play(again(command) for command in commands)
    if not name.startswith("nothing"):
        assert state(run) == kept
    ended = run(*again(last))
    assert ended.status == 0, ended.err
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == text
    if name.startswith("nothing"):  # the page minimized it: where that came to is where the commands lead
        rows = re.findall(r"^\| \d+ \| (\S+) \| (\S+) ", text, re.MULTILINE)
        assert [f"{x:.10g}" for x in state(run)["at"].values()] == list(rows[-1])


def test_a_way_whose_beginning_is_forgotten_is_said_to_be_so(play, run, tmp_path, monkeypatch):
    """A history keeps a number of states; what led to the oldest of them cannot be taken again."""
    from gradcli.memory import history_rows

    monkeypatch.setattr(history_rows, "STATES", 2)
    play([("step", "x**2", "--x", 4, "--lr", 0.1), *[("step",)] * 4])
    assert run("report", "--out", "page.md").status == 0
    assert "# the first 3 steps are no longer remembered" in (tmp_path / "page.md").read_text(
        encoding="utf-8"
    )


def test_the_norm_that_is_said_is_that_along_the_variables_that_move(play, run, tmp_path, monkeypatch):
    """Both norms stand there: f = x² + 4y² at (3, 1) after a step of x from 4: 2·3, and √(36 + 64) with y's 8."""
    play([("step", "x**2+4*y**2", "--x", 4, "--y", 1, "--lr", 0.125, "--wrt", "x")])
    run("report", "--out", "page.md")
    text = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert "after 1 step the norm of the gradient along x is 6, and along all variables 10." in text


def test_a_verdict_is_kept(play, run, tmp_path, monkeypatch):
    """A minimum on a bound is called so by minimize, by the session and by the report."""
    play([("minimize", "x**2", "--x", 3, "--bounds", "x=1:")])
    assert run("session", "--get", "verdict.status").out == "minimum-on-bound\n"
    assert "minimum-on-bound: a minimum on the bound at x = 1" in run("session").out
    run("report", "--out", "page.md")
    text = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert "minimum-on-bound: a minimum on the bound at x = 1" in text and "Not at its end" not in text
    play([("step", "--lr", 0.1)])
    assert run("session", "--get", "verdict.status").status != 0
