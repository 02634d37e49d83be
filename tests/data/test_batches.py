"""The order of mini-batches: written down once for all machines, every row once an epoch, each order as likely."""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from itertools import chain, islice, permutations

import pytest

from gradcli.data.batches import batch_order
from gradcli.data.batches.batch_order import BatchOrder, batch_rows, pool_places, pool_rows, pools
from gradcli.data.batches.batch_values import batches
from gradcli.data.batches.seeded_permutation import array_permutation, number, permutation, state_of
from gradcli.data.batches.stored_columns import HeldColumns, StoredColumns
from gradcli.data.columns.column_block import Block, Columns
from gradcli.language.errors import InputProblem


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
    pool_places.cache_clear()


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
        found = [list(batch_rows(order, step)) for step in steps]
        assert [len(batch) for batch in found[:-1]] == [size] * (order.batches - 1)
        assert sorted(chain(*found)) == list(range(rows))
        assert order.epoch_of(steps[0]) == (epoch, 0)
        epochs.append(list(chain(*found)))
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
        rows = pool_rows(order, 0, index, 0, pool.size)
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
    pool_places.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gradcli.data.batches.seeded_permutation._MANY", 1)
        assert [list(batch_rows(order, step)) for step in range(40)] == plain


def test_seeds_are_whole_numbers_of_any_size():
    """Negative and huge ones have orders of their own."""
    orders = {
        tuple(batch_rows(BatchOrder(20, 20, seed), 0)) for seed in (0, -1, 1, 2**64, 2**64 + 1, -(2**70))
    }
    assert len(orders) == 6


def written_columns(rows):
    """Columns whose numbers say which row they are of."""
    values = (array("d", range(rows)), array("d", (-row / 8 for row in range(rows))))
    return Columns(("x", "y"), values, rows, (("a.csv", rows),), 0)


def as_blocks(columns, size):
    """The columns in blocks, as a reader gives them."""
    for start in range(0, columns.rows, size):
        part = tuple(one[start : start + size] for one in columns.values)
        yield Block("a.csv", range(start + 1, start + 1 + len(part[0])), part)


@pytest.mark.parametrize("is_shuffled", [True, False])
@pytest.mark.parametrize(
    ("rows", "size"), [(1, 1), (7, 3), (33, 5), (100, 7), (100, 32), (100, 45), (100, 200), (260, 64)]
)
def test_batches_have_the_numbers_of_their_rows(small_pools, rows, size, is_shuffled):
    """In memory and on disk, from any step on, over the ends of pools and epochs: those that batch_rows names."""
    order, columns = BatchOrder(rows, size, seed=6, is_shuffled=is_shuffled), written_columns(rows)
    with StoredColumns(as_blocks(columns, 9), 2) as stored:
        assert stored.rows == rows
        for source in (HeldColumns(columns.rows, columns.values), stored):
            for first in {0, 1, order.batches - 1, order.batches, order.batches * 5 // 3}:
                for batch in islice(batches(source, 2, order, first), order.batches + 3):
                    expected = [float(row) for row in batch_rows(order, batch.step)]
                    assert list(batch.values[0]) == expected, (source, first, batch.step)
                    assert list(batch.values[1]) == [-row / 8 for row in expected]
                    assert batch.epoch == batch.step // order.batches


def test_batches_by_numpy_are_the_same(small_pools):
    """Arrays of NumPy in columns and in orders, together and apart."""
    np = pytest.importorskip("numpy", reason="arrays need the extra gradcli[plot]")
    order, columns = BatchOrder(100, 7, seed=6), written_columns(100)
    plain = [
        batch.values[1].tolist()
        for batch in islice(batches(HeldColumns(columns.rows, columns.values), 2, order), 40)
    ]
    arrays = columns._replace(values=tuple(np.array(one) for one in columns.values))
    for many in (10**9, 1):
        pools.cache_clear()
        pool_places.cache_clear()
        with pytest.MonkeyPatch.context() as patch, StoredColumns(as_blocks(arrays, 9), 2) as stored:
            patch.setattr("gradcli.data.batches.seeded_permutation._MANY", many)
            for source in (
                HeldColumns(arrays.rows, arrays.values),
                HeldColumns(columns.rows, columns.values),
                stored,
            ):
                found = [list(batch.values[1]) for batch in islice(batches(source, 2, order), 40)]
                assert found == plain


def test_rows_that_there_are_not():
    """No rows, or batches of none, are no endless loop."""
    for rows, size in ((0, 5), (5, 0)):
        with pytest.raises(ValueError, match="at least one row"):
            next(batches(HeldColumns(rows, written_columns(rows).values), 2, BatchOrder(rows, size, 1)))


def test_a_disk_without_room_is_a_sentence(tmp_path):
    """And files are gone, also where what is stored ends with an error."""
    with pytest.raises(InputProblem, match="columns cannot be kept on disk"):
        StoredColumns([], 1, str(tmp_path / "none"))

    def broken():
        yield from as_blocks(written_columns(5), 2)
        raise InputProblem("a.csv is damaged")

    with pytest.raises(InputProblem, match="damaged"):
        StoredColumns(broken(), 2, str(tmp_path))
    with StoredColumns(as_blocks(written_columns(5), 2), 2, str(tmp_path)) as stored:
        assert stored.column(0, 1, 3).tolist() == [1.0, 2.0] and list(tmp_path.iterdir()) == []
