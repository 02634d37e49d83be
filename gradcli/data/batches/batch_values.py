"""Columns → the numbers of one mini-batch after the other, a pool of rows held at a time."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from gradcli.data.batches.batch_order import BatchOrder, block_rows, pool_places, pools
from gradcli.data.columns.column_block import Values


class Source(Protocol):
    """Columns that can be read from any row on: HeldColumns or StoredColumns."""

    rows: int

    def column(self, place: int, start: int, stop: int) -> Values:
        """The numbers of a column from a row up to another."""


class Batch(NamedTuple):
    """step: counted from 0, over all epochs. epoch: counted from 0. values: of each column, the numbers of the batch's rows.

    `batch_rows(order, step)` says which rows these are.
    """

    step: int
    epoch: int
    values: tuple[Values, ...]


def batches(source: Source, count: int, order: BatchOrder, step: int = 0) -> Iterator[Batch]:
    """The batches of *count* columns from a step on, epoch after epoch without an end.

    Raises ValueError where there is no row, or a batch has none.
    """
    if order.rows < 1 or order.size < 1:
        raise ValueError("a batch has at least one row")
    while True:
        epoch, place = order.epoch_of(step)
        for values in _epoch(source, count, order, epoch, place):
            yield Batch(step, epoch, values)
            step += 1


def _epoch(
    source: Source, count: int, order: BatchOrder, epoch: int, place: int
) -> Iterator[tuple[Values, ...]]:
    """The batches of an epoch from a place on."""
    start = place * order.size
    if not order.is_shuffled:
        for low in range(start, order.rows, order.size):
            high = min(low + order.size, order.rows)
            yield tuple(source.column(column, low, high) for column in range(count))
        return
    left: tuple[Any, ...] = ()
    for index, pool in enumerate(pools(order, epoch)):
        end = pool.start + pool.size
        if end <= start:
            continue
        skipped = max(start - pool.start, 0)
        values = _pool_values(source, count, order, epoch, index, skipped)
        left = tuple(map(_joined, left, values)) if left else values
        whole = order.rows - end == 0
        size, at = pool.size - skipped + (_pending(pool.start, start, order.size)), 0
        while size - at >= order.size or (whole and at < size):
            yield tuple(one[at : at + order.size] for one in left)
            at += order.size
        left = tuple(one[at:] for one in left)


def _pending(pool_start: int, start: int, size: int) -> int:
    """Rows of the pools before that no batch has had yet."""
    return (pool_start - start) % size if pool_start > start else 0


def _pool_values(
    source: Source, count: int, order: BatchOrder, epoch: int, index: int, skipped: int
) -> tuple[Any, ...]:
    """The numbers of a pool's rows in their order, but for the first *skipped*."""
    places = pool_places(order, epoch, index)[skipped:]
    parts = [block_rows(order.rows, block) for block in pools(order, epoch)[index].blocks]
    found = []
    for column in range(count):
        pieces = [source.column(column, rows.start, rows.stop) for rows in parts]
        found.append(_picked(pieces, places))
    return tuple(found)


def _picked(pieces: Sequence[Any], places: Any) -> Any:
    if isinstance(places, list) and all(isinstance(piece, array) for piece in pieces):
        whole = array("d")
        for piece in pieces:
            whole.extend(piece)
        return array("d", map(whole.__getitem__, places))
    import numpy as np

    return np.concatenate(pieces)[np.asarray(places, dtype=np.int64)]


def _joined(first: Any, second: Any) -> Any:
    if isinstance(first, array) and isinstance(second, array):
        return first + second
    import numpy as np

    return np.concatenate([first, second])
