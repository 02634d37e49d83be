"""What gradcli writes to files is whole or is not there, and nothing that exists is touched before all is known to work."""

from __future__ import annotations

import os
import resource
import signal
import stat
import subprocess
import threading
import time
from pathlib import Path

import pytest

from gradcli.language.errors import InputProblem
from gradcli.shell.process import file_replacement
from gradcli.shell.process.file_replacement import Part, write_files

from ..conftest import command_line

POSIX = pytest.mark.skipif(os.name != "posix", reason="links, modes and limits of POSIX")
OLD = "what was there before"

#: How a file and the memory say that they may not grow.
SENTENCES = ("cannot be written: File too large", "gradcli.db cannot be read or written")

#: A command for every writer and kind of file; FILE is where it writes.
WRITERS = {
    "trace.csv": ["minimize", "(x-1)**2", "--x", "3", "--trace", "FILE", "--dry-run"],
    "trace.jsonl": ["minimize", "(x-1)**4", "--x", "3", "--trace", "FILE", "--dry-run"],
    "plot.html": ["plot", "x**2", "--x", "1", "--out", "FILE"],
    "plot.svg": ["plot", "x**2", "--x", "1", "--out", "FILE"],
    "plot.png": ["plot", "x**2", "--x", "1", "--out", "FILE"],
    "plot.pdf": ["plot", "x**2", "--x", "1", "--out", "FILE"],
    "beside.html": ["step", "x**2", "--x", "1", "--lr", "0.1", "--dry-run", "--plot-out", "FILE"],
    "race.html": ["compare", "x**2", "--x", "1", "--optimizers", "sgd,adam", "--steps", "3", "--plot-out", "FILE"],
    "report.html": ["report", "x**2", "--x", "1", "--out", "FILE"],
    "report.md": ["report", "x**2", "--x", "1", "--out", "FILE"],
    "report.tex": ["report", "x**2", "--x", "1", "--out", "FILE"],
}  # fmt: skip


def command(name: str, file: Path) -> list[str]:
    return [str(file) if word == "FILE" else word for word in WRITERS[name]]


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"home"}


def ends(name: str, content: bytes) -> bool:
    """Whether a file has the end that its kind has."""
    last = {
        "html": b"</html>\n", "svg": b"</svg>\n", "png": b"IEND\xaeB`\x82", "pdf": b"%%EOF\n", "csv": b"\n",
        "jsonl": b"}\n", "md": b"\n", "tex": b"\\end{document}\n",
    }  # fmt: skip
    return content.endswith(last[name.partition(".")[2]])


def ends_slowly(name: str) -> bool:
    """Whether a file takes Matplotlib's time, or a whole report's."""
    return "report" in name or name.endswith((".svg", ".png", ".pdf"))


def limited(arguments: list[str], size: int) -> int:
    """The status of a command line in a process in which no file may become larger than *size*; 99 for no sentence."""
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        ended = command_line(arguments)
        os._exit(ended.status if ended.status == 0 or any(words in ended.err for words in SENTENCES) else 99)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@POSIX
