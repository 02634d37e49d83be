"""What strangers' files may do: regular ones only, limits before memory is gone, bombs and pipes are a sentence."""

from __future__ import annotations

import gzip
import os
import random
import sys

import pytest

from gradcli.data.readers import arrow_library, fast_delimited
from gradcli.data.readers.column_reading import blocks, header, read_columns
from gradcli.data.readers.data_files import matching_files
from gradcli.data.readers.file_formats import file_format
from gradcli.data.readers.read_options import ReadOptions
from gradcli.language.errors import ExtraProblem, GradcliError, InputProblem, LimitProblem, UsageProblem
from gradcli.language.limits import raise_limits

#: 50 megabytes that compress to next to nothing.
ZEROS = (b"0." + b"0" * 497 + b"\n") * 100_000


@pytest.fixture
def limits():
    """`limits(name, number)` for the time of a test."""
    yield lambda name, number: raise_limits({name: number})
    raise_limits({})


@pytest.fixture
def points(tmp_path):
    """A file of three rows."""
    path = tmp_path / "points.csv"
    path.write_text("x,y\n1,2\n3,4\n5,6\n")
    return str(path)


def test_pipes_devices_folders_and_what_is_not_there(tmp_path):
    """Nothing is waited for, and nothing but a file is read."""
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "null.csv").symlink_to("/dev/null")
    for name, sentence in (
        ("pipe.csv", "is a pipe or a device and not a file"), ("folder.csv", "is a folder"),
        ("null.csv", "is a pipe or a device"), ("none.csv", "No such file"), ("a\0.csv", "no name of a file"),
    ):  # fmt: skip
        with pytest.raises(InputProblem, match=sentence) as caught:
            read_columns([str(tmp_path / name)], ("x",))
        assert caught.value.status == 4


def test_a_link_to_a_file_is_that_file(tmp_path, points):
    """And the same file twice is an error, by whatever names."""
    (tmp_path / "link.csv").symlink_to(points)
    assert read_columns([str(tmp_path / "link.csv")], ("x",)).rows == 3
    for files in ([points, points], [points, str(tmp_path / "link.csv")], [points, str(tmp_path / "p*.csv")]):
        with pytest.raises(UsageProblem, match="would be read twice"):
            read_columns(files, ("x",))


def test_patterns_have_one_order(tmp_path):
    """That of names, pattern by pattern; a name with brackets that is a file is that file."""
    for name in ("b.csv", "a.csv", "a10.csv", "a9.csv", "[a].csv", "sub/a.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x\n1\n")
    names = [
        name.removeprefix(f"{tmp_path}/")
        for name in matching_files([str(tmp_path / "b*"), str(tmp_path / "a*.csv")])
    ]
    assert names == ["b.csv", "a.csv", "a10.csv", "a9.csv"]
    assert matching_files([str(tmp_path / "[a].csv")]) == (str(tmp_path / "[a].csv"),)
    assert len(matching_files([str(tmp_path / "**/*.csv")])) == 6
    with pytest.raises(InputProblem, match=r"no file matches .*z\*\.csv"):
        matching_files([str(tmp_path / "z*.csv")])


def test_each_limit_is_named_with_what_raises_it(tmp_path, points, limits):
    """Rows, numbers that are held, files, and lines; one more is allowed by the option of the hint."""
    other = tmp_path / "other.csv"
    other.write_text("x,y\n7,8\n")
    for name, most, enough in (("data-rows", 3, 4), ("cells", 7, 8), ("files", 1, 2), ("input", 2, 3)):
        limits(name, most)
        with pytest.raises(LimitProblem) as caught:
            read_columns([points, str(other)], ("x", "y"))
        assert f"--limit {name}=N sets this limit, now {most};" in caught.value.hint
        limits(name, enough)
        assert read_columns([points, str(other)], ("x", "y")).rows == 4


def test_blocks_do_not_count_what_is_held(points, limits):
    """What goes by in blocks is bounded by its rows alone."""
    limits("cells", 1)
    assert sum(len(block.numbers) for block in blocks([points], ("x", "y"))) == 3


def test_a_line_without_an_end_is_not_held(tmp_path, limits):
    """A hundred megabytes without a line end, as text and as JSON."""
    limits("input", 1000)
    for name in ("line.csv.gz", "line.jsonl.gz"):
        path = tmp_path / name
        path.write_bytes(gzip.compress(b"x\n" * ("csv" in name) + b'{"' + b"x" * 5_000_000))
        with pytest.raises(LimitProblem, match="has a line of more than 1,000"):
            read_columns([str(path)], ("x",))


def test_bombs_are_met_by_their_limit(tmp_path, limits):
    """A small file of 50 megabytes of zeros; uncompressed it would be read."""
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"x\n" + ZEROS, 9))
    assert path.stat().st_size < 200_000
    with pytest.raises(LimitProblem, match=r"holds more than [0-9,]+ bytes when uncompressed") as caught:
        read_columns([str(path)], ("x",))
    assert "--limit expansion=N" in caught.value.hint
    nested = tmp_path / "nested.csv.gz"
    nested.write_bytes(gzip.compress(path.read_bytes()))
    with pytest.raises(InputProblem, match=r"."):
        read_columns([str(nested)], ("x",))


