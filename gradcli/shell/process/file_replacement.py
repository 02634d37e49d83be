"""Files that gradcli writes: whole, or not there at all.

Where nothing or a regular file is, what is written goes beside it, to NAME.part, and takes its name when it is whole:
through links, and with the mode of what was there. Devices, pipes and the descriptors that a shell has opened
(`>(…)`, /dev/fd/3, /dev/stdout) cannot be replaced and are written directly. Where a file may be written and not
replaced, as in a folder that is not ours, its new content is put into it when all of it is known.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from gradcli.language.errors import InputProblem
from gradcli.shell.process.file_destinations import descriptor_of, destination_of

#: So many names beside a file are tried: a process that is killed leaves one behind.
MOST_PARTS = 1_000

#: The longest name of a file that `.part` is put behind, in bytes; a system takes 255.
LONGEST_NAME = 240

#: After so many bytes of a file the disk takes them while others are made: it does not have to wait for all of them then.
_TOGETHER = 2**25

_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def write_files(files: Iterable[tuple[str, bytes]]) -> None:
    """Write files, each under its name: all of them are whole before the first takes its place. Raises InputProblem."""
    parts: list[Part] = []
    try:
        for name, content in files:
            parts.append(Part(name))
            parts[-1].write(content)
        for part in parts:
            part.settle()
        for part in parts:
            part.publish()
    finally:
        for part in parts:
            part.discard()


class Part:
    """A file that grows beside the one whose place it will take. Raises InputProblem, with the file's name, everywhere."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._target: Path | None = None  # the file that is replaced, or written into, at the end
        self._beside: Path | None = None
        self._stream: Any = None
        self._waiting = 0  # bytes that the disk was not told of
        self._taking: Any = None  # the disk takes what was written until a moment ago
        with _Named(name):
            self._open()

    def write(self, content: bytes) -> None:
        """Append *content*."""
        with self.told():
            self._stream.write(content)
            self.grew(len(content))

    @property
    def beside(self) -> Path | None:
        """The file that grows, for those who write all of it themselves and tell by `grew`; None where it is another."""
        return self._beside

    def grew(self, size: int) -> None:
        """So many bytes were appended: the disk takes them now and then. Raises OSError."""
        self._waiting += size
        if self._waiting >= _TOGETHER and self._beside is not None:
            self._begin_taking()

    def told(self) -> AbstractContextManager[None]:
        """Errors of the system in the block become sentences about the file: InputProblem."""
        return _Named(self.name)

    def settle(self) -> None:
        """All is written: see it on the disk."""
        with self.told():
            self._stream.flush()
            if self._taking is not None:
                self._taking.result()
            if self._beside is not None:
                os.fsync(self._stream.fileno())

    def _begin_taking(self) -> None:
        """Let the disk take what is written, in a thread of its own. Raises what an earlier one met."""
        from concurrent.futures import ThreadPoolExecutor

        if self._taking is not None and not self._taking.done():
            return
        if self._taking is not None:
            self._taking.result()
        self._stream.flush()
        self._waiting = 0
        pool = ThreadPoolExecutor(1)
        self._taking = pool.submit(os.fsync, self._stream.fileno())
        pool.shutdown(wait=False)

    def publish(self) -> None:
        """Take the place, after `settle`."""
        with self.told():
            if self._beside is not None and self._replaced(self._beside):
                self._beside = None
            elif self._target is not None:
                _put_into(self._target, self._stream)
            self.discard()

    def discard(self) -> None:
        """Leave what was there as it was, where it was not replaced yet."""
        beside, self._beside = self._beside, None
        if self._taking is not None:
            self._taking.exception()  # the file stays open for as long
        for end in (self._stream and self._stream.close, beside and beside.unlink):
            try:
                if end:
                    end()
            except OSError:
                continue  # what cannot be written any more is not wanted either

    def _open(self) -> None:
        if (number := descriptor_of(self.name)) is not None:
            self._stream = os.fdopen(os.dup(number), "wb")
            return
        target = destination_of(self.name)
        before = target.stat() if target.exists() else None
        if before is not None and not stat.S_ISREG(before.st_mode):
            self._stream = target.open("wb")
            return
        if before is not None and not os.access(target, os.W_OK):
            raise PermissionError(13, "Permission denied")
        try:
            self._begin(target, before)
        except OSError:
            if before is None:
                raise
            self.discard()
            from tempfile import TemporaryFile

            self._stream = TemporaryFile()  # noqa: SIM115  (closed by `discard`)
        self._target = target

    def _begin(self, target: Path, before: os.stat_result | None) -> None:
        """Make the file beside the *target*, of the same owner and mode as it."""
        for beside in _names(target):
            try:
                handle = os.open(beside, _NEW, 0o666)
            except FileExistsError:
                continue
            self._beside, self._stream = beside, os.fdopen(handle, "w+b")
            if before is not None:
                made = beside.stat()
                if (made.st_uid, made.st_gid) != (before.st_uid, before.st_gid):
                    os.chown(beside, before.st_uid, before.st_gid)
                beside.chmod(stat.S_IMODE(before.st_mode))
            return
        raise FileExistsError(17, "too many unfinished files of this name are beside it")

    def _replaced(self, beside: Path) -> bool:
        """Rename; False where only the content of the target can be replaced, as of a mount point."""
        try:
            beside.replace(self._target or beside)
        except OSError:
            if self._target is None or not self._target.exists():
                raise
            return False
        return True


class _Named:
    """Errors of the system in the block become sentences about a file."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            why = os.strerror(error.errno) if error.errno else error.strerror or error
            raise InputProblem(f"{self.name} cannot be written: {why}") from error


def _names(target: Path) -> Iterator[Path]:
    """The names beside a file that say that it is not whole yet, in the order in which they are tried."""
    name = target.name if len(os.fsencode(target.name)) <= LONGEST_NAME else "gradcli"
    yield target.with_name(f"{name}.part")
    for number in range(2, MOST_PARTS):
        yield target.with_name(f"{name}.{number}.part")


def _put_into(target: Path, source: Any) -> None:
    """Make what *source* holds the content of a file that stays; what it held comes back where that fails."""
    source.seek(0)
    new = source.read()
    with target.open("r+b", buffering=0) as file:
        old = file.read()
        try:
            _fill(file, new)
        except OSError:
            _fill(file, old)
            raise


def _fill(file: Any, content: bytes) -> None:
    file.seek(0)
    left = memoryview(content)
    while left:
        left = left[file.write(left) :]
    file.truncate()
    os.fsync(file.fileno())
