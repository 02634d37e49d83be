"""What of a program only f itself needs: steps ask whether f is finite, and not what it is.

A sum is finite where its terms are not too large, whatever their order; a logarithm where its argument is positive and
finite. So the last sums of f, and functions whose size is known, are not carried out: what would make them fail is
looked for instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from gradcli.calculus.backends import float_backend
from gradcli.calculus.native.machine_lines import MachineLines, Unsuitable, real
from gradcli.calculus.program.instructions import SUM
from gradcli.calculus.program.program import Program

#: exp of less is not too large, also as one of many terms.
LARGE = 550.0

#: A term may have a factor of this size at most.
FACTOR = 2.0**30


class IdleValue(NamedTuple):
    """idle: instructions whose numbers nobody needs. terms: slots of what is added up to f instead; functions: an instruction
    of FINITE for each term that is one, with the slot of its argument.
    """

    idle: frozenset[int]
    terms: tuple[int, ...]
    functions: tuple[tuple[str, int], ...]

    def look(self, m: MachineLines, slots: Sequence[str]) -> None:
        """Refuse what would make f fail, or be infinite. Raises Unsuitable."""
        for slot in self.terms:
            if slots[slot].startswith("i1 "):
                raise Unsuitable("value")
            if self.idle:
                m.bound(slots[slot])
            else:
                m.watch(slots[slot])
        for name, slot in self.functions:
            FINITE[name](m, slots[slot])


def _positive(end: float) -> Callable[[MachineLines, str], None]:
    def look(m: MachineLines, x: str) -> None:
        """Above the end."""
        m.watch(x)
        m.refuse(m.compare("ole", x, real(end)))

    return look


def _exp(m: MachineLines, x: str) -> None:
    m.watch(x)
    m.refuse(m.compare("oge", x, real(LARGE)))


#: Functions that are finite, and small, wherever their argument is as they look for it.
FINITE: dict[str, Callable[[MachineLines, str], None]] = {
    **dict.fromkeys(("log", "log2", "log10"), _positive(0.0)), "log1p": _positive(-1.0), "exp": _exp,
    **dict.fromkeys(("sin", "cos", "tanh", "atan", "erf", "erfc", "sigmoid", "sech"), MachineLines.watch),
    **dict.fromkeys(("softplus", "abs", "relu"), MachineLines.bound),
}  # fmt: skip


def idle_value(program: Program) -> IdleValue:
    """What f alone needs, from its end on."""
    used = Counter(slot for _, *places in program.code for slot in set(places))
    used.update({slot for slot in program.gradient if slot is not None})
    idle, terms, functions, waiting = set[int](), list[int](), list[tuple[str, int]](), [program.value]
    while waiting:
        slot = waiting.pop()
        alone = _alone(program, slot, used)
        op, places = alone if alone else ("", [])
        scaled = _scaled(program, places, used) if op == "mul" else None
        if alone and op in ("add", "sub", "neg", SUM):
            idle.add(slot - program.first)
            waiting += places
        elif alone and op in FINITE:
            idle.add(slot - program.first)
            functions.append((op, places[0]))
        elif scaled is not None:
            idle |= {slot - program.first, scaled - program.first}
            name, argument = program.code[scaled - program.first]
            functions.append((name, argument))
        else:
            terms.append(slot)
    return IdleValue(frozenset(idle), tuple(terms), tuple(functions))


def _alone(program: Program, slot: int, used: Counter[int]) -> tuple[str, list[int]] | None:
    """The instruction of a slot that only f needs; None for any other, and for one that may fail without harm."""
    index = slot - program.first
    if index < program.folded or index in program.guarded or used[slot] != (slot != program.value):
        return None
    op, *places = program.code[index]
    return op, places


def _scaled(program: Program, places: Sequence[int], used: Counter[int]) -> int | None:
    """The slot of a function of FINITE that nothing but a product with a number needs."""
    variables = len(program.variables)
    for number, slot in (places, reversed(places)):
        if not variables <= number < program.first:
            continue
        size = abs(float_backend.constant(program.constants[number - variables]))
        found = _alone(program, slot, used)
        if size <= FACTOR and found and found[0] in FINITE and found[0] not in ("softplus", "abs", "relu"):
            return slot
    return None
