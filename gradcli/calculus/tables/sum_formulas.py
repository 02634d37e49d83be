"""Partials of sums over an index as sums, where that is shorter than the terms written out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.language.parser import parse
from gradcli.language.parser.typed_sums import TypedTerm, typed_terms

#: Sums within sums that stay sums.
_DEEPEST = 4


def sum_formulas(text: str, given: Collection[str], names: Sequence[str], depth: int = 0) -> dict[str, str]:
    """The partial of *text* along each of *names* as a sum over its index; none for what is no such sum.

    Raises what parsing raises.
    """
    terms = typed_terms(text, given) if depth < _DEEPEST else []
    found: dict[str, str] = {}
    for name in names if terms else ():
        parts = [_slope(term, given, name, depth) for term in terms]
        if all(part is not None for part in parts):
            found[name] = _joined([part for part in parts if part])
    return found


def _slope(term: TypedTerm, given: Collection[str], name: str, depth: int) -> str | None:
    """The slope of a term with its sign, empty where it has none; None where it is not known."""
    if term.over == name:
        return ""
    known = {*given, name, *([term.over] if term.over else [])}
    compiled = compile_text([term.body], known, [name])
    if name in compiled.program.unknown:
        return None
    if not any(slot is not None for slot in compiled.program.gradient):
        return ""
    written = compiled.formulas.get(name)
    slope = _shorter(sum_formulas(term.body, known, [name], depth + 1).get(name), written)
    if slope is None:
        return None
    if term.over:
        whole = f"sum({slope}, {term.over}, {term.low}, {term.high})"
    else:
        whole = f"({slope})" if parse(slope, known).nodes[-1].op in ("+", "neg") else slope
    return f"-{whole}" if term.negative else whole


def _joined(parts: Sequence[str]) -> str:
    return " + ".join(parts).replace(" + -", " - ") or "0"


def _shorter(one: str | None, other: str | None) -> str | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other, key=len)
