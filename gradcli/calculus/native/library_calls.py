"""The C library's functions that Python's are: their addresses, and whether they answer as Python does.

CPython's math module hands these functions' arguments to the C library and its answers back (Modules/mathmodule.c,
`math_1`, `math_2`, `m_log`, `math_pow`): it refuses an answer that is not finite where the arguments are. hypot,
gamma and lgamma are its own and are not here.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

#: Functions of one and of two numbers that CPython takes from the C library.
ONE_NUMBER = (
    "acos", "acosh", "asin", "asinh", "atan", "atanh", "cbrt", "cos", "cosh", "erf", "erfc", "exp", "expm1", "log",
    "log10", "log1p", "log2", "sin", "sinh", "tan", "tanh",
)  # fmt: skip
TWO_NUMBERS = ("atan2", "fmod", "pow")

#: Where both are compared before one is called in the place of the other.
_PLACES = (
    1e-300, 3e-9, 0.017, 0.1, 0.2718281828, 0.5, 0.49999999, 0.7071, 0.84375, 0.9, 0.999999, 1.0, 1.0000001, 1.25,
    1.9999, 2.718281828, 3.1, 4.76, 6.5, 12.3, 28.1, 101.7, 709.1, 1e5 / 3, 1.2345678e9, 1e22, 1.7e300,
)  # fmt: skip


@cache
def address(name: str) -> int | None:
    """Where the function is; None where it is not the one that Python calls."""
    import ctypes

    try:
        found = getattr(_library(), name)
    except (AttributeError, OSError):
        return None
    count = 1 if name in ONE_NUMBER else 2
    found.restype, found.argtypes = ctypes.c_double, [ctypes.c_double] * count
    if not _alike(getattr(math, name), found, count):
        return None
    return ctypes.cast(found, ctypes.c_void_p).value


@cache
def _library() -> Any:
    import ctypes

    if sys.platform == "win32":
        return ctypes.CDLL("ucrtbase")
    # The module itself, through which those that it was linked with are found.
    return ctypes.CDLL(getattr(math, "__file__", None))


def _alike(python: Callable[..., float], library: Callable[..., float], count: int) -> bool:
    signed = [*_PLACES, *(-place for place in _PLACES), 0.0, -0.0]
    points: list[tuple[float, ...]] = (
        [(x,) for x in signed] if count == 1 else [*zip(signed, reversed(signed), strict=True)]
    )
    points += [(x, x) for x in signed] if count == 2 else []
    for point in points:
        try:
            expected = python(*point)
        except (ValueError, ArithmeticError):
            continue
        found = library(*point)
        if expected != found or math.copysign(1.0, expected) != math.copysign(1.0, found):
            return False
    return True
