"""Steps along the gradients of mini-batches: each step reads the rows of its own batch.

What is told of a point is f over all rows, as without batches; so points are told where an epoch ends, and not at every step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from gradcli.calculus.rows.bound_rows import BoundRows
from gradcli.descent.steps.step_evaluator import StepEvaluator
from gradcli.descent.steps.step_problem import Listener, Stage, State


class Batches(NamedTuple):
    """An order of batches. begun: the session's steps before it. epoch: steps of a pass over all rows.

    programs: from a step on, counted from 0 since the order began, the loss over the rows of each step's batch.
    """

    begun: int
    epoch: int
    programs: Callable[[int], Iterator[BoundRows]]

    def is_end_of_epoch(self, taken: int) -> bool:
        """Whether so many steps of the session are whole epochs of the order."""
        return (taken - self.begun) % self.epoch == 0


def take_batch_steps(
    watch: StepEvaluator, state: State, steps: int, batches: Batches, on_step: Listener | None
) -> tuple[State, Stage]:
    """*steps* steps from *state*, and f over all rows where they end; *on_step* is told where epochs end, and the last one.

    Raises DomainProblem where a batch has no value or no gradient, or a step no finite value.
    """
    end, told = state.taken + steps, -1
    programs = batches.programs(state.taken - batches.begun)
    while state.taken < end:
        stage = watch.over(next(programs)).stage(state, state.taken)
        state = watch.stepped(state, stage)
        if on_step is not None and batches.is_end_of_epoch(state.taken):
            on_step(state.taken, watch.stage(state, state.taken))
            told = state.taken
    stage = watch.stage(state, state.taken)
    if on_step is not None and steps and told != state.taken:
        on_step(state.taken, stage)
    return state, stage
