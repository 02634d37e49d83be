"""Seam of one variable → its zeros and poles: all where it is a quotient of polynomials, else those in an interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flint import fmpq_mpoly_ctx

from gradcli.calculus.balls.ball_numbers import ball
from gradcli.calculus.critical.boxes.bisection import Box, search
from gradcli.calculus.critical.boxes.exact_names import guesses
from gradcli.calculus.critical.boxes.gradient_enclosure import Field
from gradcli.calculus.critical.polynomials.exact_critical_points import words_of
from gradcli.calculus.critical.polynomials.polynomial_rings import ring
from gradcli.calculus.critical.polynomials.polynomial_systems import solved
from gradcli.calculus.critical.polynomials.rational_functions import NotRational, System, read
from gradcli.calculus.tables.jacobian_table import jacobian_of
from gradcli.language.parser import parse

#: Bits of a breakpoint that has no exact text.
_BITS = 1_200


class Breakpoint(NamedTuple):
    """A place between two pieces: a tiny ball, and its exact text where it has one."""

    ball: Any
    word: str | None


class Zeros(NamedTuple):
    """The zeros of a seam; everywhere: whether these are all there are, and not only those in the interval that was
    searched; undecided: boxes in which there may be more.
    """

    places: list[Breakpoint]
    everywhere: bool
    undecided: Sequence[Box] = ()


def zeros_of(text: str, name: str, interval: tuple[float, float], most: int) -> Zeros:
    """The zeros of the seam *text*, a smooth expression, and its poles."""
    context = ring(fmpq_mpoly_ctx, [name])
    try:
        found = read(parse(text, [name]), context, {})
    except NotRational:
        return _in_interval(text, name, interval, most)
    whole = found.above
    for pole in found.divisors:  # its sign may change there as well
        whole = whole * pole
    if whole.is_constant():
        return Zeros([], True)
    roots = solved(System((name,), (whole,), ())).points
    places = []
    for root in roots:
        short = root.short_roots(256)[0]
        places.append(Breakpoint(ball(root.at(_BITS)[0]), None if short is None else words_of(*short)))
    return Zeros(places, True)


def _in_interval(text: str, name: str, interval: tuple[float, float], most: int) -> Zeros:
    table = jacobian_of([text], [name], [name], formulas=False)
    if table.unknown:
        return Zeros([], False, [(interval,)])
    found = search(Field(table, [name], {}), [interval], most, bits=_BITS)
    return Zeros(
        [Breakpoint(zero[0], _word(text, name, zero[0])) for zero in found.zeros], False, found.undecided
    )


def _word(text: str, name: str, zero: Any) -> str | None:
    """An exact text of a zero at which the seam is shown to vanish."""
    from gradcli.calculus.balls.programs.ball_backend import run_to_bits
    from gradcli.calculus.graph.reverse_sweep import compile_value

    program = compile_value(text, [name])
    for guess in guesses(zero):
        value = run_to_bits(program, [guess], [program.value], 64)[program.value]
        if value == 0:
            return guess
    return None
