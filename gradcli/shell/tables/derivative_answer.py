"""`hessian` and `jacobian` over files of data where the expression varies by row: a table of derivatives in each row."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.language.errors import UsageProblem
from gradcli.language.problem_text import divided
from gradcli.shell.derivatives.table_answer import Builder, unchecked_table, variables_of
from gradcli.shell.files.file_columns import DataRequest, check_known
from gradcli.shell.options.gradient_options import direction_of, weights_of
from gradcli.shell.problems.data_problem import (
    NoLevels,
    brings_rows_together,
    columns_of_problem,
    loss_over_files,
    varies_by_row,
    without_session_columns,
)
from gradcli.shell.problems.problem import Problem, from_command_line, from_session
from gradcli.shell.problems.problem_source import Question
from gradcli.shell.problems.row_problem import WRITTEN_OUT, file_problem
from gradcli.shell.problems.value_checks import check_names, check_wrt
from gradcli.shell.tables.derivative_rows import Product, TableRows, hessian_rows, jacobian_rows, product_rows
from gradcli.shell.tables.file_table import FileTable, Told
from gradcli.shell.tables.table_of_files import write_rows_of_files
from gradcli.shell.writers.answer_files import BINARY
from gradcli.shell.writers.answer_writer import OutputOptions, destinations, shows_formulas

if TYPE_CHECKING:
    from gradcli.calculus.program.derivative_table import Matrix
    from gradcli.memory.database import Store
    from gradcli.shell.problems.row_problem import RowProblem

#: Digits that floats have, and that are computed from them.
_DIGITS = 15


class DerivativeQuestion(NamedTuple):
    """kind: hessian, hvp, jacobian, vjp or jvp. vector: that of a product, as it was typed. zero: for what is not connected."""

    kind: str
    vector: str | None
    corner: str
    zero: bool


def answered_by_row(
    store: Store, question: Question, session: str, manner: OutputOptions, asked: DerivativeQuestion
) -> bool:
    """Answer what was typed, or the session's problem, in each row of the files; False for what does not vary by row.

    Raises what the readers raise, UsageProblem for options that do not go together, and Exit where a row has no number.
    """
    request = question.data
    if tuple(question.expressions) == ("-",):
        return False
    problem = from_command_line(
        question.expressions, question.values, question.at, question.wrt, manner.digits
    )
    if not problem.texts:
        problem, request = _of_session(store, problem, request, session)
    if request is None:
        return False
    if not varies_by_row(store, problem, request):
        _check_no_rows(request, manner)
        return _answered_loss(store, problem, request, manner, asked)
    _check(manner)
    _check_alike(store, problem, request)
    table = _table(store, problem, request, manner, asked)
    write_rows_of_files(store, table, request, manner)
    return True


def _of_session(
    store: Store, typed: Problem, request: DataRequest | None, session: str
) -> tuple[Problem, DataRequest | None]:
    """The session's problem over the files that were typed, or over its own."""
    if request is None:
        from gradcli.shell.problems.session_problem import session_or_files

        problem, request = session_or_files(store, typed, session)
    else:
        from gradcli.memory.session_history import current

        problem = from_session(typed, current(store, session), session, files=True)
    return (without_session_columns(problem, typed.at) if request is not None else problem), request


def each_over_files(
    store: Store, asked: DerivativeQuestion
) -> Callable[[Problem, DataRequest, OutputOptions], bool]:
    """What answers a problem of a stream over files of many rows."""

    def answered(problem: Problem, request: DataRequest, manner: OutputOptions) -> bool:
        return _answered_loss(store, problem, request, manner, asked)

    return answered


def _answered_loss(
    store: Store, problem: Problem, request: DataRequest, manner: OutputOptions, asked: DerivativeQuestion
) -> bool:
    """Answer losses over more rows than are written out; False for few, or where they have no levels of sums."""
    notices = list(store.notices)
    try:
        loss = loss_over_files(store, problem, request)
    except NoLevels:
        return False
    assert loss.data is not None  # noqa: S101  (which a loss over files has)
    rows = file_problem(loss, loss.data)
    if rows.rows * sum(map(len, loss.texts)) > WRITTEN_OUT:
        _check(manner)
        if asked.kind not in ("hessian", "hvp"):
            from gradcli.shell.columns.row_jacobian_answer import RowProduct, write_row_jacobian

            write_row_jacobian(store, rows, RowProduct(*asked), manner)
            return True
        if _written_hessian(store, rows, manner, asked):
            return True
    store.notices[:] = notices  # they are said by who answers
    return False


