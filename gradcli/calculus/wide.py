"""The instructions in mpmath, to any number of digits, over the real numbers only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from time import process_time
from typing import Any, NamedTuple

from gradcli.calculus.budget import OutOfTime, seconds
from gradcli.calculus.operations import Kink, TooHard
from gradcli.calculus.program import Program
from gradcli.language.limits import limit

#: Powers and exponentials whose result has a binary exponent beyond this are refused as overflow.
LARGEST_EXPONENT = 2**62


@cache
def context(digits: int) -> Any:
    """An mpmath context of its own, that nobody else's precision can touch."""
    from mpmath.ctx_mp import MPContext

    # Python refuses integers of more than 4,300 digits in texts; what comes here has been bounded before.
    sys.set_int_max_str_digits(0)
    made = MPContext()
    made.dps = digits
    return made


#: Of these the exponent of an argument is a summand: its size costs nothing.
_LOGARITHMS = frozenset(("log", "log10", "log2"))


@cache
def operations(digits: int) -> dict[str, Callable[..., Any]]:
    """The table of instructions at *digits* significant digits."""
    mp = context(digits)
    special = {name: _effortless(f, name) for name, f in _special(mp).items()}
    elementary = _elementary(mp)
    special["gamma"] = _effortless(elementary["gamma"], "gamma")
    sized = {name: f if name in _LOGARITHMS else _sized(f) for name, f in (elementary | special).items()}
    table = {**_arithmetic(mp), **_pieces(mp), **sized}
    return {name: _real(mp, function) for name, function in table.items()}


def rounded(name: str) -> Callable[..., float]:
    """A special instruction in floats: 25 digits, rounded once."""
    mp, function = context(25), operations(25)[name]

    def in_floats(*arguments: float) -> float:
        return float(function(*(mp.mpf(argument) for argument in arguments)))

    return in_floats


def _real(mp: Any, function: Callable[..., Any]) -> Callable[..., Any]:
    def real(*arguments: Any) -> Any:
        try:
            result = function(*arguments)
        except (mp.NoConvergence, NotImplementedError, MemoryError) as error:
            raise TooHard("effort") from error
        except (TypeError, ValueError) as error:
            # mpmath says so in words where a series gives out.
            raise TooHard("effort") if "converge" in str(error) else ValueError from error
        if isinstance(result, mp.mpc):
            raise ValueError
        result = mp.mpf(result)
        if not mp.isfinite(result):
            raise ZeroDivisionError
        return result

    return real


def _sized(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function for arguments whose exponents are no numbers of millions of digits themselves."""

    def sized(*arguments: Any) -> Any:
        for x in arguments:
            _sign, mantissa, exponent, bits = x._mpf_
            if mantissa and exponent + bits > limit("bits"):
                raise TooHard("bits")
        return function(*arguments)

    return sized


#: Functions and places, as near as floats tell, at which the effort was spent: other digits would spend it again.
_SPENT: set[tuple[object, ...]] = set()


def _effortless(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The function within its limits: of two arguments that are not too large, within seconds."""

    def effortless(*arguments: Any) -> Any:
        if name.startswith("bessel") and any(abs(x) > limit("argument") for x in arguments):
            raise TooHard("argument")
        effort = limit("effort")
        if _SPENT and (name, effort, *map(float, arguments)) in _SPENT:
            raise TooHard("effort")
        begun = process_time()
        try:
            with seconds(effort):
                return function(*arguments)
        except OutOfTime as error:
            if process_time() - begun >= 0.9 * effort:  # and not that of a smaller budget around this one
                _SPENT.add((name, effort, *map(float, arguments)))
            raise TooHard("effort") from error

    return effortless


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
        if abs(x) > LARGEST_EXPONENT:
            return mp.mpf(0) if x < 0 else _bounded(mp, x)
        return mp.exp(x)

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
        "flat_zero": lambda x: settled(x, zero), "flat_integer": lambda x: settled(x - mp.floor(x), zero),
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
_FLAT = {"flat_zero": "0", "flat_integer": "0"} | dict.fromkeys(
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


#: A sum of numbers that are farther apart than so many digits, or than these at the most, is taken care of.
_NEAR, _FAR = 20, 2_000


def apart(slots: Sequence[Any]) -> int:
    """The digits between the largest and the smallest of *slots*: 1 + x has none of x's where x is smaller by more.

    0 where these are few.
    """
    sizes = [x._mpf_[2] + x._mpf_[3] for x in slots if not isinstance(x, Failure) and x]
    digits = (max(sizes) - min(sizes)) * 3 // 10 if sizes else 0
    return min(int(digits), _FAR) if digits > _NEAR else 0


def norm(partials: Sequence[str], digits: int) -> str:
    """The Euclidean norm of decimal texts, to *digits* digits."""
    mp = context(digits + 15)
    total = mp.sqrt(mp.fsum([mp.mpf(p) ** 2 for p in partials]))
    return str(mp.nstr(total, digits)).removesuffix(".0")
