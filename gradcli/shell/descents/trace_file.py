"""`--trace FILE`: the start of a descent and every step, or every k-th, to a file as it is taken."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from gradcli.language.errors import InputProblem, UsageProblem
from gradcli.shell.process.file_destinations import descriptor_of
from gradcli.shell.process.file_replacement import Part

if TYPE_CHECKING:
    from gradcli.descent.steps.step_problem import Stage
    from gradcli.output.results.step_document import Steps

_DELIMITERS = {".csv": ",", ".tsv": "\t"}


class Trace:
    """Writes points to FILE.csv, FILE.tsv or FILE.jsonl, or as CSV to stdout for `-`; constant memory.

    The first point is where the descent begins, whatever its number.

    A file is called FILE.part until it is whole. What is no file, a pipe or a device, gets CSV whatever its name.
    """

    def __init__(self, target: str, every: int) -> None:
        ending = ".csv" if target == "-" else Path(target).suffix
        if ending not in (".csv", ".tsv", ".jsonl"):
            if not _is_special(target):
                raise UsageProblem(f"--trace {target}: the name must end in .csv, .tsv or .jsonl, or be -")
            ending = ".csv"
        self.delimiter, self.every, self.begun = _DELIMITERS.get(ending), every, False
        self.part = None if target == "-" else Part(target)
        self.told = 0

    def tell(self, step: int, stage: Stage, number: int | None = None) -> None:
        """A point of the path; those between every k-th are left out, the first one never.

        number: of the point among those that are told, where that is not the step's.
        """
        if self.told and (step if number is None else number) % self.every:
            return
        self.told += 1
        if self.delimiter is None:
            from gradcli.output.painters.json_text import json_text
            from gradcli.output.results.step_document import stage_record

            self._write(json_text({"step": step, **stage_record(stage)}) + "\n")
            return
        from gradcli.output.painters.csv_text import separated
        from gradcli.output.results.step_document import stage_row

        lines = list(separated([stage_row(step, stage)], self.delimiter))
        self._write(lines[-1] if self.begun else "".join(lines))
        self.begun = True

    @contextmanager
    def kept(self) -> Iterator[None]:
        """The trace is whole; it takes its place if the block succeeds, which does what must be done before."""
        self.settle()
        yield
        if self.part is not None:
            self.part.publish()

    def settle(self) -> None:
        """All is written: see it where it goes."""
        if self.part is None:
            sys.stdout.flush()
            return
        with _before_the_session():
            self.part.settle()

    def discard(self) -> None:
        """What there is of it is not wanted; nothing more happens to one that is in its place."""
        if self.part is not None:
            self.part.discard()

    def _write(self, text: str) -> None:
        if self.part is None:
            sys.stdout.write(text)
        else:
            with _before_the_session():
                self.part.write(text.encode("utf-8", "backslashreplace"))


class RetakenTrace:
    """The file of steps that are known, told again: made before they are remembered, and in its place after it."""

    def __init__(self, target: str, every: int | None) -> None:
        self.target, self.every = target, every or 1
        self.trace = Trace(target, self.every)

    def __enter__(self) -> RetakenTrace:
        return self

    def __exit__(self, *error: object) -> None:
        self.trace.discard()

    def take(self, steps: Steps, replay: Callable[[Callable[[int, Stage], None]], object]) -> None:
        """Write the start of *steps* and all of them, those that *replay* tells.

        Again from the beginning where they are others than before.
        """
        if self.trace.told:
            self.trace.discard()
            self.trace = Trace(self.target, self.every)
        self.trace.tell(steps.step - steps.taken, steps.before)
        if steps.files is not None and steps.files.batches:  # which are told where an epoch ends
            numbers = count(1)
            replay(lambda step, stage: self.trace.tell(step, stage, next(numbers)))
        else:
            replay(self.trace.tell)
        self.trace.settle()

    def publish(self) -> None:
        """The steps are remembered: the file takes its place."""
        if self.trace.part is not None:
            self.trace.part.publish()


@contextmanager
def _before_the_session() -> Iterator[None]:
    """What cannot be written here ends the command before anything is remembered, and the user is told so."""
    try:
        yield
    except InputProblem as error:
        error.hint = "the session stays as it was"
        raise


def _is_special(target: str) -> bool:
    """Whether a name leads to a pipe, a device or what a shell has opened."""
    path = Path(target)
    return descriptor_of(target) is not None or (path.exists() and not path.is_file() and not path.is_dir())
