"""Standard input as a file of data: kept in a file that vanishes with the process, for it is read more than once."""

from __future__ import annotations

import os
from typing import Any, BinaryIO

from gradcli.language.errors import InputProblem, UsageProblem

#: What it is called where files have their names.
STANDARD_INPUT = "standard input"

#: Bytes that tell the format, and what they begin with; all else is text with columns.
_FIRST, _SIGNS = 2**16, ((b"PAR1", "parquet"), (b"ARROW1", "arrow"), (b"{", "jsonl"))

#: What begins with these is compressed, and what uncompresses it.
_COMPRESSED = {b"\x1f\x8b": "gunzip", b"\x28\xb5\x2f\xfd": "unzstd"}

_kept: list[Any] = []


def keep_input(stream: BinaryIO) -> str:
    """Keep all that a stream has. The format that its first bytes say.

    Raises UsageProblem where it is compressed, InputProblem where there is no room for it.
    """
    from shutil import copyfileobj
    from tempfile import TemporaryFile

    file = TemporaryFile()  # noqa: SIM115  (it is there for as long as the process)
    _kept[:] = [file]
    try:
        copyfileobj(stream, file, 2**20)
        file.flush()
        file.seek(0)
    except OSError as error:
        raise InputProblem(f"standard input cannot be kept: {error.strerror or error}") from error
    return _format(file.read(_FIRST))


def opened_input() -> int | None:
    """A handle of what is kept, at its beginning; None where nothing is."""
    if not _kept:
        return None
    number = _kept[0].fileno()
    try:
        return os.open(f"/proc/self/fd/{number}", os.O_RDONLY)  # with a place of its own
    except OSError:  # a system without it
        handle = os.dup(number)
        os.lseek(handle, 0, os.SEEK_SET)
        return handle


def _format(begin: bytes) -> str:
    for sign, tool in _COMPRESSED.items():
        if begin.startswith(sign):
            raise UsageProblem("--data -: standard input is compressed", hint=f"{tool} -c FILE | gradcli …")
    for sign, name in _SIGNS:
        if begin.lstrip(b" \t\r\n\xef\xbb\xbf").startswith(sign):
            return name
    line = begin.partition(b"\n")[0]
    return "tsv" if b"\t" in line and b"," not in line and b";" not in line else "csv"
