"""Where the gradient vanishes, and what the Hessian says about each such point.

Exactly where sympy can solve; in a box also numerically, from many starts. Every point is checked with f as it
was typed: where that has no value or no gradient there is no critical point. What was not proved is said.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from gradcli.calculus.backends.ball_numbers import ball
from gradcli.calculus.beside import looked_at
from gradcli.calculus.classify import DIGITS, NOTHING, Critical, classified, eigenvalues_of
from gradcli.calculus.hessian import hessian_of
from gradcli.calculus.matrix import Matrix
from gradcli.calculus.searched import MOST_DEGENERATE, searched
from gradcli.calculus.stationary import solved_exactly
from gradcli.language.errors import DomainProblem

Box = Mapping[str, tuple[float, float]]

#: With half of the digits, what vanishes shrinks by less than this.
_SHRINKS = 1e-8


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
            more, flat = _without_regions(searched(matrix, names, others, box, points))
            points += more
            notes += flat
    notes += _families(exact.families)
    return Found(sorted(points, key=lambda p: tuple(p.at.values())), exact.families, complete, notes)


def _without_regions(points: Sequence[Critical]) -> tuple[list[Critical], list[str]]:
    """The points without degenerate ones that fill a region, and a note about that."""
    flat = [point for point in points if point.kind == "degenerate"]
    if len(flat) <= MOST_DEGENERATE:
        return list(points), []
    place = ", ".join(f"{name} = {x:.6g}" for name, x in flat[0].at.items())
    note = f"the gradient vanishes on a whole region of the box, such as around {place}: degenerate"
    return [point for point in points if point.kind != "degenerate"], [note]


def _value(text: str) -> str:
    from gradcli.calculus.compile import compile_value
    from gradcli.calculus.evaluate import evaluate_digits

    return str(evaluate_digits(compile_value(text), text, {}, DIGITS).value)


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
    """The classified point, or why it is none.

    The point is looked at with all of its digits and with half of them: what is 0 there shrinks with the distance,
    what is not stays. So no size needs to be known in advance.
    """
    place = ", ".join(f"{name} = {words[name] or text[:12]}" for name, text in decimals.items())
    try:
        far = looked_at(matrix, {**others, **{n: _rounded(text) for n, text in decimals.items()}}, DIGITS)
        near = looked_at(matrix, {**others, **decimals}, DIGITS)
    except DomainProblem:
        return f"{place} solves the equations, but f has no value there"
    if any(x is None for numbers in (far, near) for row in (numbers.values, *numbers.entries) for x in row):
        return f"{place} solves the equations, but f has no gradient or no Hessian there"
    steepness = max(abs(ball(x)).mid() for row in near.entries for x in row)
    if any(
        abs(ball(x)) > max(abs(ball(y)) * _SHRINKS, NOTHING * (1 + ball(steepness)))
        for x, y in zip(near.values, far.values, strict=True)
    ):
        return f"{place} was suggested by sympy, but the gradient does not vanish there"
    values, before = eigenvalues_of(near), eigenvalues_of(far)
    size = max(1, *map(abs, values))
    values = [
        0.0 if abs(x) <= max(abs(y) * _SHRINKS, NOTHING * size) else x
        for x, y in zip(values, before, strict=True)
    ]
    return classified(decimals, words, near, values)


def _rounded(text: str) -> str:
    from gradcli.calculus.backends.decimals import decimal_text, rational

    return decimal_text(rational(text), DIGITS // 2 - 5)
