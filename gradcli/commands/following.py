"""What follows from a gradient, where `gradcli grad` was asked for it: --along, and values with ±."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradcli.commands.asking import direction_of
from gradcli.commands.problems import Problem
from gradcli.commands.values import Value, assignments, number
from gradcli.language.errors import UsageProblem, ValueProblem

if TYPE_CHECKING:
    from gradcli.commands.beyond import Beyond
    from gradcli.memory.store import Store
    from gradcli.output.gradients import Gradient


def followed(store: Store, gradient: Gradient, problem: Problem, beyond: Beyond, digits: int) -> Gradient:
    """The gradient with the slope along a direction and the uncertainty of f, where they were asked for."""
    from gradcli.calculus.propagation import Along, directional, propagated

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
        slope = directional(partials, direction, digits, normalized=beyond.normalize)
        formula = _formula(store, problem, beyond.along, beyond.normalize)
        gradient = gradient._replace(along=Along(direction, slope, formula, beyond.normalize))
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


def _formula(store: Store, problem: Problem, along: str, normalize: bool) -> str | None:
    from gradcli.commands.surroundings import kept_data

    given = sorted(problem.at)
    direction = dict(assignments(along, "--along"))

    def make() -> Any:
        from gradcli.calculus.propagation import directional_formula

        return directional_formula(problem.texts, given, direction, normalize)

    return kept_data(store, "along", problem.texts, given, [direction, normalize], make)  # type: ignore[no-any-return]
