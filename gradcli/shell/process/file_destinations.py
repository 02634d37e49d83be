"""The name of a file to write → where it leads: through links, to a descriptor of this process or to a path."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

#: As many links as Linux follows.
MOST_LINKS = 40


def destination_of(name: str) -> Path:
    """The path at the end of all links; it need not exist."""
    from pathlib import Path

    return Path(os.path.realpath(name))


def descriptor_of(name: str) -> int | None:
    """The descriptor of this process that a name leads to (/dev/stdout, /dev/fd/3), None where it leads to a path."""
    own = {"/dev/fd", f"/proc/{os.getpid()}/fd"}
    path = os.path.join(os.getcwd(), name)
    for _ in range(MOST_LINKS):
        parent, last = os.path.split(path.rstrip("/"))
        folder = os.path.realpath(parent)
        if last.isdecimal() and folder in own:
            return int(last)
        path = os.path.join(folder, last)
        if not os.path.islink(path):
            return None
        path = os.path.join(folder, os.readlink(path))
    return None
