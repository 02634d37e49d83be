"""Columns of Arrow → floats: whole numbers exactly or refused, booleans as 1 and 0, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcli.data.columns.cell_numbers import EXACT, exact_float
from gradcli.data.columns.column_block import Values
from gradcli.data.columns.row_checks import Refused
from gradcli.language.errors import ValueProblem


def check_types(columns: Sequence[tuple[str, Any]], file: str) -> None:
    """Raises ValueProblem for a column whose type is none of numbers; extension types and decimals are none."""
    from pyarrow import types

    for name, kind in columns:
        if not any(
            test(kind) for test in (types.is_integer, types.is_floating, types.is_boolean, types.is_null)
        ):
            raise ValueProblem(
                f"{file}: column {name} holds {kind} and not floats, whole numbers or booleans",
                hint="convert it where the file is written",
            )


def column_numbers(column: Any) -> tuple[Values, Refused | None]:
    """The floats in a column up to the first that cannot be used, nan where one is missing; and what was refused."""
    import numpy as np
    from pyarrow import types

    kind = column.type
    if types.is_null(kind):
        return np.full(len(column), np.nan), None
    gaps = column.is_null().to_numpy(zero_copy_only=False) if column.null_count else None
    raw = (column.fill_null(_zero(kind)) if column.null_count else column).to_numpy(zero_copy_only=False)
    numbers = raw.astype(np.float64, copy=gaps is not None)
    place, message = _refused(raw, numbers, types.is_integer(kind))
    if gaps is not None:
        numbers[gaps] = np.nan
    return (numbers, None) if place is None else (numbers[:place], Refused(place, message))


def _zero(kind: Any) -> Any:
    import pyarrow

    return pyarrow.scalar(0, pyarrow.int8()).cast(kind)


def _refused(raw: Any, numbers: Any, is_whole: bool) -> tuple[int | None, str]:
    """The place of the first number that is infinite, or that its float is not equal to, and why it is refused."""
    import numpy as np

    if not is_whole:
        infinite = np.isinf(numbers)
        return (int(infinite.argmax()), "it is not finite") if infinite.any() else (None, "")
    for place in np.flatnonzero(np.abs(numbers) >= EXACT).tolist():
        try:
            exact_float(int(raw[place]))
        except ValueError as error:
            return place, str(error)
    return None, ""
