"""A gradient → record, rows, document and LaTeX."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.language.column_names import columns_among, is_element
from gradcli.language.name_meanings import is_plain
from gradcli.language.records import NamedTuple
from gradcli.output.text.document import Document, Line, Table, line, steepest
from gradcli.output.text.number_text import shown

if TYPE_CHECKING:
    from gradcli.calculus.evaluation.directional_derivative import Along, Uncertainty
    from gradcli.calculus.program.point_answer import Answer, Note
    from gradcli.output.gradients.enclosure_lines import Rigorous


class Gradient(NamedTuple):
    """What `grad` answers: the expression(s), the point, the answer there, and the formulas.

    answer is None where formulas alone were asked for; norm is a decimal text beyond 15 digits. wrt: the variables that
    were chosen, None for all. definitions: what those of the text are here, where they are shown. chain: their slopes along
    what they are made of directly, those of f under the empty name. rigorous: the intervals that all of it must lie in.
    """

    expression: str | list[str]
    at: Mapping[str, Any]
    answer: Answer | None
    formulas: Mapping[str, str | None]
    norm: float | str | None = None
    notes: Sequence[Note] = ()
    along: Along | None = None
    uncertainty: Uncertainty | None = None
    wrt: Sequence[str] | None = None
    definitions: Mapping[str, Mapping[str, Any]] | None = None
    chain: Mapping[str, Mapping[str, str | None]] | None = None
    rigorous: Rigorous | None = None


def gradient_record(gradient: Gradient) -> dict[str, Any]:
    """The JSON record: expression, at, value, gradient, formulas, norm, notes; undecided, where something is."""
    answer = gradient.answer
    return {
        "expression": gradient.expression,
        "at": dict(gradient.at),
        "value": answer and answer.value,
        "gradient": dict(answer.partials) if answer else {},
        "formulas": dict(gradient.formulas),
        "norm": gradient.norm,
        **_beside(gradient),
        **({"undecided": dict(answer.undecided)} if answer and answer.undecided else {}),
        "notes": [note_record(note) for note in gradient.notes],
        **chosen(gradient.wrt),
        **_names(gradient),
        **_definitions(gradient),
    }


def _names(gradient: Gradient) -> dict[str, Any]:
    if gradient.definitions is None and not any(map(is_element, gradient.at)):
        return {}
    from gradcli.output.gradients.name_kinds import names_record

    return names_record(gradient.at, gradient.definitions)


def _definitions(gradient: Gradient) -> dict[str, Any]:
    if gradient.definitions is None and gradient.chain is None:
        return {}
    from gradcli.output.gradients.definition_rows import definitions_record

    return definitions_record(gradient)


def _definition_lines(gradient: Gradient, digits: int) -> Document:
    """What is said of the definitions and of the chain rule between them, where formulas are in terms of them."""
    if gradient.chain is None:
        return []
    from gradcli.output.gradients.definition_rows import chain_lines, definition_lines

    return [*definition_lines(gradient.definitions, digits), *chain_lines(gradient.chain)]


def chosen(wrt: Sequence[str] | None) -> dict[str, list[str]]:
    """`wrt` for a record, where not all variables were meant: the next command that reads it goes on with them."""
    return {} if wrt is None else {"wrt": list(wrt)}


def _beside(gradient: Gradient) -> dict[str, Any]:
    """What was asked for beside the gradient: `along`, `uncertainty`, `rigorous`."""
    found = {"along": gradient.along, "uncertainty": gradient.uncertainty}
    beside = {name: part._asdict() for name, part in found.items() if part is not None}
    if gradient.rigorous is not None:
        from gradcli.output.gradients.enclosure_lines import enclosure_record

        beside["rigorous"] = enclosure_record(gradient.rigorous)
    return beside


def _beside_lines(gradient: Gradient, digits: int) -> list[Line | Table]:
    lines: list[Line | Table] = []
    along, uncertainty = gradient.along, gradient.uncertainty
    if along is not None:
        place = ",".join(f"{name}={shown(x, digits)}" for name, x in along.direction.items())
        formula = ", formula " if along.formula else ""
        unit = ", normalized" if along.normalized else ""
        lines.append(line(("name", f"along {place}{unit}"), ": ", ("gradient", shown(along.derivative, digits)),
                          formula, ("formula", along.formula or "")))  # fmt: skip
    if uncertainty is not None:
        lines.append(line(("name", "sigma"), ": ", ("value", shown(uncertainty.sigma, digits))))
        rows = tuple(
            (
                ("name", f"sigma {name}"),
                ("value", shown(sigma, digits)),
                ("value", _percent(uncertainty.shares[name])),
            )
            for name, sigma in uncertainty.of.items()
        )
        lines.append(Table(("", "is", "share"), rows))
    if gradient.rigorous is not None:
        from gradcli.output.gradients.enclosure_lines import enclosure_lines

        lines += enclosure_lines(gradient.rigorous, digits)
    return lines


def _percent(share: float | None) -> str:
    return "none" if share is None else f"{100 * share:.4g}%"


def note_record(note: Note) -> dict[str, Any]:
    """A note as JSON has it."""
    return {
        "kind": note.kind, "message": note.message, "variable": note.variable, "left": note.left, "right": note.right,
        "span": None if note.span is None else list(note.span),
    }  # fmt: skip


def gradient_rows(gradient: Gradient) -> Iterable[dict[str, object]]:
    """One row per variable for CSV: variable, at, gradient, formula, and f itself as value."""
    answer = gradient.answer
    for name, formula in gradient.formulas.items():
        yield {
            "variable": name,
            "at": gradient.at.get(name),
            "gradient": answer.partials.get(name) if answer else None,
            "formula": formula,
            "value": answer.value if answer else None,
            **_sigma_cells(gradient, name),
            **_rigorous_cells(gradient, name),
        }


def _sigma_cells(gradient: Gradient, name: str) -> dict[str, object]:
    uncertainty = gradient.uncertainty
    if uncertainty is None:
        return {}
    return {
        "sigma": uncertainty.of.get(name),
        "share": uncertainty.shares.get(name),
        "total": uncertainty.sigma,
    }


def _rigorous_cells(gradient: Gradient, name: str) -> dict[str, object]:
    if gradient.rigorous is None:
        return {}
    from gradcli.output.gradients.enclosure_lines import enclosure_cells

    return enclosure_cells(gradient.rigorous, name)


def gradient_document(gradient: Gradient, digits: int, most: int | None = None) -> Document:
    """The text: f and its value, one row per variable, the norm. most: rows at the most, steepest first."""
    answer = gradient.answer
    names, left_out = steepest(gradient.formulas, answer.partials if answer else {}, most)
    if answer is None:
        formulas = [
            (("variable", name), ("formula", gradient.formulas[name] or "(too long to print)"))
            for name in names
        ]
        return [
            _heading(gradient),
            Table(("", "formula"), tuple(formulas)),
            *left_out,
            *_definition_lines(gradient, digits),
        ]
    rows = [_row(name, gradient, answer, digits) for name in names]
    parts: list[Line | Table] = [
        _heading(gradient),
        line(("name", "value"), ": ", ("value", shown(answer.value, digits))),
        Table(("", "grad", "value", "formula"), tuple(rows)),
    ]
    parts += left_out
    if gradient.norm is not None:
        parts.append(line(("name", "norm"), ": ", ("value", shown(gradient.norm, digits))))
    return [
        *parts,
        *_name_lines(gradient),
        *_beside_lines(gradient, digits),
        *_definition_lines(gradient, digits),
    ]


def _name_lines(gradient: Gradient) -> Document:
    """Which names are columns, where some are."""
    rows = max(columns_among(gradient.at).values(), default=0)
    if not rows:
        return []
    from gradcli.output.gradients.name_kinds import names_line, names_record

    return [names_line(names_record(gradient.at)["names"], rows)]


def _heading(gradient: Gradient) -> Line:
    whole = gradient.expression
    text = whole if isinstance(whole, str) and is_plain(whole) else _headed(whole)
    return line(("heading", "f = "), ("formula", text if len(text) <= 500 else text[:499] + "…"))


def _headed(whole: str | list[str]) -> str:
    from gradcli.language.problem_text import heading

    return heading(whole)


def _row(name: str, gradient: Gradient, answer: Answer, digits: int) -> tuple[tuple[str, str], ...]:
    return (
        ("variable", name),
        ("gradient", shown(answer.partials.get(name), digits)),
        ("value", shown(gradient.at[name], digits) if name in gradient.at else ""),
        ("formula", gradient.formulas[name] or ""),
    )
