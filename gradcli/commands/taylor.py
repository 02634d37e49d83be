"""`gradcli taylor`: the Taylor polynomial at a point, in one variable or several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from gradcli.calculus.evaluation.notes import unknown_notes, with_sub_expressions
from gradcli.memory.compiled_cache import cached
from gradcli.output.results.taylor_document import (
    Taylor,
    taylor_document,
    taylor_latex,
    taylor_record,
    taylor_rows,
    written,
)
from gradcli.shell.derivatives.table_answer import stop_without_numbers, table_of
from gradcli.shell.help.option_groups import OptionGroup, option
from gradcli.shell.options.common_options import (
    corner_option,
    digits_checked,
    order_checked,
    output_options,
    problem_options,
    session_options,
)
from gradcli.shell.options.number_types import Whole
from gradcli.shell.options.variable_options import VariableCommand
from gradcli.shell.problems.problem import Problem
from gradcli.shell.problems.problem_source import Question, answer_each
from gradcli.shell.problems.values import typed_texts
from gradcli.shell.process.environment import open_memory
from gradcli.shell.writers.answer_writer import OutputOptions, Report, write_answer, write_notes

if TYPE_CHECKING:
    from gradcli.calculus.program.derivative_table import Matrix
    from gradcli.calculus.program.point_answer import Numbers
    from gradcli.memory.database import Store


EXAMPLES = (
    ('gradcli taylor "exp(x)*cos(y)" --order 3 --x 0 --y 0', "around (0, 0)"),
    ('gradcli taylor "sqrt(x)" --x 4', "around x = 4"),
)


@click.command(cls=VariableCommand, each=True, examples=EXAMPLES)
@click.argument("expressions", metavar="[EXPR]", nargs=-1)
@option("--order", group=OptionGroup.COMPUTED, type=Whole(0), default=2, show_default=True, metavar="N",
        help="The highest power of all variables together.")  # fmt: skip
@corner_option("none", OptionGroup.COMPUTED)
@problem_options
@session_options
@output_options()
def taylor(
    expressions: tuple[str, ...], values: Sequence[tuple[str, str]], at: tuple[str, ...], wrt: str | None,
    order: int, corner: str, session: str, digits: int | None, format_: str, get: str | None, color: str,
) -> None:  # fmt: skip
    """The Taylor polynomial of EXPR around a point; variables without a value are expanded around 0.

    Coefficients are exact where sympy finds them, and numbers otherwise. Without EXPR the session's
    problem; EXPR may be -: problems from standard input. The session stays as it is.
    """
    precision, order = digits_checked(digits), order_checked(order)
    manner = OutputOptions(format_, get, precision, color)
    with open_memory() as store:
        typed = typed_texts(at, values)

        def answer(problem: Problem, manner: OutputOptions) -> None:
            problem, remarks = _pointed(store, problem, precision)
            found, messages, whole = _answered(store, problem, (order, corner), typed, manner)
            _say(store, problem, found, _polynomial(found, _texts(problem, typed), manner, whole), manner)
            write_notes([*remarks, *messages, *store.notices], color)
            stop_without_numbers(found.notes, whole=whole)

        answer_each(store, Question(expressions, values, at, wrt), session, manner, answer)


def _say(store: Store, problem: Problem, found: Taylor, polynomial: str, manner: OutputOptions) -> None:
    forms = Report(
        record=lambda: taylor_record(found, polynomial),
        rows=lambda: taylor_rows(found),
        document=lambda: taylor_document(found, polynomial, manner.digits),
        latex=lambda: taylor_latex(_latex(store, problem, polynomial), polynomial),
    )
    write_answer(forms, manner)


def _pointed(store: Store, problem: Problem, digits: int) -> tuple[Problem, list[str]]:
    """The problem with every variable of it at a value, 0 where none was given, and what to say about that."""
    from gradcli.memory.compiled_cache import compiled_or_cached

    variables = compiled_or_cached(
        store, problem.texts, problem.at.keys(), problem.wrt, formulas=False
    ).program.variables
    held = problem.wrt is not None and bool(problem.at)  # then a variable that is held needs its value
    moving = [name for name in variables if name in problem.wrt] if held and problem.wrt else variables
    missing = [name for name in moving if name not in problem.at]
    if not missing:
        return problem, []
    zero: Any = 0.0 if digits <= 15 else "0"
    point = {**dict.fromkeys(missing, zero), **problem.at}
    return problem._replace(at=point), [f"expanded around {', '.join(f'{name} = 0' for name in missing)}"]


def _answered(
    store: Store, problem: Problem, asked: tuple[int, str], typed: Mapping[str, str], manner: OutputOptions
) -> tuple[Taylor, list[str], bool]:
    """The terms, what there is to say, and whether every coefficient has its number."""
    order, corner = asked
    from gradcli.calculus.evaluation.table_at_point import tabulate
    from gradcli.calculus.tables.higher_derivatives import rows_named
    from gradcli.calculus.tables.taylor_polynomial import polynomial, terms_of

    matrix, names = _table(store, problem, order)
    named = rows_named(_chains(names, order)[1:])
    numbers = tabulate(matrix, problem.at, manner.digits, corner, named)
    notes = [
        note
        for note in unknown_notes(matrix, ["a derivative"] * len(matrix.values))
        if note.kind == "unknown"
    ]
    notes = [*with_sub_expressions(numbers.notes, matrix.text), *notes]
    chains = _chains(names, order)
    found = [numbers.first, *_flat(matrix, numbers, manner.digits)]
    if any(number is None for number in found):
        missing = Taylor(problem.expression, problem.at, names, order, (), (), notes)
        return missing, [note.message for note in notes], False
    chosen = any(note.kind in ("corner", "jump") for note in notes)  # where sympy would say something else
    exact = [None] * len(chains) if chosen else _exact(store, problem, typed, names, order)
    terms = terms_of(names, chains, found, exact, manner.digits)
    point = _texts(problem, typed)
    texts = [polynomial([term._replace(coefficient=1.0, exact="1")], point, ["1"]) for term in terms]
    whole = Taylor(problem.expression, problem.at, names, order, terms, texts, notes)
    return whole, [note.message for note in notes], True


def _table(store: Store, problem: Problem, order: int) -> tuple[Matrix, tuple[str, ...]]:
    from gradcli.memory.compiled_cache import compiled_or_cached

    variables = compiled_or_cached(
        store, problem.texts, problem.at.keys(), problem.wrt, formulas=False
    ).program.variables
    names = tuple(name for name in (problem.wrt or variables) if name in variables)

    def build(texts: Sequence[str], given: Sequence[str], _: Any) -> Matrix:
        from gradcli.calculus.tables.higher_derivatives import all_chains, derivatives_of

        return derivatives_of(texts, given, all_chains(names, order), formulas=False)

    kind = f"taylor {order}"
    matrix = table_of(store, kind, problem._replace(wrt=problem.wrt), build)
    return matrix, names


def _chains(names: Sequence[str], order: int) -> list[tuple[str, ...]]:
    from gradcli.calculus.tables.higher_derivatives import all_chains

    return [(), *all_chains(names, order)]


def _flat(matrix: Matrix, numbers: Numbers, digits: int) -> list[Any]:
    """The one entry of each row; 0 where nothing depends on the variable."""
    zero: Any = 0.0 if digits <= 15 else "0"
    found = []
    for i, row in enumerate(matrix.slots):
        places = [j for j, slot in enumerate(row) if slot is not None]
        unknown = any((i, j) in matrix.unknown for j in range(len(row)))
        found.append(numbers.entries[i][places[0]] if places else None if unknown else zero)
    return found


def _texts(problem: Problem, typed: Mapping[str, str]) -> dict[str, str]:
    """The point as it was typed, whose texts are exact, else as numbers."""
    return {name: typed.get(name) or _plain(value) for name, value in problem.at.items()}


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else repr(value).removesuffix(".0")


def _exact(store: Store, problem: Problem, typed: Mapping[str, str], names: Sequence[str], order: int) -> Any:
    point, given = _texts(problem, typed), sorted(problem.at)

    def make() -> Any:
        from gradcli.calculus.tables.taylor_polynomial import exact_coefficients

        return exact_coefficients(problem.texts, given, point, _chains(names, order))

    return cached(store, "taylor exact", problem.texts, given, [point, list(names), order], make)


def _polynomial(taylor: Taylor, point: Mapping[str, str], manner: OutputOptions, whole: bool) -> str:
    from gradcli.calculus.tables.taylor_polynomial import polynomial

    machine = manner.get is not None or manner.format != "text"
    if not whole and taylor.notes:
        return ""
    return polynomial(taylor.terms, point, written(taylor.terms, None if machine else manner.digits))


def _latex(store: Store, problem: Problem, polynomial: str) -> str | None:
    def make() -> Any:
        from gradcli.calculus.formulas.texts.compiler import latex_text

        return latex_text([polynomial], sorted(problem.at)).get("")

    return cached(store, "taylor latex", [polynomial], sorted(problem.at), None, make)  # type: ignore[no-any-return]
