"""Answers that do not come from the code under test, and numbers as they are typed."""

from __future__ import annotations

from gradcli.calculus.program.typed_numbers import TypedFloat


def typed(x: float) -> TypedFloat:
    """A float as somebody types it: its shortest decimal."""
    return TypedFloat(x, repr(x))
