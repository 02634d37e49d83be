"""Blocks → what is made of each, in their order: in threads of their own, while others are read or written."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")

#: Threads that work on blocks.
THREADS = 2


def concurrently(
    given: Iterable[_Given], make: Callable[[_Given], _Made], threads: int = THREADS
) -> Iterator[tuple[_Given, _Made]]:
    """Each of *given* with what *make* makes of it. Raises what they raise, behind all that came before."""
    from concurrent.futures import Future, ThreadPoolExecutor

    waiting, failed = deque[tuple[_Given, Future[_Made]]](), None
    with ThreadPoolExecutor(threads) as pool:
        try:
            for one in given:
                waiting.append((one, pool.submit(make, one)))
                if len(waiting) > threads:
                    first, made = waiting.popleft()
                    yield first, made.result()
        except Exception as error:
            failed = error
        for first, made in waiting:
            yield first, made.result()
    if failed is not None:
        raise failed
