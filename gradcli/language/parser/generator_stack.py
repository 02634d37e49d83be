"""Recursion without Python's stack: generators that yield generators, each answered with what it yielded returned."""

from __future__ import annotations

from collections.abc import Generator

Steps = Generator["Steps", int, int]


def run(start: Steps) -> int:
    """What *start* returns, every generator that it yields run in between and answered with its own return."""
    stack, answer = [start], None
    while True:
        try:
            stack.append(stack[-1].send(answer))  # type: ignore[arg-type]  # a fresh generator is sent None
            answer = None
        except StopIteration as stop:
            stack.pop()
            answer = stop.value
            if not stack:
                return int(answer)
