"""Where gradcli keeps and finds things: the user's own places, and what else may stand there."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from gradcli.memory.database import open_store
from gradcli.shell.process.environment import home

from ..conftest import command_line

pytestmark = pytest.mark.skipif(os.name != "posix", reason="places of POSIX")
TYPED = ["grad", "x**2", "--x", "3", "--get", "value"]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("value", ["", ".", "config", "./x", "../x", "~", "~/.config"])
def test_a_folder_of_settings_that_is_no_path_is_ignored(value, monkeypatch, tmp_path):
    """As its specification says: the memory of whatever folder one is in may be a stranger's."""
    monkeypatch.delenv("GRADCLI_HOME")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.setenv("XDG_CONFIG_HOME", value)
    assert home() == str(tmp_path / "user" / ".config" / "gradcli")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    assert home() == str(tmp_path / "own" / "gradcli")


def test_nothing_is_remembered_in_the_current_folder(shell, tmp_path):
    """With every variable that names a folder empty or relative, from a folder with a memory of somebody else."""
    before = {path.name for path in tmp_path.iterdir()}
    for script in ("XDG_CONFIG_HOME= HOME=", "XDG_CONFIG_HOME=. HOME=.", "XDG_CONFIG_HOME=x HOME=y"):
        assert (
            shell(f"unset GRADCLI_HOME; {script} gradcli grad x**2 --x 3 --get value --no-save").out
            == "9.0\n"
        )
    assert {path.name for path in tmp_path.iterdir()} == before


def test_a_user_without_a_home_is_answered(monkeypatch, tmp_path):
    """Nothing can be remembered, and that is said; what needs the memory says why it cannot."""
    monkeypatch.delenv("GRADCLI_HOME")
    monkeypatch.setattr("gradcli.shell.process.environment.home", lambda: "")
    monkeypatch.chdir(tmp_path)
    ended = command_line(TYPED)
    assert (ended.status, ended.out) == (0, "9.0\n")
    assert "there is no folder to remember anything in" in ended.err
    assert command_line(["step", "--lr", "1"]).status == 4
    assert command_line(["step", "x**2", "--x", "1", "--lr", "1"]).status == 4
    assert command_line(["session", "rm", "default"]).status == 4
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("value", "place"), [("~/x", "user/x"), ("~", "user"), ("~//x", "user/x")])
def test_a_tilde_in_quotes_is_the_home_folder(value, place, monkeypatch, tmp_path):
    """As it would be without them."""
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.setenv("GRADCLI_HOME", value)
    monkeypatch.chdir(tmp_path)
    assert command_line(TYPED).status == 0
    assert (tmp_path / place / "gradcli.db").is_file()


def test_the_memory_is_its_owners_alone(home):
    """The file and what lies beside it; those of an older gradcli, too, when they are next looked at."""
    before = os.umask(0)
    try:
        assert command_line(TYPED).status == 0
        names = {path.name for path in home.iterdir()}
        assert {"gradcli.db", "key"} <= names
        assert {path.name for path in home.iterdir() if mode(path) & 0o077} == set()
        for name in ("gradcli.db-journal", "gradcli.db.damaged-1", "gradcli.db.damaged-1-journal"):
            (home / name).touch()
            (home / name).chmod(0o664)
        (home / "notes").touch()
        (home / "notes").chmod(0o644)
        (home / "gradcli.db").chmod(0o644)
        assert command_line(["session"]).status == 0
    finally:
        os.umask(before)
    assert {path.name for path in home.iterdir() if mode(path) & 0o077} == {"notes"}
    assert mode(home / "gradcli.db") == 0o600


@pytest.mark.parametrize("name", ["gradcli.db", "gradcli.db-journal", "key"])
@pytest.mark.parametrize("what", ["pipe", "/dev/zero", "/dev/full"])
def test_a_pipe_or_a_device_in_the_place_of_a_file_is_told_at_once(name, what, home):
    """It would be waited for, or read, without an end; it stays where it is."""
    if name != "gradcli.db":
        assert command_line(TYPED).status == 0
        (home / name).unlink(missing_ok=True)
    home.mkdir(exist_ok=True)
    if what == "pipe":
        os.mkfifo(home / name)
    else:
        (home / name).symlink_to(what)
    ended = command_line(["grad", "x**2", "--x", "4"])
    assert ended.out.startswith("value: 16")
    assert f"{home / name} is a pipe or a device and not a file" in ended.err
    assert not (home / name).is_file()
    assert command_line(["step", "--lr", "0.1"]).status == (0 if name == "key" else 4)


