"""What a command finds around itself: the place of its memory, the terminal, the library of programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcli.shell.process.memory_folder import home

if TYPE_CHECKING:
    from gradcli.memory.database import Store


def open_memory() -> Store:
    """The memory in its place."""
    from gradcli.memory.database import open_store

    return open_store(home(), before_commit=_not_forsaken)


def _not_forsaken() -> None:
    """End this process where its parent has ended: then nothing is committed any more."""
    from gradcli.calculus.effort.parent_watch import check_parent

    check_parent()
