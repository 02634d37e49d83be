"""`gradcli code`: value and gradient as a function in another language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from gradcli.language.errors import DomainProblem, GradcliError, UsageProblem
from gradcli.memory.compiled_cache import cached, compiled_or_cached
from gradcli.shell.columns.column_code import CodeOptions, column_code, has_columns
from gradcli.shell.help.option_aliases import Choice
from gradcli.shell.help.option_groups import OptionGroup, listing, option
from gradcli.shell.options.common_options import (
    F,
    corner_option,
    out_option,
    problem_options,
    session_options,
    to_files,
)
from gradcli.shell.options.variable_options import VariableCommand
from gradcli.shell.problems.problem_source import Question, answer_each, left_aside
from gradcli.shell.problems.value_checks import check_complete, check_names, check_wrt
from gradcli.shell.process.environment import open_memory
from gradcli.shell.writers.answer_writer import (
    OutputOptions,
    Report,
    files_of_command,
    write_answer,
    write_notes,
)

if TYPE_CHECKING:
    from gradcli.calculus.program.compiled_expression import Compiled
    from gradcli.calculus.program.point_answer import Answer
    from gradcli.memory.database import Store
    from gradcli.shell.problems.problem import Problem

#: Languages and their other names → the name in the table of the calculus wing; LaTeX is read, not run.
NAMES = (
    "python", "numpy", "jax", "torch", "tensorflow", "c", "c++", "rust", "julia", "fortran", "javascript", "matlab",
    "octave", "sql", "latex",
)  # fmt: skip
ALIASES = {"cpp": "c++", "js": "javascript", "node": "javascript", "pytorch": "torch", "tf": "tensorflow",
           "rs": "rust", "jl": "julia", "f90": "fortran", "py": "python", "sqlite": "sql", "tex": "latex"}  # fmt: skip

#: Where else than at the point the code is tested: its numbers moved by these parts of themselves.
SHARES = (0.0625, -0.125, 0.375)


def _to_any_file(function: F) -> F:
    """Every file of --out holds the source, whatever its ending."""
    return to_files(function, (), any_ending="text")


#: Endings of source files that are no names of their language.
ENDINGS = {"cc": "c++", "cxx": "c++", "m": "octave", "f": "fortran", "f95": "fortran"}


def _language(lang: str) -> str:
    """The language that was asked for: by --lang, or else by the ending of the file of --out."""
    context, files = click.get_current_context(), files_of_command()
    if files is None or context.get_parameter_source("lang") is not ParameterSource.DEFAULT:
        return lang
    for file in files.texts:
        ending = file.name.rpartition(".")[2].lower()
        wanted = ENDINGS.get(ending) or ALIASES.get(ending, ending)
        if wanted in NAMES:
            return wanted
    return lang


class Language(Choice):
    """A language under one of its names, as the name in NAMES."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name in NAMES. Raises UsageProblem for a language that is not written."""
        wanted = ALIASES.get(value.lower(), value.lower())
        if wanted not in NAMES:
            from gradcli.language.names import nearest

            found = nearest(wanted, [*NAMES, *ALIASES])
            hint = f"did you mean {found}?" if found else f"languages are {', '.join(NAMES)}"
            raise UsageProblem(f"--lang {value}: gradcli does not write that language", hint=hint)
        return str(wanted)


@click.command(
    cls=VariableCommand,
    each=True,
    examples=(
        ('gradcli code "x**2+x*y+3" --lang c', "a function in C"),
        ('gradcli code "x**2+x*y+3" --with-test --x 5 --y 3', "in Python, with a test"),
    ),
)
@click.argument("expressions", metavar="[EXPR]", nargs=-1)
@option("--lang", group=OptionGroup.COMPUTED, type=Language(NAMES), default="python", metavar="LANGUAGE", show_default=True,
        help=f"One of {', '.join(NAMES)}.")  # fmt: skip
@option("--name", group=OptionGroup.COMPUTED, default="value_and_gradient", show_default=True, metavar="NAME",
        help="The function's name.")  # fmt: skip
@option("--with-test", group=OptionGroup.COMPUTED, is_flag=True, help="Add a test at the point and about it.")
@listing("--columns", group=OptionGroup.COMPUTED, metavar="X,Y", help="Code where these are columns.")
@corner_option("none", OptionGroup.COMPUTED, ("none", "tf1", "torch", "jax"))
@problem_options
@session_options
@option("--format", "format_", group=OptionGroup.ANSWER, type=click.Choice(["text", "json"]), default="text",
        show_default=True, metavar="FORMAT", help="The source as text, or in json.")  # fmt: skip
