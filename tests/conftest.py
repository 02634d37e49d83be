"""What all tests share: a home of their own, `run` for a command line, `shell` for a real one."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

import gradcli
from gradcli import cli

# A shell starts what it runs in the background deaf to Ctrl-C and Ctrl-\, and children inherit that: those of the tests
# must hear them.
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGQUIT"):
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)


class Ended(NamedTuple):
    """How a command ended: its status, and what it wrote to both streams."""

    status: int
    out: str
    err: str


def pytest_addoption(parser):
    """`--update-golden` rewrites the golden transcripts."""
    parser.addoption("--update-golden", action="store_true", help="Rewrite the golden transcripts.")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Every test has a memory of its own and an environment without the user's wishes."""
    folder = tmp_path / "home"
    monkeypatch.setenv("GRADCLI_HOME", str(folder))
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("GRADCLI_SESSION", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "GRADCLI_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    return folder


def command_line(arguments, text="", streams=None):
    """Run one command line in this process; its end. *streams*: a shared stream for stdout and stderr."""
    out, err = (streams, streams) if streams else (io.StringIO(), io.StringIO())
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(text), out, err
    try:
        status = cli.run([str(argument) for argument in arguments])
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
    return Ended(status, out.getvalue(), err.getvalue())


@pytest.fixture
def run():
    """`run("grad", "x**2", "--x", 3)`: a command line in this process."""

    def run(*arguments, text=""):
        return command_line(arguments, text)

    return run


@pytest.fixture
def environment(tmp_path, home):
    """An environment in which `gradcli` is the gradcli that is tested."""
    folder = tmp_path / "bin"
    folder.mkdir(exist_ok=True)
    script = folder / "gradcli"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m gradcli "$@"\n')
    script.chmod(0o755)
    root = str(Path(gradcli.__file__).parent.parent)
    path = os.pathsep.join((str(folder), os.environ["PATH"]))
    return {**os.environ, "PATH": path, "PYTHONPATH": root, "LC_ALL": "C.UTF-8"}


@pytest.fixture
def shell(environment, tmp_path):
    """`shell("gradcli grad x | head -1")`: a real shell with real processes; its end."""

    def shell(script, program=("sh", "-c"), text="", **options):
        ended = subprocess.run(
            [*program, script], input=text, capture_output=True, text=True, env=environment, cwd=tmp_path,
            timeout=120, check=False, encoding="utf-8", **options,
        )  # fmt: skip
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    return shell
