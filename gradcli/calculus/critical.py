"""Where the gradient vanishes, and what the Hessian says about each such point.

Exactly where sympy can solve; in a box also numerically, from many starts. Every point is checked with f as it
was typed: where that has no value or no gradient there is no critical point. What was not proved is said.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.calculus import floats
from gradcli.calculus.eigen import definiteness, eigenvalues_in_digits
from gradcli.calculus.hessian import hessian_of
from gradcli.calculus.matrix import Matrix
from gradcli.calculus.newton import Square, Vector, zeros_in
from gradcli.calculus.stationary import solved_exactly
from gradcli.calculus.tabulate import tabulate
from gradcli.language.errors import DomainProblem

Box = Mapping[str, tuple[float, float]]

_KINDS = {"positive definite": "minimum", "negative definite": "maximum", "indefinite": "saddle"}

#: Digits of the check, how small the gradient must be there, and the eigenvalues taken for 0: exact and numeric.
DIGITS = 30
_SMALL = 1e-20
_ZERO_EXACT, _ZERO_NUMERIC = 1e-20, 1e-7


class Critical(NamedTuple):
    """One point where the gradient vanishes: exact texts (None: found as a number), f, kind, and the evidence."""

    at: dict[str, float]
    exact: dict[str, str | None] | None
    value: float
    kind: str
    eigenvalues: list[float]
    residual: float


class Found(NamedTuple):
    """All points found, whole families of them, whether it is proved that there are no others, and notes."""

    points: list[Critical]
    families: list[dict[str, str]]
    complete: bool
    notes: list[str]


def critical_points(
    texts: Sequence[str], given: Collection[str], names: Sequence[str], fixed: Mapping[str, str], box: Box
) -> Found:
    """The critical points along *names*; fixed: the other variables' values as texts. Raises what parsing raises."""
    matrix = hessian_of(texts, given, names, formulas=False)
    exact = solved_exactly(texts, given, names, fixed, box)
    others = {name: _value(text) for name, text in fixed.items()}
    points, notes = [], []
    for decimals, words in exact.points:
        if "" in decimals.values() or not _in_box({n: float(x) for n, x in decimals.items()}, box):
            continue
        point = _checked(matrix, decimals, others, words)
        if isinstance(point, str):
            notes.append(point)
        else:
            points.append(point)
    complete = exact.complete and not matrix.unknown
    if not complete:
        notes.append(f"that there are no others is not proved: {exact.why or 'a derivative is not known'}")
        if box and not matrix.unknown:
            points += _numeric(matrix, names, others, box, points)
    notes += _families(exact.families)
    return Found(sorted(points, key=lambda p: tuple(p.at.values())), exact.families, complete, notes)


def _value(text: str) -> str:
    from gradcli.calculus.compile import compile_value
    from gradcli.calculus.evaluate import evaluate_digits

    return str(evaluate_digits(compile_value(text), text, {}, DIGITS + 10).value)


def _families(families: Sequence[Mapping[str, str]]) -> list[str]:
    shown = (
        ", ".join(f"{name} = {text}" for name, text in family.items() if name != text) for family in families
    )
    return [f"the gradient vanishes on the whole of {text or 'the space'}: degenerate" for text in shown]


def _in_box(at: Mapping[str, float], box: Box) -> bool:
    return all(low <= at[name] <= high for name, (low, high) in box.items() if name in at)


def _checked(
    matrix: Matrix, decimals: Mapping[str, str], others: Mapping[str, str], words: dict[str, str | None]
) -> Critical | str:
    """The classified point, or why it is none."""
    place = ", ".join(f"{name} = {words[name] or text[:12]}" for name, text in decimals.items())
    try:
        numbers = tabulate(matrix, {**others, **decimals}, DIGITS)
    except DomainProblem:
        return f"{place} solves the equations, but f has no value there"
    if any(x is None for row in (numbers.values, *numbers.entries) for x in row):
        return f"{place} solves the equations, but f has no gradient or no Hessian there"
    residual = math.hypot(*(float(x) for x in numbers.values))
    if residual > _SMALL * (1 + max(abs(float(x)) for row in numbers.entries for x in row)):
        return f"{place} was suggested by sympy, but the gradient does not vanish there"
    return _classified(decimals, words, numbers, residual, _ZERO_EXACT)


def _classified(
    decimals: Mapping[str, str],
    words: dict[str, str | None] | None,
    numbers: Any,
    residual: float,
    zero: float,
) -> Critical:
    values = [float(x) for x in eigenvalues_in_digits(numbers.entries, DIGITS - 5)]
    kind = _KINDS.get(definiteness(values, zero), "degenerate")
    at = {name: float(text) for name, text in decimals.items()}
    value = float(numbers.first)
    # Below what the digits of the check can tell from 0.
    return Critical(at, words, value if abs(value) > _SMALL**2 else 0.0, kind, values, residual)


def _numeric(
    matrix: Matrix, names: Sequence[str], others: Mapping[str, str], box: Box, known: Sequence[Critical]
) -> list[Critical]:
    """The points that Newton's method finds in the box and that are not known yet."""
    order = list(matrix.program.variables)

    def field(x: Vector) -> tuple[Vector, Square] | None:
        place = {**{name: float(text) for name, text in others.items()}, **dict(zip(names, x, strict=True))}
        try:
            slots = floats.run(matrix.program, [place[name] for name in order])
        except (ValueError, ArithmeticError):
            return None
        gradient = [slots[i] for i in matrix.values]
        hessian = [[0.0 if i is None else slots[i] for i in row] for row in matrix.slots]
        return (
            (gradient, hessian)
            if all(math.isfinite(y) for row in (gradient, *hessian) for y in row)
            else None
        )

    found = []
    for x in zeros_in([box[name] for name in names], field):
        at = dict(zip(names, x, strict=True))
        if any(all(abs(p.at[n] - a) <= 1e-4 * (1 + abs(a)) for n, a in at.items()) for p in known):
            continue
        point = _polished(matrix, at, others)
        if point is not None:
            found.append(point)
    return found


def _polished(matrix: Matrix, at: Mapping[str, float], others: Mapping[str, str]) -> Critical | None:
    """The point after Newton steps in more digits, None where f has no gradient there after all."""
    from gradcli.calculus.wide import context

    mp = context(DIGITS + 10)
    x = {name: mp.mpf(number) for name, number in at.items()}
    for step in range(4):
        try:
            numbers = tabulate(matrix, {**others, **{n: mp.nstr(v, DIGITS) for n, v in x.items()}}, DIGITS)
        except DomainProblem:
            return None
        if any(y is None for row in (numbers.values, *numbers.entries) for y in row):
            return None
        residual = math.hypot(*(float(y) for y in numbers.values))
        decimals = {name: str(mp.nstr(value, DIGITS)) for name, value in x.items()}
        point = _classified(decimals, None, numbers, residual, _ZERO_NUMERIC)
        if step == 3 or residual == 0 or point.kind == "degenerate":
            return point
        hessian = mp.matrix([[mp.mpf(y) for y in row] for row in numbers.entries])
        moves = mp.lu_solve(hessian, mp.matrix([-mp.mpf(y) for y in numbers.values]))
        x = {name: value + move for (name, value), move in zip(x.items(), moves, strict=True)}
    return None
