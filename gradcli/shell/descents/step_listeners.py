"""Who watches a descent: its memory of the way, a trace file, a picture, a line of progress."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from gradcli.shell.sessions.descent_path import DescentPath, most_drawn, most_remembered
from gradcli.shell.writers.answer_writer import write_notes

if TYPE_CHECKING:
    from gradcli.descent.steps.step_problem import Stage
    from gradcli.output.pictures.scene import Picture
    from gradcli.shell.plots.plot_request import PlotRequest


class StepListeners:
    """Is told of every step of a descent, and tells those who want to know."""

    def __init__(self, how: Mapping[str, Any], variables: int, color: str) -> None:
        self.trace: Any = None
        self.live: Any = None
        self.progress: Any = None
        self._losses: list[tuple[int, float, float]] = []
        draws = bool(how["plot"] or how["plot_out"] or how["live"])
        self.way = DescentPath(most_drawn(variables) if draws else most_remembered(variables))
        if how["trace"]:
            from gradcli.shell.descents.trace_file import Trace

            self.trace = Trace(how["trace"], how["every"] or 1)
        if how["live"] and sys.stdout.isatty():
            from gradcli.shell.plots.live_plot import Live

            self.live = Live(color)
        elif how["live"]:
            write_notes(["--live draws on a terminal, and this is none"], color)
        if sys.stderr.isatty() and not self.live:
            from gradcli.output.painters.progress_line import Progress

            self.progress = Progress(sys.stderr)

    def follow(
        self, start: Mapping[str, float], want: Callable[[], PlotRequest], loss: str = ""
    ) -> Callable[[int, Stage], None] | None:
        """The listener of a descent from *start*, None where nobody listens, which is quicker.

        want: its picture. loss: f over the rows of files, of which the values on the way are drawn while it grows: each
        sample of another picture would be a pass over all rows.
        """
        if self.live:
            self.live.want = partial(self._convergence, loss) if loss else want
            self._losses.clear()
        if self.way.most != 0:
            self.way.tell(0, start)
        elif not (self.trace or self.live or self.progress):
            return None
        return self._tell

    def _tell(self, step: int, stage: Stage) -> None:
        if self.trace:
            self.trace.tell(step, stage)
        if self.live:
            self._losses.append((step, stage.value, _norm(stage)))
        if step == 0:  # the start, which is known
            return
        if self.way.most != 0:
            self.way.tell(step, stage.at)
        if self.live:
            self.live.tell()
        if self.progress:
            self.progress.tell(step, stage.value, _norm(stage))

    def _convergence(self, loss: str) -> Picture:
        from gradcli.output.pictures.convergence_picture import convergence_picture
        from gradcli.output.pictures.scene import Series

        steps, values, norms = (
            (list(column) for column in zip(*self._losses, strict=True)) if self._losses else ([], [], [])
        )
        return convergence_picture(f"f = {loss}", [Series("f", steps, values, norms)])

    def end(self) -> None:
        """The descent is over."""
        for one in (self.live, self.progress):
            if one:
                one.end()

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """The trace takes its place if the block succeeds, and leaves nothing behind where it does not."""
        if self.trace is None:
            yield
            return
        try:
            with self.trace.kept():
                yield
        finally:
            self.trace.discard()


def _norm(stage: Stage) -> float:
    return math.hypot(*(slope for slope in stage.gradient.values() if slope is not None))
