"""Numbers and bounds of their errors by machine code: one pass over the rows, which tells the rows that are in doubt."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from gradcli.calculus.backends.error_propagation import UNDERFLOW
from gradcli.calculus.native.machine_lines import NAN, ZERO, MachineLines, Unsuitable, real
from gradcli.calculus.native.program_lines import program_lines
from gradcli.calculus.native.rows.number_code import RowFunction, RowLines
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.bounds.input_kinds import InputKind, exact_inputs
from gradcli.calculus.rows.bounds.local_errors import ARRAYS
from gradcli.calculus.rows.bounds.shared_errors import error_program
from gradcli.calculus.rows.float_blocks import outputs_of
from gradcli.calculus.rows.row_data import Numbers


@lru_cache(maxsize=8)
def native_bounds(program: Program, kinds: tuple[InputKind, ...]) -> NativeBounds:
    """Those of a program, made once: parts of a table have the same. Raises what `NativeBounds` does."""
    return NativeBounds(program, kinds)


class NativeBounds:
    """The outputs of a program and bounds of their errors in each row. kinds: those of its variables.

    Raises Unsuitable where there is no such bound or no machine code; ImportError, OSError and RuntimeError where LLVM
    cannot be used.
    """

    def __init__(self, program: Program, kinds: Sequence[InputKind]) -> None:
        found = error_program(program, exact_inputs(kinds), ARRAYS, plain=True)
        if found is None:
            raise Unsuitable("bounds")
        self._kinds, row, slots = kinds, RowLines(), outputs_of(program)
        inputs = row.variables(program, [i for i, kind in enumerate(kinds) if kind.varies])
        names = row.numbers(program, inputs, slots)
        numbers = [names[slot] for slot in slots]
        trouble, m = row.trouble(numbers), row.lines
        row.outputs = [m.select(trouble, NAN, one) for one in numbers]
        self._given = [i for i in found.inputs if kinds[i].error == "given"]
        errors = [_decimal_error(m, inputs[i]) if i not in self._given else
                  row.column() if kinds[i].varies else row.shared() for i in found.inputs]  # fmt: skip
        own = len(m.lines)
        known = program_lines(m, found.program, [*(names[slot] for slot in found.slots), *errors])
        bounds = [known[slot] for slot in outputs_of(found.program)]
        m.lines[own:] = map(_fused, m.lines[own:])
        inverse = row.shared()
        pairs = [
            (m.binary("fmul", bound, inverse), m.intrinsic("fabs", one))
            for bound, one in zip(bounds, numbers, strict=True)
        ]
        doubt = m.either([trouble, *(m.compare("ugt", *pair) for pair in pairs)])
        unclear = [m.compare("oeq", one, ZERO) for one in numbers] + [
            m.opposite(m.is_finite(one)) for one in bounds
        ]
        row.flags += [doubt, m.both(doubt, m.either(unclear))]
        self._function = RowFunction(row)

    def fill(
        self, columns: Sequence[Any], error_of: Callable[[int], Any], into: Sequence[Numbers], share: float
    ) -> tuple[list[int], list[int]]:
        """Put the outputs *into* arrays, nan where there is none; the places of rows in doubt.

        Those of all, and those where a number is 0, which may be exact, or has no bound. columns: the variables' numbers;
        error_of: the place of a variable with given errors -> these, in units of 2**-53. share: of a number, that its error
        may be, in such units.
        """
        varies = [kind.varies for kind in self._kinds]
        given = [one for one, moves in zip(columns, varies, strict=True) if moves]
        given += [error_of(i) for i in self._given if varies[i]]
        held = [float(one) for one, moves in zip(columns, varies, strict=True) if not moves]
        held += [float(error_of(i)) for i in self._given if not varies[i]]
        doubtful, unclear = self._function.fill(given, [*held, 1.0 / share], len(into[0]), into)
        return doubtful, unclear


def _decimal_error(m: MachineLines, x: str) -> str:
    """As `decimal_errors` has it."""
    scaled, size = m.binary("fmul", x, real(64.0)), m.intrinsic("fabs", x)
    short = m.both(m.compare("olt", size, real(1e9)), m.compare("oeq", scaled, m.intrinsic("floor", scaled)))
    return m.select(short, ZERO, m.binary("fadd", size, real(UNDERFLOW)))


def _fused(line: str) -> str:
    """A product and the sum that it is part of may be rounded once: bounds allow for both roundings."""
    return re.sub(r" = (fadd|fsub|fmul) ", r" = \1 contract ", line)
