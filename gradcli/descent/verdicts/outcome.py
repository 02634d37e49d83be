"""How a descent ended: a value with a sentence and evidence."""

from __future__ import annotations

from collections.abc import Mapping

from gradcli.calculus.program.point_answer import Note
from gradcli.descent.objective.objective import Evaluation, Objective
from gradcli.language.records import NamedTuple

#: Every ending, and what it means. The first four are successes.
STATUSES = {
    "minimum": "the gradient is below the tolerance and the Hessian positive definite",
    "minimum-on-bound": "the same for the free variables, and the others press against their bounds",
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
    "enclosed": "the least value in a box lies in an interval that is wider than the gap asked for",
    "interrupted": "stopped from outside, at the best point so far",
}

SUCCESSES = ("minimum", "minimum-on-bound", "minimum-at-corner", "minimum-at-edge")

#: What a maximization calls its endings, where the word changes.
UPHILL = {
    "minimum": "maximum", "minimum-on-bound": "maximum-on-bound", "minimum-at-corner": "maximum-at-corner",
    "minimum-at-edge": "maximum-at-edge",
    "maximum": "minimum",
}  # fmt: skip


class Outcome(NamedTuple):
    """How a descent ended, under SciPy's names where it has one.

    status: one of STATUSES (in a maximization, UPHILL's words). message: the sentence. x, fun, jac: the best
    point, f and the gradient there. nit, nfev, njev, nhev: steps and evaluations. eigenvalues: the Hessian's,
    from the smallest. direction: along which f falls on, or leaves a saddle. multipliers: the slope that presses
    against each active bound. suggested_lr: a learning rate that would work. optimizer, dialect: what was used.
    order: of the derivative that shows a minimum where the Hessian is singular. within: how far from the point a minimum
    certainly is, where --tol stopped before it.
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
