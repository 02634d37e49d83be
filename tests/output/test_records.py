"""JSON: strict, exact, ordered, and safe to look at."""

from __future__ import annotations

import json
import math
from collections import OrderedDict
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcli.output.painters.json_text import json_text

from .drawing import wild

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | text
records = st.recursive(
    leaves, lambda part: st.lists(part, max_size=4) | st.dictionaries(text, part, max_size=4)
)
indents = st.sampled_from([None, 2])


@given(records, indents)
def test_json_reads_back_bit_for_bit(record, indent):
    """Values, types, the order of keys and every bit of every float."""
    assert repr(json.loads(json_text(record, indent))) == repr(record)


@given(st.lists(st.floats() | st.lists(st.floats())), indents)
def test_what_is_not_finite_is_null(record, indent):
    """Neither NaN nor Infinity is ever printed, at any depth."""

    def refuse(constant):
        raise AssertionError(constant)

    back = json.loads(json_text({"a": record}, indent), parse_constant=refuse)["a"]
    expected = [
        [part if math.isfinite(part) else None for part in item]
        if isinstance(item, list)
        else (item if math.isfinite(item) else None)
        for item in record
    ]
    assert repr(back) == repr(expected)


@given(st.dictionaries(wild, wild | st.just(math.nan), max_size=3))
def test_a_json_line_is_one_printable_line(record):
    """No control character and no lone surrogate gets out, so that a line is a line and can be encoded."""
    line = json_text(record)
    assert line.isprintable()
    line.encode()
    json.loads(line)


def test_letters_stand_as_they_are():
    """Other scripts are legible; what cannot be seen is escaped, beyond the basic plane as a pair."""
    assert json_text("π 変 𝒳 \x9b\u2028\ud800\U000e0001") == r'"π 変 𝒳 \u009b\u2028\ud800\udb40\udc01"'


@pytest.mark.parametrize("record", [OrderedDict(b=1, a=(2.0, 3)), MappingProxyType({"b": 1, "a": (2.0, 3)})])
def test_any_mapping_and_any_tuple_are_welcome(record):
    """Mappings become objects in their order, tuples arrays."""
    assert json_text(record) == '{"b": 1, "a": [2.0, 3]}'


def test_indented_json_has_a_line_per_key():
    """Two spaces, as `--format json` prints."""
    assert json_text({"a": 1, "b": 2.0}, 2) == '{\n  "a": 1,\n  "b": 2.0\n}'


def test_what_has_no_json_is_a_mistake_of_ours():
    """An object that is no value raises, it is not turned into text."""
    with pytest.raises(TypeError):
        json_text({"a": object()})
