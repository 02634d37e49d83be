"""The table of instructions in mpmath, to any number of digits, over the real numbers only."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from typing import Any

from gradcli.calculus.program.instructions import SPECIAL, Kink, TooHard
from tests.independent import further_functions

#: Powers and exponentials whose result has a binary exponent beyond this are refused as overflow.
LARGEST_EXPONENT = 2**62

#: Exponentials below that of minus this are 0 here: their exponents alone would take thousands of digits.
FARTHEST = 10**2000


@cache
def context(digits: int) -> Any:
    """An mpmath context of its own, that nobody else's precision can touch."""
    from mpmath.ctx_mp import MPContext

    # Python refuses integers of more than 4,300 digits in texts; what comes here has been bounded before.
    sys.set_int_max_str_digits(0)
    made = MPContext()
    made.dps = digits
    return made


@cache
def operations(digits: int) -> dict[str, Callable[..., Any]]:
    """The table of instructions at *digits* significant digits."""
    mp = context(digits)
    table = {**_arithmetic(mp), **_pieces(mp), **_elementary(mp), **_special(mp), **_further(mp)}
    return {name: real(mp, function) for name, function in table.items()}


def _further(mp: Any) -> dict[str, Callable[..., Any]]:
    """The instructions of the further functions, each carried out in the context of its reference."""

    def carried_out(name: str) -> Callable[..., Any]:
        def of_numbers(*arguments: Any) -> Any:
            _check(name not in _WHOLE or arguments[0] == int(arguments[0]) >= -1)
            if name in _WHOLE and arguments[0] == -1:
                return mp.mpf(0)  # of the order -1, which slopes ask for
            with further_functions.mp.workdps(mp.dps + 10):
                found = further_functions.mp.mpmathify(further_functions.REFERENCES[name](*arguments))
            if isinstance(found, further_functions.mp.mpc) and found.imag == 0:
                found = found.real
            return mp.mpmathify(found)

        return of_numbers

    return {name: carried_out(name) for name in SPECIAL if name in further_functions.REFERENCES}


#: Instructions of whole order.
_WHOLE = ("legendre", "chebyshev_t", "chebyshev_u", "hermite", "genlaguerre", "gegenbauer", "jacobi")


