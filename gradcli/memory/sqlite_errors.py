"""Why the memory cannot be read or written: SQLite's and the system's reasons, as sentences with hints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcli.language.errors import SessionProblem

if TYPE_CHECKING:
    from pathlib import Path

ELSEWHERE = "make room for it there, or set GRADCLI_HOME to another folder"

#: SQLite's result code (the extended one where it says more) -> what is wrong with the file, and what to do.
#: The codes: https://www.sqlite.org/rescode.html
FAULTS = {
    3: ("may not be opened: permission denied", ELSEWHERE),
    5: ("has been in use by another process for too long", "try again when the other process is done"),
    6: ("has been in use by another process for too long", "try again when the other process is done"),
    8: ("cannot be written: it is read-only", "make it writable, or set GRADCLI_HOME to another folder"),
    1544: (
        "cannot be written: its folder is read-only",
        "make it writable, or set GRADCLI_HOME to another folder",
    ),
    1032: ("was moved or deleted while it was in use", "run the command again"),
    776: ("must be restored after an interrupted write, but is read-only", "make it writable once"),
    10: ("cannot be read or written: the disk or a limit stopped it", ELSEWHERE),
    11: ("is damaged", "run the command again, or move the file away; gradcli begins a new one"),
    13: ("cannot be written: the disk is full", ELSEWHERE),
    14: ("cannot be opened, or its folder cannot be written", "check the permissions, or set GRADCLI_HOME"),
    18: ("cannot hold anything as large as this", "forget a part of the problem: fewer variables"),
    26: ("is damaged", "run the command again, or move the file away; gradcli begins a new one"),
}

#: What `schema.identify` found -> the sentence, and what to do.
STRANGERS = {
    "foreign": ("belongs to another program", "move it away, or set GRADCLI_HOME to another folder"),
    "newer": ("was written by a newer gradcli", "upgrade gradcli, or set GRADCLI_HOME to another folder"),
    "altered": ("is not laid out as gradcli left it", "move it away; gradcli begins a new one"),
}

DAMAGE = (11, 26)
BUSY = (5, 6)


def code(error: BaseException) -> int:
    """SQLite's result code, 0 where the error has none."""
    number = getattr(error, "sqlite_errorcode", 0)
    return number if isinstance(number, int) else 0


def is_damage(error: BaseException) -> bool:
    """True where SQLite says that the file's content is not a sound database."""
    return code(error) & 0xFF in DAMAGE


def is_busy(error: BaseException) -> bool:
    """True where another process holds the lock."""
    return code(error) & 0xFF in BUSY


def fault(error: BaseException, file: Path) -> SessionProblem:
    """What to tell the user about an error of SQLite or of the system."""
    number = code(error)
    known = FAULTS.get(number) or FAULTS.get(number & 0xFF)
    if known is None:
        reason = getattr(error, "strerror", None) or str(error)
        known = (f"cannot be used: {reason}", ELSEWHERE)
    sentence, hint = known
    return SessionProblem(f"{file} {sentence}", hint=hint)


def foreign_file(identity: str, file: Path) -> SessionProblem:
    """What to tell the user about a file that is not ours to use."""
    sentence, hint = STRANGERS[identity]
    return SessionProblem(f"{file} {sentence}; nothing was changed in it", hint=hint)
