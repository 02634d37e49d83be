"""TeX as it is pasted → the same in the language."""

from __future__ import annotations

import re

#: Commands without a meaning here, and those that are operators; others lose their backslash.
_DROPPED = r"\\(?:left|right|big|Big|displaystyle|limits|,|;|!|:|\s|\(|\)|\[|\])|\$"
_OPERATORS = {"cdot": "*", "times": "*", "div": "/", "leq": "<=", "geq": ">=", "le": "<=", "ge": ">="}
_BRACED = r"\{([^{}]*)\}"
_FRACTION = rf"\\[dt]?frac\s*{_BRACED}\s*{_BRACED}"
_HALF = r"\\[dt]?frac\s*([0-9a-z])\s*([0-9a-z])"
_ROOT = rf"\\sqrt\s*\[(\w+)\]\s*{_BRACED}"
_SQUARE_ROOT = rf"\\sqrt\s*{_BRACED}"
_NAMED = rf"\\(?:operatorname|mathrm|text|mathit)\*?{_BRACED}"
_RAISED = rf"([\^_]){_BRACED}"
_FUNCTION = r"\\(sin|cos|tan|exp|ln|log|sinh|cosh|tanh)\s*([0-9]*[a-z]\w*|\\[a-z]+)(?![\w(])"
_ATOM = r"[0-9]+|[^\W\d]\w*|\\[A-Za-z]+"
_LOGARITHM = r"\blog_(\w+)\(([^()]*)\)"
_BESIDE = r"(?<=[\w)])\s+(?=[^\W\d])"

_POWERED = r"\\?\b(sin|cos|tan|exp|ln|log|sinh|cosh|tanh)\^(\([^()]*\)|\w)\s*(\([^()]*\)|[0-9]*[a-z])"
_INVERSE = ("(-1)", "-1")

#: Commands that have no text here.
_OTHER = r"\\(?:i*int|oint|sum|prod|lim|begin|end|infty|partial|nabla|to|vec|hat|bar|pm|mp)(?![A-Za-z])"

#: Nested braces that are taken off.
_DEEP = 12


def text_of_tex(tex: str) -> str | None:
    """*tex* in the language; None where some of it has no meaning there."""
    if re.search(_OTHER, tex):
        return None
    text = re.sub(_DROPPED, "", tex)
    for command, sign in _OPERATORS.items():
        text = re.sub(rf"\s*\\{command}(?![A-Za-z])\s*", sign, text)
    text = re.sub(_HALF, r"\1/\2", text)
    for _ in range(_DEEP):
        text, before = _plainer(text), text
        if text == before:
            break
    text = re.sub(r"(?<=[A-Za-z0-9)])\\(?=[A-Za-z]{2})", r"*\\", re.sub(_POWERED, _powered, text))
    text = re.sub(r"\\([A-Za-z]{2,})", r"\1", re.sub(_FUNCTION, r"\1(\2)", text)).strip()
    text = re.sub(r"\blog_(\w+)\s+([A-Za-z]\w*)", r"log(\2, \1)", text)
    text = re.sub(_BESIDE, "*", re.sub(_LOGARITHM, r"log(\2, \1)", text))
    return None if re.search(r"[\\{}=]", text) or not text else text


def _plainer(text: str) -> str:
    """*text* without its innermost braces."""
    text = re.sub(_FRACTION, lambda found: _fraction(found, text), text)
    text = re.sub(_SQUARE_ROOT, r"sqrt(\1)", re.sub(_ROOT, r"root(\2, \1)", text))
    text = re.sub(_NAMED, r"\1", text)
    return re.sub(
        _RAISED, lambda found: found[1] + (found[2] if found[1] == "_" else _bracketed(found[2])), text
    )


def _powered(found: re.Match[str]) -> str:
    """sin^2(x) as sin(x)^2, and cos^(-1)(x) as acos(x)."""
    name, power, argument = found.groups()
    called = argument if argument.startswith("(") else f"({argument})"
    return (
        f"a{name}{called}"
        if power in _INVERSE and name[:2] not in ("ex", "ln", "lo")
        else f"{name}{called}^{power}"
    )


def _fraction(found: re.Match[str], text: str) -> str:
    """A fraction, in brackets where something stands beside it."""
    written = f"{_bracketed(found[1])}/{_bracketed(found[2])}"
    beside = text[: found.start()].rstrip()[-1:], text[found.end() :].lstrip()[:1]
    return (
        f"({written})"
        if beside[0] not in ("", "+", "-", "(", "{") or beside[1] not in ("", "+", "-", ")", "}")
        else written
    )


def _bracketed(text: str) -> str:
    return text if re.fullmatch(_ATOM, text) else f"({text})"
