"""Thresholds: parameters that only decide which piece a row belongs to, and between which values they say the same.

Row by row the model is followed as a number or as a line in the one parameter: where it ends as a number, f does not change
between the nearest two places at which a comparison turns. In fractions, of the decimals that were typed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from gradcli.calculus.backends.float_backend import constant, float_operation
from gradcli.calculus.program.program import Program
from gradcli.fitting.models.fit_problem import FitData, FitProblem
from gradcli.fitting.models.row_model import RowModel
from gradcli.fitting.solver.levenberg_marquardt import Box
from gradcli.language.records import NamedTuple

#: Instructions times rows that are followed, at most.
MOST = 200_000


class Interval(NamedTuple):
    """The values between which a parameter changes nothing, without its ends; infinite where there is none."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """A value inside: halfway, or one more than the only end and as much again as it is large."""
        if math.isinf(self.low) or math.isinf(self.high):
            end = self.high if math.isinf(self.low) else self.low
            away = max(1.0, abs(end))
            return 0.0 if math.isinf(end) else end + (away if math.isinf(self.high) else -away)
        return float((_decimal(self.low) + _decimal(self.high)) / 2)


#: From the parameters' values, and the place of one of them, to where it changes nothing; None where it is not known.
Intervals = Callable[[Sequence[float], int], Interval | None]


class _Line(NamedTuple):
    """at + slope*(c - c₀), in one parameter c."""

    at: Fraction
    slope: Fraction


class _Curved(ArithmeticError):
    """A comparison of what is no line in the parameter."""


_ORDERS: Mapping[str, Callable[[int], bool]] = {
    "lt": lambda sign: sign < 0, "le": lambda sign: sign <= 0, "eq": lambda sign: not sign, "ne": bool,
}  # fmt: skip


def intervals_of(model: RowModel, data: FitData, names: Sequence[str]) -> Intervals | None:
    """What finds the intervals of a model's thresholds over rows; None where these are elsewhere, or too many."""
    program = model.program
    count = max(program.value + 1 - program.first, 0)
    if not model.has_seams or data.parted is not None or data.rows * count > MOST:
        return None
    value = program._replace(code=program.code[:count])
    columns = {name: list(map(_decimal, data.columns[name])) for name in model.columns}

    def interval(x: Sequence[float], place: int) -> Interval | None:
        """Where the parameter at *place* changes nothing, the others being at *x*."""
        point = {**data.held, **dict(zip(names, x, strict=True))}
        held = {name: _decimal(one) for name, one in point.items()}
        rows = [
            [columns[name][row] if name in columns else held[name] for name in program.variables]
            for row in range(data.rows)
        ]
        moved = program.variables.index(names[place])
        return _interval(value, rows, moved, held[names[place]])

    return interval


def _decimal(x: float) -> Fraction:
    """The decimal that was typed, or is shown in full."""
    return Fraction(repr(float(x)))


def _interval(
    program: Program, rows: Sequence[list[Fraction]], moved: int, here: Fraction
) -> Interval | None:
    """The interval next to *here* on the side on which each row has the value that it has here."""
    try:
        sides = [_followed(program, rows, moved, side) for side in (0, 1, -1)]
    except (ArithmeticError, ValueError):
        return None
    own = sides[0][0]
    for side, (found, seams) in zip((1, -1), sides[1:], strict=True):
        if None not in own and found == own:
            low = max((at for at in seams if at < 0 or (not at and side > 0)), default=None)
            high = min((at for at in seams if at > 0 or (not at and side < 0)), default=None)
            return Interval(
                -math.inf if low is None else float(here + low),
                math.inf if high is None else float(here + high),
            )
    return None


def _followed(
    program: Program, rows: Sequence[list[Fraction]], moved: int, side: int
) -> tuple[list[Any], set[Fraction]]:
    """The value of each row, None where the parameter has a part in it; and where comparisons turn, from here.

    side: at the point itself, just above it, or just below.
    """
    seams = set[Fraction]()
    values = []
    constants = [_number(constant(text)) for text in program.constants]
    for row in rows:
        slots: list[Any] = [*row, *constants]
        slots[moved] = _Line(row[moved], Fraction(1))
        for op, *places in program.code:
            slots.append(_applied(op, [slots[place] for place in places], side, seams))
        value = slots[program.value]
        values.append(value if isinstance(value, Fraction) else None)
    return values, seams


