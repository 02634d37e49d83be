"""Other processes, other users, and what must still hold around them."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gradcli.memory.database import open_store
from gradcli.memory.session_history import current

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKER = Path(__file__).with_name("worker.py")
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and permissions of POSIX")


def worker(*words: object) -> list[str]:
    """The command that does a job of worker.py in another process."""
    return [sys.executable, str(WORKER), *map(str, words)]


def assert_no_notice(home: Path, steps: int) -> None:
    """The head is the one with that many steps, and nothing happened to the file."""
    with open_store(home) as store:
        head = current(store, "s")
        assert head is not None
        assert head.steps == steps
        assert store.notices == []


@contextmanager
def unprivileged() -> Iterator[Path]:
    """A folder of, and the rights of, a user whom permissions bind, which they do not bind root."""
    home = Path(tempfile.mkdtemp())
    was_root = os.geteuid() == 0
    try:
        if was_root:
            os.chown(home, 65534, 65534)
            os.seteuid(65534)
        yield home
    finally:
        if was_root:
            os.seteuid(0)
        home.chmod(0o700)
        shutil.rmtree(home)
