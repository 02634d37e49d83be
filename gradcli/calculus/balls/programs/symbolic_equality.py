"""Equalities that no ball can show, shown by sympy: within a size, and with a clock that only stops."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sympy
from flint import fmpq

from gradcli.calculus.balls.ball_numbers import Number
from gradcli.calculus.balls.child_process import in_child
from gradcli.calculus.balls.programs.given_numbers import Given
from gradcli.calculus.effort.time_budget import OutOfTime, seconds
from gradcli.calculus.program.program import Program
from gradcli.calculus.program.typed_numbers import text_of
from gradcli.calculus.symbolic.to_sympy import call, power, to_sympy
from gradcli.language.parser import parse

#: Instructions of an expression that sympy is asked about, digits of its numbers, and seconds after which it is stopped:
#: ten times what those of that size took.
MOST_INSTRUCTIONS, _MOST_DIGITS, PATIENCE = 40, 60, 3.0

_PLAIN: dict[str, Callable[..., Any]] = {
    "sum": sympy.Add,
    "neg": lambda x: -x, "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y, "pow": power, "square": lambda x: x**2, "power_log": lambda x, y: x**y * sympy.log(x),
    "hypot": lambda x, y: sympy.sqrt(x**2 + y**2), "cbrt": sympy.cbrt, "root": sympy.real_root,
    "log10": lambda x: sympy.log(x) / sympy.log(10), "log2": lambda x: sympy.log(x) / sympy.log(2),
    "log1p": lambda x: sympy.log(1 + x), "expm1": lambda x: sympy.exp(x) - 1,
    "softplus": lambda x: sympy.log(1 + sympy.exp(x)), "sigmoid": lambda x: 1 / (1 + sympy.exp(-x)),
    "gate": lambda x, y: x * y, "min": sympy.Min, "max": sympy.Max,
}  # fmt: skip


def equal(program: Program, point: Sequence[Given], slots: Sequence[int], value: Number) -> bool:
    """Whether the first of *slots* is shown to be *value*, or two slots to be equal. False where nothing is shown."""

    def holds(numbers: Mapping[int, Any]) -> bool:
        other = numbers[slots[1]] if len(slots) > 1 else sympy.Rational(int(value.p), int(value.q))
        return _vanishes(numbers[slots[0]] - other)

    return _shown(program, point, slots, holds)


def vanishes(program: Program, point: Sequence[Given], slots: Sequence[int], text: str) -> bool:
    """Whether *text*, in which x and y are the slots, is shown to be 0. False where nothing is shown."""

    def holds(numbers: Mapping[int, Any]) -> bool:
        names = dict(zip("xy", (numbers[slot] for slot in slots), strict=False))
        return _vanishes(to_sympy(parse(text), names))

    return _shown(program, point, slots, holds)


def infinite(program: Program, point: Sequence[Given], slot: int) -> bool:
    """Whether a slot is shown to be infinite at the point: that of a pole."""
    infinities = (sympy.zoo, sympy.oo, -sympy.oo)
    return _shown(program, point, [slot], lambda numbers: numbers[slot] in infinities)


def _shown(
    program: Program, point: Sequence[Given], slots: Sequence[int], holds: Callable[[Mapping[int, Any]], bool]
) -> bool:
    """Whether something holds of sympy's numbers of *slots*; False where they are too long, or sympy does not tell."""
    reached = needed(program, slots)
    if len(reached) > MOST_INSTRUCTIONS:
        return False
    try:
        with seconds(PATIENCE):
            return holds(_built(program, point, reached))
    except (OutOfTime, Exception):  # sympy gives up in ways of its own, and so does mpmath below it
        return False


def _vanishes(difference: Any) -> bool:
    """Whether sympy shows that a number is 0.

    Where there are processes it works in a child: with gmpy2 numbers that are too large end the process.
    """
    if difference.is_zero is not None:
        return bool(difference.is_zero)
    simplified = in_child(_simplified, [difference]) if hasattr(os, "fork") else _simplified(difference)
    return bool(simplified == 1)


def _simplified(difference: Any) -> Number:
    """1 where the difference is shown to be 0, else 0."""
    return fmpq(int(bool(sympy.simplify(difference) == 0 or difference.equals(0) is True)))


def needed(program: Program, slots: Sequence[int]) -> list[int]:
    """The slots that *slots* are made of, in order."""
    reached, waiting = set(slots), list(slots)
    while waiting:
        slot = waiting.pop()
        if slot >= program.first:
            fresh = set(program.code[slot - program.first][1:]) - reached
            reached |= fresh
            waiting.extend(fresh)
    return sorted(reached)


def _built(program: Program, point: Sequence[Given], reached: Sequence[int]) -> dict[int, Any]:
    given = [*point, *program.constants]
    built: dict[int, Any] = {}
    for slot in reached:
        if slot < program.first:
            built[slot] = _number(given[slot])
            continue
        op, *places = program.code[slot - program.first]
        built[slot] = _operation(op)(*(built[place] for place in places))
    return built


def _number(given: Given) -> Any:
    text = text_of(given)
    if text is None:
        above, below = float(given).as_integer_ratio()
        return sympy.Rational(above, below)
    if len(text) > _MOST_DIGITS:
        raise ValueError
    return to_sympy(parse(text))


def _operation(op: str) -> Callable[..., Any]:
    return _PLAIN[op] if op in _PLAIN else lambda *arguments: call(op, arguments)
