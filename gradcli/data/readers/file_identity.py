"""Which file it was: what a session keeps of a file, to say later whether it is the same one still."""

from __future__ import annotations

import hashlib
import os
from typing import NamedTuple

from gradcli.data.readers.data_files import opened_file, size_and_time
from gradcli.data.remote.addresses import is_address

#: Bytes at the beginning and at the end that are looked at.
_LOOKED = 2**16


class FileIdentity(NamedTuple):
    """path: absolute, or an address. size: bytes. time: of the last change, in nanoseconds.

    digest: of its first and last 64 KiB, base 16.
    """

    path: str
    size: int
    time: int
    digest: str


def file_identity(file: str) -> FileIdentity:
    """What tells a file from another. Raises InputProblem where it cannot be read, or is no regular one."""
    with opened_file(file) as stream:
        size, time = size_and_time(stream)
        digest = hashlib.blake2b(stream.read(_LOOKED), digest_size=16)
        stream.seek(max(size - _LOOKED, 0))
        digest.update(stream.read(_LOOKED))
    path = file if is_address(file) else os.path.abspath(file)  # noqa: PTH100 (without `..`, and links kept)
    return FileIdentity(path, size, time, digest.hexdigest())


def is_changed(before: FileIdentity, now: FileIdentity) -> bool:
    """Whether what a file holds has changed, as far as its size and its ends tell.

    A file that was copied, or written again with the same content, has another time and has not changed.
    """
    return (before.size, before.digest) != (now.size, now.digest)


def may_be_changed(before: FileIdentity, now: FileIdentity) -> bool:
    """Whether a file was written since: where its size and ends are the same, its middle may still be another."""
    return is_changed(before, now) or before.time != now.time
