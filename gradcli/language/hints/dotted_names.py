"""Names with a dot in them: functions of modules, methods, attributes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gradcli.language.hints.advice import Advice
from gradcli.language.hints.foreign_answers import ANSWERS, CONSTANTS_ELSEWHERE, MODULES
from gradcli.language.hints.foreign_functions import DEFINED, RENAMED, SPELLED
from gradcli.language.hints.function_advice import function_advice
from gradcli.language.hints.likely_name import likely
from gradcli.language.hints.typed_arguments import arguments_at, filled, is_showable

_NAME = r"[^\W\d]\w*"
_MODULE = rf"(?P<chain>(?:(?<![\w)]){_NAME}(?:\.|::))(?:{_NAME}(?:\.|::))*)(?P<f>{_NAME})\s*(?P<open>\()?"
_METHOD = rf"(?P<a>{_NAME}\([^()]*\)|\([^()]*\)|\w+)\s*(?P<bad>\.\s*(?P<f>{_NAME}))\s*(?P<open>\()?"

#: s.t. x + y = 1, as textbooks abbreviate it.
_SUCH_THAT = r"(?P<bad>(?<!\w)s\.\s?t\.?)\s+(?P<b>[^\"\s].*?[<>=≤≥].*?)\s*$"

#: Methods of arrays -> the text, where it is not a function of the same name.
_METHODS = {
    "pow": "{0:b}**{1:b}", "power": "{0:b}**{1:b}", "square": "{0:b}**2", "neg": "-{0:b}", "dot": "{0:b}*{1:b}",
    "matmul": "{0:b}*{1:b}", "reciprocal": "1/{0:b}",
}  # fmt: skip

#: Methods and attributes that leave one number as it is.
_SINGLE = (
    "sum mean item numpy clone copy t transpose squeeze flatten view reshape float double value values data tolist cpu cuda "
    "contiguous real prod ravel evalf numerator"
)
_NOTHING = frozenset(_SINGLE.split())
#: Functions of arrays that have another meaning here.
_REDUCTIONS = ("sum", "prod")

_ATTRIBUTES = _NOTHING | {"shape", "size", "grad", "dtype", "requires_grad"}


def dotted_advice(text: str, span: tuple[int, int], known: Mapping[str, str]) -> Advice | None:
    """What to write instead of the dotted name that was refused at *span*; None where there is none."""
    if (such := re.search(_SUCH_THAT, text)) and such.start("bad") <= span[0] < such.end("bad"):
        option = f'write subject to, or give it as an option: --subject-to "{such["b"]}"'
        return Advice(option, "s.t. is not in the language", such.span("bad"))
    for match in re.finditer(_MODULE, text):
        first = re.split(r"\.|::", match["chain"])[0]
        if match.start() <= span[0] < match.end("chain") and (
            first.casefold() in MODULES or "::" in match["chain"]
        ):
            hint = _alone(match["f"], text, match.start("open") if match["open"] else None, known)
            return Advice(
                hint, f"names have no module before them: {match['chain'].rstrip('.:')}", match.span("chain")
            )
        if match.start() <= span[0] < match.end("chain") and (
            found := _spelled_with_dots(match, text, known)
        ):
            return found
    for match in re.finditer(_METHOD, text):
        if match.start("bad") == span[0]:
            return _method(match, text, known)
    return None


def _alone(name: str, text: str, opening: int | None, known: Mapping[str, str]) -> str | None:
    """The name without its module, with the arguments that were typed."""
    if opening is None and name.casefold() in ("inf", "nan", "infinity"):
        return "all numbers are finite"
    if opening is None:
        return f"write {CONSTANTS_ELSEWHERE.get(name.casefold(), name)}"
    found = None if name in _REDUCTIONS else name if name in known else likely(name, known, 99, known)
    if found is None:
        advice = function_advice(name, text, opening, known)
        return (
            f"{advice.message}: {advice.hint}"
            if advice.message and advice.hint
            else advice.hint or advice.message
        )
    typed = _without_modules(", ".join(arguments_at(text, opening) or ()))
    return f"write {found}({typed})" if typed and is_showable(typed) else f"write {found}(x)"


def _method(match: re.Match[str], text: str, known: Mapping[str, str]) -> Advice | None:
    receiver, name = match["a"], match["f"]
    if not is_showable(receiver) or (not match["open"] and name.casefold() not in _ATTRIBUTES):
        return None
    receiver = receiver[1:-1].strip() if receiver.startswith("(") else receiver
    if not match["open"]:
        return Advice(f"a name is one number: write {receiver}", "names have no parts", match.span("bad"))
    arguments = [receiver, *(arguments_at(text, match.start("open")) or ())]
    if name in _METHODS:
        hint: str | None = f"write {filled(_METHODS[name], arguments)}"
    elif name.casefold() in _NOTHING:
        hint = f"a name is one number: write {receiver}"
    else:
        call = f"{name}({', '.join(arguments)})"
        hint = _alone(name, call, len(name), known)
    return Advice(hint, "a function stands before its argument", match.span("bad"))


def _without_modules(text: str) -> str:
    """*text* with its names alone: np.exp(np.pi*x) as exp(pi*x)."""

    def alone(match: re.Match[str]) -> str:
        first = re.split(r"\.|::", match["chain"])[0]
        if first.casefold() not in MODULES and "::" not in match["chain"]:
            return match.group()
        name = match["f"]
        return f"{name}(" if match["open"] else CONSTANTS_ELSEWHERE.get(name.casefold(), name)

    return re.sub(_MODULE, alone, text)


def _spelled_with_dots(match: re.Match[str], text: str, known: Mapping[str, str]) -> Advice | None:
    """NORM.S.DIST(x), STDEV.P(x, y): a spreadsheet's function with dots in its name."""
    spelled, span = match["chain"] + match["f"], (match.start(), match.end("f"))
    if not match["open"] or not spelled.replace(".", "").replace("_", "").isupper():
        return None
    whole = spelled.replace(".", "")
    name = next((one for one in (whole, match["chain"].partition(".")[0]) if _is_written(one, known)), None)
    if name is None or (name != whole and match["f"] not in _VARIANTS):
        return Advice("`gradcli functions` lists the functions", f"{spelled} is not a function", span)
    advice = function_advice(name, text, match.start("open"), known)
    return advice._replace(message=advice.message or f"{spelled} is not a function", span=span)


def _is_written(name: str, known: Mapping[str, str]) -> bool:
    plain = name.casefold()
    return plain in known or any(plain in table for table in (SPELLED, DEFINED, RENAMED, ANSWERS))


#: What spreadsheets add to a function's name.
_VARIANTS = ("S", "P", "MATH", "PRECISE", "INC", "EXC")
