"""Names and patterns → files in one order, opened only where they are regular ones."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from gradcli.language.errors import InputProblem, UsageProblem
from gradcli.language.limits import limit, limit_problem

#: Opening a pipe that nobody writes must not wait.
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def matching_files(patterns: Sequence[str]) -> tuple[str, ...]:
    """The files that names and patterns (`day-*.csv`, `**` for folders) mean: in the order given, those of a pattern by name.

    A name that is a file is that file, whatever characters it has. Raises InputProblem where nothing matches,
    UsageProblem where a file would be read twice, LimitProblem for too many.
    """
    files: dict[str, str] = {}
    most = int(limit("files"))
    for pattern in patterns:
        for file in _matches(pattern):
            same = file if "\0" in file else os.path.realpath(file)
            if same in files:
                raise UsageProblem(f"{file} would be read twice", hint="name each file once")
            files[same] = file
            if len(files) > most:
                raise limit_problem("files", f"more than {most:,} files would be read")
    return tuple(files.values())


def _matches(pattern: str) -> list[str]:
    if not any(sign in pattern for sign in "*?[") or "\0" in pattern or os.path.lexists(pattern):
        return [pattern]
    from glob import iglob

    every = iglob(pattern, recursive=True)  # noqa: PTH207 (Path.glob takes no absolute patterns)
    found = sorted(file for file in every if not Path(file).is_dir())
    if not found:
        raise InputProblem(f"no file matches {pattern}")
    return found


def opened_file(file: str) -> BinaryIO:
    """A regular file, opened to be read. Raises InputProblem for what cannot be, a pipe or a device as well."""
    try:
        handle = os.open(file, _READ)
    except (OSError, ValueError) as error:
        raise unreadable(file, error) from error
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        os.close(handle)
        what = "a folder" if stat.S_ISDIR(mode) else "a pipe or a device and not a file"
        raise InputProblem(f"{file} is {what}")
    return os.fdopen(handle, "rb")


def unreadable(file: str, error: Exception) -> InputProblem:
    """The problem of a file that the system does not give."""
    return InputProblem(f"{file}: {getattr(error, 'strerror', None) or 'that is no name of a file'}")
