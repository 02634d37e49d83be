"""What a file's ending says: its format, and how it is compressed."""

from __future__ import annotations

from typing import NamedTuple

from gradcli.data.remote.addresses import without_query
from gradcli.language.errors import UsageProblem

#: Ending -> format.
ENDINGS = {
    ".csv": "csv", ".txt": "csv", ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".parquet": "parquet", ".pq": "parquet", ".arrow": "arrow", ".feather": "arrow", ".ipc": "arrow",
}  # fmt: skip

#: Format -> whether it is text, which may be compressed as a whole.
FORMATS = {"csv": True, "tsv": True, "jsonl": True, "parquet": False, "arrow": False}

#: Ending after the first -> compression.
COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}


class FileFormat(NamedTuple):
    """A key of FORMATS, and a value of COMPRESSIONS or None."""

    name: str
    compression: str | None


def file_format(file: str, chosen: str | None = None) -> FileFormat:
    """The format of a file by the end of its name, or the *chosen* one.

    Raises UsageProblem for an ending that says nothing, a format that is none, and a compressed file of binary columns.
    """
    name, compression = without_query(file).lower(), None
    for ending, found in COMPRESSIONS.items():
        if name.endswith(ending):
            name, compression = name.removesuffix(ending), found
            break
    known = chosen or next((ENDINGS[ending] for ending in ENDINGS if name.endswith(ending)), None)
    if known is None:
        raise UsageProblem(f"{file}: its ending does not say what it holds", hint=_hint())
    if known not in FORMATS:
        raise UsageProblem(f"{known} is no format of data", hint=f"formats are {', '.join(FORMATS)}")
    if compression and not FORMATS[known]:
        raise UsageProblem(
            f"{file}: a {known} file is compressed inside and not as a whole", hint="uncompress it first"
        )
    return FileFormat(known, compression)


def _hint() -> str:
    return f"endings that are read are {' '.join(ENDINGS)}, those of text also with {' or '.join(COMPRESSIONS)} after them"
