"""A gradient → record, rows, document and LaTeX."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.language.column_names import grouped
from gradcli.language.name_meanings import is_plain
from gradcli.output.text.document import Document, Line, Table, line, steepest
from gradcli.output.text.grouped_rows import SHOWN
from gradcli.output.text.number_text import shown

if TYPE_CHECKING:
    from gradcli.calculus.evaluation.directional_derivative import Along, Uncertainty
    from gradcli.calculus.program.point_answer import Answer, Note


class Gradient(NamedTuple):
    """What `grad` answers: the expression(s), the point, the answer there, and the formulas.

    answer is None where formulas alone were asked for; norm is a decimal text beyond 15 digits. wrt: the variables that
    were chosen, None for all. definitions: what those of the text are here, where they are shown. chain: their slopes along
    what they are made of directly, those of f under the empty name.
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
        **_definitions(gradient),
    }


def _definitions(gradient: Gradient) -> dict[str, Any]:
    if gradient.definitions is None and gradient.chain is None:
        return {}
    from gradcli.output.results.definition_rows import definitions_record

    return definitions_record(gradient)


def _definition_lines(gradient: Gradient, digits: int) -> Document:
    """What is said of the definitions and of the chain rule between them, where formulas are in terms of them."""
    if gradient.chain is None:
        return []
    from gradcli.output.results.definition_rows import chain_lines, definition_lines

    return [*definition_lines(gradient.definitions, digits), *chain_lines(gradient.chain)]


def chosen(wrt: Sequence[str] | None) -> dict[str, list[str]]:
    """`wrt` for a record, where not all variables were meant: the next command that reads it goes on with them."""
    return {} if wrt is None else {"wrt": list(wrt)}


def _beside(gradient: Gradient) -> dict[str, Any]:
    """What was asked for beside the gradient: `along`, `uncertainty`."""
    found = {"along": gradient.along, "uncertainty": gradient.uncertainty}
    return {name: part._asdict() for name, part in found.items() if part is not None}


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
    return [*parts, *_beside_lines(gradient, digits), *_definition_lines(gradient, digits)]


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


def gradient_latex(gradient: Gradient, latex: Mapping[str, str | None]) -> str:
    """An align environment: f and each partial, with their numbers where there is a point."""
    from gradcli.language.latex_escapes import latex_name

    answer = gradient.answer
    value = f" = {shown(answer.value, 15)}" if answer else ""
    lines = [rf"f &= {latex.get('') or verbatim(str(gradient.expression))}{value}"]
    where = [name for name in latex if name.startswith("where ")]
    for name in where:
        word = r"\text{where } " if name == where[0] else ""
        lines.append(rf"{word}{latex_name(name.removeprefix('where '))} &= {latex[name]}")
    for name, text in gradient.formulas.items():
        number = answer.partials.get(name) if answer else None
        shown_number = "" if number is None else f" = {shown(number, 15)}"
        body = latex.get(name) or verbatim(text or "?")
        lines.append(rf"\frac{{\partial f}}{{\partial {latex_name(name)}}} &= {body}{shown_number}")
    body = " \\\\\n".join(lines)
    return f"\\begin{{align*}}\n{body}\n\\end{{align*}}"


def latex_of_rows(gradient: Gradient, latex: Mapping[str, tuple[str, str]]) -> str:
    """The same of a text with columns: along a column once, what holds in each row. latex: symbol and formula by name."""
    answer = gradient.answer
    value = f" = {shown(answer.value, 15)}" if answer else ""
    lines = [f"f &= {latex[''][1]}{value}"]
    partials = grouped(answer.partials) if answer else {}
    for name, (symbol, body) in latex.items():
        if name:
            numbers = _latex_numbers(partials.get(name))
            lines.append(rf"\frac{{\partial f}}{{\partial {symbol}}} &= {body}{numbers}")
    whole = " \\\\\n".join(lines)
    return f"\\begin{{align*}}\n{whole}\n\\end{{align*}}"


def _latex_numbers(found: Any) -> str:
    """A partial's number, or the first ones of those along a column."""
    if found is None or not isinstance(found, list):
        return "" if found is None else f" = {shown(found, 15)}"
    texts = [r"\text{none}" if one is None else shown(one, 15) for one in found[:SHOWN]]
    more = [r"\ldots"] if len(found) > SHOWN else []
    return rf" = \left({', '.join([*texts, *more])}\right)"


def verbatim(text: str) -> str:
    """Text of ours inside of mathematics."""
    from gradcli.language.latex_escapes import latex_text

    return rf"\text{{{latex_text(text)}}}"
