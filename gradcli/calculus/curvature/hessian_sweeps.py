"""Value, gradient and Hessian of forms and atoms at a point: what is known of a program is gone through forwards and back.

With S the second derivatives along the forms of variables, their numbers C: the Hessian is the sum of S_bc C_b C_cᵀ. S is
what each atom's own second derivatives are times its adjoint, along the gradients of its forms (Griewank & Walther,
Evaluating Derivatives, 2008, sections 7 and 10).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter, mul
from typing import Any

from gradcli.calculus.curvature.atom_functions import IN_BALLS, Arithmetic, Curved, curved
from gradcli.calculus.curvature.linear_forms import PRODUCT, Form, Forms, groups_of
from gradcli.language.records import NamedTuple

#: Numbers along forms.
Along = dict[int, Any]


class SecondOrder(NamedTuple):
    """f, its partials along what moves, and its second derivatives there."""

    value: Any
    gradient: list[Any]
    hessian: list[list[Any]]


class HessianSweeps:
    """Forms, made ready for one arithmetic. moving: the positions of the variables along which there are derivatives."""

    def __init__(self, forms: Forms, moving: Sequence[int], arithmetic: Arithmetic = IN_BALLS) -> None:
        self._forms, self._arithmetic = forms, arithmetic
        self._zero = arithmetic.constant("0")
        self._one = arithmetic.constant("1")
        self._terms = [self._made(form) for form in forms.forms]
        rows = {variable: row for row, variable in enumerate(moving)}
        self._rows = [
            sorted(
                (
                    (rows[place], number)
                    for place, number in zip(places, numbers, strict=True)
                    if place in rows
                ),
                key=itemgetter(0),
            )
            for _, places, numbers in self._terms
        ]
        self._inner = [
            [(place - forms.variables, number) for place, number in zip(places, numbers, strict=True)
             if place >= forms.variables]
            for _, places, numbers in self._terms
        ]  # fmt: skip
        self._size = len(moving)
        self._groups = groups_of(forms)

    def _made(self, form: Form) -> tuple[Any, list[int], list[Any]]:
        number = self._arithmetic.number
        return number(form.constant), [*form.terms], [*map(number, form.terms.values())]

    def value(self, numbers: Sequence[Any]) -> Any:
        """f alone at the variables' *numbers*. Raises what operations raise."""
        return self._forwards(numbers)[0]

    def at(self, numbers: Sequence[Any]) -> SecondOrder:
        """All of it at the variables' *numbers*. Raises what operations raise."""
        value, found = self._forwards(numbers)
        along = self._gradients(found)
        outer, adjoints, zero = dict[tuple[int, int], Any](), self._adjoints(), self._zero
        slopes: Along = {self._forms.value: self._one}
        for function, atoms in reversed(self._groups):
            for atom in atoms:
                adjoint = adjoints[atom]
                if adjoint is None:
                    continue
                forms = self._forms.atoms[atom].forms
                first, second = found[atom]
                if function == PRODUCT:
                    _add_product(outer, adjoint, along(forms[0]), along(forms[1]))
                else:
                    _add_square(outer, adjoint * second, along(forms[0]))
                for form, slope in zip(forms, first, strict=True):
                    self._spread(form, adjoint * slope, adjoints, slopes)
        gradient = [zero] * self._size
        for form, slope in slopes.items():
            for row, number in self._rows[form]:
                gradient[row] = gradient[row] + slope * number
        return SecondOrder(value, gradient, self._assembled(outer))

    def _total(self, form: int, places: Sequence[Any]) -> Any:
        constant, terms, numbers = self._terms[form]
        return sum(map(mul, numbers, [places[one] for one in terms]), constant)

    def _forwards(self, numbers: Sequence[Any]) -> tuple[Any, dict[int, tuple[Sequence[Any], Any]]]:
        """f; and for each atom its slopes along its forms, and its second derivative where it has one form."""
        places = [*numbers, *([None] * len(self._forms.atoms))]
        found: dict[int, tuple[Sequence[Any], Any]] = {}
        for function, atoms in self._groups:
            columns = [
                [self._total(self._forms.atoms[atom].forms[k], places) for atom in atoms]
                for k in range(2 if function == PRODUCT else 1)
            ]
            if function == PRODUCT:
                values: Sequence[Any] = [*map(mul, *columns)]
                found |= {atom: ((b, a), None) for atom, a, b in zip(atoms, *columns, strict=True)}
            else:
                there: Curved = curved(function, columns[0], self._arithmetic)
                values = there.values
                found |= {
                    atom: ((b,), c) for atom, b, c in zip(atoms, there.slopes, there.bends, strict=True)
                }
            for atom, value in zip(atoms, values, strict=True):
                places[self._forms.variables + atom] = value
        return self._total(self._forms.value, places), found

    def _gradients(self, found: Mapping[int, tuple[Sequence[Any], Any]]) -> Any:
        """What gives a form's gradient along the forms of variables."""
        atoms, known = dict[int, Along](), dict[int, Along]()

        def along(form: int) -> Along:
            """The gradient of a form whose atoms are known."""
            if form not in known:
                known[form] = total = dict[int, Any]({form: self._one} if self._rows[form] else {})
                for atom, number in self._inner[form]:
                    _add(total, atoms[atom], number)
            return known[form]

        for _, group in self._groups:
            for atom in group:
                atoms[atom] = gradient = dict[int, Any]()
                for form, slope in zip(self._forms.atoms[atom].forms, found[atom][0], strict=True):
                    _add(gradient, along(form), slope)
        return along

    def _adjoints(self) -> list[Any]:
        """Those of the atoms, where f is a sum of them; None for those that are inside of others so far."""
        adjoints: list[Any] = [None] * len(self._forms.atoms)
        for atom, number in self._inner[self._forms.value]:
            adjoints[atom] = number
        return adjoints

    def _spread(self, form: int, adjoint: Any, adjoints: list[Any], slopes: Along) -> None:
        slopes[form] = slopes[form] + adjoint if form in slopes else adjoint
        for atom, number in self._inner[form]:
            share = adjoint * number
            adjoints[atom] = share if adjoints[atom] is None else adjoints[atom] + share

    def _assembled(self, outer: Mapping[tuple[int, int], Any]) -> list[list[Any]]:
        size = self._size
        matrix = [[self._zero] * size for _ in range(size)]
        for (b, c), number in outer.items():
            for place, (i, one) in enumerate(self._rows[b]):
                row, share = matrix[i], number * one
                for j, other in self._rows[c][place:] if b == c else self._rows[c]:
                    if j >= i:
                        row[j] = row[j] + share * other
        for i in range(size):
            for j in range(i):
                matrix[i][j] = matrix[j][i]
        return matrix


def _add(total: Along, more: Along, times: Any) -> None:
    for form, number in more.items():
        share = number * times
        total[form] = total[form] + share if form in total else share


def _add_square(outer: dict[tuple[int, int], Any], number: Any, along: Along) -> None:
    """Second derivatives of a function of one form: number*g*gᵀ."""
    for b, one in along.items():
        share = number * one
        for c, other in along.items():
            outer[b, c] = outer[b, c] + share * other if (b, c) in outer else share * other


def _add_product(outer: dict[tuple[int, int], Any], number: Any, first: Along, second: Along) -> None:
    """Second derivatives of a product of two forms: number*(g*hᵀ + h*gᵀ)."""
    for b, one in first.items():
        share = number * one
        for c, other in second.items():
            for place in ((b, c), (c, b)):
                outer[place] = outer[place] + share * other if place in outer else share * other
