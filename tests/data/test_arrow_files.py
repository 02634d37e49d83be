"""Parquet and Arrow: what PyArrow wrote is read bit by bit; other types, nulls, broken files and bombs are a sentence."""

from __future__ import annotations

import decimal
import math
import random
from pathlib import Path

import pytest

np = pytest.importorskip("numpy", reason="Parquet and Arrow need the extra gradcli[data]")
pa = pytest.importorskip("pyarrow", reason="Parquet and Arrow need the extra gradcli[data]")
import pyarrow.parquet as pq  # noqa: E402
from pyarrow import ipc  # noqa: E402

from gradcli.data.readers.column_reading import blocks, header, read_columns  # noqa: E402
from gradcli.data.readers.read_options import ReadOptions  # noqa: E402
from gradcli.language.errors import (  # noqa: E402
    DomainProblem,
    GradcliError,
    InputProblem,
    LimitProblem,
    NameProblem,
    UsageProblem,
    ValueProblem,
)
from gradcli.language.limits import raise_limits  # noqa: E402
from tests.data.test_delimited_text import same  # noqa: E402

NAN = math.nan


def write_parquet(table, path, **options):
    pq.write_table(table, path, **options)


def write_arrow(table, path):
    with ipc.new_file(path, table.schema) as file:
        file.write_table(table, max_chunksize=7)


def write_arrow_stream(table, path):
    with ipc.new_stream(path, table.schema) as file:
        file.write_table(table, max_chunksize=7)


def write_feather(table, path):
    from pyarrow.feather import write_feather as write

    write(table, path, compression="zstd")


WRITERS = {
    "plain.parquet": lambda table, path: write_parquet(table, path, row_group_size=11),
    "zstd.pq": lambda table, path: write_parquet(table, path, compression="zstd", use_dictionary=False),
    "file.arrow": write_arrow,
    "stream.arrow": write_arrow_stream,
    "table.feather": write_feather,
}


@pytest.fixture(params=WRITERS)
def written(request, tmp_path):
    """`written(table)`: its path in one of the formats."""

    def _written(table):
        path = tmp_path / request.param
        try:
            WRITERS[request.param](table, str(path))
        except pa.ArrowNotImplementedError:
            pytest.skip("this PyArrow does not write such a column")
        return str(path)

    return _written


TYPES = [
    pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64(),
    pa.float16(), pa.float32(), pa.float64(), pa.bool_(),
]  # fmt: skip


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_every_type_of_numbers_is_read(written, kind):
    """Whole numbers, floats and booleans, with and without nulls; the truth is Python's own number."""
    whole = [0, 1, 1, 0, 1] if pa.types.is_boolean(kind) else [0, 1, 127, 3, 64]
    if pa.types.is_floating(kind):
        whole = [0.5, -0.0, 1.5, -2.25, 64.0]
    array = pa.array(np.array(whole, dtype=np.float16) if kind == pa.float16() else whole).cast(kind)
    gaps = pa.array([None, *array[1:4].to_pylist(), None]).cast(kind) if kind != pa.float16() else array
    path = written(pa.table({"x": array, "gaps": gaps, "text": ["a"] * 5}))
    found = read_columns([path], ("x", "gaps"), ReadOptions(missing="keep"))
    assert same(found.values[0], [float(one) for one in whole])
    expected = [NAN, *map(float, whole[1:4]), NAN] if kind != pa.float16() else list(map(float, whole))
    assert same(found.values[1], expected)


def test_floats_are_read_bit_by_bit(written):
    """All exponents, the least and the greatest floats, in blocks that do not fit the file's own."""
    source = random.Random(4)
    numbers = [math.ldexp(source.uniform(-2, 2), exponent) for exponent in range(-1074, 1020, 7)]
    numbers += [5e-324, -0.0, 1.7976931348623157e308]
    path = written(pa.table({"y": numbers[::-1], " x ": numbers}))
    assert header(path) == ("y", "x")
    found = list(blocks([path], ("x",), ReadOptions(rows=10)))
    assert same([float(one) for block in found for one in block.values[0]], numbers)
    assert [number for block in found for number in block.numbers] == list(range(1, len(numbers) + 1))
    assert max(len(block.numbers) for block in found) <= 10


