"""A report on a problem under constraints: its descent, and the section on its constraints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcli.output.text.number_text import shown
from gradcli.shell.constraints.constraint_source import links_of, notes_of
from gradcli.shell.sessions.descent_path import Point

if TYPE_CHECKING:
    from gradcli.descent.verdicts.outcome import Constrained, Outcome
    from gradcli.output.pages.handout import Block, Section
    from gradcli.shell.problems.problem import Problem

#: Steps of the descent of a problem without steps.
STEPS = 10_000


def constrained_outcome(
    problem: Problem, here: dict[str, float], *, ascend: bool, moves: bool
) -> tuple[Outcome, list[Point]]:
    """How the descent from a point under the problem's constraints ends, and the points that it goes through.

    moves: whether steps are taken, or only the point itself is looked at. Raises what is wrong with a constraint, and
    DomainProblem where something has no value.
    """
    from gradcli.descent.constrained.constrained_minimizer import minimize_constrained
    from gradcli.descent.constrained.constrained_outcome import Wish
    from gradcli.language.parser.outputs import total
    from gradcli.shell.problems.value_checks import connected_names

    links = links_of(problem)
    names = total([*problem.texts, *(one.difference for one in links)], problem.at.keys()).variables
    found = [Point(0, dict(here))]

    def told(number: int, stage: object) -> None:
        """Keep a point of the way."""
        if number:
            found.append(Point(number, dict(stage.at)))  # type: ignore[attr-defined]

    wish = Wish(STEPS if moves else 0, connected_names(problem.wrt, names), ascend, told)
    outcome = minimize_constrained(problem.texts, links, {name: here[name] for name in names}, wish)
    return outcome, [*found[:-1], Point(max(found[-1].step, 0), dict(outcome.x))]


def constraint_section(problem: Problem, outcome: Outcome) -> list[Section]:
    """The section on the constraints: each with its multiplier, and what is left of the KKT equations."""
    from gradcli.output.pages.handout import Grid, Section, Text

    evidence = outcome.constrained
    if evidence is None:
        return []
    rows = [
        [
            one.text, "active" if one.active else "broken" if one.slack < 0 else "inactive", shown(one.slack, 6),
            "" if one.multiplier is None or not one.active else shown(one.multiplier),
            "" if one.kkt_multiplier is None or not one.active else shown(one.kkt_multiplier),
        ]
        for one in evidence.constraints
    ]  # fmt: skip
    blocks: list[Block] = [Grid(["constraint", "state", "slack", "multiplier", "KKT multiplier"], rows)]
    blocks += [Text(text) for text in [*_residual(evidence), *_meant(evidence), *notes_of(links_of(problem))]]
    return [Section("Constraints", blocks)]


def _residual(evidence: Constrained) -> list[str]:
    if evidence.kkt_residual is None:
        return [f"The constraints are missed by {shown(evidence.violation, 3)} at the most."]
    parts = [f"The residual of the KKT equations is {shown(evidence.kkt_residual, 3)}"]
    if evidence.singular_values:
        parts.append(
            f"the smallest singular value of the active constraints' slopes is {shown(evidence.singular_values[-1], 3)}"
        )
    return [", ".join(parts) + "."]


def _meant(evidence: Constrained) -> list[str]:
    """The convention of multipliers, where there are some."""
    if any(one.active and one.multiplier is not None for one in evidence.constraints):
        return [
            "A multiplier is what one more on the right side of its constraint changes the best value by."
        ]
    return []
