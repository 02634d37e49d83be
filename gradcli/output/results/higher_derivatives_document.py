"""Derivatives of higher order → record, rows, document and LaTeX."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.language.latex_escapes import latex_name
from gradcli.output.gradients.gradient_document import note_record
from gradcli.output.gradients.gradient_latex import verbatim
from gradcli.output.text.document import Document, Line, Table, line
from gradcli.output.text.number_text import shown

if TYPE_CHECKING:
    from gradcli.calculus.program.point_answer import Note


class Derivative(NamedTuple):
    """One derivative: the variables it is along, in turn, its number (None: none) and its formula."""

    wrt: tuple[str, ...]
    number: Any
    formula: str | None


class Orders(NamedTuple):
    """Derivatives of order 1, 2, … of one expression, each along one more variable; value is f at the point."""

    expression: str | list[str]
    at: Mapping[str, Any]
    value: Any
    derivatives: Sequence[Derivative]
    notes: Sequence[Note] = ()


def orders_record(orders: Orders) -> dict[str, Any]:
    """The JSON record: expression, at, wrt, order, value, derivative and formula (the last), derivatives, notes."""
    last = orders.derivatives[-1]
    return {
        "expression": orders.expression,
        "at": dict(orders.at),
        "wrt": list(last.wrt),
        "order": len(last.wrt),
        "value": orders.value,
        "derivative": last.number,
        "formula": last.formula,
        "derivatives": [_row(derivative) for derivative in orders.derivatives],
        "notes": [note_record(note) for note in orders.notes],
    }


def _row(derivative: Derivative) -> dict[str, Any]:
    return {
        "order": len(derivative.wrt), "wrt": list(derivative.wrt), "derivative": derivative.number,
        "formula": derivative.formula,
    }  # fmt: skip


def orders_rows(orders: Orders) -> Iterable[dict[str, object]]:
    """One CSV row per order."""
    for derivative in orders.derivatives:
        yield {**_row(derivative), "wrt": " ".join(derivative.wrt)}


def orders_document(orders: Orders, digits: int) -> Document:
    """The text: f, then one line per order."""
    pointed = orders.value is not None
    parts: list[Line | Table] = []
    if pointed:
        parts.append(line(("name", "value"), ": ", ("value", shown(orders.value, digits))))
    rows = tuple(
        (
            ("variable", " ".join(d.wrt)),
            ("gradient", shown(d.number, digits) if pointed else ""),
            ("formula", d.formula or ""),
        )
        for d in orders.derivatives
    )
    return [*parts, Table(("", "derivative", "formula"), rows)]


def orders_latex(orders: Orders, latex: Sequence[str | None]) -> str:
    """An align environment: each derivative, with its number where there is a point."""
    lines = []
    for derivative, text in zip(orders.derivatives, latex, strict=True):
        number = "" if derivative.number is None else f" = {shown(derivative.number, 15)}"
        lines.append(f"{_operator(derivative.wrt)} &= {text or verbatim(derivative.formula or '?')}{number}")
    body = " \\\\\n".join(lines)
    return f"\\begin{{align*}}\n{body}\n\\end{{align*}}"


def _operator(wrt: Sequence[str]) -> str:
    count = len(wrt)
    above = r"\partial f" if count == 1 else rf"\partial^{{{count}}} f"
    below = []
    for name in dict.fromkeys(reversed(wrt)):
        power = wrt.count(name)
        below.append(rf"\partial {latex_name(name)}" + ("" if power == 1 else f"^{{{power}}}"))
    return rf"\frac{{{above}}}{{{' '.join(below)}}}"
