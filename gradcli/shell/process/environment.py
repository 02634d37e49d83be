"""What a command finds around itself: its memory, in GRADCLI_HOME or else in the user's application directory."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradcli.memory.database import Store

#: The folder of gradcli in the user's application directory.
NAME = "gradcli"


def open_memory() -> Store:
    """The memory in its place."""
    from gradcli.memory.database import open_store

    return open_store(home(), before_commit=_not_forsaken)


def _not_forsaken() -> None:
    """End this process where its parent has ended: then nothing is committed any more."""
    watching = sys.modules.get(
        "gradcli.calculus.effort.parent_watch"
    )  # who has not loaded it has no parent to watch
    if watching is not None:
        watching.check_parent()


def home() -> str:
    """The folder in which gradcli keeps its file; empty where there is none that is the user's own.

    `~` in GRADCLI_HOME is the home folder also where a shell has not said so, as in quotes.
    """
    if wanted := os.environ.get("GRADCLI_HOME"):
        return _without_tilde(wanted)
    if os.name != "posix" or sys.platform == "darwin":
        import click

        return _absolute(click.get_app_dir(NAME))
    return _absolute(os.path.join(_configuration(), NAME))


def _without_tilde(path: str) -> str:
    if os.name == "posix" and (path == "~" or path.startswith("~/")):
        return _absolute(os.path.join(_user(), path[1:].lstrip("/")))
    return os.path.expanduser(path)


def _configuration() -> str:
    """Where programs of this user keep what they remember, as https://specifications.freedesktop.org/basedir-spec has it.

    A path that is not absolute is ignored: it would be the memory of whatever folder gradcli is run in.
    """
    wanted = os.environ.get("XDG_CONFIG_HOME", "")
    return wanted if os.path.isabs(wanted) else os.path.join(_user(), ".config")


def _user() -> str:
    """The user's home folder; where HOME is no path from the root, the one that the system knows."""
    named = os.environ.get("HOME", "")
    if os.path.isabs(named):
        return named
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:  # a user without an entry, as in some containers
        return ""


def _absolute(path: str) -> str:
    return path if os.path.isabs(path) else ""
