"""The page on which a child process writes until when it may work, and which its parent reads."""

from __future__ import annotations

from typing import Any

#: Seconds between the alarm in the child and its end by the parent.
GRACE = 1.0

_KEEP_WAITING = 1e300

#: The page; None where nobody watches.
_page: Any = None


def share() -> None:
    """Begin a page that the next child of this process will share with it."""
    global _page  # noqa: PLW0603  (one page for the one child of this process)
    from mmap import mmap

    _page = mmap(-1, 8)
    write(None)


def write(seconds: float | None) -> None:
    """The child has so many seconds from now on; None for as many as it likes."""
    if _page is not None:
        from struct import pack_into
        from time import monotonic

        pack_into("d", _page, 0, _KEEP_WAITING if seconds is None else monotonic() + seconds)


def left() -> float | None:
    """The seconds until the deadline on the page; None where there is none."""
    if _page is None:
        return None
    from struct import unpack_from
    from time import monotonic

    deadline: float = unpack_from("d", _page, 0)[0]
    return None if deadline == _KEEP_WAITING else deadline - monotonic()


def overdue() -> bool:
    """Whether the deadline has passed."""
    seconds = left()
    return seconds is not None and seconds < 0
