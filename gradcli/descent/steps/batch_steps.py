"""Steps along the gradients of mini-batches: each step reads the rows of its own batch.

What is told of a point is f over all rows, as without batches; so points are told where an epoch ends, and not at every step.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from gradcli.calculus.rows.bound_rows import BoundRows
from gradcli.descent.steps.step_evaluator import StepEvaluator
from gradcli.descent.steps.step_problem import Listener, Stage, State


class Run(Protocol):
    """Batches one after the other: the first one's step, counted from 0, the rows of all, the numbers of each column."""

    @property
    def step(self) -> int:
        """The step of the first batch."""

    @property
    def rows(self) -> int:
        """The rows of all."""

    @property
    def values(self) -> tuple[Any, ...]:
        """The numbers of each column."""


class Batches(NamedTuple):
    """An order of batches. begun: the session's steps before it. size: rows of a batch. epoch: steps of a pass over all rows.

    columns: their names. runs: from a step on, counted from 0 since the order began, with something to shuffle rows by, or
    None. loss: that over the rows of one step, whose numbers are given; whether NumPy adds them up, None where it
    does if that pays. arrays: the same for all.
    """

    begun: int
    size: int
    epoch: int
    columns: tuple[str, ...]
    runs: Callable[[int, Any], Iterator[Run]]
    loss: Callable[[int, Sequence[Any], bool | None], BoundRows]
    arrays: bool | None = None

    def is_end_of_epoch(self, taken: int) -> bool:
        """Whether so many steps of the session are whole epochs of the order."""
        return (taken - self.begun) % self.epoch == 0

    def batch(self, run: Run, step: int) -> BoundRows:
        """The loss over the batch of a step within a run."""
        low = (step - run.step) * self.size
        high = min(low + self.size, run.rows)
        return self.loss(step, tuple(one[low:high] for one in run.values), self.arrays)


class BatchLoop(Protocol):
    """What takes many steps at once. shuffler: by which rows are shuffled fast."""

    shuffler: Any

    def advanced(self, state: State, run: Run, last: int) -> State:
        """The state after step *last* within the run, or before the first step that is left to the caller."""


def take_batch_steps(
    watch: StepEvaluator, state: State, steps: int, batches: Batches, on_step: Listener | None,
    loop: BatchLoop | None = None,
) -> tuple[State, Stage]:  # fmt: skip
    """*steps* steps from *state*, and f over all rows where they end; *on_step* is told where epochs end, and the last one.

    Raises DomainProblem where a batch has no value or no gradient, or a step no finite value.
    """
    end, told = state.taken + steps, -1
    runs = batches.runs(state.taken - batches.begun, loop.shuffler if loop else None)
    while state.taken < end:
        run = next(runs)
        behind = batches.begun + run.step - (-run.rows // batches.size)
        state = _through(watch, state, batches, run, loop, min(behind, end))
        if on_step is not None and batches.is_end_of_epoch(state.taken):
            on_step(state.taken, watch.stage(state, state.taken))
            told = state.taken
    stage = watch.stage(state, state.taken)
    if on_step is not None and steps and told != state.taken:
        on_step(state.taken, stage)
    return state, stage


def _through(
    watch: StepEvaluator, state: State, batches: Batches, run: Run, loop: BatchLoop | None, last: int
) -> State:
    """The state after step *last*, within one run."""
    while state.taken < last:
        if loop is not None and all(map(math.isfinite, state.point)):
            state = loop.advanced(state, run, last)
            if state.taken == last:
                break
        program = batches.batch(run, state.taken - batches.begun)
        state = watch.stepped(state, watch.over(program).stage(state, state.taken))
    return state