@pytest.mark.parametrize("what", ["pipe", "/dev/zero", "/dev/null", "/dev/tty"])
def test_claims_are_read_from_files(what, tmp_path):
    """A pipe that nobody may write into and a device that never ends are refused at once."""
    file = tmp_path / "claims"
    if what == "pipe":
        os.mkfifo(file)
    else:
        file.symlink_to(what)
    ended = command_line(["check", "x**2", "--claims", str(file)])
    assert ended.status == 4
    assert ended.err.startswith(f"gradcli: --claims {file}")
    assert len(ended.err.splitlines()) == 1


def test_claims_of_any_size_and_encoding_end(tmp_path):
    """Larger than a text may be, or marked with a byte order."""
    file = tmp_path / "claims"
    file.write_bytes(b"\xef\xbb\xbfx = 2*x\r\n")
    assert command_line(["check", "x**2", "--claims", str(file)]).status == 0
    with file.open("wb") as stream:
        stream.truncate(2**33)
    ended = command_line(["check", "x**2", "--claims", str(file)])
    assert ended.status == 4 and "--limit length=" in ended.err


def test_claims_that_the_shell_has_opened_are_read(shell):
    """`<(…)` and /dev/stdin have somebody who writes."""
    assert shell("gradcli check x**2 --claims <(echo x=2*x)", program=("bash", "-c")).status == 0
    assert shell("echo x=2*x | gradcli check x**2 --claims /dev/stdin").status == 0


def test_a_sessions_name_is_compared_and_not_its_bytes(home):
    """Composed and decomposed, as different keyboards and file systems spell the same name."""
    one, other = "Größe", "Gro\u0308ße"
    assert command_line(["grad", "x**2", "--x", "3", "--session", one]).status == 0
    assert command_line(["step", "--lr", "0.25", "--session", other, "--get", "step"]).out == "1\n"
    listed = command_line(["session", "--session", other, "list", "--format", "csv"])
    assert listed.out.count("Größe") == 1
    assert command_line(["session", "rm", other]).status == 0
    assert command_line(["session", "--session", one]).status == 4


def test_a_name_that_an_older_gradcli_stored_is_found(home):
    """As it was typed, before names were compared."""
    import sqlite3

    assert command_line(["grad", "x**2", "--x", "3", "--session", "old"]).status == 0
    connection = sqlite3.connect(home / "gradcli.db")
    with connection:
        connection.execute("UPDATE states SET session = ?", ["Gro\u0308ße"])
    connection.close()
    assert command_line(["step", "--lr", "0.25", "--session", "Größe", "--get", "step"]).out == "1\n"
    assert command_line(["session", "--session", "Gro\u0308ße", "undo", "--get", "steps"]).out == "0\n"
    assert command_line(["session", "rm", "Größe"]).status == 0
    with open_store(str(home)) as store, store.reading() as connection:
        assert connection.execute("SELECT count(*) FROM states").fetchone() == (0,)


def test_undo_says_where_the_history_begins(home, monkeypatch):
    """A history keeps its newest states; beyond them nothing can be taken back."""
    monkeypatch.setattr("gradcli.memory.history_rows.STATES", 5)
    assert command_line(["grad", "x**2", "--x", "3"]).status == 0
    for _ in range(7):
        assert command_line(["step", "--lr", "0.1"]).status == 0
    assert command_line(["session", "undo", "4"]).status == 0
    ended = command_line(["session", "undo"])
    assert ended.status == 4
    assert "a history keeps its newest 5 states; 3 before them are forgotten" in ended.err
    assert command_line(["grad", "x**3", "--x", "3", "--session", "short"]).status == 0
    assert "forgotten" not in command_line(["session", "--session", "short", "undo"]).err
