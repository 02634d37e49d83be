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
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gradcli.language.errors import SessionProblem
from gradcli.memory.damage import set_aside
from gradcli.memory.library import keep, lookup
from gradcli.memory.sessions import current, forget_last, history, listing, remember, remove
from gradcli.memory.store import open_store

from .states import a_state, sql

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKER = Path(__file__).with_name("worker.py")
KILLS = int(os.environ.get("GRADCLI_KILLS", "25"))
SEED = int(os.environ.get("GRADCLI_SEED", random.randrange(10**6)))
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and permissions of POSIX")


def worker(*words: object) -> list[str]:
    """The command that does a job of worker.py in another process."""
    return [sys.executable, str(WORKER), *map(str, words)]


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


@pytest.mark.parametrize("how", ["garbage", "truncated", "garbage after the first page"])
def test_many_find_the_same_damage_and_set_it_aside_once(tmp_path: Path, how: str) -> None:
    """Eight processes meet a damaged file: it is set aside once, and no step said after that is lost."""
    content = damaged(tmp_path, how)
    command = worker("insist", tmp_path, 5)
    processes = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(8)
    ]
    ends = [process.communicate(timeout=300) for process in processes]
    assert [process.returncode for process in processes] == [0] * 8, ends
    assert sorted(int(word) for said, _ in ends for word in said.split()) == list(range(1, 41))
    assert_no_notice(tmp_path, 40)
    assert [path.name for path in tmp_path.glob("*damaged-?")] == ["gradcli.db.damaged-1"]
    assert (tmp_path / "gradcli.db.damaged-1").read_bytes() == content


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


def assert_no_notice(home: Path, steps: int) -> None:
    """The head is the one with that many steps, and nothing happened to the file."""
    with open_store(home) as store:
        head = current(store, "s")
        assert head is not None
        assert head.steps == steps
        assert store.notices == []


@contextmanager
def unprivileged() -> Iterator[Path]:
    """A folder of, and the rights of, a user whom permissions bind, which they do not bind root."""
    import tempfile

    home = Path(tempfile.mkdtemp())
    was_root = os.geteuid() == 0
    try:
        if was_root:
            os.chown(home, 65534, 65534)
            os.seteuid(65534)
        yield home
    finally:
        if was_root:
            os.seteuid(0)
        home.chmod(0o700)
        shutil.rmtree(home)


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


def damaged(home: Path, how: str) -> bytes:
    """A home with a damaged file; its content."""
    with open_store(home) as store:
        for steps in range(30):
            remember(store, "s", a_state(steps=steps, slots={"pad": "p" * 900}), after=None)
        keep(store, "key", "program")
    file = home / "gradcli.db"
    sound = file.read_bytes()
    half = len(sound) // 2
    content = {
        "truncated": sound[:half],
        "truncated within a page": sound[: half + 100],
        "truncated to its header": sound[:100],
        "garbage": bytes(random.Random(1).randbytes(20_000)),
        "zeros": bytes(len(sound)),
        "garbage after the header": sound[:100] + random.Random(1).randbytes(len(sound) - 100),
        "garbage after the first page": sound[:4096] + random.Random(1).randbytes(len(sound) - 4096),
        "text": b"no database at all\n" * 100,
    }[how]
    file.write_bytes(content)
    return content


DAMAGES = ["truncated", "truncated within a page", "truncated to its header", "garbage", "zeros", "text"]
DAMAGES += ["garbage after the header", "garbage after the first page"]


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_file_is_told_and_set_aside(tmp_path: Path, how: str) -> None:
    """Who asks for the session hears that it is damaged and where it is now; the next one begins anew."""
    content = damaged(tmp_path, how)
    with open_store(tmp_path) as store:
        with pytest.raises(
            SessionProblem, match=r"gradcli\.db was damaged .* set aside as gradcli\.db\.damaged-1"
        ):
            current(store, "s")
        assert (tmp_path / "gradcli.db.damaged-1").read_bytes() == content
        assert current(store, "s") is None
        kept = remember(store, "s", a_state(), after=0)
        assert current(store, "s") == kept


