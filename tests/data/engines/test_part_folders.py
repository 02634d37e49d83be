"""Tables of points in part files: the rows of one file, completed by the same run and by no other, here and with workers."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from gradcli.shell.tables import table_folder

numpy = pytest.importorskip("numpy")
pyarrow = pytest.importorskip("pyarrow")


@pytest.fixture
def table(tmp_path, monkeypatch):
    """A Parquet file of 3,000 rows in groups of 500, and parts of 1,000."""
    from pyarrow.parquet import write_table

    monkeypatch.setattr(table_folder, "_ROWS", 1_000)
    monkeypatch.chdir(tmp_path)
    source = numpy.random.default_rng(3)
    columns = {"x": source.normal(size=3_000) + 4, "k": [f"row {i}" for i in range(3_000)]}
    write_table(pyarrow.table(columns), "points.parquet", row_group_size=500)
    return ("grad", "a*log(x)", "--a", "2", "--data", "points.parquet")


def parts(folder):
    """The contents of the part files, in order."""
    return [path.read_bytes() for path in sorted(Path(folder).glob("part-*"))]


def rows(folder, format_="parquet"):
    """The rows of all parts."""
    if format_ == "parquet":
        from pyarrow.parquet import read_table

        return pyarrow.concat_tables([read_table(path) for path in sorted(Path(folder).glob("part-*"))])
    texts = [path.read_text().splitlines(keepends=True) for path in sorted(Path(folder).glob("part-*"))]
    own = texts if format_ == "jsonl" else [texts[0], *(text[1:] for text in texts[1:])]
    return "".join(line for text in own for line in text)


@pytest.mark.parametrize("form", ["parquet", "csv", "tsv", "jsonl"])
@pytest.mark.parametrize("expression", ["a*log(x)", " + ".join(f"exp(x/{i})*a" for i in range(1, 60))])
def test_part_files_have_the_rows_of_one_file(form, expression, run, table):
    """Their cells are the same, whether computed one by one or by arrays, whose use begins with the first large block."""
    command = ("grad", expression, *table[2:])  # the second is computed by arrays, in each block
    whole = run(*command, "--out", f"whole.{form}")
    ended = run(*command, "--out", "parts/", "--out-format", form)
    assert (ended.status, ended.err) == (whole.status, whole.err)
    assert ended.out == "parts/: 3 parts of 3,000 rows\n"
    if form == "parquet":
        from pyarrow.parquet import read_table

        assert rows("parts").equals(read_table("whole.parquet"))
    else:
        assert rows("parts", form) == Path(f"whole.{form}").read_text()


def test_a_small_file_before_a_large_one_is_computed_alike(run, tmp_path, monkeypatch):
    """And a small one behind it: arrays are used from the first large block on, whichever part that is in."""
    monkeypatch.chdir(tmp_path)
    for name, count in (("a", 50), ("b", 30_000), ("c", 50)):
        numbers = numpy.random.default_rng(count).normal(size=count)
        Path(f"{name}.csv").write_text("x\n" + "".join(f"{x!r}\n" for x in numbers.tolist()))
    files = [word for name in "abc" for word in ("--data", f"{name}.csv")]
    command = ("grad", "exp(-a*x)*tanh(x) + exp(x)*sin(a*x)", "--a", "1.25", *files)
    run(*command, "--out", "whole.csv")
    assert run(*command, "--out", "parts/").status == 0
    assert rows("parts", "csv") == Path("whole.csv").read_text()


def test_workers_write_the_same_bytes(run, cluster, table):
    """Each its own parts."""
    here, there = run(*table, "--out", "here/"), run(*table, "--out", "there/", *cluster.options)
    assert (here.status, here.err) == (there.status, there.err)
    assert parts("here") == parts("there")
    assert run(*table, "--out", "here/", *cluster.options).out.endswith(", 3 of them there already\n")


def test_rows_without_a_value_are_told_of_all_parts(run, cluster, table):
    """The first three by their numbers in the file, all counted, status 3; again when nothing is left to do."""
    command = ("grad", "a*log(x - 4)", *table[2:])
    whole = run(*command, "--out", "whole.parquet")
    for engine in ((), cluster.options):
        for _ in range(2):
            ended = run(*command, "--out", f"parts{len(engine)}/", *engine)
            assert (ended.status, ended.err) == (3, whole.err)


def test_only_what_is_missing_is_written(run, cluster, table):
    """A part that is gone, cut short, or of which nothing is known."""
    run(*table, "--out", "parts/")
    right, names = parts("parts"), sorted(Path("parts").glob("part-*"))
    names[0].unlink()
    names[1].write_bytes(right[1][:-1])
    done = Path("parts/_done.jsonl")
    done.write_text(done.read_text()[:-20])
    Path("parts/part-00000.parquet.part").write_bytes(b"what a killed worker left")
    before = [path.stat().st_mtime_ns for path in names[1:]]
    ended = run(*table, "--out", "parts/", *cluster.options)
    assert ended.status == 0 and parts("parts") == right and before[1] != names[2].stat().st_mtime_ns
    names[1].unlink()
    assert run(*table, "--out", "parts/").out == "parts/: 3 parts of 3,000 rows, 2 of them there already\n"
    assert parts("parts") == right and not list(Path("parts").glob("*.part"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("--a", "3"), "the values are others"), (("--wrt", "x"), "the columns are others"),
        (("--where", "x > 1"), "--where is another one"), (("--corner", "least"), "--corner is another one"),
        (("--out-format", "csv"), "the format is another one"), (("--prefix", "f."), "the columns are others"),
        (("--bad-rows", "stop"), "--bad-rows is another one"), (("--missing", "skip"), "the files are read in another way"),
    ],
)  # fmt: skip
def test_another_run_is_refused(change, words, run, table):
    """Nothing of the first is touched."""
    run(*table, "--out", "parts/")
    before = parts("parts")
    command = table if "--a" not in change else (*table[:2], *table[4:])
    ended = run(*command, "--out", "parts/", *change)
    assert ended.status == 2 and words in ended.err and ended.out == ""
    assert parts("parts") == before


def test_other_files_and_other_texts_are_other_runs(run, table):
    """A file that has changed, another expression of the same value."""
    run(*table, "--out", "parts/")
    ended = run("grad", "log(x)*a", *table[2:], "--out", "parts/")
    assert ended.status == 2 and "the expression is another one" in ended.err
    os.utime("points.parquet", (1, 1))
    ended = run(*table, "--out", "parts/")
    assert ended.status == 2 and "the files are others, or have changed" in ended.err


def test_a_folder_of_something_else_is_left_alone(run, table):
    """Also one with a manifest that is none, a file, and a folder in none."""
    Path("mine").mkdir()
    Path("mine/letter.txt").write_text("dear")
    ended = run(*table, "--out", "mine/")
    assert ended.status == 2 and "mine/ holds letter.txt already" in ended.err
    Path("mine/letter.txt").rename("mine/_manifest.json")
    assert "is no manifest" in run(*table, "--out", "mine/").err
    assert [path.name for path in Path("mine").iterdir()] == ["_manifest.json"]
    Path("file").write_text("")
    assert run(*table, "--out", "file/").status == 4
    assert run(*table, "--out", "no/where/").status == 4


def test_two_runs_do_not_write_at_once(run, table):
    """The second is told."""
    fcntl = pytest.importorskip("fcntl")
    run(*table, "--out", "parts/")
    with Path("parts/_manifest.json").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        ended = run(*table, "--out", "parts/")
    assert ended.status == 4 and "another run is writing into parts/" in ended.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("grad", "mean(a*x)", "--a", "1", "--data", "points.parquet", "--out", "parts/"), "a loss is one number"),
        (("grad", "a*x", "--a", "1", "--data", "points.parquet", "--out", "parts/", "--out", "b.csv"), "nowhere else"),
        (("grad", "a*x", "--a", "1", "--x", "1", "--out", "parts/"), "the kind of file is not known"),
        (("minimize", "mean((a-x)**2)", "--a", "1", "--data", "points.parquet", "--out", "parts/"), "parts/"),
    ],
)  # fmt: skip
def test_folders_are_for_answers_of_rows(arguments, words, run, table):
    """Status 2, and no folder is made."""
    ended = run(*arguments)
    assert ended.status == 2 and words in ended.err and not Path("parts").exists()


def test_json_tells_what_there_is(run, table):
    """On stdout, whatever the parts are."""
    found = json.loads(run(*table, "--out", "parts/", "--format", "json").out)
    assert (found["out"], found["parts"], found["written"], found["rows"], found["failed"]) == (
        "parts/",
        3,
        3,
        3_000,
        0,
    )
    assert found["data"] == {"files": [{"file": "points.parquet"}], "left_out": 0}
    manifest = Path("parts/_manifest.json").read_text()
    assert str(Path.cwd()) not in manifest


def test_a_worker_that_is_killed_leaves_the_same_bytes(run, cluster, table, monkeypatch):
    """What it was writing is written again."""
    monkeypatch.setattr(table_folder, "_ROWS", 500)
    command = ("grad", "besselj(0, a*x)", *table[2:])
    run(*command, "--out", "here/")
    ending = threading.Thread(target=lambda: (time.sleep(0.5), os.kill(cluster.workers[1], signal.SIGKILL)))
    ending.start()
    assert run(*command, "--out", "there/", *cluster.options).status == 0
    ending.join()
    assert parts("there") == parts("here") and len(parts("here")) == 6


def test_files_at_addresses_are_parts_as_well(run, table, monkeypatch):
    """By groups of rows, read through PyArrow's file systems."""
    from pyarrow import fs

    from gradcli.data.remote import file_systems

    Path("bucket").mkdir()
    Path("points.parquet").rename("bucket/points.parquet")
    there = fs.SubTreeFileSystem(str(Path.cwd()), fs.LocalFileSystem())
    monkeypatch.setattr(file_systems, "_connected", lambda _: there)
    command = (*table[:4], "--data", "s3://bucket/*.parquet")
    assert run(*command, "--out", "parts/").out == "parts/: 3 parts of 3,000 rows\n"
    run(*table[:4], "--data", "bucket/points.parquet", "--out", "here/")
    assert parts("parts") == parts("here")
    assert json.loads(Path("parts/_manifest.json").read_text())["files"][0][0] == "points.parquet"
