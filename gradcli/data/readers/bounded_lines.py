"""A stream of bytes whose lines are bounded: one without an end is refused before it is held."""

from __future__ import annotations

import io
from typing import Any, BinaryIO

from gradcli.language.limits import limit, limit_problem

#: Bytes that are read at a time.
CHUNK = 2**18


class BoundedLines(io.RawIOBase):
    """What a stream gives; it is not closed with this. Reading raises LimitProblem for a line beyond the limit `input`."""

    def __init__(self, source: BinaryIO, file: str) -> None:
        self._source, self._file = source, file
        self._length, self._most = 0, int(limit("input"))

    def readable(self) -> bool:
        """True: that is what it is for."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill *buffer* with what comes next; 0 at the end."""
        view = memoryview(buffer).cast("B")
        piece = self._source.read(len(view))
        end = max(piece.rfind(b"\n"), piece.rfind(b"\r"))
        self._length = len(piece) - end - 1 + (self._length if end < 0 else 0)
        if self._length > self._most or (end > self._most and self._is_longer(piece)):
            raise limit_problem("input", f"{self._file} has a line of more than {self._most:,} bytes")
        view[: len(piece)] = piece
        return len(piece)

    def _is_longer(self, piece: bytes) -> bool:
        """Whether a line within a piece is too long: only where the limit is below the size of a piece."""
        return max(map(len, piece.replace(b"\r", b"\n").split(b"\n"))) > self._most


def bounded(stream: BinaryIO, file: str) -> io.BufferedReader:
    """The stream with bounded lines, to be peeked into."""
    return io.BufferedReader(BoundedLines(stream, file), CHUNK)
