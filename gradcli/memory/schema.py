"""What is inside gradcli.db: its marks, its tables, and how to tell that a file is ours."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection

#: The file's name in its folder.
FILE = "gradcli.db"

#: "grad" in ASCII, in bytes 68 to 72 of the file: what SQLite calls its application id.
APPLICATION = 0x67726164

#: The version of the tables below, in bytes 60 to 64 of the file: what SQLite calls its user version.
VERSION = 1

#: One row per remembered state. AUTOINCREMENT: an id is never used twice, not even after an undo, so that
#: "the head is still 17" means that nothing happened in between. `ordinal` counts the states of a session and
#: `total` their bytes, both since its beginning: the bounds of a history are read off its two ends.
TABLES = {
    "states": "CREATE TABLE states (id INTEGER PRIMARY KEY AUTOINCREMENT, session TEXT NOT NULL,"
    " ordinal INTEGER NOT NULL, total INTEGER NOT NULL, state TEXT NOT NULL)",
    "programs": "CREATE TABLE programs (digest BLOB PRIMARY KEY NOT NULL, tag BLOB NOT NULL,"
    " used INTEGER NOT NULL, size INTEGER NOT NULL, text TEXT NOT NULL)",
}
#: What the name begins with under which is kept what an undo took back: see `undone_states`.
BESIDE = "\0undone "

INDEXES = (
    "CREATE INDEX states_by_session ON states (session, id)",
    "CREATE INDEX programs_by_use ON programs (used, size)",
)


def identify(connection: Connection) -> str:
    """Whose file this is: `empty` (nobody's yet), `ours`, `newer`, `foreign`, or `altered` (ours, edited)."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    # Triggers and views in an edited file would run whenever we write: the layout must be exactly ours.
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    layout = {
        name: sql for kind, name, sql in rows if kind != "index" and not str(name).startswith("sqlite_")
    }
    if application == 0 and version == 0 and not layout:
        return "empty"
    if application != APPLICATION:
        return "foreign"
    if version != VERSION:
        return "newer" if version > VERSION else "altered"
    return "ours" if layout == TABLES else "altered"


def create_tables(connection: Connection) -> None:
    """Make an empty file ours. The marks are part of the transaction, as the tables are."""
    for statement in (*TABLES.values(), *INDEXES):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


def forget_undone(connection: Connection, session: str) -> None:
    """Nothing that was undone in *session* can be done again."""
    connection.execute("DELETE FROM states WHERE session = ?", (BESIDE + session,))


def uri(file: str, mode: str) -> str:
    """SQLite's name for *file*, opened in a mode: `rw`, or `rwc` which makes it where there is none."""
    path = os.path.join(os.getcwd(), file)
    if os.name == "nt":
        path = "/" + path.replace("\\", "/")
    for mark, quoted in (("%", "%25"), ("?", "%3f"), ("#", "%23")):
        path = path.replace(mark, quoted)
    return f"file:{path}?mode={mode}"
