"""The library of compiled programs: a cache that is right or empty, and never in the way."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from gradcli.memory import program_library
from gradcli.memory.compiled_cache import compiled_or_cached
from gradcli.memory.database import SLICE, Store, open_store
from gradcli.memory.program_library import ROW, TOGETHER, keep, kept_together, lookup

from .states import sql

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with one program in it."""
    with open_store(tmp_path / "home") as opened:
        keep(opened, "key", '{"program": 1}')
        yield opened


def test_what_is_kept_is_found(store: Store) -> None:
    """A text comes back under its key, in this process and in another; other keys find nothing."""
    assert lookup(store, "key") == '{"program": 1}'
    with open_store(store.home) as other:
        assert lookup(other, "key") == '{"program": 1}'
        assert lookup(other, "ke") is None
        assert lookup(other, "key2") is None


def test_the_newer_text_replaces_the_older(store: Store) -> None:
    """Keeping under the same key again leaves one row."""
    keep(store, "key", "again")
    assert lookup(store, "key") == "again"
    assert sql(store.home, "SELECT count(*) FROM programs") == [(1,)]


def test_looking_up_makes_nothing(tmp_path: Path) -> None:
    """Where there is no library a lookup finds nothing and leaves nothing behind."""
    assert lookup(open_store(tmp_path / "none"), "key") is None
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("text", ["", "\0", "é\U0001f600", "\n", "x" * 100_000])
def test_any_text_and_any_key(store: Store, text: str) -> None:
    """Keys and texts are opaque."""
    keep(store, "k" + text, text)
    assert lookup(store, "k" + text) == text


def test_what_is_not_text_is_not_kept(store: Store) -> None:
    """Lone surrogates cannot be stored, and are not an error either."""
    keep(store, "\udcff", "fine")
    keep(store, "bad", "\udcff")
    assert lookup(store, "\udcff") == "fine"
    assert lookup(store, "bad") is None


TAMPERINGS: dict[str, tuple[str, Any]] = {
    "text": ("UPDATE programs SET text = ?", '{"program": 2}'),
    "text, one character more": ("UPDATE programs SET text = text || ?", " "),
    "text as bytes": ("UPDATE programs SET text = CAST(text AS BLOB) WHERE ?", 1),
    "text as number": ("UPDATE programs SET text = ?", 1),
    "text that is not UTF-8": ("UPDATE programs SET text = CAST(? AS TEXT)", b"\xff\xff"),
    "tag": ("UPDATE programs SET tag = ?", b"\0" * 32),
    "tag as text": ("UPDATE programs SET tag = ?", "tag"),
    "empty tag": ("UPDATE programs SET tag = ?", b""),
    "digest": ("UPDATE programs SET digest = ?", b"\0" * 32),
    "digest as text": ("UPDATE programs SET digest = hex(digest) WHERE ?", 1),
    "row gone": ("DELETE FROM programs WHERE ?", 1),
    "table gone": ("DROP TABLE programs", None),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_a_tampered_row_is_as_if_it_were_not_there(store: Store, tampering: str) -> None:
    """Whatever somebody wrote into a row is not answered; keeping again mends it where there is a table."""
    statement, value = TAMPERINGS[tampering]
    sql(store.home, statement, *([] if value is None else [value]))
    assert lookup(store, "key") is None
    keep(store, "key", "mended")
    assert lookup(store, "key") == (None if tampering == "table gone" else "mended")


def test_rows_cannot_change_places(store: Store) -> None:
    """A sound row under another key's digest, or with another row's text and tag, is not believed."""
    keep(store, "other", "other text")
    (mine, tag, text), (theirs, their_tag, _) = sql(
        store.home, "SELECT digest, tag, text FROM programs ORDER BY text DESC"
    )
    sql(store.home, "UPDATE programs SET digest = x'00' WHERE digest = ?", mine)
    sql(store.home, "UPDATE programs SET digest = ? WHERE digest = ?", mine, theirs)
    assert lookup(store, "key") is None
    assert lookup(store, "other") is None
    sql(store.home, "UPDATE programs SET tag = ?, text = ? WHERE tag = ?", tag, text, their_tag)
    assert lookup(store, "other") is None


@pytest.mark.parametrize("used", ["never", b"x", 2.5, -1, 2**62, 0])
@pytest.mark.parametrize("size", ["big", -(2**40), 2**62, 0.5])
def test_the_columns_that_are_only_hints_change_no_answer(store: Store, used: Any, size: Any) -> None:
    """Time of use and size decide what goes first, and nothing else."""
    sql(store.home, "UPDATE programs SET used = ?, size = ?", used, size)
    assert lookup(store, "key") == '{"program": 1}'
    keep(store, "new", "text")
    assert lookup(store, "new") == "text"
    assert lookup(store, "key") in (None, '{"program": 1}')


@pytest.mark.parametrize("content", [b"", b"short", b"\0" * 32, b"x" * 33, None])
def test_without_its_secret_the_library_is_empty(store: Store, content: bytes | None) -> None:
    """A changed, cut, or missing secret forgets every program, and the next one is kept under a sound one."""
    file = store.home / "key"
    file.unlink() if content is None else file.write_bytes(content)
    assert lookup(store, "key") is None
    keep(store, "key", "again")
    assert lookup(store, "key") == "again"
    assert file.stat().st_size == 32


def test_a_secret_that_others_can_read_is_replaced(store: Store) -> None:
    """Who can read the secret can forge rows: what was tagged with it is no longer believed."""
    file = store.home / "key"
    before = file.read_bytes()
    file.chmod(0o644)
    assert lookup(store, "key") is None
    keep(store, "key", "again")
    assert lookup(store, "key") == "again"
    assert file.read_bytes() != before
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in store.home.iterdir()) == ["gradcli.db", "gradcli.db-journal", "key"]


