"""Bounds of errors that know which errors are shared: a program of its own, for NumPy and for machine code.

An error δ of a slot is a sum of slopes times the errors of its terms (`shared_terms`), and a rest: |δ - Σ c·ε| ≤ rest with
|ε| ≤ E. The slopes c are floats, and any floats would do: what an operation bends (its second derivative over all of the
enclosure, times δ**2/2), what its slope and the products and sums of slopes are rounded by, and its own rounding are in the
rest. Errors are in units of 2**-53, as `rounding_error` has them (de Figueiredo and Stolfi, Affine arithmetic: concepts and
applications, Numerical Algorithms 37, 2004, where every rounding has a term of its own).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from gradcli.calculus.backends.error_propagation import SLACK, UNIT
from gradcli.calculus.backends.float_backend import constant
from gradcli.calculus.backends.rounding_error import constant_error
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.bounds.error_lines import ErrorLines, Operand
from gradcli.calculus.rows.bounds.local_errors import LOCAL, ROUGH, Arithmetic, Local, rounding
from gradcli.calculus.rows.bounds.shared_terms import SharedTerms, shared_terms
from gradcli.calculus.rows.float_blocks import outputs_of

#: Where the error of a term may be larger, there is no bound: what slopes lose below normal floats is less than `FAINT`.
_LARGEST = 2.0**400


class ErrorProgram(NamedTuple):
    """program: computes a bound for each of `outputs_of` another one. Its variables are numbers in the *slots* of that one,
    then the errors of *inputs*. Where there is no bound, neither is a finite number.
    """

    program: Program
    slots: tuple[int, ...]
    inputs: tuple[int, ...]


@lru_cache(maxsize=32)
def error_program(
    program: Program, exact: frozenset[int], arithmetic: Arithmetic, *, plain: bool = False
) -> ErrorProgram | None:
    """The bounds of a program; None where it has an operation without a rule, or floats have no better ones than plain.

    exact: the inputs without an error. plain: also where they are no better.
    """
    extended = arithmetic.unit < UNIT
    if any(op not in LOCAL or (extended and op == "log1p") for op, *_ in program.code):
        return None  # (1 + a of the float nearest to a is not what the slope of log(1 + a) is made of)
    rounded = [constant_error(text, constant(text)) for text in program.constants]
    if extended:
        rounded = [
            2 * abs(constant(text)) if error else 0.0
            for text, error in zip(program.constants, rounded, strict=True)
        ]
    whole = {slot for slot, error in enumerate(rounded, len(program.variables)) if not error}
    terms = shared_terms(program, exact | whole)
    if not (extended or plain or any(terms.followed)):
        return None
    errors = _Errors(program, terms, arithmetic)
    for slot in range(len(program.variables)):
        errors.begin(slot, 0.0 if slot in exact else errors.lines.given("error", slot))
    for slot, error in enumerate(rounded, len(program.variables)):
        errors.begin(slot, float(error))
    for slot, (op, *places) in enumerate(program.code, program.first):
        errors.carry_out(slot, op, places)
    found, slots, inputs = errors.lines.program([errors.output(slot) for slot in outputs_of(program)])
    return ErrorProgram(found, tuple(slots), tuple(inputs))


class _Form(NamedTuple):
    """The error of a slot: slopes along terms (1.0 along the slot itself), and the rest of it."""

    slopes: Mapping[int, Operand]
    rest: Operand


class _Errors:
    """The lines of all slots so far: their errors, and the forms of those that are followed. large: no term is larger."""

    def __init__(self, program: Program, terms: SharedTerms, arithmetic: Arithmetic) -> None:
        self.lines, self._errors = ErrorLines(arithmetic.unit), dict[int, Operand]()
        self._large: Operand = 0.0
        self._terms, self._arithmetic, self._forms = terms, arithmetic, dict[int, _Form]()
        self._known = {
            slot: constant(text) for slot, text in enumerate(program.constants, len(program.variables))
        }

    def output(self, slot: int) -> Operand:
        """The bound of an output, with what its own calculation may lose."""
        m = self.lines
        return m.divide(
            m.multiply(self._errors[slot], SLACK), m.subtract(1.0, m.multiply(self._large, 1 / _LARGEST))
        )

    def begin(self, slot: int, error: Operand) -> None:
        """The error of a slot, which may be a term itself."""
        self._errors[slot] = error
        if self._terms.followed[slot] == (slot,):
            self._large = self.lines.add(self._large, error)
            self._forms[slot] = _Form({slot: 1.0}, self.lines.multiply(error, ROUGH))

    def carry_out(self, slot: int, op: str, places: Sequence[int]) -> None:
        """The error of an operation's result, and its form."""
        m, local = self.lines, self._local(slot, op, places)
        rounded = m.multiply(rounding(op, self._arithmetic), m.size(self._number(slot)))
        rest, slopes = [local.beside, rounded], dict[int, Operand]()
        for place, slope in zip(places, local.slopes, strict=True):
            form = self._forms.get(place) or _Form({}, self._errors[place])
            rest.append(m.multiply(m.size(slope), form.rest))
            for term, own in form.slopes.items():
                slopes[term] = m.add(slopes.get(term, 0.0), m.multiply(slope, own))
        parts = {term: m.multiply(m.size(along), self._errors[term]) for term, along in slopes.items()}
        followed = self._terms.followed[slot]
        dropped = m.sum(*rest, *(part for term, part in parts.items() if term not in followed))
        error = m.sum(dropped, *(part for term, part in parts.items() if term in followed))
        if followed and followed != (slot,):
            kept = {term: slopes[term] for term in followed}
            self._forms[slot] = _Form(kept, m.add(dropped, m.multiply(error, ROUGH)))
        self.begin(slot, error)

    def _local(self, slot: int, op: str, places: Sequence[int]) -> Local:
        m, numbers = self.lines, [self._number(place) for place in places]
        other, errors = self._terms.slopes.get(slot), [self._errors[place] for place in places]
        if op not in ("sin", "cos") or other is not None:
            numbers += [] if other is None else [self._number(other)]
            return LOCAL[op](m, self._number(slot), *numbers, *errors)
        slope = m.function("cos" if op == "sin" else "sin", numbers[0])
        local = LOCAL[op](m, self._number(slot), numbers[0], slope, *errors)
        if self._arithmetic.unit == UNIT:
            return local
        # the slope is that at the nearest float
        moved = m.product(1.01 * UNIT, m.size(numbers[0]), errors[0])
        return local._replace(beside=m.add(local.beside, moved))

    def _number(self, slot: int) -> Operand:
        return self._known[slot] if slot in self._known else self.lines.given("slot", slot)