@pytest.mark.parametrize("name", WRITERS)
def test_a_file_is_the_old_one_or_whole(name, tmp_path):
    """Wherever a write fails: no half of a page in the place of a good one, and nothing left beside it."""
    file = tmp_path / name
    assert command_line(command(name, file)).status == 0
    whole, companions = file.read_bytes(), files_in(tmp_path)
    assert ends(name, whole)
    for size in (len(whole) - 1,) if ends_slowly(name) else (0, 1, len(whole) // 3, len(whole) - 1):
        for path in companions:
            (tmp_path / path).write_text(OLD)
        assert limited(command(name, file), size) == 4
        assert files_in(tmp_path) == companions
        assert {(tmp_path / path).read_text() for path in companions} == {OLD}
    assert limited(command(name, file), 2**24) == 0
    assert ends(name, file.read_bytes())
    assert files_in(tmp_path) == companions


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_the_last_moments_may_fail_as_well(failing, tmp_path, monkeypatch):
    """Where what is written does not reach the disk, or cannot take its place, nothing has happened."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    file = tmp_path / "a.html"
    file.write_text(OLD)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        if failing == "replace":
            patch.setattr(os, "fsync", lambda _: None)
            patch.setattr(Path, "replace", full)
            patch.setattr(file_replacement, "_put_into", full)
        ended = command_line(command("plot.html", file))
    assert ended.status == 4
    assert ended.err.startswith(f"gradcli: {file} cannot be written: No space left on device")
    assert file.read_text() == OLD
    assert files_in(tmp_path) == {"a.html"}


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["minimize", "log(x)", "--x=-1", "--trace", "FILE"], 3),
        (["minimize", "x**2", "--x", "3", "--trace", "FILE", "--get", "nope"], 2),
        (["minimize", "x**2", "--x", "3", "--y", "1", "--trace", "FILE"], 2),
        (["minimize", "x**2", "--x", "3", "--trace", "FILE", "--optimizer", "none"], 2),
        (["plot", "log(x)", "--x=-1", "--out", "FILE.html", "--range", "x=nope"], 2),
        (["report", "x+", "--x", "1", "--out", "FILE.html"], 2),
        (["report", "x*y", "--x", "1", "--out", "FILE.md"], 2),
    ],
)
def test_a_command_that_fails_touches_nothing(arguments, status, tmp_path):
    """Neither the file of that name nor the folder."""
    file = tmp_path / "a.csv"
    named = [word.replace("FILE", str(file)) for word in arguments]
    (path,) = (Path(word) for word in named if str(file) in word)
    path.write_text(OLD)
    assert command_line(named).status == status
    assert path.read_text() == OLD
    assert files_in(tmp_path) == {path.name}


def test_a_report_that_cannot_be_written_leaves_no_pictures(tmp_path):
    """Page and pictures are there together or not at all."""
    (tmp_path / "r.md").mkdir()
    ended = command_line(["report", "x**2", "--x", "1", "--out", str(tmp_path / "r.md")])
    assert ended.status == 4
    assert files_in(tmp_path) == {"r.md"}


@POSIX
def test_links_and_modes_are_kept(tmp_path):
    """What is behind a link, and its mode, stay: only the content is new. A link to nothing leads to a new file."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "real").write_text(OLD)
    (folder / "real").chmod(0o640)
    (tmp_path / "link").symlink_to("folder/real")
    (tmp_path / "further").symlink_to("link")
    (tmp_path / "nowhere").symlink_to("folder/new")
    write_files([(str(tmp_path / "further"), b"new"), (str(tmp_path / "nowhere"), b"newer")])
    assert (folder / "real").read_text() == "new"
    assert stat.S_IMODE((folder / "real").stat().st_mode) == 0o640
    assert (folder / "new").read_text() == "newer"
    assert all((tmp_path / name).is_symlink() for name in ("link", "further", "nowhere"))
    assert files_in(folder) == {"real", "new"}


@POSIX
def test_a_new_file_has_the_mode_that_the_user_wants(tmp_path):
    """The umask decides, as for every other program."""
    before = os.umask(0o027)
    try:
        write_files([(str(tmp_path / "a"), b"")])
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_what_is_in_the_way_beside_it_stays(tmp_path):
    """An unfinished file of a killed process, or a file of that name, is not ours to overwrite."""
    (tmp_path / "a.csv.part").write_text(OLD)
    write_files([(str(tmp_path / "a.csv"), b"new")])
    assert (tmp_path / "a.csv").read_text() == "new"
    assert (tmp_path / "a.csv.part").read_text() == OLD
    assert files_in(tmp_path) == {"a.csv", "a.csv.part"}


def test_a_name_of_any_length(tmp_path):
    """Where no more fits behind a name, another stands for it until the file is whole."""
    name = "x" * 250 + ".csv"
    write_files([(str(tmp_path / name), b"new")])
    assert files_in(tmp_path) == {name}


@POSIX
@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root may become another user")
def test_a_file_in_a_folder_that_is_not_ours_is_written_into(tmp_path):
    """Where a file may be written and not replaced, it is; where that fails half-way its old content comes back."""
    file = tmp_path / "a"
    file.write_text(OLD)
    file.chmod(0o666)
    tmp_path.chmod(0o755)
    inode = file.stat().st_ino
    for parent in tmp_path.parents:
        if parent.owner() == "root" and not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)
    os.seteuid(65534)
    try:
        write_files([(str(file), b"new")])
        assert (file.read_text(), file.stat().st_ino) == ("new", inode)
        part = Part(str(file))
        part.write(b"never")
        part.discard()
        assert file.read_text() == "new"
        with pytest.raises(InputProblem, match="Permission denied"):
            write_files([(str(tmp_path / "b"), b"new")])
    finally:
        os.seteuid(0)
    assert files_in(tmp_path) == {"a"}


def test_the_disk_takes_large_files_while_they_are_written(tmp_path, monkeypatch):
    """What it meets then is said: a later look at the file would say that all is well."""
    monkeypatch.setattr(file_replacement, "_TOGETHER", 100)
    taken, plain = [], os.fsync
    monkeypatch.setattr(file_replacement.os, "fsync", lambda handle: taken.append(handle) or plain(handle))
    part = Part(str(tmp_path / "a"))
    for _ in range(50):
        part.write(b"x" * 30)
    part.settle()
    part.publish()
    assert (tmp_path / "a").read_bytes() == b"x" * 1_500 and len(taken) > 1

    def full(_):
        raise OSError(28, "No space left on device")

    part = Part(str(tmp_path / "b"))
    monkeypatch.setattr(file_replacement.os, "fsync", full)
    part.write(b"x" * 100)
    monkeypatch.setattr(file_replacement.os, "fsync", plain)
    with pytest.raises(InputProblem, match="b cannot be written: No space left on device"):
        part.settle()
    part.discard()
    assert files_in(tmp_path) == {"a"}


