"""Functions without brackets, and products that can be read in two ways: sin 2x, sin^2(x), x^2y."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gradcli.language.hints.advice import Advice
from gradcli.language.hints.foreign_functions import RENAMED
from gradcli.language.hints.glued_names import FUNCTIONS_GLUED
from gradcli.language.hints.typed_arguments import end_of, is_showable

Span = tuple[int, int]

_NAME = r"[^\W\d⁰¹²³⁴⁵⁶⁷⁸⁹][^\W⁰¹²³⁴⁵⁶⁷⁸⁹]*"
_CALL = (
    rf"(?<!\w)(?P<f>{_NAME})\s*(?P<p>(?:\^|\*\*)\s*(?:-?[0-9]+|{_NAME}|\([^()]*\))|⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?\s*"
    r"(?=(?P<a>\(|\.[0-9]|[\w√]|$))"
)
_RUN = rf"(?:[0-9.]+\s*)?(?:{_NAME}(?:(?:\^|\*\*)[0-9]+|[²³])?)?(?:\s+{_NAME})*"
_FACTOR = r"(?<![/\w])(\w+)\s+$"
_MINUS = rf"(?<!\w)(?P<f>{_NAME})\s*[-−–](?=[\w(])"
#: Words of a sentence that are no arguments.
_SMALL = "of at for if when where to by and or is times plus minus over squared cubed"
_WORDS = tuple(_SMALL.split())
_OPERAND = rf"(?:[√∛]?{_NAME}\([^()]*\)|[√∛]?\([^()]*\)|[√∛]?[\w.]+)"
_TWO_WAYS = (
    rf"(?P<a>{_OPERAND}(?:\s*(?:\*\*|[*/^])\s*-?{_OPERAND})*?)\s*(?P<o>\*\*|\^|/)\s*"
    rf"(?P<b>-?[√∛]?(?:[0-9][0-9.]*|{_NAME}|\([^()]*\)))\s*(?P<c>[\w(])"
)
_NORMAL = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def unbracketed_advice(text: str, span: Span, known: Mapping[str, str]) -> Advice | None:
    """How a call without brackets, refused at *span*, is written; None where there is none."""
    if not any(name in text for table in (known, RENAMED) for name in table):
        return None
    if found := _after_a_factor(text, span, known) or _negative(text, span, known):
        return found
    for match in re.finditer(_CALL, text):
        name, power, start = match["f"], match["p"], match.start("a")
        function = name if name in known else RENAMED.get(name)
        refused = start == span[0] or (power and match.start() <= span[0] <= start)
        if function in (None, "where", "piecewise") or not refused:
            continue
        argument = _argument(text, start, known)
        if argument.partition("*")[0] in _WORDS:
            return None
        if power:
            return Advice(_powered(function, power, argument or "x"))
        if not argument or match["a"] == "(":
            return None
        return Advice(f"arguments need brackets: {function}({argument}{_others(text, function, argument)})")
    return None


def _after_a_factor(text: str, span: Span, known: Mapping[str, str]) -> Advice | None:
    """x sin x: a factor, a blank, and a function."""
    match, factor = re.compile(_CALL).match(text, span[0]), re.search(_FACTOR, text[: span[0]])
    if match is None or factor is None or match["f"] not in FUNCTIONS_GLUED or match["p"]:
        return None
    argument = _argument(text, match.start("a"), known)
    return Advice(f"a product is written {factor[1]}*{match['f']}({argument})") if argument else None


def _negative(text: str, span: Span, known: Mapping[str, str]) -> Advice | None:
    """exp -x: a function whose argument begins with a minus."""
    for match in re.finditer(_MINUS, text):
        if match.start() == span[0] and match["f"] in known:
            argument = _argument(text, match.end(), known)
            return Advice(f"arguments need brackets: {match['f']}(-{argument})") if argument else None
    return None


def _argument(text: str, start: int, known: Mapping[str, str]) -> str:
    """What a function at whose argument's *start* no bracket opens is meant to be called with."""
    if text[start : start + 1] == "(":
        inner = text[start + 1 : (end_of(text, start) or start + 2) - 1].strip()
        return inner if inner and is_showable(inner) else "x"
    if text[start : start + 1] == "√":
        return f"√{_argument(text, start + 1, known)}"
    run = re.compile(_RUN).match(text, start)
    words = run.group().split() if run else []
    last = next((i for i, word in enumerate(words) if word in known), len(words))
    found = "*".join(words[:last])
    return found if is_showable(found) else ""


def _others(text: str, function: str, first: str) -> str:
    """The arguments behind the first one, of a function that has several."""
    match = (
        re.search(rf"{re.escape(first)}\s*(,[\w\s,]*\w)\s*$", text)
        if function in _SEVERAL and first
        else None
    )
    return match.group(1) if match else ""


def _powered(function: str, power: str, argument: str) -> str:
    """How sin²(x) or sin⁻¹(x) is written."""
    sign = "**" if power.startswith("**") else "^"
    exponent = power.removeprefix("**").removeprefix("^").strip().translate(_NORMAL)
    if exponent in ("-1", "(-1)"):
        inverse = f"the inverse is written a{function}({argument}), and " if function in _INVERTED else ""
        return (
            f"{inverse}the reciprocal 1/{function}({argument})"
            if inverse
            else f"write 1/{function}({argument})"
        )
    return f"a power of a function is written {function}({argument}){sign}{exponent}"


_SEVERAL = (
    "min",
    "max",
    "atan2",
    "arctan2",
    "hypot",
    "mod",
    "pow",
    "power",
    "root",
    "log",
    "clip",
    "beta",
    "binomial",
)
_INVERTED = ("sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh", "sech", "csch", "coth")


def two_ways_advice(text: str, span: Span) -> Advice | None:
    """Both readings of a product side by side behind a quotient or a power, refused at *span*."""
    if not any(sign in text[: span[0]] for sign in ("*", "^", "/")):
        return None
    for match in re.finditer(_TWO_WAYS, text):
        if match.start("c") != span[0]:
            continue
        one, sign, two, three = match["a"], match["o"], match["b"], _factor(text, span[0])
        if three and all(map(is_showable, (one, two))):
            return Advice(f"write {one}{sign}{two}*{three} or {one}{sign}({two}*{three})")
    return None


def _factor(text: str, start: int) -> str:
    """The factor that begins at *start*: a name, a call or a bracket."""
    name = re.compile(r"\w*").match(text, start)
    end = name.end() if name else start
    if text[end : end + 1] == "(":
        end = end_of(text, end) or end
    power = re.compile(r"\s*(?:\^|\*\*)\s*-?\w+").match(text, end)
    end = power.end() if power else end
    return text[start:end] if is_showable(text[start:end]) else ""
