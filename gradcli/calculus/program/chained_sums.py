"""Sums of many terms are one instruction; here they become sums of two, for what carries out few arguments at once."""

from __future__ import annotations

from gradcli.calculus.program.instructions import SUM
from gradcli.calculus.program.program import Instruction, Program


def chained(program: Program) -> Program:
    """*program* with sums of two terms alone, for what carries out instructions of few arguments."""
    if not any(instruction[0] == SUM for instruction in program.code):
        return program
    places = list(range(program.first))
    code: list[Instruction] = []
    spans, guarded, folded = [], set[int](), 0
    for index, (op, *args) in enumerate(program.code):
        moved = [places[a] for a in args]
        parts = [(op, *moved)] if op != SUM else []
        for term in moved[1:] if op == SUM else ():
            parts.append(("add", program.first + len(code) + len(parts) - 1 if parts else moved[0], term))
        if index in program.guarded:
            guarded |= set(range(len(code), len(code) + len(parts)))
        code += parts
        spans += [program.spans[index]] * len(parts)
        places.append(program.first + len(code) - 1)
        folded = len(code) if index < program.folded else folded
    gradient = tuple(None if slot is None else places[slot] for slot in program.gradient)
    return program._replace(
        code=tuple(code), folded=folded, value=places[program.value], gradient=gradient, spans=tuple(spans),
        guarded=frozenset(guarded),
    )  # fmt: skip
