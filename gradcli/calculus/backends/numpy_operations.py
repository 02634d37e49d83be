"""The table of instructions on NumPy arrays; what has no row is carried out number by number.

A row answers nan exactly where the float operation of the same name has no value. NumPy has functions of nan
that are numbers (nan**0, nan < 1): rows that use them are made strict.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, reduce
from typing import Any

import numpy as np

from gradcli.calculus.program.instructions import SUM

Array = Any
Operation = Callable[..., Array]


@cache
def table() -> dict[str, Operation]:
    """Instruction → function on arrays."""
    return {**_PLAIN, **_INVERSES, **{name: _strict(row) for name, row in _SWALLOWING.items()}}


def _strict(row: Operation) -> Operation:
    """nan where any argument is nan."""

    def strict(*arguments: Array) -> Array:
        """The operation, nan where an argument is."""
        lost = np.isnan(arguments[0])
        for argument in arguments[1:]:
            lost = lost | np.isnan(argument)
        return np.where(lost, np.nan, row(*arguments))

    return strict


def _only(condition: Callable[..., Array], row: Operation) -> Operation:
    """nan where the condition on the arguments does not hold."""
    return lambda *arguments: np.where(condition(*arguments), row(*arguments), np.nan)


def _div(x: Array, y: Array) -> Array:
    return np.where(y == 0, np.nan, np.true_divide(x, y))


def _pow(x: Array, y: Array) -> Array:
    return np.where((x == 0) & (y < 0), np.nan, np.power(x, y))


def _power_log(x: Array, y: Array) -> Array:
    return np.where((x == 0) & (y > 0), 0.0, _pow(x, y) * _LOG(x))


def _sech(x: Array) -> Array:
    small = np.exp(-np.abs(x))
    return 2 * small / (1 + small * small)


def _csch(x: Array) -> Array:
    return np.where(np.abs(x) < 20, _div(1.0, np.sinh(x)), np.copysign(2 * np.exp(-np.abs(x)), x))


def _sigmoid(x: Array) -> Array:
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small))


def _mod(x: Array, y: Array) -> Array:
    return np.where(y == 0, np.nan, np.mod(x, y))


def _root(x: Array, n: Array) -> Array:
    odd = np.mod(n, 2) != 0
    size = np.where(n == 3, np.cbrt(x), np.copysign(np.power(np.abs(x), _div(1.0, n)), x))
    return np.where((n == 0) | (n != np.floor(n)) | ((x < 0) & ~odd) | ((x == 0) & (n < 0)), np.nan, size)


def _select(condition: Array, a: Array, b: Array) -> Array:
    return np.where(np.isnan(condition), np.nan, np.where(condition, a, b))


def _gate(adjoint: Array, slope: Array) -> Array:
    return np.where(adjoint == 0, 0.0, adjoint * slope)


def _number(condition: Array) -> Array:
    return np.where(condition, 1.0, 0.0)


def _not_zero(x: Array) -> Array:
    return x != 0


def _positive(x: Array) -> Array:
    return x > 0


_LOG = _only(_positive, np.log)


def _heaviside(x: Array) -> Array:
    return (np.sign(x) + 1) / 2


def _sinc(x: Array) -> Array:
    return np.where(x == 0, 1.0, np.sin(x) / np.where(x == 0, 1.0, x))


_heaviside_side = _only(_not_zero, _heaviside)


def _flat_integer(x: Array) -> Array:
    return np.where(x == np.floor(x), np.nan, 0.0)


#: Rows for which a nan among the arguments makes a nan of the result.
_PLAIN: dict[str, Operation] = {
    "neg": np.negative, "add": np.add, SUM: lambda *terms: reduce(np.add, terms),
    "sub": np.subtract, "mul": np.multiply, "div": _div, "square": np.square,
    "sqrt": np.sqrt, "cbrt": np.cbrt, "exp": np.exp, "expm1": np.expm1, "log": _LOG,
    "log10": _only(_positive, np.log10), "log2": _only(_positive, np.log2),
    "log1p": _only(lambda x: x > -1, np.log1p), "sin": np.sin, "cos": np.cos, "tan": np.tan,
    "sec": lambda x: _div(1.0, np.cos(x)), "csc": lambda x: _div(1.0, np.sin(x)), "cot": lambda x: _div(1.0, np.tan(x)),
    "atan": np.arctan, "sinc": _sinc, "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "sech": _sech, "csch": _csch,
    "coth": lambda x: _div(1.0, np.tanh(x)), "asinh": np.arcsinh, "abs": np.abs, "sign": np.sign, "floor": np.floor,
    "ceil": np.ceil, "mod": _mod, "min": np.minimum, "max": np.maximum, "heaviside": _heaviside, "sigmoid": _sigmoid,
    "softplus": lambda x: np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x))), "relu": lambda x: np.maximum(x, 0.0),
    "leaky_relu": lambda x, slope: np.where(x > 0, x, slope * x),
    "elu": lambda x, alpha: np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0.0))),
    "select": _select, "gate": _gate, "sign_side": _only(_not_zero, np.sign), "relu_side": _heaviside_side,
    "heaviside_side": _heaviside_side, "first_side": _heaviside_side, "second_side": _heaviside_side,
}  # fmt: skip

_INVERSES: dict[str, Operation] = {
    "asin": np.arcsin, "acos": np.arccos, "asec": lambda x: np.arccos(_div(1.0, x)),
    "acsc": lambda x: np.arcsin(_div(1.0, x)), "acot": lambda x: np.arctan(_div(1.0, x)), "acosh": np.arccosh,
    "atanh": _only(lambda x: np.abs(x) < 1, np.arctanh), "asech": lambda x: np.arccosh(_div(1.0, x)),
    "acsch": lambda x: np.arcsinh(_div(1.0, x)), "acoth": lambda x: _INVERSES["atanh"](_div(1.0, x)),
}  # fmt: skip

#: Rows made strict: what NumPy makes of nan in them is a number.
_SWALLOWING: dict[str, Operation] = {
    "pow": _pow, "power_log": _power_log, "root": _root, "hypot": np.hypot,
    "atan2": _only(lambda y, x: (x != 0) | (y != 0), lambda y, x: np.arctan2(y + 0.0, x + 0.0)),
    "lt": lambda a, b: _number(np.less(a, b)), "le": lambda a, b: _number(np.less_equal(a, b)),
    "eq": lambda a, b: _number(np.equal(a, b)), "ne": lambda a, b: _number(np.not_equal(a, b)),
    "and": lambda a, b: _number(np.logical_and(a, b)), "or": lambda a, b: _number(np.logical_or(a, b)),
    **dict.fromkeys(("flat_zero", "flat_cut"), lambda x: np.where(x == 0, np.nan, 0.0)), "flat_integer": _flat_integer,
    "floor_side": lambda x: np.where(x == np.floor(x), np.nan, np.floor(x)),
    "lt_side": lambda a, b: np.where(a == b, np.nan, np.less(a, b)),
    "le_side": lambda a, b: np.where(a == b, np.nan, np.less_equal(a, b)),
    "eq_side": lambda a, b: np.where(a == b, np.nan, 0.0), "ne_side": lambda a, b: np.where(a == b, np.nan, 1.0),
}  # fmt: skip
