"""`fit`: the question answered, written, and its exit status."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from gradcli.language.errors import UsageProblem
from gradcli.language.records import NamedTuple
from gradcli.output.fits.fit_document import fit_document, fit_latex
from gradcli.output.fits.fit_record import FitAnswer, fit_record, fit_rows
from gradcli.output.text.document import Document, Line, Table, line
from gradcli.output.text.number_text import shown
from gradcli.shell.engines.typed_engine import typed_engine
from gradcli.shell.fits.fit_extras import Extras, extras, residual_rows
from gradcli.shell.fits.fit_run import fitted
from gradcli.shell.fits.fitted_model import Fit
from gradcli.shell.fits.questions.computed_columns import start_problem
from gradcli.shell.fits.questions.fit_names import FitNames, fit_names
from gradcli.shell.fits.questions.fit_question import FitQuestion, fit_question
from gradcli.shell.fits.questions.fit_rows import FitRows
from gradcli.shell.fits.questions.fit_rows import fit_rows as read_rows
from gradcli.shell.options.common_options import float_digits
from gradcli.shell.process.environment import open_memory
from gradcli.shell.writers.answer_writer import OutputOptions, Report, check_path, write_answer, write_notes

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.files.file_columns import DataRequest


class Answered(NamedTuple):
    """A fit, what stands beside it, and both as they are written."""

    fit: Fit
    beside: Extras
    answer: FitAnswer

    def rows(self) -> Iterable[dict[str, object]]:
        """For CSV: the rows of the data, or those predicted, where one of them was asked for; else the parameters."""
        if self.fit.asked.by_row and self.beside.measures is not None:
            return residual_rows(self.fit, self.beside.measures)
        predicted: list[dict[str, object]] | None = self.beside.record.get("predictions")
        return fit_rows(self.answer) if predicted is None else predicted

    def record(self) -> dict[str, Any]:
        """For JSON, with the rows where they were asked for."""
        if not (self.fit.asked.by_row and self.beside.measures):
            return fit_record(self.answer)
        return {**fit_record(self.answer), "residuals": residual_rows(self.fit, self.beside.measures)}


def answer_fit(
    expressions: Sequence[str], values: Sequence[tuple[str, str]], at: Sequence[str], data: DataRequest | None,
    **how: Any,
) -> None:  # fmt: skip
    """Fit, write what was found, and exit with 1 where there is no minimum. Raises what there is to raise."""
    manner = OutputOptions(how["format_"], how["get"], float_digits(how["digits"]), how["color"])
    if how["plot"] and (manner.format != "text" or manner.get is not None):
        raise UsageProblem(
            "--plot draws below the text, not into what a script reads", hint="--out FILE.svg writes a file"
        )
    asked = fit_question(expressions, values, at, data, how)
    if typed_engine() is not None:
        from gradcli.shell.fits.questions.parted_fit_rows import check_parted

        check_parted(asked)
    with open_memory() as store:
        names = fit_names(store, asked)
        rows = _rows(store, names, asked)
        if asked.by is not None:
            found = _grouped(store, asked, names, rows, manner)
        else:
            one = _answered(store, asked, names, rows)
            check_path(one.record, manner)
            if not how["no_save"]:
                from gradcli.shell.fits.fit_memory import keep_fit
                from gradcli.shell.fits.kept_question import asked_record

                record = asked_record(expressions, asked, how)
                store.notices += keep_fit(store, how["session"], one.fit, record)
            write_answer(_report(one, manner.digits), manner)
            found = [one]
        if how["plot"] or how["plot_out"]:
            _illustrate(store, asked, found, how, manner.color)
        notes = dict.fromkeys(note for one in found for note in one.answer.notes)
        write_notes([*notes, *store.notices], manner.color)
    if not all(one.answer.solution.success for one in found):
        raise click.exceptions.Exit(1)


def answered(store: Store, asked: FitQuestion) -> Answered:
    """One fit, not written. Raises what there is to raise."""
    names = fit_names(store, asked)
    return _answered(store, asked, names, _rows(store, names, asked))


def _rows(store: Store, names: FitNames, asked: FitQuestion) -> FitRows:
    """The rows of a fit, with the workers of an engine where one is typed. Raises what reading raises."""
    if (engine := typed_engine()) is not None:
        from gradcli.shell.fits.questions.parted_fit_rows import parted_fit_rows

        parted = parted_fit_rows(store, names, asked, engine)
        if parted is not None:
            return parted
    return read_rows(store, names, asked)


def _illustrate(
    store: Store, asked: FitQuestion, found: Sequence[Answered], how: Mapping[str, Any], color: str
) -> None:
    """Draw the fit. Raises UsageProblem where there are several."""
    from gradcli.shell.fits.fit_illustration import illustrate_fit

    if asked.by is not None:
        raise UsageProblem("--by and a picture do not go together", hint="a picture shows one fit")
    illustrate_fit(store, found[0].fit, found[0].answer, how, color)


#: Why a fit with errors in its columns may have no sum of squares.
UNSETTLED = "in some row the best shift of its columns was not found: they do not settle, or the row has no slope there"


def _answered(store: Store, asked: FitQuestion, names: FitNames, rows: FitRows) -> Answered:
    """One fit. Raises DomainProblem where no start has a value in every row."""
    orthogonal = None
    if asked.sigma_x:
        from gradcli.shell.fits.orthogonal_run import orthogonal_problem

        orthogonal = orthogonal_problem(store, names, asked, rows)
    found = fitted(names, asked, rows, orthogonal)
    if found.solution.status == "no-value":
        start = {name: float(x) for name, x in asked.starts.items()}
        point = {**dict.fromkeys(names.model.parameters, 1.0), **start}
        if found.rows.data.parted is not None:
            from gradcli.shell.fits.questions.parted_fit_rows import parted_start_problem

            raise parted_start_problem(names, found.rows.data, found.rows.files, point)
        reasons = {"otherwise": UNSETTLED} if asked.sigma_x else {}
        raise start_problem(names, found.rows.data, found.rows.files, point, **reasons)
    beside = extras(store, found)
    return Answered(found, beside, _answer(found, beside))


def _grouped(
    store: Store, asked: FitQuestion, names: FitNames, rows: FitRows, manner: OutputOptions
) -> list[Answered]:
    """A fit for each group, or one of all where some parameters are shared; written."""
    from gradcli.shell.fits.grouped_fits import groups_of, shared_question

    groups = groups_of(rows, str(asked.by))
    if asked.share:
        together = shared_question(asked, names, [group.key for group in groups])
        own = fit_names(store, together)
        whole = FitRows(
            rows.files, rows.data._replace(columns={n: rows.every[n] for n in own.model.columns}), *rows[2:]
        )
        one = _answered(store, together, own._replace(columns=names.columns), whole)
        called = [_called(group.key, rows.labels) for group in groups]
        report = _report(one, manner.digits, [_numbers(str(asked.by), called)])
        numbered = [{"group": {asked.by: name}, "number": n} for n, name in enumerate(called, 1)]
        write_answer(report._replace(record=lambda: {**one.record(), "groups": numbered}), manner)
        return [one]
    found = [_answered(store, asked, names, group.rows) for group in groups]
    keyed = [(_called(group.key, rows.labels), one) for group, one in zip(groups, found, strict=True)]
    write_answer(_group_report(str(asked.by), keyed, manner.digits), manner)
    return found


def _called(key: float, labels: Sequence[str]) -> float | str:
    """A group's number, or its word."""
    return labels[int(key) - 1] if labels else key


