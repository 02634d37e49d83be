"""Damaged files are set aside, files that are not ours are left alone, and both are told."""

from __future__ import annotations

import random
import subprocess
from typing import TYPE_CHECKING

import pytest

from gradcli.language.errors import SessionProblem
from gradcli.memory.damaged_file import set_aside, set_aside_if_damaged
from gradcli.memory.database import open_store
from gradcli.memory.program_library import keep, lookup
from gradcli.memory.session_history import current, forget_last, history, listing, remember, remove

from .states import a_state, sql
from .surroundings import POSIX, assert_no_notice, unprivileged, worker

if TYPE_CHECKING:
    from pathlib import Path


def damaged(home: Path, how: str) -> bytes:
    """A home with a damaged file; its content."""
    with open_store(home) as store:
        for steps in range(30):
            remember(store, "s", a_state(steps=steps, slots={"pad": {"p" * 900: 0}}), after=None)
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
    (tmp_path / "gradcli.db").unlink()
    with pytest.raises(SessionProblem):
        set_aside(tmp_path)


def test_who_had_the_damaged_file_open_goes_on_with_the_next_one(tmp_path: Path) -> None:
    """A connection of before finds the file that came after, and the journal of its writer is nobody else's."""
    content = random.Random(1).randbytes(20_000)
    (tmp_path / "gradcli.db").write_bytes(content)
    with open_store(tmp_path) as before, open_store(tmp_path) as after:
        before._opened()
        set_aside_if_damaged(tmp_path)
        with after.writing() as connection:
            connection.execute("PRAGMA cache_size = 1")  # the journal is on the disk before the end
            many = [(number, "x" * 3000) for number in range(20)]
            connection.executemany("INSERT INTO states VALUES (?, 's', 1, 1, ?)", many)
            assert (tmp_path / "gradcli.db-journal").stat().st_size
            with pytest.raises(SessionProblem, match="in use"), before.writing(patience=0):
                pass
            connection.execute("DELETE FROM states")
        kept = remember(before, "s", a_state(), after=0)
        assert current(after, "s") == kept
    assert (tmp_path / "gradcli.db.damaged-1").read_bytes() == content


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
