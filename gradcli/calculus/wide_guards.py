"""What every instruction in mpmath is held to: real results, arguments within bounds, a budget of time."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time
from typing import Any

from gradcli.calculus.budget import OutOfTime, seconds
from gradcli.calculus.operations import TooHard
from gradcli.language.limits import limit


def real(mp: Any, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function over the real numbers: what mpmath answers or raises elsewhere becomes one of our own errors."""

    def checked(*arguments: Any) -> Any:
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

    return checked


def sized(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function for arguments whose exponents are no numbers of millions of digits themselves."""

    def bounded(*arguments: Any) -> Any:
        for x in arguments:
            _sign, mantissa, exponent, bits = x._mpf_
            if mantissa and exponent + bits > limit("bits"):
                raise TooHard("bits")
        return function(*arguments)

    return bounded


#: Functions and places, as near as floats tell, at which the effort was spent: other digits would spend it again.
_SPENT: set[tuple[object, ...]] = set()


def effortless(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The function within its limits: of two arguments that are not too large, within seconds."""

    def timed(*arguments: Any) -> Any:
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

    return timed
