"""`--trace FILE`: every step of a descent, or every k-th, to a file as it is taken."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradcli.language.errors import InputProblem, UsageProblem

if TYPE_CHECKING:
    from gradcli.descent.course import Stage

_DELIMITERS = {".csv": ",", ".tsv": "\t"}


class Trace:
    """Writes points to FILE.csv, FILE.tsv or FILE.jsonl, or as CSV to stdout for `-`; constant memory."""

    def __init__(self, target: str, every: int) -> None:
        ending = ".csv" if target == "-" else Path(target).suffix
        if ending not in (".csv", ".tsv", ".jsonl"):
            raise UsageProblem(f"--trace {target}: the name must end in .csv, .tsv or .jsonl, or be -")
        self.delimiter, self.every, self.begun = _DELIMITERS.get(ending), every, False
        self.stream: Any = sys.stdout if target == "-" else _opened(target)

    def tell(self, step: int, stage: Stage) -> None:
        """A point of the path; those between every k-th are left out."""
        if step % self.every:
            return
        if self.delimiter is None:
            from gradcli.output.machine import json_text
            from gradcli.output.steps import stage_record

            self.stream.write(json_text({"step": step, **stage_record(stage)}) + "\n")
            return
        from gradcli.output.machine import separated
        from gradcli.output.steps import stage_row

        lines = list(separated([stage_row(step, stage)], self.delimiter))
        self.stream.write(lines[-1] if self.begun else "".join(lines))
        self.begun = True

    def end(self) -> None:
        """Close the file."""
        if self.stream is sys.stdout:
            self.stream.flush()
        else:
            self.stream.close()


def _opened(target: str) -> Any:
    try:
        return Path(target).open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise InputProblem(f"{target} cannot be written: {error.strerror}") from error
