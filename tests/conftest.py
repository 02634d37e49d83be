"""What all tests share: a home of their own, `run` for a command line, `shell` for a real one.

CI tries a sample of what is large. All of it is tried by these variables, by the hour or before a release:

    GRADCLI_TRUST=all          every hostile text and name in every place (a quarter of the texts and a sixth of the names
                               otherwise), every program started as a shell starts it, instead of forked from one that
                               has loaded its libraries (tests/prepared.py), and the deepest of the samples that have no
                               variable of their own: derivations, 1,000 variables, inflections, slow functions,
                               sizes of batches, random sums within columns, limits and explosions at their own sizes
    GRADCLI_BOUNDS=all         the whole suite with the oldest and with the newest versions, instead of a part with the oldest
    GRADCLI_VERDICTS=all       every problem of minimizing/data/verdicts.jsonl, instead of a twelfth, and the slow one
    GRADCLI_PROOFS=all         every published function, certificate and 500 random functions of each kind, instead of a few
    GRADCLI_HARD=200000        hard points against mpmath (100)
    GRADCLI_ROWS=330           random losses over columns, level by level and written out (90)
    GRADCLI_ROUNDING=1000000   operations against their bounds of rounding (20,000)
    GRADCLI_FUZZ=200000        random texts (4,000)
    GRADCLI_EXPORTS=500        random expressions in each language (the listed ones)
    GRADCLI_KILLS=500          killed commands (12) and processes (25)
    GRADCLI_EXAMPLES=100       random sittings of the sessions' model (8)
    GRADCLI_BUDGETS=1          every so many megabytes of memory (24)
    GRADCLI_SUMS=3000          arrays of every range of exponents, exact sums against plain ones (120)
    GRADCLI_NATIVE=200000      random programs, points, rates and losses, machine code against Python (100)
    GRADCLI_TABLES=3000        random tables, the fast reader against the plain one (75)
    GRADCLI_TEST_WINDOWS=100   windows in which a piece is found (8)
    GRADCLI_TEST_POLYNOMIALS=500   polynomials whose critical points are counted (16)
    GRADCLI_TEST_PYTHONS=...   other Pythons, for libraries that the tests' own does not have
    GRADCLI_SEED=7             another sample, or the same one again; hypothesis draws new ones each time (without it the
                               same: what CI says of a change does not depend on chance)

The tests' folders are in memory where the system has a place for that: making and removing 15,000 of them waits for no
disk, and neither do sessions. PYTEST_DEBUG_TEMPROOT=/tmp, or where else, has them on a disk.

`python -m tests.trust.mutations` breaks lines and says which breaks no test sees.
"""

from __future__ import annotations

import gc
import io
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import hypothesis
import pytest
from _pytest.runner import runtestprotocol

import gradcli
from gradcli import cli
from gradcli.shell.process import expression_files, memory_limit
from tests import prepared

# A shell starts what it runs in the background deaf to Ctrl-C and Ctrl-\, and children inherit that: those of the tests
# must hear them.
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGQUIT"):
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)


#: Where folders are in memory, and how many bytes must be free there: environments of the oldest versions have 1e9.
MEMORY, ROOM = "/dev/shm", 4e9

if (
    os.access(MEMORY, os.R_OK | os.W_OK | os.X_OK)
    and shutil.disk_usage(MEMORY).free > ROOM
    and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", MEMORY)


# No test has a time limit that a busy machine breaks, and none tries something else each time unless it is asked to.
hypothesis.settings.register_profile("steady", deadline=None, derandomize="GRADCLI_SEED" not in os.environ)
hypothesis.settings.load_profile("steady")


class Ended(NamedTuple):
    """How a command ended: its status, and what it wrote to both streams."""

    status: int
    out: str
    err: str


def pytest_addoption(parser):
    """`--update-golden` rewrites the golden transcripts."""
    parser.addoption("--update-golden", action="store_true", help="Rewrite the golden transcripts.")


#: Tests that take longest, by what their names begin with: they begin first, for who begins last ends last. Those of the
#: packages go together, for one worker makes them.
LONGEST = (
    "test_the_suite_passes_at_the_bounds", "test_it_installs_offline", "test_the_wheel_", "test_the_sdist_",
    "test_no_text_is_run", "test_a_forged_session", "test_every_transcript_is", "test_live_frames",
)  # fmt: skip


def pytest_collection_modifyitems(items):
    """The longest tests first."""
    items.sort(key=lambda item: not item.name.startswith(LONGEST))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    """A worker tells how a test ended, and of its set-up and teardown only what went wrong.

    Two messages instead of six take a third off what a test costs that takes no time by itself. Who asks for durations or
    for a report in XML is told all.
    """
    option = item.config.option
    if not hasattr(item.config, "workerinput") or option.durations is not None or option.xmlpath:
        return None
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
    return True


def pytest_collection_finish():
    """Fifteen thousand tests and the libraries are no garbage: nothing looks through them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


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
    expression_files._files.clear()  # those of this process, which is one command's
    try:
        status = cli.run([str(argument) for argument in arguments])
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
        memory_limit.bound_memory(0)  # what comes next in this process is no part of the command
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
def forked_environment(environment, tmp_path):
    """The same, where `gradcli` is a process that is forked from one that has loaded its libraries."""
    if not prepared.ALL:
        prepared.server().client(tmp_path / "bin" / "gradcli")
    return environment


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