@pytest.mark.parametrize("cut", [1, 20, -9, -1])
def test_broken_compression(tmp_path, cut):
    """Cut off anywhere, with a wrong checksum, or not compressed at all."""
    content = gzip.compress(("x\n" + "".join(f"{i}\n" for i in range(3000))).encode())
    path = tmp_path / "x.csv.gz"
    for broken in (content[:cut], content[:cut] + bytes([content[cut] ^ 255]) + content[cut:][1:], b"x\n1\n"):
        path.write_bytes(broken)
        with pytest.raises(InputProblem):
            read_columns([str(path)], ("x",))


def test_zstandard(tmp_path):
    """By PyArrow; bounded and checked like gzip."""
    arrow = pytest.importorskip("pyarrow", reason="Zstandard needs the extra gradcli[data]")
    path = tmp_path / "x.csv.zst"

    def write(content):
        with arrow.CompressedOutputStream(str(path), "zstd") as file:
            file.write(content)

    write(b"x\n1\n2\n")
    assert list(read_columns([str(path)], ("x",)).values[0]) == [1.0, 2.0]
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(InputProblem, match="it cannot be uncompressed to its end"):
        read_columns([str(path)], ("x",))
    path.write_bytes(b"x\n1\n")
    with pytest.raises(InputProblem):
        read_columns([str(path)], ("x",))
    write(b"x\n" + ZEROS)
    with pytest.raises(LimitProblem, match="when uncompressed"):
        read_columns([str(path)], ("x",))


def test_what_needs_the_extra_says_so(tmp_path, monkeypatch):
    """Without PyArrow its files are status 4 and the command that brings it; text is read as ever."""
    monkeypatch.setattr(arrow_library, "has_arrow", lambda: False)
    for name in ("x.parquet", "x.arrow", "x.csv.zst", "x.jsonl.zst"):
        (tmp_path / name).write_bytes(b"")
        with pytest.raises(ExtraProblem, match="PyArrow, which is not installed") as caught:
            read_columns([str(tmp_path / name)], ("x",))
        assert (caught.value.status, caught.value.hint) == (4, 'pip install "gradcli[data]"')


@pytest.mark.parametrize(
    "name", ["x.csv", "x.tsv", "x.jsonl", "x.csv.gz", "x.jsonl.zst", "x.parquet", "x.arrow"]
)
def test_any_bytes_are_numbers_or_a_sentence(tmp_path, name):
    """Noise, and noise in what was a table, under every ending: no other error, and no sentence of two lines."""
    source, path = random.Random(name), tmp_path / name
    start = b'{"x": 1, "y": 2}\n' * 9 if "json" in name else b"x,y\n1,2\n3,4\n"
    start = gzip.compress(start) if name.endswith("gz") else start
    signs = b'\0\xff"",;\t\r\n\n{}[]:x1e+-.' + bytes(range(256))
    for _ in range(200):
        content = bytearray(start if source.random() < 0.6 else b"")
        for _ in range(source.choice((1, 3, 40))):
            content.insert(source.randint(0, len(content)), source.choice(signs))
        path.write_bytes(content)
        for options in (ReadOptions(missing="skip"), ReadOptions(missing="keep", columns=("x", "y"))):
            try:
                found = read_columns([str(path)], ("x", "y"), options)
            except GradcliError as error:
                assert error.status in (2, 4) and len(error.message) < 400
            else:
                assert all(len(values) == found.rows for values in found.values)


@pytest.mark.parametrize("name", ["points", "points.xlsx", "points.json", "points.gz", "points.csv.bz2", ""])
def test_endings_that_say_nothing(name):
    """The endings that are read are listed."""
    with pytest.raises(UsageProblem, match="its ending does not say") as caught:
        file_format(name)
    assert ".parquet" in caught.value.hint and ".gz or .zst" in caught.value.hint


def test_endings_and_formats():
    """In any case of letters; a format that is chosen wins."""
    assert file_format("A.CSV.GZ") == ("csv", "gzip")
    assert file_format("a.gz", "tsv") == ("tsv", "gzip")
    assert file_format("a.csv", "jsonl") == ("jsonl", None)
    with pytest.raises(UsageProblem, match="excel is no format"):
        file_format("a.csv", "excel")


@pytest.mark.parametrize("is_fast", [False, True])
def test_memory_does_not_grow_with_the_rows(tmp_path, monkeypatch, is_fast):
    """Blocks go by: what is held in the course of 50,000 rows is less than their text, by either reader."""
    if is_fast:
        pytest.importorskip("pyarrow", reason="the fast reader needs the extra gradcli[data]")
    import tracemalloc

    monkeypatch.setattr(fast_delimited, "PIECE", 2**14)
    monkeypatch.setattr(fast_delimited, "has_arrow", lambda: is_fast)
    path = tmp_path / "long.csv"
    path.write_text("x\n" + ("0.123456789" + "0" * 80 + "\n") * 50_000)
    read_columns([str(path)], ("x",))  # what is loaded is not what is read
    tracemalloc.start()
    try:
        for _ in blocks([str(path)], ("x",), ReadOptions(rows=1000)):
            pass
        assert tracemalloc.get_traced_memory()[1] < 2_500_000
    finally:
        tracemalloc.stop()


def test_text_is_read_without_libraries(points):
    """Neither NumPy nor PyArrow is loaded for CSV and JSON lines."""
    import subprocess

    script = (
        "import sys; from gradcli.data.readers.column_reading import read_columns, header\n"
        f"read_columns([{points!r}], ('x',)); header({points!r})\n"
        "assert not {'numpy', 'pyarrow', 'sympy', 'click', 'rich'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=100)
    assert header(points) == ("x", "y")
