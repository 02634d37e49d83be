"""What a report is about, and its sections."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from gradcli.language.column_names import SAMPLE_ROWS, as_rows
from gradcli.memory.compiled_cache import compiled_or_cached
from gradcli.shell.options.picture_options import ranges_of
from gradcli.shell.plots.loss_plot import compiled_over_rows, is_over_rows
from gradcli.shell.plots.plot_request import PlotRequest, numbers_of, plot_request
from gradcli.shell.problems.value_checks import check_complete, connected_names
from gradcli.shell.sessions.descent_path import Point, points_beside
from gradcli.shell.sessions.replayed_path import path_of_session, session_legs

if TYPE_CHECKING:
    from gradcli.descent.verdicts.outcome import Outcome
    from gradcli.memory.database import Store
    from gradcli.shell.problems.problem import Problem


class Shown(NamedTuple):
    """How a report was asked for: the axes of its pictures, their ranges, and what corners answer."""

    axes: str | None = None
    ranges: Sequence[str] = ()
    corner: str = "least"


class Case:
    """What a report is about: the problem at its start, the way from there, and how it ended.

    legs: the states that the session went through, none where the problem was minimized for the report.
    files: the pictures that are written beside the page, once all of them are known.
    """

    def __init__(self, memory: Store, problem: Problem, session: str, typed: bool, shown: Shown) -> None:
        self.memory, self.problem, self.shown = memory, problem, shown
        self.files: list[tuple[str, bytes]] = []
        self.over_rows = is_over_rows(problem)
        along = None if problem.data is None else problem.wrt  # the numbers of files stand still
        if self.over_rows:
            self.compiled = compiled_over_rows(memory, problem, formulas=True)
        else:
            self.compiled = compiled_or_cached(memory, problem.texts, problem.at.keys(), along)
        self.outcome: Outcome | None = None  # under constraints
        self.alone = problem  # with the variables of f alone
        self._with_constraints()
        check_complete(problem.at, self.compiled.program.variables)
        here = {name: float(value) for name, value in problem.at.items()}
        self.legs = [] if typed else session_legs(memory, session)
        if self.legs and not self.legs[-1][1].steps and "verdict" not in self.legs[-1][1].settings:
            self.legs = []  # somebody asked for 0 steps
        self.way = points_beside(path_of_session(memory, session), problem.at) if self.legs else []
        self.ending = (
            self._under_constraints(here) if problem.constraints else self._kept() or self._looked(here)
        )
        self.start = dict(self.way[0].at)
        #: The variables that are spoken of: all, but for the numbers of files.
        self.told = [name for name in self.start if name in problem.own_at or problem.data is None]

    def _with_constraints(self) -> None:
        """The variables that only constraints have are variables of the problem."""
        if not self.problem.constraints:
            return
        from gradcli.shell.problems.moving_problem import with_constraint_names

        own = self.compiled.program.variables
        at = {name: x for name, x in self.problem.at.items() if name in own}
        wrt = self.problem.wrt and tuple(name for name in self.problem.wrt if name in own)
        self.alone = self.problem._replace(at=at, wrt=wrt)
        self.compiled = with_constraint_names(self.memory, self.problem, self.compiled, formulas=True)

    @property
    def sample(self) -> Problem:
        """The problem over rows with some in the place of all: formulas are the same for any."""
        columns = () if self.problem.data is None else self.problem.data.columns
        rows = [1.0] * SAMPLE_ROWS
        few = {one: x for name in columns for one, x in as_rows(name, rows).items()}
        along = self.problem.wrt or tuple(self.problem.at)
        return self.problem._replace(at={**self.problem.at, **few}, wrt=along, data=None)

    @property
    def uphill(self) -> bool:
        """Whether the session's way goes up."""
        last = self.legs[-1][1] if self.legs else None
        return last is not None and (
            last.kind == "maximize" or bool(last.settings.get("wish", {}).get("ascend"))
        )

    def _under_constraints(self, here: dict[str, float]) -> str:
        """What is said of the point, or of a descent from it, under the constraints; its outcome is kept."""
        from gradcli.shell.reports.constrained_case import constrained_outcome

        told = self._kept()
        outcome, way = constrained_outcome(self.problem, here, ascend=self.uphill, moves=not self.legs)
        self.outcome = outcome
        if not self.legs:
            self.way = way
        if told is not None:
            return told
        if self.legs and not _same(outcome.x, here):
            return f"Not at its end yet: after {steps_told(self)} the constraints or the gradient are not balanced."
        return f"{outcome.status}: {outcome.message}."

    def _kept(self) -> str | None:
        """The verdict that the session keeps; None where its last state has none."""
        verdict = self.legs[-1][1].settings.get("verdict") if self.legs else None
        return "{status}: {message}.".format(**verdict) if verdict else None

    def _looked(self, here: dict[str, float]) -> str:
        """What is said of the point where the session stands, or of a descent from there where it did not move.

        A way that somebody took step by step has not ended by itself.
        """
        from gradcli.descent.minimization.minimizer import minimize
        from gradcli.descent.minimization.plan import Plan, choose_method

        found = [Point(0, here)]
        plan = Plan(choose_method(), max_steps=0 if self.legs else 10_000, corner=self.shown.corner)
        wrt = connected_names(self.problem.wrt, self.compiled.program.variables)
        outcome = minimize(
            self.compiled.program, self.compiled.text, here, plan, wrt=wrt, ascend=self.uphill,
            on_step=lambda number, stage: found.append(Point(number, dict(stage.at))) if number else None,
        )  # fmt: skip
        if not self.legs:
            self.way = [*found[:-1], Point(found[-1].step, dict(outcome.x))]
        elif outcome.status == "step-limit" or not _same(outcome.x, here):
            return self._goes_on()
        return f"{outcome.status}: {outcome.message}."

    def _goes_on(self) -> str:
        """The norm of the gradient along the variables that move, and along all where these are not all."""
        sentence = f"Not at its end yet: after {steps_told(self)} the norm of the gradient "
        variables, wrt = self.compiled.program.variables, self.problem.wrt
        _, partials = numbers_of(plot_request(self.compiled, self.way[-1].at, self.way, None, {}, wrt))
        slopes = dict(zip(variables, partials[-1], strict=True))
        whole = norm_of(slopes, variables)
        if not wrt or set(wrt) >= set(variables):
            return f"{sentence}is {whole:.6g}."
        sentence += f"along {', '.join(wrt)} is {norm_of(slopes, wrt):.6g}"
        return f"{sentence}, and along all variables {whole:.6g}."

    def wanted(self) -> PlotRequest:
        """What its pictures show: the way, and where it ended."""
        ranges = ranges_of(self.shown.ranges)
        want = plot_request(
            self.compiled, self.way[-1].at, self.way, self.shown.axes, ranges, self.problem.wrt
        )
        if not self.problem.constraints:
            return want
        from gradcli.shell.plots.constrained_plot import limits_of

        limits = limits_of(self.problem)
        return want._replace(limits=limits and limits._replace(at=dict(want.at)))


def norm_of(slopes: Mapping[str, float], names: Sequence[str]) -> float:
    """The norm of the gradient along some variables, what has no slope left out."""
    return math.hypot(*(slopes[name] for name in names if math.isfinite(slopes.get(name, math.nan))))


def _same(there: Mapping[str, float], here: Mapping[str, float]) -> bool:
    """Whether a verdict is about the point where the session stands, and not about one that it has not come to."""
    return all(abs(there[name] - x) <= _NEAR * (1 + abs(x)) for name, x in here.items() if name in there)


#: The share of a coordinate within which two points are the same.
_NEAR = 1e-6


def steps_told(case: Case) -> str:
    """`12 steps`, in words."""
    count = case.way[-1].step
    return "1 step" if count == 1 else f"{count} steps"
