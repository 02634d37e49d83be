"""Very many variables: people see the steepest, scripts see all."""

from __future__ import annotations

import sys

from gradcli.output.text.document import steepest
from gradcli.shell.writers.answer_writer import MOST_ROWS
from tests.commands.terminals import on_terminal

MANY = 60
TEXT = " + ".join(f"{i}*x{i}" for i in range(MANY))
POINT = ",".join(f"x{i}=1" for i in range(MANY))


def test_nothing_is_left_out_of_few():
    """Up to the bound, and without one, the order stays."""
    slopes = {"x": 1.0, "y": -5.0, "z": None}
    assert steepest(slopes, slopes, 3) == (["x", "y", "z"], [])
    assert steepest(slopes, slopes, None) == (["x", "y", "z"], [])


def test_the_steepest_come_first():
    """By size, whatever the sign; what has no slope comes last."""
    slopes = {"x": 1.0, "y": -5.0, "z": None}
    names, (note,) = steepest(slopes, slopes, 2)
    assert names == ["y", "x"]
    assert "1 more" in note.words[0][1]


def test_scripts_get_all_variables(run):
    """Plain text, JSON and CSV are never abridged."""
    for form in ("text", "json", "csv"):
        assert f"x{0}" in run("grad", TEXT, "--at", POINT, "--format", form).out
    assert len(run("grad", TEXT).out.splitlines()) == MANY
    assert len(run("grad", TEXT, "--at", POINT).out.splitlines()) == MANY + 2
    assert len(run("step", "--lr", "0.1").out.splitlines()) == MANY + 2


def test_terminals_get_the_steepest_and_are_told_how_many_more_there_are(environment, tmp_path):
    """With numbers, without numbers, and for steps."""
    for arguments in (["grad", TEXT, "--at", POINT], ["grad", TEXT], ["step", "--lr", "0.1"]):
        command = [sys.executable, "-m", "gradcli", *arguments]
        status, text = on_terminal(command, environment, tmp_path, columns=100)
        assert status == 0
        assert f"… and {MANY - MOST_ROWS} more variables" in text
        assert len(text.splitlines()) < MANY
