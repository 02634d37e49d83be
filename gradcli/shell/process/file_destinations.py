"""The name of a file to write → where it leads: through links, to a descriptor of this process or to a path."""

from __future__ import annotations

import os
from pathlib import Path

#: As many links as Linux follows.
MOST_LINKS = 40


def destination_of(name: str) -> Path:
    """The path at the end of all links; it need not exist."""
    return Path(os.path.realpath(name))


def descriptor_of(name: str) -> int | None:
    """The descriptor of this process that a name leads to (/dev/stdout, /dev/fd/3), None where it leads to a path."""
    own = {"/dev/fd", f"/proc/{os.getpid()}/fd"}
    path = Path.cwd() / name
    for _ in range(MOST_LINKS):
        folder = Path(os.path.realpath(path.parent))
        if path.name.isdecimal() and str(folder) in own:
            return int(path.name)
        path = folder / path.name
        if not path.is_symlink():
            return None
        path = folder / path.readlink()
    return None
