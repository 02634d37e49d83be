"""Program → lines of LLVM's language, its instructions in their order."""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.calculus.backends import float_backend
from gradcli.calculus.native.machine_lines import (
    NAN,
    ZERO,
    MachineLines,
    Unsuitable,
    is_constant,
    number_of,
    real,
)
from gradcli.calculus.native.machine_operations import CONDITIONS, ROWS
from gradcli.calculus.native.python_calls import exact_sum, python_call
from gradcli.calculus.program.instructions import SUM
from gradcli.calculus.program.program import Program


def program_lines(
    m: MachineLines, program: Program, inputs: Sequence[str], idle: frozenset[int] = frozenset()
) -> list[str]:
    """The names of all slots. inputs: those of the variables; idle: instructions of which nobody needs the number.

    Raises Unsuitable for what has no machine code, and what constants raise.
    """
    slots = [*inputs, *(real(float_backend.constant(text)) for text in program.constants)]
    slots += [real(float(number)) for number in _folded(program)]
    for index in range(program.folded, len(program.code)):
        op, *places = program.code[index]
        slots.append(
            ZERO
            if index in idle
            else _instruction(m, op, [slots[i] for i in places], index in program.guarded)
        )
    return slots


def _folded(program: Program) -> list[float]:
    found = float_backend.run(program, [0.0] * len(program.variables), program.folded)
    return found[program.first :]


def _instruction(m: MachineLines, op: str, x: list[str], guarded: bool) -> str:
    if op in CONDITIONS:
        return _condition(m, op, x)
    if op in ("and", "or"):
        both = m.line(f"uitofp i1 {m.line(f'{op} i1 {_truth(m, x[0])}, {_truth(m, x[1])}')} to double")
        return m.select(m.either(_unknown(m, x)), NAN, both)
    if op == "select":
        return _chosen(m, *x)
    if any(one.startswith("i1 ") for one in x):
        raise Unsuitable(op)  # Python's conditions are whole numbers, whose arithmetic is another
    if all(map(is_constant, x)):
        return _known(op, x, guarded)
    if op == SUM and not guarded:
        return exact_sum(m, x)
    try:
        row = ROWS.get(op)
        if row is None:
            raise Unsuitable(op)
        if not guarded:
            return row(m, *x)
        with m.guard() as lost:
            return lost(row(m, *x))
    except Unsuitable:
        return _in_python(m, op, x, guarded)


def _known(op: str, x: Sequence[str], guarded: bool) -> str:
    plain = float_backend.float_operation(op)
    return real(float((float_backend.quiet(plain) if guarded else plain)(*map(number_of, x))))


def _in_python(m: MachineLines, op: str, x: list[str], guarded: bool) -> str:
    plain = float_backend.float_operation(op)
    function = float_backend.quiet(plain) if guarded else plain
    m.kept.append(function)
    found = python_call(m, id(function), x)
    if not guarded:
        m.watch(found)
    return found


def _condition(m: MachineLines, op: str, x: list[str]) -> str:
    """A comparison: a condition, told from numbers by its first word, and whether nothing can be said, for a nan."""
    if any(one.startswith("i1 ") for one in x):
        raise Unsuitable(op)
    return f"i1 {m.compare(CONDITIONS[op], *x)} {m.compare('uno', *x)}"


def _truth(m: MachineLines, x: str) -> str:
    return x.split()[1] if x.startswith("i1 ") else m.compare("une", x, ZERO)


def _unknown(m: MachineLines, conditions: Sequence[str]) -> list[str]:
    return [x.split()[2] if x.startswith("i1 ") else m.compare("uno", x, ZERO) for x in conditions]


def _chosen(m: MachineLines, condition: str, a: str, b: str) -> str:
    if a.startswith("i1 ") or b.startswith("i1 "):
        raise Unsuitable("select")
    found = a if a == b else m.select(_truth(m, condition), a, b)
    return m.select(m.either(_unknown(m, [condition])), NAN, found)
