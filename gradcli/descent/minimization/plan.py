"""How to descend: the method, the tolerance, the learning rate and its schedule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from gradcli.descent.rules.gradient_clipping import NO_CLIP, Clip
from gradcli.descent.rules.learning_rate_schedules import Schedule
from gradcli.descent.rules.optimizer_choice import Choice, choose
from gradcli.descent.rules.optimizer_table import OPTIMIZERS
from gradcli.descent.rules.update_rule import Setting
from gradcli.language.records import NamedTuple

#: Methods beside the table of optimizers: they use curvature, and need no learning rate.
METHODS = {
    "bfgs": "quasi-Newton: the curvature is learned from the gradients on the way",
    "l-bfgs-b": "SciPy's, with the extra scipy; the last steps and the verdict are ours",
    "newton": "the exact Hessian, its eigenvalues made positive",
}

#: What each does, as mathematics: its direction d, then the length a along it; and where it is from.
METHOD_RULES: dict[str, tuple[tuple[str, ...], str]] = {
    "bfgs": (
        (
            "d = -B*g, with B = min(1, 1/|g|) at first; above 200 variables from the last 20 pairs s, y alone",
            "w = w + a*d, with f(w + a*d) <= f(w) + 0.0001*a*g·d and g(w + a*d)·d >= 0.9*g·d",
            "s = the step, y = the change of g, r = 1/(s·y)",
            "B = (1 - r*s*yᵀ)*B*(1 - r*y*sᵀ) + r*s*sᵀ    if s·y > 0",
        ),
        "Nocedal & Wright, Numerical Optimization, 2nd edition, (6.17) and algorithm 7.4",
    ),
    "newton": (
        (
            "H = V*diag(l)*Vᵀ, the exact Hessian at w, its variables scaled",
            "d = -V*diag(1/max(|l|, 1e-10*max|l|))*Vᵀ*g",
            "w = w + a*d, with f(w + a*d) <= f(w) + 0.0001*a*g·d and g(w + a*d)·d >= 0.9*g·d",
        ),
        "Nocedal & Wright, Numerical Optimization, 2nd edition, section 3.4",
    ),
    "l-bfgs-b": (
        (
            "SciPy's L-BFGS-B makes the way within the bounds, from the last pairs of step and change of g",
            "gradcli takes the last steps, and says where it ended",
        ),
        "Zhu, Byrd, Lu & Nocedal, ACM Transactions on Mathematical Software 23 (1997), 550-560",
    ),
}

#: Other names of methods.
ALSO_CALLED = {"lbfgs": "l-bfgs-b", "l-bfgs": "l-bfgs-b", "lbfgsb": "l-bfgs-b"}


#: Methods under constraints alone: our own, and two of SciPy's.
CONSTRAINED = ("sqp", "slsqp", "trust-constr")


class Plan(NamedTuple):
    """How to descend.

    choice: an optimizer of the table, or a method of METHODS. tol: the gradient norm that ends it. lr: "auto" for a
    line search, else a fixed rate (None: the optimizer's own). schedule: how a fixed rate changes. clip: limits of the
    gradient that an optimizer's rule sees. typed: whether it was asked to stop at tol; else a line search goes on until
    the scale and the errors of f say that it is there. backend: what carries out the program.
    """

    choice: Choice
    tol: float = 1e-8
    max_steps: int = 10_000
    lr: float | Literal["auto"] | None = "auto"
    schedule: Schedule = Schedule()
    clip: Clip = NO_CLIP
    corner: str = "least"
    typed: bool = False
    backend: str = "auto"


def choose_method(
    name: str = "bfgs", dialect: str | None = None, settings: Mapping[str, Setting] | None = None
) -> Choice:
    """A method of METHODS, which has no settings, or an optimizer of the table. Raises UsageProblem."""
    from gradcli.descent.rules.optimizer_table import ALSO_CALLED as OTHER_NAMES
    from gradcli.language.errors import UsageProblem
    from gradcli.language.names import nearest

    name = ALSO_CALLED.get(name, name)
    if name in CONSTRAINED:
        raise UsageProblem(
            f"{name} keeps constraints, and there are none", hint='for example --subject-to "x + y = 1"'
        )
    if name in METHODS:
        if settings or dialect:
            given = ", ".join([*(settings or {}), *([dialect] if dialect else [])])
            raise UsageProblem(f"{name} has no settings and no dialects: {given} does not belong to it")
        return Choice(name, "", {})
    if name not in OPTIMIZERS and (near := nearest(name, [*METHODS, *OPTIMIZERS])) in METHODS:
        raise UsageProblem(f"{name} is not an optimizer", hint=f"did you mean {near}?")
    if name not in OPTIMIZERS and name not in OTHER_NAMES and nearest(name, OPTIMIZERS) is None:
        raise UsageProblem(
            f"{name} is not an optimizer", hint=f"there are {', '.join([*METHODS, *OPTIMIZERS])}"
        )
    return choose(name, dialect, settings or {})
