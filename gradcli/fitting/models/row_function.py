"""A program → one Python function over all rows: what does not vary by row is computed once, before the loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gradcli.calculus.backends.float_backend import assemble, environment, statements
from gradcli.calculus.program.program import Program

#: From the rows, each a tuple of its columns' numbers, and the parameters' values to a tuple of results for each row.
RowFunction = Callable[[Sequence[tuple[float, ...]], Sequence[float]], list[tuple[float, ...]]]


def row_function(
    program: Program, columns: Sequence[str], parameters: Sequence[str], outputs: Sequence[int]
) -> RowFunction:
    """The function from rows and parameters to the slots *outputs* in each row.

    Its text is made of slot numbers alone: no name and no literal of the user's is part of it. It raises what the
    operations raise, in the first row that fails.
    """
    place = {name: slot for slot, name in enumerate(program.variables)}
    moving = {place[name] for name in columns if name in place}
    before, inside = [], []
    for index, right in statements(program):
        slot = program.first + index
        if moving.intersection(program.code[index][1:]):
            moving.add(slot)
            inside.append(f"        v{slot} = {right}")
        else:
            before.append(f"    v{slot} = {right}")
    names = {name: slot for name, slot in place.items() if slot is not None}
    rows = _targets("c", columns, names)
    source = [
        "def program(rows, parameters):",
        f"    {_targets('p', parameters, names)} = parameters",
        *before,
        "    found = []",
        "    add = found.append",
        f"    for {rows} in rows:",
        *inside,
        f"        add(({''.join(f'v{slot}, ' for slot in outputs)}))",
        "    return found",
    ]
    function: RowFunction = assemble("\n".join(source), environment(program))
    return function


def _targets(letter: str, names: Sequence[str], slots: dict[str, int]) -> str:
    """The names of slots to which a tuple is taken apart; those that the program does not have get names of no use."""
    parts = [f"v{slots[name]}" if name in slots else f"{letter}{number}" for number, name in enumerate(names)]
    return f"({''.join(f'{part}, ' for part in parts)})" if parts else "_"


def columns_of_results(found: Sequence[tuple[float, ...]], width: int) -> list[list[float]]:
    """Results by row as columns."""
    columns: list[Any] = list(zip(*found, strict=True)) or [()] * width
    return [list(column) for column in columns]
