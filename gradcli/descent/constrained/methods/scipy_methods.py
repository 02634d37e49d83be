"""SLSQP (Kraft 1988) and trust-constr (Byrd, Hribar & Nocedal 1999) by SciPy: they make the way, and we judge where it ends."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import Any

from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem, Place
from gradcli.language.errors import ExtraProblem
from gradcli.language.records import NamedTuple

#: Our names -> SciPy's.
METHODS = {"slsqp": "SLSQP", "trust-constr": "trust-constr"}


class Claimed(NamedTuple):
    """Where SciPy ended, after how many steps, and whether it called that a success."""

    place: Place
    steps: int
    success: bool


def run_scipy(problem: ConstrainedProblem, start: Place, method: str, most: int) -> Claimed:
    """SciPy's way from *start*, at most *most* steps. Raises ExtraProblem where SciPy is not installed."""
    try:
        from scipy.optimize import minimize
    except ImportError as error:
        raise ExtraProblem.of(f"{method} is SciPy's", "scipy") from error
    known: dict[tuple[float, ...], Place | None] = {}

    def place(x: Any) -> Place | None:
        """All values and slopes at a point, once."""
        key = tuple(float(number) for number in x)
        if key not in known:
            known[key] = problem.look(list(key))
        return known[key]

    def value(x: Any) -> float:
        """f; infinite where it has no value."""
        found = place(x)
        return math.inf if found is None else found.f

    def slopes(x: Any) -> list[float]:
        """f's slopes."""
        found = place(x)
        return [0.0] * len(start.x) if found is None else found.g

    options: dict[str, float] = (
        {"maxiter": most} if method == "slsqp" else {"maxiter": most, "gtol": 1e-10, "xtol": 1e-12}
    )
    if method == "slsqp":
        options["ftol"] = 1e-12
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = minimize(
            value, start.x, jac=slopes, method=METHODS[method], constraints=_constraints(problem, method, place, start),
            options=options,
        )  # fmt: skip
    end = place(found.x) or start
    return Claimed(end, int(found.nit), bool(found.success))


def _constraints(problem: ConstrainedProblem, method: str, place: Any, start: Place) -> Any:
    """The constraints as SciPy takes them."""

    def part(x: Any, chosen: Sequence[int], sign: float) -> list[float]:
        found = place(x)
        return [math.nan if found is None else sign * found.h[i] for i in chosen]

    def rows(x: Any, chosen: Sequence[int], sign: float) -> list[list[float]]:
        found = place(x)
        return [[sign * b for b in (found or start).rows[i]] for i in chosen]

    equal = [i for i, e in enumerate(problem.equal) if e]
    rest = [i for i, e in enumerate(problem.equal) if not e]
    if method == "slsqp":
        kinds = [("eq", equal, 1.0), ("ineq", rest, -1.0)]
        return [
            {"type": kind, "fun": part, "jac": rows, "args": (chosen, sign)}
            for kind, chosen, sign in kinds
            if chosen
        ]
    from scipy.optimize import NonlinearConstraint

    found = []
    for chosen, low in ((equal, 0.0), (rest, -math.inf)):
        if chosen:
            found.append(
                NonlinearConstraint(
                    lambda x, chosen=chosen: part(x, chosen, 1.0), low, 0.0,
                    jac=lambda x, chosen=chosen: rows(x, chosen, 1.0),
                )
            )  # fmt: skip
    return found
