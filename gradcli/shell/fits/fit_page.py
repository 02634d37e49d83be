"""A fit → its page in HTML, Markdown or LaTeX, with its picture and the commands that lead there again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from gradcli.language.errors import ExtraProblem
from gradcli.language.problem_text import heading
from gradcli.memory.compiled_cache import compiled_or_cached, latex_formulas
from gradcli.output.fits.fit_handout import fit_sections, model_formulas
from gradcli.output.fits.fit_picture import described_fit, fit_lines
from gradcli.output.pages import handout
from gradcli.output.pages.handout import Drawing, Formulas
from gradcli.shell.fits.fit_plots import fit_picture
from gradcli.shell.process.file_replacement import write_files

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.output.fits.fit_picture import FitPicture
    from gradcli.output.fits.fit_record import FitAnswer
    from gradcli.shell.fits.fitted_model import Fit

#: Kind of page -> kind of the picture beside it; SVG is part of a page of HTML.
PICTURES = {"html": "svg", "md": "png", "tex": "pdf"}

#: Characters of a title at most.
TITLE = 200


def write_page(store: Store, fit: Fit, answer: FitAnswer, out: str, again: Sequence[str]) -> None:
    """Write the page of a fit, and for Markdown and LaTeX its picture beside it. Raises ExtraProblem, InputProblem."""
    from gradcli.shell.plots.plot_page import versions

    kind = Path(out).suffix.lower().removeprefix(".")
    files: list[tuple[str, bytes]] = []
    drawing = None if fit.asked.likelihood else _drawing(fit_picture(fit), out, kind, files)
    target = f"{fit.asked.target} = " if fit.asked.target else ""
    title = f"{target}{heading(fit.asked.model)}"
    sections = fit_sections(answer, _model(store, fit, kind), drawing, again)
    whole = handout.Handout(title if len(title) <= TITLE else f"{title[: TITLE - 1]}…", sections, versions())
    pages = {"html": handout.html, "md": handout.markdown, "tex": handout.latex}
    write_files([*files, (out, pages[kind](whole).encode())])


def _model(store: Store, fit: Fit, kind: str) -> Formulas:
    """The model and its partials along the parameters, in LaTeX too where the page has it."""
    model = fit.names.model
    given = (*model.columns, *model.parameters)
    compiled = compiled_or_cached(store, (fit.asked.model,), given, model.parameters)
    latex = {} if kind == "html" else latex_formulas(store, (fit.asked.model,), given, model.parameters)
    return model_formulas(compiled.text, compiled.formulas, latex, model.parameters)


def _drawing(picture: FitPicture, out: str, kind: str, files: list[tuple[str, bytes]]) -> Drawing:
    """The picture as the kind of page takes it; without matplotlib as a terminal shows it, where the page can hold that."""
    from gradcli.output.fits.fit_figure import save_fit

    words, content = described_fit(picture), BytesIO()
    try:
        save_fit(picture, content, PICTURES[kind])
    except ExtraProblem:
        if kind == "tex":
            raise
        return Drawing(words, None, None, fit_lines(picture, 80, 24, 0))
    if kind == "html":
        return Drawing(words, content.getvalue().decode(), None, [])
    stem = re.sub(
        r"[^\w .+-]", "_", Path(out).stem
    )  # without what LaTeX or Markdown would read as more than a name
    file = f"{stem}-fit.{PICTURES[kind]}"
    files.append((str(Path(out).with_name(file)), content.getvalue()))
    return Drawing(words, None, file, [])
