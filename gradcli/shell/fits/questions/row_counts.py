"""How many rows are few: for balls, for looking at each, for ranking starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradcli.fitting.models.row_model import RowModel

#: Rows times instructions up to which the end of a fit is worked on in balls.
IN_BALLS = 1_000_000

#: Rows up to which each of them is looked at without being asked.
LOOKED_AT = 5_000

#: Rows by which points are ranked, at most.
SKETCH = 400


def too_many_for_balls(model: RowModel, rows: int) -> bool:
    """Whether floats alone decide on the end of a fit: many rows, or nobody knows a second derivative."""
    return model.second is None or rows * len(model.second.program.code) > IN_BALLS


def stride(rows: int) -> int:
    """Every which row is one of few."""
    return -(-rows // SKETCH)
