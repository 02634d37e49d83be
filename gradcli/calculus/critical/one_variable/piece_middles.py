"""Places between the ends of a piece, and what a text is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flint import arb

from gradcli.calculus.balls.programs.ball_backend import run_to_bits
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.critical.one_variable.breakpoints import Breakpoint
from gradcli.calculus.critical.one_variable.poles import poles_of
from gradcli.calculus.graph.reverse_sweep import compile_value
from gradcli.language.parser import parse

#: Where a piece is looked at, as shares of its length.
_SHARES = (0.5, 0.3141, 0.7183, 0.0577, 0.9163)

Ends = tuple[Breakpoint | None, Breakpoint | None]


class NoValue(Exception):
    """A seam has no value between two ends."""


def between(ends: Ends, interval: tuple[float, float]) -> list[Any]:
    """Some numbers between two ends, none of which is a place of its own; in the interval where it reaches in there."""
    low, high = (None if end is None else end.ball.mid() for end in ends)
    least, most = map(arb, interval)
    if low is None:
        low = least if high is None or high > least else high - 1 - abs(high)
    if high is None:
        high = most if low < most else low + 1 + abs(low)
    return [arb((low + (high - low) * share).mid()).mid() for share in _SHARES]


def sign_between(name: str, places: Sequence[Any], seam: str) -> tuple[int, bool]:
    """The sign of a text at those of the places where it has one, and whether it is shown to be the same between them.

    It is 0 where the text is 0 at all of them. Raises NoValue where it has none at any of them.
    """
    known = poles_of(parse(seam, [name])) is not None
    values = [value for value in _values(seam, name, places) if not isinstance(value, Failure)]
    if not values and known:
        raise NoValue
    signs = [sign for sign in (int(value > 0) - int(value < 0) for value in values) if sign]
    return (signs[0] if signs else 0), known and len(set(signs)) < 2


def has_value(text: str, name: str, places: Sequence[Any]) -> bool:
    """Whether a text has a value at one of the places at least."""
    return any(not isinstance(value, Failure) for value in _values(text, name, places))


def _values(text: str, name: str, places: Sequence[Any]) -> Iterator[Any]:
    program = compile_value(text, [name])
    for place in places:
        point = [place] if program.variables else []
        yield run_to_bits(program, point, [program.value], 16)[program.value]