@pytest.mark.parametrize("how", DAMAGES)
def test_a_new_problem_goes_on_in_a_new_file(tmp_path: Path, how: str) -> None:
    """Who begins a problem anyway is served, with a notice of what happened."""
    content = damaged(tmp_path, how)
    with open_store(tmp_path) as store:
        try:
            kept = remember(store, "s", a_state(), after=None)
        except (
            SessionProblem
        ) as problem:  # found in the middle of the transaction: said, and the next one succeeds
            store.notices.append(problem.message)
            kept = remember(store, "s", a_state(), after=None)
        assert len(store.notices) == 1
        assert "gradcli.db.damaged-1" in store.notices[0]
        assert history(store, "s") == [kept]
    assert (tmp_path / "gradcli.db.damaged-1").read_bytes() == content


def test_every_truncation_is_survived(tmp_path: Path) -> None:
    """Cut at any length the file is empty, sound, or set aside: no other error, and nothing deleted."""
    with open_store(tmp_path / "whole") as store:
        kept = remember(store, "s", a_state(), after=0)
    whole = (tmp_path / "whole" / "gradcli.db").read_bytes()
    for length in [*range(0, 120, 7), 500, 511, 512, 513, 1000, 4095, 4096, 4097, len(whole) - 1]:
        home = tmp_path / str(length)
        home.mkdir()
        (home / "gradcli.db").write_bytes(whole[:length])
        with open_store(home) as store:
            try:
                assert current(store, "s") in (None, kept)
            except SessionProblem:
                assert (home / "gradcli.db.damaged-1").read_bytes() == whole[:length]
            remember(store, "s", a_state(), after=None)


def test_set_aside_files_pile_up_and_keep_their_journals(tmp_path: Path) -> None:
    """Each damaged file gets a number of its own, and its journal goes with it, away from the next file."""
    for number in (1, 2, 3):
        (tmp_path / "gradcli.db").write_text(f"damage {number}" * 100)
        (tmp_path / "gradcli.db-journal").write_text(f"journal {number}")
        assert set_aside(tmp_path) == tmp_path / f"gradcli.db.damaged-{number}"
    assert (tmp_path / "gradcli.db.damaged-2").read_text().startswith("damage 2")
    assert (tmp_path / "gradcli.db.damaged-2-journal").read_text() == "journal 2"
    assert not (tmp_path / "gradcli.db-journal").exists()
    with pytest.raises(SessionProblem):
        set_aside(tmp_path)


@POSIX
def test_what_cannot_be_set_aside_is_told_and_stays() -> None:
    """In a read-only folder the damaged file is named and left alone."""
    with unprivileged() as home:
        (home / "gradcli.db").write_text("damage" * 1_000)
        home.chmod(0o555)
        with open_store(home) as store, pytest.raises(SessionProblem, match=r"gradcli\.db"):
            current(store, "s")
        assert [path.name for path in home.iterdir()] == ["gradcli.db"]


STRANGERS = {
    "of another program": (["CREATE TABLE t (x)", "PRAGMA application_id = 77"], "another program"),
    "of no known program": (["CREATE TABLE t (x)"], "another program"),
    "of another program, no tables": (["PRAGMA application_id = 77"], "another program"),
    "of a newer gradcli": (
        ["CREATE TABLE t (x)", f"PRAGMA application_id = {0x67726164}", "PRAGMA user_version = 99"],
        "newer gradcli",
    ),
    "edited: no tables": (
        [f"PRAGMA application_id = {0x67726164}", "PRAGMA user_version = 1"],
        "not laid out",
    ),
    "edited: no version": ([f"PRAGMA application_id = {0x67726164}"], "not laid out"),
}


