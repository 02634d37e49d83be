"""Losses over files with workers of Dask against one process: the same bits and sentences, whatever happens to workers."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time

import pytest

from gradcli.calculus.rows.bound_rows import BoundRows
from gradcli.calculus.rows.row_data import RowData
from gradcli.calculus.rows.row_evaluation import RowEvaluation
from gradcli.calculus.rows.row_program import compile_levels
from gradcli.data.readers.read_options import ReadOptions
from gradcli.language.rows.level_reading import levels_of
from gradcli.shell.engines.parted_rows import PartedColumn, PartedRows
from gradcli.shell.files.file_columns import NamedColumns

numpy = pytest.importorskip("numpy")
pytest.importorskip("pyarrow")
pytest.importorskip("distributed")

LOSS = "mean((y - a*x - b)**2) + mean(log(1 + exp(-a*x))) + 1e-3*max(a*x*y)"
AT = {"a": 1.75, "b": 0.5}


def points(rows, seed=1):
    """Rows of a line with noise."""
    source = numpy.random.default_rng(seed)
    x = source.normal(size=rows)
    return x, 2 * x + 1 + source.normal(size=rows) / 8


def csv(path, x, y):
    """A file of two columns, with all their digits."""
    path.write_text("x,y\n" + "".join(f"{a!r},{b!r}\n" for a, b in zip(x.tolist(), y.tolist(), strict=True)))
    return path


def parquet(path, x, y, group):
    """A file of two columns in groups of so many rows."""
    import pyarrow
    from pyarrow.parquet import write_table

    write_table(pyarrow.table({"y": y, "x": x}), path, row_group_size=group, use_dictionary=False)
    return path


def jsonl(path, x, y):
    """A file of two keys."""
    rows = zip(x.tolist(), y.tolist(), strict=True)
    path.write_text("".join(json.dumps({"x": a, "y": b}) + "\n" for a, b in rows))
    return path


def parted(cluster, files, cache=10**9):
    """The parts of some files with the workers of *cluster*."""
    columns = NamedColumns(tuple(map(str, files)), ReadOptions(), {"x": "x", "y": "y"}, ("x", "y"))
    return PartedRows(cluster.engine, columns, cache)


def data_of(found):
    """Its rows, as programs go over them."""
    from gradcli.calculus.rows.part_questions import PartPasses

    held = {name: PartedColumn(found, name) for name in ("x", "y")}
    return RowData(held, passes=PartPasses(found.ask))


def program(rows, text=LOSS):
    """The program of a loss."""
    return compile_levels(levels_of([text], {"x": rows, "y": rows}, AT), tuple(AT))


def test_twenty_ways_to_spread_the_rows_have_one_answer(cluster, tmp_path):
    """Shuffled, split into files of four kinds, held or read anew: value, slopes, bounds and Hessian are the same bits.

    At a point near the minimum, where the terms of the gradient cancel, and far from it.
    """
    x, y = points(4_000)
    source, found = random.Random(5), program(len(x))
    here = RowEvaluation(found, RowData({"x": x, "y": y}), True)
    near = {"a": 2.0001, "b": 1.0003}
    right = [repr(here.at(AT, bounds=True)), repr(here.at(near, bounds=True))]
    hessian = BoundRows.of(found, RowData({"x": x, "y": y})).hessian(near, ["a", "b"])
    for way in range(20):
        order = numpy.array(source.sample(range(len(x)), len(x)))
        cuts = sorted(source.sample(range(1, len(x)), source.randint(0, 4)))
        files = []
        for place, rows in enumerate(numpy.split(order, cuts)):
            kind = source.choice(("csv", "parquet", "jsonl", "parquet"))
            path = tmp_path / f"{way}-{place}.{kind}"
            groups = (source.choice((100, 999, 2_500)),) if kind == "parquet" else ()
            files.append(
                {"csv": csv, "parquet": parquet, "jsonl": jsonl}[kind](path, x[rows], y[rows], *groups)
            )
        cache = source.choice((0, 20_000, 10**9))
        data = data_of(parted(cluster, files, cache))
        evaluation = RowEvaluation(found, data, True)
        assert [repr(evaluation.at(one, bounds=True)) for one in (AT, near)] == right, (way, files)
        if way % 5 == 0:
            made = BoundRows.of(found, data)
            made.evaluation = evaluation
            assert made.hessian(near, ["a", "b"]) == hessian


@pytest.fixture
def files(in_folder):
    """Two files of points: one of text, one in groups of rows."""
    x, y = points(4_000)
    csv(in_folder / "one.csv", x[:1500], y[:1500])
    parquet(in_folder / "two.parquet", x[1500:], y[1500:], 700)
    return ("--data", "one.csv", "--data", "two.parquet")


def both(run, cluster, *command):
    """A command in this process and with workers, without the names of the engine."""
    return run(*command), run(*command, *cluster.options)


@pytest.mark.parametrize(
    "command",
    [
        ("grad", LOSS, "--a", "1.75", "--b", "0.5", "--format", "json"),
        ("grad", "std(x - a, 1) + norm(a*y) + logsumexp(b*x)", "--a", "1", "--b", "2", "--where", "x > 0"),
        ("grad", "mean(abs(y - a*x)) + min(a*x)", "--a", "0", "--corner", "least", "--format", "json"),
        ("minimize", "mean((y - a*x - b)**2)", "--a", "0", "--b", "0", "--format", "json"),
        ("maximize", "-mean(log(1 + exp(-a*x*(y - 1))))", "--a", "0", "--dry-run"),
        ("compare", "mean((y - a*x)**2)", "--a", "0", "--lr", "0.1", "--optimizers", "sgd,adam", "--steps", "5"),
        ("step", "mean((y - a*x)**2)", "--a", "0", "--lr", "0.01", "--batch", "64", "--epochs", "2", "--dry-run"),
        ("grad", "mean((y - a*x)**2)", "--a", "1", "--column", "x=z"),
        ("grad", "mean((y - a*z)**2)", "--a", "1"),
        ("grad", "mean(log(x - a))", "--a", "0"),
        ("grad", "mean(x)*exp(1000*a)", "--a", "1"),
        ("grad", "mean(x)"),
    ],
    ids=str,
)  # fmt: skip
def test_a_command_says_the_same_with_workers(command, run, cluster, files):
    """Both streams and the status."""
    here, there = both(run, cluster, *command, *files)
    assert there == here


def test_a_session_goes_on_with_workers_and_without(run, cluster, files):
    """The same steps; the session does not remember the engine."""
    begun = ("step", "mean((y - a*x - b)**2)", *files, "--a", "0", "--b", "0", "--lr", "0.1")
    run(*begun, "--session", "here")
    run(*begun, *cluster.options, "--session", "there")
    assert run("step", "--session", "there", *cluster.options) == run("step", "--session", "here")
    assert run("step", "--session", "there") == run("step", "--session", "here")


def test_rows_of_the_whole_are_refused(run, cluster, files):
    """x[i] means rows that other workers have."""
    ended = run("grad", "sum((x[i+1] - a*x[i])**2, i, 0, count()-2)", *files, "--a", "1", *cluster.options)
    assert ended.status == 2 and "--engine has them in parts" in ended.err


@pytest.mark.parametrize(
    ("cell", "words"),
    [("spam", 'row 3: column y has "spam"'), ("", "row 3"), ("1e999", "row 3")],
)
def test_a_cell_that_is_no_number_is_named_alike(cell, words, run, cluster, in_folder):
    """The first of all in the order of the rows, by its file as it was typed."""
    (in_folder / "a.csv").write_text("x,y\n1,2\n3,4\n")
    (in_folder / "b.csv").write_text(f"x,y\n1,2\n3,4\n5,{cell}\n")
    (in_folder / "c.csv").write_text("x,y\nbad,bad\n")
    files = [word for name in "abc" for word in ("--data", f"{name}.csv")]
    here, there = both(run, cluster, "grad", "mean(x*y*a)", "--a", "1", *files)
    assert there == here and there.status in (2, 3) and "b.csv" in there.err


def test_rows_with_missing_cells_are_left_out_alike(run, cluster, in_folder):
    """And counted; also where all of a file's are."""
    (in_folder / "a.csv").write_text("x,y\n1,\n3,NA\n")
    (in_folder / "b.csv").write_text("x,y\n1,2\n,4\n5,6\n")
    command = ("grad", "mean(x*y*a)", "--a", "1", "--data", "a.csv", "--data", "b.csv", "--missing", "skip")
    here, there = both(run, cluster, *command, "--format", "json")
    assert there == here and json.loads(there.out)["data"]["left_out"] == 3
    (in_folder / "b.csv").write_text("x,y\n1,\n")
    here, there = both(run, cluster, *command)
    assert there == here and there.status == 3


