"""What follows from a gradient, where `gradcli grad` was asked for it: --along, and values with ±."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gradcli.commands.asking import direction_of
from gradcli.commands.problems import Problem
from gradcli.commands.surroundings import kept_data, prepared
from gradcli.commands.values import Value, assignments, names, number
from gradcli.language.errors import UsageProblem, ValueProblem

if TYPE_CHECKING:
    from gradcli.calculus.answer import Note
    from gradcli.commands.beyond import Beyond
    from gradcli.memory.store import Store
    from gradcli.output.gradients import Gradient


def followed(
    store: Store, gradient: Gradient, problem: Problem, beyond: Beyond, digits: int, corner: str
) -> Gradient:
    """The gradient with the slope along a direction and the uncertainty of f, where they were asked for."""
    from gradcli.calculus.propagation import Along, propagated

    answer = gradient.answer
    if answer is None:
        return gradient
    blank = {note.variable for note in gradient.notes if note.kind == "unconnected"}
    zero: Value = 0.0 if digits <= 15 else "0"
    partials = {name: zero if name in blank else partial for name, partial in answer.partials.items()}
    if beyond.along is not None:
        direction = direction_of(beyond.along, "--along", list(partials), digits)
        if beyond.normalize and not any(float(x) for x in direction.values()):
            raise ValueProblem(
                "--along: a direction of length 0 cannot be normalized", hint="for example --along x=1"
            )
        slope, note = _slope(
            store, problem, beyond, direction, digits, partials if corner != "none" else None
        )
        formula = _formula(store, problem, beyond)
        gradient = gradient._replace(
            along=Along(direction, slope, formula, beyond.normalize),
            notes=[*gradient.notes, *([note] if note else [])],
        )
    if beyond.sigmas:
        sigmas = {name: number(name, text, digits) for name, text in beyond.sigmas.items()}
        for name, sigma in sigmas.items():
            if float(sigma) < 0:
                raise ValueProblem(
                    f"the uncertainty of {name} is negative", hint=f"for example --{name} 5±0.1"
                )
            if name not in partials:
                raise UsageProblem(f"{name} has an uncertainty, but --wrt leaves it out")
        gradient = gradient._replace(uncertainty=propagated(partials, sigmas, digits))
    return gradient


def _slope(
    store: Store, problem: Problem, beyond: Beyond, direction: Mapping[str, Value], digits: int,
    chosen: Mapping[str, Value | None] | None,
) -> tuple[Value | None, Note | None]:  # fmt: skip
    """The derivative along the direction, variables that --stop holds left where they are."""
    from gradcli.calculus.propagation import directional

    stopped = _stopped(beyond)
    wrt = None if not stopped else [name for name in direction if name not in stopped]
    compiled = prepared(store, problem.texts, problem.at.keys(), problem.wrt if wrt is None else wrt)
    held = {f" {name}" if name in stopped else name: x for name, x in direction.items()}
    return directional(
        compiled.program, compiled.text, problem.at, held, digits, normalized=beyond.normalize, chosen=chosen
    )


def _stopped(beyond: Beyond) -> tuple[str, ...]:
    return names(beyond.stop, "--stop") or () if beyond.stop is not None else ()


def _formula(store: Store, problem: Problem, beyond: Beyond) -> str | None:
    given, held = sorted(problem.at), list(_stopped(beyond))
    direction = dict(assignments(beyond.along or "", "--along"))

    def make() -> Any:
        from gradcli.calculus.propagation import directional_formula

        return directional_formula(problem.texts, given, direction, beyond.normalize, held)

    details = [direction, beyond.normalize, held]
    return kept_data(store, "along", problem.texts, given, details, make)  # type: ignore[no-any-return]
