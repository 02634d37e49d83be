"""A point where the gradient vanishes → what the certain signs of its Hessian's eigenvalues say about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.calculus.balls.ball_numbers import ZERO, ball, exact, working_bits
from gradcli.calculus.balls.decimals import nearest_double
from gradcli.calculus.balls.programs.ball_backend import run
from gradcli.calculus.balls.programs.ball_operations import Failure, undecided
from gradcli.calculus.corners.table_in_balls import run_table
from gradcli.calculus.linear_algebra.eigenvalue_enclosures import eigenvalues_of
from gradcli.calculus.linear_algebra.hessian_inertia import rows_of
from gradcli.calculus.linear_algebra.inertia import Inertia, inertia_of
from gradcli.calculus.linear_algebra.spectrum import spectrum_at
from gradcli.calculus.program.derivative_table import Matrix
from gradcli.calculus.program.point_answer import Value
from gradcli.language.errors import DomainProblem

_KINDS = {"positive definite": "minimum", "negative definite": "maximum", "indefinite": "saddle"}

#: Bits in which a root is looked at, the most where a sign is open that cannot be 0; what is shown as 0.
_BITS, _MOST_BITS, NOTHING = 320, 20_480, 1e-40

#: Of zeros of what f is on a piece, or of its slopes in another form.
_NO_GRADIENT = "solves the equations, but f has no gradient there as it is written"


class Critical(NamedTuple):
    """One point where the gradient vanishes: exact texts (None: found as a number), f, kind, and the evidence.

    proved: that the gradient vanishes there, or within the digits shown, is certain, and so is the kind.
    """

    at: dict[str, float]
    exact: dict[str, str | None] | None
    value: float
    kind: str
    eigenvalues: list[float]
    residual: float
    proved: bool = True


class Place(NamedTuple):
    """A zero of the gradient, proved to be one: its coordinates to so many bits, as rationals or balls.

    words: exact texts, None for a coordinate without one; None altogether for a zero that was found as a number.
    regular: whether the Hessian is regular there, for certain.
    """

    coordinates: Callable[[int], Sequence[Any]]
    words: dict[str, str | None] | None
    regular: bool


def second_derivative_test(
    matrix: Matrix, names: Sequence[str], others: Mapping[str, str], place: Place
) -> Critical | str:
    """What is at a zero of the gradient, or why f has no gradient there after all."""
    if place.words and all(place.words.values()):
        known = at_texts(matrix, {n: text or "" for n, text in place.words.items()}, others)
        return known if isinstance(known, str) else known._replace(proved=True)
    bits = _BITS
    while True:
        found = place.coordinates(bits)
        given = {**others, **dict(zip(names, found, strict=True))}
        slots = run(matrix.program, [given[name] for name in matrix.program.variables], bits)
        rows = rows_of(matrix, slots)
        value, slopes = slots[matrix.program.value], [slots[slot] for slot in matrix.values]
        if _fails(value):
            return f"{_named(names, found)} solves the equations, but f has no value there"
        if any(map(_fails, slopes)):
            return f"not decided: {_named(names, found)} {_NO_GRADIENT}"
        if any(not isinstance(x, Failure) and not ball(x).contains(0) for x in slopes):
            return f"{_named(names, found)} was suggested, but the gradient does not vanish there"
        numbers = [value, *slopes, *(x for row in rows for x in row)]
        if any(map(_fails, numbers)) and not any(isinstance(x, Failure) for x in (value, *slopes)):
            return _critical(names, found, place, value, "degenerate", [])
        if not any(isinstance(x, Failure) for x in numbers):
            with working_bits(bits):
                inertia = inertia_of(rows)
            if not (inertia.undecided and place.regular):
                break
        if bits >= _MOST_BITS:
            return f"not decided: what is at {_named(names, found)}, which solves the equations"
        bits *= 2
    return _critical(names, found, place, value, _kind(inertia), eigenvalues_of(rows, bits))


def _fails(x: Any) -> bool:
    """Whether there is no number, however many digits are computed."""
    return isinstance(x, Failure) and not undecided(x)


def _critical(
    names: Sequence[str], found: Sequence[Any], place: Place, value: Any, kind: str, eigenvalues: Sequence[Any]
) -> Critical:  # fmt: skip
    at = {name: nearest_double(x) for name, x in zip(names, found, strict=True)}
    shown = sorted(float(_or_nothing(x)) for x in eigenvalues)
    return Critical(at, place.words, nearest_double(_or_nothing(value)), kind, shown, 0.0)


def _or_nothing(x: Any) -> Any:
    """The number; 0 for a ball that holds it and hardly more."""
    return ZERO if not exact(x) and x.contains(0) and abs(x) < NOTHING else x


def _kind(inertia: Inertia) -> str:
    return _KINDS.get(inertia.word or "", "degenerate")


def _named(names: Sequence[str], found: Sequence[Any]) -> str:
    return ", ".join(f"{name} = {float(ball(x).mid()):.10g}" for name, x in zip(names, found, strict=True))


def at_texts(matrix: Matrix, texts: Mapping[str, str], others: Mapping[str, str]) -> Critical | str:
    """What is at a point of exact texts, or why it is no zero of the gradient."""
    point = {**others, **{name: typed(text) for name, text in texts.items()}}
    place = ", ".join(f"{name} = {text}" for name, text in texts.items())
    try:
        numbers = run_table(matrix, point, 60)
    except DomainProblem:
        return f"{place} solves the equations, but f has no value there"
    if any(x is None for x in numbers.values):
        return f"not decided: {place} {_NO_GRADIENT}"
    if any(not (x == 0 if exact(x) else x.contains(0) or abs(x) < NOTHING) for x in numbers.values):
        return f"{place} was suggested, but the gradient does not vanish there"
    at = {name: _double(text) for name, text in texts.items()}
    value = nearest_double(_or_nothing(numbers.first))
    proved = all(exact(x) for x in numbers.values)
    if any(
        x is None for row in numbers.entries for x in row
    ):  # no second derivatives: nothing is said by them
        return Critical(at, dict(texts), value, "degenerate", [], 0.0, proved)
    found = spectrum_at(matrix, point)
    if found is None:
        return f"not decided: what is at {place}, which solves the equations"
    eigenvalues = [float(x or 0) for x in found.eigenvalues]
    kind = _KINDS.get(found.definiteness, "degenerate")
    return Critical(at, dict(texts), value, kind, eigenvalues, 0.0, proved)


def typed(text: str) -> Value:
    """A constant expression as a number that remembers it."""
    from gradcli.calculus.program.typed_numbers import TypedFloat

    return TypedFloat(_double(text), text)


def _double(text: str) -> float:
    from gradcli.calculus.balls.programs.given_numbers import number_of

    return nearest_double(number_of(text, 128))
