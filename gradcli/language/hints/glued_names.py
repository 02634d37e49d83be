"""Functions glued to what they are called with, or to what stands before them: sinx, cos2x, xsin(x)."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: Functions that are glued to variables: longest first, so that sinh is not sin and h.
_NAMES = (
    "arcsinh arccosh arctanh arcsin arccos arctan asinh acosh atanh log10 log1p expm1 asin acos atan sinh cosh tanh "
    "sqrt cbrt log2 sin cos tan exp log ln"
)
FUNCTIONS_GLUED = tuple(_NAMES.split())

#: What is glued: numbers, and names that are used as variables wherever mathematics is written.
_GREEK = "alpha|beta|gamma|delta|theta|lambda|omega|sigma|phi|psi|rho|tau|eta|mu|nu|xi|pi"
_LETTER = r"(?:[xyzt][0-9]{1,2}|[xyztuvwnθφψωαβγδπ])"
_ARGUMENT = rf"(?:[0-9]+(?:{_GREEK}|{_LETTER}){{1,3}}|(?:{_GREEK}|{_LETTER}){{1,3}})"
_FUNCTION = "|".join(FUNCTIONS_GLUED)
_GLUED = rf"(?P<factor>[0-9xyztuvwk]?)(?P<calls>(?:(?:{_FUNCTION}){_ARGUMENT})+)"
_CALL = rf"({_FUNCTION})({_ARGUMENT})"
_FACTOR = rf"[xyzt][0-9]+|[0-9]+|{_GREEK}|."

#: Names of parameters that are searched for on a logarithmic scale.
_LOGARITHMS = rf"log(?:{_GREEK})"

#: Words that look glued and are names of something.
_WORDS = ("cost", "sinn", "logn", "logw", "logz", "logt", "logu", "logv")

#: Letters that stand before a function as factors.
_BEFORE = r"([xyztuvwkabcnmr]|xy|xyz|yz|xz)"


def unglued(name: str) -> str | None:
    """What is meant by sinx, cos2x or xlnx: `sin(x)`, `cos(2*x)`, `x*ln(x)`; None for the name of a variable."""
    if name in _WORDS or re.fullmatch(_LOGARITHMS, name) or not (match := re.fullmatch(_GLUED, name)):
        return None
    calls = [f"{function}({_product(argument)})" for function, argument in re.findall(_CALL, match["calls"])]
    if base := re.match(r"log(2|10)", name):
        calls[0] += f", or log({base.group(1)}*{calls[0].partition('(')[2]}"
    return "*".join([*filter(None, [match["factor"]]), *calls])


def _product(argument: str) -> str:
    return "*".join(re.findall(_FACTOR, argument))


def factored(name: str, known: Iterable[str]) -> tuple[str, str]:
    """The factors and the function in xsin, each empty where there is no such function."""
    functions = set(known)
    for length in (1, 2, 3):
        factor, function = name[:length], name[length:]
        if (
            len(function) >= 2
            and function in functions
            and function in FUNCTIONS_GLUED
            and re.fullmatch(_BEFORE, factor)
        ):
            return "*".join(factor), function
    return "", ""
