"""How a descent ended: a value with a sentence and evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gradcli.calculus.program.point_answer import Note
from gradcli.language.records import NamedTuple

if TYPE_CHECKING:
    from gradcli.descent.objective.objective import Evaluation, Objective

#: Every ending, and what it means. The first four are successes.
STATUSES = {
    "minimum": "the gradient is below the tolerance and the Hessian positive definite",
    "minimum-on-bound": "the same for the free variables, and the others press against their bounds",
    "minimum-on-constraint": "constraints hold, multipliers balance the gradient, and f rises along what they leave",
    "minimum-at-corner": "a corner, a cusp or a jump, and f rises from it: by its subdifferential, or by intervals",
    "minimum-at-edge": "the domain of f ends there, where f has a value, and rises from it into the domain",
    "flat": "the gradient is below the tolerance and the Hessian singular: second derivatives cannot tell",
    "plateau": "the gradient is below the tolerance, but nothing stationary is near: f goes on falling",
    "saddle": "the gradient is below the tolerance, and f falls from here in some directions",
    "maximum": "the gradient is below the tolerance, and f falls from here in every direction",
    "unclassified": "the gradient is below the tolerance, and there is no Hessian to tell more",
    "step-limit": "still descending at the step limit",
    "stopped": "the gradient is below the --tol that was asked for, and no minimum is shown to be near",
    "stalled": "no further progress in floating point, above the tolerance",
    "oscillating": "going to and fro without progress",
    "diverging": "f grows from step to step",
    "unbounded": "f falls without end",
    "asymptote": "f falls ever more slowly, on the way to infinity",
    "unattained": "f jumps there, and does not take the value that it comes down to",
    "domain": "f falls up to an edge of its domain where it has no value, or a step left the domain",
    "nonregular": "constraints hold, but no multipliers exist there, or they do not tell what the point is",
    "infeasible": "the constraints contradict each other, or none of the points near by keeps all of them",
    "excluded": "the point that was found lies on a boundary that < or > leaves out",
    "enclosed": "the least value in a box lies in an interval wider than the gap asked for, or is not shown to be taken",
    "interrupted": "stopped from outside, at the best point so far",
}

SUCCESSES = ("minimum", "minimum-on-bound", "minimum-on-constraint", "minimum-at-corner", "minimum-at-edge")

#: What a maximization calls its endings, where the word changes.
UPHILL = {
    "minimum": "maximum", "minimum-on-bound": "maximum-on-bound", "minimum-at-corner": "maximum-at-corner",
    "minimum-at-edge": "maximum-at-edge", "minimum-on-constraint": "maximum-on-constraint",
    "maximum": "minimum",
}  # fmt: skip


class ConstraintState(NamedTuple):
    """One constraint where a descent ended.

    kind: equation, inequality or bound. value: its left side less its right one. slack: how far it is from its border, below 0
    where it is broken. multiplier: what one more on its right side changes the best value by; wrt_constant: on the side that
    is a constant. kkt_multiplier: that of h <= 0, never below 0 at a minimum; None for equations.
    """

    text: str
    of: str
    kind: str
    value: float
    slack: float
    active: bool
    multiplier: float | None = None
    kkt_multiplier: float | None = None
    wrt_constant: float | None = None


class Constrained(NamedTuple):
    """The evidence of an outcome under constraints.

    violation: the most that one is missed by. kkt_residual: what is left of the KKT equations. complementarity: the largest
    product of multiplier and slack. regular: whether the active constraints' slopes are independent. singular_values: of
    their matrix. convex: whether the point is an absolute one, the Lagrangian being convex. proved: of infeasible, that no
    point keeps all. conflict: the places of constraints that contradict each other. arc: points along which f falls.
    decimals: coordinates, f (under the empty name) and multipliers (by the texts of their constraints) in as many digits as
    were asked for.
    """

    constraints: tuple[ConstraintState, ...]
    violation: float
    kkt_residual: float | None = None
    complementarity: float | None = None
    regular: bool | None = None
    singular_values: tuple[float, ...] | None = None
    combination: tuple[float, ...] | None = None
    convex: bool = False
    proved: bool | None = None
    conflict: tuple[int, ...] = ()
    arc: tuple[tuple[Mapping[str, float], float], ...] = ()
    decimals: Mapping[str, str] | None = None


class Outcome(NamedTuple):
    """How a descent ended, under SciPy's names where it has one.

    status: one of STATUSES (in a maximization, UPHILL's words). message: the sentence. x, fun, jac: the best
    point, f and the gradient there. nit, nfev, njev, nhev: steps and evaluations. eigenvalues: the Hessian's,
    from the smallest. direction: along which f falls on, or leaves a saddle. multipliers: the slope that presses
    against each active bound. suggested_lr: a learning rate that would work. optimizer, dialect: what was used.
    order: of the derivative that shows a minimum where the Hessian is singular. within: how far from the point a minimum
    certainly is, where --tol stopped before it.
    constrained: the evidence of constraints, where there are any.
    starts, found: with restarts, how many there were, and the distinct minima from the lowest.
    """

    status: str
    message: str
    success: bool
    x: Mapping[str, float]
    fun: float
    jac: Mapping[str, float | None]
    nit: int
    nfev: int
    njev: int
    nhev: int
    optimizer: str
    dialect: str = ""
    norm: float = 0.0
    eigenvalues: tuple[float, ...] | None = None
    direction: Mapping[str, float] | None = None
    multipliers: Mapping[str, float] | None = None
    suggested_lr: float | None = None
    notes: tuple[Note, ...] = ()
    starts: int = 1
    found: tuple[Outcome, ...] = ()
    order: int | None = None
    within: float | None = None
    constrained: Constrained | None = None


class Ending(NamedTuple):
    """The part of an outcome that says how and why: a status, its sentence, and the evidence."""

    status: str
    message: str
    eigenvalues: tuple[float, ...] | None = None
    direction: Mapping[str, float] | None = None
    multipliers: Mapping[str, float] | None = None
    suggested_lr: float | None = None
    order: int | None = None
    within: float | None = None


def apart(number: float, other: float, digits: int = 3) -> str:
    """*number* in as many digits as it takes to read otherwise than *other*, at least so many."""
    texts = (f"{number:.{more}g}" for more in range(digits, 18) if float(f"{number:.{more}g}") != other)
    return next(texts, repr(number))


def listed(numbers: Mapping[str, float], most: int = 6) -> str:
    """`x = 1, y = 2`: the first of many numbers by name."""
    shown = ", ".join(f"{name} = {number + 0.0:.6g}" for name, number in list(numbers.items())[:most])
    return shown + (", …" if len(numbers) > most else "")


def named(objective: Objective, place: Evaluation) -> str:
    """The moving variables of a place with their numbers."""
    return listed(dict(zip(objective.names, place.x, strict=True)))
