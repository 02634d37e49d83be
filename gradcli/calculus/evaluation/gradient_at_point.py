"""Program and point → value and gradient, or the reason why there is none.

Floats first, with a bound of their error. Where that leaves fewer than fourteen digits, where a float operation fails
or overflows, and where more digits are asked for, the program runs in balls (`gradcli.calculus.balls.programs.ball_backend`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.calculus.backends import float_backend
from gradcli.calculus.backends.rounding_error import digits_may_be_lost, input_errors
from gradcli.calculus.program.point_answer import Answer, Value
from gradcli.calculus.program.program import Program

#: Right bits of a number from which the nearest double, or a decimal, is made; more than that for each decimal digit.
DOUBLE_BITS, SPARE_BITS = 110, 60


def evaluate(program: Program, text: str, point: Mapping[str, Value], corner: str = "none") -> Answer:
    """f and its gradient at *point*, as the floats nearest to the truth, or as floats with fourteen right digits.

    point: a typed number as its text or as a float with the `text` that it was typed as; any other float is its double.
    corner: what to answer where a derivative has a corner (`gradcli.calculus.corners.kinks.RULES`).
    Raises DomainProblem where f has no value, with the sub-expression's place in *text*.
    """
    given = [point[name] for name in program.variables]
    numbers = [float(x) for x in given]
    outputs = outputs_of(program)
    try:
        slots = float_backend.run(program, numbers)
    except (ValueError, ArithmeticError):
        return _in_balls(program, text, point, corner)
    if all(math.isfinite(slots[slot]) for slot in outputs):
        if not digits_may_be_lost(program, slots, outputs, input_errors(given, numbers)):
            return Answer(slots[program.value], _partials(program, slots))
        from gradcli.calculus.backends.compiled_error_bound import in_rationals

        quotients = in_rationals(program, given, outputs)
        if quotients is not None:
            exact = dict(zip(outputs, quotients, strict=True))
            return Answer(exact[program.value], _partials(program, exact))
    return _in_balls(program, text, point, corner)


def outputs_of(program: Program) -> list[int]:
    """The slots of f and of its partials."""
    return [program.value, *(slot for slot in program.gradient if slot is not None)]


def evaluate_digits(
    program: Program, text: str, point: Mapping[str, Value], digits: int, corner: str = "none"
) -> Answer:
    """f and its gradient to *digits* significant digits, all of them right, as decimal texts.

    Raises DomainProblem as `evaluate` does, and where the digits do not settle.
    """
    return _in_balls(program, text, point, corner, digits)


def _partials(program: Program, slots: Sequence[Any] | Mapping[int, Any]) -> dict[str, Any]:
    named = zip(program.variables, program.gradient, strict=True)
    return {name: None if slot is None else slots[slot] for name, slot in named}


def bits_of(digits: int | None) -> int:
    """The right bits that make so many digits; those of a double for None."""
    return DOUBLE_BITS if digits is None else int(digits * math.log2(10)) + SPARE_BITS


def _in_balls(
    program: Program, text: str, point: Mapping[str, Value], corner: str, digits: int | None = None
) -> Answer:
    from gradcli.calculus.balls.programs.ball_backend import run_to_bits
    from gradcli.calculus.balls.programs.ball_results import Results
    from gradcli.calculus.corners.kinks import resolve_kinks

    bits = bits_of(digits)
    given = [point[name] for name in program.variables]
    found = run_to_bits(program, given, outputs_of(program), bits)
    results = Results(program, text, point, bits, digits)
    value = results.value(found[program.value], "value", "the value")
    partials, notes = resolve_kinks(program, text, point, _partials(program, found), corner, digits or 25)
    numbers = {
        name: results.number(p, f"gradient.{name}", f"the partial along {name}")
        for name, p in partials.items()
    }
    return Answer(value, numbers, (*notes, *results.notes), results.undecided)
