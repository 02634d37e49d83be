"""Losses over more rows than are held: the columns are kept on disk, read block by block, and no bit changes."""

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from gradcli.calculus.rows.numbers_in_blocks import counted
from gradcli.data.batches import kept_columns, stored_columns
from gradcli.data.columns.column_block import Block
from gradcli.language.errors import InputProblem
from gradcli.language.limits import raise_limits
from gradcli.language.rows import loadable_libraries
from gradcli.shell.files.row_places import RowPlaces

#: Rows: enough for NumPy and for several blocks of it, and few.
MANY, FEW = 20_000, 30

#: `--limit cells=10`: no more numbers are held.
ON_DISK = ("--limit", "cells=10")

LOSS = "mean((y - a*x - b)**2)"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Files stand where the command is; limits are the usual ones afterwards."""
    monkeypatch.chdir(tmp_path)
    yield
    raise_limits({})


def points(count, seed=1):
    random = Random(seed)
    return [(x := random.uniform(-2, 2), 2 * x - 1 + random.gauss(0, 0.1)) for _ in range(count)]


def csv_file(rows, name="points.csv", gaps=()):
    lines = [f"{x!r},{'' if place in gaps else repr(y)}\n" for place, (x, y) in enumerate(rows)]
    Path(name).write_text("x,y\n" + "".join(lines))


def both(run, *words):
    """The same command with the columns held, and on disk."""
    found = []
    for how in ((), ON_DISK):
        ended = run(*words, *how)
        found.append((ended.status, ended.out, ended.err))
    assert found[0] == found[1]
    return found[0]


@pytest.mark.parametrize("rows", [FEW, MANY])
@pytest.mark.parametrize(
    "text",
    [
        LOSS,
        "max(x*a - y) - min(y + b)",
        "var(y - a*x) + norm(x - b)",
        "sum((x[i+1] - a*x[i])**2 + b*i, i, 0, count()-2)",
        "sum(a*x[count()-1-i]*y[i], i, 0, count()-1) + b*x[0]*y[count()-1]",
        "mean(abs(y - a*x - b))",
    ],
)
def test_gradients_are_the_same(text, rows, run):
    """In every kind of level, with and without arrays."""
    csv_file(points(rows))
    status, out, _ = both(
        run, "grad", text, "--data", "points.csv", "--a", 0.3, "--b=-2", "--format", "json", "--no-save"
    )
    assert status == 0 and json.loads(out)["rows"] == rows


def test_they_are_those_of_fractions(run):
    """Value and slopes of a loss on disk, from its definition."""
    rows = [(Fraction(k % 17, 8), Fraction(k % 23, 4)) for k in range(3_000)]
    csv_file([(float(x), float(y)) for x, y in rows])
    words = ("--a", 0.5, "--b", 1, "--format", "json", "--no-save", *ON_DISK)
    found = json.loads(run("grad", "sum((y - a*x - b)**2)", "--data", "points.csv", *words).out)
    gaps = [(x, y - x / 2 - 1) for x, y in rows]
    assert found["value"] == float(sum(g * g for _, g in gaps))
    assert found["gradient"] == {
        "a": float(sum(-2 * x * g for x, g in gaps)), "b": float(sum(-2 * g for _, g in gaps)),
    }  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        ("minimize", LOSS, "--a", 0, "--b", 0),
        ("maximize", "-" + LOSS, "--a", 0, "--b", 0),
        ("step", LOSS, "--a", 0, "--b", 0, "--optimizer", "adam", "--lr", 0.01, "--steps", 5, "--no-save"),
        ("step", LOSS, "--a", 0, "--b", 0, "--lr", 0.1, "--batch", 7, "--epochs", 2, "--seed", 3, "--no-save"),
        ("step", LOSS, "--a", 0, "--b", 0, "--lr", 0.1, "--batch", 7, "--steps", 9, "--no-shuffle", "--no-save"),
        ("compare", LOSS, "--a", 0, "--b", 0, "--lr", 0.01, "--steps", 4, "--optimizers", "sgd,adam", "--batch", 9),
    ],
)  # fmt: skip
def test_descents_are_the_same(words, run):
    """Whole passes, and batches in both orders."""
    csv_file(points(400), gaps=(3, 77))
    both(run, *words, "--data", "points.csv", "--missing", "skip", "--where", "x > -1", "--format", "json")


def test_every_kind_of_file(run):
    """Lines of JSON, Parquet and Arrow, and several files."""
    pyarrow = pytest.importorskip("pyarrow", reason="Parquet needs the extra gradcli[data]")
    from pyarrow import feather, parquet

    rows = points(2_000)
    Path("a.jsonl").write_text("".join(json.dumps({"x": x, "y": y}) + "\n" for x, y in rows))
    table = pyarrow.table({"x": [x for x, _ in rows], "y": [y for _, y in rows]})
    parquet.write_table(table, "a.parquet", row_group_size=300)
    feather.write_feather(table, "a.arrow", compression="uncompressed")
    csv_file(rows)
    how = ("--a", 0.3, "--b", 1, "--get", "value", "--no-save", *ON_DISK)
    answers = {
        file: run("grad", LOSS, "--data", file, *how).out
        for file in ("points.csv", "a.jsonl", "a.parquet", "a.arrow")
    }
    assert len(set(answers.values())) == 1 and answers["points.csv"]
    twice = ("--data", "points.csv", "--data", "a.parquet")
    both(run, "grad", "sum(a*x*y)", *twice, "--a", 0.1, "--format", "json", "--no-save")


def test_the_session_goes_on(run):
    """Steps, undo and steps again, as if the columns were held."""
    csv_file(points(500))
    run("step", LOSS, "--data", "points.csv", "--a", 0, "--b", 0, "--lr", 0.1, "--batch", 64, *ON_DISK)
    run("step", "--steps", 9, *ON_DISK)
    run("session", "undo", 3)
    first = run("step", "--steps", 3, "--format", "json", *ON_DISK).out
    run("session", "undo", 3)
    assert run("step", "--steps", 3, "--format", "json").out == first


def test_rows_without_a_value_are_named(run):
    """By their numbers in the file, where others were left out."""
    rows = [(float(k), float(k - 600)) for k in range(1_000)]
    csv_file(rows, gaps=range(5))
    _, _, said = both(
        run, "grad", "sum(log(a*y))", "--data", "points.csv", "--missing", "skip", "--where", "y > -4", "--a", 1,
        "--no-save",
    )  # fmt: skip
    assert "in row 598, at a = 1, y = -3" in said and "4 rows have no value: 598, 599, 600, …" in said


@pytest.mark.parametrize("libraries", [True, False])
def test_batches_of_pools_on_disk(libraries, run, monkeypatch):
    """More rows than are shuffled as one: blocks, and the rows within them; which is said."""
    from gradcli.data.batches import batch_order

    if not libraries:
        monkeypatch.setattr(loadable_libraries, "_is_installed", lambda _: False)
    monkeypatch.setattr(batch_order, "BLOCK", 64)
    monkeypatch.setattr(batch_order, "POOL", 256)
    csv_file(points(3_000))
    _, out, _ = both(
        run, "step", LOSS, "--data", "points.csv", "--a", 0, "--b", 0, "--lr", 0.01, "--batch", 50, "--epochs", 2,
        "--no-save",
    )  # fmt: skip
    assert "50 of 3,000 rows, seed 0, shuffled by blocks and within them; 2 epochs" in out


def test_views_are_those_of_lists():
    """Slices of slices in every direction, near and far, and single numbers."""
    whole = [float(k) for k in range(3, 403)]
    numbers = counted(3, 402)
    random = Random(5)
    for _ in range(300):
        view, plain = numbers, whole
        for _ in range(2):
            key = slice(
                *(random.choice([None, *range(-90, 90)]) for _ in range(2)),
                random.choice([None, 1, 2, -1, -3, 70]),
            )
            view, plain = view[key], plain[key]
        assert view.tolist() == plain == list(view) and len(view) == len(plain)
        if plain:
            assert view[-1] == plain[-1] and view[0] == plain[0]
    assert counted(5, 4).tolist() == []
    with pytest.raises(IndexError):
        numbers[400]


def test_arrays_of_views():
    """NumPy sees a view as an array."""
    np = pytest.importorskip("numpy", reason="arrays need the extra gradcli[plot]")
    assert np.asarray(counted(0, 9)[8:1:-3], dtype=float).tolist() == [8.0, 5.0, 2.0]


def test_places_of_rows_take_little_room():
    """Rows that were left out here and there, and nearly all."""
    places = RowPlaces(("a.csv", "b.csv"))
    random = Random(2)
    kept = [sorted(random.sample(range(1, 5_000), count)) for count in (3_000, 1, 20)]
    places.add(Block("a.csv", kept[0], ()))
    places.add(Block("a.csv", [], ()))
    places.add(Block("b.csv", range(1, 4), ()))
    places.add(Block("b.csv", [one + 4 for one in kept[1]], ()))
    places.add(Block("b.csv", [one + 6_000 for one in kept[2]], ()))
    b = [1, 2, 3, *(one + 4 for one in kept[1]), *(one + 6_000 for one in kept[2])]
    assert places.by_file() == {"a.csv": kept[0], "b.csv": b} and places.rows == 3_000 + len(b)
    said = [places.short(row) for row in range(places.rows)]
    assert said == [f"{one} of a.csv" for one in kept[0]] + [f"{one} of b.csv" for one in b]


def test_large_things_lie_where_they_may(monkeypatch, tmp_path):
    """In the folder that TMPDIR names, and without names: nothing is seen there."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert stored_columns.room() is None  # which is tempfile's own choice, TMPDIR
    monkeypatch.delenv("TMPDIR")
    assert stored_columns.room() in (None, "/var/tmp")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_a_full_disk_is_a_sentence(run, monkeypatch):
    """Status 4, and nothing is answered."""
    csv_file(points(100))
    with Path("/dev/full").open("wb", buffering=0) as full:
        monkeypatch.setattr(stored_columns, "TemporaryFile", lambda **_: full)
        ended = run("grad", LOSS, "--data", "points.csv", "--a", 0, "--b", 0, *ON_DISK)
    assert ended.status == 4 and ended.out == ""
    assert ended.err.startswith("gradcli: columns cannot be kept on disk: No space left on device\n")


