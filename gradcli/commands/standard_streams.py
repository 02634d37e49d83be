"""The three streams as they were given to us: closed, full, or of an encoding that cannot say everything."""

from __future__ import annotations

import io
import os
import sys
from typing import Any


def prepare() -> None:
    """Text that any terminal can encode, a stdout where none was given, and a stderr that changes nothing when it fails."""
    _fill()
    sys.stdout = sys.stdout or _text(io.FileIO(1, "w", closefd=False), "utf-8")
    encoding = getattr(sys.stderr, "encoding", None) or sys.stdout.encoding
    sys.stderr = _text(_Bystander(2, "w", closefd=False), encoding)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _fill() -> None:
    """Nothing in the place of a closed stream: the next file that is opened would get its number, and what is said there."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free, this one


def _text(raw: io.RawIOBase, encoding: str) -> Any:
    return io.TextIOWrapper(
        io.BufferedWriter(raw), encoding=encoding, errors="backslashreplace", line_buffering=True
    )


class _Bystander(io.FileIO):
    """A stream for remarks: where it is full, or nobody reads it, they are lost and nothing else is."""

    def write(self, text: Any, /) -> int:
        """As much as there is, wherever it goes."""
        try:
            written = super().write(text)
        except OSError:
            written = None
        return len(text) if written is None else written
