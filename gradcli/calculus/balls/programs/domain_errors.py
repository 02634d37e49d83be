"""A failed instruction → the sentence that tells where and why there is no value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gradcli.calculus.program.instructions import TooHard
from gradcli.calculus.program.program import Program
from gradcli.language.errors import DomainProblem, GradcliError
from gradcli.language.function_table import FUNCTIONS, SPELLINGS

if TYPE_CHECKING:
    from gradcli.calculus.balls.programs.ball_operations import Failure

_CALL = re.compile(r"\w+(?=\s*\()")

_OVERFLOW = "the result is too large"
_WORDS = {
    "div": ("the quotient", "the divisor is 0", None),
    "pow": ("the power", "a negative base needs an integer exponent, and 0 a positive one",
            "cbrt(x) is the real cube root of a negative number too, root(x, n) the n-th"),
    "elliptic_e2": ("elliptic_e", "it is not real there", None),
}  # fmt: skip


def no_value(program: Program, text: str, point: Mapping[str, Any], failure: Failure) -> GradcliError:
    """The error for a value that failed at one instruction."""
    op = program.code[failure.instruction][0]
    name, reason, hint = _called(program, text, failure) or _words(op)
    if isinstance(failure.error, OverflowError):
        reason, hint = _OVERFLOW, None
    place = where(program, point, failure.instruction)
    from gradcli.calculus.balls.ball_numbers import Undecided

    if isinstance(failure.error, TooHard):
        from gradcli.language.limits import limit_problem

        span = program.spans[failure.instruction]
        return limit_problem(
            failure.error.limit, f"{name} is too hard to compute{place}: a limit is hit", text=text, span=span
        )
    if isinstance(failure.error, Undecided):
        message = f"whether {name} is defined{place} is not decided: no precision within the limit can tell"
        span = program.spans[failure.instruction]
        return DomainProblem(message, text=text, span=span, hint="see gradcli help digits")
    message = f"{name} is not defined{place}: {reason or 'it is not real there'}"
    return DomainProblem(message, text=text, span=program.spans[failure.instruction], hint=hint)


def _words(op: str) -> tuple[str, str, str | None]:
    return _WORDS.get(op) or (op, FUNCTIONS[op].domain if op in FUNCTIONS else "", None)


def _called(program: Program, text: str, failure: Failure) -> tuple[str, str, None] | None:
    """The function that was typed and its domain, where what failed is a part of its meaning."""
    span = program.spans[failure.instruction]
    found = _CALL.match(text, span[0]) if span else None
    row = FUNCTIONS.get(SPELLINGS.get(found[0], "")) if found else None
    return (found[0], row.domain, None) if found and row and row.meaning and row.domain else None


def where(program: Program, point: Mapping[str, Any], instruction: int) -> str:
    """` at x = -1`: the values of the variables that an instruction depends on, at most four of them."""
    from gradcli.calculus.program.program import influences

    reached = (program.variables[slot] for slot in influences(program, instruction))
    names = [
        name for name in reached if " " not in name
    ]  # the others are a program's own: see `table_assembly`
    shown = ", ".join(f"{name} = {_short(point[name])}" for name in names[:4])
    return f" at {shown}{', …' if len(names) > 4 else ''}" if names else ""


def _short(value: Any) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)
