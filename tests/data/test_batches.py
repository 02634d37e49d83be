"""The order of mini-batches: written down once for all machines, every row once an epoch, each order as likely."""

from __future__ import annotations

import hashlib
from collections import Counter
from itertools import chain, permutations

import pytest

from gradcli.data.batches import batch_order
from gradcli.data.batches.batch_order import BatchOrder, batch_rows, pool_rows, pools
from gradcli.data.batches.seeded_permutation import array_permutation, number, permutation, state_of


def splitmix64(seed, count):
    """SplitMix64 as its authors' reference writes it: a state that is stepped."""
    state, numbers = seed, []
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) % 2**64
        numbers.append(z ^ (z >> 31))
    return numbers


@pytest.fixture(autouse=True)
def fresh():
    """Nothing is remembered from a test with other sizes."""
    pools.cache_clear()
    pool_rows.cache_clear()


@pytest.fixture
def small_pools(monkeypatch):
    """Blocks of 8 rows, and pools of 4 blocks."""
    monkeypatch.setattr(batch_order, "BLOCK", 8)
    monkeypatch.setattr(batch_order, "POOL", 32)


def test_the_numbers_are_those_of_splitmix64():
    """The first five for the seed 1234567, as published with the reference."""
    published = [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    assert splitmix64(1234567, 5) == published
    assert [number(1234567, index) for index in range(5)] == published


def test_the_order_is_written_down():
    """These rows, now and for ever, on every machine: a session goes on where another Python began."""
    order = BatchOrder(rows=10, size=4, seed=1)
    state = int.from_bytes(hashlib.blake2b(b"rows 1 0 0", digest_size=8).digest(), "little")
    numbers = splitmix64(state, 10)
    expected = sorted(range(10), key=numbers.__getitem__)
    found = [row for step in range(3) for row in batch_rows(order, step)]
    assert found == expected == WRITTEN
    assert state_of("rows", 1, 0, 0) == state


WRITTEN = [6, 3, 5, 0, 8, 9, 1, 4, 2, 7]


@pytest.mark.parametrize("rows", [1, 2, 7, 8, 31, 32, 33, 40, 65, 100, 1000])
@pytest.mark.parametrize("size", [1, 3, 8, 50, 2000])
def test_every_epoch_has_every_row_once(small_pools, rows, size):
    """In one pool or many; the last batch has what is left."""
    order = BatchOrder(rows, size, seed=7)
    epochs = []
    for epoch in range(3):
        steps = range(epoch * order.batches, (epoch + 1) * order.batches)
        batches = [list(batch_rows(order, step)) for step in steps]
        assert [len(batch) for batch in batches[:-1]] == [size] * (order.batches - 1)
        assert sorted(chain(*batches)) == list(range(rows))
        assert order.epoch_of(steps[0]) == (epoch, 0)
        epochs.append(list(chain(*batches)))
    if rows > 8:
        assert epochs[0] != epochs[1] != epochs[2] and epochs[0] != sorted(epochs[0])


def test_a_batch_depends_on_nothing_but_its_step():
    """Asked for backwards, alone, or after another seed's: the same rows; other seeds have other orders."""
    order = BatchOrder(5000, 64, seed=3)
    forward = [tuple(batch_rows(order, step)) for step in range(100)]
    for step in reversed(range(100)):
        batch_rows(BatchOrder(5000, 64, seed=4), step)
        assert tuple(batch_rows(order, step)) == forward[step]
    assert tuple(batch_rows(BatchOrder(5000, 64, seed=4), 0)) != forward[0]
    whole = [row for step in range(79) for row in forward[step]]
    again = [row for step in range(50) for row in batch_rows(BatchOrder(5000, 100, seed=3), step)]
    assert whole == again  # the size of a batch cuts the order, and does not change it


def test_what_is_held_is_a_pool(small_pools):
    """Rows of a pool come from its own blocks alone, and blocks come in an order of their own."""
    order = BatchOrder(1003, 10, seed=5)
    assert not order.is_one_pool and BatchOrder(32, 10, seed=5).is_one_pool
    found, start = pools(order, 0), 0
    for index, pool in enumerate(found):
        rows = pool_rows(order, 0, index)
        assert {row // 8 for row in rows} == set(pool.blocks) and len(rows) == pool.size
        assert pool.start == start and len(pool.blocks) <= 4
        start += pool.size
    blocks = [block for pool in found for block in pool.blocks]
    assert sorted(blocks) == list(range(126)) and blocks != sorted(blocks)
    assert blocks != [block for pool in pools(order, 1) for block in pool.blocks]


def test_without_shuffling_rows_come_in_their_order():
    """Epoch by epoch."""
    order = BatchOrder(10, 4, seed=1, is_shuffled=False)
    assert [list(batch_rows(order, step)) for step in range(4)] == [
        [0, 1, 2, 3],
        [4, 5, 6, 7],
        [8, 9],
        [0, 1, 2, 3],
    ]


def test_all_orders_of_four_rows_are_as_likely():
    """4,800 seeds, 24 orders: chi-square below its 0.1 % bound for 23 degrees of freedom."""
    counts = Counter(tuple(permutation(state_of("rows", seed, 0, 0), 4)) for seed in range(4800))
    assert set(counts) == set(permutations(range(4)))
    assert sum((count - 200) ** 2 / 200 for count in counts.values()) < 49.7


def test_a_row_is_anywhere_as_likely():
    """Where row 0 of 50 comes, and who comes after it, in 5,000 epochs: chi-square for 49 and 48 degrees of freedom."""
    first, after = Counter(), Counter()
    for epoch in range(5000):
        order = permutation(state_of("rows", 9, epoch, 0), 50)
        place = order.index(0)
        first[place] += 1
        after[order[(place + 1) % 50]] += 1
    assert sum((first[place] - 100) ** 2 / 100 for place in range(50)) < 85.4
    assert sum((after[row] - 5000 / 49) ** 2 / (5000 / 49) for row in range(1, 50)) < 84.1


def test_numpy_gives_the_same_order(small_pools):
    """Its sorting and its wrapping products are those of whole numbers."""
    pytest.importorskip("numpy", reason="the fast order needs the extra gradcli[plot]")
    for state in (0, 1, 2**64 - 1, state_of("rows", 1, 2, 3)):
        for count in (0, 1, 2, 1000):
            assert array_permutation(state, count).tolist() == sorted(
                range(count), key=splitmix64(state, count).__getitem__
            )
    order = BatchOrder(100, 7, seed=2)
    plain = [list(batch_rows(order, step)) for step in range(40)]
    pools.cache_clear()
    pool_rows.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gradcli.data.batches.seeded_permutation._MANY", 1)
        assert [list(batch_rows(order, step)) for step in range(40)] == plain


def test_seeds_are_whole_numbers_of_any_size():
    """Negative and huge ones have orders of their own."""
    orders = {
        tuple(batch_rows(BatchOrder(20, 20, seed), 0)) for seed in (0, -1, 1, 2**64, 2**64 + 1, -(2**70))
    }
    assert len(orders) == 6
