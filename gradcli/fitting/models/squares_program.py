"""The row program of a fit: the weighted residual and the slopes of the model, multiplied with each other.

Their sums over all rows are the sum of squares, its slope and JᵀWJ: what a step of Gauss and Newton needs, whatever the
number of rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.calculus.program.program import Program
from gradcli.fitting.models.program_parts import ProgramParts, Slot
from gradcli.fitting.models.row_model import RowModel, on_seams
from gradcli.language.records import NamedTuple

#: Two numbers of a product: parameters by their place, the residual last.
Pair = tuple[int, int]


class Measured(NamedTuple):
    """What is fitted, and how much each row counts: programs of columns.

    weight: the weight of a row, or its standard deviation where *deviation*; None where all rows count alike.
    """

    target: Program
    weight: Program | None
    deviation: bool


class SquaresProgram(NamedTuple):
    """The program, and which of its outputs are added up to what.

    products: by pair, the numbers of the outputs that make it together. bends: by pair of parameters the output that
    is the residual times the second derivative. Pairs that are 0 whatever the row are not there.
    """

    program: Program
    products: dict[Pair, tuple[int, ...]]
    bends: dict[Pair, int]


def root_of(parts: ProgramParts, measured: Measured) -> Slot | None:
    """The square root of a row's weight; None where it is 1."""
    if measured.weight is None:
        return None
    weight = parts.taken(measured.weight)[measured.weight.value]
    if measured.deviation:
        return parts.made("div", parts.constant("1"), weight)
    return parts.made("sqrt", weight)


def squares_program(
    model: RowModel, measured: Measured, names: Sequence[str], *, fine: bool, bent: bool
) -> SquaresProgram:
    """The program along the parameters *names*.

    fine: whether what rounding takes from each product is added too. bent: whether the second derivatives are wanted.
    """
    parts, table = ProgramParts(), model.second if bent else None
    program = on_seams(model.program if table is None else table.program)
    slots = parts.taken(program)
    gradient = dict(zip(program.variables, program.gradient, strict=True))
    root = root_of(parts, measured)

    def weighted(slot: Slot) -> Slot:
        return slot if root is None else parts.made("mul", root, slot)

    residual = parts.made("sub", parts.taken(measured.target)[measured.target.value], slots[program.value])
    last = weighted(residual)
    factors: list[Slot | None] = [
        None if (place := gradient[name]) is None else weighted(slots[place]) for name in names
    ]
    factors.append(last)
    outputs, products, bends = list[Slot](), dict[Pair, tuple[int, ...]](), dict[Pair, int]()
    for i, one in enumerate(factors):
        for j, other in enumerate(factors[: i + 1]):
            if one is not None and other is not None:
                made = parts.product(one, other) if fine else (parts.made("mul", one, other),)
                products[j, i] = tuple(range(len(outputs), len(outputs) + len(made)))
                outputs += made
    for pair, slot in _bent(model, names).items() if table is not None else ():
        bends[pair] = len(outputs)
        outputs.append(parts.made("mul", last, weighted(slots[slot])))
    return SquaresProgram(parts.program(outputs), products, bends)


def _bent(model: RowModel, names: Sequence[str]) -> dict[Pair, int]:
    """The slots of the second derivatives that are not constantly 0."""
    assert model.second is not None  # noqa: S101  (who asks has them)
    place = {name: k for k, name in enumerate(model.parameters)}
    found = {}
    for i, one in enumerate(names):
        for j, other in enumerate(names[: i + 1]):
            slot = model.second.slots[place[one]][place[other]]
            if slot is not None and not model.is_zero(slot):
                found[j, i] = slot
    return found
