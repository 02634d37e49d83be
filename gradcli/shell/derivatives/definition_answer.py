"""A problem with definitions → what each of them is at the point, and formulas in terms of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gradcli.language.name_meanings import has_definitions
from gradcli.memory.compiled_cache import cached, text_remarks

if TYPE_CHECKING:
    from gradcli.calculus.program.program import Program
    from gradcli.memory.database import Store
    from gradcli.output.gradients.gradient_document import Gradient
    from gradcli.shell.problems.problem import Problem
    from gradcli.shell.writers.answer_writer import OutputOptions


def with_definitions(
    store: Store, gradient: Gradient, problem: Problem, manner: OutputOptions, formulas: str = "written"
) -> Gradient:
    """The gradient with what is to be said about the text, its definitions where they are shown, and their formulas.

    formulas: `defined` where they are asked for in terms of the definitions; where they would be too long they are too.
    """
    from gradcli.calculus.program.point_answer import Note

    remarks = [Note("text", remark) for remark in text_remarks(store, problem.texts, problem.at.keys())]
    gradient = gradient._replace(notes=[*gradient.notes, *remarks])
    told = {remark.message for remark in remarks}
    store.notices[:] = [notice for notice in store.notices if notice not in told]
    if not any(map(has_definitions, problem.texts)):
        return (
            _with_sums(store, gradient, problem)
            if manner.get is None or "formula" in manner.get
            else gradient
        )
    is_defined = formulas == "defined"
    noted = {note.variable for note in gradient.notes}
    too_long = any(text is None and name not in noted for name, text in gradient.formulas.items())
    if is_defined or (manner.get is None and too_long):
        gradient = _in_terms_of_definitions(store, gradient, problem, is_defined)
    if manner.format in ("json", "jsonl") or manner.get is not None or is_defined:
        gradient = gradient._replace(definitions=definitions_of(store, problem, manner.digits))
    return gradient


def _with_sums(store: Store, gradient: Gradient, problem: Problem) -> Gradient:
    """The gradient with formulas that stay sums over an index, where that is shorter."""
    noted = {note.variable for note in gradient.notes}
    names = [name for name, text in gradient.formulas.items() if text is not None or name not in noted]
    if len(problem.texts) != 1 or "sum" not in problem.texts[0]:
        return gradient

    def make() -> Any:
        from gradcli.calculus.tables.sum_formulas import sum_formulas

        return sum_formulas(problem.texts[0], problem.at.keys(), names)

    sums = cached(store, "sum formulas", problem.texts, problem.at.keys(), names, make)
    written = dict(gradient.formulas)
    shorter = {name: text for name, text in sums.items() if len(text) < len(written[name] or text + " ")}
    return gradient._replace(formulas=written | shorter)


def _in_terms_of_definitions(
    store: Store, gradient: Gradient, problem: Problem, is_defined: bool
) -> Gradient:
    def make() -> Any:
        from gradcli.calculus.tables.definition_table import defined_slopes

        return defined_slopes(problem.texts, problem.at.keys(), problem.wrt)

    slopes, chain = cached(
        store, "defined slopes", problem.texts, problem.at.keys(), problem.wrt, lambda: list(make())
    )
    formulas = {
        name: slopes.get(name) if is_defined or text is None else text
        for name, text in gradient.formulas.items()
    }
    return gradient._replace(formulas=formulas, chain=chain)


def definitions_of(store: Store, problem: Problem, digits: int) -> dict[str, Any]:
    """Each definition that is used: its text, and at a point its value and gradient, None where it has none."""
    from gradcli.calculus.program.derivative_table import matrix_from_data, matrix_to_data

    def make(only: str | None = None) -> Any:
        from gradcli.calculus.tables.definition_table import definition_table

        names, matrix = definition_table(problem.texts, problem.at.keys(), problem.wrt, only)
        return [names, matrix and matrix_to_data(matrix)]

    names, data = cached(store, "definitions", problem.texts, problem.at.keys(), problem.wrt, make)
    found = {name: {"expression": text} for name, text in names.items()}
    if data is None or not (problem.at or not matrix_from_data(data).program.variables):
        return found
    numbers = _numbers(data, problem, digits)
    if numbers is None:  # one that is not on the way that is taken may have no value
        numbers = [
            number for name in names for number in _numbers(make(name)[1], problem, digits) or [(None, {})]
        ]
    for name, (value, gradient) in zip(names, numbers, strict=True):
        found[name] |= {"value": value, "gradient": gradient}
    return found


def definition_latex(
    store: Store, problem: Problem, gradient: Gradient, written: Mapping[str, str | None]
) -> dict[str, str | None]:
    """LaTeX of f and of each definition in terms of the others, these under `where NAME`, and of the partials."""
    formulas = {name: text for name, text in gradient.formulas.items() if text is not None}

    def make() -> Any:
        from gradcli.calculus.formulas.texts.defined_latex import part_latex, text_latex
        from gradcli.language.parser.outputs import total

        expression = total(problem.texts, problem.at.keys())
        parts = part_latex(expression)
        names = (*expression.variables, *parts)
        shown = {name: text_latex(text, names) for name, text in formulas.items()}
        return [parts, shown]

    parts, shown = cached(
        store, "defined latex", problem.texts, problem.at.keys(), [problem.wrt, formulas], make
    )
    where = {f"where {name}": latex for name, latex in parts.items() if name}
    return {**written, **(shown if gradient.chain is not None else {}), "": parts[""], **where}


def part_latex_of(store: Store, problem: Problem) -> dict[str, str]:
    """LaTeX of f (under the empty name) and of each definition, in terms of the others."""

    def make() -> Any:
        from gradcli.calculus.formulas.texts.defined_latex import part_latex
        from gradcli.language.parser.outputs import total

        return part_latex(total(problem.texts, problem.at.keys()))

    return dict(cached(store, "part latex", problem.texts, problem.at.keys(), problem.wrt, make))


def definition_program(problem: Problem) -> tuple[Program | None, dict[str, int]]:
    """A program that computes the definitions that are used, and the slot of each; None where there are none."""
    from gradcli.calculus.tables.definition_table import definition_table

    names, matrix = definition_table(problem.texts, problem.at.keys(), ())
    if matrix is None:
        return None, {}
    return matrix.program, dict(zip(names, matrix.values, strict=True))


def _numbers(data: Any, problem: Problem, digits: int) -> list[tuple[Any, Mapping[str, Any]]] | None:
    """The values and gradients of a table; None where one of them has no value."""
    from gradcli.calculus.evaluation.table_at_point import tabulate
    from gradcli.calculus.program.derivative_table import matrix_from_data
    from gradcli.language.errors import DomainProblem

    matrix = matrix_from_data(data)
    try:
        numbers = tabulate(matrix, problem.at, digits)
    except DomainProblem:
        return None
    gradients = [
        {
            name: entry
            for name, entry, slot in zip(matrix.columns, row, slots, strict=True)
            if slot is not None
        }
        for row, slots in zip(numbers.entries, matrix.slots, strict=True)
    ]
    return list(zip(numbers.values, gradients, strict=True))