def _told(key: float | str, digits: int) -> str:
    return key if isinstance(key, str) else shown(key, digits)


def _numbers(column: str, called: Sequence[float | str]) -> Line:
    """Which group has which number."""
    texts = [f"{n} is {column} = {_told(name, 6)}" for n, name in enumerate(called, 1)]
    return line(("name", "groups"), f": {', '.join(texts)}")


def _answer(fit: Fit, beside: Extras) -> FitAnswer:
    """The fit as it is written."""
    asked, names, rows, solution, estimates, _ = fit
    weighted = next((one for one in ("--sigma-y", "--weights") if one in names.programs), None)
    programs = (name for program in names.programs.values() for name in program.variables)
    columns = list(dict.fromkeys((*names.model.columns, *programs)))
    place = names.columns.place.rpartition("/")[2]
    fixed = {name: float(x) for name, x in asked.fixed.items()}
    return FitAnswer(
        asked.model, asked.target, solution, estimates, columns, fixed, rows.files.record, place, weighted,
        [*_notes(fit), *beside.notes], beside.record,
    )  # fmt: skip


def _notes(fit: Fit) -> list[str]:
    """What there is to be said beside the numbers."""
    solution, notes = fit.solution, list[str]()
    if fit.asked.level < 0.01:  # 0.95 for 95 %
        level = 100 * fit.asked.level
        notes.append(
            f"the intervals are those of {level:.10g} %: --confidence {100 * level:.10g} has those of {100 * level:.10g} %"
        )
    if solution.lower is not None:
        notes.append(f"a sum of squares of {solution.lower:.6g} was seen where nothing is a minimum")
    if solution.success and solution.value == 0:
        notes.append("the model goes through every row: errors of 0 say nothing of how sure it is")
    return notes


def _report(one: Answered, digits: int, more: Sequence[Line] = ()) -> Report:
    return Report(
        record=one.record,
        rows=one.rows,
        document=lambda: [*more, *fit_document(one.answer, digits)],
        latex=lambda: fit_latex(one.answer, digits),
    )


def _group_report(column: str, found: Sequence[tuple[float | str, Answered]], digits: int) -> Report:
    """All groups: their documents one below the other, their records in a list, their rows with the group's number."""

    def document() -> Document:
        """A line before each group."""
        parts: list[Line | Table] = []
        for key, one in found:
            parts += [
                line(("name", f"{column} = {_told(key, digits)}"), ":"),
                *fit_document(one.answer, digits),
            ]
        return parts

    def record() -> dict[str, Any]:
        """What all have in common, and the groups."""
        answer = found[0][1].answer
        groups = [{"group": {column: key}, **one.record()} for key, one in found]
        success = all(one.answer.solution.success for _, one in found)
        return {"expression": answer.expression, "to": answer.target, "success": success, "groups": groups}

    return Report(
        record=record,
        rows=lambda: [{column: key, **row} for key, one in found for row in one.rows()],
        document=document,
        latex=lambda: "\n\n".join(
            f"% {column} = {_told(key, digits)}\n{fit_latex(one.answer, digits)}" for key, one in found
        ),
    )
