"""A critical point whose Hessian is singular → what it is, where higher derivatives, curves or intervals show that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.calculus.balls.ball_numbers import exact
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.balls.programs.given_numbers import number_of
from gradcli.calculus.program.program import Program
from gradcli.descent.certificates.finding import Finding
from gradcli.descent.objective.objective import Evaluation, Objective
from gradcli.descent.rules.optimizer_choice import choose
from gradcli.descent.steps.step_problem import step_problem

#: Bits of constants that are no rationals.
_BITS = 256

#: What shows a minimum for certain; curves that were tried show a saddle, and no minimum.
_CERTAIN = ("order", "nowhere lower", "rises")


def singular_kind(
    program: Program, text: str, at: Mapping[str, str], held: Mapping[str, str], eigenvalues: Sequence[float]
) -> tuple[str, str] | None:
    """minimum, maximum or saddle, and a sentence that says what shows it; None where that is not shown.

    at: the point's coordinates as texts, rationals; held: those of the other variables. eigenvalues: those of the Hessian
    there, of which one at least is 0; none where it has no second derivatives.
    """
    if not eigenvalues:
        return None
    numbers = {name: number_of(one, _BITS) for name, one in {**at, **held}.items()}
    if any(isinstance(number, Failure) or not exact(number) for number in numbers.values()):
        return None
    below, above = min(eigenvalues) < 0, max(eigenvalues) > 0
    lowest = None if below else _found(program, text, at, numbers, ascend=False)
    if lowest is not None and lowest[0] == "minimum":
        return lowest
    highest = None if above else _found(program, text, at, numbers, ascend=True)
    if highest is not None and highest[0] == "minimum":
        return "maximum", highest[1]
    falls, rises = (one is not None and one[0] == "saddle" for one in (lowest, highest))
    if (falls or below) and (rises or above):
        return lowest or highest
    return None


def _found(
    program: Program, text: str, at: Mapping[str, str], numbers: Mapping[str, Any], *, ascend: bool
) -> tuple[str, str] | None:
    """What the point is for f, or for -f."""
    from gradcli.descent.certificates.newton_polish import Polished
    from gradcli.descent.certificates.smooth_point import finding
    from gradcli.descent.objective.objective_in_balls import Limits, ObjectiveInBalls, floats
    from gradcli.descent.verdicts.verdict_sentences import ending_of

    course = step_problem(program, text, choose("sgd"), wrt=list(at), ascend=ascend)
    names = program.variables
    objective = Objective(course, dict(zip(names, floats([numbers[name] for name in names]), strict=True)))
    size = len(objective.names)
    if size < len(at):
        return None
    x = [numbers[name] for name in objective.names]
    in_balls = ObjectiveInBalls(objective, {name: numbers[name] for name in names if name not in at})
    none = (None,) * size
    found = finding(in_balls, Polished(x, [numbers[name] * 0 for name in objective.names], (False,) * size),
                    Limits(none, none), [1.0] * size)  # fmt: skip
    if found.kind not in ("minimum", "saddle") or not _is_certain(found):
        return None
    place = Evaluation(floats(x), 0.0, [0.0] * size)
    return found.kind, ending_of(objective, found, place, False).message


def _is_certain(found: Finding) -> bool:
    return found.kind == "saddle" or found.how in _CERTAIN
