"""What machine code has to know of a program's variables: which numbers vary, and what their errors are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from gradcli.calculus.rows.row_data import Binding, Held


class InputKind(NamedTuple):
    """Whether a variable has a number for each row, and what is known of the errors of its numbers.

    error: "none" where there are none, "given" with the numbers, or as those of decimals that floats are read from.
    """

    varies: bool
    error: Literal["none", "given", "decimal"]


def input_kind(one: Binding) -> InputKind:
    """That of what a variable is bound to."""
    if isinstance(one, Held):
        return InputKind(False, "given" if one.error else "none")
    return InputKind(True, "none" if not one.typed else "decimal" if one.errors is None else "given")


def exact_inputs(kinds: Sequence[InputKind]) -> frozenset[int]:
    """The places of variables without errors."""
    return frozenset(i for i, kind in enumerate(kinds) if kind.error == "none")
