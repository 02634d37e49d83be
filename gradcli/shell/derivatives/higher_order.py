"""`gradcli grad --order N` and `--wrt x,x,y`: derivatives of higher order, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gradcli.calculus.evaluation.notes import unknown_notes, with_sub_expressions
from gradcli.language.errors import UsageProblem
from gradcli.memory.compiled_cache import cached
from gradcli.output.results.higher_derivatives_document import (
    Derivative,
    Orders,
    orders_document,
    orders_latex,
    orders_record,
    orders_rows,
)
from gradcli.shell.derivatives.gradient_answer import keep_value, say_not_remembered
from gradcli.shell.derivatives.gradient_extras import check_order_alone
from gradcli.shell.derivatives.table_answer import stop_without_numbers, table_of, variables_of
from gradcli.shell.options.common_options import order_checked
from gradcli.shell.options.gradient_options import GradientOptions
from gradcli.shell.problems.problem import Problem
from gradcli.shell.problems.values import listed
from gradcli.shell.writers.answer_writer import (
    OutputOptions,
    Report,
    shows_formulas,
    write_answer,
    write_notes,
)

if TYPE_CHECKING:
    from gradcli.calculus.program.derivative_table import Matrix
    from gradcli.memory.database import Store


def chain_of(wrt: str | None, order: int | None, variables: Sequence[str]) -> tuple[str, ...]:
    """The variables to differentiate along, in turn: x, x, x for --wrt x --order 3; those of --wrt otherwise.

    Raises UsageProblem where several variables could be meant, or the order is not that of --wrt.
    """
    names = listed(wrt or "")
    order_checked(order or len(names))
    if not names:
        if len(variables) != 1:
            shown = ", ".join(variables[:8]) or "none"
            raise UsageProblem(f"--order {order} of which variable? There are {shown}",
                               hint="--wrt x for one, --wrt x,x,y for a mixed one")  # fmt: skip
        names = list(variables)
    if order is not None and len(names) == 1:
        names *= order
    if order is not None and len(names) != order:
        raise UsageProblem(f"--wrt {','.join(names)} is of order {len(names)}, not {order}",
                           hint="leave --order out, or name one variable")  # fmt: skip
    return tuple(names)


def higher(
    store: Store, problem: Problem, wrt: str | None, beyond: GradientOptions, manner: OutputOptions,
    session: str | None,
) -> None:  # fmt: skip
    """Write the derivatives of order 1, 2, … along the variables asked for; the problem becomes the *session*'s."""
    check_order_alone(beyond)
    names = listed(wrt or "")
    chain = chain_of(wrt, beyond.order, names if names else _variables(store, problem))
    matrix = _table(store, problem, chain, shows_formulas(manner))
    orders = _answered(matrix, problem, chain, manner.digits)
    forms = Report(
        record=lambda: orders_record(orders),
        rows=lambda: orders_rows(orders),
        document=lambda: orders_document(orders, manner.digits),
        latex=lambda: orders_latex(orders, _latex(store, problem, chain)),
    )
    write_answer(forms, manner)
    if session is not None and orders.value is not None:
        keep_value(store, session, problem._replace(wrt=None), orders.value)
    write_notes([*(note.message for note in orders.notes), *store.notices], manner.color)
    if orders.value is None:
        say_not_remembered(store, session, problem, "no point")
    stop_without_numbers(orders.notes)


def _variables(store: Store, problem: Problem) -> Sequence[str]:
    from gradcli.memory.compiled_cache import compiled_or_cached

    return compiled_or_cached(store, problem.texts, problem.at.keys(), None, formulas=False).program.variables


def _table(store: Store, problem: Problem, chain: tuple[str, ...], formulas: bool) -> Matrix:
    def build(texts: Sequence[str], given: Sequence[str], _: Any) -> Matrix:
        from gradcli.calculus.tables.higher_derivatives import beginnings, derivatives_of

        return derivatives_of(texts, given, beginnings(chain), formulas=formulas)

    return table_of(
        store, "derivatives" if formulas else "derivatives' numbers", problem._replace(wrt=chain), build
    )


def _answered(matrix: Matrix, problem: Problem, chain: Sequence[str], digits: int) -> Orders:
    from gradcli.calculus.evaluation.table_at_point import tabulate

    rows = ["f" + "".join(f" along {name}" for name in chain[:i]) for i in range(len(chain))]
    notes, value, numbers = unknown_notes(matrix, rows), None, None
    if problem.at or not variables_of(matrix):
        from gradcli.calculus.tables.higher_derivatives import beginnings, rows_named

        named = rows_named(beginnings(tuple(chain)))
        numbers = tabulate(matrix, problem.at, digits, of=named)
        notes, value = [*with_sub_expressions(numbers.notes, matrix.text), *notes], numbers.first
    derivatives = []
    for i, name in enumerate(chain):
        j = matrix.columns.index(name)
        number = numbers.entries[i][j] if numbers else None
        derivatives.append(Derivative(tuple(chain[: i + 1]), number, matrix.formulas[i][j]))
    return Orders(problem.expression, problem.at, value, derivatives, notes)


def _latex(store: Store, problem: Problem, chain: tuple[str, ...]) -> Any:
    given = sorted(problem.at)

    def make() -> Any:
        from gradcli.calculus.formulas.texts.table_formulas import chains_latex
        from gradcli.calculus.tables.higher_derivatives import beginnings
        from gradcli.language.parser.outputs import total

        return chains_latex(total(problem.texts, given), beginnings(chain))

    return cached(store, "derivatives latex", problem.texts, given, chain, make)
