"""A program as atoms, which are functions that are not linear, of linear forms of variables and earlier atoms.

Sums that are written out are of this kind: many terms of few forms each (Griewank & Toint 1982, partially separable
functions). What is linear needs no second derivatives, and is gone through once.
"""

from __future__ import annotations

from heapq import heappop, heappush

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

#: A product of two forms; all other atoms are functions of one form, written in x.
PRODUCT = "x*y"

#: Linear instructions that are looked at, over those that there are, at most: forms that share long parts have more.
_WORK = 8


class Form(NamedTuple):
    """constant + the sum of numbers times places: the variables, and behind them the atoms."""

    constant: Number
    terms: dict[int, Number]


class Atom(NamedTuple):
    """What is not linear: a function of forms, by their positions."""

    function: str
    forms: tuple[int, ...]


class Forms(NamedTuple):
    """A program of so many variables; value: the position of the form that f is."""

    variables: int
    forms: tuple[Form, ...]
    atoms: tuple[Atom, ...]
    value: int


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
        self._constants: dict[int, Number] = {}
        self._places: dict[int, int] = {slot: slot for slot in range(self._count)}
        self._linear: dict[int, list[tuple[Number, int]]] = {}
        self._forms: list[Form] = []
        self._known: dict[int, int] = {}
        self._atoms: list[Atom] = []
        self._same: dict[Atom, int] = {}
        self._left = _WORK * len(program.code)

    def forms(self) -> Forms:
        """All of the program."""
        program = self._program
        needed = made_of(program, (program.value,))
        for place, text in enumerate(program.constants):
            self._constants[self._count + place] = number_of(text, BITS)
        for index, (op, *slots) in enumerate(program.code):
            if program.first + index in needed:
                self._read(program.first + index, op, slots)
        value = self._form(program.value)
        return Forms(self._count, tuple(self._forms), tuple(self._atoms), value)

    def _read(self, slot: int, op: str, slots: list[int]) -> None:
        known = [self._constants[one] for one in slots if one in self._constants]
        if len(known) == len(slots):
            self._constants[slot] = OPERATIONS[op](*known)
        elif op in ("add", SUM):
            self._linear[slot] = [(ONE, one) for one in slots]
        elif op == "sub":
            self._linear[slot] = [(ONE, slots[0]), (negated(ONE), slots[1])]
        elif op == "neg":
            self._linear[slot] = [(negated(ONE), slots[0])]
        elif op == "mul" and known:
            other = next(one for one in slots if one not in self._constants)
            self._linear[slot] = [(known[0], other)]
        elif op == "div" and slots[1] in self._constants:
            self._linear[slot] = [(divided(ONE, known[0]), slots[0])]
        else:
            self._places[slot] = self._curved(op, slots)

    def _curved(self, op: str, slots: list[int]) -> int:
        """The place of an atom."""
        if op == "square" or (op == "mul" and slots[0] == slots[1]):
            return self._atom("x**2", slots[:1])
        if op == "mul":
            return self._atom(PRODUCT, slots)
        if op == "div":
            inverse = self._form_of(Form(ZERO, {self._atom("1/x", slots[1:]): ONE}))
            return self._added(Atom(PRODUCT, (self._form(slots[0]), inverse)))
        if op == "pow" and slots[1] in self._constants:
            exponent = self._constants[slots[1]]
            if exact(exponent) and exponent.q == 1 and 2 <= exponent <= 64:
                return self._atom(f"x**{exponent}", slots[:1])
        if op in FUNCTIONS and len(slots) == 1:
            return self._atom(f"{op}(x)", slots)
        raise LookupError(op)

    def _atom(self, function: str, slots: list[int]) -> int:
        return self._added(Atom(function, tuple(map(self._form, slots))))

    def _added(self, atom: Atom) -> int:
        """The place of an atom, the same one for the same function of the same forms."""
        if atom not in self._same:
            self._same[atom] = self._count + len(self._atoms)
            self._atoms.append(atom)
        return self._same[atom]

    def _form_of(self, form: Form) -> int:
        self._forms.append(form)
        return len(self._forms) - 1

    def _form(self, slot: int) -> int:
        """The form of a slot: its linear instructions, the last one first, each gone through once."""
        if slot not in self._known:
            self._known[slot] = self._form_of(self._expanded(slot))
        return self._known[slot]

    def _expanded(self, slot: int) -> Form:
        weights: dict[int, Number] = {slot: ONE}
        waiting, constant, terms = [-slot], ZERO, dict[int, Number]()
        while waiting:
            one = -heappop(waiting)
            weight = weights[one]
            if one in self._constants:
                constant = added(constant, multiplied(weight, self._constants[one]))
            elif one in self._places:
                place = self._places[one]
                terms[place] = added(terms[place], weight) if place in terms else weight
            else:
                self._left -= 1
                if self._left < 0:
                    raise LookupError("long")
                self._spread(self._linear[one], weight, weights, waiting)
        return Form(constant, terms)

    @staticmethod
    def _spread(
        parts: list[tuple[Number, int]], weight: Number, weights: dict[int, Number], waiting: list[int]
    ) -> None:
        for number, part in parts:
            share = number if weight is ONE else weight if number is ONE else multiplied(weight, number)
            if part in weights:
                weights[part] = added(weights[part], share)
            else:
                weights[part] = share
                heappush(waiting, -part)


def groups_of(forms: Forms) -> list[tuple[str, list[int]]]:
    """Atoms of the same function that need only those of groups before, one group after the other."""
    levels: list[int] = []
    groups: dict[tuple[int, str], list[int]] = {}
    for number, atom in enumerate(forms.atoms):
        inner = (
            place - forms.variables
            for form in atom.forms for place in forms.forms[form].terms if place >= forms.variables
        )  # fmt: skip
        levels.append(1 + max((levels[one] for one in inner), default=0))
        groups.setdefault((levels[-1], atom.function), []).append(number)
    return [(function, groups[level, function]) for level, function in sorted(groups)]


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
    places = forms.forms[form].terms
    own = {form} if any(place < forms.variables for place in places) else set[int]()
    return frozenset(
        own.union(*(atoms[place - forms.variables] for place in places if place >= forms.variables))
    )
