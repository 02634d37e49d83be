"""Learning rates that change on the way: the factor of the rate at each step."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from gradcli.language.errors import UsageProblem
from gradcli.language.records import NamedTuple


class Schedule(NamedTuple):
    """A kind of SCHEDULES with its parameters."""

    kind: str = "constant"
    parameters: Mapping[str, float] = {}

    def factor(self, taken: int) -> float:
        """What the learning rate is multiplied with after *taken* steps; infinity beyond the largest float."""
        try:
            return SCHEDULES[self.kind].factor(taken, self.parameters)
        except OverflowError:
            return math.inf


class Kind(NamedTuple):
    """A kind of schedule: what it does, its parameters with defaults, and its factor after so many steps."""

    summary: str
    defaults: Mapping[str, float]
    factor: Callable[[int, Mapping[str, float]], float]


SCHEDULES: dict[str, Kind] = {
    "constant": Kind("1", {}, lambda k, p: 1.0),
    "exponential": Kind("rate**k", {"rate": 0.999}, lambda k, p: p["rate"] ** k),
    "cosine": Kind(
        "from 1 to floor along half a cosine, within the first `over` steps",
        {"over": 1000.0, "floor": 0.0},
        lambda k, p: p["floor"] + (1 - p["floor"]) * (1 + math.cos(math.pi * min(k / p["over"], 1.0))) / 2,
    ),
    "step": Kind(
        "rate**floor(k/every)", {"rate": 0.1, "every": 1000.0}, lambda k, p: p["rate"] ** (k // p["every"])
    ),
    "1/t": Kind("1/(1 + decay*k)", {"decay": 0.01}, lambda k, p: 1 / (1 + p["decay"] * k)),
}


def listed_kinds() -> str:
    """Every kind with its parameters' defaults, as it is typed, and what it multiplies the rate with after k steps."""
    return "; ".join(
        f"{kind}{':' if row.defaults else ''}{','.join(f'{name}={value:g}' for name, value in row.defaults.items())}"
        f" ({row.summary})"
        for kind, row in SCHEDULES.items()
    )


def schedule_of(kind: str = "constant", parameters: Mapping[str, float] | None = None) -> Schedule:
    """A schedule with *parameters* over the defaults. Raises UsageProblem for what does not exist."""
    row, given = SCHEDULES.get(kind), parameters or {}
    if row is None:
        from gradcli.language.names import nearest

        near = nearest(kind, SCHEDULES)
        hint = f"did you mean {near}?" if near else f"there are {', '.join(SCHEDULES)}"
        raise UsageProblem(f"{kind} is not a schedule", hint=hint)
    for name, value in given.items():
        if name not in row.defaults:
            known = ", ".join(row.defaults) or "none"
            raise UsageProblem(f"{name} is not a parameter of the schedule {kind}", hint=f"it has {known}")
        if not math.isfinite(value) or value < 0 or (name in ("over", "every") and value == 0):
            raise UsageProblem(f"{name} must be a positive number, not {value:g}")
    return Schedule(kind, {**row.defaults, **given})