def test_whole_numbers_are_floats_exactly_or_refused(written):
    """Beyond 2**53 some are, and the first that is none is named with its row, signed or not."""
    good = [2**53, -(2**53), 2**62, -(2**63), 2**53 + 2]
    path = written(
        pa.table({"x": pa.array(good), "u": pa.array([2**63, 2**64 - 2048, 0, 1, 2], pa.uint64())})
    )
    found = read_columns([path], ("x", "u"))
    assert [int(one) for one in found.values[0]] == good and int(found.values[1][1]) == 2**64 - 2048
    for bad in (2**53 + 1, -(2**53) - 1, 2**63 - 1):
        path = written(pa.table({"x": pa.array([*good, bad, None])}))
        with pytest.raises(
            ValueProblem, match=rf'row 6, column x: no float is equal to the whole number "{bad}"'
        ):
            read_columns([path], ("x",), ReadOptions(missing="keep"))
    path = written(pa.table({"x": pa.array([0, 2**64 - 1], pa.uint64())}))
    with pytest.raises(ValueProblem, match="row 2, column x: no float"):
        read_columns([path], ("x",))


def test_missing_and_infinite_numbers(written):
    """null and nan are missing, inf is an error with its row; whichever comes first is said."""
    path = written(
        pa.table({"x": [1.0, None, 3.0, NAN, 5.0, math.inf], "y": [1, 2, 3, 4, None, 6], "z": pa.nulls(6)})
    )
    for wanted in (("x",), ("y", "x")):
        with pytest.raises(DomainProblem, match="row 2, column x: the cell is missing"):
            read_columns([path], wanted)
    with pytest.raises(ValueProblem, match="row 6, column x: it is not finite"):
        read_columns([path], ("x",), ReadOptions(missing="skip"))
    kept = read_columns([path], ("y", "z"), ReadOptions(missing="keep"))
    assert same(kept.values[0], [1, 2, 3, 4, NAN, 6]) and same(kept.values[1], [NAN] * 6)
    path = written(pa.table({"x": [1.0, None, 3.0, NAN, 5.0], "y": [1, 2, None, 4, 5]}))
    skipped = list(blocks([path], ("x", "y"), ReadOptions(missing="skip")))
    assert [number for block in skipped for number in block.numbers] == [1, 5]
    assert sum(block.left_out for block in skipped) == 3
    assert [one for block in skipped for one in block.values[0].tolist()] == [1.0, 5.0]


@pytest.mark.parametrize(
    "column",
    [
        pa.array(["1", "2"]), pa.array([b"1", b"2"]), pa.array([decimal.Decimal("1.5")] * 2), pa.array([[1.0], [2.0]]),
        pa.array([{"a": 1.0}] * 2), pa.array([1, 2], pa.timestamp("s")), pa.array([1, 2], pa.duration("s")),
        pa.array([1, 2], pa.date32()), pa.array(["a", "b"]).dictionary_encode(),
    ],
    ids=lambda column: str(column.type),
)  # fmt: skip
def test_other_types_are_no_numbers(written, column):
    """The column and its type are named; beside the wanted ones they do not matter."""
    path = written(pa.table({"x": column, "y": [1.0, 2.0]}))
    with pytest.raises(ValueProblem, match=r"column x holds .* and not floats, whole numbers or booleans"):
        read_columns([path], ("y", "x"))
    assert list(read_columns([path], ("y",)).values[0]) == [1.0, 2.0]


def test_extension_types_are_off(tmp_path):
    """A type of somebody's own is no number, and nothing of it is looked up."""
    opaque = (
        pa.opaque(pa.float64(), "a kind", "a vendor") if hasattr(pa, "opaque") else pytest.skip("old PyArrow")
    )
    array = pa.ExtensionArray.from_storage(opaque, pa.array([1.0]))
    write_arrow(pa.table({"x": array}), str(tmp_path / "x.arrow"))
    with pytest.raises(ValueProblem, match="column x holds"):
        read_columns([str(tmp_path / "x.arrow")], ("x",))