def test_a_worker_that_is_killed_changes_nothing(cluster, tmp_path):
    """What it held is read again by another, and what it was at is done again."""
    x, y = points(60_000)
    file = parquet(tmp_path / "points.parquet", x, y, 131_072 // 8)
    found = program(len(x))
    right = repr(RowEvaluation(found, RowData({"x": x, "y": y}), True).at(AT, bounds=True))
    evaluation = RowEvaluation(
        found, data_of(parted(cluster, [file, csv(tmp_path / "more.csv", x[:0], y[:0])])), True
    )
    assert repr(evaluation.at(AT, bounds=True)) == right
    before = cluster.workers

    def end_one():
        time.sleep(0.1)
        os.kill(before[0], signal.SIGKILL)

    ending = threading.Thread(target=end_one)
    ending.start()
    for _ in range(6):
        assert repr(evaluation.at(AT, bounds=True)) == right
    ending.join()
    assert repr(evaluation.at(AT, bounds=True)) == right


def test_a_file_that_changes_in_the_middle_is_a_sentence(cluster, tmp_path):
    """No answer is made of two states of it."""
    from gradcli.language.errors import InputProblem

    x, y = points(500)
    file = csv(tmp_path / "points.csv", x, y)
    evaluation = RowEvaluation(program(len(x)), data_of(parted(cluster, [file], 0)), True)
    evaluation.at(AT)
    csv(file, x[:499], y[:499])
    with pytest.raises(InputProblem, match=r"points.csv has changed since this run began"):
        evaluation.at(AT)


@pytest.mark.parametrize("cache", [0, 10**9])
def test_columns_are_fetched_in_pieces(cluster, tmp_path, cache):
    """For batches, and only the rows that are asked for."""
    x, y = points(2_000)
    found = parted(
        cluster,
        [parquet(tmp_path / "a.parquet", x[:900], y[:900], 400), csv(tmp_path / "b.csv", x[900:], y[900:])],
        cache,
    )
    column = PartedColumn(found, "y")
    for low, high in ((0, 2_000), (5, 6), (899, 901), (1_990, 2_000), (700, 700)):
        assert column[low:high].tolist() == y[low:high].tolist()
    assert [found.short(row) for row in (0, 899, 900)] == ["1 of a.parquet", "900 of a.parquet", "1 of b.csv"]
