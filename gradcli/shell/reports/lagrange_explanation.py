"""`explain --subject-to`: Lagrange's method: the Lagrangian, its partials rule by rule, the points that solve them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gradcli.language.latex_escapes import latex_text
from gradcli.language.problem_text import joined
from gradcli.memory.compiled_cache import latex_formulas
from gradcli.output.results.extrema_document import ExtremePoints, extrema_document, extrema_record
from gradcli.output.text.document import line
from gradcli.shell.constraints.constrained_critical import found_extrema, unknowns_of
from gradcli.shell.constraints.constraint_latex import problem_latex, with_letters
from gradcli.shell.constraints.constraint_source import links_of
from gradcli.shell.derivatives.derivation_answer import derived
from gradcli.shell.writers.answer_writer import Report

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.problems.problem import Problem


def lagrange_method(store: Store, problem: Problem, depth: int | None) -> tuple[Report, str]:
    """The report, and its Markdown. Each line of the derivations is verified, and each point solves the system."""
    from gradcli.descent.constrained.extrema.lagrange_systems import lagrangian_text
    from gradcli.shell.problems.problem import Problem as Whole

    links = links_of(problem)
    typed = {name: repr(float(x)) for name, x in problem.at.items()}
    names = unknowns_of(problem, links, typed)
    held = {name: value for name, value in problem.at.items() if name not in names}
    found = found_extrema(problem, links, names, {name: typed[name] for name in held}, {})
    points = ExtremePoints(problem.expression, [one.text for one in links], held, names, **found)
    text = lagrangian_text(joined(problem.texts), links, points.symbols, range(len(links)))
    partials, markdown = derived(store, Whole((text,), held, (*names, *points.symbols)), depth, 1)
    solved = extrema_document(points, 10)
    first = line(
        "f below is the Lagrangian ",
        ("formula", points.lagrangian),
        ", whose partials are 0 where f is extreme",
    )
    lines = [f"The Lagrangian is L = {points.lagrangian}; its partials are 0 where f is extreme.", ""]

    def record() -> dict[str, Any]:
        """The derivations of L, and the points."""
        made: Mapping[str, Any] = partials.record()
        return {**made, **extrema_record(points)}

    def latex() -> str:
        """The problem, its Lagrangian and the derivations in LaTeX."""
        told = latex_formulas(store, (text,), (*names, *points.symbols), ()).get("") or latex_text(
            points.lagrangian
        )
        parts = [problem_latex(store, problem, told), partials.latex() if partials.latex else ""]
        return with_letters("\n".join(parts))

    whole = partials._replace(
        record=record, document=lambda: [first, *partials.document(), *solved], latex=latex
    )
    return whole, "\n".join([*lines, markdown, *_told(points)])


def _told(points: ExtremePoints) -> list[str]:
    """The points as a list of Markdown."""
    lines = ["", "The points that solve the system and keep the constraints:", ""]
    for point in points.points:
        place = ", ".join(f"{name} = {point['at'][name]:.10g}" for name in points.wrt)
        lines.append(f"- {point['kind']} at {place}: f = {point['value']:.10g}")
    return [*lines, ""]
