"""A stderr that is closed or full changes neither stdout nor the status, and no file gets what was meant for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="streams of POSIX")

#: Commands of every kind of ending.
COMMANDS = [
    "gradcli grad 'x+' --x 1 --format json", "gradcli grad 'abs(x)' --x 0", "gradcli check x**2 --claim x=x",
    "gradcli minimize 'x*y' --x 1 --y 2 --dry-run --format json", "printf 'x+\\nx\\n' | gradcli grad - --x 1",
    "gradcli nope",
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_a_failing_stderr_changes_nothing(command, shell):
    """Closed, on a full disk, or read by nobody."""
    streams = ("2>/dev/null", "2>&-", "2>/dev/full", "2> >(true)")
    script = "; ".join(f"({command}) {stream}; echo status $?; echo ---" for stream in streams)
    good, *others, rest = shell(script, program=("bash", "-c")).out.split("---\n")
    assert rest == "" and "status" in good
    assert others == [good] * 3


def test_what_is_remembered_is_not_written_over_by_remarks(shell, tmp_path):
    """A closed stream's number is not the next file's: the database would get the error messages."""
    for streams in ("2>&-", "<&- >&- 2>&-"):
        shell(f"gradcli step 'x**2' --x 5 --lr 0.1 --session s {streams}")
        shell(f"gradcli grad 'log(x)' --x=-1 --session s {streams}")
    assert (
        shell("gradcli session history --format csv | wc -l; gradcli session --session s --get steps").out[
            -2:
        ]
        == "1\n"
    )
    assert (Path(os.environ["GRADCLI_HOME"]) / "gradcli.db").read_bytes().startswith(b"SQLite format 3\0")


@pytest.mark.parametrize("size", ["100000000", "9" * 5000])
@pytest.mark.usefixtures("forked_environment")
def test_an_absurd_size_of_the_terminal_is_none(size, shell):
    """COLUMNS and LINES that nobody can mean are as if they were not there."""
    absurd = f"COLUMNS={size} LINES={size}"
    for command in (
        "gradcli plot 'x**2' --x 1",
        "gradcli grad --help",
        "gradcli grad x --x 1 --color always",
    ):
        ended = shell(f"{absurd} {command} </dev/null")
        assert (ended.status, ended.err) == (0, "")
        assert 0 < max(map(len, ended.out.splitlines())) < 200


def test_a_question_for_completions_that_makes_no_sense_is_not_understood(monkeypatch, run):
    """A sentence and status 2: it is no mistake of gradcli's."""
    questions = [
        {"COMP": "bash_complete"}, {"COMP": "zsh_complete"}, {"COMP": "fish_complete"}, {"COMP": "nope"},
        {"COMP": "bash_complete", "COMP_WORDS": "gradcli"}, {"COMP": "bash_nope"},
        {"COMP": "bash_complete", "COMP_WORDS": "gradcli", "COMP_CWORD": "one"},
    ]  # fmt: skip
    for question in questions:
        with monkeypatch.context() as patch:
            for name, text in question.items():
                patch.setenv("_GRADCLI_COMPLETE" if name == "COMP" else name, text)
            ended = run()
        assert (ended.status, ended.out) == (2, "")
        assert ended.err.startswith("gradcli: ") and "mistake" not in ended.err
