"""What the commands of more calculus share: a problem from wherever it comes, and tables of derivatives of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gradcli.commands.problems import Problem
from gradcli.commands.speaking import Manner, Report, say
from gradcli.commands.surroundings import kept_data
from gradcli.commands.values import Value, assignments, check_complete, check_names, check_wrt, gathered
from gradcli.language.errors import UsageProblem, ValueProblem

if TYPE_CHECKING:
    from gradcli.calculus.evaluate import Note
    from gradcli.calculus.matrix import Matrix
    from gradcli.memory.store import Store
    from gradcli.output.matrices import Product

F = TypeVar("F", bound=Callable[..., Any])

#: `builder(texts, given, wrt)`.
Builder = Callable[[Sequence[str], Sequence[str], Sequence[str] | None], "Matrix"]


def unconnected_option(function: F) -> F:
    """`--unconnected`: what the derivative along a variable without a path to the outputs is."""
    return click.option(
        "--unconnected", type=click.Choice(["none", "zero"]), default="none", show_default=True,
        help="Along a variable that no output depends on: no number, as tf.gradients, or 0.",
    )(function)  # fmt: skip


def table_of(store: Store, kind: str, problem: Problem, build: Builder) -> Matrix:
    """The table of derivatives that *build* makes of *problem*, from the library if it is there; names checked."""
    from gradcli.calculus.matrix import matrix_from_data, matrix_to_data

    given = sorted(problem.at)

    def make() -> Any:
        return matrix_to_data(build(problem.texts, given, problem.wrt))

    try:
        matrix = matrix_from_data(kept_data(store, kind, problem.texts, given, problem.wrt, make))
    except ValueError:  # not written by this version
        matrix = build(problem.texts, given, problem.wrt)
    check(problem, variables_of(matrix))
    return matrix


def variables_of(matrix: Matrix) -> list[str]:
    """The user's variables of a table's program, without the program's own."""
    return [name for name in matrix.program.variables if " " not in name]


def check(problem: Problem, variables: Sequence[str]) -> None:
    """Raises ValueProblem for names that are not variables, and for variables without a value if some have one."""
    check_names(problem.at, [*variables, *(problem.wrt or ())])
    check_wrt(problem.wrt, variables, problem.at)
    if problem.at:
        check_complete(problem.at, variables)


def direction_of(text: str, option: str, names: Sequence[str], digits: int) -> dict[str, Value]:
    """`x=1,y=2` → a component for each of *names*, 0 for those left out. Raises ValueProblem for other names."""
    given = gathered(assignments(text, option), digits)
    for name in given:
        if name not in names:
            shown = ", ".join(names[:8])
            raise ValueProblem(f"{option} {name}: it is not among the variables", hint=f"they are {shown}")
    zero: Value = 0.0 if digits <= 15 else "0"
    return {name: given.get(name, zero) for name in names}


def weights_of(text: str | None, option: str, count: int, digits: int) -> list[Value]:
    """`2,10` → one number per output, all 1 for None. Raises UsageProblem for another number of them."""
    from gradcli.commands.values import number, pieces

    if text is None:
        return [1.0 if digits <= 15 else "1"] * count
    found = [number(f"weight {i + 1}", piece, digits) for i, piece in enumerate(p for p, _ in pieces(text))]
    if len(found) != count:
        outputs = "1 output" if count == 1 else f"{count} outputs"
        weights = "1 weight" if len(found) == 1 else f"{len(found)} weights"
        example = ",".join(["1"] * min(count, 8))
        raise UsageProblem(f"{option} has {weights} for {outputs}", hint=f"for example {option} {example}")
    return found


def needs_point(problem: Problem, what: str) -> None:
    """Raises UsageProblem where there is no point."""
    if not problem.at:
        raise UsageProblem(f"{what} needs a point", hint="give each variable a value: --x 5 --y 3")


def filled(
    matrix: Matrix,
    entries: Sequence[Sequence[Any]],
    notes: Iterable[Note],
    zero: bool,
    *,
    symmetric: bool = False,
) -> list[list[Any]]:
    """The entries with 0 for variables that nothing depends on, where that was asked for."""
    blank = {note.variable for note in notes if note.kind == "unconnected"} if zero else set()
    rows = [
        [0.0 if name in blank else x for name, x in zip(matrix.columns, row, strict=True)] for row in entries
    ]
    if symmetric:
        rows = [[0.0] * len(r) if n in blank else r for n, r in zip(matrix.columns, rows, strict=True)]
    return rows


def say_product(product: Product, manner: Manner, letter: str) -> None:
    """Write a product of a matrix with a vector to stdout."""
    from gradcli.output.matrices import product_document, product_latex, product_record, product_rows

    forms = Report(
        record=lambda: product_record(product),
        rows=lambda: product_rows(product),
        document=lambda: product_document(product, manner.digits),
        latex=lambda: product_latex(product, letter),
    )
    say(forms, manner)


def unknown_notes(matrix: Matrix, rows: Sequence[str]) -> list[Note]:
    """A note for each derivative that nobody knows, and for each variable without a path to the outputs."""
    from gradcli.calculus.evaluate import Note

    notes = [
        Note("unknown", f"the derivative of {rows[i]} along {matrix.columns[j]} is not known in closed form", matrix.columns[j])
        for i, j in sorted(matrix.unknown)
    ]  # fmt: skip
    for j, name in enumerate(matrix.columns):
        blank = all(row[j] is None for row in matrix.slots)
        if blank and not any(column == j for _, column in matrix.unknown):
            notes.append(Note("unconnected", f"{name} is not connected: no output depends on it", name))
    return notes


def named(notes: Iterable[Note], text: str) -> list[Note]:
    """Notes with the sub-expressions they are about named."""
    from gradcli.calculus.evaluate import excerpt

    return [note._replace(message=note.message.replace("{0}", excerpt(text, note.span))) for note in notes]


def stop_without_numbers(notes: Iterable[Note]) -> None:
    """Exit with status 3 where a number is missing for another reason than that nothing depends on a variable."""
    if any(
        note.kind not in ("unconnected", "sum", "stopped", "limit", "eigenvalues", "unequal")
        for note in notes
    ):
        raise click.exceptions.Exit(3)
