"""Mini-batches and sessions: which order of rows steps go on in, and the losses over its batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from gradcli.data.batches.batch_order import BatchOrder, batch_rows
from gradcli.data.batches.batch_values import Run, Shuffler, batch_runs
from gradcli.data.batches.stored_columns import HeldColumns
from gradcli.language.errors import UsageProblem
from gradcli.language.records import NamedTuple

if TYPE_CHECKING:
    from gradcli.calculus.rows.bound_rows import BoundRows
    from gradcli.descent.steps.batch_steps import Batches
    from gradcli.shell.files.file_rows import FileRows
    from gradcli.shell.options.data_options import BatchRequest


class SessionOrder(NamedTuple):
    """An order of batches, and the steps of the session before it."""

    order: BatchOrder
    begun: int

    @property
    def kept(self) -> list[Any]:
        """What a session's settings say of it."""
        return [self.order.size, self.order.seed, self.order.is_shuffled, self.begun]

    def record(self, step: int) -> dict[str, Any]:
        """What JSON says after *step* of the session: the epochs that are done, and the order."""
        return {
            "epoch": self.order.epoch_of(step - self.begun)[0],
            "batch": {"size": self.order.size, "seed": self.order.seed, "shuffle": self.order.is_shuffled},
        }

    def told(self, step: int) -> str:
        """The same in a line of text."""
        epoch, place = self.order.epoch_of(step - self.begun)
        order = f"seed {self.order.seed}" if self.order.is_shuffled else "in order"
        within = "" if self.order.is_one_pool else ", shuffled by blocks and within them"
        done = f"{epoch} epochs" if epoch != 1 else "1 epoch"
        rest = f" and {place} of {self.order.batches} batches" if place else ""
        return f"{self.order.size} of {self.order.rows:,} rows, {order}{within}; {done}{rest}"


def session_order(
    settings: Mapping[str, Any], steps: int, rows: int, asked: BatchRequest
) -> SessionOrder | None:
    """The order in which steps go on; None where each step has all rows. An order that is not the session's begins anew.

    settings: of the session's state, after *steps* steps. Raises UsageProblem for a batch of more rows than there are, and
    for a seed without batches.
    """
    known = settings.get("batch")
    size, seed, shuffle, begun = known or (0, 0, True, steps)
    wanted = (
        size if asked.size is None else asked.size,
        seed if asked.seed is None else asked.seed,
        shuffle if asked.shuffle is None else asked.shuffle,
    )
    if not wanted[0]:
        if asked.seed is not None or asked.shuffle is not None:
            option = "--seed" if asked.seed is not None else "--shuffle"
            raise UsageProblem(f"{option} is about the order of batches", hint="for example --batch 64")
        return None
    if wanted[0] > rows:
        raise UsageProblem(f"--batch {wanted[0]}: there are only {rows:,} rows", hint="--batch all")
    if known is None or wanted != (size, seed, shuffle) or asked.changed:
        begun = steps
    return SessionOrder(BatchOrder(rows, *wanted), begun)


def losses_of(files: FileRows, found: SessionOrder) -> Batches:
    """The losses over the batches of the rows of *files*. Raises UsageProblem where a text means certain rows."""
    from gradcli.descent.steps.batch_steps import Batches

    assert files.program is not None  # noqa: S101  (a loss that steps take has one)
    if files.program.elements:
        name = next(iter(files.program.elements.values())).column
        raise UsageProblem(f"{name}[…] means rows of the whole file, and a batch has others")
    files = _settled(files)
    source = HeldColumns(files.places.rows, tuple(files.columns.values()))

    def runs(step: int, shuffler: Shuffler | None) -> Iterator[Run]:
        return batch_runs(source, len(files.columns), found.order, step, shuffler)

    return Batches(
        found.begun,
        found.order.size,
        found.order.batches,
        tuple(files.columns),
        runs,
        partial(_loss, files, found.order),
    )


def _settled(files: FileRows) -> FileRows:
    """The files with the conditions of columns alone decided by the decimals in them, as steps over all rows have them."""
    from gradcli.calculus.rows.bounds.settled_rows import with_settled_rows
    from gradcli.calculus.rows.row_data import RowData

    assert files.program is not None  # noqa: S101
    program, data = with_settled_rows(files.program, RowData(files.columns, decimals=True))
    return files if program is files.program else files._replace(program=program, columns=data.columns)


def _loss(
    files: FileRows, order: BatchOrder, step: int, values: Sequence[Any], arrays: bool | None
) -> BoundRows:
    """The loss over the rows of a step's batch. arrays: whether NumPy adds them up; None where it does if that pays."""
    from gradcli.calculus.rows.bound_rows import BoundRows
    from gradcli.calculus.rows.row_data import RowData

    def where(row: int) -> str:
        return files.places(batch_rows(order, step)[row])

    assert files.program is not None  # noqa: S101
    columns = dict(zip(files.columns, values, strict=True))
    return BoundRows.of(files.program, RowData(columns, where=where, decimals=True), arrays)
