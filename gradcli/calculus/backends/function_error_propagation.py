"""How the functions that are met less often pass the errors of their arguments on."""

from __future__ import annotations

import math

from gradcli.calculus.backends.error_propagation import (
    NEVER,
    UNDERFLOW,
    UNIT,
    Bound,
    inside,
    over,
    raised_spread,
)


def _power_log(r: float, a: float, b: float, ea: float, eb: float) -> float:
    if a == 0:
        return 0.0 if not (ea or eb) else NEVER
    whole = math.pow(a, b)
    slope = over(ea, inside(abs(a), ea))
    spread = raised_spread(whole, a, b, ea, eb) + 4 * whole + UNDERFLOW
    return spread * (abs(math.log(a)) + slope * UNIT) + (whole + spread * UNIT) * slope


def _root(r: float, a: float, n: float, ea: float, en: float) -> float:
    # The exponent 1/n is rounded too, which log|a| multiplies.
    rounded = abs(r) * abs(math.log(abs(a))) / abs(n) if a and n != 3 else 0.0
    if not ea:
        return rounded if not en else NEVER
    nearest = inside(abs(a), ea)
    if en or nearest < abs(a) / 2:
        return NEVER
    return rounded + 2 * abs(r) * ea / (abs(n) * nearest)


def _unit(r: float, a: float, ea: float) -> float:
    """asin and acos: the slope is steepest at the end of the interval that is nearest to 1."""
    gap = inside(1 - abs(a), ea)
    return over(ea, math.sqrt(gap * (1 + abs(a)))) if gap > 0 else NEVER if ea else 0.0


def _beside_pole(below: float, ea: float) -> float:
    """What is divided by a sine or cosine *below*: |1/c - 1/(c + δ)| is at most |δ|/(|c|(|c| - |δ|)), tan's slope as well."""
    size = abs(below) * 0.999
    return over(over(ea, size), size - ea * UNIT)


def _bell(r: float, a: float, ea: float) -> float:
    """erf and erfc: 2/sqrt(pi)*exp(-x**2) where the interval is nearest to 0."""
    return 1.13 * _decay(_inner(a, ea) ** 2) * ea


def _inner(a: float, ea: float) -> float:
    """The smallest absolute value in the interval."""
    return max(0.0, inside(abs(a), ea))


def _sech(x: float) -> float:
    return 2 * _decay(x)


def _decay(x: float) -> float:
    """exp(-x), never below it where that underflows or x is rounded."""
    return math.exp(-x) * (1 + 2.0**-40) + 1e-300


def _reciprocal(function: Bound) -> Bound:
    """A function of 1/x: first the quotient's error, then the function's."""

    def bound(r: float, a: float, ea: float) -> float:
        """The bound at 1/a, whose own rounding is an error of it too."""
        y = 1 / a
        return function(r, y, over(ea * abs(y), inside(abs(a), ea)) + abs(y) + UNDERFLOW)

    return bound


def _acosh(r: float, a: float, ea: float) -> float:
    gap = inside(a - 1, ea)
    return over(ea, math.sqrt(gap) * math.sqrt(gap + 2)) if gap > 0 else NEVER if ea else 0.0


def _atanh(r: float, a: float, ea: float) -> float:
    gap = inside(1 - abs(a), ea)
    return over(ea, gap * (1 + abs(a))) if gap > 0 else NEVER if ea else 0.0


def _asinh(r: float, a: float, ea: float) -> float:
    return ea / math.hypot(1, _inner(a, ea))


def _atan(r: float, a: float, ea: float) -> float:
    steepness = math.hypot(1, _inner(a, ea))
    return ea / steepness / steepness


def _beyond(above: float, end: float) -> float:
    """A number by sinh(end)**2, which may underflow."""
    return over(over(above, math.sinh(end)), math.sinh(end))


def _csch(r: float, a: float, ea: float) -> float:
    end = _inner(a, ea)
    return ea * 3 * _decay(end) if end > 20 else _beyond(ea * math.cosh(end), end)


def _coth(r: float, a: float, ea: float) -> float:
    end = _inner(a, ea)
    return ea * 5 * _decay(2 * end) if end > 20 else _beyond(ea, end)


def _atan2(r: float, y: float, x: float, ey: float, ex: float) -> float:
    if (
        x <= ex * UNIT
        and (abs(y) <= ey * UNIT and (ey or ex))
        and not (ey == 0 and y == 0 and x < -ex * UNIT)
    ):
        return NEVER
    radius = inside(math.hypot(x, y), ex + ey)
    if not radius > 0:
        return NEVER
    return (abs(x) / radius * ey + abs(y) / radius * ex + 2 * ex * UNIT / radius * ey) / radius


def _leaky(r: float, a: float, b: float, ea: float, eb: float) -> float:
    return ea * max(1.0, abs(b) + eb * UNIT) + abs(a) * eb


def _elu(r: float, a: float, b: float, ea: float, eb: float) -> float:
    return ea * max(1.0, abs(b) + eb * UNIT) + eb


def _sincprime(r: float, a: float, ea: float) -> float:
    """|sinc''| is at most 1/3; outside of [-1, 1] two terms of at most 1/|x| are subtracted."""
    return 0.34 * ea + (12 / abs(a) if abs(a) > 1 else 12 * abs(r))


#: The same of the functions that are met less often.
FUNCTION_SPREADS: dict[str, Bound] = {
    "power_log": _power_log, "expm1": lambda r, a, ea: over((r + 1 + UNIT) * ea, 1 - ea * UNIT),
    "log10": lambda r, a, ea: over(ea / 2.3, inside(a, ea)), "log2": lambda r, a, ea: over(ea / 0.69, inside(a, ea)),
    "log1p": lambda r, a, ea: over(ea, inside((1 + a) * (1 - UNIT), ea)),
    "root": _root, "cbrt": lambda r, a, ea: over(ea, 3 * math.cbrt(_inner(a, ea)) ** 2),
    **dict.fromkeys(("tan", "sec"), lambda r, a, ea: _beside_pole(math.cos(a), ea)),
    **dict.fromkeys(("cot", "csc"), lambda r, a, ea: _beside_pole(math.sin(a), ea)),
    "asin": _unit, "acos": _unit, "atan": _atan, "atan2": _atan2, "asec": _reciprocal(_unit),
    "acsc": _reciprocal(_unit), "acot": _reciprocal(_atan),
    "sinc": lambda r, a, ea: 0.5 * ea, "sincprime": _sincprime,
    "sinh": lambda r, a, ea: over((1 + abs(r)) * ea, 1 - ea * UNIT), "cosh": lambda r, a, ea: over(r * ea, 1 - ea * UNIT),
    "tanh": lambda r, a, ea: ea * min(1.0, 2 * _sech(2 * _inner(a, ea))),
    "sech": lambda r, a, ea: ea * min(1.0, _sech(_inner(a, ea))),
    "csch": _csch, "coth": _coth, "asinh": _asinh, "acosh": _acosh, "atanh": _atanh,
    "asech": _reciprocal(_acosh), "acsch": _reciprocal(_asinh), "acoth": _reciprocal(_atanh),
    **dict.fromkeys(("erf", "erfc"), _bell),
    "sigmoid": lambda r, a, ea: ea * min(0.25, _decay(_inner(a, ea))),
    "softplus": lambda r, a, ea: ea * min(1.0, _decay(max(-a - ea * UNIT, 0.0))),
    "leaky_relu": _leaky, "elu": _elu,
}  # fmt: skip
