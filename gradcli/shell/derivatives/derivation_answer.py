"""A problem's derivation in all forms of an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.language.column_names import columns_among, is_element
from gradcli.language.name_meanings import has_definitions
from gradcli.memory.compiled_cache import cached, compiled_or_cached
from gradcli.output.results.derivation_document import (
    derivation_document,
    derivation_latex,
    derivation_markdown,
    derivation_record,
    derivation_rows,
)
from gradcli.shell.columns.row_explanation import explained_by_rows, next_by_rows
from gradcli.shell.problems.value_checks import check_names, check_wrt
from gradcli.shell.writers.answer_writer import Report

if TYPE_CHECKING:
    from gradcli.calculus.program.compiled_expression import Compiled
    from gradcli.language.tree import Expression
    from gradcli.memory.database import Store
    from gradcli.shell.problems.problem import Problem


def derived(store: Store, problem: Problem, depth: int | None, order: int = 1) -> tuple[Report, str]:
    """The derivation of every partial in all of its forms, and in Markdown; up to an *order*, each from the one before."""
    by_rows = explained_by_rows(store, problem, depth) if any(map(is_element, problem.at)) else None
    first = _written_out(store, problem, depth) if by_rows is None else by_rows
    found = [step for one in first for step in (one, *_further(store, problem, one, depth, order))]
    expression = problem.expression
    report = Report(
        lambda: derivation_record(expression, found), lambda: derivation_rows(found),
        lambda: derivation_document(expression, found), lambda: derivation_latex(found),
    )  # fmt: skip
    return report, derivation_markdown(expression, found)


def _written_out(store: Store, problem: Problem, depth: int | None) -> Sequence[Mapping[str, Any]]:
    compiled = compiled_or_cached(store, problem.texts, problem.at.keys(), problem.wrt)
    variables = compiled.program.variables
    check_names(problem.at, [*variables, *(problem.wrt or ())])
    check_wrt(problem.wrt, variables, problem.at)
    along = problem.wrt or variables

    def make() -> list[Mapping[str, Any]]:
        of_rows = any(map(is_element, problem.at)) and _has_row_formulas(compiled)
        if any(map(has_definitions, problem.texts)) and not of_rows:
            from gradcli.calculus.deriving.defined_derivation import defined_derivations, has_parts

            if has_parts(problem.texts, problem.at.keys()):
                return list(defined_derivations(problem.texts, problem.at.keys(), along, depth))
        from gradcli.calculus.deriving.derivation import derivation
        from gradcli.language.parser import parse

        expression = parse(compiled.text, problem.at.keys())
        known = compiled._replace(formulas=_written_formulas(expression, along)) if of_rows else compiled
        found = [derivation(expression, known, name, depth) for name in along]
        return [{**one._asdict(), "steps": [step._asdict() for step in one.steps]} for one in found]

    found: Sequence[Mapping[str, Any]] = cached(
        store, "explain", problem.texts, problem.at.keys(), [depth, problem.wrt], make
    )
    return found


def _has_row_formulas(compiled: Compiled) -> bool:
    """Whether a formula is in terms of whole columns, which the text written out has not."""
    columns = columns_among(compiled.program.variables)
    names = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?![\w\[])" for name in columns) or r"(?!)")
    return any(formula and names.search(formula) for formula in compiled.formulas.values())


def _written_formulas(expression: Expression, along: Sequence[str]) -> dict[str, str | None]:
    from gradcli.calculus.formulas.texts.partial_formulas import partial_formulas
    from gradcli.calculus.graph.reverse_sweep import swept

    return partial_formulas(expression, swept(expression, along), along)


def _further(
    store: Store, problem: Problem, first: Mapping[str, Any], depth: int | None, order: int
) -> list[Mapping[str, Any]]:
    """The derivations of the derivatives after the *first* one, along its variable, up to *order*."""
    found: list[Mapping[str, Any]] = []
    name, text = first["variable"], first["formula"]
    for number in range(2, order + 1):
        text, steps = _next(store, problem, name, text, depth)
        found.append({"variable": name, "order": number, "formula": text, "steps": steps})
    return found


def _next(store: Store, problem: Problem, name: str, text: str, depth: int | None) -> tuple[str, Any]:
    """The derivative of a formula along a variable, and its derivation."""
    known = problem._replace(texts=(text,), wrt=(name,))
    if any(map(is_element, problem.at)) and (found := next_by_rows(store, known, depth)) is not None:
        return found["formula"], found["steps"]
    compiled = compiled_or_cached(store, known.texts, known.at.keys(), None)

    def make() -> Mapping[str, Any]:
        from gradcli.calculus.deriving.derivation import derivation
        from gradcli.language.parser import parse

        one = derivation(parse(compiled.text, known.at.keys()), compiled, name, depth)
        return {**one._asdict(), "steps": [step._asdict() for step in one.steps]}

    one = cached(store, "explain next", known.texts, known.at.keys(), [depth, name], make)
    return one["formula"], one["steps"]
