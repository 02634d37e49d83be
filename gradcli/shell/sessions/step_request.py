"""How to step: what a command line asks for, or what a state says of the steps that led to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.language.records import NamedTuple

if TYPE_CHECKING:
    from gradcli.descent.steps.optimizer_steps import StepOptions
    from gradcli.descent.steps.step_problem import Project
    from gradcli.memory.session_record import State
    from gradcli.shell.files.file_columns import DataRequest
    from gradcli.shell.options.data_options import BatchRequest


class StepRequest(NamedTuple):
    """How to step: how many steps, uphill or down, with which optimizer; None means the session's own.

    reset: whether the optimizer's settings begin with its defaults, and not with those of the session. schedule, bounds: as
    they were typed. box: the intervals of a proved
    rate, which steps are kept in; safe: whether the rate is to be the one that must descend there; judge: whether to
    say what a rate does there. data: files that the problem is over, None for the session's; batch: how their rows are cut
    into batches. again: the state that the steps led to when they were taken first. backend: what
    carries them out.
    into batches. again: the state that the steps led to when they were taken first. constraints: what is to hold,
    as it was typed.
    """

    steps: int
    ascend: bool = False
    corner: str = "least"
    optimizer: str | None = None
    dialect: str | None = None
    settings: Mapping[str, Any] = {}
    clip_norm: float | None = None
    clip_value: float | None = None
    reset: bool = False
    schedule: str | None = None
    bounds: str | None = None
    box: Mapping[str, tuple[Any, Any]] | None = None
    safe: bool = False
    judge: bool = False
    data: DataRequest | None = None
    batch: BatchRequest | None = None
    again: State | None = None
    backend: str = "auto"
    constraints: tuple[str, ...] = ()

    def options(self, wrt: Sequence[str] | None, steps: int, project: Project | None = None) -> StepOptions:
        """So many steps along *wrt*, as they are to be taken. Raises UsageProblem and ValueProblem."""
        from gradcli.descent.rules.learning_rate_schedules import Schedule
        from gradcli.descent.steps.optimizer_steps import StepOptions
        from gradcli.shell.problems.interval_lists import intervals, schedule_typed

        schedule = schedule_typed(self.schedule) if self.schedule else Schedule()
        bounds = intervals(self.bounds, "--bounds") if self.bounds else self.sides
        return StepOptions(
            steps,
            wrt,
            self.ascend,
            self.corner,
            self.clip_norm,
            self.clip_value,
            schedule,
            bounds,
            self.backend,
            project,
        )

    @property
    def sides(self) -> dict[str, tuple[float, float]] | None:
        """The box as floats."""
        return None if self.box is None else {name: (float(a), float(b)) for name, (a, b) in self.box.items()}