def _applied(op: str, arguments: list[Any], side: int, seams: set[Fraction]) -> Any:
    """The result of one instruction: a fraction, a line, or None for what is neither or has no value."""
    if op == "select":
        condition, one, other = arguments
        if not isinstance(condition, Fraction):
            raise _Curved
        return one if condition else other
    known = [one for one in arguments if one is not None]
    if op in _ORDERS:
        return Fraction(_ORDERS[op](_sign(_difference(*arguments), side, seams)))
    if op in ("sign", "heaviside"):
        sign = _sign(arguments[0], side, seams)
        return Fraction(sign) if op == "sign" else Fraction(sign + 1, 2)
    if len(known) < len(arguments):
        return None
    if op in ("max", "min"):
        sign = _sign(_difference(*arguments), side, seams)
        return arguments[0 if (sign >= 0) == (op == "max") else 1]
    if op in ("abs", "relu"):
        sign = _sign(arguments[0], side, seams)
        return (
            arguments[0]
            if sign > 0
            else Fraction(0)
            if op == "relu" or not sign
            else _scaled(arguments[0], -1)
        )
    if any(isinstance(one, _Line) for one in arguments):
        return _linear(op, arguments)
    return _plain(op, arguments)


def _sign(x: Any, side: int, seams: set[Fraction]) -> int:
    """The sign of a line at the point, or beside it, whose zero is one of the *seams*. Raises _Curved for what is none."""
    if x is None:
        raise _Curved
    if isinstance(x, Fraction):
        return (x > 0) - (x < 0)
    line: _Line = x
    seams.add(-line.at / line.slope)
    at = line.at or line.slope * side
    return (at > 0) - (at < 0)


def _difference(a: Any, b: Any) -> Any:
    return None if a is None or b is None else _linear("sub", [a, b])


def _scaled(x: Any, factor: Any) -> Any:
    if isinstance(x, Fraction):
        return x * factor
    return _Line(x.at * factor, x.slope * factor) if factor else Fraction(0)


def _linear(op: str, arguments: list[Any]) -> Any:
    """Sums, and products with numbers; None for what is no line any more."""
    if op == "neg":
        return _scaled(arguments[0], -1)
    if op in ("add", "sum", "sub"):
        signs = [1, -1] if op == "sub" else [1] * len(arguments)
        lines = [_scaled(one, sign) for one, sign in zip(arguments, signs, strict=True)]
        at = sum((one if isinstance(one, Fraction) else one.at for one in lines), Fraction(0))
        slope = sum((one.slope for one in lines if isinstance(one, _Line)), Fraction(0))
        return _Line(at, slope) if slope else at
    if op == "mul" and any(isinstance(one, Fraction) for one in arguments):
        one, other = arguments
        return _scaled(one, other) if isinstance(other, Fraction) else _scaled(other, one)
    if op == "div" and isinstance(arguments[1], Fraction) and arguments[1]:
        return _scaled(arguments[0], 1 / arguments[1])
    return None


def _plain(op: str, arguments: list[Fraction]) -> Fraction | None:
    """An instruction of numbers, in floats where it is not arithmetic; None where it has no value."""
    if op in ("neg", "add", "sum", "sub", "mul") or (op == "div" and arguments[1]):
        found = _linear(op, arguments)
        return found if isinstance(found, Fraction) else None
    try:
        return _number(float_operation(op)(*map(float, arguments)))
    except (ArithmeticError, ValueError):
        return None


def _number(x: float) -> Fraction | None:
    return _decimal(x) if math.isfinite(x) else None


def centred(
    problem: FitProblem, box: Box, intervals: Intervals, x: Sequence[float], idle: Sequence[int]
) -> tuple[list[float], dict[str, Interval]]:
    """*x* with each of the parameters at *idle* in the middle of where it changes nothing, and these intervals by name.

    idle: places of parameters that have no influence at *x*. Within the box, and only where the sum of squares stays.
    """
    found, known = list(x), dict[str, Interval]()
    value = problem.value(x)
    for place in idle:
        whole = intervals(found, place)
        if whole is None or (math.isinf(whole.low) and math.isinf(whole.high)):
            continue
        one = Interval(max(whole.low, box.low[place]), min(whole.high, box.high[place]))
        stays = math.isinf(one.high - one.low) and one.low < found[place] < one.high
        target = list(found)
        target[place] = found[place] if stays else one.middle
        if one.low < target[place] < one.high and problem.value(target) == value:
            found, known[problem.names[place]] = target, one
    return found, known
