"""Compressed files as streams of bytes, bounded: a small file must not become a large one without end."""

from __future__ import annotations

import io
import zlib
from typing import Any, BinaryIO

from gradcli.data.readers.data_files import size_and_time
from gradcli.language.errors import InputProblem
from gradcli.language.limits import limit, limit_problem

#: Bytes that any file may become: a bomb is one only beyond them.
_HARMLESS = 2**24


class ExpandedStream(io.RawIOBase):
    """What a compressed file holds. Reading raises InputProblem for broken ones, LimitProblem beyond the limit `expansion`."""

    def __init__(self, source: Any, file: str, packed: int) -> None:
        self._source, self._file = source, file
        self._given, self._most = 0, max(int(limit("expansion") * packed), _HARMLESS)

    def readable(self) -> bool:
        """True: that is what it is for."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill *buffer* with what comes next; 0 at the end."""
        view = memoryview(buffer).cast("B")
        try:
            piece = self._source.read(len(view))
        except (OSError, EOFError, zlib.error, ValueError) as error:
            raise InputProblem(f"{self._file} is damaged: it cannot be uncompressed to its end") from error
        self._given += len(piece)
        if self._given > self._most:
            raise limit_problem(
                "expansion", f"{self._file} holds more than {self._most:,} bytes when uncompressed"
            )
        view[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        """Close what it reads from as well."""
        self._source.close()
        super().close()


def expanded(stream: BinaryIO, file: str, compression: str | None) -> BinaryIO:
    """The stream of what a file holds, uncompressed. Raises ExtraProblem where that needs PyArrow, and it is not there."""
    if compression is None:
        return stream
    packed, _ = size_and_time(stream)
    source: Any
    if compression == "gzip":
        import gzip

        source = gzip.GzipFile(fileobj=stream)
    else:
        from gradcli.data.readers.arrow_library import arrow

        library = arrow(f"{file} is compressed by Zstandard: that needs PyArrow")
        source = library.CompressedInputStream(stream, compression)
    return io.BufferedReader(ExpandedStream(source, file, packed), 2**18)
