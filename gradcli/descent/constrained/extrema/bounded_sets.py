"""Is the set that constraints leave bounded? Shown term by term, or by a form of even degree that is positive."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flint import fmpq, fmpq_mpoly_ctx

from gradcli.calculus.critical.polynomials.polynomial_rings import ring
from gradcli.calculus.critical.polynomials.rational_functions import NotRational, read
from gradcli.descent.certificates.quadratic_forms import eliminated
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.parser.outputs import total

Terms = Mapping[tuple[int, ...], Any]


def is_bounded(constraints: Sequence[Constraint], given: Collection[str], names: Sequence[str]) -> bool:
    """Whether no point far from 0 keeps polynomial *constraints*; False where that is not shown."""
    return _bounded(polynomials_below(constraints, given, names), len(names))


def polynomials_below(
    constraints: Sequence[Constraint], given: Collection[str], names: Sequence[str]
) -> list[Terms]:
    """Polynomials in *names*, by their exponents, that are at most 0 where the constraints hold."""
    context = ring(fmpq_mpoly_ctx, names)
    below: list[Terms] = []
    for one in constraints:
        try:
            found = read(total([one.difference], given), context, {})
        except NotRational:
            continue
        if any(not d.is_constant() for d in found.divisors) or not found.below.is_constant():
            continue
        scale = next(iter(found.below.coeffs()))
        terms = {tuple(map(int, e)): c / scale for e, c in found.above.to_dict().items()}
        turned = {e: -c for e, c in terms.items()}
        below += [terms] if one.relation == "<=" else [turned] if one.relation == ">=" else [terms, turned]
    return below


def _bounded(below: Sequence[Terms], size: int) -> bool:
    """Whether polynomials that are at most 0 bound all variables: ends are found one after the other."""
    low, high = [False] * size, [False] * size
    changed = True
    while changed and not all(low + high):
        before = (list(low), list(high))
        for terms in below:
            _by_terms(terms, low, high)
            _by_form(terms, low, high)
        changed = before != (low, high)
    return all(low + high)


def _by_terms(terms: Terms, low: list[bool], high: list[bool]) -> None:
    """The terms of one variable alone are bounded above where all others are bounded below."""
    leading: dict[int, tuple[int, Any]] = {}
    mixed = []
    for exponents, coefficient in terms.items():
        inside = [i for i, e in enumerate(exponents) if e]
        if len(inside) == 1:
            i = inside[0]
            leading[i] = max(
                leading.get(i, (0, coefficient)), (exponents[i], coefficient), key=lambda a: a[0]
            )
        else:
            mixed.append((exponents, coefficient))
    for i, (power, coefficient) in leading.items():
        others = all(_ends_above(*leading[j], low[j], high[j]) for j in leading if j != i)
        if not others or not all(_is_bounded_below(e, c, low, high) for e, c in mixed):
            continue
        if power % 2 == 0 and coefficient > 0:
            low[i] = high[i] = True
        elif power % 2 == 1:
            (high if coefficient > 0 else low)[i] = True


def _ends_above(power: int, coefficient: Any, low: bool, high: bool) -> bool:
    """Whether a polynomial of one variable, by its leading term, is bounded below where the variable is."""
    return (high or coefficient > 0) and (low or (coefficient > 0) == (power % 2 == 0))


def _is_bounded_below(
    exponents: Sequence[int], coefficient: Any, low: Sequence[bool], high: Sequence[bool]
) -> bool:
    inside = [i for i, e in enumerate(exponents) if e]
    if all(low[i] and high[i] for i in inside):
        return True
    if coefficient > 0 and all(exponents[i] % 2 == 0 for i in inside):
        return True
    if len(inside) == 1 and exponents[inside[0]] % 2 == 1:
        return low[inside[0]] if coefficient > 0 else high[inside[0]]
    return False


def _by_form(terms: Terms, low: list[bool], high: list[bool]) -> None:
    """The terms of highest degree in the variables that are not bounded: a positive form bounds them."""
    free = [i for i in range(len(low)) if not (low[i] and high[i]) and any(e[i] for e in terms)]
    if not free:
        return
    degree = max(sum(e[i] for i in free) for e in terms)
    top = {e: c for e, c in terms.items() if sum(e[i] for i in free) == degree}
    if degree % 2 or any(sum(e) != degree for e in top):
        return
    if degree == 2:
        matrix = [[fmpq(0)] * len(free) for _ in free]
        for e, c in top.items():
            i, *rest = [k for k, place in enumerate(free) for _ in range(e[place])]
            j = rest[0]
            matrix[i][j] += c / 2
            matrix[j][i] += c / 2
        parts = eliminated(matrix)
        positive = not parts.rest and all(sign > 0 for sign in parts.signs)
    else:
        alone = {next(i for i in free if e[i]) for e, c in top.items() if c > 0 and max(e) == degree}
        even = all(c > 0 and all(k % 2 == 0 for k in e) for e, c in top.items())
        positive = even and alone == set(free)
    if positive:
        for i in free:
            low[i] = high[i] = True