@option("--get", group=OptionGroup.ANSWER, metavar="PATH", help="Print one bare value, e.g. code.")
@out_option
@_to_any_file
def code(
    expressions: tuple[str, ...], lang: str, name: str, with_test: bool, columns: str | None, corner: str,
    values: Sequence[tuple[str, str]], at: tuple[str, ...], wrt: str | None, session: str, format_: str, get: str | None,
) -> None:  # fmt: skip
    """Write a function of value and gradient of EXPR in another language.

    Shared parts are computed once. Definitions are local variables; functions of your own (f(a) = a**2) are
    written out where they are called, for value and gradient share their parts with all the rest. Names that
    LANGUAGE would not take are replaced, and the comment says by what. Without EXPR the session's problem is
    written; EXPR may be -: problems from standard input.
    """
    with open_memory() as store:

        def answer(problem: Problem, manner: OutputOptions) -> None:
            alone = left_aside(store, problem)
            record = _written(store, alone, CodeOptions(_language(lang), name, corner, with_test, columns))
            write_answer(Report(lambda: record, list, list, text=lambda: str(record["code"])), manner)
            write_notes(store.notices[-1:] if problem.constraints else [])

        manner = OutputOptions(format_, get)
        answer_each(
            store,
            Question(expressions, values, at, wrt, constrained=True),
            session,
            manner,
            answer,
            digits=15,
        )


def _written(store: Store, problem: Problem, options: CodeOptions) -> dict[str, Any]:
    """The record: language, name, expression, names in the code, the code."""
    if has_columns(problem, options.columns):
        return column_code(problem, options)
    lang, name, corner, with_test, _ = options
    compiled = compiled_or_cached(store, problem.texts, problem.at.keys(), problem.wrt)
    variables = compiled.program.variables
    check_names(problem.at, [*variables, *(problem.wrt or ())])
    check_wrt(problem.wrt, variables, problem.at)
    if lang == "latex":
        text, names = _latex(store, problem, with_test), dict.fromkeys(variables, "")
    else:
        from gradcli.calculus.exporting.languages.export import LANGUAGES, Wish, exported

        points = _points(compiled, problem) if with_test else ()
        along, line = tuple(problem.wrt or variables), _on_one_line(compiled, problem)
        wish = Wish(name, corner, along, points, _defined(problem), line)
        made = exported(LANGUAGES[lang], compiled.program, compiled.formulas, compiled.text, wish)
        text, names = made.code, dict(made.names)
    return {"expression": problem.expression, "language": lang, "name": name, "names": names, "code": text}


def _latex(store: Store, problem: Problem, with_test: bool) -> str:
    if with_test:
        raise UsageProblem("--with-test: LaTeX is not run, so there is nothing to test")

    def make() -> str:
        from gradcli.calculus.exporting.latex_source import latex_code

        return latex_code(problem.texts, problem.at.keys(), problem.wrt)

    return str(cached(store, "latex code", problem.texts, problem.at.keys(), problem.wrt, make))


def _defined(problem: Problem) -> Any:
    """Where the text's definitions are computed; None where it has none."""
    from gradcli.language.name_meanings import has_definitions

    if not any(map(has_definitions, problem.texts)):
        return None
    from gradcli.calculus.exporting.languages.definition_names import Defined
    from gradcli.shell.derivatives.definition_answer import definition_program

    program, slots = definition_program(problem)
    return None if program is None else Defined(program, slots)


def _on_one_line(compiled: Compiled, problem: Problem) -> str:
    from gradcli.language.expression_text import text_of
    from gradcli.language.name_meanings import has_definitions
    from gradcli.language.parser import parse
    from gradcli.language.problem_text import heading

    if any(map(has_definitions, problem.texts)):
        return heading(problem.texts)
    return text_of(parse(compiled.text, problem.at.keys()))


def _points(compiled: Compiled, problem: Problem) -> tuple[dict[str, float], ...]:
    """The problem's point and some about it, at which f has a value and a gradient.

    Raises DomainProblem where there is no one gradient at the point itself.
    """
    from gradcli.calculus.evaluation.gradient_at_point import evaluate

    variables = compiled.program.variables
    check_complete(problem.at, variables)
    at = {name: float(problem.at[name]) for name in variables}
    if _gaps(evaluate(compiled.program, compiled.text, problem.at)):
        raise DomainProblem(
            "--with-test: the gradient is not one number at this point", hint="choose another point"
        )
    about = [
        {name: at[name] + share * (-1) ** k * (abs(at[name]) or 1.0) for k, name in enumerate(variables)}
        for share in (SHARES if variables else ())
    ]
    return (at, *(point for point in about if _has_gradient(compiled, point)))


def _has_gradient(compiled: Compiled, point: dict[str, float]) -> bool:
    from gradcli.calculus.evaluation.gradient_at_point import evaluate

    try:
        return not _gaps(evaluate(compiled.program, compiled.text, point))
    except GradcliError:
        return False


def _gaps(answer: Answer) -> bool:
    """Whether something has no number, or is not decided."""
    return any(note.kind != "underflow" for note in answer.notes)
