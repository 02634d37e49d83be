"""JSON lines: numbers, booleans and what is missing; all else is an error with line and key."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcli.data.readers.column_reading import header, read_columns
from gradcli.data.readers.read_options import ReadOptions
from gradcli.language.errors import DomainProblem, InputProblem, NameProblem, ValueProblem
from tests.data.test_delimited_text import read, same  # noqa: F401

NAN = math.nan


def test_numbers_of_every_kind(read):  # noqa: F811
    """Whole ones, decimals, booleans, keys in any order, more keys, a byte order mark, CRLF and blank lines."""
    content = '\ufeff{"x": 1, "y": 2.5}\r\n\r\n{"y": -3e2, "x": true, "z": "text"}\n{"x":false,"y":-0.0}'
    found = read(content, ("x", "y"), "points.jsonl")
    assert same(found.values[0], [1.0, 1.0, 0.0]) and same(found.values[1], [2.5, -300.0, -0.0])


@pytest.mark.parametrize("cell", ["null", "NaN", '"NA"', '""', '" ? "', '"nan"', None])
def test_what_is_missing(read, cell):  # noqa: F811
    """null, nan, a spelling of it, and a key that is not there."""
    line = '{"y": 1}' if cell is None else f'{{"x": {cell}, "y": 1}}'
    content = f'{{"x": 1, "y": 0}}\n{line}\n'
    with pytest.raises(DomainProblem, match=r"points.jsonl, row 2 \(line 2\), column x: the cell is missing"):
        read(content, ("x", "y"), "points.jsonl")
    assert same(read(content, ("x",), "points.jsonl", missing="keep").values[0], [1.0, NAN])
    assert read(content, ("y", "x"), "points.jsonl", missing="skip").rows == 1


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ('"3.5"', '"3.5" is text and no number'), ('"one"', "is text"), ("[1]", "a list is no number"),
        ("{}", "an object is no number"), ("1e999", "not finite"), ("Infinity", "not finite"), ("-Infinity", "not finite"),
        ("9007199254740993", "no float is equal to the whole number"), ("1" + "0" * 400, "too large for a float"),
    ],
)  # fmt: skip
def test_what_is_no_number(read, cell, sentence):  # noqa: F811
    """A number in quotes is text: it would not be summed by accident."""
    with pytest.raises(ValueProblem, match=sentence) as caught:
        read(f'{{"x": 1}}\n\n{{"x": {cell}}}\n', ("x",), "points.jsonl")
    assert "points.jsonl, row 2 (line 3), column x: " in caught.value.message


def test_a_number_of_five_thousand_digits_is_refused(read):  # noqa: F811
    """Whether Python reads it or not, which is a setting of the process."""
    with pytest.raises(ValueProblem, match="too large for a float"):
        read('{"x": 1}\n{"x": ' + "9" * 5000 + "}\n", ("x",), "points.jsonl")


@pytest.mark.parametrize(
    "line",
    ["[1, 2]", "1", "{", '{"x": 1', "{'x': 1}", '{"x": 01}', '{"x": .5}', '{"x": 1} {"x": 2}', '{"x": 1,}', "\xff",
     "[" * 100_000, "null", '"x"'],
)  # fmt: skip
def test_lines_that_are_no_objects(read, line):  # noqa: F811
    """The line's number, and no traceback at any depth."""
    content = b'{"x": 1}\n' + line.encode("latin-1") + b"\n"
    with pytest.raises(
        InputProblem, match=r"points.jsonl, line 2 is (no JSON|no JSON object|not UTF-8 text)$"
    ):
        read(content, ("x",), "points.jsonl")


def test_a_key_that_occurs_twice(read):  # noqa: F811
    """JSON leaves open which one counts."""
    with pytest.raises(NameProblem, match='line 1: the key "x" occurs twice'):
        read('{"x": 1, "x": 2}\n', ("x",), "points.jsonl")
    with pytest.raises(NameProblem, match="two columns are called x"):
        read('{"x": 1, " x": 2}\n', ("x",), "points.jsonl")


def test_columns_are_the_keys_of_the_first_thousand_lines(tmp_path, read):  # noqa: F811
    """In the order in which they come; one that never comes is no column."""
    path = tmp_path / "sparse.ndjson"
    path.write_text('{"a": 1}\n{"b": 2, "a": 1}\n' + '{"c": 3}\n' * 3000)
    assert header(str(path)) == ("a", "b", "c")
    found = read_columns([str(path)], ("b", "c"), ReadOptions(missing="keep", rows=700))
    assert found.rows == 3002 and same(found.values[0][:3], [NAN, 2.0, NAN]) and found.values[1][-1] == 3.0
    with pytest.raises(NameProblem, match="has no column d"):
        read_columns([str(path)], ("d",))
    with pytest.raises(InputProblem, match="is empty"):
        read("\n\n", ("x",), "points.jsonl")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53),
        min_size=1,
        max_size=30,
    )
)
def test_what_json_writes_is_read_bit_by_bit(tmp_path_factory, numbers):
    """All floats, and whole numbers that are floats."""
    path = tmp_path_factory.mktemp("json") / "x.jsonl"
    path.write_text("".join(json.dumps({"x": number}) + "\n" for number in numbers))
    assert same(read_columns([str(path)], ("x",)).values[0], [float(number) for number in numbers])
