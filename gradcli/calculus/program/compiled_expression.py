"""What is known of a compiled expression, and how it is kept: apart from what compiles, for quick starts."""

from __future__ import annotations

from typing import Any

from gradcli.calculus.program.program import Program, from_data, to_data
from gradcli.language.records import NamedTuple

#: How programs and formulas are written: counted up where they change, so that those that were kept are made again.
FORMULAS_WRITTEN = 17


class Compiled(NamedTuple):
    """What is known of an expression: its text, its program, and the formula of each partial (None: too long).

    has_formulas: False where nobody has asked for them yet; then every one is None. unfinished: why there are none,
    where a clock stopped them; such an expression is not kept.
    """

    text: str
    program: Program
    formulas: dict[str, str | None]
    has_formulas: bool = True
    unfinished: str | None = None


def compiled_to_data(compiled: Compiled) -> list[Any]:
    """The compiled expression as JSON-ready lists: of formulas that are not made only the names."""
    formulas = compiled.formulas if compiled.has_formulas else list(compiled.formulas)
    return [compiled.text, to_data(compiled.program), formulas]


def compiled_from_data(data: Any) -> Compiled:
    """What `compiled_to_data` gave. Raises ValueError for anything else."""
    if not (
        isinstance(data, list)
        and len(data) == 3
        and isinstance(data[0], str)
        and isinstance(data[2], dict | list)
    ):
        raise ValueError("not a compiled expression")
    text, program, formulas = data
    if isinstance(formulas, list):
        return Compiled(text, from_data(program), dict.fromkeys(map(str, formulas)), has_formulas=False)
    formulas = {str(name): None if formula is None else str(formula) for name, formula in formulas.items()}
    return Compiled(text, from_data(program), formulas)
