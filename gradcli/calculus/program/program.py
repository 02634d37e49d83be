"""Programs: straight-line instructions that compute a value and its gradient together, as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gradcli.calculus.program.instructions import ARITY, NAMES, SUM
from gradcli.language.records import NamedTuple

Instruction = tuple[Any, ...]


class Program(NamedTuple):
    """Slots 0.. hold the variables, then the constants, then one result per instruction.

    code: (operation, slot, …) each; the first `folded` depend on constants alone, so their results can be kept.
    value: the slot of f. gradient: for each variable the slot of its partial, or None where f does not depend on
    it or it was not asked for; unknown: variables whose partial nobody knows. spans: for each instruction the
    characters it came from, or None. guarded: instructions that may fail without harm, because they belong to
    pieces that need not be taken.
    """

    variables: tuple[str, ...]
    constants: tuple[str, ...]
    code: tuple[Instruction, ...]
    folded: int
    value: int
    gradient: tuple[int | None, ...]
    unknown: tuple[str, ...]
    spans: tuple[tuple[int, int] | None, ...]
    guarded: frozenset[int]

    @property
    def first(self) -> int:
        """The slot of the first instruction's result."""
        return len(self.variables) + len(self.constants)


def to_data(program: Program) -> list[Any]:
    """The program as JSON-ready lists."""
    return [*program[:-1], sorted(program.guarded)]


def from_data(data: Any) -> Program:
    """The program that `to_data` gave. Raises ValueError where *data* is no program: nothing in it is trusted."""
    try:
        variables, constants, code, folded, value, gradient, unknown, spans, guarded = data
        program = Program(
            tuple(map(str, variables)), tuple(map(str, constants)), tuple(map(tuple, code)), int(folded), int(value),
            tuple(gradient), tuple(map(str, unknown)),
            tuple(None if span is None else (int(span[0]), int(span[1])) for span in spans),
            frozenset(map(int, guarded)),
        )  # fmt: skip
        _check(program)
    except (TypeError, ValueError, LookupError, OverflowError) as error:
        raise ValueError("not a program") from error
    return program


def _check(program: Program) -> None:
    slot = program.first
    for instruction in program.code:
        op, args = instruction[0], instruction[1:]
        count = len(args) if op == SUM and args else ARITY.get(op, 1)
        if op not in _KNOWN or len(args) != count or not all(_is_slot(arg, slot) for arg in args):
            raise ValueError("not a program")
        slot += 1
    slots = [program.value, *(g for g in program.gradient if g is not None)]
    lengths = len(program.gradient) == len(program.variables) and len(program.spans) == len(program.code)
    if not (lengths and all(_is_slot(s, slot) for s in slots) and 0 <= program.folded <= len(program.code)):
        raise ValueError("not a program")


def _is_slot(value: object, end: int) -> bool:
    return type(value) is int and 0 <= value < end


_KNOWN = frozenset(NAMES)


def made_of(program: Program, slots: Iterable[int]) -> set[int]:
    """The *slots*, and all slots that they are computed from."""
    reached, waiting, first, code = set[int](), list(slots), program.first, program.code
    while waiting:
        slot = waiting.pop()
        if slot not in reached:
            reached.add(slot)
            if slot >= first:
                waiting += code[slot - first][1:]
    return reached


def influences(program: Program, instruction: int) -> list[int]:
    """The slots of the variables that an instruction's result depends on, in order."""
    reached = made_of(program, (program.first + instruction,))
    return sorted(slot for slot in reached if slot < len(program.variables))


def identified(program: Program, shared: int, own: int) -> Program:
    """The program in which the variable at *shared* is that at *own*, whose slope is that of both."""
    code = [(op, *(own if slot == shared else slot for slot in slots)) for op, *slots in program.code]
    spans, gradient = list(program.spans), list(program.gradient)
    one, two = gradient[shared], gradient[own]
    if one is not None and two is not None:
        gradient[own] = program.first + len(code)
        code.append(("add", one, two))
        spans.append(None)
    elif one is not None:
        gradient[own] = one
    gradient[shared] = None
    value = own if program.value == shared else program.value
    return program._replace(code=tuple(code), spans=tuple(spans), gradient=tuple(gradient), value=value)
