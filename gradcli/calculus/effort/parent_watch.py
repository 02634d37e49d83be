"""A child process ends with its parent: who asked is gone, may ask again, and must not be answered twice.

The child holds the reading end of a pipe whose other end only its parent has. When the parent ends, however that
comes about, the pipe does. Linux is asked to kill the child then, which holds inside of long calls of C too;
elsewhere a thread waits for it. Before a commit the child looks once more by itself.
"""

from __future__ import annotations

import os

#: The process that must be there when something is committed; None for one that has nobody above it.
_parent: int | None = None

#: How a process ends that nobody waits for.
FORSAKEN = 4


def pipe() -> tuple[int, int]:
    """The pipe that ends with its writer: made by the parent before the child."""
    return os.pipe()


def close(ends: tuple[int, int]) -> None:
    """In the parent: a child that has ended needs no pipe any more."""
    for end in ends:
        os.close(end)


def watch_parent(parent: int, ends: tuple[int, int]) -> None:
    """In the child of *parent*: end when it does. ends: the pipe's, made before the child."""
    global _parent  # noqa: PLW0603  (a process has one parent)
    _parent = parent
    reading, writing = ends
    os.close(writing)
    if not _killed_by_the_system(reading):
        from _thread import start_new_thread

        start_new_thread(_wait, (reading,))
    check_parent()  # it may have ended before the system was asked


def check_parent() -> None:
    """End this process where its parent has ended; what is not committed by now never is."""
    if _parent is not None and os.getppid() != _parent:
        os._exit(FORSAKEN)


def _killed_by_the_system(reading: int) -> bool:
    """Ask Linux for SIGKILL when the other end closes; False where that cannot be asked."""
    import fcntl
    from signal import SIGKILL

    if not hasattr(fcntl, "F_SETSIG"):
        return False
    try:
        fcntl.fcntl(reading, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(reading, fcntl.F_SETSIG, SIGKILL)
        fcntl.fcntl(reading, fcntl.F_SETFL, fcntl.fcntl(reading, fcntl.F_GETFL) | os.O_ASYNC)
    except OSError:
        return False
    return True


def _wait(reading: int) -> None:
    """Wait for the end of the pipe, on which nothing is ever written."""
    os.read(reading, 1)
    os._exit(FORSAKEN)
