"""A Taylor polynomial → record, rows, document and LaTeX."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.output.gradients.gradient_document import note_record
from gradcli.output.gradients.gradient_latex import verbatim
from gradcli.output.text.document import Document, Table, line
from gradcli.output.text.number_text import exact, shown

if TYPE_CHECKING:
    from gradcli.calculus.program.point_answer import Note
    from gradcli.calculus.tables.taylor_polynomial import Term


class Taylor(NamedTuple):
    """A polynomial around a point: its terms, none of them 0, in ascending order; texts: their powers as text."""

    expression: str | list[str]
    at: Mapping[str, Any]
    wrt: Sequence[str]
    order: int
    terms: Sequence[Term]
    texts: Sequence[str]
    notes: Sequence[Note] = ()


def taylor_record(taylor: Taylor, polynomial: str) -> dict[str, Any]:
    """The JSON record: expression, at, wrt, order, polynomial, terms, notes."""
    return {
        "expression": taylor.expression,
        "at": dict(taylor.at),
        "wrt": list(taylor.wrt),
        "order": taylor.order,
        "polynomial": polynomial or None,
        "terms": [
            {"powers": dict(t.powers), "coefficient": t.coefficient, "exact": t.exact} for t in taylor.terms
        ],
        "notes": [note_record(note) for note in taylor.notes],
    }


def taylor_rows(taylor: Taylor) -> Iterable[dict[str, object]]:
    """One CSV row per term: the power of each variable, the coefficient as a number and exactly."""
    for term in taylor.terms:
        powers = {name: term.powers.get(name, 0) for name in taylor.wrt}
        yield {**powers, "coefficient": term.coefficient, "exact": term.exact}


def taylor_document(taylor: Taylor, polynomial: str, digits: int) -> Document:
    """The text: the polynomial, and one line per term."""
    if not polynomial:
        return []
    rows = tuple(
        (("formula", text), ("value", shown(term.coefficient, digits)), ("formula", term.exact or ""))
        for term, text in zip(taylor.terms, taylor.texts, strict=True)
    )
    return [
        line(("name", f"taylor {taylor.order}"), ": ", ("formula", polynomial)),
        Table(("", "coefficient", "exact"), rows),
    ]


def written(terms: Sequence[Term], digits: int | None) -> list[str]:
    """The coefficients as numbers: all digits, or as many as a person reads."""
    return [exact(t.coefficient) if digits is None else shown(t.coefficient, digits) for t in terms]


def taylor_latex(latex: str | None, polynomial: str) -> str:
    """An equation: f and its polynomial."""
    return f"\\[\nf \\approx {latex or verbatim(polynomial)}\n\\]"
