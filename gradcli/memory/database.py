"""One SQLite file that remembers between commands, and the transactions in which it is read and written.

How it writes, measured on ext4 (a fresh process: open, one commit, close; medians of 40, in ms):

    journal   synchronous  write  read      journal   synchronous  write  read
    DELETE    FULL          2.40  0.43      PERSIST   FULL          2.04  0.50
    DELETE    EXTRA         2.57  0.44      WAL       NORMAL        2.73  0.73
    TRUNCATE  FULL          2.38  0.43      any       OFF         ≤ 0.98

WAL is for long-lived processes: a command that opens, commits and closes pays for two more files and a
checkpoint, and cannot read on read-only media. TRUNCATE with FULL commits once and for all, at a loss of
power too (DELETE needs EXTRA for that), and costs 2 ms; OFF is fast because it waits for no disk. A killed
process leaves a journal that the next one rolls back.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gradcli.language.errors import SessionProblem
from gradcli.memory.private_files import admitted, begin
from gradcli.memory.schema import FILE, create_tables, identify, uri

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from sqlite3 import Connection
    from types import TracebackType

#: Seconds to wait for other processes before giving up.
PATIENCE = 30.0

#: Seconds SQLite itself waits at a time. We wait in slices, because Ctrl-C is not heard inside one.
SLICE = 0.025


def _always() -> None:
    """Nothing stands against a commit."""


def open_store(home: str | Path, before_commit: Callable[[], None] = _always) -> Store:
    """The memory in folder *home*: opened at the first read, made at the first write.

    before_commit: looks, before anything is committed, whether it still shall be, and does not return otherwise.
    """
    return Store(home, before_commit)


class Store:
    """The file gradcli.db in a folder, opened when first needed.

    place: the folder, as text, empty where there is none; nothing is remembered then. notices: sentences about what
    happened to the file, for the user; the caller prints them. waiting: what `program_library.kept_together` has yet to write.
    beside: the constraints of the problem that is asked about: names that they use are used.
    """

    def __init__(self, home: str | Path, before_commit: Callable[[], None] = _always) -> None:
        self.place = os.fspath(home)
        self._file = os.path.join(self.place, FILE) if self.place else ""
        self._before_commit = before_commit
        self.notices: list[str] = []
        self.waiting: dict[str, str] | None = None
        self.beside: tuple[str, ...] = ()
        self._connection: Connection | None = None

    @property
    def home(self) -> Path:
        """The folder."""
        from pathlib import Path  # takes 6 ms, so what is on the way of every command does without

        return Path(self.place)

    @property
    def file(self) -> Path:
        """The file in it."""
        return self.home / FILE

    def exists(self) -> bool:
        """Whether there is anything to read. Raises SessionProblem where that cannot be seen."""
        with self._guarded(mend=False):
            return admitted(self._file)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file. The store may be used again afterwards."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    @contextmanager
    def reading(self, patience: float = PATIENCE, *, mend: bool = True) -> Iterator[Connection | None]:
        """One consistent view of the file; None where there is nothing to read yet.

        patience: seconds to wait for locks. mend: set a damaged file aside. Raises SessionProblem.
        """
        with self._guarded(mend):
            identity = self._begin("BEGIN", patience) if admitted(self._file) else "empty"
            try:
                yield self._connection if identity == "ours" else None
            finally:
                self._abandon()

    @contextmanager
    def writing(self, patience: float = PATIENCE, *, mend: bool = True) -> Iterator[Connection]:
        """One transaction: wholly done when the block ends, not begun where it raises.

        What was damaged before is set aside, with a notice. Raises SessionProblem.
        """
        with self._guarded(mend):
            connection = self._begun_for_writing(patience, mend)
            try:
                yield connection
                self._before_commit()
                self._patiently("COMMIT", patience)
            finally:
                self._abandon()

    def _begun_for_writing(self, patience: float, mend: bool) -> Connection:
        """A connection in a write transaction; what was damaged there before has been set aside."""
        import sqlite3

        if not self.place:
            raise SessionProblem("there is no folder to remember anything in", hint="set GRADCLI_HOME to one")
        os.makedirs(self.place, mode=0o700, exist_ok=True)
        if not admitted(self._file):
            begin(self._file)
        try:
            identity = self._begin("BEGIN IMMEDIATE", patience, create=True)
        except sqlite3.Error as error:
            from gradcli.memory.sqlite_errors import is_damage

            if not (mend and is_damage(error)):
                raise
            if problem := self._repaired():
                self.notices.append(problem.message)
            identity = self._begin("BEGIN IMMEDIATE", patience, create=True)
        connection = self._opened()
        if identity == "empty":
            create_tables(connection)
        return connection

    def _begin(self, how: str, patience: float, *, create: bool = False) -> str:
        """Begin a transaction and say what file this is: `ours` or `empty`; anything else is refused."""
        connection = self._opened(create)
        if create:
            self._patiently("PRAGMA synchronous = FULL", patience)
            self._patiently("PRAGMA journal_mode = TRUNCATE", patience)
        self._patiently(how, patience)
        # A plain BEGIN takes no lock yet: the first statement does.
        self._patiently("PRAGMA user_version", patience)
        identity = identify(connection)
        if identity not in ("ours", "empty"):
            from gradcli.memory.sqlite_errors import foreign_file

            self.close()
            raise foreign_file(identity, self.file)
        return identity

    def _opened(self, create: bool = False) -> Connection:
        """The connection; made now where there is none."""
        import sqlite3

        if self._connection is None:
            # In both modes SQLite is content to only read a file that it may not write.
            mode = "rwc" if create else "rw"
            address = uri(self._file, mode)
            self._connection = sqlite3.connect(address, timeout=SLICE, isolation_level=None, uri=True)
        return self._connection

    def _patiently(self, statement: str, patience: float) -> None:
        """Run a statement that may meet another process's lock."""
        import sqlite3
        from time import monotonic

        end = monotonic() + patience
        while True:
            try:
                self._opened().execute(statement).fetchall()
                return
            except sqlite3.OperationalError as error:
                from gradcli.memory.sqlite_errors import is_busy

                if not is_busy(error) or monotonic() > end:
                    raise

    def _abandon(self) -> None:
        """Roll back what was not committed."""
        import sqlite3

        if self._connection is not None and self._connection.in_transaction:
            try:
                self._connection.execute("ROLLBACK")
            except sqlite3.Error:
                # The disk fails here too. Closing frees the lock; the next reader rolls the journal back.
                self.close()

    @contextmanager
    def _guarded(self, mend: bool) -> Iterator[None]:
        """No error of SQLite or of the system leaves as it is."""
        import sqlite3

        try:
            yield
        except (sqlite3.Error, OSError) as error:
            from gradcli.memory.sqlite_errors import fault, is_damage

            self.close()
            if mend and is_damage(error):
                raise (self._repaired() or fault(error, self.file)) from error
            raise fault(error, self.file) from error

    def _repaired(self) -> SessionProblem | None:
        """Set the damaged file aside, and say so; None where another process has done it."""
        from gradcli.memory.damaged_file import set_aside_if_damaged

        self.close()
        if (aside := set_aside_if_damaged(self.home)) is None:
            return None
        sentence = f"{self.file} was damaged and has been set aside as {aside.name}"
        return SessionProblem(sentence, hint="begin again with the expression and its values")
