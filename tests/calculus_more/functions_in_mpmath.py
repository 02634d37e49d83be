"""Every function of the table in mpmath, at a precision at which its digits have settled; nothing where it has no value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gradcli.calculus.program.instructions import TooHard
from gradcli.language.function_table import FUNCTIONS
from tests.independent.further_functions import REFERENCES, mp
from tests.independent.operations import context, operations

#: Precisions that are tried in turn, and digits that two of them must share.
PRECISIONS, SHARED = (40, 90, 200, 450, 700), 22

_GIVING_UP = (ValueError, ZeroDivisionError, OverflowError, TypeError, ArithmeticError)


class Unsettled(Exception):
    """mpmath does not answer, or not twice the same."""


def _meanings(digits: int) -> dict[str, Callable[..., Any]]:
    """The functions of the first table that it writes by others."""
    c, known = context(digits), operations(digits)
    return {
        "pow": known["pow"], "square": lambda x: x * x, "exp2": lambda x: known["pow"](c.mpf(2), x),
        "logit": lambda x: known["log"](x) - known["log1p"](-x), "silu": lambda x: x * known["sigmoid"](x),
        "gelu": lambda x: x * c.erfc(-x / c.sqrt(2)) / 2, "factorial": lambda n: known["gamma"](n + 1),
        "digamma": lambda x: known["polygamma"](c.mpf(0), x), "trigamma": lambda x: known["polygamma"](c.mpf(1), x),
        "log": lambda x, base: known["div"](known["log"](x), known["log"](base)), "elliptic_e": known["elliptic_e2"],
        "min": lambda *numbers: min(numbers), "max": lambda *numbers: max(numbers),
        "clip": lambda x, low, high: min(max(x, low), high),
    }  # fmt: skip


def names() -> list[str]:
    """The functions that can be told in mpmath."""
    first = {**operations(40), **_meanings(40)}
    return [*REFERENCES, *(name for name in FUNCTIONS if name in first and name not in REFERENCES)]


def _at(name: str, arguments: Sequence[str], digits: int) -> Any:
    """The value at one precision; None where there is none."""
    try:
        if name in REFERENCES:
            with mp.workdps(digits):
                found = mp.mpmathify(REFERENCES[name](*map(mp.mpf, arguments)))
                if isinstance(found, mp.mpc):
                    return None if found.imag else found.real
                return found if mp.isfinite(found) else None
        table = {**operations(digits), **_meanings(digits)}
        return mp.mpmathify(table[name](*map(context(digits).mpf, arguments)))
    except (TooHard, mp.NoConvergence, NotImplementedError, MemoryError) as error:
        raise Unsettled from error
    except _GIVING_UP:
        return None


def value(name: str, arguments: Sequence[str]) -> Any:
    """The value with SHARED digits; None where there is none. Raises Unsettled."""
    before: Any = None
    for digits in PRECISIONS:
        found = _at(name, arguments, digits)
        if found is None:
            if digits >= 450:
                return None
            continue
        if _settled(found, before, digits):
            return found
        before = found
    raise Unsettled


def _settled(found: Any, before: Any, digits: int) -> bool:
    """Whether two precisions agree; that both are 0 tells only at the last one."""
    if before is None or (found == 0 and digits < PRECISIONS[-1]):
        return False
    return bool(abs(found - before) <= abs(found) * mp.mpf(10) ** -SHARED)


def slope(name: str, arguments: Sequence[str], index: int) -> Any:
    """The derivative along one argument by central differences, two of which agree. Raises Unsettled."""
    before: Any = None
    tiny = max(0, -int(mp.log10(abs(mp.mpf(arguments[index])) or 1)))
    for digits in PRECISIONS[1:]:
        with mp.workdps(digits + 3 * tiny):
            x = mp.mpf(arguments[index])
            h = (abs(x) or mp.mpf(1)) * mp.mpf(10) ** -(digits // 3)
            ends = []
            for side in (1, -1):
                moved = [*arguments]
                moved[index] = mp.nstr(x + side * h, digits + 3 * tiny)
                ends.append(_at(name, moved, digits + 3 * tiny))
            if None in ends:
                raise Unsettled
            found = (ends[0] - ends[1]) / (2 * h)
        if _settled(found, before, digits):
            return found
        before = found
    raise Unsettled
