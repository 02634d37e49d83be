"""A zero of a slope that is a multiple one, and an interval around it → whether it is the only zero there.

Where the k-th derivative of f is nowhere 0, the slope has at most k - 1 zeros, multiple ones counted as such (Rolle).
"""

from __future__ import annotations

from typing import Any

from gradcli.calculus.balls.ball_numbers import ball, exact
from gradcli.calculus.balls.programs.ball_backend import run, run_to_bits
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.critical.boxes.reduced_slopes import MOST_NODES, SMOOTH
from gradcli.language.parser import parse

#: The highest derivative that is looked at.
MOST_ORDER = 8


def only_zero(text: str, name: str, place: str, interval: Any) -> bool:
    """Whether the slope of the smooth expression *text* has no zero in *interval* but the exact one at *place*."""
    from gradcli.calculus.graph.reverse_sweep import compile_value
    from gradcli.calculus.symbolic.from_sympy import Unwritable, write
    from gradcli.calculus.symbolic.to_sympy import symbol, to_sympy

    expression = parse(text, [name])
    if expression.size > MOST_NODES or any(node.op not in SMOOTH for node in expression.nodes):
        return False
    try:
        derivative = to_sympy(expression).diff(symbol(name))
        for _ in range(2, MOST_ORDER + 1):
            program = compile_value(write(derivative), [name])
            given = [place] if program.variables else []
            here = run_to_bits(program, given, [program.value], 64)[program.value]
            if isinstance(here, Failure) or not exact(here) or here != 0:
                return False
            derivative = derivative.diff(symbol(name))
            program = compile_value(write(derivative), [name])
            there = run(program, [interval] if program.variables else [], 64)[program.value]
            if not isinstance(there, Failure) and not ball(there).contains(0):
                return True
    except (Unwritable, ValueError, TypeError, ArithmeticError, AttributeError, NotImplementedError):
        return False
    return False
