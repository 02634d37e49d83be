"""Which name of a fit is what: columns are data, all others are parameters; what could be either is asked about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from gradcli.fitting.models.row_model import RowModel, compile_model, model_from_data, model_to_data
from gradcli.fitting.models.squares_program import Measured
from gradcli.language.errors import NameProblem, UsageProblem, ValueProblem
from gradcli.language.names import nearest
from gradcli.language.records import NamedTuple
from gradcli.memory.compiled_cache import cached, compiled_or_cached
from gradcli.shell.files.file_columns import NamedColumns, named_columns, odd_column
from gradcli.shell.fits.questions.fit_question import spread_texts
from gradcli.shell.problems.expression_arguments import free_names
from gradcli.shell.writers.shell_words import shell_word

if TYPE_CHECKING:
    from gradcli.calculus.program.program import Program
    from gradcli.memory.database import Store
    from gradcli.shell.fits.questions.fit_question import FitQuestion


class FitNames(NamedTuple):
    """The columns of the files, the model, and the programs of what columns alone make: by the option that has the text."""

    columns: NamedColumns
    model: RowModel
    programs: Mapping[str, Program]
    texts: Mapping[str, str]

    @property
    def measured(self) -> Measured:
        """What is fitted, and how much each row counts."""
        deviation = self.programs.get("--sigma-y")
        weight = self.programs.get("--weights") if deviation is None else deviation
        return Measured(self.programs["--to"], weight, deviation is not None)


def fit_names(store: Store, asked: FitQuestion) -> FitNames:
    """The names of a fit. Raises what the parser and the readers' headers raise, NameProblem, UsageProblem, ValueProblem."""
    columns = named_columns(asked.request, asked.texts, asked.given)
    store.notices += columns.remarks
    model = _model(store, asked.model, asked.given, columns.headers)
    texts = {"--to": asked.target, "--sigma-y": asked.sigma, "--weights": asked.weights}
    found = {option: text for option, text in texts.items() if text}
    if asked.sigma_x:
        found |= {f"--sigma-x {name}": text for name, text in spread_texts(asked, model.columns).items()}
    programs = {option: column_program(store, text, option, columns) for option, text in found.items()}
    _check_parameters(model, asked, columns)
    if "e" not in asked.given and _is_factor("e", asked.model):
        store.notices.append("e is the constant 2.718…, and no parameter: --e 1 makes it one")
    if not model.columns and not asked.likelihood:
        rest = ", ".join(columns.known[:8])
        if len(model.parameters) > 1:
            raise NameProblem(f"the model names no column of {columns.place}", hint=f"its columns are {rest}")
        store.notices.append(
            f"the model names no column of {columns.place} ({rest}): it is one number for all rows"
        )
    if asked.compare is not None:
        _check_other(asked.compare, columns, asked.given)
    used = {name for program in programs.values() for name in program.variables} | set(model.columns)
    used |= {
        name for name in columns.headers if asked.compare is not None and name in free_names((asked.compare,))
    }
    if asked.by is not None:
        _check_groups(asked.by, columns)
        used.add(asked.by)
    return FitNames(columns.only(used), model, programs, found)


def _check_other(text: str, columns: NamedColumns, given: Collection[str]) -> None:
    """Raises what the parser raises of another model, UsageProblem where it has no parameter."""
    found = compile_model(text, given, columns.headers)
    if not found.parameters:
        raise UsageProblem("--compare: the model has no parameter to be fitted")


def _check_groups(name: str, columns: NamedColumns) -> None:
    """Raises NameProblem where --by names no column."""
    if name not in columns.headers:
        close = nearest(name, columns.known)
        hint = f"did you mean {close}?" if close else f"its columns are {', '.join(columns.known[:8])}"
        raise NameProblem(f"--by {name}: it is no column of {columns.place}", hint=hint)


