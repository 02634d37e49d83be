"""What was found under constraints → its ending: the word and the sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcli.descent.constrained.optimality.kkt_record import KktFinding
from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem
from gradcli.descent.verdicts.outcome import Ending, listed
from gradcli.descent.verdicts.verdict_sentences import Words, named

#: Constraints that a sentence names.
NAMED = 4


def ending_of(problem: ConstrainedProblem, found: KktFinding, x: Sequence[float]) -> Ending:
    """The ending at *x*, the doubles nearest to the point."""
    words: Any = Words(problem)  # type: ignore[arg-type]
    where = listed(named(problem, x))  # type: ignore[arg-type]
    signed = tuple(sorted(problem.sign * value for value in found.eigenvalues))
    way = named(problem, found.way) if found.way else None  # type: ignore[arg-type]
    if found.kind in ("minimum", "level"):
        return _minimum(problem, found, words, where, signed, way)
    on = _along(problem, found)
    if found.kind in ("saddle", "maximum"):
        word = "a saddle" if found.kind == "saddle" else f"a {words.opposite}"
        message = f"{word}{on} at {where}: the multipliers balance f's gradient there, but f {words.falls}"
        message += f" along {listed(way or {})}, on an arc that keeps the constraints"
        return Ending(found.kind, message, signed, way)
    message = (
        f"flat{on} at {where}: the multipliers balance f's gradient, and the form along what constraints"
    )
    return Ending("flat", f"{message} leave is singular", signed, way)


def _along(problem: ConstrainedProblem, found: KktFinding) -> str:
    if not found.active:
        return ""
    return (
        " on the bound"
        if all(problem.constraints[i].bound for i in found.active)
        else " on the constraint" + "s" * (len(found.active) > 1)
    )


def _minimum(
    problem: ConstrainedProblem,
    found: KktFinding,
    words: Any,
    where: str,
    signed: tuple[float, ...],
    way: Any,
) -> Ending:
    parts = []
    strong = [i for i in found.active if i not in found.weak]
    if found.dependent:
        parts.append(f"{texts(problem, found.active)} {'is' if len(found.active) == 1 else 'are'} active")
    elif strong:
        parts.append(f"{texts(problem, strong)} {'holds' if len(strong) == 1 else 'hold'} it back")
    if found.weak and not found.dependent:
        parts.append(
            f"{texts(problem, found.weak)} {'is' if len(found.weak) == 1 else 'are'} just met, with the multiplier 0"
        )
    parts.append(_shown(found, words, signed, way))
    message = (
        f"a {words.extreme}{_along(problem, found)} at {where}: {'; '.join(part for part in parts if part)}"
    )
    if found.dependent:
        message += "; multipliers are not unique, the least in norm are shown"
    bound = found.active and all(problem.constraints[i].bound for i in found.active)
    status = "minimum-on-bound" if bound else "minimum-on-constraint" if found.active else "minimum"
    return Ending(status, message, signed, way if found.kind == "level" else None, order=found.order)


def _shown(found: KktFinding, words: Any, signed: tuple[float, ...], way: Any) -> str:
    if found.how == "convex":
        more = f", and f does not change along {listed(way)}" if way else ""
        return f"{_absolute(words)}{more}"
    if found.how == "lagrangian":
        more = f", and does not change along {listed(way)}" if way else ""
        return f"the Lagrangian's second derivatives are singular there, but it is {words.lower} nowhere close by{more}"
    if found.how == "dependent":
        return f"with one of its multipliers the Lagrangian is {words.definite} definite along what is left"
    if found.how == "power":
        name = {3: "third", 4: "fourth", 6: "sixth", 8: "eighth"}.get(found.order or 0, f"{found.order}th")
        return f"the form is singular along {listed(way or {})}, where f {words.rises} with the {name} power"
    if found.kind == "level":
        return f"f does not change along {listed(way or {})}, and {words.rises} across"
    absolute = f"; {_absolute(words)}" if found.convex and found.active else ""
    if not signed:
        return f"no direction is left along which {'it holds' if len(found.active) == 1 else 'they hold'}{absolute}"
    value = signed[-1] if words.definite == "negative" else signed[0]
    what = "the Lagrangian along what is left" if found.active else "the Hessian"
    if found.weak and (value > 0) != (words.definite == "positive"):
        return f"f {words.rises} in every direction that is left"
    return f"{what} is {words.definite} definite, its {words.which} eigenvalue is {value:.6g}{absolute}"


def _absolute(words: Any) -> str:
    bend = "convex" if words.definite == "positive" else "concave"
    return f"the Lagrangian is {bend}, so f is {words.lower} nowhere where the constraints hold"


def texts(problem: ConstrainedProblem, places: Sequence[int]) -> str:
    """Constraints as they were typed, the first of them."""
    shown = [problem.constraints[i].text for i in places[:NAMED]]
    more = f" and {len(places) - NAMED} more" if len(places) > NAMED else ""
    return (
        ", ".join(shown[:-1]) + " and " + shown[-1] if len(shown) > 1 and not more else ", ".join(shown)
    ) + more