def test_too_large_a_text_is_not_kept(store: Store) -> None:
    """One program may not fill the library."""
    keep(store, "large", "x" * (program_library.ROW + 1))
    assert lookup(store, "large") is None
    keep(store, "largest", "x" * program_library.ROW)
    assert lookup(store, "largest") is not None


def test_the_least_recently_used_goes_first(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond its bound in bytes the library drops what was not used for longest."""
    monkeypatch.setattr(program_library, "ALL", 1_000)
    monkeypatch.setattr(program_library, "STALE", -1)
    for number in range(9):
        keep(store, f"k{number}", "x" * 100)
        sql(store.home, "UPDATE programs SET used = used - 100")
    assert lookup(store, "k0") is not None
    for number in range(9, 12):
        keep(store, f"k{number}", "x" * 100)
    found = [number for number in range(12) if lookup(store, f"k{number}")]
    assert found == [0, *range(3, 12)]


def test_most_lookups_only_read(store: Store) -> None:
    """A lookup within the hour writes nothing; a later one renews the time of use."""
    before = sql(store.home, "SELECT used FROM programs")
    content = store.file.read_bytes()
    assert lookup(store, "key")
    assert store.file.read_bytes() == content
    sql(store.home, "UPDATE programs SET used = used - 4000")
    assert lookup(store, "key")
    assert sql(store.home, "SELECT used FROM programs") >= before


def test_a_locked_library_is_not_waited_for(store: Store) -> None:
    """While another process writes for long, nothing is kept, and a lookup answers or gives up at once."""
    with closing(sqlite3.connect(store.file, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        keep(store, "new", "text")
        assert lookup(store, "key") == '{"program": 1}'
        writer.execute("ROLLBACK")
        writer.execute("BEGIN EXCLUSIVE")
        keep(store, "new", "text")
        assert lookup(store, "key") is None
    assert lookup(store, "new") is None
    # What a writer waits for locks: its patience, and the slice of SQLite's own wait that outlasts it.
    assert program_library.WRITE_PATIENCE + SLICE <= 0.05


@pytest.mark.parametrize("content", [b"garbage" * 1_000, b"SQLite format 3\0" + b"x" * 5_000])
def test_a_damaged_file_is_no_library_and_stays_where_it_is(tmp_path: Path, content: bytes) -> None:
    """A cache neither complains about a damaged file nor moves it: sessions do."""
    (tmp_path / "gradcli.db").write_bytes(content)
    store = open_store(tmp_path)
    assert lookup(store, "key") is None
    keep(store, "key", "text")
    assert lookup(store, "key") is None
    assert (tmp_path / "gradcli.db").read_bytes() == content


def test_a_home_that_is_a_file_is_no_library(tmp_path: Path) -> None:
    """Where no folder can be, nothing is kept and nothing raised."""
    (tmp_path / "home").write_text("here")
    keep(open_store(tmp_path / "home"), "key", "text")
    assert lookup(open_store(tmp_path / "home"), "key") is None


def test_parallel_keepers_agree_on_a_secret(tmp_path: Path) -> None:
    """Eight keepers that begin together leave one sound secret, and a library that can be used."""

    def keep_one(number: int) -> None:
        with open_store(tmp_path / "home") as store:
            keep(store, f"k{number}", "text")

    keepers = [threading.Thread(target=keep_one, args=(number,)) for number in range(8)]
    for keeper in keepers:
        keeper.start()
    for keeper in keepers:
        keeper.join()
    with open_store(tmp_path / "home") as store:
        keep(store, "last", "text")
        assert lookup(store, "last") == "text"


def test_what_is_kept_together_is_found_at_once_and_written_at_the_end(store: Store) -> None:
    """Also where the block ends with an error, and before its end where there are many rows, or long ones."""
    with pytest.raises(RuntimeError), kept_together(store):
        keep(store, "first", "1")
        assert lookup(store, "first") == "1"
        assert sql(store.home, "SELECT count(*) FROM programs") == [(1,)]
        for number in range(TOGETHER):
            keep(store, f"row {number}", "x")
        assert sql(store.home, "SELECT count(*) FROM programs") == [(1 + TOGETHER,)]
        keep(store, "long", "y" * ROW)
        keep(store, "longer", "z")
        assert sql(store.home, "SELECT count(*) FROM programs") == [(3 + TOGETHER,)]
        raise RuntimeError
    with open_store(store.home) as other:
        assert lookup(other, "first") == "1"
        assert lookup(other, f"row {TOGETHER - 1}") == "x"
        assert lookup(other, "longer") == "z"


def test_formulas_are_made_when_they_are_first_shown_and_then_kept(store: Store) -> None:
    """Numbers alone keep a program without them; one who asks for them finds them made the next time."""
    first = compiled_or_cached(store, ["x**2*y"], [], formulas=False)
    assert first.formulas == {"x": None, "y": None}
    assert not first.has_formulas
    shown = compiled_or_cached(store, ["x**2*y"], [])
    assert shown.formulas == {"x": "2*x*y", "y": "x**2"}
    assert compiled_or_cached(store, ["x**2*y"], [], formulas=False).formulas == shown.formulas
    assert shown.program == first.program
