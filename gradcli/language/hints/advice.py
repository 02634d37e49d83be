"""What a hint says, and of which characters."""

from __future__ import annotations

from typing import NamedTuple


class Advice(NamedTuple):
    """What to do; the sentence and the culprit's characters where they are others than was said."""

    hint: str | None
    message: str = ""
    span: tuple[int, int] | None = None
