"""A folder of part files: the run that they belong to, which of them are whole, and that one run at a time writes there.

`_manifest.json` says what the run is, `_done.jsonl` has a line for each part that is whole. What neither of them knows is
not taken for done.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from gradcli.language.errors import InputProblem, UsageProblem
from gradcli.shell.process.file_replacement import write_files

MANIFEST, DONE = "_manifest.json", "_done.jsonl"

#: Bytes of a manifest and of a line that are read: what is longer is not ours.
_LONGEST = 16_000_000


#: What differs where a word of the manifest does.
_OTHERS = {
    "gradcli": "another version of gradcli wrote them", "expression": "the expression is another one",
    "point": "the values are others", "variables": "slopes are asked for along others",
    "program": "the expression is computed in another way", "corners": "--corner is another one",
    "format": "the format is another one", "bad_rows": "--bad-rows is another one",
    "machine_code": "machine code computes one of both", "columns": "the columns are others",
    "reading": "the files are read in another way", "conditions": "--where is another one",
    "files": "the files are others, or have changed", "rows_of_a_part": "the parts are cut in another way",
}  # fmt: skip


class PartFolder:
    """A folder whose parts are those of *run*: what determines every byte of them, as plain data."""

    def __init__(self, folder: str, run: Mapping[str, Any]) -> None:
        """Make the folder, or find it. Raises UsageProblem where it holds something else, InputProblem where it cannot be."""
        self.folder = Path(folder)
        with _named(folder):
            self.folder.mkdir(exist_ok=True)
            if not (self.folder / MANIFEST).exists():
                self._begin(folder, run)
        self._check(folder, run)

    def _begin(self, folder: str, run: Mapping[str, Any]) -> None:
        there = next((one.name for one in self.folder.iterdir()), None)
        if there is not None:
            message = f"{folder} holds {there} already, and is no folder of part files"
            raise UsageProblem(message, hint="--out with the name of a new folder")
        write_files([(str(self.folder / MANIFEST), _text(run).encode())])

    def _check(self, folder: str, run: Mapping[str, Any]) -> None:
        with _named(folder):
            text = (self.folder / MANIFEST).read_bytes()[:_LONGEST]
        try:
            found = json.loads(text)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise UsageProblem(f"{folder}{MANIFEST} is no manifest of gradcli's")
        mine = json.loads(_text(run))
        other = next((name for name in (*mine, *found) if mine.get(name) != found.get(name)), None)
        if other is not None:
            message = f"{folder} has the part files of another run: {_OTHERS.get(other, other)}"
            raise UsageProblem(message, hint="--out with the name of a new folder")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other run writes into the folder in the block. Raises InputProblem where one does."""
        try:
            import fcntl
        except ImportError:  # Windows
            yield
            return
        with _named(str(self.folder)), (self.folder / MANIFEST).open("rb") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InputProblem(f"another run is writing into {self.folder}/") from None
            except OSError:
                pass  # a file system without locks
            yield

    def done(self, names: Mapping[int, str]) -> dict[int, dict[str, Any]]:
        """What is known of the parts that are whole. names: the files of all parts, by their numbers."""
        found: dict[int, dict[str, Any]] = {}
        path = self.folder / DONE
        lines = path.read_bytes().splitlines() if path.exists() else []
        for text in lines:
            with suppress(ValueError, TypeError, KeyError, AttributeError):  # a line that was cut short
                line = json.loads(text)
                part = int(line["part"])
                if _size(names[part]) == line["size"] and set(line) >= _KNOWN:
                    found[part] = line
                else:
                    found.pop(part, None)
        return found

    def note(self, part: int, known: Mapping[str, Any]) -> None:
        """A part is whole."""
        with _named(str(self.folder)), (self.folder / DONE).open("ab") as file:
            file.write(json.dumps({"part": part, **known}).encode() + b"\n")

    def tidy(self) -> None:
        """Take away what workers that were ended have left."""
        for left in self.folder.glob("part-*.part*"):
            with suppress(OSError):
                left.unlink()


#: What a line says of a part.
_KNOWN = {"part", "rows", "left_out", "failed", "said", "size", "before", "begun", "at_once"}


def _size(file: str) -> int | None:
    path = Path(file)
    return path.stat().st_size if path.is_file() else None


def _text(run: Mapping[str, Any]) -> str:
    return json.dumps(run, indent=1, sort_keys=True) + "\n"


@contextmanager
def _named(folder: str) -> Iterator[None]:
    """What the system refuses, as a sentence."""
    try:
        yield
    except OSError as error:
        raise InputProblem(f"{folder}: {error.strerror or os.strerror(error.errno or 0)}") from error
