"""Descents of functions with corners under constraints: of the lifted problem, if what it ends at is a minimum of the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcli.descent.constrained.constrained_descent import ConstrainedDescent
from gradcli.descent.constrained.constrained_outcome import Wish, outcome_of, teller
from gradcli.descent.constrained.optimality.lifted_kinks import Lifted, corner_values, lifted, values_of
from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem
from gradcli.descent.verdicts.outcome import Constrained, Outcome, listed
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.problem_text import divided


def minimize_with_corners(
    text: str, constraints: Sequence[Constraint], at: Mapping[str, float], wish: Wish
) -> Outcome | None:
    """The outcome of the lifted problem in the words of the first; None where it tells nothing of that."""
    whole = lifted(text, constraints, tuple(at))
    if whole is None:
        return None
    try:
        begun = {**at, **corner_values(whole.corners, at)}
    except (ValueError, ArithmeticError):
        return None
    moving = None if wish.wrt is None else [*wish.wrt, *(corner.name for corner in whole.corners)]
    problem = ConstrainedProblem([whole.text], whole.constraints, begun, moving, ascend=wish.ascend)
    start = problem.look([float(begun[name]) for name in problem.names])
    if start is None:
        return None
    descent = ConstrainedDescent(problem, start, wish.most, teller(problem, wish.on_step), 0, wish.tol)
    outcome = outcome_of(problem, descent)
    if outcome.status == "infeasible" or outcome.success:
        definitions = divided(text).definitions
        alone = [
            one._replace(left="; ".join([*definitions, one.difference]), right="0") for one in constraints
        ]
        return _in_first_words(outcome, whole, alone)
    return None


def _in_first_words(outcome: Outcome, whole: Lifted, constraints: Sequence[Constraint]) -> Outcome | None:
    """The outcome without the corners' variables; None where one of them is not the value of its corner."""
    count = len(constraints)
    names = {corner.name for corner in whole.corners}
    at = {name: x for name, x in outcome.x.items() if name not in names}
    evidence = outcome.constrained
    if evidence is None:
        return None
    if outcome.success and not _meets(whole, evidence, count):
        return None
    kept = evidence._replace(
        constraints=evidence.constraints[:count], arc=(), combination=None,
        conflict=tuple(i for i in evidence.conflict if i < count),
    )  # fmt: skip
    multipliers = {
        name: m for name, m in (outcome.multipliers or {}).items() if not any(n in name for n in names)
    }
    jac: dict[str, float | None] = {name: None for name in outcome.jac if name not in names}
    message = outcome.message
    status = outcome.status
    if not outcome.success:
        kept = _missed(kept, constraints, at)
        message = _contradicting(kept, at)
    else:
        ties = [c.typed for c in whole.corners if len(_met(c.pieces, c.name, evidence, count, whole)) > 1]
        status, message = _worded(outcome, at, ties, kept)
    return outcome._replace(
        x=at, jac=jac, multipliers=multipliers or None, constrained=kept, status=status, message=message,
        direction=None,
    )  # fmt: skip


def _missed(kept: Constrained, constraints: Sequence[Constraint], at: Mapping[str, float]) -> Constrained:
    """What the first problem's constraints are missed by, which is not what the lifted ones are."""
    values = values_of([one.difference for one in constraints], at)
    states = tuple(
        state._replace(value=value, slack=-abs(value) if one.relation == "=" else value if one.relation == ">=" else -value)
        for one, state, value in zip(constraints, kept.constraints, values, strict=True)
    )  # fmt: skip
    kept = kept._replace(constraints=states)
    away = [abs(one.value) if one.kind == "equation" else max(-one.slack, 0.0) for one in kept.constraints]
    conflict = kept.conflict or tuple(i for i, a in enumerate(away) if a > 0)
    return kept._replace(violation=max(away, default=0.0), conflict=conflict)


def _contradicting(kept: Constrained, at: Mapping[str, float]) -> str:
    """The sentence of constraints that cannot be met, in their own words."""
    shown = [kept.constraints[i].text for i in kept.conflict]
    several = len(shown) > 1
    what = f"{' and '.join(shown[:3])} {'contradict each other' if several else 'cannot be met'}"
    if kept.proved:
        return f"{what}, proved: nor can {'they' if several else 'it'} with each corner made a variable"
    where = f"the constraints are missed by {kept.violation:.6g} at {listed(at)}"
    return f"no feasible point near: {where}, where {what}; another start may find one"


def _met(pieces: Sequence[str], name: str, evidence: Constrained, count: int, whole: Lifted) -> list[str]:
    """The pieces of a corner that its variable is equal to."""
    rows = zip(whole.constraints[count:], evidence.constraints[count:], strict=True)
    return [link.right for link, state in rows if link.left == name and state.active and link.right in pieces]


def _meets(whole: Lifted, evidence: Constrained, count: int) -> bool:
    """Whether each corner's variable is equal to one of its pieces."""
    return all(_met(c.pieces, c.name, evidence, count, whole) for c in whole.corners)


def _worded(
    outcome: Outcome, at: Mapping[str, float], ties: Sequence[str], kept: Constrained
) -> tuple[str, str]:
    """The word and the sentence: at a corner where pieces meet, on constraints where some are active."""
    extreme = "maximum" if outcome.status.startswith("maximum") else "minimum"
    place = " at a corner," if ties else ""
    active = [one.text for one in kept.constraints if one.active]
    bound = all(one.kind == "bound" for one in kept.constraints if one.active)
    kind = ("bound" if bound else "constraint") if active else ""
    on = f" on the {kind}{'s' * (len(active) > 1 and not bound)}" if active else ""
    where = f"a {extreme}{on}{place} at {listed(at)}"
    parts = (
        [f"{', '.join(ties[:3])} {'has' if len(ties) == 1 else 'have'} pieces that meet there"]
        if ties
        else []
    )
    parts += [f"{', '.join(active[:3])} {'holds' if len(active) == 1 else 'hold'} it back"] if active else []
    shown = "multipliers balance the slopes of all pieces and constraints, and second derivatives along what they leave"
    parts.append(f"{shown} leave no way {'up' if extreme == 'maximum' else 'down'}")
    status = f"{extreme}-on-{kind}" if active else f"{extreme}-at-corner" if ties else extreme
    return status, f"{where}: {'; '.join(parts)}"