def real(mp: Any, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function over the real numbers: what mpmath answers or raises elsewhere becomes one of our own errors."""

    def checked(*arguments: Any) -> Any:
        try:
            result = function(*arguments)
        except (mp.NoConvergence, NotImplementedError, MemoryError) as error:
            raise TooHard("effort") from error
        except (TypeError, ValueError) as error:
            raise TooHard("effort") if "converge" in str(error) else ValueError from error
        if isinstance(result, mp.mpc):
            raise ValueError
        result = mp.mpf(result)
        if not mp.isfinite(result):
            raise ZeroDivisionError
        return result

    return checked


def _check(holds: bool) -> None:
    if not holds:
        raise ValueError


def _bounded(mp: Any, exponent: Any) -> None:
    if abs(exponent) > LARGEST_EXPONENT:
        raise OverflowError if exponent > 0 else ValueError


def _arithmetic(mp: Any) -> dict[str, Callable[..., Any]]:
    def power(x: Any, y: Any) -> Any:
        if x == 0:
            if y < 0:
                raise ZeroDivisionError
            return mp.mpf(y == 0)
        _check(x > 0 or mp.isint(y))
        _bounded(mp, y * mp.log(abs(x), 2))
        return mp.power(x, int(y)) if mp.isint(y) and abs(y) < 2**31 else _signed_power(x, y)

    def _signed_power(x: Any, y: Any) -> Any:
        size = mp.exp(y * mp.log(abs(x)))
        return -size if x < 0 and mp.fmod(y, 2) else size

    def exponential(x: Any) -> Any:
        if x > LARGEST_EXPONENT:
            return _bounded(mp, x)
        return mp.exp(x) if x > -FARTHEST else mp.mpf(0)

    def root(x: Any, n: Any) -> Any:
        _check(mp.isint(n) and n != 0 and (x >= 0 or mp.fmod(n, 2) != 0))
        size = mp.power(abs(x), 1 / n)
        return -size if x < 0 else size

    return {
        "neg": lambda x: -x, "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y,
        "div": lambda x, y: x / y, "pow": power, "square": lambda x: x * x,
        "power_log": lambda x, y: mp.mpf(0) if x == 0 and y > 0 else power(x, y) * mp.log(x),
        "sqrt": mp.sqrt, "root": root, "cbrt": lambda x: root(x, mp.mpf(3)), "hypot": mp.hypot,
        "exp": exponential, "expm1": lambda x: mp.expm1(x) if abs(x) < 1 else exponential(x) - 1,
    }  # fmt: skip


def _elementary(mp: Any) -> dict[str, Callable[..., Any]]:
    def atan2(y: Any, x: Any) -> Any:
        _check(bool(x or y))
        return mp.atan2(y, x)

    def sincprime(x: Any) -> Any:
        return (
            -mp.sqrt(mp.pi / (2 * abs(x))) * mp.besselj(mp.mpf(3) / 2, abs(x)) * mp.sign(x)
            if x
            else mp.mpf(0)
        )

    def softplus(x: Any) -> Any:
        return max(x, mp.mpf(0)) + mp.log1p(mp.exp(-abs(x)))

    return {
        "log": mp.log, "log10": mp.log10, "log2": lambda x: mp.log(x, 2), "log1p": mp.log1p,
        "sin": mp.sin, "cos": mp.cos, "tan": mp.tan, "sec": mp.sec, "csc": mp.csc, "cot": mp.cot,
        "asin": mp.asin, "acos": mp.acos, "atan": mp.atan, "atan2": atan2, "asec": mp.asec, "acsc": mp.acsc,
        "acot": lambda x: mp.atan(1 / x), "sinc": mp.sinc, "sincprime": sincprime,
        "sinh": mp.sinh, "cosh": mp.cosh, "tanh": mp.tanh, "sech": mp.sech, "csch": mp.csch, "coth": mp.coth,
        "asinh": mp.asinh, "acosh": mp.acosh, "atanh": mp.atanh, "asech": mp.asech, "acsch": mp.acsch,
        "acoth": mp.acoth, "erf": mp.erf, "erfc": mp.erfc, "gamma": mp.gamma,
        "sigmoid": lambda x: 1 / (1 + mp.exp(-x)), "softplus": softplus,
    }  # fmt: skip


def _pieces(mp: Any) -> dict[str, Callable[..., Any]]:
    zero, one = mp.mpf(0), mp.mpf(1)

    def settled(x: Any, value: Any) -> Any:
        if x == 0:
            raise Kink
        return value

    def heaviside(x: Any) -> Any:
        return (mp.sign(x) + 1) / 2

    compare = {
        "lt": lambda a, b: mp.mpf(a < b), "le": lambda a, b: mp.mpf(a <= b),
        "eq": lambda a, b: mp.mpf(a == b), "ne": lambda a, b: mp.mpf(a != b),
    }  # fmt: skip
    sides = {f"{name}_side": (lambda a, b, f=f: settled(a - b, f(a, b))) for name, f in compare.items()}

    def settled_step(x: Any) -> Any:
        return settled(x, heaviside(x))

    beside = dict.fromkeys(("heaviside_side", "first_side", "second_side", "relu_side"), settled_step)
    return {
        **compare, **sides, **beside,
        "and": lambda a, b: one if a and b else zero, "or": lambda a, b: one if a or b else zero,
        "select": lambda c, a, b: a if c else b, "gate": lambda a, s: a * s if a else zero,
        "abs": abs, "sign": mp.sign, "floor": mp.floor, "ceil": mp.ceil, "min": min, "max": max,
        "mod": lambda x, y: x - y * mp.floor(x / y), "heaviside": heaviside,
        "relu": lambda x: max(x, zero), "leaky_relu": lambda x, s: x if x > 0 else s * x,
        "elu": lambda x, a: x if x > 0 else a * mp.expm1(x),
        "sign_side": lambda x: settled(x, mp.sign(x)),
        **dict.fromkeys(("flat_zero", "flat_cut"), lambda x: settled(x, zero)),
        "flat_integer": lambda x: settled(x - mp.floor(x), zero),
        "floor_side": lambda x: settled(x - mp.floor(x), mp.floor(x)),
    }  # fmt: skip


def _special(mp: Any) -> dict[str, Callable[..., Any]]:
    def where(holds: Callable[..., bool], function: Callable[..., Any]) -> Callable[..., Any]:
        def checked(*arguments: Any) -> Any:
            _check(holds(*arguments))
            return function(*arguments)

        return checked

    def even(function: Callable[..., Any]) -> Callable[..., Any]:
        """I and K of a negative whole order are those of the positive one; mpmath's series never ends there."""
        return lambda n, x: function(abs(n) if mp.isint(n) else n, x)

    def alternating(function: Callable[..., Any]) -> Callable[..., Any]:
        """J and Y of a negative whole order: (-1)**n times that of the positive one (DLMF 10.4.1)."""

        def reflected(n: Any, x: Any) -> Any:
            if n < 0 and mp.isint(n):
                return function(-n, x) * (-1) ** (int(n) % 2)
            return function(n, x)

        return reflected

    def right(_: Any, x: Any) -> bool:
        """Y and K are real to the right of 0 only; mpmath may take minutes to find that out."""
        return bool(x > 0)

    def order(n: Any) -> bool:
        return bool(mp.isint(n)) and 0 <= n < 10_000

    return {
        "lgamma": where(lambda x: x > 0, mp.loggamma), "erfi": mp.erfi,
        "erfinv": where(lambda x: -1 < x < 1, mp.erfinv), "binomial": mp.binomial,
        "polygamma": where(lambda n, x: order(n), lambda n, x: mp.psi(int(n), x)),
        "beta": mp.beta, "zeta": where(lambda s: s != 1, mp.zeta),
        "zetaprime": where(lambda s: s != 1, lambda s: mp.zeta(s, 1, 1)),
        "polylog": where(lambda s, z: z <= 1, mp.polylog),
        "besselj": alternating(mp.besselj), "bessely": where(right, alternating(mp.bessely)),
        "besseli": even(mp.besseli), "besselk": where(right, even(mp.besselk)),
        "airyai": mp.airyai, "airybi": mp.airybi,
        "airyaiprime": lambda x: mp.airyai(x, derivative=1), "airybiprime": lambda x: mp.airybi(x, derivative=1),
        "lambertw": mp.lambertw, "ei": where(bool, mp.ei), "li": where(lambda x: x > 0 and x != 1, mp.li),
        "si": mp.si, "ci": where(lambda x: x > 0, mp.ci), "shi": mp.shi, "chi": where(lambda x: x > 0, mp.chi),
        "expint": where(lambda n, x: x > 0 or (x == 0 and n > 1), mp.expint),
        "lowergamma": where(lambda s, x: s > 0 and x >= 0, lambda s, x: mp.gammainc(s, 0, x)),
        "uppergamma": mp.gammainc,
        "elliptic_k": where(lambda m: m < 1, mp.ellipk), "elliptic_e": where(lambda m: m <= 1, mp.ellipe),
        "elliptic_e2": mp.ellipe, "elliptic_f": mp.ellipf, "fresnels": mp.fresnels, "fresnelc": mp.fresnelc,
    }  # fmt: skip
