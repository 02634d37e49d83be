"""Constraints as others that hold at the same points, and what was found under those in the words of the first."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Collection, Mapping, Sequence

from gradcli.calculus.program.point_answer import Note
from gradcli.descent.constrained.optimality.lifted_kinks import values_of
from gradcli.descent.verdicts.outcome import ConstraintState, Outcome
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.problem_text import divided

#: A constraint as one or several that hold at the same points; None where there are none to be written.
Rule = Callable[[Constraint, Collection[str]], list[Constraint] | None]


def rewritten(
    constraints: Sequence[Constraint], given: Collection[str], rule: Rule
) -> list[list[Constraint]] | None:
    """For each constraint those that *rule* makes of it, itself where it makes none; None where it makes none of any."""
    found = [rule(one, given) for one in constraints]
    return None if all(one is None for one in found) else [
        [old] if new is None else new for new, old in zip(found, constraints, strict=True)
    ]  # fmt: skip


def as_typed(
    text: str, constraints: Sequence[Constraint], groups: Sequence[Sequence[Constraint]], found: Outcome
) -> Outcome:
    """The outcome under *groups* as one under those that were typed; what was rewritten has no multipliers."""
    evidence = found.constrained
    if evidence is None:
        return found
    definitions = divided(text).definitions
    states: list[ConstraintState] = []
    sources: list[int] = []
    for place, (one, group) in enumerate(zip(constraints, groups, strict=True)):
        own = evidence.constraints[len(sources) : len(sources) + len(group)]
        sources += [place] * len(group)
        same = len(group) == 1 and group[0] is one
        states.append(
            own[0] if same else _state(one, own, ["; ".join([*definitions, one.difference])], found.x)
        )
    kept = {one.text for one, group in zip(constraints, groups, strict=True) if group[0] is one}
    multipliers = {
        name: m for name, m in (found.multipliers or {}).items() if name in kept or name in found.x
    }
    conflict = tuple(dict.fromkeys(sources[i] for i in evidence.conflict))
    evidence = evidence._replace(constraints=tuple(states), conflict=conflict, decimals=None)
    return found._replace(
        constrained=evidence,
        multipliers=multipliers or None,
        notes=(*found.notes, *_notes(constraints, groups)),
    )


def _notes(constraints: Sequence[Constraint], groups: Sequence[Sequence[Constraint]]) -> list[Note]:
    """What each constraint that was rewritten is read as."""
    found = []
    for one, group in zip(constraints, groups, strict=True):
        if group[0] is not one:
            shown = " and ".join(f"{_plain(new.left)} {_sign(new)} {_plain(new.right)}" for new in group)
            found.append(Note("constraint", f"{one.text} is read as {shown}"))
    return found


def _sign(one: Constraint) -> str:
    return one.relation[0] if one.strict else one.relation


def _plain(side: str) -> str:
    """A side without brackets around all of it."""
    inner = side.strip()
    depths = list(itertools.accumulate((a == "(") - (a == ")") for a in inner))
    whole = inner.startswith("(") and inner.endswith(")") and all(depths[:-1])
    return inner[1:-1] if whole else inner


def _state(
    one: Constraint, own: Sequence[ConstraintState], texts: Sequence[str], x: Mapping[str, float]
) -> ConstraintState:
    """What a constraint is where those that were written for it are *own*."""
    try:
        (value,) = values_of(texts, x)
    except (ValueError, ArithmeticError):
        value = math.nan
    slack = -abs(value) if one.relation == "=" else -value if one.relation == "<=" else value
    kind = "equation" if one.relation == "=" else "inequality"
    active = any(state.active for state in own)
    return ConstraintState(one.text, one.of, kind, value, slack + 0.0, active)
