"""A program as atoms, which are functions that are not linear, of linear forms of variables and earlier atoms.

Sums that are written out are of this kind: many terms of few forms each (Griewank & Toint 1982, partially separable
functions). What is linear needs no second derivatives, and is gone through once.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush
from typing import Any

from gradcli.calculus.balls.ball_arithmetic import added, divided, multiplied, negated
from gradcli.calculus.balls.ball_numbers import BITS, ONE, ZERO, Number, exact, working_bits
from gradcli.calculus.balls.programs.ball_operations import OPERATIONS
from gradcli.calculus.balls.programs.given_numbers import number_of
from gradcli.calculus.program.instructions import SUM
from gradcli.calculus.program.program import Program, made_of
from gradcli.language.records import NamedTuple

#: Functions of one number that have derivatives of any order wherever they have a value but for ends of their domains.
FUNCTIONS = frozenset((
    "exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sech", "atan", "asinh", "erf", "erfc", "log", "log10", "log2",
    "log1p", "expm1", "sqrt", "sigmoid", "softplus",
))  # fmt: skip

#: A product of two forms; all other atoms are functions of one form, written in x, as that of sums of squares.
PRODUCT, SQUARE = "x*y", "x**2"

#: Linear instructions that are looked at, over those that there are, at most: forms that share long parts have more.
_WORK = 8

_MINUS = negated(ONE)

#: The types of slots that depend on variables: places, and sums.
_MADE = (int, list)


class Form(NamedTuple):
    """constant + the sum of numbers times places: the variables, and behind them the atoms."""

    constant: Number
    terms: dict[int, Number]


class Atom(NamedTuple):
    """What is not linear: a function of forms, by their positions."""

    function: str
    forms: tuple[int, ...]


class Forms(NamedTuple):
    """A program of so many variables; value: the position of the form that f is.

    groups: atoms of the same function that need only those of groups before, one group after the other.
    """

    variables: int
    forms: tuple[Form, ...]
    atoms: tuple[Atom, ...]
    value: int
    groups: tuple[tuple[str, tuple[int, ...]], ...]


def forms_of(program: Program) -> Forms | None:
    """The value of *program* in forms and atoms; None where it has instructions that are neither."""
    try:
        with working_bits(BITS):
            return _Reading(program).forms()
    except (ValueError, ArithmeticError, LookupError):
        return None


class _Reading:
    """Slots as constants, as places, or as sums of numbers times slots. LookupError for a slot that is none of these."""

    def __init__(self, program: Program) -> None:
        self._program, self._count = program, len(program.variables)
        #: What a slot is: a number, a place, or a list of numbers times slots, where ~n stands for place n.
        self._slots: list[Any] = [*range(self._count)]
        self._forms: list[Form] = []
        self._known: dict[int, int] = {}
        self._atoms: list[Atom] = []
        self._same: dict[Atom, int] = {}
        self._levels: list[int] = []
        self._groups: dict[tuple[int, str], list[int]] = {}
        self._left = _WORK * len(program.code)

    def forms(self) -> Forms:
        """All of the program."""
        program, slots = self._program, self._slots
        needed = made_of(program, (program.value,))
        slots += [number_of(text, BITS) for text in program.constants]
        first = program.first
        constant = first + program.folded
        for slot, instruction in enumerate(program.code[: max(program.value - first + 1, 0)], first):
            if slot not in needed:
                slots.append(None)
            elif slot < constant:
                slots.append(OPERATIONS[instruction[0]](*[slots[one] for one in instruction[1:]]))
            else:
                slots.append(self._read(instruction[0], instruction[1:]))
        value = self._form(program.value)
        groups = tuple(
            [(function, tuple(self._groups[level, function])) for level, function in sorted(self._groups)]
        )
        return Forms(self._count, tuple(self._forms), tuple(self._atoms), value, groups)

    def _read(self, op: str, slots: Sequence[int]) -> int | list[tuple[Number, int]]:
        """What the slot of an instruction is that depends on variables."""
        if op in ("add", SUM):
            return [(ONE, one) for one in slots]
        if op == "sub":
            return [(ONE, slots[0]), (_MINUS, slots[1])]
        if op == "neg":
            return [(_MINUS, slots[0])]
        if op == "mul":
            first, second = slots
            one, other = self._slots[first], self._slots[second]
            if type(one) not in _MADE:
                return [(one, second)]
            if type(other) not in _MADE:
                return [(other, first)]
            if first != second:
                return self._product_of(first, second)
        if op == "div" and self._is_constant(slots[1]):
            return [(divided(ONE, self._slots[slots[1]]), slots[0])]
        return self._curved(op, slots)

    def _is_constant(self, slot: int) -> bool:
        return type(self._slots[slot]) not in _MADE

    def _curved(self, op: str, slots: Sequence[int]) -> int:
        """The place of an atom."""
        if op in ("square", "mul"):
            return self._atom(SQUARE, slots[:1])
        if op == "div":
            inverse = self._form_of(Form(ZERO, {self._atom("1/x", slots[1:]): ONE}))
            return self._added(Atom(PRODUCT, (self._form(slots[0]), inverse)))
        if op == "pow" and self._is_constant(slots[1]):
            exponent = self._slots[slots[1]]
            if exact(exponent) and exponent.q == 1 and 2 <= exponent <= 64:
                return self._atom(f"x**{exponent}", slots[:1])
        if op in FUNCTIONS and len(slots) == 1:
            return self._atom(f"{op}(x)", slots)
        raise LookupError(op)

    def _product_of(self, first: int, second: int) -> int | list[tuple[Number, int]]:
        """A product of two slots: of what they are multiples of, which many products have in common."""
        (one, first), (other, second) = self._multiple(first), self._multiple(second)
        low, high = sorted((self._form(first), self._form(second)))
        place, number = self._added(Atom(PRODUCT, (low, high))), _product(one, other)
        return place if number is ONE else [(number, ~place)]

    def _multiple(self, slot: int) -> tuple[Number, int]:
        """A number and the slot that another is this multiple of."""
        number = ONE
        while type(parts := self._slots[slot]) is list and len(parts) == 1 and parts[0][1] >= 0:
            number, slot = _product(number, parts[0][0]), parts[0][1]
        return number, slot

    def _atom(self, function: str, slots: Sequence[int]) -> int:
        return self._added(Atom._make((function, tuple(map(self._form, slots)))))

    def _added(self, atom: Atom) -> int:
        """The place of an atom, the same one for the same function of the same forms."""
        fresh = self._count + len(self._atoms)
        place = self._same.setdefault(atom, fresh)
        if place == fresh:
            level = 1 + max(map(self._level, atom.forms))
            self._groups.setdefault((level, atom.function), []).append(len(self._atoms))
            self._levels.append(level)
            self._atoms.append(atom)
        return place

    def _level(self, form: int) -> int:
        """The highest level of a form's atoms, 0 where it has none."""
        first, terms = self._count, self._forms[form].terms
        return max([self._levels[place - first] for place in terms if place >= first], default=0)

    def _form_of(self, form: Form) -> int:
        self._forms.append(form)
        return len(self._forms) - 1

    def _form(self, slot: int) -> int:
        """The form of a slot: its linear instructions, the last one first, each gone through once."""
        known = self._known.get(slot)
        if known is None:
            known = self._known[slot] = self._form_of(self._expanded(slot))
        return known

    def _expanded(self, slot: int) -> Form:
        slots, weights, waiting = self._slots, dict[int, Number](), list[int]()
        constant, terms, weight, parts = ZERO, dict[int, Number](), ONE, [(ONE, slot)]
        while True:
            for number, part in parts:
                share, what = _product(weight, number), slots[part] if part >= 0 else ~part
                if type(what) is list:
                    if part in weights:
                        weights[part] = added(weights[part], share)
                    else:
                        weights[part] = share
                        heappush(waiting, -part)
                elif type(what) is int:
                    terms[what] = added(terms[what], share) if what in terms else share
                else:
                    share = _product(share, what)
                    constant = share if constant is ZERO else added(constant, share)
            if not waiting:
                return Form._make((constant, terms))
            self._left -= 1
            if self._left < 0:
                raise LookupError("long")
            part = -heappop(waiting)
            weight, parts = weights[part], slots[part]


def _product(one: Number, other: Number) -> Number:
    return other if one is ONE else one if other is ONE else multiplied(one, other)


def pairs(forms: Forms, most: int) -> int:
    """How many second derivatives along forms are formed, about; *most* where there are as many or more."""
    atoms: list[frozenset[int]] = []
    known: dict[int, frozenset[int]] = {}
    total = 0
    for atom in forms.atoms:
        reached = [known.get(form) or _reached(forms, form, atoms) for form in atom.forms]
        known |= dict(zip(atom.forms, reached, strict=True))
        atoms.append(frozenset().union(*reached))
        total += len(reached[0]) * len(reached[-1]) + len(atoms[-1])
        if total >= most:
            return most
    return total


def _reached(forms: Forms, form: int, atoms: list[frozenset[int]]) -> frozenset[int]:
    """The forms with variables along which a form has a slope."""
    places, first = forms.forms[form].terms, forms.variables
    inner = [atoms[place - first] for place in places if place >= first]
    own = frozenset((form,)) if len(inner) < len(places) else frozenset[int]()
    return own.union(*inner) if inner else own