@pytest.mark.parametrize("who", STRANGERS)
def test_a_file_that_is_not_ours_is_left_alone(tmp_path: Path, who: str) -> None:
    """Another program's file, a newer gradcli's or an edited one is named, and not a byte of it changes."""
    statements, sentence = STRANGERS[who]
    for statement in statements:
        sql(tmp_path, statement)
    content = (tmp_path / "gradcli.db").read_bytes()
    asks = [
        current,
        history,
        remove,
        forget_last,
        lambda store, name: remember(store, name, a_state(), after=None),
    ]
    for ask in [*asks, lambda store, _: listing(store)]:
        with open_store(tmp_path) as store, pytest.raises(SessionProblem, match=sentence) as caught:
            ask(store, "s")
        assert caught.value.hint
        assert "gradcli.db" in caught.value.message
        keep(store, "key", "program")
        assert lookup(store, "key") is None
        store.close()
    assert (tmp_path / "gradcli.db").read_bytes() == content
    assert not list(tmp_path.glob("*damaged*"))


def test_an_upgrade_under_an_open_store_is_noticed(tmp_path: Path) -> None:
    """Two versions at once: when the newer one has rebuilt the file, the older one stops writing to it."""
    with open_store(tmp_path) as store:
        kept = remember(store, "s", a_state(), after=0)
        sql(tmp_path, "PRAGMA user_version = 2")
        with pytest.raises(SessionProblem, match="newer gradcli"):
            remember(store, "s", a_state(steps=1), after=kept.id)
    assert sql(tmp_path, "SELECT count(*) FROM states") == [(1,)]


def test_another_journal_mode_is_no_obstacle(tmp_path: Path) -> None:
    """A file that somebody switched to a write-ahead log is read and written all the same."""
    with open_store(tmp_path) as store:
        remember(store, "s", a_state(), after=0)
    sql(tmp_path, "PRAGMA journal_mode = WAL")
    with open_store(tmp_path) as store:
        head = current(store, "s")
        assert head is not None
        remember(store, "s", a_state(steps=1), after=head.id)
    assert_no_notice(tmp_path, 1)


@pytest.mark.parametrize("marks", ["PRAGMA user_version = 99", "PRAGMA application_id = 77"])
def test_a_damaged_file_of_others_is_not_moved(tmp_path: Path, marks: str) -> None:
    """Where the marks say another program or a newer gradcli, damage too is theirs to look at."""
    damaged(tmp_path, "text")
    (tmp_path / "gradcli.db").unlink()
    with open_store(tmp_path) as store:
        remember(store, "s", a_state(), after=0)
    sql(tmp_path, marks)
    content = (tmp_path / "gradcli.db").read_bytes()[:5000]
    (tmp_path / "gradcli.db").write_bytes(content)
    with open_store(tmp_path) as store, pytest.raises(SessionProblem):
        remember(store, "s", a_state(), after=None)
    assert (tmp_path / "gradcli.db").read_bytes() == content


@pytest.mark.parametrize(
    "edit",
    [
        "CREATE TRIGGER t AFTER INSERT ON states BEGIN DELETE FROM states; END",
        "CREATE VIEW v AS SELECT 1",
        "ALTER TABLE states ADD COLUMN extra",
        "DROP TABLE states",
    ],
)
def test_an_edited_layout_runs_nothing(tmp_path: Path, edit: str) -> None:
    """Triggers, views and columns that we did not make are not worked with."""
    with open_store(tmp_path) as store:
        remember(store, "s", a_state(), after=0)
    sql(tmp_path, edit)
    with open_store(tmp_path) as store, pytest.raises(SessionProblem, match="not laid out"):
        remember(store, "s", a_state(), after=None)


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
        assert current(store, "s") is None
        with pytest.raises(SessionProblem, match="File exists"):
            remember(store, "s", a_state(), after=0)
    assert (tmp_path / "home").read_text() == "here"
