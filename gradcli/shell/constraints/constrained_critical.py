"""`critical --subject-to`: the Lagrangian, its system, and every point where f can be extreme."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from gradcli.language.problem_text import joined
from gradcli.memory.compiled_cache import cached
from gradcli.output.results.extrema_document import (
    ExtremePoints,
    extrema_document,
    extrema_record,
    extrema_rows,
)
from gradcli.shell.constraints.constraint_source import links_of, notes_of
from gradcli.shell.problems.critical_unknowns import solved_for
from gradcli.shell.writers.answer_writer import OutputOptions, Report, write_answer, write_notes

if TYPE_CHECKING:
    from gradcli.language.constraints.constraint_text import Constraint
    from gradcli.memory.database import Store
    from gradcli.shell.problems.problem import Problem

#: Names for multipliers, the first that no variable begins with.
LETTERS = ("λ", "μ", "ν", "multiplier")


def answer_extrema(
    store: Store, problem: Problem, typed: Mapping[str, str],
    sides: Callable[[Sequence[str]], Mapping[str, tuple[float, float]]], manner: OutputOptions,
) -> None:  # fmt: skip
    """Write every point where f can be extreme; exit with status 1 where none was found."""
    links = links_of(problem)
    names = unknowns_of(problem, links, typed)
    box = sides(names)
    held = {name: value for name, value in problem.at.items() if name not in names}
    fixed = {name: typed.get(name) or repr(float(value)) for name, value in held.items()}
    record = cached(
        store, "extrema and families", problem.texts, sorted(problem.at), [list(problem.constraints), names, fixed, box],
        lambda: found_extrema(problem, links, names, fixed, box),
    )  # fmt: skip
    found = ExtremePoints(problem.expression, [one.text for one in links], held, names, **record)
    write_answer(
        Report(
            record=lambda: extrema_record(found),
            rows=lambda: extrema_rows(found),
            document=lambda: extrema_document(found, manner.digits),
        ),
        manner,
    )
    write_notes([*notes_of(links), *found.why, *store.notices], manner.color)
    if not (found.points or found.families):
        raise click.exceptions.Exit(1)


def unknowns_of(problem: Problem, links: Sequence[Constraint], typed: Mapping[str, str]) -> list[str]:
    """The variables to solve for, as without constraints."""
    from gradcli.language.parser.outputs import total

    variables = total([*problem.texts, *(one.difference for one in links)], problem.at.keys()).variables
    return solved_for(problem, variables, typed)


def found_extrema(
    problem: Problem, links: Sequence[Constraint], names: Sequence[str], fixed: Mapping[str, str],
    box: Mapping[str, tuple[float, float]],
) -> dict[str, Any]:  # fmt: skip
    """All that is shown, ready for JSON."""
    from gradcli.calculus.formulas.texts.compiler import compile_text
    from gradcli.descent.constrained.extrema.constrained_extrema import constrained_extrema
    from gradcli.descent.constrained.extrema.lagrange_systems import lagrangian_text

    symbols = _symbols(names, len(links))
    text = joined(problem.texts)
    whole = lagrangian_text(text, links, symbols, range(len(links)))
    system = compile_text([whole], (*names, *fixed, *symbols), names).formulas
    held = "; ".join([*(f"{name} = {value}" for name, value in fixed.items()), text])
    found = constrained_extrema(held, links, dict.fromkeys(names, 0.0), symbols, box)
    return {
        "lagrangian": _shown(text, links, symbols),
        "symbols": symbols,
        "system": {**{name: system.get(name) for name in names}},
        "points": [point._asdict() for point in found.points],
        "complete": found.complete, "bounded": found.bounded, "why": found.why, "box": dict(found.box),
        "families": [list(one) for one in found.families],
    }  # fmt: skip


def _symbols(names: Sequence[str], count: int) -> list[str]:
    letter = next(one for one in LETTERS if not any(name.startswith(one) for name in names))
    return [letter] if count == 1 else [f"{letter}{i + 1}" for i in range(count)]


def _shown(text: str, links: Sequence[Constraint], symbols: Sequence[str]) -> str:
    """f - λ*(left - right), as people write it."""
    from gradcli.language.problem_text import divided

    parts = divided(text)
    terms = []
    for one, symbol in zip(links, symbols, strict=True):
        right = one.right.strip()
        alone = right.isalnum()
        inside = one.left if right == "0" else f"{one.left} - {right if alone else f'({right})'}"
        terms.append(f" - {symbol}*({inside})")
    return " ".join(f"{parts.expression}{''.join(terms)}".split())
