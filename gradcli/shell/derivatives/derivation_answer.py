"""A problem's derivation in all forms of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gradcli.language.name_meanings import has_definitions
from gradcli.memory.compiled_cache import cached, compiled_or_cached
from gradcli.output.results.derivation_document import (
    derivation_document,
    derivation_latex,
    derivation_markdown,
    derivation_record,
    derivation_rows,
)
from gradcli.shell.problems.value_checks import check_names, check_wrt
from gradcli.shell.writers.answer_writer import Report

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.problems.problem import Problem


def derived(store: Store, problem: Problem, depth: int | None, order: int = 1) -> tuple[Report, str]:
    """The derivation of every partial in all of its forms, and in Markdown; up to an *order*, each from the one before."""
    compiled = compiled_or_cached(store, problem.texts, problem.at.keys(), problem.wrt)
    variables = compiled.program.variables
    check_names(problem.at, [*variables, *(problem.wrt or ())])
    check_wrt(problem.wrt, variables, problem.at)
    along = problem.wrt or variables

    def make() -> list[Mapping[str, Any]]:
        if any(map(has_definitions, problem.texts)):
            from gradcli.calculus.deriving.defined_derivation import defined_derivations, has_parts

            if has_parts(problem.texts, problem.at.keys()):
                return list(defined_derivations(problem.texts, problem.at.keys(), along, depth))
        from gradcli.calculus.deriving.derivation import derivation
        from gradcli.language.parser import parse

        expression = parse(compiled.text, problem.at.keys())
        found = [derivation(expression, compiled, name, depth) for name in along]
        return [{**one._asdict(), "steps": [step._asdict() for step in one.steps]} for one in found]

    found = cached(store, "explain", problem.texts, problem.at.keys(), [depth, problem.wrt], make)
    found = [step for one in found for step in (one, *_further(store, problem, one, depth, order))]
    expression = problem.expression
    report = Report(
        lambda: derivation_record(expression, found), lambda: derivation_rows(found),
        lambda: derivation_document(expression, found), lambda: derivation_latex(found),
    )  # fmt: skip
    return report, derivation_markdown(expression, found)


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
    compiled = compiled_or_cached(store, known.texts, known.at.keys(), None)

    def make() -> Mapping[str, Any]:
        from gradcli.calculus.deriving.derivation import derivation
        from gradcli.language.parser import parse

        one = derivation(parse(compiled.text, known.at.keys()), compiled, name, depth)
        return {**one._asdict(), "steps": [step._asdict() for step in one.steps]}

    one = cached(store, "explain next", known.texts, known.at.keys(), [depth, name], make)
    return one["formula"], one["steps"]