@POSIX
def test_pipes_and_devices_are_written_directly(tmp_path):
    """They cannot be replaced; where they are full their name is told."""
    pipe, heard = tmp_path / "p.csv", []
    os.mkfifo(pipe)
    listener = threading.Thread(target=lambda: heard.append(pipe.read_text()))
    listener.start()
    assert command_line(["minimize", "(x-1)**2", "--x", "3", "--trace", str(pipe), "--dry-run"]).status == 0
    listener.join()
    assert heard[0].startswith("step,value,x")
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    (tmp_path / "full.svg").symlink_to("/dev/full")
    ended = command_line(["plot", "x**2", "--x", "1", "--out", str(tmp_path / "full.svg")])
    assert ended.status == 4
    assert ended.err.startswith(f"gradcli: {tmp_path / 'full.svg'} cannot be written: No space left")
    ended = command_line(["minimize", "x**2", "--x", "3", "--trace", "/dev/full"])
    assert (ended.status, ended.err.splitlines()[-1]) == (4, "hint: the session stays as it was")
    assert command_line(["session"]).status == 4
    assert files_in(tmp_path) == {"p.csv", "full.svg"}


@POSIX
def test_what_the_shell_has_opened_is_written_directly(shell, tmp_path):
    """Behind what is there, as every program writes to its descriptors; `>(…)` is one of them."""
    descent = "gradcli minimize '(x-1)**2' --x 3 --dry-run --get nit --trace"
    script = f"exec 3> three; echo before >&3; {descent} /dev/fd/3; echo after >&3; cat three"
    lines = shell(script, program=("bash", "-c")).out.splitlines()
    assert lines[:2] + lines[-1:] == ["2", "before", "after"]
    assert lines[2].startswith("step,value")
    assert shell(f"{descent} /dev/stdout > both; cat both").out.startswith("step,value,x,grad.x\n0,")
    piped = shell(f"{descent} >(tr a-z A-Z > upper); sleep 0.3; cat upper", program=("bash", "-c"))
    assert "STEP,VALUE" in piped.out


@POSIX
def test_a_trace_says_in_its_name_that_it_is_not_whole(environment, tmp_path):
    """While it grows, and for ever where its process is killed; the old one stays until the new one is whole."""
    file, part = tmp_path / "t.csv", tmp_path / "t.csv.part"
    file.write_text(OLD)
    descent = [
        "gradcli", "minimize", "x**2", "--x", "1", "--optimizer", "sgd", "--lr", "1e-9", "--max-steps", "100000000",
        "--trace", str(file),
    ]  # fmt: skip
    with subprocess.Popen(descent, env=environment, cwd=tmp_path, stderr=subprocess.DEVNULL) as process:
        end = time.monotonic() + 60
        while not (part.exists() and part.stat().st_size) and time.monotonic() < end:
            time.sleep(0.05)
        assert file.read_text() == OLD
        process.send_signal(signal.SIGKILL)
    assert part.read_text().startswith("step,value,x,grad.x\n0,")
    assert file.read_text() == OLD


@POSIX
def test_the_session_is_as_it_was_or_as_it_was_said(home):
    """Wherever a write to the memory fails: status 0 and the step is there, or 4 with a sentence and it is not."""
    assert command_line(["grad", "x**2", "--x", "5"]).status == 0
    steps, kept = 0, {0: 0, 4: 0}
    for size in [*range(0, (home / "gradcli.db").stat().st_size + 8192, 2048), 2**24]:
        status = limited(["step", "--lr", "1e-9", "--get", "step"], size)
        kept[status] += 1
        steps += status == 0
        shown = command_line(["session", "--get", "steps"])
        assert (shown.status, shown.out, shown.err) == (0, f"{steps}\n", ""), size
    assert min(kept.values()) > 0


@POSIX
@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_a_table_that_arrow_writes_is_the_old_one_or_whole(ending, tmp_path):
    """PyArrow writes into the file by itself: what the system refuses it is a sentence about the file as well."""
    pytest.importorskip("pyarrow")
    source, file = tmp_path / "p.csv", tmp_path / f"q.{ending}"
    source.write_text("x,y\n" + "".join(f"{i},{i / 7}\n" for i in range(5_000)))
    written = ["grad", "x*y", "--data", str(source), "--out", str(file), "--no-save"]
    assert command_line(written).status == 0
    whole = file.read_bytes()
    file.write_text(OLD)
    for size in (0, len(whole) // 3, len(whole) - 1):
        assert limited(written, size) == 4
        assert files_in(tmp_path) == {"p.csv", file.name} and file.read_text() == OLD
    assert limited(written, 2**24) == 0 and file.read_bytes() == whole
