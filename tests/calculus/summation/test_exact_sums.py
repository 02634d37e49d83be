"""Sums are exact and rounded once: the truth is that of `fractions`, in any order, in any blocks, by either path."""

from __future__ import annotations

import json
import math
import random
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcli.calculus.summation.exact_sum import exact_sum
from gradcli.calculus.summation.partial_sum import PartialSum
from tests.calculus.summation.ill_conditioned import GREATEST, LEAST, tables, truth

TABLES = tables()
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


def bits(number):
    """A float as its bytes: 0.0 is not -0.0."""
    return struct.pack("<d", number)


def travelled(total):
    """A partial sum that was written as JSON and read again."""
    return PartialSum.from_data(json.loads(json.dumps(total.to_data())))


def in_blocks(terms, size):
    """The sum of sums of blocks, each sent, merged backwards."""
    total = PartialSum()
    for start in reversed(range(0, len(terms), size)):
        total.merge(travelled(PartialSum(terms[start : start + size])))
    return travelled(total)


@pytest.mark.parametrize("name", TABLES)
def test_twenty_orders_and_blocks_give_the_bits_of_fractions(name):
    """Shuffled, cut into blocks of one to all terms, sent and merged: always the same bits and the same data."""
    terms, source = list(TABLES[name]), random.Random(name)
    expected, data = truth(terms), PartialSum(terms).to_data()
    for turn in range(20):
        source.shuffle(terms)
        assert bits(exact_sum(terms)) == bits(expected)
        total = in_blocks(terms, source.choice((1, 2, 7, 100, 1000, 4096, 4097, 10**6)) + turn)
        assert bits(total.rounded()) == bits(expected)
        assert total.to_data() == data


@settings(max_examples=300, deadline=None)
@given(st.lists(FLOATS, max_size=40), st.randoms(use_true_random=False))
def test_any_floats_have_the_sum_of_fractions(terms, source):
    """All floats that there are; too large is OverflowError by both ways."""
    halves = [list(terms), [-one / 2 for one in terms]]
    for numbers in (*halves, halves[0] + halves[1]):
        source.shuffle(numbers)
        try:
            expected = bits(truth(numbers))
        except OverflowError:
            for way in (exact_sum, lambda given: PartialSum(given).rounded()):
                with pytest.raises(OverflowError, match="too large for a float"):
                    way(numbers)
            continue
        assert bits(exact_sum(numbers)) == bits(PartialSum(iter(numbers)).rounded()) == expected


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ([1e308, 1e308, -1e308], 1e308),
        ([GREATEST, 2.0**969], GREATEST),  # below half of the last place: rounded down to the greatest
        ([GREATEST, 2.0**970, -LEAST], GREATEST),
        ([-0.0], 0.0),
        ([-0.0, -0.0], 0.0),
        ([1.5, -1.5], 0.0),
        ([LEAST, LEAST], 2 * LEAST),
        ([LEAST, -1.0, 1.0], LEAST),
        ([math.inf, 1e308, 1e308], math.inf),
        ([-math.inf, 1e308], -math.inf),
        ([math.inf, -math.inf], math.nan),
        ([math.inf, math.nan, 1.0], math.nan),
        ([math.nan, math.inf, -math.inf], math.nan),
        ([], 0.0),
        ([0.1] * 10, 1.0),
    ],
    ids=str,
)
def test_the_rules_for_ends_and_zeros(terms, expected):
    """What is not finite, what is almost too large, and zeros without a sign."""
    for numbers in (terms, terms[::-1]):
        assert bits(exact_sum(numbers)) == bits(expected) or (math.isnan(expected))
        assert math.isnan(expected) == math.isnan(exact_sum(numbers))
        assert bits(in_blocks(numbers, 1).rounded()) == bits(exact_sum(numbers))
        assert bits(exact_sum(iter(numbers))) == bits(exact_sum(numbers))


@pytest.mark.parametrize(
    "terms", [[GREATEST, 2.0**970], [1e308] * 2, [-1e308] * 1000 + [1.0], [-GREATEST] * 2]
)
def test_a_sum_that_is_too_large_raises(terms):
    """OverflowError, also from a merged one; nothing else, and never infinity."""
    for way in (exact_sum, lambda given: in_blocks(given, 1).rounded()):
        with pytest.raises(OverflowError, match=r"^the sum is too large for a float$"):
            way(terms)


def test_what_is_added_later_counts():
    """A sum can be rounded, and grow after it."""
    total = PartialSum([1e308, 1e308])
    with pytest.raises(OverflowError):
        total.rounded()
    total.add(-1e308 for _ in range(1))
    assert total.rounded() == 1e308
    total.merge(PartialSum([1.0, -1e308]))
    assert total.rounded() == 1.0


@pytest.mark.parametrize(
    "data",
    [
        None, [], "0x1p0", {}, {"exact": "0x1p0"}, {"exact": "0x1p0", "not_finite": [], "more": 1},
        {"exact": 1, "not_finite": []}, {"exact": "1p0", "not_finite": []}, {"exact": "0x1p-1075", "not_finite": []},
        {"exact": "0x1p9999", "not_finite": []}, {"exact": "0x1P0", "not_finite": []},
        {"exact": "0x01p0", "not_finite": []}, {"exact": "0x1p0\n", "not_finite": []},
        {"exact": "0x١p0", "not_finite": []}, {"exact": "0x" + "f" * 601 + "p-1074", "not_finite": []},
        {"exact": "0xfp1221", "not_finite": []}, {"exact": "0x1_0p0", "not_finite": []},
        {"exact": "0x1p0", "not_finite": None}, {"exact": "0x1p0", "not_finite": ["Infinity"]},
        {"exact": "0x1p0", "not_finite": [["nan"]]}, {"exact": "0x1p0", "not_finite": "nan"},
    ],
)  # fmt: skip
def test_other_data_are_refused(data):
    """ValueError with a sentence, whatever it is."""
    with pytest.raises(ValueError, match=r"\w"):
        PartialSum.from_data(data)


def test_data_are_as_documented():
    """A whole number in base 16 times a power of two, and the kinds of what was not finite."""
    assert PartialSum([0.75, 1.0]).to_data() == {"exact": "0x7p-2", "not_finite": []}
    assert PartialSum([-math.inf, math.nan, -3.0]).to_data() == {
        "exact": "-0x3p0",
        "not_finite": ["-inf", "nan"],
    }
    assert PartialSum().to_data() == {"exact": "0x0p0", "not_finite": []}
    huge = travelled(PartialSum([GREATEST] * 5000 + [LEAST]))
    huge.add([-GREATEST] * 5000)
    assert huge.rounded() == LEAST
