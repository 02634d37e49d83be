"""Hessian and point → its eigenvalues to as many right digits as are shown, what their signs say, its condition number.

Matrices that fall into parts of one or two rows are decided in whole numbers where floats are sure of the entries;
all others in balls, whose precision doubles until every eigenvalue is narrow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.calculus.linear_algebra import block_spectrum
from gradcli.calculus.program.derivative_table import Matrix
from gradcli.calculus.program.point_answer import Note, Value
from gradcli.language.records import NamedTuple

#: Bits times rows cubed beyond which eigenvalues are not narrowed: ten seconds' work.
_MOST_WORK = 2**29

#: Bits in which eigenvalues are bounded that no precision told from 0.
_OPEN = 1024


class Spectrum(NamedTuple):
    """The eigenvalues in ascending order, what they say, and the ratio of the largest to the smallest in size.

    definiteness: `positive definite`, `negative definite`, `indefinite`, `positive semidefinite`, `negative
    semidefinite`, `zero`, or `not decided`. condition: infinite where an eigenvalue is 0, None where that is not decided.
    notes: what is not decided, with bounds.
    """

    eigenvalues: tuple[Value | None, ...]
    definiteness: str
    condition: Value | None
    notes: tuple[Note, ...] = ()


def spectrum_at(matrix: Matrix, point: Mapping[str, Value], digits: int = 15) -> Spectrum | None:
    """The spectrum of a Hessian at *point*: floats, or decimal texts where more than 15 digits are asked for.

    What is beyond the range of floats is a decimal text as well. None where an entry has no number.
    """
    if digits <= 15 and (found := block_spectrum.spectrum(matrix, point)) is not None:
        return Spectrum(*found)
    return _in_balls(matrix, point, None if digits <= 15 else digits)


def _in_balls(matrix: Matrix, point: Mapping[str, Value], digits: int | None) -> Spectrum | None:
    from gradcli.calculus.balls.programs.ball_backend import most_bits
    from gradcli.calculus.evaluation.gradient_at_point import bits_of
    from gradcli.calculus.linear_algebra.eigenvalue_enclosures import enclosed
    from gradcli.calculus.linear_algebra.hessian_inertia import inertia_at

    inertia = inertia_at(matrix, point)
    if inertia is None:
        return None
    most = min(most_bits(matrix.program), _MOST_WORK // max(len(matrix.columns), 1) ** 3)
    if inertia.undecided:
        most = min(most, _OPEN)
    most = max(most, 16 * (digits or 0))
    values = enclosed(matrix, point, inertia, bits_of(digits), most)
    notes = []
    shown: list[Value | None] = []
    for value in values:
        number, note = _shown(value, digits)
        shown.append(number)
        notes += note
    word = inertia.word
    if word is None:
        notes.append(_open_sign(values))
    return Spectrum(
        tuple(shown), word or "not decided", _condition(values, digits, bool(inertia.zero)), tuple(notes)
    )


def _shown(value: Any, digits: int | None) -> tuple[Value | None, list[Note]]:
    """An eigenvalue as it is printed; 0 with a bound where it cannot be told from 0, None where its digits do not settle."""
    from gradcli.calculus.balls.ball_numbers import exact
    from gradcli.calculus.balls.decimals import size_text

    if exact(value) or value.rel_accuracy_bits() >= 64:
        return _number(value, digits), []
    if not value.contains(0):
        return None, [
            Note("eigenvalues", f"the digits of an eigenvalue near {float(value.mid()):.3g} do not settle")
        ]
    bound = size_text(value)
    message = f"an eigenvalue is 0, or less than {bound} in absolute value: not decided"
    return (0.0 if digits is None else "0"), [Note("eigenvalues", message)]


def _number(value: Any, digits: int | None) -> Value:
    from gradcli.calculus.balls.decimals import decimal_text, nearest_double

    if digits is None:
        number = nearest_double(value)
        if value == 0 or 1e-300 < abs(number) < 1e308:
            return number
    return decimal_text(value, digits or 15)


def _condition(values: Sequence[Any], digits: int | None, singular: bool) -> Value | None:
    from gradcli.calculus.balls.ball_numbers import ball, exact, working_bits

    if singular or not values:
        return float("inf")
    with working_bits(4 * (digits or 15) + 128):
        if any(not exact(x) and x.contains(0) for x in values):
            return None
        sizes = [abs(x) if exact(x) else abs(ball(x)) for x in values]
        smallest, largest = (chosen(sizes, key=_middle) for chosen in (min, max))
        quotient = (
            largest / smallest if exact(largest) and exact(smallest) else ball(largest) / ball(smallest)
        )
        return _shown(quotient, digits)[0]


def _middle(x: Any) -> Any:
    from gradcli.calculus.balls.ball_numbers import ball

    return ball(x).mid()


def _open_sign(values: Sequence[Any]) -> Note:
    from gradcli.calculus.balls.ball_numbers import ball

    low = ball(values[0])
    ends = f"{float(low.lower()):.3g} and {float(low.upper()):.3g}"
    return Note("eigenvalues", f"definiteness is not decided: the smallest eigenvalue is between {ends}")
