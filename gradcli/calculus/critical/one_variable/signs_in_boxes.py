"""Expression and a box → whether it is 0 nowhere in it."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any

from flint import arb

from gradcli.calculus.critical.boxes.gradient_enclosure import interval
from gradcli.calculus.graph.reverse_sweep import compile_value
from gradcli.calculus.intervals.box_enclosures import NOT_ZERO, enclosed

Box = Mapping[str, tuple[float, float]]


def is_never_zero(text: str, box: Box) -> bool:
    """Whether an expression is shown to be 0 nowhere in the box."""
    program = compile_value(text, list(box))
    point = [_side(*box[name]) for name in program.variables]
    return enclosed(program, point).signs[program.value] in NOT_ZERO


def _side(low: float, high: float) -> Any:
    """The numbers from one end to the other, which may be infinite."""
    return arb(0, arb("inf")) if inf in (-low, high) else interval(low, high)
