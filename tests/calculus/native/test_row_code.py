"""Rows by machine code: sums that are right or say that they do not know, and orders of rows."""

from __future__ import annotations

import ctypes
import math
import os
import random
from array import array

import pytest

from gradcli.calculus.summation.exact_sum import exact_sum
from gradcli.data.batches.seeded_permutation import permutation

pytest.importorskip("llvmlite", reason="native code needs the extra gradcli[native]")

from gradcli.calculus.native.machine_code import MachineCode
from gradcli.calculus.native.machine_lines import HEADER
from gradcli.calculus.native.rows.memory_places import address, zeros
from gradcli.calculus.native.rows.shuffling_code import NativeShuffler
from gradcli.calculus.native.rows.sum_code import LANES, MEMORY, MOST, rounded_sum, sum_functions

_ENTRY = """
define double @summed(ptr %added, ptr %terms, i64 %count, ptr %sum) {
  call void %added(ptr %terms, i64 %count, ptr %sum)
  %found = call double @rounded(ptr %sum)
  ret double %found
}
"""


@pytest.fixture(scope="module", params=["added_quick", "added_wide"])
def summed(request):
    """The sum of a list by machine code, block by block."""
    code = MachineCode("\n".join([HEADER, sum_functions(), rounded_sum(), _ENTRY]))
    place = ctypes.c_void_p
    run = code.function("summed", ctypes.c_double, place, place, ctypes.c_int64, place, locked=False)

    def sum_of(terms):
        memory, found = zeros("d", MEMORY), 0.0
        for begin in range(0, len(terms), MOST):
            block = terms[begin : begin + MOST]
            padded = array("d", [*block, *[0.0] * (-len(block) % LANES)])
            found = run(code.address(request.param), address(padded), len(padded), address(memory))
        return found

    sum_of.wide = request.param == "added_wide"
    return sum_of


def terms_of(source):
    """Terms of one size or of all, and now and then their opposites, so that they cancel."""
    count, spread = source.randint(1, 200), source.choice((0, 1, 20, 60, 300))
    terms = [source.gauss(0, 1) * 2.0 ** source.uniform(-spread, spread) for _ in range(count)]
    if source.random() < 0.3:
        terms += [-one for one in terms]
        terms += [source.gauss(0, 1) * 2.0 ** -source.uniform(0, 900) for _ in range(source.randint(0, 3))]
        source.shuffle(terms)
    return terms


def test_sums_are_correctly_rounded_or_unknown(summed):
    """Against sums of whole numbers; where terms are of one size they are known."""
    source, known = random.Random(int(os.environ.get("GRADCLI_SEED", "5"))), 0
    tries = int(os.environ.get("GRADCLI_SUMS", "120")) * 10
    for _ in range(tries):
        terms = terms_of(source)
        found, expected = summed(terms), exact_sum(terms)
        assert math.isnan(found) or (
            found == expected and math.copysign(1, found) == math.copysign(1, expected)
        )
        known += not math.isnan(found)
    assert known > tries // 2
    unknown = 0
    for _ in range(100):
        terms = [source.uniform(-1, 1) / 3 for _ in range(source.randint(1, 2000))]
        found = summed(terms)
        assert math.isnan(found) or found == math.fsum(terms)
        unknown += math.isnan(found)
    assert unknown < 5  # those whose sums are next to the middle between two floats


EDGES = [
    [0.0], [-0.0, -0.0], [5e-324, -5e-324], [5e-324] * 3, [1.0, 2.0**-53], [1.0, 2.0**-53, 2.0**-106], [1.0, -(2.0**-54)],
    [1.0, 2.0**-53, -(2.0**-200)], [1e308, 1e308, -1e308], [1e308, 1e308], [math.inf, 1.0], [math.nan], [2.0**-1022, -5e-324],
    [1.0 + 2.0**-52, 2.0**-53], [1e16, 1.0, -1e16], [3.0, 2.0**-60, 2.0**-120, 2.0**-180],
]  # fmt: skip


@pytest.mark.parametrize("terms", EDGES, ids=str)
def test_sums_at_the_edges_of_floats(terms, summed):
    """Ties, subnormals, zeros; what is too large on the way is not known."""
    found = summed(terms)
    if not math.isnan(found):
        assert found == exact_sum(terms) and math.copysign(1, found) == math.copysign(1, exact_sum(terms))
    elif summed.wide:
        assert max(map(abs, terms)) > 1e300 or math.isnan(sum(terms)) or len(terms) > 2


def test_the_order_of_a_seed_is_that_of_python():
    """Any number of things, and any state."""
    shuffler, source = NativeShuffler(), random.Random(2)
    for count in [*range(18), 63, 64, 65, 1000, 4097]:
        for state in (0, 1, 2**63, 2**64 - 1, source.getrandbits(64)):
            assert [*shuffler.permutation(state, count)] == [*map(int, permutation(state, count))]


def test_numbers_are_picked_from_pieces():
    """Arrays of the standard library, one or several."""
    shuffler = NativeShuffler()
    pieces = [array("d", [0.5, 1.5]), array("d", [2.5]), array("d")]
    assert [*shuffler.picked(pieces, array("q", [2, 0, 1, 0]))] == [2.5, 0.5, 1.5, 0.5]
    assert [*shuffler.picked(pieces[:1], array("q", [1]))] == [1.5]
    assert [*shuffler.picked(pieces, array("q"))] == []
    np = pytest.importorskip("numpy")
    fixed = np.array([0.5, 1.5, 2.5])[::-1]
    fixed.setflags(write=False)
    assert [*shuffler.picked([fixed], array("q", [2, 0]))] == [0.5, 2.5]
