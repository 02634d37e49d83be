"""Steps in a box: the rate that must descend there, and the box that the session keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gradcli.language.errors import DomainProblem, UsageProblem, ValueProblem

if TYPE_CHECKING:
    from gradcli.calculus.program.program import Program
    from gradcli.descent.proofs.ranges.safe_rate import SafeRate

#: Settings of sgd for which the descent lemma does not hold.
OTHERS = ("momentum", "nesterov", "weight_decay", "dampening")


def check_plain(optimizer: str, settings: Mapping[str, Any], clips: bool) -> None:
    """Raises UsageProblem where steps are not those along the gradient alone."""
    other = next((name for name in OTHERS if settings.get(name)), None)
    if optimizer != "sgd" or other or clips:
        what = f"--{other.replace('_', '-')}" if other else "clipping" if clips else optimizer
        raise UsageProblem(
            f"steps in a box are for sgd alone, and {what} does not belong to it",
            hint="--optimizer sgd, without momentum, decay and clipping",
        )


def check_inside(at: Mapping[str, Any], box: Mapping[str, tuple[Any, Any]]) -> None:
    """Raises DomainProblem for a point that is not in the box."""
    for name, (low, high) in box.items():
        if name in at and not float(low) <= float(at[name]) <= float(high):
            raise DomainProblem(
                f"{name} = {float(at[name]):g} is outside of the box, from {low:g} to {high:g}"
            )


def rate_in_box(
    program: Program, at: Mapping[str, Any], box: Mapping[str, tuple[Any, Any]], moving: Any, *, ascend: bool
) -> SafeRate:
    """The rate for the box. Raises ValueProblem where a variable that moves has no side, DomainProblem for no rate."""
    from gradcli.descent.proofs.box_question import BoxQuestion
    from gradcli.descent.proofs.ranges.safe_rate import safe_rate

    for name in box:
        if name not in program.variables or (moving is not None and name not in moving):
            raise ValueProblem(f"{name} is in the box, and does not move")
    for name in program.variables if moving is None else moving:
        if name not in box:
            raise ValueProblem(f"the box has no side for {name}", hint=f"for example --box {name}=-5:5")
    held = {name: x for name, x in at.items() if name not in box}
    return safe_rate(BoxQuestion(program, dict(box), held, frozenset(), ascend))
