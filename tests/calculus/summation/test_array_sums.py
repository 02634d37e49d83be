"""Sums of arrays by bins: the same bits as the plain sums, whose truth is in test_exact_sums.py, and as fractions."""

from __future__ import annotations

import math
import os
import random

import pytest

np = pytest.importorskip("numpy", reason="sums of arrays need the extra gradcli[plot]")

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from gradcli.calculus.summation.block_sum import BLOCK, BlockSum  # noqa: E402
from gradcli.calculus.summation.partial_sum import PartialSum  # noqa: E402
from tests.calculus.summation.ill_conditioned import GREATEST, LEAST, tables, truth  # noqa: E402
from tests.calculus.summation.test_exact_sums import bits  # noqa: E402

TABLES = tables(33)
RUNS, SEED = int(os.environ.get("GRADCLI_SUMS", "120")), int(os.environ.get("GRADCLI_SEED", "1"))


@pytest.mark.parametrize("name", TABLES)
def test_twenty_orders_and_blocks_give_the_bits_of_fractions(name):
    """Shuffled arrays, added in pieces of any length: the same bits and the same data as the plain sum."""
    terms, source = np.array(TABLES[name], dtype=float), np.random.default_rng(7)
    expected, data = truth(terms.tolist()), PartialSum(TABLES[name]).to_data()
    for turn in range(20):
        source.shuffle(terms)
        assert bits(array_sum(terms)) == bits(expected)
        total, size = PartialSum(), (33, 64, 1000, 4096, 10**6)[turn % 5] + turn
        for start in range(0, terms.size, size):
            summation = BlockSum()
            summation.add(terms[start : start + size])
            total.merge(summation.total)
        assert bits(total.rounded()) == bits(expected)
        assert total.to_data() == data


def array_sum(terms):
    """The float nearest to the exact sum of an array."""
    summation = BlockSum()
    summation.add(terms)
    return summation.total.rounded()


def random_arrays(seed, count):
    """Arrays of terms whose exponents are spread over any range, with zeros, doubles and opposites among them."""
    source = random.Random(seed)
    for _ in range(count):
        size, low = source.choice((1, 31, 33, 200, 3000)), source.randint(-1074, 1000)
        high = min(low + source.choice((0, 3, 60, 120, 700, 2100)), 1023)
        terms = [math.ldexp(source.uniform(-1, 1), source.randint(low, high)) for _ in range(size)]
        terms += [source.choice((0.0, -0.0, -1.0, 1.0)) * term for term in terms]
        source.shuffle(terms)
        yield terms


def test_random_arrays_have_the_plain_sum():
    """All ranges of exponents, those at both ends too."""
    for terms in random_arrays(SEED, RUNS):
        summation = BlockSum()
        summation.add(np.array(terms))
        assert summation.total.to_data() == PartialSum(terms).to_data()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=30), st.integers(2, 60))
def test_any_floats_many_times_have_the_plain_sum(terms, times):
    """Infinite ones and nan as well: the same data."""
    summation = BlockSum()
    summation.add(np.array(terms * times))
    assert summation.total.to_data() == PartialSum(terms * times).to_data()


@pytest.mark.parametrize("count", [BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 5, 300_000])
@pytest.mark.parametrize(
    "term", [1.0, -1.0, 0.1, math.nextafter(1, 0), -math.nextafter(2, 0), GREATEST / 2**20, LEAST]
)
def test_equal_terms_fill_the_bins_and_nothing_overflows(count, term):
    """The largest sum that a bin can have: all terms just below a power of two, of one sign."""
    assert array_sum(np.full(count, term)) == _times(term, count)


def _times(term, count):
    numerator, denominator = term.as_integer_ratio()
    return numerator * count / denominator


def test_large_blocks_that_cancel():
    """A million normal numbers and the opposite of each, in another order, and one least float: that is the sum."""
    source = np.random.default_rng(5)
    terms = source.normal(size=200_000)
    both = np.concatenate([terms, -source.permutation(terms), [LEAST]])
    assert array_sum(both) == LEAST
    assert array_sum(source.permutation(both) * 2.0**900) == LEAST * 2.0**900
    assert array_sum(terms) == math.fsum(terms)
    assert array_sum(terms**2 - 1) == math.fsum(terms**2 - 1)
    assert array_sum(np.exp(30 * terms)) == math.fsum(np.exp(30 * terms))


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ([1e308, 1e308, -1e308], 1e308),
        ([math.inf], math.inf),
        ([math.inf, -math.inf], math.nan),
        ([math.nan], math.nan),
    ],
)
def test_the_rules_for_ends_hold_in_arrays(terms, expected):
    """As in plain sums; too large is OverflowError."""
    found = array_sum(np.array(terms * 1000 + [-1e308] * (999 if len(terms) == 3 else 0)))
    assert bits(found) == bits(expected) or (math.isnan(expected) and math.isnan(found))
    with pytest.raises(OverflowError, match="too large for a float"):
        array_sum(np.full(1000, 1e308))


def test_shapes_and_kinds_of_arrays():
    """Any shape and stride, float32 as well; whole numbers and texts are no floats; the array is left as it was."""
    table = np.random.default_rng(9).normal(size=(300, 400))
    before = table.copy()
    assert array_sum(table) == array_sum(table.T) == array_sum(table[::-1]) == math.fsum(table.ravel())
    assert array_sum(table[::7, ::3]) == math.fsum(table[::7, ::3].ravel())
    assert array_sum(table.astype(np.float32)) == math.fsum(table.astype(np.float32).ravel().tolist())
    assert array_sum(np.array(2.5)) == 2.5
    assert array_sum(np.array([])) == 0.0
    assert (table == before).all()
    for other in (np.arange(3), np.array(["1"]), np.array([1j]), np.array([None]), np.array([True])):
        with pytest.raises(TypeError, match="no array of floats"):
            array_sum(other)


def test_threads_have_sums_of_their_own():
    """Two threads, each with its BlockSum: merged, they are the sum of all."""
    from concurrent.futures import ThreadPoolExecutor

    terms = np.random.default_rng(11).normal(size=400_000)

    def part(start):
        summation = BlockSum()
        summation.add(terms[start::2])
        return summation.total

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(part, (0, 1))
    first.merge(second)
    assert first.rounded() == math.fsum(terms)
