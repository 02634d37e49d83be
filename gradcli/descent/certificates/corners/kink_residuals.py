"""What an instruction with a corner, a cusp, a jump or an end of the domain is beside, as a number that vanishes there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import ball
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.descent.objective.objective_in_balls import ObjectiveInBalls, Point

Residual = Callable[..., Any]


class Kink(NamedTuple):
    """An instruction, the slots of its arguments, its residual, and how f goes on beside it.

    kind: corner (slopes below and above the residual's 0, as far as the instruction's own result goes), root (infinitely
    steep), edge (a root at the end of its domain), jump, or pole. scale: the power of two that residuals are multiplied by.
    """

    slot: int
    op: str
    places: tuple[int, ...]
    kind: str
    distance: float = 0.0
    scale: int = 0


def _difference(a: Any, b: Any) -> Any:
    return ball(a) - ball(b)


def _first(a: Any, *_: Any) -> Any:
    return ball(a)


def _to_integer(a: Any) -> Any:
    return ball(a) - arb(nearest_integer(a))


def nearest_integer(a: Any) -> int:
    """The integer nearest to the middle of a number."""
    found = (ball(a).mid() + arb(fmpq(1, 2))).mid().floor().unique_fmpz()
    return int(found) if found is not None else 0


def _quotient(a: Any, b: Any) -> Any:
    return _to_integer(ball(a) / ball(b))


def _to_one(a: Any) -> Any:
    return abs(ball(a)) - 1


def _squares(a: Any, b: Any) -> Any:
    return ball(a) * ball(a) + ball(b) * ball(b)


#: The residual of each instruction, and what is there.
RESIDUALS: Mapping[str, tuple[str, Residual]] = {
    **dict.fromkeys(("abs", "relu", "leaky_relu", "elu"), ("corner", _first)),
    **dict.fromkeys(("max", "min"), ("corner", _difference)),
    **dict.fromkeys(("cbrt", "root", "pow", "sqrt"), ("root", _first)), "hypot": ("root", _squares),
    **dict.fromkeys(("acos", "asin", "asec", "acsc"), ("edge", _to_one)), "acosh": ("edge", lambda a: ball(a) - 1),
    **dict.fromkeys(("sign", "heaviside"), ("jump", _first)), **dict.fromkeys(("lt", "le", "eq", "ne"), ("jump", _difference)),
    **dict.fromkeys(("floor", "ceil"), ("jump", _to_integer)), "mod": ("jump", _quotient),
    **dict.fromkeys(("log", "log2", "log10"), ("pole", _first)), "log1p": ("pole", lambda a: ball(a) + 1),
    "div": ("pole", lambda a, b: ball(b)), "atanh": ("pole", _to_one),
}  # fmt: skip


def residual(kink: Kink, slots: Sequence[Any]) -> Any:
    """The kink's residual at a point; None where its arguments have no value."""
    arguments = [slots[place] for place in kink.places]
    if any(isinstance(argument, Failure) for argument in arguments):
        return None
    found = RESIDUALS[kink.op][1](*arguments)
    return ball(found) * arb(2) ** kink.scale if kink.scale else found


def _zero(*_: Any) -> Any:
    return fmpq(0)


def settled(at: ObjectiveInBalls, x: Point, kinks: Sequence[Kink]) -> dict[tuple[int, ...], Any]:
    """What the kinks' instructions result in where their residuals are 0, whatever rounding left of them at *x*."""
    facts: dict[tuple[int, ...], Any] = {}
    for kink in sorted(kinks, key=lambda kink: kink.slot):
        slots = at.slots(x, facts)
        if kink.kind == "pole" or any(isinstance(slots[place], Failure) for place in kink.places):
            continue
        at_zero: Callable[..., Any] = _AT.get(kink.op, _zero)
        facts[kink.slot,] = at_zero(*(slots[place] for place in kink.places))
    return facts


_AT: Mapping[str, Callable[..., Any]] = {
    "max": lambda a, b: a, "min": lambda a, b: a, "le": lambda a, b: fmpq(1), "eq": lambda a, b: fmpq(1),
    "heaviside": lambda a: fmpq(1, 2), "floor": lambda a: fmpq(nearest_integer(a)), "ceil": lambda a: fmpq(nearest_integer(a)),
    "acos": lambda a: fmpq(0) if ball(a) > 0 else arb.pi(), "asin": lambda a: arb.pi() / 2 if ball(a) > 0 else -arb.pi() / 2,
    "asec": lambda a: fmpq(0) if ball(a) > 0 else arb.pi(), "acsc": lambda a: arb.pi() / 2 if ball(a) > 0 else -arb.pi() / 2,
}  # fmt: skip
