"""Files that a user names to be read: regular ones, and what a shell has opened (`<(…)`, /dev/stdin)."""

from __future__ import annotations

import os
import stat

from gradcli.language.errors import InputProblem

#: Bytes of a character, at the most, and bytes read at a time.
WIDEST, CHUNK = 4, 2**20

_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def text_of_file(file: str, option: str) -> str:
    """The text in *file*, without a byte order mark. Raises InputProblem, and LimitProblem for more than a text may have.

    A pipe or a device is refused at once: nobody may ever write into it, or never stop.
    """
    try:
        return _content(file, option).decode("utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise InputProblem(f"{option} {file}: {reason}") from error


def _content(file: str, option: str) -> bytes:
    from gradcli.shell.process.file_destinations import descriptor_of
    from gradcli.shell.process.timeout import clock_stopped

    number = descriptor_of(file)
    handle = os.open(file, _READ) if number is None else os.dup(number)
    try:
        mode = os.fstat(handle).st_mode
        opened = number is not None and (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode))
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or opened):
            raise InputProblem(f"{option} {file} is a pipe or a device and not a file")
        with clock_stopped():
            return _bounded(handle, f"{option} {file}")
    finally:
        os.close(handle)


def _bounded(handle: int, what: str) -> bytes:
    """All that can be read, unless that is more than a text may have."""
    from gradcli.language.limits import limit, limit_problem

    most, pieces, count = int(limit("length")) * WIDEST, [], 0
    while piece := os.read(handle, CHUNK):
        pieces.append(piece)
        count += len(piece)
        if count > most:
            raise limit_problem("length", f"{what} is larger than a text may be: {most:,} bytes")
    return b"".join(pieces)
