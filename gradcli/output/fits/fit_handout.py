"""A fit → the sections of a page: model, estimates with their errors, correlations, measures, verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcli.output.fits.fit_document import fit_parts
from gradcli.output.fits.fit_record import FitAnswer
from gradcli.output.pages.handout import Block, Code, Drawing, Formulas, Grid, Section, Text
from gradcli.output.painters.plain_text import plain
from gradcli.output.text.document import Document, Table
from gradcli.output.text.number_text import shown

#: What the columns without a heading are called where a table stands on a page.
_HEADS = {
    "estimates": ("parameter", "estimate", "±", "share"),
    "derived": ("quantity", "value", "±", "share"),
    "predictions": ("at", "predicted", "±"),
}

#: Digits of estimates.
DIGITS = 10


def fit_sections(
    fit: FitAnswer, model: Formulas, drawing: Drawing | None, again: Sequence[str]
) -> list[Section]:
    """The sections. model: f and its partials. again: the command lines that lead there."""
    parts = fit_parts(fit, DIGITS)
    estimates = [
        _grid(table, _HEADS["estimates" if number == 0 else "derived"])
        for number, table in enumerate(parts.estimates)
        if isinstance(table, Table)
    ]
    predictions = [
        _grid(table, _HEADS["predictions"]) for table in parts.predictions if isinstance(table, Table)
    ]
    sections = [
        Section("Fit", [*_texts(parts.problem), model]),
        Section("Estimates", list(estimates)),
        Section("Correlation", _correlation(fit)),
        Section("Measures", _texts([*parts.measures, *parts.outliers, *parts.comparison])),
        Section("Predictions", list(predictions)),
        Section("How it ended", _texts(parts.ending)),
        Section("Notes", [Text(_sentence(note)) for note in fit.notes]),
        Section("Picture", [] if drawing is None else [drawing]),
        Section("Again", [Code(again)] if again else []),
    ]
    return [section for section in sections if section.blocks]


def _texts(document: Document) -> list[Block]:
    return [Text(_sentence(one)) for part in document for one in plain([part]).splitlines()]


def _sentence(text: str) -> str:
    """A line of the text as a sentence; what is measured keeps its name."""
    named = text.startswith(("rss", "χ²"))
    return f"{text}." if named else f"{text[:1].upper()}{text[1:]}."


def _grid(table: Table, heads: Sequence[str]) -> Grid:
    """The table with a name for each column; those that are empty in all rows are left out."""
    rows = [[text for _, text in row] for row in table.rows]
    names = [own or heads[place] for place, own in enumerate(table.columns)]
    kept = [place for place in range(len(names)) if any(row[place] for row in rows)]
    return Grid([names[k] for k in kept], [[row[k] for k in kept] for row in rows])


def _correlation(fit: FitAnswer) -> list[Block]:
    known = fit.estimates
    if known.correlation is None or len(known.names) < 2:
        return []
    rows = [
        [name, *(shown(x, 4) for x in row)] for name, row in zip(known.names, known.correlation, strict=True)
    ]
    return [Grid(["", *known.names], rows)]


def model_formulas(
    text: str, partials: Mapping[str, str | None], latex: Mapping[str, str | None], parameters: Sequence[str]
) -> Formulas:
    """The model and its partials along the parameters."""
    own = {name: partials.get(name) for name in parameters}
    kept = {name: one for name, one in latex.items() if not name or name in parameters}
    return Formulas({"": text, **own}, kept, parameters)
