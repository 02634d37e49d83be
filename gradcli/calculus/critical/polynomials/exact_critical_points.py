"""Gradient → where it vanishes, exactly: all of it for quotients of polynomials, counted apart from any solver."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from gradcli.calculus.linear_algebra.second_derivative_test import Place
from gradcli.language.parser import parse

#: Exact texts longer than this are left out.
LONGEST = 60


class Exact(NamedTuple):
    """Zeros of the gradient; families: solutions that are no points, a text for each name (under `0` an equation);
    complete: that there are no others is proved; why: a sentence about what is not; counted: the size allowed a count.
    """

    places: list[Place]
    families: list[dict[str, str]]
    complete: bool
    why: str = ""
    counted: bool = True


def solve_gradient_exactly(
    texts: Sequence[str], given: Collection[str], names: Sequence[str], fixed: Mapping[str, str]
) -> Exact | None:
    """All points where the gradient along *names* vanishes; None where f is no quotient of polynomials over the rationals.

    fixed: values of other variables as texts of constants.
    """
    from gradcli.calculus.critical.polynomials.polynomial_systems import solved
    from gradcli.calculus.critical.polynomials.rational_functions import NotRational, system_of
    from gradcli.language.parser.outputs import total

    try:
        constants = {name: parse(text) for name, text in fixed.items()}
        system = system_of(total(texts, given), names, constants)
    except NotRational:
        return None
    found = solved(system)
    families = [{name: name for name in names}] if found.everywhere else []
    for surface in found.surfaces:
        families += _families(surface, names)
    families += [_space(space, names) for space in found.spaces]
    places = [place_of(root, names) for root in found.points]
    return Exact(places, families, found.complete, found.why, found.counted)


def place_of(root: Any, names: Sequence[str]) -> Place:
    """The point that a root is, with exact texts of the coordinates that have short ones."""

    @lru_cache(8)
    def coordinates(bits: int) -> list[Any]:
        """The root's coordinates to so many bits."""
        return list(root.at(bits)[: len(names)])

    words = {
        name: None if short is None else words_of(*short)
        for name, short in zip(names, root.short_roots(256), strict=False)
    }
    return Place(coordinates, words, root.multiplicity == 1)


def words_of(factor: Any, place: int) -> str | None:
    """A root of a polynomial of degree 1 or 2 in gradcli's language; None where that is long."""
    import sympy

    from gradcli.calculus.symbolic.from_sympy import Unwritable, write

    c = [sympy.Rational(int(x.p), int(x.q)) for x in factor.coeffs()]
    if len(c) == 2:
        value = -c[0] / c[1]
    else:
        sign = (-1 if place == 0 else 1) * (1 if c[2] > 0 else -1)
        value = sympy.expand((-c[1] + sign * sympy.sqrt(c[1] ** 2 - 4 * c[0] * c[2])) / (2 * c[2]))
    try:
        text = write(value)
    except (Unwritable, ValueError):
        return None
    return text if len(text) <= LONGEST else None


def _families(surface: Any, names: Sequence[str]) -> list[dict[str, str]]:
    """The zeros of a polynomial, solved for a variable that has degree 1 or 2 in it, else as an equation."""
    import sympy

    from gradcli.calculus.critical.polynomials.polynomial_rings import spelled
    from gradcli.calculus.symbolic.from_sympy import Unwritable, write
    from gradcli.calculus.symbolic.to_sympy import symbol

    symbols = [symbol(name) for name in names]
    whole = sympy.Add(*(
        sympy.Rational(int(c.p), int(c.q)) * sympy.Mul(*(s ** int(k) for s, k in zip(symbols, e, strict=True)))
        for e, c in surface.to_dict().items()
    ))  # fmt: skip
    try:
        for degree in (1, 2):
            for name, s in zip(names, symbols, strict=True):
                polynomial = sympy.Poly(whole, s)
                if polynomial.degree() == degree:
                    roots = _roots(polynomial.all_coeffs())
                    return [{n: write(root) if n == name else n for n in names} for root in roots]
        return [{"0": write(whole)}]
    except (Unwritable, ValueError):
        return [{"0": spelled(str(surface))}]


def _space(equations: Sequence[Any], names: Sequence[str]) -> dict[str, str]:
    """A linear space of solutions: each variable by those that are free."""
    from gradcli.calculus.critical.polynomials.quotient_algebra import groebner

    texts = {name: name for name in names}
    for polynomial in groebner(list(equations), names):
        lead = max(polynomial, key=lambda e: (sum(e), tuple(-k for k in reversed(e))))
        texts[names[lead.index(1)]] = _linear({e: -c for e, c in polynomial.items() if e != lead}, names)
    return texts


def _linear(terms: Mapping[tuple[int, ...], Any], names: Sequence[str]) -> str:
    import sympy

    from gradcli.calculus.symbolic.from_sympy import write
    from gradcli.calculus.symbolic.to_sympy import symbol

    whole = sympy.Add(*(
        sympy.Rational(int(c.p), int(c.q)) * (symbol(names[e.index(1)]) if any(e) else 1) for e, c in terms.items()
    ))  # fmt: skip
    return str(write(whole))


def _roots(c: Sequence[Any]) -> list[Any]:
    import sympy

    if len(c) == 2:
        return [sympy.expand(-c[1] / c[0])]
    root = sympy.sqrt(sympy.factor(c[1] ** 2 - 4 * c[0] * c[2]))
    return [sympy.expand((-c[1] + sign * root) / (2 * c[0])) for sign in (-1, 1)]
