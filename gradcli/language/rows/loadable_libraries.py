"""Whether NumPy and PyArrow can be loaded: they are installed, and the limit on memory leaves them room."""

from __future__ import annotations

from functools import cache

from gradcli.language.limits import limit

#: Megabytes of address space that both take with what else is loaded, with some to count in. With less NumPy's algebra
#: (OpenBLAS) ends the process while it is loaded.
ROOM = 600


def has_arrays() -> bool:
    """Whether NumPy can be loaded."""
    return has_room() and _is_installed("numpy")


def has_arrow() -> bool:
    """Whether PyArrow is installed, with NumPy; neither is loaded."""
    return _is_installed("pyarrow") and _is_installed("numpy")


def has_room() -> bool:
    """Whether `--limit memory` leaves them the address space that they take."""
    return not 0 < limit("memory") < ROOM


@cache
def _is_installed(library: str) -> bool:
    from importlib.util import find_spec

    return find_spec(library) is not None
