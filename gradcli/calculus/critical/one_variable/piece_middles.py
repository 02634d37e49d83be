"""A place between the ends of a piece, and what a text is there."""

from __future__ import annotations

from typing import Any

from flint import arb

from gradcli.calculus.balls.programs.ball_backend import run_to_bits
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.critical.one_variable.breakpoints import Breakpoint
from gradcli.calculus.graph.reverse_sweep import compile_value

Ends = tuple[Breakpoint | None, Breakpoint | None]


def between(ends: Ends) -> Any:
    """A rational between two ends."""
    low, high = ends
    if low is None and high is None:
        middle = arb("0.31")
    elif low is None or high is None:
        only = low or high
        assert only is not None  # noqa: S101
        middle = only.ball.mid() + (1 + abs(only.ball.mid())) * (1 if high is None else -1)
    else:
        middle = (low.ball.mid() + high.ball.mid()) / 2
    return arb(middle.mid()).mid()


def sign_at(name: str, middle: Any, seam: str) -> int:
    """The sign of a text at a place; 0 where it has none, or no value."""
    program = compile_value(seam, [name])
    point = [middle] if program.variables else []
    value = run_to_bits(program, point, [program.value], 16)[program.value]
    if isinstance(value, Failure):
        return 0
    return int(value > 0) - int(value < 0)


def has_value(text: str, name: str, middle: Any) -> bool:
    """Whether a text has a value at a place."""
    program = compile_value(text, [name])
    point = [middle] if program.variables else []
    return not isinstance(run_to_bits(program, point, [program.value], 16)[program.value], Failure)
