"""The part of an expression that a note is about: the first, and innermost, that itself jumps, ends or has a corner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.corners.one_sided_slopes import Side, agree, one_sided_values
from gradcli.calculus.program.program import Program, made_of

#: Instructions whose slope fails at the seam of a piece: the condition is what is named.
_SEAMS = ("lt_side", "le_side", "eq_side", "ne_side")
_CONDITIONS = ("lt", "le", "eq", "ne", "and", "or", "not")


def kind_of(left: Side, right: Side) -> str | None:
    """`infinite`, `jump`, `edge` or `corner`, for what the two sides are; None where they agree or are not known."""
    if left.undecided or right.undecided or agree(left, right):
        return None
    if left.infinite or right.infinite:
        return "infinite"
    if left.jump or right.jump:
        return "jump"
    return "edge" if left.missing or right.missing else "corner"


def nonsmooth_part(
    program: Program, text: str, point: Mapping[str, Any], way: Mapping[str, Any], kind: str, failure: Failure
) -> int:
    """The instruction of the part: from the value down, while an operand is of that *kind* along *way* itself.

    way: the ray, rationals of at most 1 by variable. failure: of the partial; its seam is what is named where the part
    has it. The whole where nothing can be shown of any part.
    """
    part = program.value - program.first
    if part < 0:
        return failure.instruction
    is_such = _having(program, point, way, kind)
    shown = part if _is_named(program, text, part) else _whole(program)
    while (part := next(filter(is_such, _operands(program, part)), -1)) >= 0:
        if _is_named(program, text, part) and program.spans[part] != program.spans[shown]:
            shown = part
    return failure.instruction if _seam_within(program, failure.instruction, shown) else shown


def _is_named(program: Program, text: str, instruction: int) -> bool:
    """Whether an instruction has characters of its own, and more than a variable's."""
    span = program.spans[instruction]
    return span is not None and not text[slice(*span)].isidentifier()


def _whole(program: Program) -> int:
    """The instruction with the most characters."""
    sizes = [0 if span is None else span[1] - span[0] for span in program.spans]
    return sizes.index(max(sizes))


def is_seam(program: Program, instruction: int) -> bool:
    """Whether an instruction is a condition, or its slope."""
    return program.code[instruction][0] in (*_SEAMS, *_CONDITIONS)


def _seam_within(program: Program, instruction: int, part: int) -> bool:
    inner, outer = program.spans[instruction], program.spans[part]
    if program.code[instruction][0] not in _SEAMS or inner is None or outer is None:
        return False
    return inner != outer and outer[0] <= inner[0] and inner[1] <= outer[1]


def _operands(program: Program, instruction: int) -> list[int]:
    """The instructions that one is made of, in the order in which they are written."""
    own = {slot - program.first for slot in program.code[instruction][1:] if slot >= program.first}
    return sorted(own, key=lambda index: (program.spans[index] or (0, 0), index))


def _having(
    program: Program, point: Mapping[str, Any], way: Mapping[str, Any], kind: str
) -> Callable[[int], bool]:
    """Whether an instruction's result is of the kind, from the point along the way and back."""
    back = {name: -x for name, x in way.items()}
    ahead_of, behind_of = one_sided_values(program, point, way), one_sided_values(program, point, back)
    moving = {place for place, name in enumerate(program.variables) if name in way}

    def having(instruction: int) -> bool:
        slot = program.first + instruction
        if not moving & made_of(program, (slot,)):
            return False
        ahead, behind = ahead_of(slot), behind_of(slot)
        if behind.slope is not None:
            behind = behind._replace(slope=-behind.slope)
        return kind_of(behind, ahead) == kind

    return having
