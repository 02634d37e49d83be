"""Native code in whole processes: nothing kept runs, memory and pages that are refused end in sentences, interrupts end it."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("llvmlite", reason="native code needs the extra gradcli[native]")

ROOT = Path(__file__).parent.parent.parent
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux")
ROSENBROCK = ["100*(y-x**2)**2+(1-x)**2", "--x=-1.2", "--y", "1", "--lr", "0.001"]
NATIVE = ["step", *ROSENBROCK, "--steps", "1000", "--backend", "native"]

#: Machine code of x86-64 and text for LLVM, both of which would end the process with status 77.
PLANTED = (
    bytes.fromhex("bf4d000000b83c0000000f05"),
    "declare void @exit(i32)\ndefine void @steps(ptr %s, ptr %c, i64 %t, i64 %l) {\ncall void @exit(i32 77)\nret void\n}\n",
)


def gradcli(home, *arguments, before="", **options):
    """A process of its own, with what Python carries out *before* it begins."""
    environment = {**os.environ, "GRADCLI_HOME": str(home), "PYTHONPATH": str(ROOT)}
    start = f"import sys\nsys.argv = {['gradcli', *arguments]!r}\n{before}\nfrom gradcli.__main__ import main\nmain()"
    command = [sys.executable, "-c", start]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, **options)


def test_code_that_was_planted_in_the_memory_is_ignored(tmp_path):
    """Whatever is written beside the programs or in their place, machine code is made of the expression."""
    first = gradcli(tmp_path, *NATIVE, "--format", "json")
    assert first.returncode == 0, first.stderr
    (file,) = tmp_path.glob("*.db")
    with sqlite3.connect(file) as store:
        kept = store.execute("SELECT digest, text FROM programs").fetchall()
        assert kept
        for number, (digest, text) in enumerate(kept):
            planted = [*json.loads(text), PLANTED[1]] if number % 2 == 0 else PLANTED[1]
            changed = json.dumps(planted) if isinstance(planted, list) else planted
            store.execute(
                "UPDATE programs SET text = ?, size = ? WHERE digest = ?", (changed, len(changed), digest)
            )
    again = gradcli(tmp_path, *NATIVE, "--format", "json")
    assert (again.returncode, again.stdout) == (0, first.stdout)
    with sqlite3.connect(file) as store:
        row = store.execute("SELECT digest FROM programs").fetchone()
        store.execute("UPDATE programs SET text = CAST(? AS TEXT) WHERE digest = ?", (PLANTED[0], *row))
    once_more = gradcli(tmp_path, *NATIVE, "--format", "json")
    assert (once_more.returncode, once_more.stdout) == (0, first.stdout)


@LINUX
@pytest.mark.parametrize("megabytes", [120, 400, 700])
def test_a_limit_on_memory_ends_in_a_sentence_and_never_by_a_signal(tmp_path, megabytes):
    """A long program, whose code takes more than that, is Python's, or the command says that memory is over."""
    text = "+".join(f"(a*{i % 17}/7+b*{i % 13}-sin({i % 5}*c)-{i})**2" for i in range(700))
    found = gradcli(
        tmp_path, "step", text, "--at", "a=1,b=2,c=3", "--steps", "30", "--lr", "1e-9", "--backend", "native",
        "--format", "json", "--limit", f"memory={megabytes}",
    )  # fmt: skip
    assert found.returncode in (0, 4), found.stderr
    assert "Traceback" not in found.stderr
    if found.returncode == 0:
        whole = gradcli(
            tmp_path, "step", text, "--at", "a=1,b=2,c=3", "--steps", "30", "--lr", "1e-9", "--backend", "python",
            "--format", "json",
        )  # fmt: skip
        assert json.loads(found.stdout)["after"] == json.loads(whole.stdout)["after"]
    else:
        assert "memory" in found.stderr


#: Since Linux 6.3 a process can forbid itself to run pages that it has written (prctl(2), PR_SET_MDWE).
FORBID = "import ctypes\nassert ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) == 0"


@LINUX
def test_a_system_that_runs_no_written_pages_gets_pythons_steps(tmp_path):
    """With the same answer, and a note where native code was asked for."""
    if subprocess.run([sys.executable, "-c", FORBID], capture_output=True, check=False).returncode:
        pytest.skip("this Linux cannot forbid it")
    plain = gradcli(tmp_path, *NATIVE)
    refused = gradcli(tmp_path, *NATIVE, before=FORBID)
    quiet = gradcli(tmp_path, *NATIVE[:-2], before=FORBID)
    assert plain.returncode == refused.returncode == quiet.returncode == 0, refused.stderr
    assert plain.stdout == refused.stdout == quiet.stdout
    assert "no page be written and then run" in refused.stderr
    assert not quiet.stderr


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_an_interrupt_ends_a_loop_of_a_billion_steps(tmp_path):
    """With status 130 for Ctrl-C and 4 for --timeout; the session stays as it was."""
    endless = [*NATIVE, "--steps", "1000000000000"]
    late = gradcli(tmp_path, *endless, "--timeout", "1.5")
    assert late.returncode == 4
    assert "time ran out" in late.stderr
    environment = {**os.environ, "GRADCLI_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen(
        [sys.executable, "-m", "gradcli", *endless], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, start_new_session=True,
    )  # fmt: skip
    time.sleep(2)
    assert child.poll() is None
    os.killpg(child.pid, signal.SIGINT)
    out, _ = child.communicate()
    assert (child.returncode, out) == (130, "")
    shown = gradcli(tmp_path, "session", "show")
    assert shown.returncode == 4
