"""What stands between the cells of a line, found in the first one."""

from __future__ import annotations

import re

#: In this order: the first that stands in the line outside of quotes is the one.
CANDIDATES = (",", ";", "\t", "|")

_QUOTED = re.compile(r'"[^"]*("|$)')


def delimiter_of(line: str, decimal: str = ".") -> str:
    """The delimiter of a file whose first line this is; a comma where none occurs (a file of one column).

    Where numbers have a decimal comma, it is none.
    """
    bare = _QUOTED.sub("", line)
    candidates = [one for one in CANDIDATES if one != decimal]
    return next((one for one in candidates if one in bare), candidates[0])