def _written_hessian(
    store: Store, rows: RowProblem, manner: OutputOptions, asked: DerivativeQuestion
) -> bool:
    from gradcli.shell.columns.row_hessian_answer import row_hessian, write_row_hessian

    direction = None
    if asked.vector is not None:
        direction = direction_of(asked.vector, "--hvp", rows.chosen, _DIGITS)
    found = row_hessian(rows, asked.corner, direction)
    if found is not None:
        write_row_hessian(store, found, manner)
    return found is not None


def _check_alike(store: Store, problem: Problem, request: DataRequest) -> None:
    """Raises UsageProblem for losses beside expressions that vary by row."""
    if len(problem.texts) == 1:
        return
    parts = [divided(text) for text in problem.texts]
    shared = [one for part in parts for one in part.definitions]
    for part in parts:
        alone = problem._replace(texts=("; ".join((*shared, part.expression)),), wrt=None)
        if brings_rows_together(store, alone, request):
            message = f"{part.expression} is one number for all rows, and another EXPR has one in each row"
            raise UsageProblem(message, hint="ask for them apart")


def _check_no_rows(request: DataRequest, manner: OutputOptions) -> None:
    """Raises UsageProblem for what is about answers for each row."""
    if request.by_row is not None:
        raise UsageProblem(f"{request.by_row} is about answers for each row, and a loss is one number")
    for here, _ in destinations(manner):
        if here.format in BINARY:
            raise UsageProblem(f"{here.format} files are for answers of each row, and a loss is one number")


def _check(manner: OutputOptions) -> None:
    """Raises UsageProblem for what files are not answered with."""
    if manner.digits > _DIGITS:
        message = f"--digits {manner.digits}: numbers of files are floats, and at most {_DIGITS} digits are computed"
        raise UsageProblem(message)
    if any(here.format == "latex" for here, _ in destinations(manner)):
        raise UsageProblem("LaTeX and --data do not go together")


def _table(
    store: Store, problem: Problem, request: DataRequest, manner: OutputOptions, asked: DerivativeQuestion
) -> FileTable:
    columns = columns_of_problem(problem, request)
    forms = {here.format for here, _ in destinations(manner)}
    formulas = shows_formulas(manner) and not forms.isdisjoint(("text", "json"))
    # The columns are variables like all others; what they are is each row's to say.
    whole = problem._replace(at={**problem.at, **dict.fromkeys(columns.headers, 1.0)})
    kind = asked.kind if formulas or asked.vector is not None else f"{asked.kind} numbers"
    matrix = unchecked_table(store, kind, whole, _builder(asked.kind, formulas=formulas))
    variables = variables_of(matrix)
    check_known(variables, columns, problem.at)
    check_names(problem.at, [*variables, *(problem.wrt or ())], problem.texts)
    check_wrt(problem.wrt, variables, whole.at)
    store.notices += columns.remarks
    own = columns.only(variables)
    rows, told = _rows(store, problem, whole, matrix, asked)
    stops = request.bad_rows == "stop"
    return FileTable(problem, own, rows.question(tuple(own.headers)), told, stops=stops)


def _builder(kind: str, *, formulas: bool) -> Builder:
    """What makes the table of a kind."""

    def build(*how: Any) -> Matrix:
        from gradcli.calculus.tables import hessian_table, jacobian_table

        if kind == "hessian":
            return hessian_table.hessian_of(*how, formulas=formulas)
        if kind == "jacobian":
            return jacobian_table.jacobian_of(*how, formulas=formulas)
        products = {"hvp": hessian_table.hvp_of, "vjp": jacobian_table.vjp_of, "jvp": jacobian_table.jvp_of}
        return products[kind](*how)

    return build


def _rows(
    store: Store, problem: Problem, whole: Problem, matrix: Matrix, asked: DerivativeQuestion
) -> tuple[TableRows, Told]:
    """The table's numbers in a row, and what is said of them."""
    kind, corner, zero = asked.kind, asked.corner, asked.zero
    if asked.vector is None:
        make = hessian_rows if kind == "hessian" else jacobian_rows
        return make(matrix, problem.at, corner, zero=zero)
    if kind == "vjp":
        vector: Any = weights_of(asked.vector, "--vjp", len(problem.texts), _DIGITS)
    else:
        names = [name.removeprefix("along ") for name in matrix.program.variables if " " in name]
        vector = direction_of(asked.vector, f"--{kind}", names, _DIGITS)
    plain = "hessian" if kind == "hvp" else "jacobian"

    def entries() -> Matrix:
        return unchecked_table(store, f"{plain} numbers", whole, _builder(plain, formulas=False))

    return product_rows(matrix, problem.at, Product(kind, vector), entries, corner, zero=zero)
