"""Value, gradient and Hessian of forms and atoms at a point: what is known of a program is gone through forwards and back.

Second derivatives are formed along coordinates, which are the variables that move and behind them the forms of many of
them. With S those, and C the numbers of the coordinates along the variables, the Hessian is the sum of S_bc C_b C_cᵀ. S is
what each atom's own second derivatives are times its adjoint, along the gradients of its forms (Griewank & Walther,
Evaluating Derivatives, 2008, sections 7 and 10).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter, mul
from typing import Any

from gradcli.calculus.balls.ball_numbers import ONE
from gradcli.calculus.curvature.atom_functions import IN_BALLS, Arithmetic, Curved, curved
from gradcli.calculus.curvature.linear_forms import PRODUCT, SQUARE, Form, Forms
from gradcli.language.records import NamedTuple

#: Forms of more variables are coordinates of their own.
FEW = 3

#: Functions of constant second derivatives.
_QUADRATIC = frozenset((PRODUCT, SQUARE))

#: Numbers along coordinates, in the order of these.
Along = list[tuple[int, Any]]


class SecondOrder(NamedTuple):
    """f, its partials along what moves, and its second derivatives there."""

    value: Any
    gradient: list[Any]
    hessian: list[list[Any]]


class HessianSweeps:
    """Forms, made ready for one arithmetic. moving: the positions of the variables along which there are derivatives."""

    def __init__(self, forms: Forms, moving: Sequence[int], arithmetic: Arithmetic = IN_BALLS) -> None:
        self._forms, self._arithmetic, self._size = forms, arithmetic, len(moving)
        self._zero, self._one = arithmetic.constant("0"), arithmetic.constant("1")
        self._terms = [self._made(form) for form in forms.forms]
        rows, first = {variable: row for row, variable in enumerate(moving)}, forms.variables
        self._rows: list[Along] = []
        self._inner: list[list[tuple[int, Any]]] = []
        for _, places, numbers in self._terms:
            pairs = [*zip(places, numbers, strict=True)]
            self._rows.append(sorted([(rows[a], b) for a, b in pairs if a in rows], key=itemgetter(0)))
            self._inner.append([(place - first, number) for place, number in pairs if place >= first])
        self._groups = forms.groups
        self._nested = {atom for one in forms.atoms for form in one.forms for atom, _ in self._inner[form]}
        self._is_quadratic = not self._nested and _QUADRATIC.issuperset(one for one, _ in self._groups)
        self._hessian: list[list[Any]] | None = None

    def _made(self, form: Form) -> tuple[Any, list[int], list[Any]]:
        number, one = self._arithmetic.number, self._one
        numbers = [one if term is ONE else number(term) for term in form.terms.values()]
        return number(form.constant), [*form.terms], numbers

    def value(self, numbers: Sequence[Any]) -> Any:
        """f alone at the variables' *numbers*. Raises what operations raise."""
        return self._forwards(numbers)[0]

    def at(self, numbers: Sequence[Any]) -> SecondOrder:
        """All of it at the variables' *numbers*. Raises what operations raise."""
        value, found = self._forwards(numbers)
        adjoints, slopes = self._adjoints(found)
        gradient = [self._zero] * self._size
        for form, slope in slopes.items():
            for row, number in self._rows[form]:
                gradient[row] = gradient[row] + slope * number
        if self._hessian is not None:
            return SecondOrder(value, gradient, self._hessian)
        hessian = self._assembled(self._outer(found, adjoints))
        if self._is_quadratic:
            self._hessian = hessian  # the same everywhere
        return SecondOrder(value, gradient, hessian)

    def hessian(self, numbers: Sequence[Any]) -> list[list[Any]]:
        """The second derivatives alone. Raises what operations raise."""
        return self.at(numbers).hessian if self._hessian is None else self._hessian

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

    def _adjoints(self, found: Mapping[int, tuple[Sequence[Any], Any]]) -> tuple[list[Any], dict[int, Any]]:
        """∂f/∂atom, None for those that f has nothing of; and ∂f/∂form of those that f or atoms are made of."""
        adjoints: list[Any] = [None] * len(self._forms.atoms)
        slopes: dict[int, Any] = {self._forms.value: self._one}
        for atom, number in self._inner[self._forms.value]:
            adjoints[atom] = number
        for _, atoms in reversed(self._groups):
            for atom in atoms:
                adjoint = adjoints[atom]
                if adjoint is None:
                    continue
                for form, slope in zip(self._forms.atoms[atom].forms, found[atom][0], strict=True):
                    share = adjoint * slope
                    slopes[form] = slopes[form] + share if form in slopes else share
                    for one, number in self._inner[form]:
                        more = share * number
                        adjoints[one] = more if adjoints[one] is None else adjoints[one] + more
        return adjoints, slopes

    def _outer(
        self, found: Mapping[int, tuple[Sequence[Any], Any]], adjoints: Sequence[Any]
    ) -> dict[int, dict[int, Any]]:
        """Second derivatives along pairs of coordinates, the first of a pair not behind the second."""
        along, outer = self._gradients(found), dict[int, dict[int, Any]]()
        for function, atoms in self._groups:
            for atom in atoms:
                adjoint = adjoints[atom]
                if adjoint is None:
                    continue
                forms = self._forms.atoms[atom].forms
                if function == PRODUCT:
                    _add_product(outer, adjoint, along[forms[0]], along[forms[1]])
                else:
                    _add_square(outer, adjoint * found[atom][1], along[forms[0]])
        return outer

    def _gradients(self, found: Mapping[int, tuple[Sequence[Any], Any]]) -> dict[int, Along]:
        """The gradients of the atoms' forms along the coordinates."""
        atoms, known = dict[int, Along](), dict[int, Along]()
        for _, group in self._groups:
            for atom in group:
                forms = self._forms.atoms[atom].forms
                for form in forms:
                    if form not in known:
                        row = self._rows[form]
                        own = row if len(row) <= FEW else [(self._size + form, self._one)]
                        inner = [(atoms[one], number) for one, number in self._inner[form]]
                        known[form] = self._combined(own, inner) if inner else own
                if atom in self._nested:
                    slopes = found[atom][0]
                    atoms[atom] = self._combined(
                        [], [*zip([known[one] for one in forms], slopes, strict=True)]
                    )
        return known

    def _combined(self, own: Along, parts: Sequence[tuple[Along, Any]]) -> Along:
        """Own numbers plus numbers times those of each part."""
        total, one = dict(own), self._one
        for along, times in parts:
            for place, number in along:
                share = times if number is one else number if times is one else number * times
                total[place] = total[place] + share if place in total else share
        return sorted(total.items(), key=itemgetter(0))

    def _assembled(self, outer: Mapping[int, Mapping[int, Any]]) -> list[list[Any]]:
        size = self._size
        matrix = [[self._zero] * size for _ in range(size)]
        for b, line in outer.items():
            first = self._row(b)
            for c, number in line.items():
                second = first if b == c else self._row(c)
                for place, (i, one) in enumerate(first):
                    share = number * one
                    for j, other in second[place:] if b == c else second:
                        more = share * other
                        low, high = (i, j) if i <= j else (j, i)
                        matrix[low][high] = matrix[low][high] + (more + more if i == j and b != c else more)
        for i in range(size):
            for j in range(i):
                matrix[i][j] = matrix[j][i]
        return matrix

    def _row(self, coordinate: int) -> Along:
        """A coordinate's numbers along the variables."""
        return self._rows[coordinate - self._size] if coordinate >= self._size else [(coordinate, self._one)]


def _add_square(outer: dict[int, dict[int, Any]], number: Any, along: Along) -> None:
    """Second derivatives of a function of one form: number*g*gᵀ."""
    for place, (b, one) in enumerate(along):
        line, share = outer.setdefault(b, {}), number * one
        for c, other in along[place:]:
            line[c] = line[c] + share * other if c in line else share * other


def _add_product(outer: dict[int, dict[int, Any]], number: Any, first: Along, second: Along) -> None:
    """Second derivatives of a product of two forms: number*(g*hᵀ + h*gᵀ)."""
    for b, one in first:
        share = number * one
        for c, other in second:
            more = share * other
            low, high = (b, c) if b < c else (c, b)
            line = outer.setdefault(low, {})
            more = more + more if b == c else more
            line[high] = line[high] + more if high in line else more
