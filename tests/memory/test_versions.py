"""A database of every version of its tables that there has been is read and goes on; one from the future is left alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from gradcli.memory.schema import APPLICATION, VERSION

from ..conftest import command_line
from .states import sql

SAMPLES = sorted(Path(__file__).with_name("versions").glob("*.sql"), key=lambda path: int(path.stem))


def laid_out(home: Path, sample: Path) -> None:
    """Make a home of a version's sample: the statements that its own gradcli's file consists of."""
    home.mkdir()
    connection = sqlite3.connect(home / "gradcli.db")
    connection.executescript(sample.read_text(encoding="utf-8"))
    connection.close()


def test_every_version_has_a_sample():
    """Whoever changes the tables leaves one of the files that are there until then."""
    assert [int(path.stem) for path in SAMPLES] == list(range(1, VERSION + 1))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_database_of_any_version_goes_on(sample, home):
    """Everything in it is there, steps go on from where they stood, and can be undone to before."""
    laid_out(home, sample)
    listed = command_line(["session", "list", "--format", "csv"])
    assert listed.err == ""
    assert [row.split(",")[0] for row in listed.out.splitlines()[1:]] == [
        "adam",
        "default",
        "descent",
        "digits",
    ]
    # x: 5 → 3.7 → 2.71 → 1.955 by x - 0.1*(2*x + y), y: 3 → 2.5 → 2.13 → 1.859 by y - 0.1*x
    assert command_line(["session", "--get", "at.x"]).out == "1.955\n"
    stepped = command_line(["step", "--lr", "0.1", "--get", "after.x"])
    assert float(stepped.out) == pytest.approx(1.955 - 0.1 * (2 * 1.955 + 1.859))
    assert [float(command_line(["session", "undo", "--get", "at.x"]).out) for _ in range(4)] == [
        pytest.approx(x) for x in (1.955, 2.71, 3.7, 5)
    ]
    adam = command_line(["step", "--session", "adam", "--get", "step"])
    assert (adam.out, adam.err) == ("8\n", "")
    assert command_line(["session", "--session", "adam", "undo", "3", "--get", "steps"]).out == "5\n"
    assert float(command_line(["session", "--session", "descent", "--get", "at.y"]).out) == pytest.approx(-2)
    thirds = command_line(["session", "--session", "digits", "--get", "at.x"]).out
    assert thirds.startswith("0.33333333333333333333333333333333333333")
    assert sql(home, "PRAGMA user_version") == [(VERSION,)]
    assert sql(home, "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("version", [0, VERSION + 1, 2**31 - 1, -1])
def test_what_no_gradcli_has_written_is_refused(version, home):
    """A version from the future, or one that has never been: a sentence and status 4, and not a byte changes."""
    laid_out(home, SAMPLES[-1])
    sql(home, f"PRAGMA user_version = {version}")
    content = (home / "gradcli.db").read_bytes()
    assert content[68:72] == APPLICATION.to_bytes(4, "big")
    for command in (["session"], ["step", "--lr", "0.1"], ["session", "rm", "adam"], ["session", "undo"]):
        ended = command_line(command)
        assert ended.status == 4
        assert ("newer gradcli" if version > VERSION else "not laid out") in ended.err
    answered = command_line(["grad", "x**2", "--x", "3", "--get", "value"])
    assert (answered.status, answered.out) == (0, "9.0\n")
    assert (home / "gradcli.db").read_bytes() == content
