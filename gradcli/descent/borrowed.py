"""L-BFGS-B by SciPy (Zhu, Byrd, Lu & Nocedal 1997): it makes the way, and we judge where it ends."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gradcli.language.errors import ExtraProblem

if TYPE_CHECKING:
    from gradcli.descent.walk import Walk


def make_way(walk: Walk) -> None:
    """Take SciPy's steps from where *walk* stands, until its tolerance, its step limit or SciPy's own end.

    Raises ExtraProblem where SciPy is not installed, KeyboardInterrupt at Ctrl-C.
    """
    try:
        from scipy.optimize import minimize
    except ImportError as error:
        raise ExtraProblem.of("l-bfgs-b is SciPy's", "scipy") from error
    objective, plan = walk.objective, walk.plan

    def value_and_gradient(x: Any) -> tuple[float, list[float]]:
        place = objective.look([float(number) for number in x])
        return (math.inf, [0.0] * len(x)) if place is None else (place.f, place.g)

    def step(x: Any) -> None:
        place = objective.look([float(number) for number in x])
        if place is not None:
            walk.go(place)

    limits = [
        (None if low == -math.inf else low, None if high == math.inf else high)
        for low, high in zip(walk.bounds.low, walk.bounds.high, strict=True)
    ]
    room = max(plan.max_steps - walk.taken, 0)
    if room and walk.steepness(walk.place) > plan.tol:
        minimize(
            value_and_gradient, walk.place.x, jac=True, method="L-BFGS-B", bounds=limits, callback=step,
            options={"maxiter": room, "maxfun": 20 * room, "gtol": plan.tol / math.sqrt(len(limits)), "ftol": 0.0},
        )  # fmt: skip
