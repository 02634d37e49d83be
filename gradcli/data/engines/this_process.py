"""This process in the place of workers: one thing after the other, with the functions that workers have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any


class ThisProcess:
    """What `DaskEngine` is for many. threads: one."""

    threads = 1
    remark: str | None = None

    def each(
        self, jobs: Iterable[tuple[Callable[..., Any], tuple[Any, ...]]], together: int | None = None
    ) -> Iterator[tuple[int, Any]]:
        """Do the jobs; their numbers and results as they come."""
        for number, (function, arguments) in enumerate(jobs):
            yield number, function(*arguments)
