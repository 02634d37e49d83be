"""Which rows are in which mini-batch: a pure function of the seed, the epoch, the number of rows and the batch's size.

Up to POOL rows are shuffled as one. Larger data are cut into blocks of BLOCK rows; the blocks are shuffled, so many of
them that they have POOL rows form a pool, and the rows of a pool are shuffled: so no more than a pool has to be held.
Every epoch has an order of its own. The sizes are part of the definition: they do not depend on a machine's memory.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

from gradcli.data.batches.seeded_permutation import permutation, state_of

BLOCK, POOL = 2**16, 2**20


class BatchOrder(NamedTuple):
    """rows: of the data. size: rows of a batch, the last of an epoch may have fewer. seed: any; is_shuffled: else in order."""

    rows: int
    size: int
    seed: int
    is_shuffled: bool = True

    @property
    def batches(self) -> int:
        """Batches, and so steps, of an epoch."""
        return -(-self.rows // self.size)

    @property
    def is_one_pool(self) -> bool:
        """Whether all rows are shuffled as one, or within pools of blocks."""
        return self.rows <= POOL

    def epoch_of(self, step: int) -> tuple[int, int]:
        """The epoch of a step and the batch's place in it, all counted from 0."""
        return divmod(step, self.batches)


class Pool(NamedTuple):
    """Rows that are shuffled together. start: the place of its first row in the epoch. blocks: their numbers."""

    start: int
    size: int
    blocks: tuple[int, ...]


def batch_rows(order: BatchOrder, step: int) -> Sequence[int]:
    """The rows of a step's batch, counted from 0, in the order in which they come. Steps are counted from 0."""
    epoch, place = order.epoch_of(step)
    start, end = place * order.size, min((place + 1) * order.size, order.rows)
    if not order.is_shuffled:
        return range(start, end)
    rows: list[int] = []
    for index, pool in enumerate(pools(order, epoch)):
        low, high = max(start, pool.start), min(end, pool.start + pool.size)
        if low < high:
            rows += pool_rows(order, epoch, index, low - pool.start, high - pool.start)
    return rows


@lru_cache(maxsize=2)
def pools(order: BatchOrder, epoch: int) -> tuple[Pool, ...]:
    """The pools of an epoch in their order: what has to be held at a time, for who reads a file block by block."""
    count = -(-order.rows // BLOCK)
    blocks = permutation(state_of("blocks", order.seed, epoch), count) if count > 1 else [0]
    return tuple(_pools(order.rows, [int(block) for block in blocks]))


def _pools(rows: int, blocks: Sequence[int]) -> Iterator[Pool]:
    start, together = 0, POOL // BLOCK
    for first in range(0, len(blocks), together):
        own = tuple(blocks[first : first + together])
        size = sum(len(block_rows(rows, block)) for block in own)
        yield Pool(start, size, own)
        start += size


def block_rows(rows: int, block: int) -> range:
    """The rows of a block: the last one may have fewer than BLOCK."""
    return range(block * BLOCK, min((block + 1) * BLOCK, rows))


@lru_cache(maxsize=2)
def pool_places(
    order: BatchOrder, epoch: int, index: int, permuted: Callable[[int, int], Any] = permutation
) -> Sequence[int] | Any:
    """The places of a pool's rows, in its blocks one after the other, in their order: a list, or an array of int64."""
    return permuted(state_of("rows", order.seed, epoch, index), pools(order, epoch)[index].size)


def pool_rows(order: BatchOrder, epoch: int, index: int, low: int, high: int) -> list[int]:
    """The rows of a pool in their order, from a place in it up to another."""
    pool = pools(order, epoch)[index]
    rows = [block_rows(order.rows, block) for block in pool.blocks]
    places = pool_places(order, epoch, index)[low:high]
    # Only the last block of all may be short; in its pool the blocks after it begin sooner.
    starts = list(accumulate(map(len, rows), initial=0))
    found = ((bisect_right(starts, place) - 1, place) for place in map(int, places))
    return [rows[block][place - starts[block]] for block, place in found]
