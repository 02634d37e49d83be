"""`fit --plot` and `--out FILE.svg`: a fit's picture on the terminal and in files, and its page."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

from gradcli.output.fits.fit_picture import FitPicture, fit_lines
from gradcli.shell.fits.fit_plots import fit_picture

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.output.fits.fit_record import FitAnswer
    from gradcli.shell.fits.fitted_model import Fit


def illustrate_fit(store: Store, fit: Fit, answer: FitAnswer, how: Mapping[str, Any], color: str) -> None:
    """Draw the fit where that was asked for. Raises ExtraProblem, InputProblem."""
    picture = fit_picture(fit)
    if how["plot"]:
        from gradcli.output.pictures.terminal_picture import LEAST_COLUMNS, LEAST_ROWS, colours
        from gradcli.shell.plots.terminal_plot import terminal_size
        from gradcli.shell.writers.answer_writer import colored

        columns, rows = terminal_size()
        lines = fit_lines(
            picture, max(columns, LEAST_COLUMNS), max(rows, LEAST_ROWS), colours(colored(color, sys.stdout))
        )
        sys.stdout.write("".join(line + "\n" for line in lines))
    for name in how["plot_out"]:
        _write(store, fit, answer, picture, name)


def _write(store: Store, fit: Fit, answer: FitAnswer, picture: FitPicture, name: str) -> None:
    from gradcli.output.fits.fit_figure import save_fit
    from gradcli.shell.options.picture_options import ALL, kind_of
    from gradcli.shell.process.file_replacement import write_files

    kind = kind_of(name, ALL)
    if kind == "html":
        from gradcli.shell.fits.fit_page import write_page

        write_page(store, fit, answer, name, [])
        return
    content = BytesIO()
    save_fit(picture, content, kind)
    write_files([(name, content.getvalue())])
