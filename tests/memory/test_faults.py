"""Memory under faults: killed processes, full and read-only disks, damaged and foreign files, many at once.

GRADCLI_KILLS=500 kills five hundred processes; the default is a taste of it. GRADCLI_SEED repeats a run.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gradcli.language.errors import SessionProblem
from gradcli.memory.database import open_store
from gradcli.memory.program_library import keep, lookup
from gradcli.memory.session_history import current, history, remember

from .states import a_state, sql
from .surroundings import POSIX, assert_no_notice, unprivileged, worker

if TYPE_CHECKING:
    pass

KILLS = int(os.environ.get("GRADCLI_KILLS", "25"))
SEED = int(os.environ.get("GRADCLI_SEED", random.randrange(10**6)))


def report(*command: str) -> dict[str, Any]:
    """What a worker's job reports when it is done."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def killed_after(delay: float, home: Path) -> list[int]:
    """Kill a process *delay* seconds after it began to step; what it acknowledged until then."""
    with subprocess.Popen(worker("forever", home), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        words = process.stdout.read()
    # A last line without its end was killed while it was being said: not acknowledged.
    return [int(word) for word in words.split("\n")[:-1]]


def assert_sound(home: Path, acknowledged: int) -> int:
    """Everything acknowledged is there, at most the one in flight is more, and the count is exact."""
    with open_store(home) as store:
        steps = [state.steps for state in history(store, "s")]
        assert store.notices == []
    assert steps == list(range(1, len(steps) + 1))
    assert acknowledged <= len(steps) <= acknowledged + 1
    if steps:
        assert sql(home, "PRAGMA integrity_check") == [("ok",)]
    return len(steps)


@POSIX
def test_a_killed_process_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    """SIGKILL at random moments: steps are there or not, never half, and the next process goes on."""
    chance = random.Random(SEED)
    tally = {"kills": 0, "acknowledged": 0, "done but unsaid": 0, "rolled back": 0}
    home, there = tmp_path, 0
    for kill in range(KILLS):
        if kill % 20 == 0:  # the first moments of a home, in which file, tables and secret are made
            home, there = tmp_path / f"home{kill}", 0
        acknowledged = killed_after(chance.uniform(0, 0.004 if kill % 5 == 0 else 0.06), home)
        assert acknowledged == list(range(there + 1, there + 1 + len(acknowledged)))
        journal = home / "gradcli.db-journal"
        tally["rolled back"] += journal.exists() and journal.stat().st_size > 0
        said, there = there + len(acknowledged), assert_sound(home, there + len(acknowledged))
        tally["kills"] += 1
        tally["acknowledged"] += len(acknowledged)
        tally["done but unsaid"] += there - said
    print(f"GRADCLI_SEED={SEED}: {tally}, none lost")


def test_parallel_steps_are_all_counted(tmp_path: Path) -> None:
    """Eight processes take fifty steps each on one session: four hundred, one after the other, none lost."""
    processes = [
        subprocess.Popen(worker("count", tmp_path / "home", 50), stdout=subprocess.PIPE, text=True)
        for _ in range(8)
    ]
    said = [int(word) for process in processes for word in process.communicate(timeout=300)[0].split()]
    assert [process.returncode for process in processes] == [0] * 8
    assert sorted(said) == list(range(1, 401))
    with open_store(tmp_path / "home") as store:
        assert [state.steps for state in history(store, "s")] == list(range(1, 401))


@POSIX
def test_the_dead_do_not_hold_up_the_living(tmp_path: Path) -> None:
    """Three processes step on one session, killed one by one: whatever any of them said is there, once."""
    chance = random.Random(SEED)
    for _ in range(max(1, KILLS // 25)):
        home = tmp_path / str(chance.random())
        command = worker("forever", home)
        processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
        words = []
        for process in processes:
            time.sleep(chance.uniform(0.1, 0.3))
            process.kill()
            words += process.communicate()[0].split("\n")[:-1]
        said = [int(word) for word in words if word != "ready"]
        assert len(said) == len(set(said))
        with open_store(home) as store:
            there = [state.steps for state in history(store, "s")]
            assert store.notices == []
        assert there == list(range(1, len(there) + 1))
        assert set(said) <= set(there)
        assert len(there) <= len(said) + 3


@POSIX
def test_a_file_that_may_not_grow_keeps_what_it_has(tmp_path: Path) -> None:
    """A write that fails half-way is no step; everything before it is there, and the reason is told."""
    told = report(*worker("fill_limited", tmp_path / "home"))
    assert told["acknowledged"] > 3
    assert told["there"] == list(range(1, told["acknowledged"] + 1))
    assert "gradcli.db cannot be" in told["sentence"]
    assert_sound(tmp_path / "home", told["acknowledged"])


def mounted(options: str, command: list[str], home: Path) -> list[str]:
    """The command in a mount namespace of its own, *home* mounted first; skips where that is impossible."""
    if shutil.which("unshare") is None or os.geteuid() != 0:
        pytest.skip("only root may mount, with unshare")
    script = options.replace("HOME", '"$0"') + ' && exec "$@"'
    mountable = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, str(home), "true"], capture_output=True, check=False
    )
    if mountable.returncode:
        pytest.skip("mounting is not allowed here")
    return ["unshare", "-m", "sh", "-c", script, str(home), *command]


@POSIX
def test_a_full_disk_keeps_what_it_has(tmp_path: Path) -> None:
    """On a disk of 256 kB the last step is refused, told, and the file is sound."""
    command = worker("fill", tmp_path)
    told = report(*mounted("mount -t tmpfs -o size=256k none HOME", command, tmp_path))
    assert told["acknowledged"] > 3
    assert told["there"] == list(range(1, told["acknowledged"] + 1))
    assert told["sentence"].endswith("cannot be written: the disk is full")


@POSIX
def test_read_only_media_can_be_read(tmp_path: Path) -> None:
    """On a read-only mount the session is read, and a step is refused with the reason."""
    with open_store(tmp_path) as store:
        remember(store, "s", a_state(steps=7), after=0)
    readonly = "mount --bind HOME HOME && mount -o remount,bind,ro HOME"
    told = report(*mounted(readonly, worker("look", tmp_path), tmp_path))
    assert told["steps"] == 7
    assert "read-only" in told["sentence"]
    assert_no_notice(tmp_path, 7)


@POSIX
@pytest.mark.parametrize(("folder", "file"), [(0o555, 0o444), (0o555, 0o644), (0o755, 0o444)])
def test_what_is_read_only_is_read_and_says_so(folder: int, file: int) -> None:
    """A read-only file or folder: the session is read, a step is refused with the reason, nothing changes."""
    with unprivileged() as home:
        with open_store(home) as store:
            kept = remember(store, "s", a_state(), after=0)
            keep(store, "key", "program")
        (home / "gradcli.db-journal").unlink()
        (home / "gradcli.db").chmod(file)
        home.chmod(folder)
        with open_store(home) as store:
            assert current(store, "s") == kept
            assert lookup(store, "key") == "program"
            with pytest.raises(SessionProblem, match=r"gradcli\.db cannot be|gradcli\.db must") as caught:
                remember(store, "s", a_state(steps=1), after=kept.id)
            assert caught.value.hint
            assert history(store, "s") == [kept]


@POSIX
def test_an_interrupted_write_that_cannot_be_undone_is_told() -> None:
    """Killed in a write, then made read-only: the half-written file is not read as if it were whole."""
    with unprivileged() as home:
        with open_store(home) as store:
            kept = remember(store, "s", a_state(), after=0)
            with store.writing() as connection:
                connection.execute("PRAGMA cache_size = 0")
                connection.execute("UPDATE states SET state = '{}'")
                connection.execute("INSERT INTO programs VALUES ('', '', 0, 0, ?)", ["x" * 99_999])
                files = {path: path.read_bytes() for path in home.iterdir()}
        (home / "copy").mkdir()
        for path, content in files.items():
            (home / "copy" / path.name).write_bytes(content)
            (home / "copy" / path.name).chmod(0o444)
        (home / "copy").chmod(0o555)
        with open_store(home / "copy") as store, pytest.raises(SessionProblem, match="interrupted write"):
            current(store, "s")
        for path in [home / "copy", *(home / "copy").iterdir()]:
            path.chmod(0o755)
        with open_store(home / "copy") as store:
            assert current(store, "s") == kept


@POSIX
def test_a_folder_that_may_not_be_made_says_so() -> None:
    """Where the folder cannot be created a reading finds nothing, and a writing says why."""
    with unprivileged() as home:
        home.chmod(0o555)
        with open_store(home / "deep" / "home") as store:
            assert current(store, "s") is None
            with pytest.raises(SessionProblem, match="Permission denied"):
                remember(store, "s", a_state(), after=0)


@POSIX
def test_a_folder_that_may_not_be_entered_says_so() -> None:
    """Where one may not look, that is said instead of claiming that nothing is there."""
    with unprivileged() as home:
        home.chmod(0o000)
        with open_store(home) as store, pytest.raises(SessionProblem, match="Permission denied"):
            current(store, "s")


def test_a_vanished_folder_is_told_or_made_again(tmp_path: Path) -> None:
    """Deleted under an open store: no step is acknowledged into nowhere; a new store begins anew."""
    store = open_store(tmp_path / "home")
    kept = remember(store, "s", a_state(), after=0)
    shutil.rmtree(tmp_path / "home")
    with pytest.raises(SessionProblem, match="moved or deleted"):
        remember(store, "s", a_state(steps=1), after=kept.id)
    assert current(store, "s") is None
    remember(store, "s", a_state(steps=1), after=0)
    with open_store(tmp_path / "home") as other:
        assert [state.steps for state in history(other, "s")] == [1]
    store.close()


@pytest.mark.parametrize(
    "name", ["sp ace", "100%", "what?", "#1", "Größe", "'quoted'", "a&b=c", os.fsdecode(b"caf\xe9")]
)
def test_a_home_of_any_name(tmp_path: Path, name: str) -> None:
    """The folder's name is a path, not an address with parts."""
    with open_store(tmp_path / name) as store:
        remember(store, "s", a_state(), after=0)
    assert (tmp_path / name / "gradcli.db").is_file()
    assert_no_notice(tmp_path / name, 0)


def test_a_home_that_is_a_file_says_so(tmp_path: Path) -> None:
    """Where a file stands in the folder's place nothing can be remembered, and the file stays."""
    (tmp_path / "home").write_text("here")
    with open_store(tmp_path / "home") as store:
        with pytest.raises(SessionProblem, match="Not a directory"):
            current(store, "s")
        with pytest.raises(SessionProblem, match="File exists"):
            remember(store, "s", a_state(), after=0)
    assert (tmp_path / "home").read_text() == "here"
