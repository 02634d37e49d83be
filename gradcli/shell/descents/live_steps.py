"""`step --live`: steps drawn while they are taken, the losses of epochs over all rows of files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gradcli.shell.descents.descent_run import descent_picture
from gradcli.shell.descents.step_listeners import StepListeners

if TYPE_CHECKING:
    from gradcli.calculus.program.compiled_expression import Compiled
    from gradcli.memory.database import Store
    from gradcli.shell.problems.problem import Problem
    from gradcli.shell.sessions.session_step import Watch


@contextmanager
def live_steps(store: Store, how: Mapping[str, Any], color: str) -> Iterator[Watch]:
    """Who draws the steps that are taken in the block; its end leaves the last frame on the terminal."""
    made: list[StepListeners] = []

    def watch(compiled: Compiled, problem: Problem) -> Any:
        """The listener of steps from the problem's point; None where nothing can be drawn."""
        names = compiled.program.variables
        only = {**how, "trace": None, "plot": False, "plot_out": ()}
        listeners = StepListeners(only, len(names), color)
        if listeners.live is None:
            return None
        made.append(listeners)
        way, loss = listeners.way, "" if problem.data is None else compiled.text
        start = {name: float(problem.at[name]) for name in names}
        return listeners.follow(start, lambda: descent_picture(store, problem, way, way.points[-1][1]), loss)

    try:
        yield watch
    finally:
        for listeners in made:
            listeners.end()
