"""Polynomial rings of python-flint, which takes names of ASCII characters alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def ring(kind: Any, names: Iterable[str]) -> Any:
    """The context of a *kind* such as `fmpq_mpoly_ctx` in these variables, in the graded reverse lexicographic order."""
    return kind.get([name.encode("ascii", "backslashreplace").decode() for name in names], "degrevlex")


def names_of(context: Any) -> list[str]:
    """The variables of a context that `ring` made."""
    return [spelled(name) for name in context.names()]


def spelled(text: str) -> str:
    """A text of python-flint's with the names as they were."""
    return text.encode().decode("unicode_escape")
