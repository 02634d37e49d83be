"""Constraints on jumps that are constraints without them: floor(u) >= 2.5 is u >= 3, and floor(u) <= 2 is u < 3."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

from gradcli.descent.constrained.optimality.lifted_kinks import values_of
from gradcli.descent.constrained.optimality.lifted_roots import rational_of
from gradcli.descent.verdicts.outcome import Outcome
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.errors import GradcliError
from gradcli.language.parser import parse
from gradcli.language.problem_text import divided

#: The relation the other way round.
TURNED = {"<=": ">=", ">=": "<="}

#: Numbers beyond this are left as they are: floats have none.
LARGEST = 10**300


def without_jumps(constraints: Sequence[Constraint], given: Collection[str]) -> list[Constraint] | None:
    """The constraints with those on floor and ceil alone rewritten; None where there are none."""
    found = [_rewritten(one, given) for one in constraints]
    return None if all(one is None for one in found) else [
        new or old for new, old in zip(found, constraints, strict=True)
    ]  # fmt: skip


def _rewritten(one: Constraint, given: Collection[str]) -> Constraint | None:
    if one.relation == "=" or one.strict or one.constant not in ("left", "right"):
        return None
    side, number = (one.right, one.left) if one.constant == "left" else (one.left, one.right)
    relation = TURNED[one.relation] if one.constant == "left" else one.relation
    try:
        nodes, constant = parse(side, given), parse(number, given)
    except GradcliError:
        return None
    op, c = nodes.nodes[-1].op, rational_of(constant, len(constant.nodes) - 1)
    if op not in ("floor", "ceil") or c is None or abs(c) > LARGEST or not side.strip().startswith(op):
        return None
    inner = side[side.index("(") + 1 : side.rindex(")")]
    if relation == ">=":
        whole, strict = (math.ceil(c), False) if op == "floor" else (math.ceil(c) - 1, True)
    else:
        whole, strict = (math.floor(c), False) if op == "ceil" else (math.floor(c) + 1, True)
    return one._replace(
        left=inner, relation=relation, right=str(whole), strict=strict, constant="", limit=None
    )


def as_typed(
    text: str, constraints: Sequence[Constraint], rewritten: Sequence[Constraint], found: Outcome
) -> Outcome:
    """The outcome under rewritten constraints as one under those that were typed, which have no multipliers."""
    evidence = found.constrained
    if evidence is None:
        return found
    definitions = divided(text).definitions
    states = []
    for one, new, state in zip(constraints, rewritten, evidence.constraints, strict=True):
        if new is one:
            states.append(state)
            continue
        (value,) = _values(["; ".join([*definitions, one.difference])], found.x)
        slack = -value if one.relation == "<=" else value
        states.append(
            state._replace(
                value=value, slack=slack + 0.0, multiplier=None, kkt_multiplier=None, wrt_constant=None
            )
        )
    kept = {one.text for one, new in zip(constraints, rewritten, strict=True) if new is one}
    multipliers = {
        name: m for name, m in (found.multipliers or {}).items() if name in kept or name in found.x
    }
    return found._replace(
        constrained=evidence._replace(constraints=tuple(states)), multipliers=multipliers or None
    )


def _values(texts: Sequence[str], at: Mapping[str, float]) -> list[float]:
    try:
        return values_of(texts, at)
    except (ValueError, ArithmeticError):
        return [math.nan]
