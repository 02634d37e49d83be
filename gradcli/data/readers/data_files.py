"""Names, patterns and addresses → files in one order, opened only where they are regular ones."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from gradcli.data.readers.arrow_library import arrow
from gradcli.data.remote.addresses import is_address, local_path, without_query
from gradcli.data.remote.kept_input import STANDARD_INPUT, opened_input
from gradcli.language.errors import InputProblem, UsageProblem
from gradcli.language.limits import limit, limit_problem

#: Opening a pipe that nobody writes must not wait.
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def matching_files(patterns: Sequence[str]) -> tuple[str, ...]:
    """The files that names and patterns (`day-*.csv`, `**` for folders) mean: in the order given, those of a pattern by name.

    A name that is a file is that file, whatever characters it has; only `s3://` and the like begin an address. Raises
    InputProblem where nothing matches or is reached, UsageProblem where a file would be read twice, and for what is no
    address, LimitProblem for too many, ExtraProblem where PyArrow is missing.
    """
    files: dict[str, str] = {}
    most = int(limit("files"))
    for pattern in patterns:
        for file in _matches(pattern):
            same = file if "\0" in file or is_address(file) else os.path.realpath(file)
            if same in files:
                raise UsageProblem(f"{file} would be read twice", hint="name each file once")
            files[same] = file
            if len(files) > most:
                raise limit_problem("files", f"more than {most:,} files would be read")
    return tuple(files.values())


def _matches(pattern: str) -> list[str]:
    pattern = local_path(pattern) or pattern
    if is_address(pattern):
        return _reached(pattern)
    if not any(sign in pattern for sign in "*?[") or "\0" in pattern or os.path.lexists(pattern):
        return [pattern]
    from glob import iglob

    every = iglob(pattern, recursive=True)  # noqa: PTH207 (Path.glob takes no absolute patterns)
    found = sorted(file for file in every if not Path(file).is_dir())
    if not found:
        raise InputProblem(f"no file matches {pattern}")
    return found


def opened_file(file: str) -> BinaryIO:
    """A regular file, opened to be read, or one at an address that was typed, or standard input where that is kept.

    Raises InputProblem for what cannot be, a pipe or a device as well.
    """
    if is_address(file):
        from gradcli.data.remote.remote_files import opened_remote

        return opened_remote(file)
    kept = opened_input() if file == STANDARD_INPUT else None
    try:
        handle = os.open(file, _READ) if kept is None else kept
    except (OSError, ValueError) as error:
        raise unreadable(file, error) from error
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        os.close(handle)
        what = "a folder" if stat.S_ISDIR(mode) else "a pipe or a device and not a file"
        raise InputProblem(f"{file} is {what}")
    return os.fdopen(handle, "rb")


def _reached(pattern: str) -> list[str]:
    from gradcli.data.remote.addresses import address_of
    from gradcli.data.remote.remote_files import remote_matches

    address_of(pattern)  # before anything is loaded
    arrow(f"{pattern}: files at addresses need PyArrow")
    return remote_matches(pattern)


def size_and_time(stream: BinaryIO) -> tuple[int, int]:
    """The bytes of a file that is open, and the time of its last change in nanoseconds, 0 where that is not known."""
    raw: Any = getattr(stream, "raw", None)
    if hasattr(raw, "size"):
        return raw.size, raw.time
    found = os.fstat(stream.fileno())
    return found.st_size, found.st_mtime_ns


def base_name(file: str) -> str:
    """The last part of a file's name, which answers show."""
    return Path(without_query(file)).name


def unreadable(file: str, error: Exception) -> InputProblem:
    """The problem of a file that the system does not give."""
    return InputProblem(f"{file}: {getattr(error, 'strerror', None) or 'that is no name of a file'}")
