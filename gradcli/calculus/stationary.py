"""Gradient → where it vanishes exactly, by sympy, with what that proves about completeness."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.calculus.budget import OutOfTime, seconds

#: Seconds that sympy may take to solve; digits to which its answers are turned into decimals.
BUDGET, DIGITS = 8.0, 50

#: Exact texts longer than this are left out.
LONGEST = 60

#: Of a family such as 2*n*pi, the members n = -REPEATS … REPEATS are shown without a box.
REPEATS = 1


class Exact(NamedTuple):
    """Solutions as pairs of decimals and exact texts (None: no words for it) by name; families: solutions that are no
    points; complete: that there are no others is proved; why: a sentence about what is not.
    """

    points: list[tuple[dict[str, str], dict[str, str | None]]]
    families: list[dict[str, str]]
    complete: bool
    why: str


def solved_exactly(
    texts: Sequence[str],
    given: Collection[str],
    names: Sequence[str],
    fixed: Mapping[str, str],
    box: Mapping[str, tuple[float, float]],
) -> Exact:
    """The points where the gradient along *names* vanishes, as far as sympy gets within BUDGET.

    fixed: values of other variables as texts of constants. box: where to look at repeating solutions.
    """
    try:
        with seconds(BUDGET):
            return _solved(texts, given, names, fixed, box)
    except OutOfTime:
        return Exact([], [], False, "sympy took too long to solve for them exactly")
    except (ValueError, TypeError, ArithmeticError, AttributeError, RecursionError, NotImplementedError, KeyError,
            IndexError, AssertionError):  # fmt: skip
        return Exact([], [], False, "sympy could not solve for them exactly")


def _solved(
    texts: Sequence[str],
    given: Collection[str],
    names: Sequence[str],
    fixed: Mapping[str, str],
    box: Mapping[str, tuple[float, float]],
) -> Exact:
    from gradcli.calculus.compile import total
    from gradcli.calculus.formulas import MOST_NODES
    from gradcli.calculus.symbolic import symbol, to_sympy
    from gradcli.language.parser import parse

    expression = total(texts, given)
    if len(expression.nodes) > MOST_NODES:
        raise ValueError("too long")
    values = {symbol(name): to_sympy(parse(text)) for name, text in fixed.items()}
    whole = to_sympy(expression).subs(values)
    symbols = [symbol(name) for name in names]
    slopes = [whole.diff(s) for s in symbols]
    if len(symbols) == 1:
        return _one(slopes[0], symbols[0], box.get(names[0]))
    return _several(slopes, symbols)


def _one(slope: Any, x: Any, interval: tuple[float, float] | None) -> Exact:
    """One variable: every real root of a rational function, else what solveset proves."""
    import sympy

    if slope == 0:
        return Exact([], [{str(x): str(x)}], True, "")
    top = sympy.fraction(sympy.together(slope))[0]
    if top.is_polynomial(x) and all(c.is_rational for c in sympy.Poly(top, x).all_coeffs()):
        roots = dict.fromkeys(sympy.Poly(top, x).real_roots()) if top.has(x) else {}
        return Exact([_point([x], [_radical(root)]) for root in roots], [], True, "")
    domain = (
        sympy.S.Reals
        if interval is None
        else sympy.Interval(*(sympy.Rational(repr(end)) for end in interval))
    )
    found = sympy.solveset(slope, x, domain)
    points, complete = _members(found)
    why = "" if complete else "sympy does not find all of them exactly"
    if any(isinstance(part, sympy.ImageSet) for part in getattr(found, "args", ()) or ()) or isinstance(
        found, sympy.ImageSet
    ):
        why = "they repeat without end; a box such as --box x=-10:10 bounds them"
    return Exact([_point([x], [p]) for p in points], [], complete, why)


def _radical(root: Any) -> Any:
    """A root in radicals, where it has degree 2 at most: longer ones tell nobody anything."""
    import sympy

    if isinstance(root, sympy.CRootOf) and sympy.degree(root.poly) <= 2:
        return root.doit()
    return root


def _members(found: Any) -> tuple[list[Any], bool]:
    """The points of a set, and whether those are all: of an infinite one only its first members."""
    import sympy

    if found is sympy.S.EmptySet:
        return [], True
    if isinstance(found, sympy.FiniteSet):
        return list(found), True
    if isinstance(found, sympy.ImageSet):
        return [found.lamda(n) for n in range(-REPEATS, REPEATS + 1)], False
    if isinstance(found, sympy.Union):
        parts = [_members(part) for part in found.args]
        return [p for points, _ in parts for p in points], all(complete for _, complete in parts)
    return [], False


def _several(slopes: Sequence[Any], symbols: Sequence[Any]) -> Exact:
    """Several variables: polynomial systems completely, others as far as sympy's solver gets."""
    import sympy

    tops = [sympy.fraction(sympy.together(slope))[0] for slope in slopes]
    polynomial = all(top.is_polynomial(*symbols) for top in tops)
    solutions = sympy.solve(tops if polynomial else slopes, symbols, dict=True)
    points, families = [], []
    for solution in solutions:
        values = [solution.get(s, s) for s in symbols]
        if any(value.has(*symbols) for value in values):
            families.append({str(s): _text(value) or "?" for s, value in zip(symbols, values, strict=True)})
        else:
            points.append(_point(symbols, values))
    linear = polynomial and all(sympy.Poly(top, *symbols).total_degree() <= 1 for top in tops)
    complete = linear or (polynomial and not families and _finite(tops, symbols))
    return Exact(points, families, complete, "" if complete else "sympy's solver may leave some out")


def _finite(tops: Sequence[Any], symbols: Sequence[Any]) -> bool:
    """Whether a polynomial system has finitely many complex solutions: then the solver finds them all."""
    import sympy

    nonzero = [top for top in tops if top != 0]
    basis = sympy.groebner(nonzero, *symbols)
    return bool(basis.exprs == [1] or basis.is_zero_dimensional)


def _point(symbols: Sequence[Any], values: Sequence[Any]) -> tuple[dict[str, str], dict[str, str | None]]:
    decimals = {str(s): _decimal(value) for s, value in zip(symbols, values, strict=True)}
    return decimals, {str(s): _text(value) for s, value in zip(symbols, values, strict=True)}


def _decimal(value: Any) -> str:
    """A real number to DIGITS digits; empty for a number that is not real."""
    import sympy

    number = sympy.N(value, DIGITS)
    real, imaginary = number.as_real_imag()
    if not (real.is_Float or real.is_Integer or real.is_Rational) or abs(imaginary) > sympy.Float(10) ** (
        10 - DIGITS
    ):
        return ""
    return str(real)


def _text(value: Any) -> str | None:
    import sympy

    from gradcli.calculus.writing import Unwritable, write

    if value.has(sympy.I, sympy.CRootOf):
        return None
    try:
        text = write(value)
    except (Unwritable, ValueError):
        return None
    return text if len(text) <= LONGEST else None