def test_columns_are_found_by_their_whole_names(written):
    """Dots, blanks, nested columns beside them; the order of the wanted ones is the order of the answer."""
    path = written(pa.table({"a.b": [1.0], "a": [2.0], "s": [{"x": 3.0}], "e\u0301": [4.0], "": [5.0]}))
    found = read_columns([path], ("é", "a", "a.b"))
    assert [one.tolist() for one in found.values] == [[4.0], [2.0], [1.0]]
    with pytest.raises(NameProblem, match="has no column x"):
        read_columns([path], ("x",))
    for names in (["x", "x"], ["x", " x"]):
        path = written(pa.table([pa.array([1.0]), pa.array([2.0])], names=names))
        with pytest.raises(NameProblem, match="two columns are called x"):
            read_columns([path], ("x",))


def test_no_rows_and_one_row(written):
    """A file with columns and without rows is none that is broken."""
    for rows in (0, 1):
        found = read_columns([written(pa.table({"x": pa.array([2.5] * rows, pa.float64())}))], ("x",))
        assert found.rows == rows and list(found.values[0]) == [2.5] * rows


def test_files_of_several_formats_are_one_table(tmp_path):
    """Text and columns one after the other: the values are joined."""
    (tmp_path / "a.csv").write_text("x\n1\n2\n")
    write_parquet(pa.table({"x": [3.0, None]}), str(tmp_path / "b.parquet"))
    found = read_columns([str(tmp_path / "*")], ("x",), ReadOptions(missing="skip"))
    assert np.asarray(found.values[0]).tolist() == [1.0, 2.0, 3.0] and found.left_out == 1


def test_broken_files_are_a_sentence(written, tmp_path):
    """Cut off, with bytes changed, or of another kind: InputProblem or the right numbers, never anything else."""
    path = written(pa.table({"x": np.arange(50.0), "y": np.arange(50)}))
    content = Path(path).read_bytes()
    source, damaged = random.Random(5), 0
    cases = [content[: len(content) * part // 10] for part in range(10)] + [
        b"PAR1",
        b"ARROW1\0\0",
        b"x,y\n1,2\n",
    ]
    for _ in range(60):
        changed = bytearray(content)
        for _ in range(source.choice((1, 4, 30))):
            changed[source.randrange(len(content))] = source.randrange(256)
        cases.append(bytes(changed))
    for case in cases:
        Path(path).write_bytes(case)
        try:
            found = read_columns([path], ("x", "y"), ReadOptions(missing="keep"))
        except GradcliError as error:
            damaged += 1
            assert error.status in (2, 3, 4) and "\n" not in error.message
        else:
            assert len(found.values[0]) == found.rows
    assert damaged > 12


def test_limits_hold_before_anything_is_read(tmp_path):
    """Rows that a small file claims, and groups of rows."""
    path = str(tmp_path / "bomb.parquet")
    with pq.ParquetWriter(path, pa.schema([("x", pa.float64())])) as writer:
        block = pa.table({"x": np.zeros(1_000_000)})
        for _ in range(5):
            writer.write_table(block)
    try:
        for limits, sentence in (
            ({"data-rows": 4_000_000}, "bomb.parquet has 5,000,000 rows: at most 4,000,000 are read"),
            ({"groups": 4}, "bomb.parquet has 5 groups of rows: at most 4 are read"),
            ({"cells": 1_000_000}, "more than 1,000,000 numbers would be held"),
        ):
            raise_limits(limits)
            with pytest.raises(LimitProblem, match=sentence) as caught:
                read_columns([path], ("x",))
            assert f"--limit {next(iter(limits))}=N" in caught.value.hint
    finally:
        raise_limits({})
    assert sum(len(block.numbers) for block in blocks([path], ("x",))) == 5_000_000


def test_what_is_compressed_as_a_whole_is_refused(tmp_path):
    """Such files are compressed inside."""
    (tmp_path / "x.parquet.gz").write_bytes(b"")
    with pytest.raises(UsageProblem, match="compressed inside and not as a whole"):
        header(str(tmp_path / "x.parquet.gz"))
    with pytest.raises(InputProblem, match="is damaged, or is not what its name says"):
        (tmp_path / "x.parquet").write_bytes(b"")
        header(str(tmp_path / "x.parquet"))
