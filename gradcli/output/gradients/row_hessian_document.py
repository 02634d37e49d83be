"""A Hessian of a loss over many rows → record, rows and document: only digits that are right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.output.gradients.gradient_document import note_record
from gradcli.output.gradients.row_gradient_document import (
    RowGradient,
    certain,
    row_gradient_document,
    row_gradient_record,
)
from gradcli.output.text.document import Document, Line, Table, line


class RowHessian(NamedTuple):
    """gradient: value and gradient, with all notes. names: of rows and columns. entries: None where one has no value.

    facts: eigenvalues, definiteness, condition; for a product direction and hvp. errors: bounds of the errors, absolute, by
    the places of the numbers in the record.
    """

    gradient: RowGradient
    names: Sequence[str]
    entries: Sequence[Sequence[float]] | None
    facts: Mapping[str, Any]
    errors: Mapping[str, float]


def row_hessian_record(hessian: RowHessian) -> dict[str, Any]:
    """The JSON record, as that of any Hessian or product, with `rows`, `data` and `errors`."""
    whole = row_gradient_record(hessian.gradient)
    kept = ("expression", "at", "rows", "data", "value", "gradient")
    found: dict[str, Any] = {name: whole[name] for name in kept if name in whole}
    found["wrt"] = list(hessian.names)
    if "hvp" not in hessian.facts:
        found["hessian"] = hessian.entries and {
            x: dict(zip(hessian.names, row, strict=True))
            for x, row in zip(hessian.names, hessian.entries, strict=True)
        }
    errors = {**hessian.gradient.errors, **hessian.errors}
    undecided = hessian.gradient.undecided
    notes = [note_record(note) for note in hessian.gradient.notes]
    found |= {**hessian.facts, "errors": errors, **({"undecided": dict(undecided)} if undecided else {})}
    return {**found, "notes": notes, "names": whole["names"]}


def row_hessian_rows(hessian: RowHessian) -> Iterable[dict[str, object]]:
    """One CSV row per entry, or per component of a product."""
    if "hvp" in hessian.facts:
        yield from ({"row": name, "hvp": number} for name, number in hessian.facts["hvp"].items())
        return
    for i, row in enumerate(hessian.names):
        for j, column in enumerate(hessian.names):
            entry = None if hessian.entries is None else hessian.entries[i][j]
            yield {"row": row, "column": column, "entry": entry, "value": hessian.gradient.value}


def row_hessian_document(hessian: RowHessian, digits: int) -> Document:
    """The text: f and its value, the matrix, what its eigenvalues say, what the names are."""
    first, value, *_, names = row_gradient_document(hessian.gradient, digits)
    parts: list[Line | Table] = [first, value]
    if "hvp" in hessian.facts:
        rows = hessian.facts["hvp"].items()
        parts.append(Table(("", "hvp"), tuple(
            (("variable", name), ("gradient", certain(x, hessian.errors.get(f"hvp.{name}"), digits))) for name, x in rows
        )))  # fmt: skip
        return [*parts, names]
    if hessian.entries is not None:
        parts.append(
            Table(("", *hessian.names), tuple(_row(hessian, i, digits) for i in range(len(hessian.names))))
        )
    return [*parts, *_facts(hessian, digits), names]


def _row(hessian: RowHessian, i: int, digits: int) -> tuple[tuple[str, str], ...]:
    assert hessian.entries is not None  # noqa: S101
    name, errors = hessian.names[i], hessian.errors
    cells = (
        ("gradient", certain(x, errors.get(f"hessian.{name}.{column}"), digits))
        for column, x in zip(hessian.names, hessian.entries[i], strict=True)
    )
    return (("variable", name), *cells)


def _facts(hessian: RowHessian, digits: int) -> Iterable[Line]:
    for name, fact in hessian.facts.items():
        if fact is None:
            continue
        if isinstance(fact, str):
            words = fact
        elif isinstance(fact, list):
            words = " ".join(
                certain(x, hessian.errors.get(f"{name}.{i}"), digits) for i, x in enumerate(fact)
            )
        else:
            words = certain(fact, hessian.errors.get(name), digits)
        yield line(("name", name), ": ", ("value", words))
