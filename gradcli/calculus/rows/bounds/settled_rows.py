"""Conditions and steps of columns alone → columns of their own, made once of the decimals that cells are.

`where(x - 0.1 >= 0.2, …)` holds in a row with 0.3, and not for floats, in which descents go over the rows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from gradcli.calculus.balls.ball_numbers import exact
from gradcli.calculus.evaluation.settled_conditions import (
    plain_part,
    resting_steps,
    step_in_floats,
    with_settled,
)
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.array_blocks import array_blocks
from gradcli.calculus.rows.bound_rows import BoundRows
from gradcli.calculus.rows.float_blocks import float_blocks
from gradcli.calculus.rows.numbers_in_blocks import NumbersInBlocks
from gradcli.calculus.rows.row_data import Binding, Held, RowData
from gradcli.calculus.rows.row_in_balls import slots_in_balls
from gradcli.calculus.rows.row_program import RowsProgram
from gradcli.language.rows.loadable_libraries import has_arrays

#: Operations of all rows from which arrays are used.
MANY = 50_000

#: Rows of different cells that are looked at in balls; of more, floats decide.
MOST = 10_000


def settled_program(program: BoundRows) -> BoundRows:
    """The program over rows whose conditions of columns alone are decided by decimals; made once."""
    return program.kept("settled", _settled_program)


def _settled_program(program: BoundRows) -> BoundRows:
    rows, data = with_settled_rows(program.rows, program.data)
    if rows is program.rows:
        return program
    made = BoundRows.of(rows, data, program.evaluation.arrays, program.evaluation.native)
    made.evaluation.hasty = program.evaluation.hasty
    return made.kept("settled", lambda one: one)


def with_settled_rows(rows: RowsProgram, data: RowData) -> tuple[RowsProgram, RowData]:
    """*rows* over *data* and the columns that settle what floats decide otherwise than the decimals do.

    Rows that are not held here, in whole or in part, are left to floats.
    """
    if data.passes is not None or any(isinstance(x, NumbersInBlocks) for x in data.columns.values()):
        return rows, data
    resting = frozenset(data.columns) & rows.columns - set(rows.wrt)
    columns: dict[str, Any] = {}
    levels = []
    for level in rows.levels:
        program = with_settled(level.program, {})
        steps = [] if level.over else _computed(program, resting)
        found = {
            index: numbers for index in steps if (numbers := _settled(rows, data, program, index)) is not None
        }
        names = [f"#settled{len(columns) + place}" for place in range(len(found))]
        columns |= dict(zip(names, found.values(), strict=True))
        levels.append(level._replace(program=_with_columns(program, tuple(found), names)))
    last = with_settled(rows.last, {})
    if last is rows.last and all(
        one.program is level.program for one, level in zip(levels, rows.levels, strict=True)
    ):
        return rows, data
    rows = rows._replace(levels=tuple(levels), last=last)
    if not columns:
        return rows, data
    given = None if data.decimals else data.given
    whole = RowData({**data.columns, **columns}, given, data.where, decimals=data.decimals)  # type: ignore[arg-type]
    return rows._replace(columns=rows.columns | set(columns), variables=(*rows.variables, *columns)), whole


def _computed(program: Program, resting: frozenset[str]) -> list[int]:
    """The steps of columns that are computed: cells and constants are compared in floats as decimals are."""
    places = {program.variables.index(name) for name in resting if name in program.variables}
    return [
        index for index in resting_steps(program, resting)
        if program.code[index][0] == "mod" or any(slot >= program.first for slot in program.code[index][1:])
    ] if places else []  # fmt: skip


def _settled(rows: RowsProgram, data: RowData, program: Program, index: int) -> list[float] | None:
    """What a step is in each row; None where floats have it so in all rows, or where it is not known in one."""
    part, places = plain_part(program, (index,))
    part, op = part._replace(value=places[index], guarded=frozenset()), program.code[index][0]
    bindings = data.bound(rows, part.variables, None, {})
    odd, known, numbers = False, dict[Any, tuple[float, bool]](), list[float]()
    blocks = array_blocks if data.rows * len(part.code) >= MANY and has_arrays() else float_blocks
    for block in blocks(part, bindings, data.rows, bounds=True):
        found = list(map(float, block.outputs[0]))
        for place in block.failed:
            cells = [
                one.value if isinstance(one, Held) else float(one.numbers[block.start + place])
                for one in bindings
            ]
            if tuple(cells) not in known:
                number = _exactly(part, bindings, block.start + place)
                if len(known) == MOST or (number is None and index not in program.guarded):
                    return None
                near = step_in_floats(
                    part._replace(guarded=frozenset(range(len(part.code)))), part.value, op, cells
                )
                known[tuple(cells)] = (math.nan, False) if number is None else (number, number != near)
            found[place], differs = known[tuple(cells)]
            odd = odd or differs
        numbers += found
    return numbers if odd else None


def _exactly(part: Program, bindings: Sequence[Binding], row: int) -> float | None:
    """The float of what a part is in a row; None where it is nothing, or not known."""
    found = slots_in_balls(part, bindings, row)[part.value]
    return float(int(found.p) / int(found.q)) if exact(found) else None


def _with_columns(program: Program, steps: Sequence[int], names: Sequence[str]) -> Program:
    """The program in which steps are what columns of these names hold."""
    if not names:
        return program
    count, more = len(program.variables), len(names)

    def moved(slot: int) -> int:
        return slot if slot < count else slot + more if slot < program.first else slot + more + 1

    zero = program.first + more
    code = [
        ("add", count + steps.index(index), zero) if index in steps else (op, *map(moved, args))
        for index, (op, *args) in enumerate(program.code)
    ]
    return program._replace(
        variables=(*program.variables, *names), constants=(*program.constants, "0"), code=tuple(code),
        value=moved(program.value), folded=0,
        gradient=(*(None if slot is None else moved(slot) for slot in program.gradient), *[None] * more),
    )  # fmt: skip
