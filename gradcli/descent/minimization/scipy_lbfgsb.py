"""L-BFGS-B by SciPy (Zhu, Byrd, Lu & Nocedal 1997): it makes the way, and we judge where it ends."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from gradcli.descent.objective.bounds import Bounds
from gradcli.descent.objective.objective import Evaluation, Objective
from gradcli.language.errors import ExtraProblem


def run_lbfgsb(
    objective: Objective, bounds: Bounds, start: Sequence[float], room: int, tol: float, go: Callable[[Evaluation], None],
) -> None:  # fmt: skip
    """Take SciPy's steps from *start*, at most *room* of them, until the tolerance or SciPy's own end; *go* is told of each.

    Raises ExtraProblem where SciPy is not installed, KeyboardInterrupt at Ctrl-C.
    """
    try:
        from scipy.optimize import minimize
    except ImportError as error:
        raise ExtraProblem.of("l-bfgs-b is SciPy's", "scipy") from error

    def value_and_gradient(x: Any) -> tuple[float, list[float]]:
        """What SciPy asks for at a point; infinite where f has no value."""
        place = objective.look([float(number) for number in x])
        return (math.inf, [0.0] * len(x)) if place is None else (place.f, place.g)

    def step(x: Any) -> None:
        """What is done at each point that SciPy accepts."""
        place = objective.look([float(number) for number in x])
        if place is not None:
            go(place)

    limits = [
        (None if low == -math.inf else low, None if high == math.inf else high)
        for low, high in zip(bounds.low, bounds.high, strict=True)
    ]
    if room:
        minimize(
            value_and_gradient, start, jac=True, method="L-BFGS-B", bounds=limits, callback=step,
            options={"maxiter": room, "maxfun": 20 * room, "gtol": tol / math.sqrt(len(limits)), "ftol": 0.0},
        )  # fmt: skip
