"""Columns → the numbers of one mini-batch after the other, a pool of rows held at a time."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from gradcli.data.batches.batch_order import POOL, BatchOrder, block_rows, pool_places, pools
from gradcli.data.batches.seeded_permutation import permutation
from gradcli.data.columns.column_block import Values


class Source(Protocol):
    """Columns that can be read from any row on: HeldColumns or StoredColumns."""

    rows: int

    def column(self, place: int, start: int, stop: int) -> Values:
        """The numbers of a column from a row up to another."""


class Shuffler(NamedTuple):
    """What shuffles: the permutation of a state and a count, and the numbers at some places of pieces one after the other."""

    permutation: Callable[[int, int], Any]
    picked: Callable[[Sequence[Any], Any], Any]


class Batch(NamedTuple):
    """step: counted from 0, over all epochs. epoch: counted from 0. values: of each column, the numbers of the batch's rows.

    `batch_rows(order, step)` says which rows these are.
    """

    step: int
    epoch: int
    values: tuple[Values, ...]


class Run(NamedTuple):
    """Batches one after the other within an epoch: those of *step* and of the steps behind it, as long as there are rows.

    rows: of all of them; only the last batch of an epoch has fewer than the others. values: of each column.
    """

    step: int
    epoch: int
    rows: int
    values: tuple[Values, ...]


def batches(source: Source, count: int, order: BatchOrder, step: int = 0) -> Iterator[Batch]:
    """The batches of *count* columns from a step on, epoch after epoch without an end.

    Raises ValueError where there is no row, or a batch has none.
    """
    for run in batch_runs(source, count, order, step):
        for place, low in enumerate(range(0, run.rows, order.size)):
            values = tuple(one[low : min(low + order.size, run.rows)] for one in run.values)
            yield Batch(run.step + place, run.epoch, values)


def batch_runs(
    source: Source, count: int, order: BatchOrder, step: int = 0, shuffler: Shuffler | None = None
) -> Iterator[Run]:
    """The same batches, so many at a time as a pool has. *shuffler*: what shuffles, with the same result.

    Raises ValueError where there is no row, or a batch has none.
    """
    if order.rows < 1 or order.size < 1:
        raise ValueError("a batch has at least one row")
    while True:
        epoch, place = order.epoch_of(step)
        for rows, values in _epoch(source, count, order, (epoch, place), shuffler or PLAIN):
            yield Run(step, epoch, rows, values)
            step += -(-rows // order.size)


def _epoch(
    source: Source, count: int, order: BatchOrder, begin: tuple[int, int], shuffler: Shuffler
) -> Iterator[tuple[int, tuple[Values, ...]]]:
    """Whole batches of an epoch from a place on: how many rows they have, and their numbers. begin: the epoch, the place."""
    epoch, start = begin[0], begin[1] * order.size
    if not order.is_shuffled:
        together = max(POOL // order.size, 1) * order.size
        for low in range(start, order.rows, together):
            high = min(low + together, order.rows)
            yield high - low, tuple(source.column(column, low, high) for column in range(count))
        return
    left: tuple[Any, ...] = ()
    pending = 0
    for index, pool in enumerate(pools(order, epoch)):
        end = pool.start + pool.size
        if end <= start:
            continue
        skipped = max(start - pool.start, 0)
        values = _pool_values(source, count, order, (epoch, index, skipped), shuffler)
        left = tuple(map(_joined, left, values)) if pending else values
        size = pool.size - skipped + pending
        pending = 0 if end == order.rows else size % order.size
        if size > pending:
            yield size - pending, tuple(one[: size - pending] if pending else one for one in left)
        left = tuple(one[size - pending :] for one in left)


def _pool_values(
    source: Source, count: int, order: BatchOrder, begin: tuple[int, int, int], shuffler: Shuffler
) -> tuple[Any, ...]:
    """The numbers of a pool's rows in their order. begin: the epoch, the pool's number, and how many rows are left out."""
    epoch, index, skipped = begin
    places = pool_places(order, epoch, index, shuffler.permutation)[skipped:]
    parts = [block_rows(order.rows, block) for block in pools(order, epoch)[index].blocks]
    found = []
    for column in range(count):
        pieces = [source.column(column, rows.start, rows.stop) for rows in parts]
        found.append(shuffler.picked(pieces, places))
    return tuple(found)


def picked(pieces: Sequence[Any], places: Any) -> Any:
    """The numbers at some places of the pieces that follow one another."""
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


#: By the standard library, and NumPy where it is there and pays.
PLAIN = Shuffler(permutation, picked)
