"""What is known of a compiled expression, and how it is kept: apart from what compiles, for quick starts."""

from __future__ import annotations

from typing import Any, NamedTuple

from gradcli.calculus.program.program import Program, from_data, to_data

#: How formulas are written: counted up where they change, so that those that were kept are made again.
FORMULAS_WRITTEN = 3


class Compiled(NamedTuple):
    """What is known of an expression: its text, its program, and the formula of each partial (None: too long).

    unfinished: why there are no formulas, where a clock stopped them; such an expression is not kept.
    """

    text: str
    program: Program
    formulas: dict[str, str | None]
    unfinished: str | None = None


def compiled_to_data(compiled: Compiled) -> list[Any]:
    """The compiled expression as JSON-ready lists."""
    return [compiled.text, to_data(compiled.program), compiled.formulas]


def compiled_from_data(data: Any) -> Compiled:
    """What `compiled_to_data` gave. Raises ValueError for anything else."""
    if not (
        isinstance(data, list) and len(data) == 3 and isinstance(data[0], str) and isinstance(data[2], dict)
    ):
        raise ValueError("not a compiled expression")
    formulas_ = {str(name): None if text is None else str(text) for name, text in data[2].items()}
    return Compiled(data[0], from_data(data[1]), formulas_)