def _model(store: Store, text: str, given: Collection[str], columns: Collection[str]) -> RowModel:
    names = sorted(columns)

    def make() -> object:
        """The model, compiled anew."""
        return model_to_data(compile_model(text, given, columns))

    try:
        data = cached(store, "fit", [text], {*given, *names}, [names, sorted(given)], make)
    except NameProblem as error:
        if "brings the rows of a column" in error.message:
            error.hint = "a model has one value in each row: what all rows make is computed first, and written as a number"
        raise
    return model_from_data(data)


def column_program(store: Store, text: str, option: str, columns: NamedColumns) -> Program:
    """The program of an expression of columns alone. Raises NameProblem for any other name."""
    program = compiled_or_cached(store, [text], columns.headers, (), formulas=False).program
    strange = next((name for name in program.variables if name not in columns.headers), None)
    if strange is None:
        return program
    if strange in columns.known:
        message = f"{option}: {strange} is a column, and the model defines a {strange} of its own"
        hint = "call one of them otherwise: --column NAME=COLUMN gives the column another name"
        raise NameProblem(message, text=text, span=_span(text, strange), hint=hint)
    close = nearest(strange, columns.known)
    hint = f"did you mean {close}?" if close else f"its columns are {', '.join(columns.known[:8])}"
    raise NameProblem(
        f"{option}: {strange} is no column of {columns.place}",
        text=text,
        span=_span(text, strange),
        hint=hint,
    )


def _is_factor(name: str, text: str) -> bool:
    """Whether a text that does not define a name has it elsewhere than as the base of a power."""
    from itertools import pairwise

    from gradcli.language.tokens import tokens

    texts = [one.text for one in tokens(text, rows=True)]
    after = {two for one, two in pairwise([*texts, ""]) if one == name}
    return "=" not in after and not after <= {"**", "^", "("}


def _span(text: str, name: str) -> tuple[int, int] | None:
    from gradcli.language.tokens import tokens

    return next(((one.start, one.end) for one in tokens(text, rows=True) if one.text == name), None)


def _check_parameters(model: RowModel, asked: FitQuestion, columns: NamedColumns) -> None:
    """Raises ValueProblem for values of no parameter, NameProblem for what may be a column, UsageProblem for none to move."""
    others = free_names((asked.compare,)) if asked.compare is not None else set()
    for name in asked.given:
        if name not in model.parameters and name not in others:
            close = nearest(name, model.parameters)
            named = f"its parameters are {', '.join(model.parameters[:8])}"
            hint = f"did you mean --{close}?" if close else named if model.parameters else "it has none"
            raise ValueProblem(f"{name} is no parameter of the model", hint=hint).about(name)
    own = columns.header
    for name in model.parameters:
        if name not in asked.given and (odd := odd_column(name, own)) is not None:
            raise NameProblem(
                f'{name} may be the column "{odd}" or a parameter', text=model.text, span=_span(model.text, name),
                hint=f"--column {name}={shell_word(odd)} calls the column {name}; --{name} 1 makes it a parameter",
            )  # fmt: skip
        like = None if name in asked.given else _alike(name, columns)
        if like is not None:
            raise NameProblem(
                f"{name} may be the column {like} or a parameter", text=model.text, span=_span(model.text, name),
                hint=f"write {like} for the column; --{name} 1 makes it a parameter",
            )  # fmt: skip
    if not set(model.parameters) - set(asked.fixed):
        hint = "all of its names are columns" if not model.parameters else "all of its parameters are fixed"
        raise UsageProblem("the model has no parameter to be fitted", hint=hint)
    if not model.is_known:
        lost = next(name for name in model.parameters if name in model.program.unknown)
        raise UsageProblem(
            f"nobody knows the slope of the model along {lost}", hint=f"--fix {lost}=1 holds it"
        )


def _alike(name: str, columns: NamedColumns) -> str | None:
    """A column that is not in the model, and whose name differs by letters' case or the signs between words alone."""
    plain = name.casefold().replace("_", "")
    same = [one for one in columns.known if one.casefold().replace("_", "") == plain]
    close = nearest(name, columns.known) if len(name) > 3 else None
    found = same[0] if same else close
    return found if found is not None and found != name else None
