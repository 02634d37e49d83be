"""Programs in mpmath, to any number of digits: an evaluator that shares nothing with that of balls but the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.calculus.program.instructions import Kink
from gradcli.calculus.program.program import Program
from tests.independent.operations import context, operations

__all__ = ["Failure", "constant", "context", "run"]


class Failure(NamedTuple):
    """An instruction without a result: its number, and what it raised."""

    instruction: int
    error: ArithmeticError | ValueError


def constant(mp: Any, text: str) -> Any:
    """A constant or a value of a variable in mpmath: decimals are what they say, 0.1 is one tenth."""
    return {"pi": +mp.pi, "e": +mp.e}.get(text) or mp.mpf(text)


def run(
    program: Program, point: Sequence[Any], digits: int, ties: Mapping[str, str] | None = None
) -> list[Any]:
    """All slots at *point* (mpmath numbers or decimal texts) in *digits* digits; Failure where there is no result.

    A failure travels to all that needs it; a piece that is not taken needs nothing. ties: what operations
    with a kink answer at it, by name.
    """
    mp, table = context(digits), operations(digits)
    if ties is not None:
        table = table | {name: _tied(mp, table, name, text) for name, text in (_FLAT | dict(ties)).items()}
    slots = [constant(mp, p) if isinstance(p, str) else mp.mpf(p) for p in point]
    slots += [constant(mp, text) for text in program.constants]
    for index, (op, *places) in enumerate(program.code):
        arguments = [slots[place] for place in places]
        slots.append(_result(mp, table, index, op, arguments))
    return slots


#: What jumps and seams answer at ties in every framework: no slope, and the piece that the condition takes.
_FLAT = {"flat_zero": "0", "flat_cut": "0", "flat_integer": "0"} | dict.fromkeys(
    ("lt_side", "le_side", "eq_side", "ne_side", "floor_side", "heaviside_side"), ""
)


def _tied(mp: Any, table: Mapping[str, Callable[..., Any]], name: str, text: str) -> Callable[..., Any]:
    plain = table.get(name.removesuffix("_side"))

    def tied(*arguments: Any) -> Any:
        try:
            return table[name](*arguments)
        except Kink:
            return mp.mpf(text) if text or plain is None else plain(*arguments)

    return tied


def _result(
    mp: Any, table: Mapping[str, Callable[..., Any]], index: int, op: str, arguments: list[Any]
) -> Any:
    if op == "gate" and arguments[0] == 0:
        return mp.mpf(0)
    if op == "select" and not isinstance(arguments[0], Failure):
        return arguments[1] if arguments[0] else arguments[2]
    for argument in arguments:
        if isinstance(argument, Failure):
            return argument
    try:
        return table[op](*arguments)
    except (ValueError, ArithmeticError) as error:
        return Failure(index, error)
