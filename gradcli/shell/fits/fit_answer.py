"""`fit`: the question answered, written, and its exit status."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from gradcli.output.fits.fit_document import fit_document, fit_latex
from gradcli.output.fits.fit_record import FitAnswer, fit_record, fit_rows
from gradcli.shell.fits.computed_columns import start_problem
from gradcli.shell.fits.fit_extras import Extras, extras, residual_rows
from gradcli.shell.fits.fit_names import fit_names
from gradcli.shell.fits.fit_question import fit_question
from gradcli.shell.fits.fit_rows import fit_rows as read_rows
from gradcli.shell.fits.fit_run import Fit, fitted
from gradcli.shell.options.common_options import float_digits
from gradcli.shell.process.environment import open_memory
from gradcli.shell.writers.answer_writer import OutputOptions, Report, write_answer, write_notes

if TYPE_CHECKING:
    from gradcli.shell.problems.file_columns import DataRequest


def answer_fit(
    expressions: Sequence[str], values: Sequence[tuple[str, str]], at: Sequence[str], data: DataRequest | None,
    **how: Any,
) -> None:  # fmt: skip
    """Fit, write what was found, and exit with 1 where there is no minimum. Raises what there is to raise."""
    manner = OutputOptions(how["format_"], how["get"], float_digits(how["digits"]), how["color"])
    asked = fit_question(expressions, values, at, data, how)
    with open_memory() as store:
        names = fit_names(store, asked)
        found = fitted(names, asked, read_rows(store, names, asked))
        if found.solution.status == "no-value":
            start = {name: float(x) for name, x in asked.starts.items()}
            point = {**dict.fromkeys(names.model.parameters, 1.0), **start}
            raise start_problem(names, found.rows.data, found.rows.files, point)
        beside = extras(store, found)
        answer = _answer(found, beside)
        write_answer(_report(found, answer, beside, manner.digits), manner)
        write_notes([*answer.notes, *store.notices], manner.color)
    if not answer.solution.success:
        raise click.exceptions.Exit(1)


def _answer(fit: Fit, beside: Extras) -> FitAnswer:
    """The fit as it is written."""
    asked, names, rows, solution, estimates, _ = fit
    weighted = next((one for one in ("--sigma-y", "--weights") if one in names.programs), None)
    files = rows.files
    columns = list(
        dict.fromkeys((*names.model.columns, *(v for p in names.programs.values() for v in p.variables)))
    )
    place = names.columns.place.rpartition("/")[2]
    fixed = {name: float(x) for name, x in asked.fixed.items()}
    return FitAnswer(
        asked.model, asked.target, solution, estimates, columns, fixed, files.record, place, weighted,
        [*_notes(fit), *beside.notes], beside.record,
    )  # fmt: skip


def _notes(fit: Fit) -> list[str]:
    """What there is to be said beside the numbers."""
    solution, notes = fit.solution, list[str]()
    if solution.lower is not None:
        notes.append(f"a sum of squares of {solution.lower:.6g} was seen where nothing is a minimum")
    if solution.success and solution.value == 0:
        notes.append("the model goes through every row: errors of 0 say nothing of how sure it is")
    return notes


def _report(fit: Fit, answer: FitAnswer, beside: Extras, digits: int) -> Report:
    def rows() -> Iterable[dict[str, object]]:
        """For CSV: the rows of the data, or those predicted, where one of them was asked for; else the parameters."""
        if fit.asked.by_row and beside.measures is not None:
            return residual_rows(fit, beside.measures)
        predicted: list[dict[str, object]] | None = beside.record.get("predictions")
        return fit_rows(answer) if predicted is None else predicted

    def record() -> dict[str, Any]:
        """For JSON, with the rows where they were asked for."""
        more = (
            {"residuals": residual_rows(fit, beside.measures)} if fit.asked.by_row and beside.measures else {}
        )
        return {**fit_record(answer), **more}

    return Report(
        record=record,
        rows=rows,
        document=lambda: fit_document(answer, digits),
        latex=lambda: fit_latex(answer, digits),
    )