def test_a_file_that_shrinks_is_a_sentence():
    """What is not there any more is not read as 0."""
    stored = stored_columns.StoredColumns((), 1)
    stored.add([kept_columns.array("d", [1.0, 2.0, 3.0])])
    assert stored.numbers(0).tolist() == [1.0, 2.0, 3.0]
    os.ftruncate(stored._files[0].fileno(), 16)
    with pytest.raises(InputProblem, match="not there any more"):
        stored.column(0, 0, 3)


def test_memory_does_not_grow_with_the_rows():
    """A file of one group of rows, much larger than what is held, in a process of its own."""
    pyarrow = pytest.importorskip("pyarrow", reason="Parquet needs the extra gradcli[data]")
    from pyarrow import parquet

    column = [float(k % 1000) for k in range(1_000_000)]
    for name, times in (("one.parquet", 1), ("four.parquet", 4)):
        table = pyarrow.table({"x": pyarrow.chunked_array([pyarrow.array(column)] * times)})
        parquet.write_table(table, name, row_group_size=10**9, use_dictionary=False)
    script = (
        "import resource, sys\n"
        "from gradcli.cli import program\n"
        "program(sys.argv[1:], standalone_mode=False)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    most = []
    for name in ("one.parquet", "four.parquet"):
        words = ("grad", "mean((a - x)**2)", "--data", name, "--a", "1", "--get", "value", "--no-save")
        done = subprocess.run(
            [sys.executable, "-c", script, *words, "--limit", "cells=500000"],
            capture_output=True,
            text=True,
            check=True,
        )
        value, used = done.stdout.split()
        assert float(value) == sum((1 - k) ** 2 for k in range(1000)) / 1000
        most.append(int(used))
    assert most[1] < 1.1 * most[0]
