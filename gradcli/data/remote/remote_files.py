"""Remote files: those that a pattern means, and each as a stream of bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any, BinaryIO

from gradcli.data.remote.addresses import Address, address_of
from gradcli.data.remote.file_systems import connected, explained
from gradcli.language.errors import InputProblem

#: Bytes that are asked for at a time.
_TOGETHER = 2**20


class RemoteStream(io.RawIOBase):
    """A file's bytes. size: how many. time: of its last change, in nanoseconds, 0 where that is not known.

    Reading raises InputProblem where the file is not reached any more.
    """

    def __init__(self, source: Any, file: str, size: int, time: int) -> None:
        self._source, self._file, self.size, self.time = source, file, size, time

    def readable(self) -> bool:
        """True: that is what it is for."""
        return True

    def seekable(self) -> bool:
        """True: each part can be asked for."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill *buffer* with what comes next; 0 at the end."""
        view = memoryview(buffer).cast("B")
        with explained(self._file):
            piece = self._source.read(len(view))
        view[: len(piece)] = piece
        return len(piece)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        place: int = self._source.seek(offset, whence)
        return place

    def tell(self) -> int:
        """The place where it is."""
        place: int = self._source.tell()
        return place

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            self._source.close()
        super().close()


def opened_remote(file: str) -> BinaryIO:
    """The file at an address. Raises InputProblem where it is not reached, or is none."""
    address = address_of(file)
    system, path = connected(address), _path(address)
    with explained(file):
        info = system.get_file_info(path)
        _check(info, file)
        source = system.open_input_file(path)
        size, time = source.size(), info.mtime_ns or 0
    return io.BufferedReader(RemoteStream(source, file, size, time), _TOGETHER)


def _path(address: Address) -> str:
    """The path as the file system has it: those of buckets begin with the bucket."""
    return f"/{address.path}" if address.scheme == "hdfs" else f"{address.host}/{address.path}"


def _check(info: Any, file: str) -> None:
    from pyarrow.fs import FileType

    if info.type == FileType.NotFound:
        raise InputProblem(f"{file}: there is no such file")
    if info.type != FileType.File:
        raise InputProblem(f"{file} is a folder" if info.type == FileType.Directory else f"{file} is no file")


def remote_matches(file: str) -> list[str]:
    """The addresses that an address means, by name: itself, or the files of its pattern (`*`, `?`, `[…]`, `**`).

    Raises InputProblem where nothing is there or is reached, UsageProblem for what is no address.
    """
    address = address_of(file)
    if not any(sign in address.path for sign in "*?["):
        return [file]
    system = connected(address)
    parts = address.path.split("/")
    first = next(place for place, part in enumerate(parts) if any(sign in part for sign in "*?["))
    folder, within = _path(address._replace(path="/".join(parts[:first]))).rstrip("/"), parts[first:]
    with explained(file):
        from pyarrow.fs import FileSelector, FileType

        if system.get_file_info(_path(address)).type == FileType.File:
            return [file]
        deep = len(within) > 1 or within[0] == "**"
        infos = system.get_file_info(FileSelector(folder or "/", recursive=deep))
        found = [info.path for info in infos if info.type == FileType.File]
    named = [path.removeprefix(folder).strip("/").split("/") for path in found]
    chosen = sorted(path for path in named if _fits(path, within))
    if not chosen:
        raise InputProblem(f"no file matches {file}")
    return [address.of("/".join((*parts[:first], *path))) for path in chosen]


def _fits(path: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether a path is one that a pattern means, as patterns of files here are read."""
    if not pattern or not path:
        return (not pattern and not path) or list(pattern) == ["**"]
    if pattern[0] == "**":
        return _fits(path, pattern[1:]) or (not path[0].startswith(".") and _fits(path[1:], pattern))
    hidden = path[0].startswith(".") and not pattern[0].startswith(".")
    return not hidden and fnmatchcase(path[0], pattern[0]) and _fits(path[1:], pattern[1:])
