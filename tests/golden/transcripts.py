"""Transcripts: `$ command`, what it printed, `[exit N]`. Read, play again, write."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.conftest import command_line

#: What only a shell understands; other commands are run in this process, which is ten times as fast.
_SHELL = re.compile(r"[|<>;&$`]|^(?!gradcli)|(?<!\S)'-?$")


class Entry(NamedTuple):
    """One command of a transcript, and what it is known to print; comments before it stay."""

    comment: str
    command: str
    printed: str


def entries(text: str) -> Iterator[Entry]:
    """The entries of a transcript."""
    comment, command, printed = "", None, ""
    for line in text.splitlines(keepends=True):
        if command is None and line.startswith("$ "):
            command = line[2:].rstrip("\n")
        elif command is None:
            comment += line
        else:
            printed += line
            if line.startswith("[exit "):
                yield Entry(comment, command, printed)
                comment, command, printed = "", None, ""
    if command is not None:
        yield Entry(comment, command, printed)


def played(command: str, environment: dict[str, str], folder: Path) -> str:
    """What *command* prints on both streams, and its status."""
    if _SHELL.search(_unquoted(command)):
        ended = subprocess.run(
            ["sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            env=environment, cwd=folder, timeout=120, check=False,
        )  # fmt: skip
        return _closed(ended.stdout.decode(), ended.returncode)
    stream = io.StringIO()
    with contextlib.chdir(folder):
        status = command_line(shlex.split(command)[1:], streams=stream).status
    return _closed(stream.getvalue(), status)


def _unquoted(command: str) -> str:
    """The command without what stands in quotes, which no shell would touch."""
    return re.sub(r"'[^']*'|\"[^\"$`]*\"", "q", command)


def _closed(printed: str, status: int) -> str:
    timeless = re.sub(r'"when": [0-9.]+', '"when": TIME', printed)
    end = "" if not timeless or timeless.endswith("\n") else "\n"
    return f"{timeless}{end}[exit {status}]\n"


def written(entry: Entry, printed: str) -> str:
    """The entry as a transcript has it."""
    return f"{entry.comment}$ {entry.command}\n{printed}"
