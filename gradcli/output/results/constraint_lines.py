"""Constraints where a descent ended → lines and record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradcli.output.text.document import Line, Table, line
from gradcli.output.text.number_text import shown

if TYPE_CHECKING:
    from gradcli.descent.verdicts.outcome import Constrained, ConstraintState

#: Constraints that are shown one by one.
MOST = 40


def constrained_record(found: Constrained) -> dict[str, Any]:
    """The keys of the JSON record that constraints add."""
    return {
        "constraints": [one._asdict() for one in found.constraints],
        "violation": found.violation,
        "kkt_residual": found.kkt_residual,
        "complementarity": found.complementarity,
        "regular": found.regular,
        "singular_values": None if found.singular_values is None else list(found.singular_values),
        "combination": None if found.combination is None else list(found.combination),
        "absolute": found.convex,
        "proved": found.proved,
        "conflict": list(found.conflict),
        **({"decimals": dict(found.decimals)} if found.decimals else {}),
        "arc": [{"at": dict(at), "value": value} for at, value in found.arc],
    }


def constraint_lines(found: Constrained, digits: int) -> list[Line | Table]:
    """A line for each constraint, and the residual."""
    unique, known = found.regular is not False, found.decimals or {}
    parts: list[Line | Table] = [
        line(("name", one.text), f": {state_text(one, digits, known=known.get(one.text), unique=unique)}")
        for one in found.constraints[:MOST]
    ]
    if len(found.constraints) > MOST:
        parts.append(line(f"and {len(found.constraints) - MOST} more constraints"))
    if found.kkt_residual is not None:
        rest = (
            f", smallest singular value {shown(found.singular_values[-1], 3)}"
            if found.singular_values
            else ""
        )
        parts.append(line(("name", "kkt residual"), f": {shown(found.kkt_residual, 3)}{rest}"))
    return parts


def state_text(
    one: ConstraintState, digits: int, *, best: bool = True, known: str | None = None, unique: bool = True
) -> str:
    """What one constraint is at the point.

    best: whether that is the best one, of whose value multipliers tell; unique: whether there are no other multipliers,
    so that they do. known: the multiplier in more digits.
    """
    digits = min(digits, 17) if known is None else digits
    if not one.active:
        word = "slack" if one.slack >= 0 else "broken by"
        return f"{word} {shown(abs(one.slack), digits)}"
    if one.multiplier is None:
        return "active, no multiplier"
    text = f"active, multiplier {shown(known or one.multiplier, digits)}"
    if one.kkt_multiplier is not None:
        text += f" (KKT {shown(one.kkt_multiplier, min(digits, 17))})"
    if not best:
        return f"{text}, by least squares"
    if not unique:
        return f"{text}, one of many"
    if one.wrt_constant == -one.multiplier != 0:
        return (
            f"{text}: raising the left side by 1 changes the best value by about {shown(-one.multiplier, 6)}"
        )
    return f"{text}: raising the right side by 1 changes the best value by about {shown(one.multiplier, 6)}"
